"""Adds rows of weights into groups: compiled by numba where it is installed, else by SciPy's sparse product.

Both add in the order of the rows, whole numbers as 64-bit integers, so that both give the same bits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Array = NDArray[Any]
ROWS_AT_ONCE = 100_000


@dataclass(frozen=True, slots=True)
class Groups:
    """What is added to, in place.

    Attributes:
        counts: cases, and cases whose full weight is zero, shape (groups, 2).
        sums: of weights, shape (groups, 1 + R).
        products: of weights times amounts, same shape, or None.
    """

    counts: NDArray[np.int64]
    sums: Array
    products: Array | None

    def plus(self, other: Groups) -> Groups:
        """Add the sums of other rows of the same groups."""
        products = self.products
        if products is not None and other.products is not None:
            products = products + other.products
        return Groups(self.counts + other.counts, self.sums + other.sums, products)


def add_rows(codes: Array, weights: Array, groups: Groups, amounts: Array | None = None) -> None:
    """Add every row of weights (and the row times its amount) to its group; a code below 0 counts nowhere.

    Args:
        codes: group of each row, shape (n,).
        weights: shape (n, 1 + R).
        groups: what is added to.
        amounts: y of each row, shape (n,), where products are wanted.
    """
    compiled = _compiled()
    if compiled is None:
        for start in range(0, len(codes), ROWS_AT_ONCE):
            piece = slice(start, start + ROWS_AT_ONCE)
            _add(codes[piece], weights[piece], groups, None if amounts is None else amounts[piece])
    elif amounts is None:
        compiled[0](codes, weights, groups.counts, groups.sums)
    else:
        compiled[1](codes, weights, groups.counts, groups.sums, amounts, groups.products)


def _add(codes: Array, weights: Array, groups: Groups, amounts: Array | None) -> None:
    there = np.flatnonzero(codes >= 0)
    rows, full = weights[there], weights[there, 0]
    place = (codes[there], np.arange(len(there)))
    shape = (len(groups.sums), len(there))
    one = sparse.csr_array((np.ones(len(there), groups.sums.dtype), place), shape=shape)
    groups.sums[:] += one @ rows.astype(groups.sums.dtype)
    groups.counts[:, 0] += np.bincount(codes[there], minlength=shape[0])
    groups.counts[:, 1] += np.bincount(codes[there][full == 0], minlength=shape[0])
    if amounts is not None and groups.products is not None:
        kind = groups.products.dtype
        times = sparse.csr_array((amounts[there].astype(kind), place), shape=shape)
        groups.products[:] += times @ rows.astype(kind)


@cache
def _compiled() -> tuple[Callable[..., None], Callable[..., None]] | None:
    from sojourn.methods.survey import compiled

    try:
        return compiled.kernels()
    except ModuleNotFoundError:
        return None
