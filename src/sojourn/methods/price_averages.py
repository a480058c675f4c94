"""Averages of service prices as tables: cells of (corridor, firm), then any grouping of them.

The table layer of `prices`. Quotes are collapsed once to cells – rows of one firm in one corridor, with
their count and sum – and every average, from a corridor to the world, is a sum over cells. That is what
makes all of 10.c.1 on half a million quotes a matter of a second.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sojourn.methods import prices

CLUSTER = ("sending", "receiving", "firm")


def cells(quotes: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Collapse quotes to one row per combination of `by`, corridor and firm.

    Args:
        quotes: columns sending, receiving, firm, cost and those in `by`; no nulls among the keys.
        by: further key columns, such as period, amount and provider.

    Returns:
        `by`, sending, receiving, firm, `count` (rows) and `total` (sum of cost, per cent).
    """
    keys = [*by, *CLUSTER]
    code, groups = encode(quotes, keys)
    count = np.bincount(code, minlength=groups.height)
    total = np.bincount(code, weights=quotes["cost"].to_numpy(), minlength=groups.height)
    return groups.with_columns(pl.Series("count", count), pl.Series("total", total))


def mean(cells_: pl.DataFrame, by: Sequence[str], level: float = 0.95) -> pl.DataFrame:
    """Average cells by the columns in `by`, with errors clustered by firm within corridor.

    Returns:
        One row per group, sorted: `by`, mean, se, lower, upper, n; null where not known.
    """
    code, groups = encode(cells_, by)
    firm, _ = encode(cells_, ["firm"])
    means = prices.clustered_mean(cells_["count"], cells_["total"], code, firm, groups.height, level)
    return groups.with_columns(
        pl.Series("value", means.mean),
        pl.Series("se", means.se).fill_nan(None),
        pl.Series("lower", means.lower).fill_nan(None),
        pl.Series("upper", means.upper).fill_nan(None),
        pl.Series("n", means.n),
    )


def smart(quotes: pl.DataFrame, by: Sequence[str], services: int = 3) -> pl.DataFrame:
    """Average the cheapest services by the columns in `by`; `quotes` holds qualifying services only.

    Returns:
        One row per group, sorted: `by`, value, n (services behind it).
    """
    code, groups = encode(quotes, by)
    value, n = prices.cheapest_mean(quotes["cost"], code, groups.height, services)
    return groups.with_columns(pl.Series("value", value), pl.Series("n", n))


def median(quotes: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Compute the median cost by the columns in `by`: one row per group, sorted, with `value`."""
    code, groups = encode(quotes, by)
    return groups.with_columns(pl.Series("value", prices.middle(quotes["cost"], code, groups.height)))


def simple_mean(frame: pl.DataFrame, column: str, by: Sequence[str]) -> pl.DataFrame:
    """Average a column by the columns in `by`, each row alike: one row per group with `value` and `n`."""
    code, groups = encode(frame, by)
    value, n = prices.weighted_mean(frame[column], np.ones(frame.height), code, groups.height)
    return groups.with_columns(pl.Series("value", value), pl.Series("n", n).cast(pl.Int64))


def weighted_mean(frame: pl.DataFrame, column: str, weight: str, by: Sequence[str]) -> pl.DataFrame:
    """Average a column by the columns in `by` with weights; groups without weight are left out."""
    code, groups = encode(frame, by)
    value, total = prices.weighted_mean(frame[column], frame[weight], code, groups.height)
    n = np.bincount(code, minlength=groups.height)
    return groups.with_columns(pl.Series("value", value), pl.Series("n", n)).filter(pl.Series(total > 0))


def encode(frame: pl.DataFrame, by: Sequence[str]) -> tuple[NDArray[np.int64], pl.DataFrame]:
    """Number the groups of a frame in sorted order.

    Each column becomes its rank among its sorted values, the columns one number in mixed radix. Sorted
    numbering, not order of appearance, makes results independent of the order of the input's rows.

    Returns:
        The group of each row, shape (rows,), and the frame of groups (the columns in `by`).

    >>> code, groups = encode(pl.DataFrame({"a": ["y", "x", "y"]}), ["a"])
    >>> code.tolist(), groups["a"].to_list()
    ([1, 0, 1], ['x', 'y'])
    """
    if not frame.height:
        return np.zeros(0, np.int64), frame.select(by)
    combined = np.zeros(frame.height, np.int64)
    ranks: list[pl.Series] = []
    for column in by:
        values = frame[column].unique().sort()
        rank = frame[column].replace_strict(
            values, pl.int_range(len(values), eager=True), return_dtype=pl.Int64
        )
        combined = combined * len(values) + rank.to_numpy()
        ranks.append(values)
    size = math.prod(len(values) for values in ranks)
    present, code = _number(combined, size)
    columns = {}
    for column, values in zip(reversed(by), reversed(ranks), strict=True):
        columns[column] = values.gather(present % len(values))
        present = present // len(values)
    return code, pl.DataFrame({column: columns[column] for column in by})


def _number(combined: NDArray[np.int64], size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Number the distinct values: by counting where the range is small, by sorting where it is not."""
    if size > 8 * max(len(combined), 1_000_000):
        present, code = np.unique(combined, return_inverse=True)
        return present, code.astype(np.int64)
    seen = np.bincount(combined, minlength=size) > 0
    present = np.flatnonzero(seen)
    number = np.cumsum(seen) - 1
    return present, number[combined]
