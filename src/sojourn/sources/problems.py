"""The list of what a reader could not use: one row per cell or row, never a silent drop.

`action` is one of
    rejected   the row is left out of the typed table
    emptied    the cell became empty, the row stays
    kept       nothing changed; a person should know
"""

from __future__ import annotations

import polars as pl

SCHEMA = pl.Schema(
    {
        "file": pl.String,
        "sheet": pl.String,
        "row": pl.UInt32,
        "column": pl.String,
        "value": pl.String,
        "problem": pl.String,
        "accepted": pl.String,
        "action": pl.String,
    }
)

NO_PROBLEMS = pl.DataFrame(schema=SCHEMA)


def combine(*tables: pl.DataFrame) -> pl.DataFrame:
    """Stack problem lists in the order given; empty lists are allowed."""
    return pl.concat([NO_PROBLEMS, *(table.select(SCHEMA.names()) for table in tables)])


def rejected_rows(problems: pl.DataFrame) -> int:
    """Count the rows that were left out; a row with two faults counts once."""
    return problems.filter(action="rejected").select("file", "sheet", "row").n_unique()
