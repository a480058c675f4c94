"""Weighted linear and logistic regression with the error of the survey's design.

The coefficients solve the weighted score equations; their covariance comes from replicates (solve again
under each column of weights) or from linearisation (Binder's sandwich).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from sojourn.errors import UsageError
from sojourn.methods.survey.variance import Center, replicate_covariance

Floats = NDArray[np.float64]
Family = Literal["gaussian", "binomial"]


@dataclass(frozen=True, slots=True)
class Fit:
    """Coefficients with the scores that linearise them.

    Attributes:
        coefficients: shape (k,).
        scores: weighted influence values of the coefficients, shape (n, k); zero where the weight is.
    """

    coefficients: Floats
    scores: Floats


@dataclass(frozen=True, slots=True)
class ReplicateFit:
    """Coefficients with their covariance from replicates.

    Attributes:
        coefficients: shape (k,).
        covariance: shape (k, k).
        replicates: coefficients under each column of weights, shape (R, k).
    """

    coefficients: Floats
    covariance: Floats
    replicates: Floats


def fit(
    y: ArrayLike,
    x: ArrayLike,
    weight: ArrayLike,
    *,
    family: Family = "gaussian",
    solution: Literal["exact", "scoring"] = "exact",
) -> Fit:
    """Fit a weighted linear or logistic regression and linearise it.

        sum_k w_k x_k (y_k - mu_k) = 0,     mu = x'b  or  1 / (1 + exp(-x'b))
        score_k = J^-1 w_k x_k (y_k - mu_k),     J = sum_k w_k v_k x_k x_k',     v = 1  or  mu (1 - mu)

    The covariance of the coefficients is `linearized_covariance` of the scores.

    Args:
        y: response, shape (n,); for "binomial" between 0 and 1. Not read where the weight is zero.
        x: covariates with the column of ones, shape (n, k).
        weight: shape (n,); zero outside the domain.
        family: "gaussian" or "binomial".
        solution: "exact" solves the equations to the last digits. "scoring" stops a logistic fit where
            most programs do (McCullagh and Nelder, section 2.5: from mu = (w y + 1/2) / (w + 1), until the
            deviance changes by less than 1e-8 of itself) and linearises at that last step; standard errors
            differ from the exact ones by some 1e-7 of themselves, which matters in comparisons alone.

    Raises:
        UsageError: collinear covariates, a negative weight, responses outside 0 to 1, groups that a
            covariate separates (no finite coefficients).

    Source: D. A. Binder (1983), On the variances of asymptotically normal estimators from complex surveys,
    International Statistical Review 51, 279-292.

    >>> fit([1.0, 3.0, 5.0], [[1, 0], [1, 1], [1, 2]], [1.0, 2.0, 1.0]).coefficients.round(9).tolist()
    [1.0, 2.0]
    """
    response, covariates, w = _rows(y, x, weight, family)
    if solution == "scoring" and family == "binomial":
        return _scoring(response, covariates, w)
    beta = _solve(response, covariates, w, family, None)
    mu, v = _mean(covariates @ beta, family)
    information = (covariates.T * (w * v)) @ covariates
    scores = np.linalg.solve(information, (covariates * (w * (response - mu))[:, None]).T).T
    return Fit(beta, np.asarray(scores))


def fit_replicates(
    y: ArrayLike,
    x: ArrayLike,
    weights: ArrayLike,
    *,
    scale: float,
    rscales: ArrayLike | None = None,
    center: Center = "estimate",
    family: Family = "gaussian",
) -> ReplicateFit:
    """Fit a weighted regression under the full-sample weight and every replicate.

    Args:
        y: response, shape (n,).
        x: covariates, shape (n, k).
        weights: the full-sample weight first, then the replicates, shape (n, 1 + R).
        scale: as for `replicate_covariance`.
        rscales: as for `replicate_covariance`.
        center: as for `replicate_covariance`.
        family: "gaussian" or "binomial".

    Raises:
        UsageError: as for `fit`.

    >>> w = [[1.0, 2.0, 0.0], [1.0, 0.0, 2.0], [1.0, 2.0, 2.0]]
    >>> fit_replicates([1.0, 3.0, 5.0], [[1], [1], [1]], w, scale=0.5).covariance.round(6).tolist()
    [[0.5]]
    """
    w = np.asarray(weights, float)
    if w.ndim != 2 or w.shape[1] < 2:
        raise UsageError("Replicate fits need the full weight and at least one replicate")
    first = _rows(y, x, w[:, 0], family)
    full = _solve(*first, family, None)
    fitted = np.stack([_solve(*_rows(y, x, column, family), family, full) for column in w.T[1:]])
    covariance = replicate_covariance(full, fitted, scale=scale, rscales=rscales, center=center)
    return ReplicateFit(full, covariance, fitted)


def residual_degrees_of_freedom(df: float, coefficients: int) -> float:
    """Count the degrees of freedom left for tests of one coefficient: df + 1 - k.

    The design's degrees of freedom, with the intercept's own given back.

    >>> residual_degrees_of_freedom(79, 5)
    75
    """
    return df + 1 - coefficients


def _solve(y: Floats, x: Floats, w: Floats, family: str, start: Floats | None) -> Floats:
    """Solve the score equations: one step for a linear model, Newton with halved steps for a logistic."""
    if family == "gaussian":
        return _least_squares(y, x, w)
    beta = np.zeros(x.shape[1]) if start is None else start
    loss = _loss(y, x @ beta, w)
    for turn in range(60):
        mu, v = _mean(x @ beta, family)
        step = _step(y, x, w, mu, v, first=turn == 0)
        beta, loss, done = _advance(beta, step, loss, lambda b: _loss(y, x @ b, w))
        if done:
            return beta
    raise _separated()


def _step(y: Floats, x: Floats, w: Floats, mu: Floats, v: Floats, *, first: bool) -> Floats:
    """Compute Newton's step; a rank lost on the way, not at the start, is that of fitted zeros and ones."""
    try:
        return _least_squares((y - mu) / np.where(v > 0, v, 1.0), x, w * v)
    except UsageError:
        if first:
            raise
        raise _separated() from None


