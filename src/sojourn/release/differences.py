"""Holds computed numbers against published ones, and keeps the open differences in sight.

A difference is not a fault to be tuned away: publishers revise, mistype, and break their own rules. The
release lists every pair, so that anyone can see how well a method reproduces the official figures. A pair is a
"check" where somebody else's figure stands beside ours, and a "revision" where the figure is an older or newer
edition of the very source that ours was computed from: that difference is the publisher's own.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from sojourn import observations
from sojourn.indicators.model import Series
from sojourn.observations import PLACE

CHECK, REVISION = "check", "revision"

SCHEMA = pl.Schema(
    {
        **dict.fromkeys(PLACE, pl.String),
        "computed": pl.Float64,
        "computed_source": pl.String,
        "method": pl.String,
        "published": pl.Float64,
        "published_source": pl.String,
        "difference": pl.Float64,
        "tolerance": pl.Float64,
        "agrees": pl.Boolean,
        "kind": pl.String,
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
        *PLACE, pl.col("value").alias("computed"), pl.col("source").alias("computed_source"), "method"
    )
    official = known.filter(basis=observations.PUBLISHED)
    official = official.join(last_places(official), on=["series", "source"], how="left").select(
        *PLACE, pl.col("value").alias("published"), pl.col("source").alias("published_source"), "half_unit"
    )
    own = {code: one.tolerance for code, one in series.items()}
    pairs = computed.join(official, on=PLACE, how="inner")
    return (
        pairs.with_columns(
            (pl.col("computed") - pl.col("published")).alias("difference"),
            pl.max_horizontal(
                pl.col("series").replace_strict(own, default=0.0, return_dtype=pl.Float64), "half_unit"
            ).alias("tolerance"),
        )
        # A published figure is rounded, so a difference of exactly half a unit is none.
        .with_columns((pl.col("difference").abs() <= pl.col("tolerance") + 1e-9).alias("agrees"), _kind())
        .select(SCHEMA.names())
        .cast(SCHEMA)
        .sort(*PLACE, "computed_source", "method", "published_source")
    )


def open_difference() -> pl.Expr:
    """Tell which pairs are open: a check that does not agree."""
    return ~pl.col("agrees") & (pl.col("kind") == CHECK)


def summary(pairs: pl.DataFrame, *, by_year: bool = False) -> pl.DataFrame:
    """Count agreement by series, direction and published source, and by year if asked.

    Returns:
        series, direction, (year,) kind, published_source, compared, agree, differ, largest_difference.
    """
    year = [pl.col("period").str.slice(0, 4).alias("year")] if by_year else []
    direction = pl.col("breakdown").str.extract(r"DIRECTION=([A-Z]+)").fill_null("").alias("direction")
    keys = ["series", "direction", *(["year"] if by_year else []), "kind", "published_source"]
    counted = pairs.with_columns(direction, *year).group_by(keys)
    return counted.agg(
        pl.len().alias("compared"),
        pl.col("agrees").sum().alias("agree"),
        (~pl.col("agrees")).sum().alias("differ"),
        pl.col("difference").abs().max().alias("largest_difference"),
    ).sort(keys)


def _kind() -> pl.Expr:
    """A pair of one publisher's source with another edition of itself is a revision."""
    ours = pl.col("computed_source").str.extract_all(r"[a-z_]+@")
    theirs = pl.col("published_source").str.extract(r"([a-z_]+@)")
    return pl.when(ours.list.contains(theirs)).then(pl.lit(REVISION)).otherwise(pl.lit(CHECK)).alias("kind")


def last_places(official: pl.DataFrame) -> pl.DataFrame:
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
