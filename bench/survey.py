"""Times estimates by domain from microdata: share, mean and median by nativity, sex and state, with 80 replicates.

    python bench/survey.py [--rows 3200000] [--copies 10] [--acs FOLDER] [--folder FOLDER] [--json FILE]

Every task runs in a process of its own, three times, the best counts. Cold: from zstd Parquet, within DuckDB's
memory limit. Cached: from the packed file, opened anew. Printed are seconds, peak memory, and the ratios to the
bare decode of the same columns by the engine in the same run and to the limits; R survey and svy run where they
are installed and asked for (--R, --svy PYTHON).
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from measure import Recorder, Run, run

REPLICATES = 80

BY = ["NATIVITY", "SEX", "ST"]
COLUMNS = [*BY, "AGEP", "SCHL", "WAGP"]
WEIGHTS = ["PWGTP", *(f"PWGTP{r + 1}" for r in range(REPLICATES))]
MEMORY = "300MB"
TASKS = {
    # task: columns it reads beside the weights, statistic, condition
    "share": (["SCHL", "AGEP"], "share(SCHL >= 21)", "AGEP >= 25"),
    "mean": (["WAGP"], "mean(WAGP)", "WAGP > 0"),
    "median": (["WAGP"], "median(WAGP)", "WAGP > 0"),
}
COLD_RATIO = {"share": 1.3, "mean": 1.5, "median": 2.0}
CACHED_SECONDS = {"share": 0.15, "mean": 0.15, "median": 0.6}
GIGABYTES = 0.5
RUNS = 3


def decode(path: Path, task: str) -> None:
    """The floor: what the engine needs to decode the columns of a task and add each of them up."""
    import duckdb

    sums = ", ".join(f"sum({name})" for name in [*WEIGHTS, *BY, *TASKS[task][0]])
    connection = duckdb.connect(config={"memory_limit": MEMORY})
    connection.sql(f"select {sums} from '{path}'").fetchall()


def cold(path: Path, task: str) -> Any:
    from sojourn.methods.survey import Design, Engine, estimate

    _, statistic, where = TASKS[task]
    design = Design.sdr("PWGTP", f"PWGTP1..{REPLICATES}")
    return estimate(path, design, statistic, by=BY, where=where, engine=Engine(memory=MEMORY))


def cached(path: Path, task: str) -> Any:
    import polars as pl

    from sojourn.methods.survey import Refined
    from sojourn.methods.survey.packed import Packed

    packed = Packed.open(path)
    if task == "share":
        return packed.cube(BY, {"ba": pl.col("SCHL") >= 21}, pl.col("AGEP") >= 25).share()
    if task == "mean":
        return packed.cube(BY, "WAGP", pl.col("WAGP") > 0, keep="sums").mean()
    return packed.cube(BY, "WAGP", pl.col("WAGP") > 0, keep=Refined((0.5,))).quantile(0.5)


def one(kind: str, path: Path, task: str) -> None:
    """Run one task in this process, imports apart, and print what it took."""
    recorder = Recorder()
    work: dict[str, Callable[[Path, str], Any]] = {"decode": decode, "cold": cold, "cached": cached}
    work |= {"pack": _pack, "binary": _binary}
    with recorder.stage("load"):
        _warm(kind, path)
    with recorder.stage("work"):
        found = work[kind](path, task)
    if kind in ("cold", "cached"):
        found = found.sort(BY)
        own = anonymous_gigabytes()
        recorder.finish(estimate=found["estimate"].to_list(), se=found["se"].to_list(), anonymous=own)
    else:
        recorder.finish(what=found)


def _warm(kind: str, path: Path) -> None:
    """Load libraries and compiled kernels before the clock starts, on one row; its seconds are told as "load"."""
    if kind == "cold":
        import polars as pl

        from sojourn.methods.survey import Design, estimate

        estimate(pl.DataFrame({"w": [1], "y": [1]}), Design.weights_only("w"), "mean(y)")
    elif kind == "cached":
        for task in TASKS:
            cached(path.with_suffix(".one.arrow"), task)


def anonymous_gigabytes() -> float | None:
    """Give the memory of this process that is its own, without mapped files (which the system may drop)."""
    rollup = Path("/proc/self/smaps_rollup")
    if not rollup.exists():
        return None
    lines = [line.split() for line in rollup.read_text(encoding="ascii").splitlines()]
    return next(int(line[1]) * 1024 / 1e9 for line in lines if line[0] == "Anonymous:")


def best(runs: list[Run]) -> tuple[float, float]:
    return min(r.seconds["work"] for r in runs), min(r.peak["work"] for r in runs) / 1000


def child(kind: str, path: Path, task: str) -> Run:
    return run(Path(__file__), "--one", kind, "--file", str(path), "--task", task)


def measured(
    folder: Path, rows: int, copies: int, acs: Path | None, svy: str | None, rscript: bool
) -> dict[str, Any]:
    """Measure every task. Files are made in processes of their own: a child inherits its parent's peak memory."""
    path, packed = folder / "persons.parquet", folder / "persons.arrow"
    made = run(
        Path(__file__), "--one", "write", "--file", str(path), "--rows", str(rows), "--acs", str(acs or "")
    )
    what = made.result["what"]
    size = path.stat().st_size / 1e6
    print(f"{rows:,} persons ({what}) x {1 + REPLICATES} weights, {size:.0f} MB of Parquet")
    packing = child("pack", path, "share")
    results: dict[str, Any] = {"rows": rows, "what": what, "generate": made.seconds["work"]}
    results |= {"pack": packing.seconds["work"], "load": os.getloadavg()[0], "cores": os.cpu_count()}
    print(f"written in {results['generate']:.1f} s, packed in {results['pack']:.1f} s")
    print(f"load of the machine by others and us: {results['load']:.1f} on {results['cores']} cores")
    print(
        f"{'':8}{'decode s':>9}{'cold s':>8}{'ratio':>7}{'limit':>7}{'GB':>6}{'cached s':>10}{'limit':>7}{'GB':>6}"
    )
    for task in TASKS:
        results[task] = one_task(path, packed, task, svy)
        results["load"] = max(results["load"], os.getloadavg()[0])
    results["peers"] = {"R": _r_survey(folder, path, rows)} if rscript else {}
    if copies > 1:
        results["large"] = _large(folder, path, copies)
    return results


