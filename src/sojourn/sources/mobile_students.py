"""The typed table of internationally mobile students, kind `mobile_students`, whichever office counted them.

    measure       INBOUND      students hosted from abroad
                  OUTBOUND     students from the area who study abroad
                  NET          inbound less outbound
                  ENROLMENT    all tertiary students at home, ISCED 5 to 8
                  INBOUND_RATE, OUTBOUND_RATIO, NET_RATIO   per 100 of the enrolment, as published
                  PAIR         students in `area` from `counterpart`
                  PAIR_AND_LEVELS   the same from a copy that adds the total and its levels: most count twice
    area          who hosts; of OUTBOUND and OUTBOUND_RATIO, where the students are from
    counterpart   origin of a pair, else empty
    period        year in which the school year ends
    value         persons (fractions where the publisher converts part-time counts), or per cent
    estimated     true where the publisher says that the figure is an estimate
    row           row number in the file

Internationally mobile students crossed a border to study; origin is where they finished upper secondary school,
or, where a country cannot tell, their residence or citizenship. Zero is a published zero.
"""

from __future__ import annotations

import polars as pl

from sojourn.sources import problems
from sojourn.sources.model import RawSheet, Reading
from sojourn.sources.parsing import ROW, list_problem, number

SCHEMA = pl.Schema(
    {
        "measure": pl.String,
        "area": pl.String,
        "counterpart": pl.String,
        "period": pl.String,
        "value": pl.Float64,
        "estimated": pl.Boolean,
        ROW: pl.UInt32,
    }
)

SIGNED = ("NET", "NET_RATIO")
"""Measures that may be negative."""

_DEFAULTS = {"counterpart": pl.lit(""), "estimated": pl.lit(False)}


def count(values: pl.Series) -> pl.Series:
    """Read a number of students: nobody hosts less than none."""
    numbers = number(values)
    return numbers.set(numbers < 0, None)


def students_reading(
    sheet: RawSheet,
    table: pl.DataFrame,
    found: pl.DataFrame,
    *,
    notes: tuple[str, ...] = (),
    set_aside: int = 0,
) -> Reading:
    """Complete a table of mobile students: defaults, no negative counts, each figure once.

    Args:
        sheet: the sheet it came from.
        table: at least measure, area, period, value and row.
        found: problems listed so far.
        notes: remarks for the release's log.
        set_aside: rows of the file that are no longer in `sheet`.

    Returns:
        The reading; a row without a figure counts as empty.
    """
    table = table.with_columns(
        default.alias(name) for name, default in _DEFAULTS.items() if name not in table.columns
    ).select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())
    valued = table.filter(pl.col("value").is_not_null())
    negative = (pl.col("value") < 0) & ~pl.col("measure").is_in(SIGNED)
    again = ~pl.struct("measure", "area", "counterpart", "period").is_first_distinct()
    below, rest = valued.filter(negative), valued.filter(~negative)
    kept = rest.filter(~again)
    listed = [
        _rejected(sheet, below, "is negative", "0 or more"),
        _rejected(sheet, rest.filter(again), "repeats a figure", "one row per figure"),
    ]
    last = str(kept["period"].max() or "empty")
    return Reading(
        table=kept,
        edition=f"to-{last}",
        rows=sheet.frame.height + set_aside,
        problems=problems.combine(found, *listed),
        notes=notes,
        empty_rows=set_aside + table.height - valued.height,
    )


def _rejected(sheet: RawSheet, rows: pl.DataFrame, problem: str, accepted: str) -> pl.DataFrame:
    return list_problem(
        sheet, rows[ROW], "value", rows["value"], problem=problem, accepted=accepted, action="rejected"
    )
