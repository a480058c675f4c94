"""Weighted influence values of totals, means and ratios, ready for `linearized_covariance`.

    total  w y              mean  w (y - ybar) / N              ratio  w (y - R x) / X

with N = sum w and X = sum w x over the domain, and zero outside it. After calibration only the residuals of
the influence values from the auxiliaries vary, and they take their place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

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


def calibrated_scores(
    scores: ArrayLike,
    calibrated: ArrayLike,
    design: ArrayLike,
    auxiliaries: ArrayLike,
    *,
    regression: Literal["design", "equal"] = "design",
) -> Floats:
    """Replace influence values by their residuals from the auxiliaries: what calibration leaves to chance.

        w_k e_k,     e_k = u_k - x_k' B,     B = (sum q_k x_k x_k')^- sum q_k x_k u_k

    with u_k = score / w_k. Every calibration to the same totals has this first-order variance.

    Args:
        scores: w u under the calibrated weights, shape (n, p) or (n,).
        calibrated: w, shape (n,); a row of weight zero has the score zero.
        design: d, weights before calibration, shape (n,).
        auxiliaries: x, shape (n, a); for post-strata and raking their indicators.
        regression: q = d ("design", Deville and Särndal) or q = 1 ("equal", what R `survey` takes for raking;
            the two agree as the sample grows).

    Returns:
        Shape (n, p), for `linearized_covariance`.

    Source: Deville and Särndal (1992), section 3.

    >>> calibrated_scores([1.0, 3.0, 5.0], [1.0, 1.0, 1.0], [1.0, 1.0, 1.0], [[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]]
    ... ).round(9).ravel().tolist()
    [-1.0, 1.0, 0.0]
    """
    z, w, d = np.asarray(scores, float), np.asarray(calibrated, float), np.asarray(design, float)
    z = z[:, None] if z.ndim == 1 else z
    x = np.asarray(auxiliaries, float)
    if not len(z) == len(w) == len(d) == len(x) or x.ndim != 2:
        raise UsageError("Scores, weights and auxiliaries are of different lengths")
    if regression not in {"design", "equal"}:
        raise UsageError(f"There is no regression {regression!r}", accepted="design, equal")
    root = np.sqrt(np.where(w == 0, 0.0, d if regression == "design" else 1.0))[:, None]
    u = np.divide(z, w[:, None], out=np.zeros_like(z), where=(w != 0)[:, None])
    # Influence values are small numbers of the order 1 / N: brought to one for the cut-off of the solver.
    scale = max(float(np.abs(u).max(initial=0.0)), np.finfo(float).tiny)
    coefficients = np.linalg.lstsq(x * root, u / scale * root, rcond=1e-10)[0]
    return np.asarray(w[:, None] * (u - scale * (x @ coefficients)))


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
