"""Benchmark: from a full-size price file to all averages of 10.c.1, against pandas with openpyxl.

It prints ratios between programs that ran one after another on the same machine; it passes or fails
nothing. The file has the rows of the official edition of 2025 Q3 (254,000 services, 508,000 quotes),
drawn from the simulated survey, so that neither a download nor a licence is needed.

    python bench/remittance_prices.py --json build/bench/figures.json
    python bench/report.py build/bench/figures.json        # writes docs/performance.md
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import price_files
from measure import Figure, Run, figure, run

HERE = Path(__file__).resolve().parent
FOLDER = HERE.parent / "build" / "bench"
PARQUET_GOAL = 1.0
"""Seconds in which all averages of 10.c.1 should come out of Parquet."""
WORKBOOK_GOAL = 5.0
"""How many times faster than openpyxl the workbook should be read."""
TOLERANCE = 1e-6
PACKAGES = ("polars", "numpy", "fastexcel", "pandas", "pyarrow", "openpyxl")


def main() -> None:
    options = _options()
    if not price_files.complete(options.folder):
        print("Making the files; this takes a minute, once.")
        # In a process of its own: see `measure.run` on the memory of parents.
        maker = [sys.executable, str(HERE / "price_files.py"), str(options.folder)]
        places = os.pathsep.join([str(HERE.parent / "src"), os.environ.get("PYTHONPATH", "")])
        subprocess.run(maker, check=True, env=os.environ | {"PYTHONPATH": places})
    runs = measure(options.folder, options.repeat, options.peer_repeat)
    figures = summary(runs)
    print_table(figures)
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(json.dumps(figures, indent=1) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the files are kept")
    parser.add_argument("--repeat", type=int, default=5, help="runs of everything but the pandas peer")
    parser.add_argument("--peer-repeat", type=int, default=1, help="runs of the pandas peer (minutes each)")
    parser.add_argument("--json", type=Path, help="write the figures to this file, for bench/report.py")
    return parser.parse_args()


def measure(folder: Path, repeat: int, peer_repeat: int) -> dict[str, list[Run]]:
    """Run the tasks in turn, not in blocks, so that a slow spell of the machine hits all alike."""
    tasks = HERE / "price_tasks.py"
    runs: dict[str, list[Run]] = {"scan": [], "parquet": [], "xlsx": [], "pandas": []}
    for _ in range(repeat):
        for task in ("scan", "parquet", "xlsx"):
            runs[task].append(run(tasks, task, str(folder)))
    for _ in range(peer_repeat):
        print("pandas with openpyxl is at work; this takes minutes.", file=sys.stderr)
        runs["pandas"].append(run(HERE / "peer_pandas.py", str(folder)))
    return runs


def summary(runs: dict[str, list[Run]]) -> dict[str, Any]:
    """Turn runs into figures, ratios and goals, ready for JSON."""
    measured = {
        "xlsx_read": figure(runs["xlsx"], "read"),
        "parquet_read": figure(runs["parquet"], "read"),
        "compute": figure(runs["parquet"], "compute"),
        "parquet_all": figure(runs["parquet"], "read", "compute"),
        "xlsx_all": figure(runs["xlsx"], "read", "compute"),
        "peer_open": figure(runs["pandas"], "open"),
        "peer_read": figure(runs["pandas"], "open", "clean"),
        "peer_compute": figure(runs["pandas"], "compute"),
        "peer_all": figure(runs["pandas"], "open", "clean", "compute"),
        "scan": figure(runs["scan"], "read"),
    }
    ours, peer = runs["parquet"][0], runs["pandas"][0]
    return {
        "machine": machine(),
        "figures": {name: one.as_json() for name, one in measured.items()},
        "ratios": ratios(measured),
        "start_seconds": figure_of_start(runs["parquet"]),
        "quotes": ours.result["quotes"],
        "observations": {"sojourn": ours.result["observations"], "pandas": peer.result["observations"]},
        "largest_difference": difference(ours, peer),
        "goals": goals(measured),
    }


def ratios(measured: dict[str, Figure]) -> dict[str, float]:
    """Say how many times longer a peer takes; for the bare scan, how many times longer sojourn takes."""

    def times(longer: str, shorter: str) -> float:
        return measured[longer].seconds / measured[shorter].seconds

    return {
        "xlsx_read": times("peer_read", "xlsx_read"),
        "compute": times("peer_compute", "compute"),
        "xlsx_all": times("peer_all", "xlsx_all"),
        "xlsx_memory": measured["peer_read"].peak_megabytes / measured["xlsx_read"].peak_megabytes,
        "parquet_read_to_scan": times("parquet_read", "scan"),
        "parquet_all_to_scan": times("parquet_all", "scan"),
    }


def goals(measured: dict[str, Figure]) -> list[dict[str, Any]]:
    """Hold the figures against the goals; opening alone is the peer, which favours openpyxl."""
    all_averages = measured["parquet_all"].seconds
    faster = measured["peer_open"].seconds / measured["xlsx_read"].seconds
    return [
        {
            "goal": f"all averages of 10.c.1 from Parquet in at most {PARQUET_GOAL:g} s",
            "measured": f"{all_averages:.2f} s",
            "met": all_averages <= PARQUET_GOAL,
        },
        {
            "goal": f"workbook to typed table at least {WORKBOOK_GOAL:g} times faster than pandas + openpyxl opens it",
            "measured": f"{faster:.1f} times",
            "met": faster >= WORKBOOK_GOAL,
        },
    ]


def difference(ours: Run, peer: Run) -> float:
    """Give the largest difference between the global averages of USD 200, in percentage points."""
    left, right = ours.result["world"], peer.result["world"]
    if left.keys() != right.keys():
        raise SystemExit(f"The programs disagree on the periods: {sorted(left.keys() ^ right.keys())}")
    largest = max(abs(left[period] - right[period]) for period in left)
    if largest > TOLERANCE:
        raise SystemExit(f"The programs disagree by {largest}: one of them computes something else.")
    return float(largest)


def figure_of_start(runs: list[Run]) -> float:
    """Give the seconds that interpreter start, imports and exit take: paid once, outside the figures."""
    return min(one.process_seconds - sum(one.seconds.values()) for one in runs)


def machine() -> dict[str, Any]:
    """Describe the machine without naming it."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "cores": os.cpu_count(),
        "memory_gigabytes": round(memory / 1e9),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
    }


