"""Which choice moves the ranks? Sobol indices from a radial design.

Array core: points in, indices out; the model between them is the caller's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import qmc

from sojourn.errors import UsageError

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """The points of N (d + 2) runs.

    Attributes:
        a, b: two independent samples of the unit cube, shape (N, d).
        mixed: A with column i from B, shape (d, N, d).
    """

    a: Floats
    b: Floats
    mixed: Floats

    def points(self) -> Floats:
        """Give all points below each other: A, B, then each mixed sample; shape (N (d + 2), d)."""
        return np.concatenate([self.a, self.b, *self.mixed])

    def split(self, results: ArrayLike) -> tuple[Floats, Floats, Floats]:
        """Take the results of `points` apart: y_A and y_B, shape (N,), and y_AB, shape (d, N)."""
        y = np.asarray(results, float).reshape(len(self.mixed) + 2, len(self.a))
        return y[0], y[1], y[2:]


def design(factors: int, base: int, rng: np.random.Generator) -> Design:
    """Draw a design from a scrambled Sobol sequence.

    Args:
        factors: d.
        base: N.
        rng: scrambles the sequence.

    Source: Saltelli, Annoni, Azzini, Campolongo, Ratto and Tarantola (2010), Computer Physics
    Communications 181, 259-270.

    >>> design(3, 4, np.random.default_rng(1)).points().shape
    (20, 3)
    """
    if base < 2:
        raise UsageError(f"Sobol indices from {base} base points", accepted="at least 2")
    sequence = qmc.Sobol(2 * factors, scramble=True, rng=rng)
    points = sequence.random_base2(int(np.ceil(np.log2(base))))[:base]
    a, b = points[:, :factors], points[:, factors:]
    mixed = np.repeat(a[None], factors, axis=0)
    for i in range(factors):
        mixed[i, :, i] = b[:, i]
    return Design(a, b, mixed)


@dataclass(frozen=True, slots=True, eq=False)
class Indices:
    """Sobol indices with bootstrap intervals, each of shape (factors,).

    Attributes:
        first: S_i, the share of the variance that choice i explains alone.
        total: ST_i, the share in which it takes part, alone or with others.
        first_lower, first_upper, total_lower, total_upper: intervals.
    """

    first: Floats
    first_lower: Floats
    first_upper: Floats
    total: Floats
    total_lower: Floats
    total_upper: Floats


def sobol_indices(
    y_a: ArrayLike,
    y_b: ArrayLike,
    y_ab: ArrayLike,
    rng: np.random.Generator,
    replicates: int = 200,
    level: float = 0.9,
) -> Indices:
    """Estimate the Sobol indices of every factor.

        S_i  = mean(y_B (y_ABi - y_A)) / V
        ST_i = sum (y_A - y_ABi)^2 / (2 N V) ,    V the variance of y_A and y_B together

    Estimates may leave 0 to 1 by chance; they are not cut, because that would hide it.

    Args:
        y_a, y_b: results on A and B, shape (N,).
        y_ab: results on the mixed samples, shape (factors, N).
        rng: draws the rows of the bootstrap.
        replicates: bootstrap samples of the N rows.
        level: coverage of the intervals; 0.9 for the 5th to the 95th percentile.

    Returns:
        NaN everywhere if the results do not vary.

    Source: Saltelli et al. (2010), table 2 (b) and (f); Jansen (1999) for the total index.

    >>> rng = np.random.default_rng(1)
    >>> plan = design(2, 512, rng)
    >>> found = sobol_indices(*plan.split(plan.points() @ [1.0, 2.0]), rng)
    >>> found.first.round(1).tolist(), found.total.round(1).tolist()
    ([0.2, 0.8], [0.2, 0.8])
    """
    a, b, ab = (np.asarray(y, float) for y in (y_a, y_b, y_ab))
    first, total = _estimate(a, b, ab)
    rows = rng.integers(len(a), size=(replicates, len(a)))
    again = [_estimate(a[row], b[row], ab[:, row]) for row in rows]
    ends = [50 * (1 - level), 50 * (1 + level)]
    first_ends = np.percentile([one[0] for one in again], ends, axis=0)
    total_ends = np.percentile([one[1] for one in again], ends, axis=0)
    return Indices(first, first_ends[0], first_ends[1], total, total_ends[0], total_ends[1])


def _estimate(a: Floats, b: Floats, ab: Floats) -> tuple[Floats, Floats]:
    variance = np.concatenate([a, b]).var(ddof=1)
    if not variance > 0:
        nothing = np.full(len(ab), np.nan)
        return nothing, nothing
    return (b * (ab - a)).mean(axis=1) / variance, ((a - ab) ** 2).mean(axis=1) / (2 * variance)
