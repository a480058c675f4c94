"""A target, and what is said about the progress to it."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import polars as pl

BASELINE = 2015
"""The year from which progress to the goals of 2030 is counted."""


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be reached: a value (None: none is stated), by the end of a year, from below or above.

    `baseline_year` is the first year that counts; None: the first observation there is.
    """

    value: float | None
    year: int = 2030
    better: str = "lower"
    baseline_year: int | None = BASELINE

    def __post_init__(self) -> None:
        if self.better not in ("lower", "higher"):
            raise ValueError(f"better must be 'lower' or 'higher', not {self.better!r}")
        if self.value is not None and not isfinite(self.value):
            raise ValueError(f"a target is a finite number, or None where none is stated, not {self.value}")


@dataclass(frozen=True, slots=True)
class Assessment:
    """Progress of one series; None where not known. Paces are in units per year, at the latest level."""

    state: str
    points: int
    baseline_time: float | None = None
    baseline: float | None = None
    latest_time: float | None = None
    latest: float | None = None
    level: float | None = None
    level_lower: float | None = None
    level_upper: float | None = None
    distance: float | None = None
    required_pace: float | None = None
    observed_pace: float | None = None
    pace_lower: float | None = None
    pace_upper: float | None = None
    projection: float | None = None
    projection_lower: float | None = None
    projection_upper: float | None = None
    meets_now: float | None = None
    probability: float | None = None
    right_way: float | None = None
    two_point_pace: float | None = None
    two_point_required: float | None = None
    two_point_ratio: float | None = None
    model: str | None = None
    known_errors: int = 0


COLUMNS = Assessment.__dataclass_fields__
_TEXTS, _COUNTS = ("state", "model"), ("points", "known_errors")
SCHEMA = {
    name: pl.String() if name in _TEXTS else pl.Int64() if name in _COUNTS else pl.Float64()
    for name in COLUMNS
}
