"""Which choice of its makers moves the ranks of the mobility index: Sobol indices, published beside it.

    FIRST   share of the variance of the mean absolute shift of ranks that a choice explains alone
    TOTAL   share in which it takes part, alone or with others

over imputation, normalisation, aggregation, weights and goalposts, as the index states them. The interval is
that of a bootstrap of the design, no sampling error of the data. See `sojourn.methods.composite.sobol`.
"""

from __future__ import annotations

import polars as pl

from sojourn.indicators.model import Dimension, Series
from sojourn.methods.composite import Composite

CODE = "SJ_MOBILITY_SENSITIVITY"
LEVEL = 0.9
FACTORS = {
    "IMPUTATION": "how a missing part is filled",
    "NORMALISATION": "how parts are brought onto one scale",
    "AGGREGATION": "which mean is taken",
    "WEIGHTS": "weights of the parts",
    "GOALPOSTS": "where the scale of a part begins and ends",
}
ORDERS = {"FIRST": "alone", "TOTAL": "alone and with other choices"}

SERIES = Series(
    code=CODE,
    name="Human mobility index: what moves the ranks",
    definition="Sobol index of a choice: share of the variance of the mean absolute shift of ranks.",
    unit="NUMBER",
    area_role="all countries with an index",
    dimensions=(
        Dimension("FACTOR", "choice", FACTORS, "none"),
        Dimension("ORDER", "how it counts", ORDERS, "none"),
    ),
    words=("mobility sensitivity", "sobol indices"),
    limits="An estimate may lie a little outside 0 to 1 by chance; it is about choices, not about countries.",
    of_countries=False,
)


def observed(built: Composite, source: str, method: str) -> pl.DataFrame:
    """Give the Sobol indices of the choices of an index as observations of the world.

    Args:
        built: the index; its seed makes the indices the same every time.
        source, method: as the index has them.

    Returns:
        One row per choice and order; none where no choice moves any rank.
    """
    found = built.sensitivity().with_columns(pl.col("factor").str.to_uppercase())
    found = found.filter(pl.col("factor").is_in(list(FACTORS)), pl.col("total").is_not_null())
    parts = [
        found.select(
            pl.format("FACTOR={};ORDER={}", "factor", pl.lit(order)).alias("breakdown"),
            pl.col(value).alias("value"),
            # The middle of a bootstrap may miss the estimate itself; the interval is widened to hold it.
            pl.min_horizontal(value, lower).alias("lower"),
            pl.max_horizontal(value, upper).alias("upper"),
        )
        for order, value, lower, upper in (
            ("FIRST", "first_order", "first_lower", "first_upper"),
            ("TOTAL", "total", "total_lower", "total_upper"),
        )
    ]
    return pl.concat(parts).with_columns(
        pl.lit(CODE).alias("series"),
        pl.lit("001").alias("area"),
        pl.lit("NUMBER").alias("unit"),
        pl.lit(LEVEL).alias("level"),
        pl.lit(built.index.height, pl.Int64).alias("n"),
        pl.lit(source).alias("source"),
        pl.lit(method).alias("method"),
        pl.lit("interval of a bootstrap of the design; of our own index, no official one").alias("note"),
    )
