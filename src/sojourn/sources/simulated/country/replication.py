"""Successive-difference replicate weights, as the American Community Survey makes its eighty.

    f_ir = 1 + 2^(-3/2) a_{R1(i), r} - 2^(-3/2) a_{R2(i), r}
    V    = (4 / R) sum_r (t_r - t_0)^2

with a Hadamard matrix a of order R, and for the i-th sampled unit in geographic order the rows R1 = i and
R2 = i + 1, counted around its R - 1 rows that are not all ones. For a total of up to R - 1 units, V is then
exactly half the sum of squared differences of neighbours (around the circle).

Source: Fay and Train (1995), Proceedings of the Section on Government Statistics, American Statistical
Association; Ash (2014), Survey Methodology 40 (1).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sojourn.errors import UsageError


def hadamard(order: int) -> NDArray[np.int8]:
    """Build a Hadamard matrix by Paley's first construction: H = I + S, H Hᵀ = n I.

    S is skew-symmetric, bordered by ones, with the quadratic character of j - i modulo q inside.

    Args:
        order: q + 1, where q is a prime that leaves 3 when divided by 4 (80 = 79 + 1).

    Returns:
        A matrix (order, order) of 1 and -1 whose first row is all ones.

    Raises:
        UsageError: the construction has no matrix of this order.

    Source: Paley (1933), Journal of Mathematics and Physics 12.

    >>> h = hadamard(80).astype(int)
    >>> bool((h @ h.T == 80 * np.eye(80)).all()), int(h[0].sum())
    (True, 80)
    """
    q = order - 1
    if q < 3 or q % 4 != 3 or any(q % divisor == 0 for divisor in range(2, int(q**0.5) + 1)):
        raise UsageError(
            f"There is no replicate scheme of {order} here", accepted="4, 8, 12, 20, 24, 32, 44, 48, 60, 80"
        )
    squares = {value * value % q for value in range(1, q)}
    character = np.array([0] + [1 if value in squares else -1 for value in range(1, q)])
    skew = np.zeros((order, order), dtype=np.int8)
    skew[0, 1:] = 1
    skew[1:, 0] = -1
    skew[1:, 1:] = character[np.subtract.outer(np.arange(q), np.arange(q)).T % q]
    matrix = skew + np.eye(order, dtype=np.int8)
    # Columns are turned so that the first row is all ones: orthogonality does not mind.
    return np.asarray(matrix * matrix[0], dtype=np.int8)


def successive_difference_factors(first: int, count: int, replicates: int) -> NDArray[np.float64]:
    """Compute the replicate factors of sampled units in geographic order.

    Args:
        first: position of the first unit in the whole sample, from 0, so that blocks can be streamed.
        count: number of units.
        replicates: R.

    Returns:
        Factors (count, R), each 1, 1 ± 2^(-1/2).

    Raises:
        UsageError: there is no Hadamard matrix of this order here.

    >>> factors = successive_difference_factors(0, 3, 80)
    >>> factors.shape, sorted({round(float(f), 4) for f in factors.ravel()})
    ((3, 80), [0.2929, 1.0, 1.7071])
    """
    rows = hadamard(replicates)[1:].astype(np.float64)
    unit = np.arange(first, first + count)
    turn = replicates - 1
    return np.asarray(1.0 + 2.0**-1.5 * (rows[unit % turn] - rows[(unit + 1) % turn]))
