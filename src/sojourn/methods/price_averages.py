"""Averages of service prices as tables: cells of (corridor, firm), then any grouping of them.

The table layer of `prices`. Quotes are collapsed once to cells – rows of one firm in one corridor, with
their count and sum – and every average, from a corridor to the world, is a sum over cells. That is what
makes all of 10.c.1 on half a million quotes a matter of a second.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from sojourn.methods import prices
from sojourn.methods.coded import Coded, number

CLUSTER = ("sending", "receiving", "firm")


def cells(quotes: Coded, by: Sequence[str]) -> Coded:
    """Collapse quotes to one row per combination of `by`, corridor and firm.

    Args:
        quotes: keys `by`, sending, receiving and firm, none of them null; value cost.
        by: further keys, such as period, amount and provider.

    Returns:
        The same keys, with the values count (rows) and total (sum of cost, per cent).
    """
    # Few of the possible clusters exist: number those that do, so that cells can be counted, not sorted.
    distinct, cluster = number(quotes.combined(CLUSTER), quotes.size(CLUSTER))
    combined = quotes.combined(by) * len(distinct) + cluster
    size = quotes.size(by) * len(distinct)
    present, cell = number(combined, size)
    count = np.bincount(cell, minlength=len(present))
    total = np.bincount(cell, weights=quotes.values["cost"], minlength=len(present))
    codes = quotes.split(by, present // len(distinct)) | quotes.split(
        CLUSTER, distinct[present % len(distinct)]
    )
    names = {key: quotes.names[key] for key in codes}
    return Coded(codes, names, {"count": count.astype(float), "total": total.astype(float)})


def mean(cells_: Coded, by: Sequence[str], level: float = 0.95) -> pl.DataFrame:
    """Average cells by the columns in `by`, with errors clustered by firm within corridor.

    Returns:
        One row per group, sorted: `by`, value, se, lower, upper, n; null where not known.
    """
    code, groups = cells_.groups(by)
    count, total = cells_.values["count"], cells_.values["total"]
    means = prices.clustered_mean(count, total, code, cells_.codes["firm"], groups.height, level)
    return groups.with_columns(
        pl.Series("value", means.mean),
        pl.Series("se", means.se, nan_to_null=True),
        pl.Series("lower", means.lower, nan_to_null=True),
        pl.Series("upper", means.upper, nan_to_null=True),
        pl.Series("n", means.n),
    )


def smart(quotes: pl.DataFrame, by: Sequence[str], services: int = 3) -> pl.DataFrame:
    """Average the cheapest services by the columns in `by`; `quotes` holds qualifying services only.

    Returns:
        One row per group, sorted: `by`, value, n (services behind it).
    """
    code, groups = Coded.of(quotes, by).groups(by)
    value, n = prices.cheapest_mean(quotes["cost"], code, groups.height, services)
    return groups.with_columns(pl.Series("value", value), pl.Series("n", n))


def median(quotes: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Compute the median cost by the columns in `by`: one row per group, sorted, with `value`."""
    code, groups = Coded.of(quotes, by).groups(by)
    return groups.with_columns(pl.Series("value", prices.middle(quotes["cost"], code, groups.height)))


def simple_mean(frame: pl.DataFrame, column: str, by: Sequence[str]) -> pl.DataFrame:
    """Average a column by the columns in `by`, each row alike: one row per group with `value` and `n`."""
    code, groups = Coded.of(frame, by).groups(by)
    value, n = prices.weighted_mean(frame[column], np.ones(frame.height), code, groups.height)
    return groups.with_columns(pl.Series("value", value), pl.Series("n", n).cast(pl.Int64))


def weighted_mean(frame: pl.DataFrame, column: str, weight: str, by: Sequence[str]) -> pl.DataFrame:
    """Average a column by the columns in `by` with weights; groups without weight are left out."""
    code, groups = Coded.of(frame, by).groups(by)
    value, total = prices.weighted_mean(frame[column], frame[weight], code, groups.height)
    n = np.bincount(code, minlength=groups.height)
    return groups.with_columns(pl.Series("value", value), pl.Series("n", n)).filter(pl.Series(total > 0))
