"""The compiled kernels of `kernels`; importing this module needs numba, whose cache on disk serves the next run."""

from __future__ import annotations

from typing import Any


def _kernels() -> tuple[Any, Any]:
    import numba

    @numba.njit(cache=True, nogil=True)
    def plain(codes: Any, weights: Any, sums: Any) -> None:
        columns = weights.shape[1]
        for i in range(len(codes)):
            group = codes[i]
            if group >= 0:
                for r in range(columns):
                    sums[group, r] += weights[i, r]

    @numba.njit(cache=True, nogil=True)
    def scaled(codes: Any, weights: Any, amounts: Any, sums: Any) -> None:
        columns = weights.shape[1]
        for i in range(len(codes)):
            group = codes[i]
            if group >= 0:
                y = amounts[i]
                for r in range(columns):
                    sums[group, r] += weights[i, r] * y

    return plain, scaled


def kernels() -> tuple[Any, Any]:
    """Compile, or load from the cache on disk, the kernels that add rows of weights, plain and times amounts."""
    return _kernels()