def one_task(path: Path, packed: Path, task: str, svy: str | None) -> dict[str, Any]:
    """Run a task three times, programs in turn, so that the noise of a shared machine meets all of them."""
    kinds: dict[str, list[Run]] = {"decode": [], "cold": [], "cached": [], "svy": []}
    for _ in range(RUNS):
        for kind, file in (("decode", path), ("cold", path), ("cached", packed)):
            kinds[kind].append(child(kind, file, task))
        if svy:
            kinds["svy"].append(run(Path(__file__).with_name("peer_svy.py"), str(path), task, python=svy))
    (floor, _), (seconds, gigabytes), (quick, mapped) = (best(kinds[k]) for k in ("decode", "cold", "cached"))
    found = {
        "decode": floor, "cold": seconds, "cold_ratio": seconds / floor, "cold_gigabytes": gigabytes,
        "load": min(r.seconds["load"] for r in kinds["cached"]),
        "cached_anonymous": min((r.result["anonymous"] or mapped) for r in kinds["cached"]),
        "cached": quick, "cached_ratio_to_limit": quick / CACHED_SECONDS[task], "cached_gigabytes": mapped,
    }  # fmt: skip
    print(
        f"{task:8}{floor:9.2f}{seconds:8.2f}{seconds / floor:7.2f}{COLD_RATIO[task]:7.2f}{gigabytes:6.2f}"
        f"{quick:10.3f}{CACHED_SECONDS[task]:7.2f}{mapped:6.2f}",
        flush=True,
    )
    if svy:
        peer, peak = best(kinds["svy"])
        ours, theirs = kinds["cold"][0].result, kinds["svy"][0].result
        off = max(
            abs(a - b) / max(abs(b), 1e-300)
            for key in ("estimate", "se")
            for a, b in zip(ours[key], theirs[key], strict=True)
        )
        found |= {"svy": peer, "svy_gigabytes": peak, "svy_difference": off}
        print(
            f"{'':8}svy {peer:.2f} s, {peak:.2f} GB: {peer / seconds:.1f} times cold, {peer / quick:.0f} times "
            f"cached; largest relative difference {off:.0e}",
            flush=True,
        )
    return found


