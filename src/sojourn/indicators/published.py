"""Turns published figures into observations that stand beside ours; shared by the indicators."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from sojourn.indicators.model import Tables

AS_PUBLISHED = "as_published/1"


def published(tables: Tables, indicator: str, series: Iterable[str]) -> pl.DataFrame:
    """Give the published figures of some series as observations.

    Args:
        tables: the build's tables; kind `published_values` may be absent.
        indicator: code of the indicator that the series belong to.
        series: series codes.

    Returns:
        Observation columns that differ from the defaults; no rows where nothing is published.
    """
    values = tables.get("published_values")
    if values is None:
        return pl.DataFrame()
    return values.filter(pl.col("series").is_in(list(series))).select(
        pl.lit(indicator).alias("indicator"),
        "series",
        "area",
        "counterpart",
        "period",
        *(name for name in ("sex", "age") if name in values.columns),
        "breakdown",
        "value",
        "unit",
        "nature",
        "source",
        pl.lit(AS_PUBLISHED).alias("method"),
        "note",
    )


def published_indicators(
    tables: Tables, indicator: str, codes: dict[str, tuple[str, str]], unit: str
) -> pl.DataFrame:
    """Give figures from the kind `development_indicators` as published observations.

    Args:
        codes: publisher's code -> (our series, breakdown).
        unit: SDMX unit of all of them.
    """
    values = tables.get("development_indicators")
    if values is None:
        return pl.DataFrame()
    series = {code: name for code, (name, _) in codes.items()}
    breakdown = {code: text for code, (_, text) in codes.items()}
    return values.filter(pl.col("code").is_in(list(codes))).select(
        pl.lit(indicator).alias("indicator"),
        pl.col("code").replace_strict(series, return_dtype=pl.String).alias("series"),
        "area",
        "period",
        pl.col("code").replace_strict(breakdown, return_dtype=pl.String).alias("breakdown"),
        "value",
        pl.lit(unit).alias("unit"),
        "source",
        pl.lit(AS_PUBLISHED).alias("method"),
    )
