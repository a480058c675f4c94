"""What can be said of each number: known with its error, known without, withheld, missing, or undecided.

Each looks different in every chart and has its own words; none is ever drawn as zero.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from sojourn import observations
from sojourn.errors import UsageError
from sojourn.present.charts.about import About
from sojourn.present.charts.numbers import digits_for, interval, number
from sojourn.present.charts.words import word

KNOWN = "known"
ERROR_UNKNOWN = "error_unknown"
SUPPRESSED = "suppressed"
MISSING = "missing"
CANNOT_TELL = "cannot_tell"
NO_ROW = "no_row"
PROVISIONAL = "provisional"

WITH_VALUE = (KNOWN, ERROR_UNKNOWN)
WITHOUT_VALUE = (SUPPRESSED, MISSING, CANNOT_TELL)

NEEDED = ("period", "value", "lower", "upper", "level", "status")


def stated(rows: pl.DataFrame, *names: str) -> pl.DataFrame:
    """Check the columns of a chart's rows and add `state`.

    Args:
        rows: observations, with names joined; an optional boolean `cannot_tell` marks rows whose number
            exists but decides nothing.
        names: text columns that this chart needs beside those of the observation.

    Returns:
        The rows with `state`, and numbers that are not finite turned into missing ones.

    Raises:
        UsageError: a column is absent.
    """
    if absent := [name for name in (*NEEDED, *names) if name not in rows.columns]:
        raise UsageError(
            f"The rows of a chart lack the columns {', '.join(absent)}",
            accepted="the columns of an observation, and names of areas as area_name, counterpart_name",
        )
    numeric = pl.col("value", "lower", "upper", "level").cast(pl.Float64)
    clean = rows.with_columns(numeric).with_columns(
        pl.when(pl.col(name).is_finite()).then(pl.col(name)).alias(name)
        for name in ("value", "lower", "upper")
    )
    undecided = pl.col("cannot_tell").fill_null(False) if "cannot_tell" in rows.columns else pl.lit(False)
    state = (
        pl.when(pl.col("status") == observations.SUPPRESSED)
        .then(pl.lit(SUPPRESSED))
        .when(undecided)
        .then(pl.lit(CANNOT_TELL))
        .when(pl.col("value").is_null())
        .then(pl.lit(MISSING))
        .when(pl.col("lower").is_null() | pl.col("upper").is_null())
        .then(pl.lit(ERROR_UNKNOWN))
        .otherwise(pl.lit(KNOWN))
    )
    return clean.with_columns(state.alias("state"))


def decimals_of(rows: pl.DataFrame, about: About) -> int:
    """Digits after the point for all numbers of one chart."""
    return digits_for(rows["value"].drop_nulls().to_list()) if about.decimals is None else about.decimals


def with_text(rows: pl.DataFrame, language: str, decimals: int) -> pl.DataFrame:
    """Add `value_text`, `interval_text` and `remark_text`: what a reader is told of each row."""
    values, intervals, remarks = [], [], []
    for row in rows.iter_rows(named=True):
        has_value = row["value"] is not None and row["state"] not in (SUPPRESSED, MISSING)
        values.append(number(row["value"], language, decimals) if has_value else word(row["state"], language))
        known = has_value and row["lower"] is not None and row["upper"] is not None
        intervals.append(interval(row["lower"], row["upper"], language, decimals) if known else "")
        remarks.append(_remark(row["state"], str(row["status"]), known and row["level"] is None, language))
    return rows.with_columns(
        pl.Series("value_text", values, dtype=pl.String),
        pl.Series("interval_text", intervals, dtype=pl.String),
        pl.Series("remark_text", remarks, dtype=pl.String),
    )


def _remark(state: str, status: str, is_range: bool, language: str) -> str:
    said = [word(state, language)] if state in (ERROR_UNKNOWN, CANNOT_TELL) else []
    said += [word("break", language)] if status == "B" else []
    said += [word(PROVISIONAL, language)] if status == "P" else []
    said += [word("range", language)] if is_range else []
    return " · ".join(said)


def present(rows: pl.DataFrame, order: Sequence[str]) -> list[str]:
    """Name the states that occur, in a given order: what the key has to explain."""
    found = set(rows["state"].to_list())
    return [state for state in order if state in found]


def counts(rows: pl.DataFrame, language: str) -> str:
    """How many numbers are shown, withheld and missing, as a sentence for those who do not see."""
    found = rows["state"].to_list()
    return word(
        "alt_counts",
        language,
        shown=str(sum(state in (*WITH_VALUE, CANNOT_TELL) for state in found)),
        suppressed=str(found.count(SUPPRESSED)),
        missing=str(found.count(MISSING)),
    )
