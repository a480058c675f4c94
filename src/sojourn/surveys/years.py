"""Years of a survey side by side: where a change of questions or codes breaks a series, the rows say so."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import pairwise

import polars as pl

from sojourn.sources.microdata.mapping import Break

YEAR = "year"


def break_column(frame: pl.DataFrame, breaks: Sequence[Break], concepts: Collection[str]) -> pl.DataFrame:
    """Add to the flags of each year the breaks since the year before it in the frame.

    Args:
        frame: estimates; without a column `year`, or with one year, nothing changes.
        breaks: those of the mapping.
        concepts: what the estimates are about; breaks of other concepts do not matter.

    >>> frame = pl.DataFrame({"year": [2007, 2011], "flag": ["", ""]})
    >>> break_column(frame, [Break(year=2008, what="new codes")], {"age"})["flag"].to_list()
    ['', 'break 2008: new codes']
    """
    if YEAR not in frame.columns:
        return frame
    years = frame[YEAR].drop_nulls().unique().sort().to_list()
    words = {last: _words(breaks, concepts, first, last) for first, last in pairwise(years)}
    told = pl.col(YEAR).replace_strict(words, default="", return_dtype=pl.String)
    return _joined(frame, told)


def change_flagged(
    frame: pl.DataFrame, breaks: Sequence[Break], concepts: Collection[str], first: int, last: int
) -> pl.DataFrame:
    """Add to the flags of a change the breaks between its two years."""
    return _joined(frame, pl.lit(_words(breaks, concepts, first, last)))


def _words(breaks: Sequence[Break], concepts: Collection[str], first: int, last: int) -> str:
    return "; ".join(
        f"break {one.year}: {one.what.rstrip('.')}"
        for one in breaks
        if first < one.year <= last and (not one.concept or one.concept in concepts)
    )


def _joined(frame: pl.DataFrame, told: pl.Expr) -> pl.DataFrame:
    both = pl.concat_str(
        pl.when(pl.col("flag") != "").then("flag"),
        pl.when(told != "").then(told),
        separator="; ",
        ignore_nulls=True,
    )
    return frame.with_columns(both.alias("flag"))
