"""Adds rows of weights into groups: compiled by numba where it is installed, else by SciPy's sparse product.

Both add in the order of the rows, whole numbers as 64-bit integers, so that both give the same bits.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Sums = NDArray[Any]
ROWS_AT_ONCE = 100_000


def add_rows(codes: NDArray[np.int64], weights: Sums, sums: Sums, amounts: Sums | None = None) -> None:
    """Add every row of weights (times its amount) to the sums of its group; a code below 0 counts nowhere.

    Args:
        codes: group of each row, shape (n,).
        weights: shape (n, 1 + R).
        sums: added to in place, shape (groups, 1 + R).
        amounts: y of each row, shape (n,), or None for 1.
    """
    compiled = _compiled()
    if compiled is not None:
        plain, scaled = compiled
        if amounts is None:
            plain(codes, weights, sums)
        else:
            scaled(codes, weights, amounts, sums)
        return
    for start in range(0, len(codes), ROWS_AT_ONCE):
        piece = slice(start, start + ROWS_AT_ONCE)
        there = np.flatnonzero(codes[piece] >= 0)
        marks = np.ones(len(there), sums.dtype) if amounts is None else amounts[piece][there]
        shape = (len(sums), len(there))
        where = (codes[piece][there], np.arange(len(there)))
        sums += sparse.csr_array((marks.astype(sums.dtype), where), shape=shape) @ weights[piece][
            there
        ].astype(sums.dtype)


@cache
def _compiled() -> tuple[Callable[..., None], Callable[..., None]] | None:
    from sojourn.methods.survey import compiled

    try:
        return compiled.kernels()
    except ModuleNotFoundError:
        return None
