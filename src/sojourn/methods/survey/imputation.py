"""Multiple imputation: one estimate and one error from m completed data sets, each with a design-based error.

The variance within is what a design (replicates or linearisation) says of each completed data set; the
variance between says how much the imputations differ. Neither alone is the error of the estimate.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import t as student

from sojourn.errors import UsageError

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Combined:
    """The estimates of m completed data sets as one.

    Attributes:
        estimate: mean of the m estimates, shape (p,).
        covariance: total covariance, shape (p, p).
        within: mean of the m design-based covariances, shape (p, p).
        between: covariance of the m estimates, shape (p, p).
        df: degrees of freedom of each parameter, shape (p,).
        missing_share: share of each total variance that is due to the imputation, shape (p,).
    """

    estimate: Floats
    covariance: Floats
    within: Floats
    between: Floats
    df: Floats
    missing_share: Floats

    @property
    def standard_error(self) -> Floats:
        """Give the standard errors, shape (p,)."""
        error: Floats = np.sqrt(np.diagonal(self.covariance))
        return error

    def interval(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Give the bounds of the t intervals, two arrays of shape (p,).

        >>> found = combine([[1.0], [3.0]], [[[1.0]], [[1.0]]])
        >>> bool(found.interval()[0][0] < found.estimate[0] < found.interval()[1][0])
        True
        """
        if not 0 < level < 1:
            raise UsageError(f"a level of {level}", accepted="a number between 0 and 1")
        half = student.ppf((1 + level) / 2, self.df) * self.standard_error
        return self.estimate - half, self.estimate + half


def combine(
    estimates: ArrayLike,
    covariances: ArrayLike,
    df: ArrayLike = np.inf,
    rule: Literal["barnard_rubin", "satterthwaite"] = "barnard_rubin",
) -> Combined:
    """Combine the estimates of m completed data sets by Rubin's rules.

        q = sum q_k / m,   U = sum U_k / m,   B = sum (q_k - q)(q_k - q)' / (m - 1),   T = U + (1 + 1/m) B
        lambda = (1 + 1/m) B / T,   nu_old = (m - 1) / lambda^2
        nu_obs = (nu + 1) / (nu + 3) nu (1 - lambda),   1 / nu_BR = 1 / nu_old + 1 / nu_obs

    with nu the degrees of freedom of the design, had nothing been missing. Where the imputations differ because
    assumptions were drawn from outside, lambda near 1 does not mean that the sample is lost, and nu_obs would
    fall to 0; there the two variances are taken as independent (Satterthwaite):

        1 / nu_S = (1 - lambda)^2 / nu + lambda^2 / (m - 1)

    Args:
        estimates: q_k, shape (m, p), m at least 2.
        covariances: U_k, design-based covariance of each, shape (m, p, p).
        df: nu, one number or one per parameter, positive; infinite by default.
        rule: of the degrees of freedom.

    Returns:
        The combined estimate, its total covariance, its parts and degrees of freedom.

    Raises:
        UsageError: fewer than two imputations, shapes that do not fit, values that are not finite, a negative
            variance, or degrees of freedom that are not positive.

    Source: Rubin (1987), Multiple Imputation for Nonresponse in Surveys, 3.1; Barnard and Rubin (1999),
    Biometrika 86, 948-955; Satterthwaite (1946), Biometrics Bulletin 2, 110-114.

    >>> found = combine([[1.0], [2.0], [3.0]], [[[1.0]]] * 3, df=79)
    >>> found.estimate[0], found.covariance[0, 0].round(4), found.df[0].round(2)
    (np.float64(2.0), np.float64(2.3333), np.float64(5.17))
    """
    q, u = np.asarray(estimates, float), np.asarray(covariances, float)
    _check(q, u)
    m, p = q.shape
    if rule not in ("barnard_rubin", "satterthwaite"):
        raise UsageError(f"rule {rule!r}", accepted="barnard_rubin, satterthwaite")
    nu = np.broadcast_to(np.asarray(df, float), (p,))
    if np.any(~(nu > 0)):
        raise UsageError("degrees of freedom that are not positive", accepted="positive numbers, or inf")
    centre = q.mean(axis=0)
    deviations = q - centre
    between = deviations.T @ deviations / (m - 1)
    within = u.mean(axis=0)
    extra = (1 + 1 / m) * between
    total = within + extra
    variance = np.diagonal(total)
    missing = np.divide(np.diagonal(extra), variance, out=np.zeros(p), where=variance > 0)
    return Combined(centre, total, within, between, _degrees_of_freedom(missing, m, nu, rule), missing)


def _degrees_of_freedom(missing: Floats, m: int, nu: Floats, rule: str) -> Floats:
    """Add the inverses of the two, so that an infinite one, or one of zero, needs no special case."""
    finite = np.where(np.isinf(nu), 1.0, nu)
    observed = np.where(np.isinf(nu), np.inf, (finite + 1) / (finite + 3) * finite) * np.maximum(
        1 - missing, np.finfo(float).tiny
    )
    design = (1 - missing) ** 2 / nu if rule == "satterthwaite" else 1 / observed
    inverse = missing**2 / (m - 1) + design
    found: Floats = np.full(inverse.shape, np.inf)
    np.divide(1.0, inverse, out=found, where=inverse > 0)
    return found


def _check(q: Floats, u: Floats) -> None:
    if q.ndim != 2 or q.shape[0] < 2:
        raise UsageError(
            f"estimates of shape {q.shape}",
            accepted="(m, p) with at least two imputations, as one has no between",
        )
    m, p = q.shape
    if u.shape != (m, p, p):
        raise UsageError(
            f"covariances of shape {u.shape}", accepted=f"{(m, p, p)}, one matrix per imputation"
        )
    if not (np.isfinite(q).all() and np.isfinite(u).all()):
        raise UsageError("estimates or covariances that are not finite", accepted="numbers")
    if np.any(np.diagonal(u, axis1=1, axis2=2) < 0):
        raise UsageError("a negative variance", accepted="covariance matrices")
