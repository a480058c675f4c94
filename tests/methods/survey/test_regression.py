"""Regressions and tables: what they are without a design, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from sojourn.errors import UsageError
from sojourn.methods.survey.contingency import design_effect, effective_cases, rao_scott
from sojourn.methods.survey.influence import ratio
from sojourn.methods.survey.linearization import linearized_covariance
from sojourn.methods.survey.regression import fit, fit_replicates

seeds = st.integers(0, 2**32 - 1).map(np.random.default_rng)


def test_a_logistic_regression_on_one_group_is_its_log_odds_ratio():
    # 30 of 100 against 60 of 80.
    y, x = np.array([1.0, 0, 1, 0]), np.array([[1.0, 0], [1, 0], [1, 1], [1, 1]])
    weight = np.array([30.0, 70, 60, 20])
    for solution in ("exact", "scoring"):
        found = fit(y, x, weight, family="binomial", solution=solution).coefficients
        assert found == pytest.approx([np.log(30 / 70), np.log(60 / 20) - np.log(30 / 70)], rel=1e-9)


@given(rng=seeds)
@settings(max_examples=25, deadline=None)
def test_a_regression_on_the_constant_is_the_mean_with_its_error(rng):
    y, weight = rng.normal(size=30), rng.uniform(1, 4, 30)
    found = fit(y, np.ones((30, 1)), weight)
    mean = ratio(y, np.ones(30), weight)
    assert found.coefficients == pytest.approx(mean.estimate)
    np.testing.assert_allclose(found.scores, mean.scores, atol=1e-12)


@given(rng=seeds, family=st.sampled_from(["gaussian", "binomial"]))
@settings(max_examples=25, deadline=None)
def test_weights_have_no_unit_and_rows_no_order(rng, family):
    x = np.column_stack([np.ones(60), rng.normal(size=(60, 2))])
    y = (rng.random(60) < 0.5).astype(float) if family == "binomial" else rng.normal(size=60)
    weight = rng.uniform(1, 4, 60)
    found, order = fit(y, x, weight, family=family), rng.permutation(60)
    again = fit(y[order], x[order], 1000 * weight[order], family=family)
    np.testing.assert_allclose(again.coefficients, found.coefficients, rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(
        linearized_covariance(again.scores), linearized_covariance(found.scores), rtol=1e-6, atol=1e-12
    )


def test_the_jackknife_and_the_sandwich_agree():
    rng = np.random.default_rng(5)
    x, n = np.column_stack([np.ones(400), rng.normal(size=400)]), 400
    y = (rng.random(n) < 1 / (1 + np.exp(-x @ [0.2, 0.7]))).astype(float)
    weights = np.column_stack([np.ones(n), (1 - np.eye(n)) * n / (n - 1)])
    replicated = fit_replicates(y, x, weights, scale=(n - 1) / n, family="binomial").covariance
    sandwich = linearized_covariance(fit(y, x, np.ones(n), family="binomial").scores)
    np.testing.assert_allclose(np.diag(replicated), np.diag(sandwich), rtol=0.03)


@pytest.mark.parametrize(
    ("y", "x", "weight", "family", "message"),
    [
        ([0, 0, 1, 1], [[1, 0], [1, 0], [1, 1], [1, 1]], [1] * 4, "binomial", "no finite coefficients"),
        ([0, 0, 1, 1], [[1, 1], [1, 1], [1, 1], [1, 1]], [1] * 4, "gaussian", "rank 1"),
        ([0, 0, 1, 1], [[1, 0]] * 4, [1] * 4, "gaussian", "is zero wherever"),
        ([0, 0, 1, 2], [[1]] * 4, [1] * 4, "binomial", "outside 0 to 1"),
        ([0, 0, 1, np.nan], [[1]] * 4, [1] * 4, "gaussian", "missing"),
        ([0, 0, 1, 1], [[1]] * 4, [1, 1, 1, -1], "gaussian", "negative"),
        ([0, 0, 1], [[1]] * 4, [1] * 4, "gaussian", "different lengths"),
        ([0, 0, 1, 1], [[1]] * 4, [1] * 4, "poisson", "no family"),
    ],
)
def test_what_cannot_be_fitted_is_named(y, x, weight, family, message):
    with pytest.raises(UsageError, match=message):
        fit(y, x, weight, family=family)


@pytest.mark.parametrize("solution", ["exact", "scoring"])
def test_a_covariate_that_parts_the_cases_is_named_by_either_solution(solution):
    x = [[1, 0], [1, 0], [1, 1], [1, 1]]
    with pytest.raises(UsageError, match="no finite coefficients"):
        fit([0, 1, 1, 1], x, [1] * 4, family="binomial", solution=solution)


def test_a_simple_random_sample_has_pearsons_test():
    # Fisher's tea-like table of 3 x 2: scipy gives X^2; the generalised design effects are 1.
    counts = np.array([[20.0, 30], [25, 25], [40, 10]])
    n, p = counts.sum(), counts.ravel() / counts.sum()
    found = rao_scott(counts / n, (np.diag(p) - np.outer(p, p)) / n, int(n), n - 1)
    assert found.chi_square == pytest.approx(chi2_contingency(counts, correction=False).statistic)
    assert found.design_effects == pytest.approx([1.0, 1.0])
    assert (found.numerator_df, found.f) == (pytest.approx(2.0), pytest.approx(found.chi_square / 2))
    doubled = rao_scott(counts / n, 2 * (np.diag(p) - np.outer(p, p)) / n, int(n), n - 1)
    assert doubled.f == pytest.approx(found.f / 2)


def test_tables_that_test_nothing_are_refused():
    with pytest.raises(UsageError, match="empty"):
        rao_scott([[0.5, 0.5], [0.0, 0.0]], np.eye(4), 10, 9)
    with pytest.raises(UsageError, match="does not fit"):
        rao_scott([[0.5, 0.5]], np.eye(2), 10, 9)


def test_design_effects_of_a_plain_sample_are_one():
    y, weight = np.array([3.0, 1, 4, 1, 5]), np.ones(5)
    variance = linearized_covariance(ratio(y, np.ones(5), weight).scores)
    assert design_effect(np.diag(variance), y, weight) == pytest.approx([1.0])
    assert np.isnan(design_effect([0.0], [1.0, 1.0], [1.0, 1.0])).all()
    assert effective_cases([0.0]) == 0
