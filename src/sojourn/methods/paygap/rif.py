"""Quantiles and their recentred influence functions (Firpo, Fortin and Lemieux 2009): array core.

    RIF(y; q) = q + (tau - 1[y <= q]) / f(q),   f by a Gaussian kernel of a bandwidth that is stated

The mean of the RIF is the quantile, up to a jump of the distribution at it; so a regression on it decomposes a
gap between quantiles as a regression on y decomposes one between means.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from sojourn.errors import UsageError
from sojourn.methods.paygap.linearised import Floats, Linearised


def weighted_quantile(y: Floats, w: Floats, probability: float) -> float:
    """Invert the weighted distribution: the lowest y with F(y) >= p; at F(y) = p its mean with the next.

    >>> weighted_quantile(np.array([3.0, 1.0, 2.0, 9.0]), np.ones(4), 0.5)
    2.5
    """
    if not 0 < probability < 1:
        raise UsageError(f"a probability of {probability}", accepted="between 0 and 1")
    used = w > 0
    order = np.argsort(y[used], kind="stable")
    values, share = y[used][order], np.cumsum(w[used][order])
    if not values.size:
        raise UsageError("a quantile of nobody", accepted="rows with weight")
    share = share / share[-1]
    slack = 1e-12
    at = int(np.searchsorted(share, probability - slack))
    if abs(share[at] - probability) <= slack and at + 1 < values.size:
        return float((values[at] + values[at + 1]) / 2)
    return float(values[at])


def silverman(y: ArrayLike, w: ArrayLike) -> float:
    """Compute Silverman's rule: h = 0.9 min(sd, IQR / 1.34) n^(-1/5), n the rows with weight.

    Source: Silverman (1986), Density Estimation, 3.31.

    Raises:
        UsageError: the values do not vary, so that they have no density.

    >>> round(silverman([1, 2, 3, 4, 5.0], np.ones(5)), 4)
    0.9225
    """
    values, weights = np.asarray(y, float), np.asarray(w, float)
    values, weights = values[weights > 0], weights[weights > 0]
    centre = weights @ values / weights.sum()
    sd = float(np.sqrt(weights @ (values - centre) ** 2 / weights.sum()))
    iqr = weighted_quantile(values, weights, 0.75) - weighted_quantile(values, weights, 0.25)
    spread = min(sd, iqr / 1.34) if iqr > 0 else sd
    if not spread > 0:
        raise UsageError("values that do not vary have no density", accepted="a variable that varies")
    return float(0.9 * spread * values.size ** (-1 / 5))


def density(y: Floats, w: Floats, at: float, bandwidth: float) -> float:
    """Estimate the density at one point with a Gaussian kernel: f(q) = sum w phi((y - q) / h) / (h sum w)."""
    if not bandwidth > 0:
        raise UsageError(f"a bandwidth of {bandwidth}", accepted="a number above 0")
    kernel = np.exp(-(((y - at) / bandwidth) ** 2) / 2) / np.sqrt(2 * np.pi)
    return float(w @ kernel / (bandwidth * w.sum()))


def quantile(y: Floats, w: Floats, probability: float, bandwidth: float | None = None) -> Linearised:
    """Compute a weighted quantile with its influence values z = w (tau - 1[y <= q]) / (f(q) sum w)."""
    q = weighted_quantile(y, w, probability)
    f = density(y, w, q, bandwidth or silverman(y, w))
    share = w @ (y <= q) / w.sum()
    influence = w * (share - (y <= q)) / (f * w.sum())
    return Linearised(np.array([q]), influence[:, None])


def recentred(
    values: ArrayLike, weights: ArrayLike, probability: float, bandwidth: float | None = None
) -> tuple[Floats, float, float]:
    """Compute the recentred influence function of a quantile for every row.

        RIF = q + (tau - 1[y <= q]) / f(q)

    Args:
        values: y, shape (n,).
        weights: w, shape (n,); rows of weight 0 do not shape q and f, but have an RIF.
        probability: tau.
        bandwidth: h; Silverman's rule where not given.

    Returns:
        RIF, shape (n,); q; and the bandwidth that was used, to be stated.

    Source: Firpo, Fortin and Lemieux (2009), Econometrica 77, 953-973.

    >>> rif, q, h = recentred([1, 2, 3, 4, 5.0], np.ones(5), 0.5, bandwidth=1.0)
    >>> q, sorted(set(rif.round(2).tolist()))
    (3.0, [0.48, 5.52])
    """
    y, w = np.asarray(values, float), np.asarray(weights, float)
    h = silverman(y, w) if bandwidth is None else bandwidth
    q = weighted_quantile(y, w, probability)
    rif = np.asarray(q + (probability - (y <= q)) / density(y, w, q, h), np.float64)
    return rif, q, h
