"""Estimates that carry their influence values, and the design-based errors that follow from them.

A smooth statistic t(w) of weighted rows changes by its influence value z_i when row i gains a little weight.
Sums, products and quotients of statistics follow the rules of differentiation, so an estimate that is built
from weighted means and regression coefficients carries its own linearisation (delta method), with all
covariances between its parts: means of regressors are not taken as fixed.

    V(t) = sum over strata h of n_h / (n_h - 1) sum over clusters c of (z_hc - z_h)(z_hc - z_h)'

Source: Binder (1983), International Statistical Review 51; Deville (1999), Survey Methodology 25 (from memory).
For the Blinder–Oaxaca decomposition with stochastic regressors: Jann (2005; 2008, Stata Journal 8, 453-479).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import t as student

from sojourn.errors import UsageError

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Linearised:
    """A vector of k estimates and the influence of each of n rows on them.

    Attributes:
        value: shape (k,).
        influence: shape (n, k); its columns add up to zero.

    >>> wage = mean(np.array([[10.0], [20.0]]), np.array([1.0, 1.0]))
    >>> (wage / wage).value.tolist(), (wage / wage).influence.ravel().tolist()
    ([1.0], [0.0, 0.0])
    """

    value: Floats
    influence: Floats

    def __add__(self, other: Linearised) -> Linearised:
        return Linearised(self.value + other.value, self.influence + other.influence)

    def __sub__(self, other: Linearised) -> Linearised:
        return Linearised(self.value - other.value, self.influence - other.influence)

    def __mul__(self, other: Linearised) -> Linearised:
        return Linearised(
            self.value * other.value, self.influence * other.value + self.value * other.influence
        )

    def __truediv__(self, other: Linearised) -> Linearised:
        ratio = self.value / other.value
        return Linearised(ratio, (self.influence - ratio * other.influence) / other.value)

    def map(self, matrix: Floats) -> Linearised:
        """Apply a fixed matrix, shape (j, k)."""
        return Linearised(matrix @ self.value, self.influence @ matrix.T)

    def total(self) -> Linearised:
        """Add the parts up."""
        return Linearised(self.value.sum(keepdims=True), self.influence.sum(axis=1, keepdims=True))


def joined(parts: list[Linearised]) -> Linearised:
    """Put estimates on the same rows into one vector."""
    return Linearised(
        np.concatenate([part.value for part in parts]), np.hstack([part.influence for part in parts])
    )


def mean(x: Floats, w: Floats) -> Linearised:
    """Compute weighted means of the columns: sum w x / sum w, with z = w (x - mean) / sum w."""
    people = w.sum()
    centre = (w @ x) / people
    return Linearised(centre, (w / people)[:, None] * (x - centre))


def regression(y: Floats, x: Floats, w: Floats) -> Linearised:
    """Fit weighted least squares: b = (X'WX)^-1 X'Wy, with z = (X'WX)^-1 x w (y - x b).

    Raises:
        UsageError: the regressors are collinear among the rows that have weight.
    """
    weighted = x * w[:, None]
    cross = weighted.T @ x
    if not x.size or np.linalg.matrix_rank(cross, hermitian=True) < x.shape[1]:
        raise UsageError(
            "the regressors are collinear in one of the groups",
            accepted="regressors that vary and do not add up to one another",
            advice="Leave one category of each variable out, and drop what does not vary.",
        )
    inverse = np.linalg.inv(cross)
    b = inverse @ (weighted.T @ y)
    return Linearised(b, (weighted * (y - x @ b)[:, None]) @ inverse)


@dataclass(frozen=True, slots=True, eq=False)
class Sampling:
    """How the rows were sampled.

    Attributes:
        weights: w, shape (n,); one each where not given.
        strata, clusters: codes per row, shape (n,); one stratum, and every row its own cluster, where not given.
        replicates: replicate weights, shape (n, R); where given the errors come from them alone.
        factors: f_r of V = sum f_r (t_r - t)(t_r - t)', shape (R,).
        df: degrees of freedom; clusters less strata, or R - 1, where not given.
        center: what replicates are compared with: the full "estimate", or their own "mean".
        linearised: covariance of estimates and degrees of freedom from the influence values, shape (n, k), for
            designs that strata and clusters alone do not tell: several stages, finite populations, domains.
    """

    weights: Floats | None = None
    strata: NDArray[np.generic] | None = None
    clusters: NDArray[np.generic] | None = None
    replicates: Floats | None = None
    factors: Floats | None = None
    df: float | None = None
    center: Literal["estimate", "mean"] = "estimate"
    linearised: Callable[[Floats], tuple[Floats, float]] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Estimates:
    """Estimates with names, their covariance matrix, and the degrees of freedom of the design."""

    names: tuple[str, ...]
    value: Floats
    covariance: Floats
    df: float

    @property
    def standard_error(self) -> Floats:
        """Give the standard errors, shape (k,)."""
        error: Floats = np.sqrt(np.diagonal(self.covariance))
        return error

    def interval(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Give the bounds of the t intervals, two arrays of shape (k,)."""
        half = student.ppf((1 + level) / 2, self.df) * self.standard_error
        return self.value - half, self.value + half

    def __getitem__(self, name: str) -> tuple[float, float]:
        """Give the value and the standard error of one."""
        at = self.names.index(name)
        return float(self.value[at]), float(self.standard_error[at])


def estimate(
    statistic: Callable[[Floats], Linearised], names: list[str], rows: int, how: Sampling
) -> Estimates:
    """Compute a statistic of the weights with its design-based covariance.

    Args:
        statistic: from weights, shape (n,), to a linearised estimate of k numbers.
        names: of the k numbers.
        rows: n.
        how: the design; replicates are never passed over for linearisation.

    Raises:
        UsageError: weights or codes that do not fit the rows, are negative or unknown; a stratum of one cluster.
    """
    w = _weights(how, rows)
    full = statistic(w)
    if how.replicates is not None:
        replicates, factors = np.asarray(how.replicates, float), np.asarray(how.factors, float)
        if replicates.shape != (rows, factors.size) or not np.isfinite(replicates).all():
            raise UsageError(
                f"replicate weights {replicates.shape}, {factors.size} factors", accepted=f"({rows}, R) and R"
            )
        found = np.array([statistic(column).value for column in replicates.T])
        off = found - (full.value if how.center == "estimate" else found[factors > 0].mean(axis=0))
        covariance: Floats = (off * factors[:, None]).T @ off
        return Estimates(tuple(names), full.value, covariance, how.df or float(factors.size - 1))
    if how.linearised is not None:
        covariance, df = how.linearised(full.influence)
    else:
        covariance, df = cluster_covariance(full.influence, how.strata, how.clusters)
    return Estimates(tuple(names), full.value, covariance, how.df or df)


def cluster_covariance(
    influence: Floats, strata: ArrayLike | None = None, clusters: ArrayLike | None = None
) -> tuple[Floats, float]:
    """Compute the covariance of linearised estimates from influence values, and its degrees of freedom.

    Args:
        influence: z, shape (n, k).
        strata, clusters: codes, shape (n,); clusters are counted within their strata.

    Raises:
        UsageError: a stratum with one cluster, which tells nothing of its variance.

    >>> cluster_covariance(np.array([[0.5], [-0.5]]))[0].tolist()
    [[1.0]]
    """
    n = len(influence)
    stratum = np.zeros(n, np.int64) if strata is None else np.unique(strata, return_inverse=True)[1]
    unit = np.arange(n) if clusters is None else np.unique(clusters, return_inverse=True)[1]
    pairs, cluster = np.unique(np.stack([stratum, unit]), axis=1, return_inverse=True)
    cluster = cluster.ravel()
    per_stratum = np.bincount(pairs[0])
    if np.any(per_stratum == 1):
        raise UsageError(
            f"{int(np.sum(per_stratum == 1))} strata have one cluster",
            accepted="at least two clusters in every stratum",
            advice="Join such a stratum to a neighbour, by a rule that you state.",
        )
    totals = np.stack([np.bincount(cluster, weights=column) for column in influence.T], axis=1)
    centres = np.stack([np.bincount(pairs[0], weights=column) for column in totals.T], axis=1)
    off = totals - (centres / per_stratum[:, None])[pairs[0]]
    scale = (per_stratum / (per_stratum - 1))[pairs[0]]
    covariance: Floats = (off * scale[:, None]).T @ off
    return covariance, float(pairs.shape[1] - len(per_stratum))


def _weights(how: Sampling, rows: int) -> Floats:
    w = np.ones(rows) if how.weights is None else np.asarray(how.weights, float)
    for name, part in (("weights", w), ("strata", how.strata), ("clusters", how.clusters)):
        if part is not None and np.shape(part) != (rows,):
            raise UsageError(f"{name} of shape {np.shape(part)}", accepted=f"({rows},), one per row")
    if not np.isfinite(w).all() or np.any(w < 0):
        raise UsageError("weights that are negative or not known", accepted="weights from 0")
    if (how.replicates is None) != (how.factors is None):
        raise UsageError("replicate weights without factors, or factors alone", accepted="both or neither")
    return w
