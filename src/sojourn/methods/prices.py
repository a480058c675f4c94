"""Averages of what services charge, with an error that knows that a firm sells many services.

Array core, no tables: groups and clusters are integer codes, everything is a sum over them (`bincount`
adds in the order of the rows, so that the same rows give the same bits on any machine).

The standard error answers: how far could the average move if each corridor had been surveyed through
other firms of the same kind? Services are a quasi-census of the market (the publisher asks firms with at
least 80 per cent of it), not a random sample, so the error is no sampling error. It measures how much the
average hangs on single firms.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def total_cost(fee: ArrayLike, sent: ArrayLike, rate: ArrayLike, interbank_rate: ArrayLike) -> Floats:
    """Compute the total cost of a transfer in per cent of the amount sent.

        c = 100 F / A + m,     m = 100 (1 - x / x*)

    Args:
        fee: F, fee charged to the sender, in the currency sent.
        sent: A, amount sent, in the same currency.
        rate: x, exchange rate applied, receiving currency per unit sent.
        interbank_rate: x*, interbank rate of the same day, in the same direction.

    Returns:
        Per cent, same shape as the arguments. Negative where a promotion beats the interbank rate.

    Source: SDG metadata 10.c.1 (World Bank, 2018).

    >>> total_cost(5.0, 200.0, 19.6, 20.0).round(6).tolist()
    4.5
    """
    margin = 100 * (1 - np.asarray(rate, float) / np.asarray(interbank_rate, float))
    return np.asarray(100 * np.asarray(fee, float) / np.asarray(sent, float) + margin)


@dataclass(frozen=True, slots=True)
class Means:
    """One mean per group, with its clustered standard error.

    Attributes:
        mean: shape (groups,), NaN for a group without rows.
        se: standard error, NaN below two firms.
        lower, upper: interval by Student's t with clusters - 1 degrees of freedom, NaN where se is.
        n: rows behind each mean.
        clusters: clusters behind each mean.
    """

    mean: Floats
    se: Floats
    lower: Floats
    upper: Floats
    n: Integers
    clusters: Integers


def clustered_mean(
    counts: ArrayLike, totals: ArrayLike, group: ArrayLike, firm: ArrayLike, groups: int, level: float = 0.95
) -> Means:
    """Average rows by group, with an error clustered by firm within corridor.

    Rows come already summed by cluster. With S_c the sum and n_c the number of the rows of cluster c,

        mean_g = sum_c S_c / sum_c n_c
        u_c    = S_c - n_c mean_g
        se_g   = sqrt( G / (G - 1)  sum_c u_c^2 ) / n_g ,    G clusters in g

    the linearised variance of a ratio with clusters as independent units. In a wider group (a country, a
    region, the world) a cluster is still one firm in one corridor.

    Args:
        counts: n_c, shape (clusters,).
        totals: S_c, shape (clusters,), in the unit of the values.
        group: code of the group of each cluster, 0 to groups - 1.
        firm: code of the firm of each cluster; a group with a single firm has no error.
        groups: number of groups.
        level: coverage of the interval.

    Source: linearisation of a ratio mean, Särndal, Swensson and Wretman (1992), section 5.6; the
    factor G/(G-1) as in Stata and R `survey`.

    >>> m = clustered_mean([2, 1], [10.0, 8.0], [0, 0], [7, 9], 1)
    >>> m.mean.tolist(), m.se.round(6).tolist(), m.n.tolist()
    ([6.0], [1.333333], [3])
    """
    n_c, s_c, g, f = (np.asarray(a) for a in (counts, totals, group, firm))
    n = np.bincount(g, weights=n_c, minlength=groups)
    clusters = np.bincount(g, minlength=groups)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(g, weights=s_c, minlength=groups) / n
        residual = s_c - n_c * mean[g]
        squares = np.bincount(g, weights=residual**2, minlength=groups)
        se = np.sqrt(clusters / (clusters - 1) * squares) / n
    se[~several_firms(g, f, groups)] = np.nan
    reach = _quantile_of_t((1 + level) / 2, clusters - 1) * se
    return Means(mean, se, mean - reach, mean + reach, n.astype(np.int64), clusters.astype(np.int64))


def _quantile_of_t(probability: float, freedom: Integers) -> Floats:
    """Look up quantiles of Student's t; degrees of freedom are few and repeated."""
    distinct, place = np.unique(freedom, return_inverse=True)
    quantiles = np.full(len(distinct), np.nan)
    quantiles[distinct > 0] = special.stdtrit(distinct[distinct > 0], probability)
    return quantiles[place]


