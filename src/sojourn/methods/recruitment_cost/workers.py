"""From what each worker paid and earned to the statistics of the recruitment cost: arrays only."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sojourn.errors import UsageError

Floats = NDArray[np.float64]

STATISTICS = ("MEAN_OF_RATIOS", "MEDIAN", "FOURTH_QUINTILE", "RATIO_OF_MEANS")
KINDS = ("paid", "refunded", "deducted")
"""Kinds of items: paid by worker or family, given back to them, taken later from the wages."""


def cost(paid: ArrayLike, refunded: ArrayLike = 0.0, deducted: ArrayLike = 0.0) -> Floats:
    """Compute what recruitment cost each worker.

        C = sum of the items paid - refunded + deducted from wages

    Args:
        paid: amounts, workers x items, in one currency.
        refunded: what was given back, one number per worker.
        deducted: what was later taken from wages, one number per worker.

    Returns:
        One number per worker; NaN where an item is not known (NaN).

    Raises:
        UsageError: a negative amount, or a worker who got back more than was paid.

    >>> cost([[60, 50], [0, 0]], refunded=[10, 0]).tolist()
    [100.0, 0.0]
    """
    items = np.asarray(paid, float)
    if items.ndim != 2:
        raise UsageError(f"items of shape {items.shape}", accepted="workers x items")
    back, taken = (np.broadcast_to(np.asarray(part, float), items.shape[:1]) for part in (refunded, deducted))
    for name, part in (("paid", items), ("refunded", back), ("deducted", taken)):
        if np.any(part < 0):
            raise UsageError(f"{int(np.sum(part < 0))} negative amounts {name}", accepted="amounts from 0")
    total: Floats = items.sum(axis=1) - back + taken
    if np.any(total < 0):
        raise UsageError(
            f"{int(np.sum(total < 0))} workers were refunded more than they paid", accepted="a cost from 0"
        )
    return total


def months_of_earnings(costs: ArrayLike, earnings: ArrayLike) -> Floats:
    """Compute each worker's recruitment cost in months of earnings.

        RCI = C / E

    Args:
        costs: C, one per worker.
        earnings: E of the reference month, same currency.

    Returns:
        Months; NaN where either is not known, or nothing was earned (no ratio exists).

    Raises:
        UsageError: negative numbers.

    >>> months_of_earnings([100, 200, 50], [100, 400, 0]).tolist()
    [1.0, 0.5, nan]
    """
    paid, earned = np.asarray(costs, float), np.asarray(earnings, float)
    if np.any(paid < 0) or np.any(earned < 0):
        raise UsageError("negative costs or earnings", accepted="numbers from 0")
    months: Floats = np.full(np.broadcast_shapes(paid.shape, earned.shape), np.nan)
    np.divide(paid, earned, out=months, where=earned > 0)
    return months


def weighted_quantile(values: ArrayLike, weights: ArrayLike, probability: float) -> float:
    """Interpolate a weighted quantile; with equal weights it is type 7 of Hyndman and Fan (1996).

        p_k = (W_k - w_k / 2 - w_1 / 2) / (W_n - w_1 / 2 - w_n / 2),   W_k = w_1 + … + w_k, values sorted

    Args:
        values: numbers, none of them NaN.
        weights: w, from 0; rows of weight 0 do not count.
        probability: 0 to 1.

    Returns:
        The quantile; NaN where nobody counts.

    Source: Hyndman and Fan (1996) for equal weights; the weighted form is our own.

    >>> round(weighted_quantile([1, 0.5, 2, 8, 0.1], [1, 1, 1, 1, 1], 0.8), 10)
    3.2
    """
    x, w = np.asarray(values, float), np.asarray(weights, float)
    x, w = x[w > 0], w[w > 0]
    if not 0 <= probability <= 1:
        raise UsageError(f"a probability of {probability}", accepted="0 to 1")
    if not x.size:
        return float("nan")
    order = np.lexsort((w, x))
    x, w = x[order], w[order]
    middle = np.cumsum(w) - w / 2
    if x.size == 1:
        return float(x[0])
    return float(np.interp(probability, (middle - middle[0]) / (middle[-1] - middle[0]), x))


def statistics(costs: ArrayLike, earnings: ArrayLike, weights: ArrayLike) -> Floats:
    """Compute the four statistics of the recruitment cost, for one or for many sets of weights.

        mean of ratios = sum w C/E / sum w,   ratio of means = sum w C / sum w E

    Args:
        costs, earnings: of workers for whom both are known, earnings above 0.
        weights: shape (n,), or (n, R) to have every statistic under R sets: the full weight, then replicates,
            which may be negative (for quantiles such a row does not count).

    Returns:
        In the order of STATISTICS, shape (4,) or (4, R); NaN where no worker counts.

    Raises:
        UsageError: values that are not known, earnings that are not positive, broken weights.

    Source: SDG metadata 10.7.1 (ILO and World Bank, 2018).

    >>> found = statistics([100, 200, 400, 800, 50], [100, 400, 200, 100, 500], [1] * 5)
    >>> dict(zip(STATISTICS, found.round(3).tolist()))
    {'MEAN_OF_RATIOS': 2.32, 'MEDIAN': 1.0, 'FOURTH_QUINTILE': 3.2, 'RATIO_OF_MEANS': 1.192}
    """
    paid, earned = np.asarray(costs, float), np.asarray(earnings, float)
    w = np.asarray(weights, float)
    if paid.ndim != 1 or paid.shape != earned.shape or w.ndim not in (1, 2) or w.shape[0] != paid.size:
        raise UsageError(
            f"costs {paid.shape}, earnings {earned.shape}, weights {w.shape}",
            accepted="one cost, earning and (row of) weights per worker",
        )
    if not np.isfinite(paid).all() or not np.all(earned > 0) or not np.isfinite(earned).all():
        raise UsageError("costs or earnings that are not known", accepted="known costs, earnings above 0")
    if not np.isfinite(w).all() or np.any((w if w.ndim == 1 else w[:, :1]) < 0):
        raise UsageError("weights that are negative or not known", accepted="weights from 0")
    ratio = months_of_earnings(paid, earned)
    columns = [_statistics(ratio, paid, earned, column) for column in (w[:, None] if w.ndim == 1 else w).T]
    found = np.array(columns).T.reshape(len(STATISTICS), -1)
    return found[:, 0] if w.ndim == 1 else found


def _statistics(ratio: Floats, paid: Floats, earned: Floats, w: Floats) -> list[float]:
    people, earnings = float(w.sum()), float(w @ earned)
    if people == 0:
        return [float("nan")] * len(STATISTICS)
    return [
        float(w @ ratio) / people,
        weighted_quantile(ratio, w, 0.5),
        weighted_quantile(ratio, w, 0.8),
        float(w @ paid) / earnings,
    ]
