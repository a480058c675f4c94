"""Chances of being irregular that are the same for everybody alike, and intervals of mixtures: arrays only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.special import expit, stdtr, stdtrit

from sojourn.methods.legal_status.residual import Floats

_HALVINGS = 60


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Persons of one cell and of equal odds.

    Attributes:
        of_person: the group of each person, shape (n,).
        cell: the cell of each group, shape (g,).
        odds: relative odds of each group, shape (g,); 0 for those who cannot be irregular.
        cells: number of cells.
    """

    of_person: NDArray[np.int64]
    cell: NDArray[np.int64]
    odds: Floats
    cells: int

    @classmethod
    def of(cls, cell: NDArray[np.int64], odds: Floats, cells: int) -> Groups:
        """Group persons by cell and odds.

        >>> Groups.of(np.array([0, 0, 1]), np.array([1.0, 0.0, 1.0]), 2).of_person.tolist()
        [1, 0, 2]
        """
        pairs, at = np.unique(np.column_stack([cell.astype(float), odds]), axis=0, return_inverse=True)
        return cls(at.ravel().astype(np.int64), pairs[:, 0].astype(np.int64), pairs[:, 1], cells)

    @property
    def possible(self) -> Floats:
        """Give 1 for the groups that may be irregular, 0 for the others, shape (g,)."""
        return (self.odds > 0).astype(np.float64)

    def by_cell(self, values: Floats) -> Floats:
        """Add values of groups up within their cells: (B, g) -> (B, k)."""
        matrix = csr_array(
            (np.ones(len(self.cell)), (np.arange(len(self.cell)), self.cell)),
            shape=(len(self.cell), self.cells),
        )
        return np.asarray(values @ matrix, np.float64)


def sums_by_group(groups: Groups, values: Floats, weights: Floats) -> Floats:
    """Sum values times weights by group: values (n,), weights (n, R) -> (R, g)."""
    n = len(values)
    matrix = csr_array((values, (groups.of_person, np.arange(n))), shape=(len(groups.cell), n))
    return np.asarray((matrix @ weights).T, np.float64)


def chances(groups: Groups, target: Floats, size: Floats) -> Floats:
    """Find each group's chance, so that the chances of a cell add up to its target.

        sum over the groups of cell c of size p = target_c,   logit p = a_c + log odds

    Args:
        groups: g groups of k cells.
        target: shape (B, k), from 0 to the size of the possible groups of the cell.
        size: weight of each group, from 0, shape (B, g) or (1, g).

    Returns:
        p, shape (B, g); 0 for groups that cannot be irregular.

    >>> two = Groups.of(np.array([0, 0, 0]), np.array([0.0, 1.0, 3.0]), 1)
    >>> chances(two, np.array([[5.0]]), np.array([[7.0, 6.0, 6.0]])).round(4).tolist()
    [[0.0, 0.2867, 0.5466]]
    """
    possible = groups.possible
    held = groups.by_cell(size * possible)
    share = np.divide(
        target, held, out=np.zeros(np.broadcast_shapes(target.shape, held.shape)), where=held > 0
    )
    share = np.clip(share, 0.0, 1.0)
    if np.unique(groups.cell[possible > 0]).size == int(possible.sum()):
        return np.asarray(share[:, groups.cell] * possible, np.float64)
    log_odds = np.log(np.where(possible > 0, groups.odds, 1.0))
    reach = 40.0 + float(np.abs(log_odds).max(initial=0.0))
    low, high = np.full(share.shape, -reach), np.full(share.shape, reach)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        p = expit(middle[:, groups.cell] + log_odds) * possible
        short = groups.by_cell(size * p) < share * held
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    p = expit(((low + high) / 2)[:, groups.cell] + log_odds) * possible
    certain = share[:, groups.cell]
    return np.asarray(np.where(certain <= 0, 0.0, np.where(certain >= 1, possible, p)), np.float64)


def mixture_interval(
    centres: Floats, spread: Floats, df: float, level: float = 0.95
) -> tuple[Floats, Floats]:
    """Compute the central interval of a mixture of t distributions.

        P(x <= q) = mean over b of T_df((q - centre_b) / spread)

    Args:
        centres: shape (B, p);  spread: shape (p,), 0 for a mixture of points.
        df: degrees of freedom.
        level: of the interval.

    Returns:
        Lower and upper bounds, shape (p,) each.

    >>> low, high = mixture_interval(np.zeros((10, 1)), np.array([1.0]), 1e9)
    >>> round(float(low[0]), 3), round(float(high[0]), 3)
    (-1.96, 1.96)
    """
    tails = ((1 - level) / 2, (1 + level) / 2)
    found = np.empty((2, len(spread)))
    for j, own in enumerate(spread):
        column = centres[:, j]
        if not own > 0:
            found[:, j] = np.quantile(column, tails)
            continue
        for row, tail in enumerate(tails):
            ends = column.min(), column.max()
            low, high = (end + own * float(stdtrit(df, tail)) for end in ends)
            for _ in range(_HALVINGS):
                middle = (low + high) / 2
                below = float(stdtr(df, (middle - column) / own).mean())
                low, high = (middle, high) if below < tail else (low, middle)
            found[row, j] = (low + high) / 2
    return found[0], found[1]
