"""Measures work in fresh processes: seconds and peak memory of each stage.

A program under measurement wraps its stages in a `Recorder`; `run` starts it and reads what it recorded.
Interpreter start and imports are outside the stages and told apart, because they are paid once.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


class Recorder:
    """Takes the time and the peak memory of the stages of one process, and prints them at the end."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.peak: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - start
        self.peak[name] = peak_megabytes()

    def finish(self, **result: Any) -> None:
        """Print one line of JSON, which `run` reads: the stages, and results to be compared."""
        print(json.dumps({"seconds": self.seconds, "peak": self.peak, "result": result}))


def peak_megabytes() -> float:
    """Give the largest resident memory that this process ever had, in MB (10^6 bytes)."""
    unit = 1 if sys.platform == "darwin" else 1024  # Linux counts in KiB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


@dataclass(frozen=True, slots=True)
class Run:
    """One process: seconds by stage, peak memory at the end of each stage, all seconds, results."""

    seconds: dict[str, float]
    peak: dict[str, float]
    process_seconds: float
    result: dict[str, Any] = field(default_factory=dict)


def run(script: Path, *arguments: str, python: str | None = None) -> Run:
    """Run a script that finishes with `Recorder.finish`.

    On Linux a child starts with the peak memory of its parent, so the caller must stay small: it imports
    neither Polars nor pandas.
    """
    package = script.resolve().parents[1] / "src"
    places = os.pathsep.join([str(package), os.environ.get("PYTHONPATH", "")])
    start = time.perf_counter()
    answer = subprocess.run(
        [python or sys.executable, str(script), *arguments],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": places},
    )
    seconds = time.perf_counter() - start
    return Run(process_seconds=seconds, **json.loads(answer.stdout.splitlines()[-1]))


@dataclass(frozen=True, slots=True)
class Figure:
    """What several runs gave: the median seconds, the range, the largest peak memory in MB."""

    seconds: float
    least: float
    most: float
    peak_megabytes: float
    runs: int

    def as_json(self) -> dict[str, float]:
        return asdict(self)


def figure(runs: list[Run], *stages: str) -> Figure:
    """Sum the named stages of each run; the peak is that at the end of the last of them."""
    seconds = [sum(one.seconds[stage] for stage in stages) for one in runs]
    peak = max(one.peak[stages[-1]] for one in runs)
    return Figure(statistics.median(seconds), min(seconds), max(seconds), peak, len(runs))
