"""Which assumption moves the number of irregular residents, and by how much.

    one at a time      the total with one assumption at its low (2.5 %) and high (97.5 %) quantile, others at medians
    first-order share  S_i = V(E(I | i)) / V(I)         what knowing assumption i would take off the variance
    total share        T_i = 1 - V(E(I | all but i)) / V(I)   the same with its interactions

Source: Saltelli, Annoni, Azzini, Campolongo, Ratto and Tarantola (2010), Computer Physics Communications 181,
259-270, table 2 (b) and (f).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sojourn.errors import UsageError
from sojourn.methods.legal_status.assumptions import Assumption
from sojourn.methods.legal_status.residual import Assignment, Cells, Floats, counted_draws, irregular

SAMPLING = "(sampling error of the survey)"


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """One line of the table; shares may be a little below 0 or above 1 by chance of the draws.

    Attributes:
        name: of the assumption.
        low, high: total with it at its 2.5 and 97.5 per cent quantiles; none for the sampling error.
        first_order, total: shares of the variance of the total.
    """

    name: str
    low: float | None
    high: float | None
    first_order: float
    total: float


def sensitivity(
    cells: Cells, assumptions: Sequence[Assumption], rng: np.random.Generator, draws: int = 4096
) -> tuple[Sensitivity, ...]:
    """Compute the table, the widest total share first.

    Args:
        cells, assumptions: as for `residual`.
        rng: draws the two base samples.
        draws: N of each of d + 3 samples.

    Returns:
        One line per assumption that is not fixed, and one for the sampling error.

    Raises:
        UsageError: nothing varies, or the assumptions do not fit the cells.

    >>> from sojourn.methods.legal_status import PARAMETERS, SHARES
    >>> cells = Cells({}, *(np.array(x, float) for x in ([100], [[4]], [80], [10], [0.01], [0.02], [5])))
    >>> guess = [Assumption(p, p, "fixed", {"value": 0.1 if p in SHARES else 1.0}, "test") for p in PARAMETERS]
    >>> [line.name for line in sensitivity(cells, guess, np.random.default_rng(1), 256)]
    ['(sampling error of the survey)']
    """
    assignment = Assignment(cells, assumptions)
    d, k = len(assumptions), len(cells.counted)
    a, b = rng.random((draws, d + k)), rng.random((draws, d + k))

    def totals(uniforms: Floats) -> Floats:
        counted = counted_draws(cells, uniforms[:, d:])
        found, _ = irregular(cells, assignment.values(uniforms[:, :d]), counted)
        return np.asarray(found.sum(axis=1), np.float64)

    from_a, from_b = totals(a), totals(b)
    variance = float(np.concatenate([from_a, from_b]).var())
    if not variance > 0:
        raise UsageError("nothing varies", accepted="a sampling error, or an assumption that is not fixed")
    lines = []
    factors = [
        (one.name, slice(i, i + 1)) for i, one in enumerate(assumptions) if one.distribution != "fixed"
    ]
    if np.any(cells.covariance != 0):
        factors.append((SAMPLING, slice(d, d + k)))
    for name, columns in factors:
        mixed = a.copy()
        mixed[:, columns] = b[:, columns]
        from_mixed = totals(mixed)
        first = float(np.mean((from_b - from_b.mean()) * (from_mixed - from_a)) / variance)
        whole = float(np.mean((from_a - from_mixed) ** 2) / 2 / variance)
        low, high = (None, None) if name == SAMPLING else _alone(cells, assignment, columns.start)
        lines.append(Sensitivity(name, low, high, first, whole))
    return tuple(sorted(lines, key=lambda line: (-line.total, line.name)))


def _alone(cells: Cells, assignment: Assignment, at: int) -> tuple[float, float]:
    ends = np.full((2, len(assignment.assumptions)), 0.5)
    ends[:, at] = 0.025, 0.975
    found, _ = irregular(cells, assignment.values(ends))
    first, second = found.sum(axis=1)
    return float(min(first, second)), float(max(first, second))
