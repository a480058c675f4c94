"""The compiled kernels of `kernels`; numba keeps them on disk, so that they are compiled once."""

from __future__ import annotations

from typing import Any


def kernels() -> tuple[Any, Any]:
    """Compile, or load from disk, the kernels that add rows of weights, plain and times amounts.

    Raises:
        ModuleNotFoundError: numba is not installed.
    """
    import numba

    @numba.njit(cache=True, nogil=True)
    def plain(codes: Any, weights: Any, counts: Any, sums: Any) -> None:
        columns = weights.shape[1]
        for i in range(len(codes)):
            group = codes[i]
            if group >= 0:
                counts[group, 0] += 1
                counts[group, 1] += weights[i, 0] == 0
                for r in range(columns):
                    sums[group, r] += weights[i, r]

    @numba.njit(cache=True, nogil=True)
    def scaled(codes: Any, weights: Any, counts: Any, sums: Any, amounts: Any, products: Any) -> None:
        columns = weights.shape[1]
        for i in range(len(codes)):
            group = codes[i]
            if group >= 0:
                counts[group, 0] += 1
                counts[group, 1] += weights[i, 0] == 0
                y = amounts[i]
                for r in range(columns):
                    sums[group, r] += weights[i, r]
                    products[group, r] += weights[i, r] * y

    return plain, scaled
