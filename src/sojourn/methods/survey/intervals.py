"""Confidence intervals of estimates and of proportions, from an estimate, its error and degrees of freedom.

Every function takes numbers or arrays and broadcasts them. Degrees of freedom `inf` stand for the normal
distribution; none, or fewer than one, leave the interval unknown (NaN).

A proportion p with standard error s has the effective sample size n* = p (1 - p) / s^2: the size of a simple
random sample that would have the same error. Where no case (or every case) has the property, s = 0 says
nothing; then n*, where an interval can use it, is the number n of cases.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats

from sojourn.errors import UsageError

Floats = NDArray[np.float64]
Interval = tuple[Floats, Floats]


def critical_value(level: float = 0.95, df: ArrayLike = np.inf) -> Floats:
    """Return the two-sided critical value: the quantile at (1 + level) / 2 of Student's t or the normal.

    Args:
        level: coverage, between 0 and 1.
        df: degrees of freedom; inf: normal; below 1 or NaN: NaN.

    >>> critical_value(0.95, [np.inf, 79, 0]).round(6).tolist()
    [1.959964, 1.99045, nan]
    """
    if not 0 < level < 1:
        raise UsageError(f"An interval is asked for at the level {level}", accepted="between 0 and 1")
    freedom = np.asarray(df, float)
    known = np.where(freedom >= 1, freedom, np.nan)
    upper = (1 + level) / 2
    return np.asarray(np.where(np.isinf(known), special.ndtri(upper), special.stdtrit(known, upper)))


def wald_interval(
    estimate: ArrayLike, se: ArrayLike, *, df: ArrayLike = np.inf, level: float = 0.95
) -> Interval:
    """Compute t -/+ c s, with c the critical value at the level.

    Args:
        estimate: t.
        se: s, in the unit of t.
        df: degrees of freedom.
        level: coverage.

    >>> [end.round(6).tolist() for end in wald_interval(10.0, 1.0)]
    [8.040036, 11.959964]
    """
    t, reach = np.asarray(estimate, float), critical_value(level, df) * np.asarray(se, float)
    return t - reach, t + reach


def proportion_interval(
    estimate: ArrayLike,
    se: ArrayLike,
    *,
    method: str = "logit",
    df: ArrayLike = np.inf,
    n: ArrayLike | None = None,
    level: float = 0.95,
    logit_se: ArrayLike | None = None,
) -> Interval:
    """Compute a confidence interval of a proportion by one of the methods in use.

    With c the critical value, logit(p) = log(p / (1 - p)) and n* the effective sample size:

        wald        p -/+ c s; it alone can leave [0, 1]
        logit       inverse logit of logit(p) -/+ c s_L; s_L as given (a logit's own error from replicates),
                    else as in xlogit
        xlogit      inverse logit of logit(p) -/+ c s / (p (1 - p))
        asin        sin^2 of asin(sqrt p) -/+ c s / (2 sqrt(p (1 - p))), the angle kept in [0, pi/2]
        beta        Clopper and Pearson's for n' cases, n' = n* (t_{n-1} / t_df)^2 (Korn and Graubard):
                    quantiles of Beta(n'p, n'(1-p) + 1) and Beta(n'p + 1, n'(1-p))
        wilson      (p + k/2 -/+ sqrt(k p (1-p) + k^2/4)) / (1 + k),  k = c^2 / n*
        likelihood  all p_0 with 2 n* (p log(p/p_0) + (1-p) log((1-p)/(1-p_0))) <= c^2

    Args:
        estimate: p, 0 to 1.
        se: s, its standard error.
        method: one of PROPORTION_METHODS.
        df: degrees of freedom of s.
        n: cases behind p; "beta" needs it, and every method of n* for p = 0 and p = 1.
        level: coverage.
        logit_se: s_L, for "logit" and "likelihood" (whose n* is then 1 / (s_L^2 p (1-p))).

    Returns:
        (lower, upper). For p = 0 and p = 1 NaN where the method has no answer; [p, p] for an
        inner p with s = 0 (a share that calibration fixes).

    Raises:
        UsageError: an unknown method, p outside 0 to 1, a negative error, "beta" without n.

    Source: E. L. Korn and B. I. Graubard (1998), Survey Methodology 24(2); C. Franco, R. Little, T. Louis and
    E. Slud (2019), J. Survey Statistics and Methodology 7(3); J. N. K. Rao and A. J. Scott (1984).

    >>> [end.round(6).tolist() for end in proportion_interval(0.2, 0.04, method="xlogit", df=30)]
    [0.130464, 0.294064]
    """
    if method not in PROPORTION_METHODS:
        raise UsageError(
            f"There is no interval {method!r} for a proportion", accepted=", ".join(PROPORTION_METHODS)
        )
    p, s, c = (np.asarray(a, float) for a in (estimate, se, critical_value(level, df)))
    if ((p < 0) | (p > 1)).any() or (s < 0).any():
        raise UsageError("A proportion is outside 0 to 1, or its error is negative")
    if method == "beta" and n is None:
        raise UsageError("The beta interval needs n, the cases behind the proportion")
    own = s / np.where(_inner(p), p * (1 - p), np.nan) if logit_se is None else np.asarray(logit_se, float)
    if logit_se is not None and method == "likelihood":
        s = own * p * (1 - p)
    cases = np.asarray(np.nan if n is None else n, float)
    p, s, c, own, cases, freedom = np.broadcast_arrays(p, s, c, own, cases, np.asarray(df, float))
    if method == "logit":
        lower, upper = _logit(p, own, c)
    elif method == "beta":
        lower, upper = _beta(p, _effective(p, s, cases), cases, freedom, level)
    else:
        lower, upper = _METHODS[method](p, s, c, cases)
    fixed = _inner(p) & (s == 0) & ~np.isnan(c)
    return np.where(fixed, p, lower), np.where(fixed, p, upper)


def effective_sample_size(estimate: ArrayLike, se: ArrayLike) -> Floats:
    """Compute n* = p (1 - p) / s^2, infinite for an error of zero, NaN at p = 0 and p = 1.

    >>> float(effective_sample_size(0.5, 0.05).round(9))
    100.0
    """
    p, s = np.broadcast_arrays(np.asarray(estimate, float), np.asarray(se, float))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(_inner(p), p * (1 - p) / s**2, np.nan)


def _inner(p: Floats) -> NDArray[np.bool_]:
    return np.asarray((p > 0) & (p < 1))


def _effective(p: Floats, s: Floats, n: Floats) -> Floats:
    """Effective cases; the cases themselves where none or all have the property."""
    return np.where(_inner(p), effective_sample_size(p, np.where(s > 0, s, np.nan)), n)


def _wald(p: Floats, s: Floats, c: Floats, n: Floats) -> Interval:
    known = np.where(_inner(p) | (s > 0), p, np.nan)
    return known - c * s, known + c * s


def _logit(p: Floats, s: Floats, c: Floats) -> Interval:
    middle = special.logit(np.where(_inner(p), p, np.nan))
    return special.expit(middle - c * s), special.expit(middle + c * s)


def _xlogit(p: Floats, s: Floats, c: Floats, n: Floats) -> Interval:
    inner = np.where(_inner(p), p, np.nan)
    return _logit(p, s / (inner * (1 - inner)), c)


def _asin(p: Floats, s: Floats, c: Floats, n: Floats) -> Interval:
    inner = np.where(_inner(p), p, np.nan)
    angle, reach = np.arcsin(np.sqrt(inner)), c * s / (2 * np.sqrt(inner * (1 - inner)))
    ends = np.clip(angle - reach, 0, np.pi / 2), np.clip(angle + reach, 0, np.pi / 2)
    return np.sin(ends[0]) ** 2, np.sin(ends[1]) ** 2


def _beta(p: Floats, effective: Floats, n: Floats, df: Floats, level: float) -> Interval:
    size = effective * (critical_value(level, n - 1) / critical_value(level, df)) ** 2
    known = np.isfinite(size) & (size > 0)
    size = np.where(known, size, 1.0)
    tail = (1 - level) / 2
    with np.errstate(invalid="ignore"):
        lower = np.where(p > 0, stats.beta.ppf(tail, size * p, size * (1 - p) + 1), 0.0)
        upper = np.where(p < 1, stats.beta.ppf(1 - tail, size * p + 1, size * (1 - p)), 1.0)
    return np.where(known, lower, np.nan), np.where(known, upper, np.nan)


def _wilson(p: Floats, s: Floats, c: Floats, n: Floats) -> Interval:
    k = c**2 / _effective(p, s, n)
    reach = np.sqrt(k * p * (1 - p) + k**2 / 4)
    # Rounding may leave [0, 1] by one unit in the last place.
    return np.clip((p + k / 2 - reach) / (1 + k), 0, 1), np.clip((p + k / 2 + reach) / (1 + k), 0, 1)


def _likelihood(p: Floats, s: Floats, c: Floats, n: Floats) -> Interval:
    size, bound = _effective(p, s, n), c**2

    def outside(p_0: Floats) -> NDArray[np.bool_]:
        return np.asarray(2 * size * (special.rel_entr(p, p_0) + special.rel_entr(1 - p, 1 - p_0)) > bound)

    known = np.isfinite(size) & np.isfinite(bound)
    lower, upper = _bisect(outside, np.zeros_like(p), p), _bisect(outside, np.ones_like(p), p)
    return np.where(known, lower, np.nan), np.where(known, upper, np.nan)


def _bisect(outside: Callable[[Floats], NDArray[np.bool_]], far: Floats, near: Floats) -> Floats:
    """Close in on the boundary between a far point outside and a near point inside, to the last bit."""
    for _ in range(80):
        middle = (far + near) / 2
        beyond = outside(middle)
        far, near = np.where(beyond, middle, far), np.where(beyond, near, middle)
    return near


_METHODS: dict[str, Callable[[Floats, Floats, Floats, Floats], Interval]] = {
    "wald": _wald,
    "xlogit": _xlogit,
    "asin": _asin,
    "wilson": _wilson,
    "likelihood": _likelihood,
}
PROPORTION_METHODS = ("wald", "logit", "xlogit", "asin", "beta", "wilson", "likelihood")
