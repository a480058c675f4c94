"""Sobol indices against the Ishigami function, whose indices are known in closed form."""

from __future__ import annotations

import numpy as np
import pytest

from sojourn.errors import UsageError
from sojourn.methods.composite.sobol import design, sobol_indices


def ishigami(u: np.ndarray) -> np.ndarray:
    x = np.pi * (2 * u - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_the_indices_of_ishigami():
    """Ishigami and Homma (1990), a = 7, b = 0.1.

    V1 = (1 + b pi^4 / 5)^2 / 2, V2 = a^2 / 8, V13 = b^2 pi^8 (1 / 18 - 1 / 50).
    """
    first_1, second = (1 + 0.1 * np.pi**4 / 5) ** 2 / 2, 49 / 8
    together = 0.01 * np.pi**8 * (1 / 18 - 1 / 50)
    variance = first_1 + second + together
    # The figures everyone quotes: 0.314, 0.442, 0 and 0.558, 0.442, 0.244.
    first = np.array([first_1, second, 0]) / variance
    total = np.array([first_1 + together, second, together]) / variance
    assert first == pytest.approx([0.3139, 0.4424, 0], abs=5e-5)
    rng = np.random.default_rng(20150115)
    plan = design(3, 4096, rng)
    found = sobol_indices(*plan.split(ishigami(plan.points())), rng)
    print(found.first.round(4), found.total.round(4))
    assert found.first == pytest.approx(first, abs=0.02)
    assert found.total == pytest.approx(total, abs=0.02)
    assert (found.total_lower <= found.total).all()
    assert (found.total <= found.total_upper).all()


def test_a_factor_without_part_has_no_index():
    rng = np.random.default_rng(3)
    plan = design(2, 64, rng)
    found = sobol_indices(*plan.split(plan.points()[:, 0]), rng)
    assert (found.first[1], found.total[1]) == (0, 0)
    assert found.total[0] == pytest.approx(1, abs=0.05)


def test_what_does_not_vary_has_no_indices():
    rng = np.random.default_rng(3)
    plan = design(2, 8, rng)
    assert np.isnan(sobol_indices(*plan.split(np.ones(32)), rng).first).all()


def test_a_design_changes_one_factor_at_a_time():
    plan = design(3, 5, np.random.default_rng(1))
    for i in range(3):
        assert (plan.mixed[i][:, i] == plan.b[:, i]).all()
        others = [k for k in range(3) if k != i]
        assert (plan.mixed[i][:, others] == plan.a[:, others]).all()
    with pytest.raises(UsageError, match="at least 2"):
        design(3, 1, np.random.default_rng(1))