def _pack(path: Path, task: str) -> None:
    import polars as pl

    from sojourn.methods.survey import Design, Engine
    from sojourn.methods.survey.packed import pack

    design = Design.sdr("PWGTP", f"PWGTP1..{REPLICATES}")
    pack(path, design, COLUMNS, path.with_suffix(".arrow"), engine=Engine(memory="1GB"))
    one = pl.scan_parquet(path).filter(pl.col("WAGP") > 0, pl.col("AGEP") >= 25).head(1).collect()
    pack(one, design, COLUMNS, path.with_suffix(".one.arrow"))  # to load libraries with


def _binary(path: Path, task: str) -> None:
    """Write the columns one after another as 32-bit integers, which R reads."""
    import numpy as np
    import polars as pl

    least = np.iinfo(np.int32).min  # R's missing integer
    with path.with_suffix(".bin").open("wb") as file:
        for name in [*COLUMNS, *WEIGHTS]:
            column = pl.read_parquet(path, columns=[name])[name]
            file.write(column.cast(pl.Int32).fill_null(int(least)).to_numpy().tobytes())


def _r_survey(folder: Path, path: Path, rows: int) -> dict[str, Any]:
    """R survey on the same rows; seconds of a task are those of reading, design and task, as one would run it."""
    if shutil.which("Rscript") is None:
        print("R is not installed: R survey not compared")
        return {}
    child("binary", path, "share")
    script = Path(__file__).with_name("peer_survey.R")
    answer = subprocess.run(
        ["Rscript", str(script), str(path.with_suffix(".bin")), str(rows)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    lines = [line.split() for line in answer.stdout.splitlines()]
    seconds = {line[0]: float(line[1]) for line in lines}
    found = {task: seconds["design"] + seconds[task] for task in TASKS} | {"gigabytes": seconds["peak"]}
    print(f"R survey: {found}")
    return found


def _large(folder: Path, path: Path, copies: int) -> dict[str, Any]:
    """The same file many times over, for memory out of core."""
    many = folder / "many"
    many.mkdir()
    for copy in range(copies):
        (many / f"{copy:02}.parquet").symlink_to(path)
    found = {}
    for task in TASKS:
        once = run(Path(__file__), "--one", "cold", "--file", str(many), "--task", task)
        found[task] = {"seconds": once.seconds["work"], "gigabytes": once.peak["work"] / 1000}
        print(
            f"{task:8} of {copies} files: {found[task]['seconds']:.1f} s, "
            f"{found[task]['gigabytes']:.2f} GB (limit {GIGABYTES})"
        )
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=3_200_000)
    parser.add_argument("--copies", type=int, default=10)
    parser.add_argument("--acs", type=Path, help="folder of the ACS 2024 state files (p_*.parquet)")
    parser.add_argument("--folder", type=Path, help="where the file is written; a temporary folder otherwise")
    parser.add_argument("--svy", help="a Python that has svy, to compare with it")
    parser.add_argument(
        "--R", action="store_true", help="compare with R survey (minutes, 10 GB at full size)"
    )
    parser.add_argument("--json", type=Path)
    parser.add_argument(
        "--one", choices=["decode", "cold", "cached", "pack", "binary", "write"], help=argparse.SUPPRESS
    )
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--task", choices=list(TASKS), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one == "write":
        recorder = Recorder()
        with recorder.stage("work"):
            from survey_file import write

            what = write(arguments.file, arguments.rows, arguments.acs if str(arguments.acs) != "." else None)
        recorder.finish(what=what)
        return
    if arguments.one:
        one(arguments.one, arguments.file, arguments.task)
        return
    with tempfile.TemporaryDirectory(prefix="survey-", dir=arguments.folder) as folder:
        results = measured(
            Path(folder), arguments.rows, arguments.copies, arguments.acs, arguments.svy, arguments.R
        )
    if arguments.json:
        arguments.json.parent.mkdir(parents=True, exist_ok=True)
        arguments.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
