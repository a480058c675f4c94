"""The typed table of figures that somebody else published, kind `published_values`.

Numbers that we also compute are read all the same: they stand beside ours in the release, and where the
two differ the release says so.

    series, area, counterpart, period, sex, age, breakdown, value, unit, nature   as in the observation table
    note   where exactly the figure stands, for figures taken from a text
    row    row number in the file
"""

from __future__ import annotations

import polars as pl

from sojourn.sources import problems
from sojourn.sources.model import RawSheet, Reading
from sojourn.sources.parsing import ROW, list_problem

SCHEMA = pl.Schema(
    {
        "series": pl.String,
        "area": pl.String,
        "counterpart": pl.String,
        "period": pl.String,
        "sex": pl.String,
        "age": pl.String,
        "breakdown": pl.String,
        "value": pl.Float64,
        "unit": pl.String,
        "nature": pl.String,
        "note": pl.String,
        ROW: pl.UInt32,
    }
)

_DEFAULTS = {"counterpart": "", "sex": "_T", "age": "_T", "breakdown": "", "nature": "G", "note": ""}


def published_reading(
    sheet: RawSheet,
    table: pl.DataFrame,
    found: pl.DataFrame,
    edition: str,
    notes: tuple[str, ...] = (),
    *,
    set_aside: int = 0,
) -> Reading:
    """Complete a table of published values: defaults, no empty values, each figure once.

    Args:
        sheet: the sheet it came from.
        table: at least series, area, period, value, unit and row.
        found: problems listed so far.
        edition: what tells this vintage from another.
        notes: remarks for the release's log.
        set_aside: rows of the file that are no longer in `sheet`: foot notes, totals, series not used.

    Returns:
        The reading; rows without any figure count as empty.
    """
    table = table.with_columns(
        pl.lit(default).alias(name) for name, default in _DEFAULTS.items() if name not in table.columns
    )
    valued = table.filter(pl.col("value").is_not_null())
    without_figure = table[ROW].n_unique() - valued[ROW].n_unique()
    table = valued.select(pl.col(name).cast(dtype) for name, dtype in SCHEMA.items())
    key = ["series", "area", "counterpart", "period", "sex", "age", "breakdown"]
    repeated = table.filter(~pl.struct(key).is_first_distinct())
    listed = list_problem(
        sheet,
        repeated[ROW],
        "value",
        repeated["value"],
        problem="repeats a figure",
        accepted="one row per figure",
        action="rejected",
    )
    return Reading(
        table=table.filter(pl.struct(key).is_first_distinct()),
        edition=edition,
        rows=sheet.frame.height + set_aside,
        problems=problems.combine(found, listed),
        notes=notes,
        empty_rows=set_aside + without_figure,
    )
