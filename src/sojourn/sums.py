"""Sums of floating-point numbers that come out the same, bit for bit, on any number of threads."""

from __future__ import annotations

import polars as pl


def ordered_sum(column: str) -> pl.Expr:
    """Add up a column in the order of its rows, for use in `group_by(…, maintain_order=True).agg(…)`.

    A running sum has one order; an ordinary grouped sum may be split over threads. A group with an
    unknown (null) part has no known sum.

    >>> frame = pl.DataFrame({"g": ["a", "a", "b"], "v": [1.0, 2.0, None]})
    >>> frame.group_by("g", maintain_order=True).agg(ordered_sum("v"))["v"].to_list()
    [3.0, None]
    """
    values = pl.col(column)
    return pl.when(values.is_null().any()).then(None).otherwise(values.cum_sum().last()).alias(column)
