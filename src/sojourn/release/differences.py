"""Holds computed numbers against published ones, and keeps the open differences in sight.

A difference is not a fault to be tuned away: publishers revise, mistype, and break their own rules. The
release lists every pair, so that anyone can see how well a method reproduces the official figures.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from sojourn import observations
from sojourn.indicators.model import Series

_PLACE = [name for name in observations.KEY if name not in ("source", "method")]

SCHEMA = pl.Schema(
    {
        **dict.fromkeys(_PLACE, pl.String),
        "computed": pl.Float64,
        "computed_source": pl.String,
        "method": pl.String,
        "published": pl.Float64,
        "published_source": pl.String,
        "difference": pl.Float64,
        "tolerance": pl.Float64,
        "agrees": pl.Boolean,
    }
)


def differences(frame: pl.DataFrame, series: Mapping[str, Series]) -> pl.DataFrame:
    """Pair each computed number with each published one for the same thing.

        agrees  <=>  |computed - published| <= tolerance
        tolerance = max(the series' own, half a unit in the last place that the publisher prints)

    Args:
        frame: observations.
        series: metadata by series code.

    Returns:
        One row per pair, sorted; simulated numbers are never compared.
    """
    known = frame.drop_nulls("value").with_columns(observations.basis())
    computed = known.filter(basis=observations.COMPUTED).select(
        *_PLACE, pl.col("value").alias("computed"), pl.col("source").alias("computed_source"), "method"
    )
    official = known.filter(basis=observations.PUBLISHED)
    official = official.join(_last_places(official), on=["series", "source"], how="left").select(
        *_PLACE, pl.col("value").alias("published"), pl.col("source").alias("published_source"), "half_unit"
    )
    own = {code: one.tolerance for code, one in series.items()}
    pairs = computed.join(official, on=_PLACE, how="inner")
    return (
        pairs.with_columns(
            (pl.col("computed") - pl.col("published")).alias("difference"),
            pl.max_horizontal(
                pl.col("series").replace_strict(own, default=0.0, return_dtype=pl.Float64), "half_unit"
            ).alias("tolerance"),
        )
        # A published figure is rounded, so a difference of exactly half a unit is none.
        .with_columns((pl.col("difference").abs() <= pl.col("tolerance") + 1e-9).alias("agrees"))
        .select(SCHEMA.names())
        .cast(SCHEMA)
        .sort(*_PLACE, "computed_source", "method", "published_source")
    )


def summary(pairs: pl.DataFrame) -> pl.DataFrame:
    """Count agreement by series, year and published source: compared, agree, open, largest difference."""
    return (
        pairs.group_by("series", pl.col("period").str.slice(0, 4).alias("year"), "published_source")
        .agg(
            pl.len().alias("compared"),
            pl.col("agrees").sum().alias("agree"),
            (~pl.col("agrees")).sum().alias("open"),
            pl.col("difference").abs().max().alias("largest_difference"),
        )
        .sort("series", "year", "published_source")
    )


def _last_places(official: pl.DataFrame) -> pl.DataFrame:
    """Give half a unit in the last decimal place that each source prints of each series.

    A source that prints 9.3 and 7.5 rounds to one place; one that prints 9.30291976 does not round.
    """
    decimals = pl.col("value").map_elements(_decimals, return_dtype=pl.Int64)
    return official.group_by("series", "source").agg(
        (0.5 * 10.0 ** -decimals.max().cast(pl.Float64)).alias("half_unit")
    )


def _decimals(value: float) -> int:
    """Count the decimals a number is printed with.

    >>> _decimals(9.3), _decimals(77.0), _decimals(8.88)
    (1, 0, 2)
    """
    text = f"{value:.10f}".rstrip("0")
    return len(text.partition(".")[2])
