"""Chooses one vintage where a build holds several of the same figures; shared by the indicators."""

from __future__ import annotations

import polars as pl


def newest(values: pl.DataFrame) -> pl.DataFrame:
    """Keep the rows of one source, whole, because vintages do not mix.

    An official file comes before a figure that a package ships; among official files the one that reaches
    furthest, then the latest edition.

    Args:
        values: one kind of figure, with columns period and source.

    >>> values = pl.DataFrame({"period": ["2021", "2024"], "source": ["wdi@2023-05-10", "factbook@package-2025"]})
    >>> newest(values)["source"].to_list()
    ['wdi@2023-05-10']
    """
    reach = values.group_by("source").agg(pl.col("period").max())
    packaged = pl.col("source").str.contains("@package-", literal=True)
    order = reach.sort(~packaged, "period", "source", descending=True)
    return values.filter(pl.col("source").is_in(order["source"].head(1).to_list()))
