"""Rubin's rules: known answers, what must hold always, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t as student

from sojourn.errors import UsageError
from sojourn.methods.survey import imputation


def test_a_worked_example_by_hand() -> None:
    # q = 10, 12, 14; U = 4, 5, 6: q = 12, U = 5, B = 4, T = 5 + 4/3 x 4 = 31/3, lambda = 16/31.
    found = imputation.combine([[10], [12], [14]], [[[4]], [[5]], [[6]]])
    assert found.estimate == pytest.approx([12])
    assert found.covariance.ravel() == pytest.approx([31 / 3])
    assert found.missing_share == pytest.approx([16 / 31])
    # Rubin (1987): nu = (m - 1)(1 + U / ((1 + 1/m) B))^2 = 2 (31/16)^2
    assert found.df == pytest.approx([2 * (31 / 16) ** 2])


def test_the_degrees_of_freedom_of_barnard_and_rubin() -> None:
    found = imputation.combine([[10], [12], [14]], [[[4]], [[5]], [[6]]], df=79)
    old, observed = 2 * (31 / 16) ** 2, 80 / 82 * 79 * (15 / 31)
    assert found.df == pytest.approx([old * observed / (old + observed)])
    lower, upper = found.interval()
    assert (upper - lower) / 2 == pytest.approx(
        [student.ppf(0.975, old * observed / (old + observed)) * np.sqrt(31 / 3)]
    )


def test_equal_imputations_leave_the_design_alone() -> None:
    covariance = np.array([[2.0, 0.5], [0.5, 1.0]])
    found = imputation.combine([[1, 2]] * 4, [covariance] * 4, df=[10, np.inf])
    assert found.covariance == pytest.approx(covariance)
    assert found.df == pytest.approx([11 / 13 * 10, np.inf])


def test_assumptions_from_outside_do_not_use_up_the_sample() -> None:
    found = imputation.combine([[10], [12], [14]], [[[4]], [[5]], [[6]]], df=79, rule="satterthwaite")
    assert found.df == pytest.approx([1 / ((15 / 31) ** 2 / 79 + (16 / 31) ** 2 / 2)])
    outside = imputation.combine([[1], [2], [4]], np.zeros((3, 1, 1)), df=79, rule="satterthwaite")
    assert outside.df == pytest.approx([2])
    with pytest.raises(UsageError):
        imputation.combine([[1], [2]], np.zeros((2, 1, 1)), rule="mean")  # type: ignore[arg-type]


def test_without_any_variance_within_the_df_is_finite() -> None:
    found = imputation.combine([[1], [2]], np.zeros((2, 1, 1)), df=79)
    assert found.missing_share == pytest.approx([1])
    assert 0 < found.df[0] <= 1


@given(
    st.lists(st.tuples(st.floats(-1e3, 1e3), st.floats(0.01, 1e3)), min_size=2, max_size=9),
    st.floats(1, 1e5),
)
def test_the_total_is_never_smaller_than_the_within_and_df_never_larger_than_the_designs(pairs, df) -> None:
    estimates = np.array([[pair[0]] for pair in pairs])
    covariances = np.array([[[pair[1]]] for pair in pairs])
    found = imputation.combine(estimates, covariances, df)
    assert found.covariance[0, 0] >= found.within[0, 0]
    assert 0 < found.df[0] <= df
    scaled = imputation.combine(3 * estimates, 9 * covariances, df)
    assert scaled.covariance == pytest.approx(9 * found.covariance)
    assert scaled.df == pytest.approx(found.df)


def test_coverage_of_imputed_means() -> None:
    # A proper imputation: half the values missing at random, normal, mean and variance drawn first.
    rng = np.random.default_rng(20)
    hits, runs, n, m = 0, 400, 60, 10
    for _ in range(runs):
        seen = rng.normal(5, 2, n // 2)
        estimates, variances = np.empty((m, 1)), np.empty((m, 1, 1))
        for k in range(m):
            variance = (len(seen) - 1) * seen.var(ddof=1) / rng.chisquare(len(seen) - 1)
            mean = rng.normal(seen.mean(), np.sqrt(variance / len(seen)))
            full = np.concatenate([seen, rng.normal(mean, np.sqrt(variance), n // 2)])
            estimates[k], variances[k] = full.mean(), full.var(ddof=1) / n
        lower, upper = imputation.combine(estimates, variances, df=n - 1).interval()
        hits += lower[0] <= 5 <= upper[0]
    assert 0.925 <= hits / runs <= 0.975


@pytest.mark.parametrize(
    ("estimates", "covariances", "df"),
    [
        ([[1.0]], [[[1.0]]], 10),
        ([1.0, 2.0], [[[1.0]]] * 2, 10),
        ([[1.0], [2.0]], [[[1.0]]] * 3, 10),
        ([[1.0], [np.nan]], [[[1.0]]] * 2, 10),
        ([[1.0], [2.0]], [[[1.0]], [[-1.0]]], 10),
        ([[1.0], [2.0]], [[[1.0]]] * 2, 0),
        ([[1.0], [2.0]], [[[1.0]]] * 2, np.nan),
    ],
)
def test_what_cannot_be_combined(estimates, covariances, df) -> None:
    with pytest.raises(UsageError):
        imputation.combine(estimates, covariances, df)


def test_a_level_is_a_probability() -> None:
    with pytest.raises(UsageError):
        imputation.combine([[1.0], [2.0]], [[[1.0]]] * 2).interval(95)