ROWS = {
    "xlsx_read": "workbook to typed table, sojourn",
    "peer_open": "workbook opened, pandas + openpyxl",
    "peer_read": "workbook to clean table, pandas + openpyxl",
    "parquet_read": "Parquet to typed table, sojourn",
    "scan": "Parquet bare scan, Polars",
    "compute": "all averages of 10.c.1, sojourn (computing alone)",
    "peer_compute": "means and three cheapest, pandas (computing alone)",
    "parquet_all": "Parquet to all averages, sojourn",
    "xlsx_all": "workbook to all averages, sojourn",
    "peer_all": "workbook to means, pandas + openpyxl",
}
RATIOS = {
    "xlsx_read": "workbook to table: pandas + openpyxl takes {:.1f} times as long as sojourn",
    "compute": "computing: pandas takes {:.1f} times as long, without errors and indices",
    "xlsx_all": "workbook to averages: pandas + openpyxl takes {:.1f} times as long as sojourn",
    "xlsx_memory": "workbook to table: pandas + openpyxl needs {:.1f} times the memory of sojourn",
    "parquet_read_to_scan": "typed and checked table from Parquet: {:.1f} times the bare scan",
    "parquet_all_to_scan": "all averages from Parquet: {:.1f} times the bare scan",
}


def print_table(figures: dict[str, Any]) -> None:
    print(f"{'':52}{'seconds':>9}{'min-max':>16}{'peak MB':>9}{'runs':>6}")
    for name, label in ROWS.items():
        one = figures["figures"][name]
        spread = f"{one['least']:.2f}-{one['most']:.2f}" if one["runs"] > 1 else ""
        print(f"{label:52}{one['seconds']:9.2f}{spread:>16}{one['peak_megabytes']:9.0f}{one['runs']:6}")
    for name, text in RATIOS.items():
        print(text.format(figures["ratios"][name]))
    print(f"interpreter start and imports of sojourn, not counted above: {figures['start_seconds']:.2f} s")
    print(f"largest difference between the global averages: {figures['largest_difference']:.1e} points")
    for goal in figures["goals"]:
        print(f"{'met    ' if goal['met'] else 'not met'}  {goal['goal']}: {goal['measured']}")


if __name__ == "__main__":
    main()
