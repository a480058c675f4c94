"""Ranks of many variants at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def rank_down(values: ArrayLike) -> Floats:
    """Rank along the last axis: 1 for the highest, ties share the best of their ranks, NaN where not known.

    Args:
        values: shape (..., areas). Values that differ by less than 1e-9 of the largest are tied: a difference
            of rounding is no difference of rank.

    >>> rank_down([5.0, 7.0, 5.0, np.nan, 1.0]).tolist()
    [2.0, 1.0, 2.0, nan, 4.0]
    """
    x = np.asarray(values, float)
    downwards = np.where(np.isnan(x), np.inf, -x)
    order = np.argsort(downwards, axis=-1, kind="stable")
    ordered = np.take_along_axis(downwards, order, axis=-1)
    size = np.nanmax(np.abs(np.where(np.isinf(ordered), 0, ordered)), axis=-1, keepdims=True, initial=0)
    with np.errstate(invalid="ignore"):
        is_new = np.diff(ordered, axis=-1) > 1e-9 * size
    place = np.where(is_new, np.arange(1, x.shape[-1]), 0)
    first = np.zeros((*x.shape[:-1], 1), place.dtype)
    best = np.maximum.accumulate(np.concatenate([first, place], axis=-1), axis=-1) + 1.0
    ranks = np.empty(x.shape)
    np.put_along_axis(ranks, order, best, axis=-1)
    ranks[np.isnan(x)] = np.nan
    return ranks
