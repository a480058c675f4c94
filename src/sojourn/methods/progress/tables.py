"""From tables of observations and targets to assessments: the layer that knows names and days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from sojourn.methods.progress.estimates import Case, estimates
from sojourn.methods.progress.records import SCHEMA, Assessment, Target


def assess(
    series: pl.DataFrame, target: Target, *, as_of: date | None = None, level: float = 0.95
) -> Assessment:
    """Assess the progress of one series to its target.

    Args:
        series: one row per observation: `time` (decimal years, the middle of the period: 2015.5 is the year
            2015), `value` (null: not known, left out) and, where known, `se`.
        target: what is to be reached.
        as_of: day of the judgement, by default the end of the year of the latest observation; later
            observations are left out.
        level: probability of the intervals.

    Returns:
        The assessment; its state follows `states`.

    Raises:
        ValueError: a column is missing, or two observations share a time.
    """
    one = series.with_columns(pl.lit(0).alias("_series"))
    row = assess_each(one, ["_series"], {(0,): target}, as_of=as_of, level=level).drop("_series")
    return Assessment(**row.row(0, named=True)) if row.height else Assessment(_without(target), 0)


def assess_each(
    observations: pl.DataFrame,
    by: Sequence[str],
    targets: Mapping[tuple[object, ...], Target],
    *,
    as_of: date | None = None,
    level: float = 0.95,
) -> pl.DataFrame:
    """Assess many series at once.

    Args:
        observations: columns `by`, `time`, `value` and perhaps `se`, as for `assess`.
        by: columns that tell series apart.
        targets: values of `by` -> target.
        as_of, level: as for `assess`.

    Returns:
        One row per series with an observation, sorted by `by`, with the fields of `Assessment`.

    Raises:
        ValueError: a column is missing or holds no numbers, a value is infinite, a standard error negative, two
            observations of a series share a time, or a target is missing.
    """
    if missing := [name for name in (*by, "time", "value") if name not in observations.columns]:
        raise ValueError(f"observations lack the columns {missing}")
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1, not {level}")
    if "se" not in observations.columns:
        observations = observations.with_columns(pl.lit(None, pl.Float64).alias("se"))
    known = _usable(observations).sort(*by, "time")
    groups = known.group_by(by, maintain_order=True)
    cases = {key: Case.of(own, _target(targets, key), as_of) for key, own in groups}
    rows = {key: dict(zip(by, key, strict=True)) | case.outline() for key, case in cases.items()}
    fitted = [key for key, case in cases.items() if not case.state]
    for key, answer in zip(fitted, estimates([cases[key] for key in fitted], level), strict=True):
        rows[key] |= answer
    schema = {name: known.schema[name] for name in by} | SCHEMA
    return pl.DataFrame(list(rows.values()), schema=schema)


def _usable(observations: pl.DataFrame) -> pl.DataFrame:
    """Leave out what is not known; refuse what no observation can be."""
    named = ("time", "value", "se")
    if texts := [name for name in named if observations[name].dtype == pl.String]:
        raise ValueError(f"the columns {texts} hold no numbers")
    numbers = observations.with_columns(pl.col(named).cast(pl.Float64).fill_nan(None))
    for name, broken in (
        ("infinite", pl.any_horizontal(pl.col(named).is_infinite())),
        ("with a negative standard error", pl.col("se") < 0),
    ):
        count = numbers.filter(broken).height
        if count:
            raise ValueError(f"{count} observations are {name}")
    return numbers.drop_nulls(["time", "value"])


def _target(targets: Mapping[tuple[object, ...], Target], key: tuple[object, ...]) -> Target:
    if key not in targets:
        raise ValueError(f"no target is given for {key}")
    return targets[key]


def _without(target: Target) -> str:
    return "not measurable" if target.value is None else "no data"
