"""Names the columns of price averages as those of observations; shared by the modules of 10.c.1."""

from __future__ import annotations

import polars as pl

from sojourn.indicators.price_rules import PriceParameters

CODE = "10.c.1"
UNIT = "PT"
NO_ERROR_SMART = (
    "no error is known: the mean of the cheapest services is an order statistic; "
    "accessibility thresholds are not confirmed"
)

_MEASURES = ("value", "se", "lower", "upper", "n")


def shape(
    means: pl.DataFrame,
    series: str,
    area: str,
    counterpart: str,
    breakdown: pl.Expr,
    method: str | pl.Expr,
    rules: PriceParameters,
) -> pl.DataFrame:
    """Name the columns of a table of means as those of observations."""
    measures = [name for name in _MEASURES if name in means.columns]
    return means.select(
        pl.lit(CODE).alias("indicator"),
        pl.lit(series).alias("series"),
        pl.col(area).alias("area"),
        (pl.col(counterpart) if counterpart else pl.lit("")).alias("counterpart"),
        "period",
        breakdown,
        *measures,
        pl.lit(UNIT).alias("unit"),
        *([_level(rules), _note()] if "se" in measures else [pl.lit(NO_ERROR_SMART).alias("note")]),
        (pl.lit(method) if isinstance(method, str) else method).alias("method"),
    )


def _level(rules: PriceParameters) -> pl.Expr:
    return pl.when(pl.col("lower").is_not_null()).then(pl.lit(rules.level)).alias("level")


def _note() -> pl.Expr:
    unknown = pl.lit("no error is known: a single firm")
    return pl.when(pl.col("se").is_null()).then(unknown).otherwise(pl.lit("")).alias("note")


def as_area(means: pl.DataFrame, area: str) -> pl.DataFrame:
    """Say of which one area a table of means is."""
    return means.with_columns(pl.lit(area).alias("area"))


def annual(frame: pl.DataFrame, rules: PriceParameters) -> pl.DataFrame:
    """Let one quarter stand for its year, as the World Bank and the SDG database do."""
    return frame.filter(pl.col("period").str.ends_with(f"-Q{rules.annual_quarter}")).with_columns(
        pl.col("period").str.slice(0, 4),
        pl.col("method") + pl.lit(f" [quarter {rules.annual_quarter}]"),
    )
