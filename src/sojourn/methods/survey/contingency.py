"""Tests of independence and design effects: what the design does to the textbook's simple random sample."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from sojourn.errors import UsageError

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Independence:
    """The second-order Rao-Scott test of independence in a two-way table.

    Attributes:
        f: the F statistic.
        numerator_df, denominator_df: its degrees of freedom.
        p_value: upper tail of F.
        chi_square: Pearson's X^2 as of a simple random sample of n.
        design_effects: the generalised design effects, eigenvalues of Delta, largest first.
    """

    f: float
    numerator_df: float
    denominator_df: float
    p_value: float
    chi_square: float
    design_effects: Floats


def rao_scott(proportions: ArrayLike, covariance: ArrayLike, n: int, df: float) -> Independence:
    """Test rows and columns of a table for independence under a complex design.

        X^2 = n sum (p_ij - p_i. p_.j)^2 / (p_i. p_.j)
        Delta = (C' D^-1 C)^-1 (C' D^-1 n V D^-1 C),     D = diag(p)
        F = X^2 / tr Delta,     nu = (tr Delta)^2 / tr Delta^2,     F ~ F(nu, nu df)

    where the columns of C span what is orthogonal to rows and columns: the interaction.

    Args:
        proportions: p, shape (rows, columns), adding up to 1.
        covariance: V of the proportions, row by row, shape (rows * columns,) twice.
        n: cases behind the table.
        df: degrees of freedom of V.

    Raises:
        UsageError: a table below 2 x 2, an empty row or column, shapes that do not fit.

    Source: J. N. K. Rao and A. J. Scott (1984), Annals of Statistics 12, 46-60; D. R. Thomas and
    J. N. K. Rao (1987), JASA 82, 630-636 (the F form).

    >>> p = np.array([0.3, 0.2, 0.2, 0.3])
    >>> test = rao_scott(p.reshape(2, 2), (np.diag(p) - np.outer(p, p)) / 100, 100, 99)
    >>> round(test.f, 9), round(test.chi_square, 9), test.design_effects.round(9).tolist()
    (4.0, 4.0, [1.0])
    """
    p, v = np.asarray(proportions, float), np.asarray(covariance, float)
    if p.ndim != 2 or min(p.shape) < 2 or v.shape != (p.size, p.size):
        raise UsageError(f"A table of shape {p.shape} does not fit a covariance of shape {v.shape}")
    expected = np.outer(p.sum(axis=1), p.sum(axis=0))
    if not (expected > 0).all():
        raise UsageError("A row or column of the table is empty", advice="Leave it out.")
    chi_square = n * float(((p - expected) ** 2 / expected).sum())
    interaction = np.kron(_contrasts(p.shape[0]), _contrasts(p.shape[1]))
    cell = p.ravel()
    weighted = interaction / np.where(cell > 0, cell, np.inf)[:, None]
    delta = np.linalg.solve(interaction.T @ weighted, weighted.T @ (n * v) @ weighted)
    trace, square = float(np.trace(delta)), float(np.trace(delta @ delta))
    f, freedom = chi_square / trace, trace**2 / square
    effects = np.sort(np.linalg.eigvals(delta).real)[::-1]
    tail = float(stats.f.sf(f, freedom, freedom * df))
    return Independence(f, freedom, freedom * df, tail, chi_square, effects)


def design_effect(variance: ArrayLike, y: ArrayLike, weight: ArrayLike) -> Floats:
    """Compute the design effect of means: their variance over that of drawing as many with replacement.

        deff = V / (s^2 / n),     s^2 = n / (n - 1)  sum w (y - ybar)^2 / sum w

    Args:
        variance: V of the means, shape (p,).
        y: values, shape (n,) or (n, p).
        weight: shape (n,); rows of weight zero do not count.

    Returns:
        Shape (p,); NaN where y does not vary or n is below 2.

    Source: L. Kish, Survey Sampling (1965), section 8.2.

    >>> design_effect([0.25], [0.0, 1.0, 0.0, 1.0, 1.0], [1.0, 1.0, 1.0, 1.0, 0.0]).tolist()
    [3.0]
    """
    values, w = np.asarray(y, float), np.asarray(weight, float)
    values = values[:, None] if values.ndim == 1 else values
    if len(values) != len(w):
        raise UsageError(f"{len(values)} values and {len(w)} weights")
    values, w = values[w != 0], w[w != 0]
    n, population = len(w), w.sum()
    if n < 2:
        return np.full(values.shape[1], np.nan)
    mean = (w[:, None] * values).sum(axis=0) / population
    spread = n / (n - 1) * (w[:, None] * (values - mean) ** 2).sum(axis=0) / population
    return np.asarray(np.asarray(variance, float) / np.where(spread > 0, spread / n, np.nan))


def effective_cases(weight: ArrayLike) -> float:
    """Compute the cases that equal weights would need: (sum w)^2 / sum w^2 (Kish).

    >>> effective_cases([1.0, 1.0, 2.0]).__round__(6)
    2.666667
    """
    w = np.asarray(weight, float)
    squares = float((w**2).sum())
    return float(w.sum()) ** 2 / squares if squares > 0 else 0.0


def _contrasts(levels: int) -> Floats:
    """Return columns that span all that adds up to zero over the levels."""
    return np.vstack([np.eye(levels - 1), -np.ones((1, levels - 1))])
