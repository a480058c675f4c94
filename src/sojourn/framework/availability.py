"""For how many countries, years and breakdowns numbers exist: counted in an observation table."""

from __future__ import annotations

import polars as pl

from sojourn import areas

READINGS = ("nativity", "citizenship", "legal_status")
"""The three readings of migratory status that the 2015 meeting heard."""

STATUS = "MIGRATORY_STATUS"
"""Dimension of `breakdown` in which publishers give migratory status without saying which reading."""


def availability(observations: pl.DataFrame) -> pl.DataFrame:
    """Count, for each series, the countries, years and readings of migratory status that have a number.

    Args:
        observations: rows with series, area, period, value, nativity, citizenship, legal_status, breakdown.

    Returns:
        series, countries, years, first, last, then for each of `READINGS` and for `migratory_status` (the
        publisher's own, reading not said) the number of countries with a number so broken down; sorted. A
        suppressed or missing value is no number; regions and groups are no countries.

    Example:
        >>> row = {"series": "S", "area": "MEX", "period": "2020", "value": 1.0, "nativity": "_T",
        ...        "citizenship": "_T", "legal_status": "_T", "breakdown": ""}
        >>> availability(pl.DataFrame([row, row | {"nativity": "F", "period": "2021-Q1"}])).row(0)[:6]
        ('S', 1, 2, '2020', '2021', 1)
    """
    countries = areas.table().filter(pl.col("kind").is_in(["country", "former"]))["area"]
    is_country = pl.col("area").is_in(countries.implode())
    year = pl.col("period").str.slice(0, 4)
    broken = {name: pl.col(name) != "_T" for name in READINGS}
    broken["migratory_status"] = pl.col("breakdown").str.contains(rf"(^|;){STATUS}=")
    return (
        observations.filter(pl.col("value").is_not_null())
        .group_by("series")
        .agg(
            pl.col("area").filter(is_country).n_unique().alias("countries"),
            year.n_unique().alias("years"),
            year.min().alias("first"),
            year.max().alias("last"),
            *(pl.col("area").filter(is_country & has).n_unique().alias(name) for name, has in broken.items()),
        )
        .sort("series")
    )