def _scoring(y: Floats, x: Floats, w: Floats) -> Fit:
    """Fisher scoring to the usual stop, with the working weights and residuals of its last step."""
    inside = w > 0
    relative = np.where(inside, w / w[inside].mean(), 0.0)
    mu = (relative * y + 0.5) / (relative + 1)
    eta, deviance = special.logit(mu), np.inf
    for _ in range(25):
        v = mu * (1 - mu)
        beta = _least_squares(eta + (y - mu) / v, x, relative * v)
        eta = x @ beta
        mu, before = special.expit(eta), deviance
        entropy = special.xlogy(y, y) + special.xlogy(1 - y, 1 - y)
        deviance = 2 * (_loss(y, eta, relative) + float((relative * entropy).sum()))
        if abs(deviance - before) < 1e-8 * (abs(deviance) + 0.1):
            further = _step(y, x, w, mu, mu * (1 - mu), first=False)
            if np.abs(further).max() > 1e-3 * (1 + np.abs(beta).max()):
                raise _separated()
            information = (x.T * (w * v)) @ x
            working = w * v * (y - mu) / (mu * (1 - mu))
            return Fit(beta, np.asarray(np.linalg.solve(information, (x * working[:, None]).T).T))
    raise _separated()


def _separated() -> UsageError:
    return UsageError(
        "The logistic regression has no finite coefficients: a covariate parts the cases from the others",
        advice="Merge categories or leave the covariate out.",
    )


def _advance(
    beta: Floats, step: Floats, loss: float, of: Callable[[Floats], float]
) -> tuple[Floats, float, bool]:
    """Take the step, halved until the fit is no worse; done when it moves nothing any more."""
    small = bool(np.abs(step).max() <= 1e-10 * (1 + np.abs(beta).max()))
    for _ in range(30):
        moved = of(beta + step)
        if moved <= loss * (1 + 1e-14) or small:
            break
        step = step / 2
    return beta + step, moved, small


def _loss(y: Floats, eta: Floats, w: Floats) -> float:
    """Compute the weighted negative log-likelihood of a logistic model."""
    return float((w * (np.logaddexp(0.0, eta) - y * eta)).sum())


def _least_squares(y: Floats, x: Floats, w: Floats) -> Floats:
    root = np.sqrt(w)
    scale = np.sqrt((w[:, None] * x**2).sum(axis=0))
    if (scale == 0).any():
        raise UsageError(f"Covariate {int(np.flatnonzero(scale == 0)[0])} is zero wherever there is weight")
    solution, _, rank, _ = np.linalg.lstsq(x / scale * root[:, None], y * root, rcond=1e-11)
    if rank < x.shape[1]:
        raise UsageError(
            f"The {x.shape[1]} covariates have rank {rank}", advice="Leave out a reference category."
        )
    return np.asarray(solution / scale)


def _mean(eta: Floats, family: str) -> tuple[Floats, Floats]:
    if family == "gaussian":
        return eta, np.ones_like(eta)
    mu = special.expit(eta)
    return mu, mu * (1 - mu)


def _rows(y: ArrayLike, x: ArrayLike, weight: ArrayLike, family: str) -> tuple[Floats, Floats, Floats]:
    response, covariates, w = (np.asarray(a, float) for a in (y, x, weight))
    if covariates.ndim != 2 or not len(response) == len(covariates) == len(w):
        raise UsageError("Response, covariates (n, k) and weight are of different lengths")
    if not (np.isfinite(w).all() and (w >= 0).all()):
        raise UsageError("A weight of a regression is missing or negative", accepted="0 or more")
    inside = w > 0
    response = np.where(inside, response, 0.0)
    covariates = np.where(inside[:, None], covariates, 0.0)
    if not (np.isfinite(response).all() and np.isfinite(covariates).all()):
        raise UsageError("A response or covariate is missing where there is weight")
    if family not in {"gaussian", "binomial"}:
        raise UsageError(f"There is no family {family!r}", accepted="gaussian, binomial")
    if family == "binomial" and ((response < 0) | (response > 1)).any():
        raise UsageError("A response of a logistic regression is outside 0 to 1")
    return response, covariates, w
