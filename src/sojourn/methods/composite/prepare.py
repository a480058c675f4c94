"""Denominate, screen and impute: from raw columns to a table without avoidable gaps.

Array core. Rows are areas, columns are indicators, NaN is not known.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


def denominate(values: ArrayLike, denominators: ArrayLike) -> Floats:
    """Divide indicators by what makes areas of different size comparable.

        x_ij / d_ij

    Args:
        values: shape (areas, indicators).
        denominators: same shape; 1 where an indicator is not divided. A denominator of zero or below gives
            NaN, because no ratio to it is known.

    >>> denominate([[6.0, 5.0]], [[3.0, 1.0]]).tolist()
    [[2.0, 5.0]]
    """
    x, d = np.asarray(values, float), np.asarray(denominators, float)
    return np.asarray(np.divide(x, d, out=np.full(x.shape, np.nan), where=d > 0))


def availability(values: ArrayLike) -> Floats:
    """Compute the share of indicators that are known, per area.

    >>> availability([[1.0, np.nan], [1.0, 2.0]]).tolist()
    [0.5, 1.0]
    """
    return np.asarray((~np.isnan(np.asarray(values, float))).mean(axis=1))


def impute(values: ArrayLike, method: str, group: ArrayLike | None = None) -> Floats:
    """Fill gaps with the mean or median of an indicator over all areas or over the area's group.

        x_ij = mean (median) of the known x_kj with k in the group of i

    Args:
        values: shape (areas, indicators).
        method: `none`, `mean`, `median`, `group_mean` or `group_median`.
        group: code of the group of each area, shape (areas,); negative where it is not known.

    Returns:
        A copy. A gap stays where nothing in the group is known.

    Source: OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 3.

    >>> impute([[1.0], [3.0], [np.nan]], "group_mean", [0, 0, 0]).ravel().tolist()
    [1.0, 3.0, 2.0]
    """
    x = np.array(values, float)
    if method == "none":
        return x
    centre = np.mean if method.endswith("mean") else np.median
    codes = np.zeros(len(x), np.int64)
    if method.startswith("group_"):
        codes = np.asarray(group, np.int64)
    for j in range(x.shape[1]):
        gap = np.isnan(x[:, j])
        for code in np.unique(codes[gap & (codes >= 0)]):
            known = x[(codes == code) & ~gap, j]
            if len(known):
                x[gap & (codes == code), j] = centre(known)
    return x


def carry(
    values: ArrayLike, area: ArrayLike, period: ArrayLike, limit: float = np.inf
) -> tuple[Floats, Floats]:
    """Fill gaps of a panel with the latest earlier value of the same area.

    Args:
        values: shape (rows, indicators), one row per area and period.
        area: code of the area of each row.
        period: number of each row, such as a year.
        limit: how old, in periods, a value may be to be carried.

    Returns:
        The filled values, and the age of each (0 where it was known, NaN where a gap stays).

    >>> filled, age = carry([[5.0], [np.nan], [np.nan]], [0, 0, 1], [2018, 2020, 2018])
    >>> filled.ravel().tolist(), age.ravel().tolist()
    ([5.0, 5.0, nan], [0.0, 2.0, nan])
    """
    x, a, t = np.array(values, float), np.asarray(area), np.asarray(period, float)
    order = np.lexsort((t, a))
    x, a, t = x[order], a[order], t[order]
    row = np.arange(len(x))[:, None]
    start = np.flatnonzero(np.r_[True, a[1:] != a[:-1]])
    first = np.repeat(start, np.diff(np.r_[start, len(a)]))[:, None]
    latest = np.maximum.accumulate(np.where(np.isnan(x), -1, row), axis=0)
    age = t[:, None] - t[np.maximum(latest, 0)]
    usable = (latest >= first) & (age <= limit)
    filled = np.where(usable, np.take_along_axis(x, np.maximum(latest, 0), axis=0), np.nan)
    back = np.argsort(order, kind="stable")
    return filled[back], np.where(usable, age, np.nan)[back]