def several_firms(group: ArrayLike, firm: ArrayLike, groups: int) -> NDArray[np.bool_]:
    """Tell which groups hold more than one firm.

    >>> several_firms([0, 0, 1, 1], [5, 5, 5, 6], 2).tolist()
    [False, True]
    """
    g, f = np.asarray(group), np.asarray(firm)
    some_firm = np.zeros(groups, f.dtype)
    some_firm[g] = f
    return np.bincount(g, weights=f != some_firm[g], minlength=groups) > 0


def cheapest_mean(
    values: ArrayLike, group: ArrayLike, groups: int, services: int = 3
) -> tuple[Floats, Integers]:
    """Average the cheapest services of each group: the SmaRT average, once unfit services are left out.

        SmaRT_g = mean of the `services` smallest values of group g

    Returns:
        The means, shape (groups,), NaN for a group without rows; and how many services stand behind each
        (fewer than asked where a group has fewer).

    Source: SDG metadata 10.c.1; World Bank, SmaRT methodology (June 2016).

    >>> mean, n = cheapest_mean([5.0, 1.0, 3.0, 2.0, 9.0], [0, 0, 0, 0, 1], 2)
    >>> mean.tolist(), n.tolist()
    ([2.0, 9.0], [3, 1])
    """
    v, g = np.asarray(values, float), np.asarray(group)
    order = np.lexsort((v, g))
    v, g = v[order], g[order]
    start = np.searchsorted(g, np.arange(groups))
    cheap = np.arange(len(g)) - start[g] < services if len(g) else np.zeros(0, bool)
    n = np.bincount(g[cheap], minlength=groups)
    with np.errstate(invalid="ignore"):
        mean = np.bincount(g[cheap], weights=v[cheap], minlength=groups) / n
    return mean, n.astype(np.int64)


def middle(values: ArrayLike, group: ArrayLike, groups: int) -> Floats:
    """Compute the median of each group, NaN for a group without rows.

    >>> middle([1.0, 3.0, 9.0, 4.0], [0, 0, 0, 1], 3).tolist()
    [3.0, 4.0, nan]
    """
    v, g = np.asarray(values, float), np.asarray(group)
    order = np.lexsort((v, g))
    v, g = v[order], g[order]
    size = np.bincount(g, minlength=groups)
    start = np.cumsum(size) - size
    median = np.full(groups, np.nan)
    filled = size > 0
    low = start[filled] + (size[filled] - 1) // 2
    high = start[filled] + size[filled] // 2
    median[filled] = (v[low] + v[high]) / 2
    return median


def weighted_mean(
    values: ArrayLike, weights: ArrayLike, group: ArrayLike, groups: int
) -> tuple[Floats, Floats]:
    """Average by group with weights, such as corridor averages by the flows through them.

        mean_g = sum_i w_i v_i / sum_i w_i

    Returns:
        The means, NaN for a group without weight, and the sums of weights.

    >>> mean, weight = weighted_mean([4.0, 8.0], [3.0, 1.0], [0, 0], 1)
    >>> mean.tolist(), weight.tolist()
    ([5.0], [4.0])
    """
    v, w, g = np.asarray(values, float), np.asarray(weights, float), np.asarray(group)
    total: Floats = np.bincount(g, weights=w, minlength=groups).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(g, weights=w * v, minlength=groups) / total
    return mean, total
