"""Weighted influence values of totals, means and ratios, ready for `linearized_covariance`.

    total  w y              mean  w (y - ybar) / N              ratio  w (y - R x) / X

with N = sum w and X = sum w x over the domain, and zero outside it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sojourn.errors import UsageError

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Linearized:
    """An estimate with its weighted influence values.

    Attributes:
        estimate: shape (p,).
        scores: w u, shape (n, p), zero outside the domain.
    """

    estimate: Floats
    scores: Floats


def total(y: ArrayLike, weight: ArrayLike, domain: ArrayLike | None = None) -> Linearized:
    """Estimate totals, sum w y, with their scores.

    Args:
        y: shape (n,) or (n, p); what stands outside the domain is not read, and may be missing.
        weight: shape (n,).
        domain: truth per row; None: all rows.

    >>> total([1.0, 0.0, 1.0], [10.0, 20.0, 30.0]).estimate.tolist()
    [40.0]
    """
    values, w = _in_domain(y, weight, domain)
    scores = w[:, None] * values
    return Linearized(scores.sum(axis=0), scores)


def mean(y: ArrayLike, weight: ArrayLike, domain: ArrayLike | None = None) -> Linearized:
    """Estimate means, sum w y / sum w, with their scores; NaN where the domain has no weight.

    Arguments as for `total`.

    >>> mean([1.0, 0.0, 1.0], [10.0, 20.0, 30.0], [True, True, False]).estimate.round(6).tolist()
    [0.333333]
    """
    values, w = _in_domain(y, weight, domain)
    return _ratio(values, np.ones_like(values), w)


def ratio(y: ArrayLike, x: ArrayLike, weight: ArrayLike, domain: ArrayLike | None = None) -> Linearized:
    """Estimate ratios, sum w y / sum w x, with their scores; NaN where the denominator is zero.

    Args:
        y: numerator, shape (n,) or (n, p).
        x: denominator, of the shape of y.
        weight: shape (n,).
        domain: truth per row; None: all rows.

    >>> ratio([10.0, 40.0], [1.0, 4.0], [2.0, 1.0]).estimate.tolist()
    [10.0]
    """
    values, w = _in_domain(y, weight, domain)
    return _ratio(values, _in_domain(x, weight, domain)[0], w)


def _ratio(y: Floats, x: Floats, w: Floats) -> Linearized:
    if y.shape != x.shape:
        raise UsageError(f"Numerators of shape {y.shape} and denominators of shape {x.shape}")
    numerator, denominator = (w[:, None] * y).sum(axis=0), (w[:, None] * x).sum(axis=0)
    divisor = np.where(denominator == 0, np.nan, denominator)
    estimate = numerator / divisor
    scores = np.where(w[:, None] == 0, 0.0, w[:, None] * (y - estimate * x) / divisor)
    return Linearized(estimate, scores)


def _in_domain(y: ArrayLike, weight: ArrayLike, domain: ArrayLike | None) -> tuple[Floats, Floats]:
    values, w = np.asarray(y, float), np.asarray(weight, float)
    values = values[:, None] if values.ndim == 1 else values
    inside = np.ones(len(w), bool) if domain is None else np.asarray(domain, bool)
    if not len(values) == len(w) == len(inside):
        raise UsageError(f"{len(values)} values, {len(w)} weights and {len(inside)} places in the domain")
    w = np.where(inside, w, 0.0)
    return np.where((w != 0)[:, None], values, 0.0), w
