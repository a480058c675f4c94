"""Times estimates by domain from microdata: share, mean and median by nativity, sex and state, with 80 replicates.

    python bench/survey.py [--rows 3200000] [--copies 10] [--acs FOLDER] [--folder FOLDER] [--json FILE]

Every task runs in a process of its own, two times, the better counts. Cold: from zstd Parquet, within DuckDB's
memory limit. Cached: from the packed file, opened anew. Printed are seconds, peak memory, and the ratios to the
bare decode of the same columns by the engine in the same run and to the limits; R survey and svy run where they
are installed.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import multiprocessing
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from measure import Recorder, run
from survey_file import REPLICATES, write

BY = ["NATIVITY", "SEX", "ST"]
COLUMNS = [*BY, "AGEP", "SCHL", "WAGP"]
WEIGHTS = ["PWGTP", *(f"PWGTP{r + 1}" for r in range(REPLICATES))]
MEMORY = "400MB"
TASKS = {
    # task: columns it reads beside the weights, statistic, condition
    "share": (["SCHL", "AGEP"], "share(SCHL >= 21)", "AGEP >= 25"),
    "mean": (["WAGP"], "mean(WAGP)", "WAGP > 0"),
    "median": (["WAGP"], "median(WAGP)", "WAGP > 0"),
}
COLD_RATIO = {"share": 1.3, "mean": 1.5, "median": 2.0}
CACHED_SECONDS = {"share": 0.15, "mean": 0.15, "median": 0.6}
GIGABYTES = 0.5


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

    from sojourn.methods.survey.packed import Packed

    packed = Packed.open(path)
    if task == "share":
        return packed.cube(BY, {"ba": pl.col("SCHL") >= 21}, pl.col("AGEP") >= 25).share()
    if task == "mean":
        return packed.cube(BY, "WAGP", pl.col("WAGP") > 0, keep="sums").mean()
    return packed.cube(BY, "WAGP", pl.col("WAGP") > 0).quantile(0.5)


def peer_svy(path: Path, task: str) -> Any:
    """The peer svy, with the right estimator; loading is part of the work."""
    import polars as pl
    import svy

    frame = pl.read_parquet(path)
    weights = svy.RepWeights(method="SDR", prefix="PWGTP", n_reps=REPLICATES, df=REPLICATES - 1)
    sample = svy.Sample(frame, svy.Design(wgt="PWGTP", rep_wgts=weights))
    options = {"by": BY, "method": "replication", "variance_center": "estimate"}
    if task == "share":
        return sample.estimation.prop("SCHL", **options)
    return getattr(sample.estimation, task)("WAGP", **options)


def one(kind: str, path: Path, task: str) -> None:
    """Run one task in this process, imports apart, and print what it took."""
    recorder = Recorder()
    work: dict[str, Callable[[Path, str], Any]] = {"decode": decode, "cold": cold, "cached": cached}
    work["svy"] = peer_svy
    _warm(kind)
    with recorder.stage("work"):
        work[kind](path, task)
    recorder.finish()


def _warm(kind: str) -> None:
    """Load libraries before the clock starts, on a table of one row."""
    import polars as pl

    if kind in ("cold", "cached"):
        from sojourn.methods.survey import Design, estimate

        estimate(pl.DataFrame({"w": [1], "y": [1]}), Design.weights_only("w"), "mean(y)")
        if kind == "cached":
            _load_kernels()


def _load_kernels() -> None:
    """Load the compiled kernels from disk, as an import is."""
    import numpy as np

    from sojourn.methods.survey.kernels import Groups, add_rows

    weights = np.ones((1, 2), np.int16)
    weights.flags.writeable = False
    codes, sums = np.zeros(1, np.int32), np.zeros((1, 2), np.int64)
    groups = Groups(np.zeros((1, 2), np.int64), sums, sums.copy())
    add_rows(codes, weights, groups)
    add_rows(codes, weights, groups, np.ones(1, np.int64))


def best(kind: str, path: Path, task: str) -> tuple[float, float]:
    runs = [run(Path(__file__), "--one", kind, "--file", str(path), "--task", task) for _ in range(2)]
    return min(r.seconds["work"] for r in runs), min(r.peak["work"] for r in runs) / 1000


def measured(folder: Path, rows: int, copies: int, acs: Path | None) -> dict[str, Any]:
    path, packed = folder / "persons.parquet", folder / "persons.arrow"
    start = time.perf_counter()
    what = _apart(write, path, rows, acs)
    results: dict[str, Any] = {"rows": rows, "what": what, "generate": time.perf_counter() - start}
    print(
        f"{rows:,} persons ({what}) x {1 + REPLICATES} weights, {path.stat().st_size / 1e6:.0f} MB of Parquet"
    )
    start = time.perf_counter()
    _apart(_pack, path, packed)
    results["pack"] = time.perf_counter() - start
    print(f"written in {results['generate']:.1f} s, packed in {results['pack']:.1f} s")
    print(
        f"{'':8}{'decode s':>9}{'cold s':>8}{'ratio':>7}{'limit':>7}{'GB':>6}{'cached s':>10}{'limit':>7}{'GB':>6}"
    )
    for task in TASKS:
        floor, _ = best("decode", path, task)
        seconds, gigabytes = best("cold", path, task)
        quick, mapped = best("cached", packed, task)
        results[task] = {
            "decode": floor, "cold": seconds, "cold_ratio": seconds / floor, "cold_gigabytes": gigabytes,
            "cached": quick, "cached_ratio_to_limit": quick / CACHED_SECONDS[task], "cached_gigabytes": mapped,
        }  # fmt: skip
        print(
            f"{task:8}{floor:9.2f}{seconds:8.2f}{seconds / floor:7.2f}{COLD_RATIO[task]:7.2f}{gigabytes:6.2f}"
            f"{quick:10.3f}{CACHED_SECONDS[task]:7.2f}{mapped:6.2f}"
        )
    results["peers"] = _peers(path)
    if copies > 1:
        results["large"] = _large(folder, path, copies)
    return results


def _apart(work: Callable[..., Any], *arguments: Any) -> Any:
    """Work in a process of its own: a child's peak memory begins at that of the process it came from."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def _pack(path: Path, packed: Path) -> None:
    from sojourn.methods.survey import Design, Engine
    from sojourn.methods.survey.packed import pack

    pack(path, Design.sdr("PWGTP", f"PWGTP1..{REPLICATES}"), COLUMNS, packed, engine=Engine(memory="1GB"))


def _peers(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if importlib.util.find_spec("svy") is None:
        print("svy is not installed: not compared")
    else:
        found["svy"] = {task: best("svy", path, task) for task in TASKS}
        print(f"svy: {found['svy']}")
    if shutil.which("Rscript") is None:
        print("R is not installed: R survey not compared (elsewhere, same size: 128, 100, 110 s, 9.9 GB)")
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
    parser.add_argument("--json", type=Path)
    parser.add_argument("--one", choices=["decode", "cold", "cached", "svy"], help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--task", choices=list(TASKS), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        one(arguments.one, arguments.file, arguments.task)
        return
    with tempfile.TemporaryDirectory(prefix="survey-", dir=arguments.folder) as folder:
        results = measured(Path(folder), arguments.rows, arguments.copies, arguments.acs)
    if arguments.json:
        arguments.json.parent.mkdir(parents=True, exist_ok=True)
        arguments.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
