"""Covariance of estimates from replicate weights, one rule for every replication method.

A replication method (successive differences, balanced half-samples, Fay, jackknife, bootstrap) is an overall
scale and one factor per replicate; what is estimated makes no difference, because the statistic is
computed again under each column of weights. So one function serves them all.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sojourn.errors import UsageError

Floats = NDArray[np.float64]
Center = Literal["estimate", "mean"]


def replicate_covariance(
    estimate: ArrayLike,
    replicates: ArrayLike,
    *,
    scale: float,
    rscales: ArrayLike | None = None,
    center: Center = "estimate",
) -> Floats:
    """Compute the covariance of an estimate from the same estimate under each replicate weight.

        V = a  sum_r  b_r (t_r - c)(t_r - c)'

    The centre c is the full-sample estimate t_0 or the plain mean of the replicates that count
    (b_r > 0). Successive differences with 80 replicates: a = 4/80, b = 1, centre t_0 (Fay and Train).
    Balanced half-samples: a = 1/R; Fay: a = 1/(R (1 - rho)^2); delete-one jackknife of n units:
    a = (n-1)/n; stratified jackknife: a = 1, b_r = (n_h - 1)/n_h; bootstrap: a = 1/(R - 1), centre the mean.

    Args:
        estimate: t_0, shape (p,).
        replicates: t_r, shape (R, p).
        scale: a, not negative.
        rscales: b_r, shape (R,), not negative; None stands for ones.
        center: "estimate" (the mean squared error about t_0) or "mean" (the variance of the replicates).

    Returns:
        Shape (p, p), in squared units of the estimate. A component that some counted replicate could not
        estimate (NaN) has NaN variance: it is not known, not zero.

    Raises:
        UsageError: shapes that do not fit, a negative scale, a centre of another name.

    Source: K. M. Wolter, Introduction to Variance Estimation (2nd ed., 2007), chapters 3-5;
    R. E. Fay and G. F. Train (1995), Proceedings of the Section on Government Statistics, ASA.

    >>> replicate_covariance([10.0], [[9.0], [11.0], [12.0], [10.0]], scale=1.0).tolist()
    [[6.0]]
    >>> replicate_covariance([10.0], [[9.0], [11.0], [12.0], [10.0]], scale=1.0, center="mean").tolist()
    [[5.0]]
    """
    t_0 = np.atleast_1d(np.asarray(estimate, float))
    t_r = np.asarray(replicates, float)
    if t_r.ndim == 1:
        t_r = t_r[:, None]
    b = replicate_factors(rscales, len(t_r))
    _check(t_0, t_r, scale)
    counted = b > 0
    if center == "estimate":
        middle = t_0
    elif center == "mean":
        middle = t_r[counted].mean(axis=0)
    else:
        raise UsageError(f"Replicates have no centre {center!r}", accepted='"estimate" or "mean"')
    deviation = np.sqrt(b[counted])[:, None] * (t_r[counted] - middle)
    return np.asarray(scale * (deviation.T @ deviation))


def replicate_factors(rscales: ArrayLike | None, replicates: int) -> Floats:
    """Return one factor per replicate, ones where none is given.

    Raises:
        UsageError: another number of factors than replicates, or a negative or missing factor.

    >>> replicate_factors(None, 3).tolist()
    [1.0, 1.0, 1.0]
    """
    if replicates == 0:
        raise UsageError("A variance from replicates needs replicates, and there are none")
    if rscales is None:
        return np.ones(replicates)
    b = np.asarray(rscales, float)
    if b.shape != (replicates,):
        raise UsageError(f"{b.size} factors are given for {replicates} replicates", accepted="one each")
    if not (np.isfinite(b).all() and (b >= 0).all() and (b > 0).any()):
        raise UsageError("A factor of a replicate is negative or missing, or all are zero")
    return b


def standard_errors(covariance: ArrayLike) -> Floats:
    """Take the standard errors, shape (p,), from a covariance matrix, shape (p, p).

    >>> standard_errors([[4.0, 1.0], [1.0, 9.0]]).tolist()
    [2.0, 3.0]
    """
    return np.asarray(np.sqrt(np.diagonal(np.asarray(covariance, float))))


def contrast(estimate: ArrayLike, covariance: ArrayLike, coefficients: ArrayLike) -> tuple[float, float]:
    """Compute a linear contrast of estimates and its standard error: a gap, a change, a sum.

        d = c't,     se = sqrt(c'Vc)

    Args:
        estimate: t, shape (p,).
        covariance: V, shape (p, p).
        coefficients: c, shape (p,); (-1, 1) is the second less the first.

    >>> contrast([10.0, 7.0], [[4.0, 1.0], [1.0, 2.0]], [-1.0, 1.0])
    (-3.0, 2.0)
    """
    t, v, c = (np.asarray(a, float) for a in (estimate, covariance, coefficients))
    if not (t.ndim == 1 and t.shape == c.shape and v.shape == (len(t), len(t))):
        raise UsageError(f"A contrast of {c.size} coefficients does not fit {t.size} estimates")
    return float(c @ t), float(np.sqrt(c @ v @ c))


def replicate_degrees_of_freedom(weights: ArrayLike) -> int:
    """Count the degrees of freedom of a variance from replicates: rank of the weights, less one.

    Args:
        weights: replicate weights of the rows that are used, shape (n, R).

    Returns:
        At least 0. For R replicates from a Hadamard matrix and many rows, R - 1.

    Source: T. Lumley, Complex Surveys (2010), section 2.3.

    >>> replicate_degrees_of_freedom([[2.0, 0.0], [0.0, 2.0], [2.0, 0.0]])
    1
    """
    w = np.asarray(weights, float)
    if w.ndim != 2:
        raise UsageError("Replicate weights are a matrix of rows and replicates")
    if w.size == 0:
        return 0
    size = np.abs(w).max(axis=0)
    scaled = w / np.where(size > 0, size, 1.0)
    singular = np.linalg.svd(scaled.T @ scaled, compute_uv=False)
    # The Gram matrix squares the singular values, hence the squared tolerance.
    return max(int((singular > singular[0] * 1e-10).sum()) - 1, 0)


def require_smooth(method: str, statistic: str) -> None:
    """Refuse the pairs of replication method and statistic that are known to be inconsistent.

    The delete-one jackknife moves a sample quantile by at most one order statistic, whatever the sample
    size, so that its variance estimate does not settle down as the sample grows.

    Args:
        method: name of the replication method; "jackknife", "jk1" and "jkn" are the delete-one kinds.
        statistic: name of what is estimated, for example "median", "quantile", "mean".

    Raises:
        UsageError: a quantile under a delete-one jackknife.

    Source: B. Efron, The Jackknife, the Bootstrap and Other Resampling Plans (1982), section 3.4.

    >>> require_smooth("sdr", "median")
    >>> require_smooth("jkn", "mean")
    """
    if method.lower() in {"jackknife", "jk1", "jkn"} and statistic.lower() in {"median", "quantile"}:
        raise UsageError(
            f"The delete-one jackknife ({method}) gives no consistent variance of a {statistic}: "
            "leaving a cluster out moves it by a few places in the order, however large the sample",
            accepted="successive differences, balanced half-samples, Fay, bootstrap",
            advice='Use Woodruff\'s interval (interval="woodruff"), which asks only for the error of a share, '
            "or other replicates.",
        )


def _check(t_0: Floats, t_r: Floats, scale: float) -> None:
    if t_0.ndim != 1 or t_r.ndim != 2 or t_r.shape[1] != len(t_0):
        raise UsageError(
            f"Replicates of shape {t_r.shape} do not fit estimates of shape {t_0.shape}",
            accepted="estimates (p,), replicates (R, p)",
        )
    if not (np.isfinite(scale) and scale >= 0):
        raise UsageError(f"The scale of a variance from replicates is {scale}", accepted="a number from 0")
