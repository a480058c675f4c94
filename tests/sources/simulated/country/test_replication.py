"""Replicate factors: their matrix, and the variance that they stand for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sojourn.errors import UsageError
from sojourn.sources.simulated.country.replication import hadamard, successive_difference_factors


@pytest.mark.parametrize("order", [4, 8, 12, 20, 24, 32, 44, 48, 60, 80])
def test_rows_are_orthogonal_and_the_first_is_all_ones(order):
    matrix = hadamard(order).astype(int)
    assert (matrix @ matrix.T == order * np.eye(order)).all()
    assert (matrix[0] == 1).all()


@pytest.mark.parametrize("order", [0, 2, 3, 10, 16, 28, 40, 81])
def test_orders_without_a_construction_are_refused(order):
    with pytest.raises(UsageError, match="no replicate scheme"):
        hadamard(order)


@given(st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=79), st.integers(0, 200))
def test_the_variance_is_half_the_squared_differences_of_neighbours(values, first):
    """Fay and Train (1995): for up to R - 1 units, 4/R sum (t_r - t)² = ½ sum (y_i - y_{i-1})²."""
    y = np.array(values)
    factors = successive_difference_factors(first, y.size, 80)
    variance = 4 / 80 * ((factors.T @ y - y.sum()) ** 2).sum()
    # Unit i has rows i and i + 1, so its row i meets the row i of unit i - 1; the circle closes at 79.
    padded = np.concatenate([y, [0.0]]) if y.size < 79 else y
    differences = padded - np.roll(padded, 1)
    assert variance == pytest.approx(0.5 * (differences**2).sum(), rel=1e-9, abs=1e-6)


def test_blocks_give_the_same_factors_as_the_whole():
    whole = successive_difference_factors(0, 500, 80)
    parts = [successive_difference_factors(first, 125, 80) for first in range(0, 500, 125)]
    assert (np.concatenate(parts) == whole).all()
    assert set(np.round(np.unique(whole), 12)) == {
        round(1 - 2**-0.5, 12),
        1.0,
        round(1 + 2**-0.5, 12),
    }
