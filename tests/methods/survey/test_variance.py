"""Covariances from replicates and by linearisation: textbook cases, and what must not change them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sojourn.errors import UsageError
from sojourn.methods.survey import influence
from sojourn.methods.survey.linearization import (
    degrees_of_freedom,
    linearized_covariance,
    totals_covariance,
)
from sojourn.methods.survey.variance import (
    contrast,
    replicate_covariance,
    replicate_degrees_of_freedom,
    require_smooth,
    standard_errors,
)

seeds = st.integers(0, 2**32 - 1).map(np.random.default_rng)


def a_survey(rng, rows=40, strata=3):
    stratum = rng.integers(0, strata, rows)
    return rng.normal(size=(rows, 2)), stratum, rng.integers(0, 6, rows)


def test_the_delete_one_jackknife_of_a_mean_is_the_textbook_variance():
    y = np.array([3.0, 1, 4, 1, 5, 9, 2, 6])
    n = len(y)
    replicates = (y.sum() - y) / (n - 1)
    found = replicate_covariance([y.mean()], replicates, scale=(n - 1) / n)
    assert found[0, 0] == pytest.approx(y.var(ddof=1) / n)


def test_a_stratified_sample_with_finite_populations_is_the_textbook_variance():
    # Cochran (1977), 5.3: V(total) = sum N_h^2 (1 - f_h) s_h^2 / n_h
    y, h = np.array([3.0, 1, 4, 1, 5, 9, 2, 6]), np.array([0, 0, 0, 0, 1, 1, 1, 1])
    size = np.array([10.0, 8.0])
    expected = sum(size[k] ** 2 * (1 - 4 / size[k]) * y[h == k].var(ddof=1) / 4 for k in (0, 1))
    found = linearized_covariance(size[h] / 4 * y, h, None, size[h])
    assert found[0, 0] == pytest.approx(expected)
    assert linearized_covariance(size[h] / 4 * y, h, None, (4 / size)[h])[0, 0] == pytest.approx(expected)


def test_two_stages_are_the_textbook_variance():
    # Cochran (1977), 11.21: N^2 (1 - f1) s1^2 / n + N / n sum M_i^2 (1 - f2i) s2i^2 / m_i
    y, unit = np.array([3.0, 1, 4, 1, 5, 9]), np.array([0, 0, 1, 1, 2, 2])
    population, sizes = 12, np.array([4.0, 5.0, 6.0])
    weight = population / 3 * sizes[unit] / 2
    totals = np.array([sizes[i] * y[unit == i].mean() for i in range(3)])
    within = sum(sizes[i] ** 2 * (1 - 2 / sizes[i]) * y[unit == i].var(ddof=1) / 2 for i in range(3))
    expected = population**2 * (1 - 3 / population) * totals.var(ddof=1) / 3 + population / 3 * within
    found = linearized_covariance(
        weight * y, None, [unit, np.arange(6)], [np.full(6, float(population)), sizes[unit]]
    )
    assert found[0, 0] == pytest.approx(expected)


@given(rng=seeds)
@settings(max_examples=40, deadline=None)
def test_linearised_covariances_are_positive_and_know_no_order(rng):
    z, stratum, cluster = a_survey(rng)
    found = linearized_covariance(z, stratum, cluster, None, "adjust")
    assert np.linalg.eigvalsh(found).min() >= -1e-9 * np.abs(found).max()
    order = rng.permutation(len(z))
    shuffled = linearized_covariance(z[order], stratum[order], cluster[order], None, "adjust")
    np.testing.assert_allclose(shuffled, found, rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(
        linearized_covariance(3 * z, stratum, cluster, None, "adjust"), 9 * found, rtol=1e-10
    )
    names = np.array(["north", "south", "west"])[stratum]
    np.testing.assert_allclose(linearized_covariance(z, names, cluster, None, "adjust"), found, rtol=1e-10)


@given(rng=seeds)
@settings(max_examples=40, deadline=None)
def test_sums_per_unit_are_enough_and_absent_units_are_zeros(rng):
    z, stratum, cluster = a_survey(rng)
    z[rng.random(len(z)) < 0.5] = 0
    pair, unit = np.unique(stratum * 10 + cluster, return_inverse=True)
    totals = np.column_stack([np.bincount(unit, column) for column in z.T])
    kept = (totals != 0).any(axis=1)
    found = totals_covariance(
        totals[kept], (pair // 10)[kept], sampled=np.bincount(pair // 10, minlength=3), lonely="remove"
    )
    expected = linearized_covariance(z, stratum, cluster, None, "remove")
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


@given(rng=seeds, center=st.sampled_from(["estimate", "mean"]))
@settings(max_examples=40, deadline=None)
def test_covariances_from_replicates_are_positive_and_scale(rng, center):
    t, r, b = rng.normal(size=3), rng.normal(size=(8, 3)), rng.random(8) + 0.1
    found = replicate_covariance(t, r, scale=0.05, rscales=b, center=center)
    assert np.linalg.eigvalsh(found).min() >= -1e-12
    order = rng.permutation(8)
    again = replicate_covariance(t, r[order], scale=0.05, rscales=b[order], center=center)
    np.testing.assert_allclose(again, found, rtol=1e-10)
    np.testing.assert_allclose(
        replicate_covariance(2 * t, 2 * r, scale=0.05, rscales=b, center=center), 4 * found, rtol=1e-10
    )
    gap, se = contrast(t, found, [-1, 1, 0])
    direct = replicate_covariance([t[1] - t[0]], r[:, [1]] - r[:, [0]], scale=0.05, rscales=b, center=center)
    assert (gap, se) == pytest.approx((t[1] - t[0], standard_errors(direct)[0]))


def test_a_replicate_that_could_not_be_estimated_leaves_the_variance_unknown():
    found = replicate_covariance([1.0, 2.0], [[1.0, np.nan], [2.0, 3.0]], scale=1.0)
    assert found[0, 0] == 1
    assert np.isnan(found[1, 1])


def test_factors_of_zero_do_not_count():
    found = replicate_covariance([0.0], [[1.0], [3.0], [99.0]], scale=1, rscales=[1, 1, 0], center="mean")
    assert found.tolist() == [[2.0]]


LONELY = np.array([1.0, 3.0, 2.0, 6.0, 5.0]), [0, 0, 1, 1, 2]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("certainty", 20.0), ("remove", 20.0), ("average", 30.0), ("adjust", 20.0 + (5 - 17 / 5) ** 2)],
)
def test_a_lonely_unit_follows_the_stated_rule(rule, expected):
    assert linearized_covariance(*LONELY, lonely=rule)[0, 0] == pytest.approx(expected)


def test_a_lonely_unit_without_a_rule_is_refused_unless_its_stratum_is_taken_whole():
    with pytest.raises(UsageError, match="1 strata have a single sampling unit"):
        linearized_covariance(*LONELY)
    whole = np.array([2e9, 2e9, 2e9, 2e9, 1.0])
    assert linearized_covariance(*LONELY, fpc=whole)[0, 0] == pytest.approx(20.0)


def test_a_domain_keeps_the_units_outside_it():
    y, weight, stratum = np.array([1.0, 2, 3, np.nan]), np.ones(4), np.array([0, 0, 1, 1])
    found = influence.total(y, weight, np.array([True, True, True, False]))
    assert linearized_covariance(found.scores, stratum)[0, 0] == pytest.approx(1 + 9)
    assert degrees_of_freedom(stratum, None, [True, True, False, False]) == 1


def test_an_empty_domain_is_not_known():
    found = influence.mean([1.0, 2.0], [1.0, 1.0], [False, False])
    assert np.isnan(found.estimate).all()
    assert (found.scores == 0).all()


def test_degrees_of_freedom_of_replicates_are_their_rank_less_one():
    assert replicate_degrees_of_freedom(np.ones((5, 3))) == 0
    assert replicate_degrees_of_freedom(np.eye(4) + 1) == 3
    assert replicate_degrees_of_freedom(np.zeros((0, 4))) == 0


def test_the_jackknife_of_a_median_is_refused_with_the_reason():
    with pytest.raises(UsageError, match="no consistent variance"):
        require_smooth("JK1", "median")


@pytest.mark.parametrize(
    "arguments",
    [
        {"estimate": [1.0], "replicates": [[1.0, 2.0]], "scale": 1},
        {"estimate": [1.0], "replicates": np.zeros((0, 1)), "scale": 1},
        {"estimate": [1.0], "replicates": [[1.0]], "scale": -1},
        {"estimate": [1.0], "replicates": [[1.0]], "scale": 1, "rscales": [1, 2]},
        {"estimate": [1.0], "replicates": [[1.0]], "scale": 1, "rscales": [-1]},
        {"estimate": [1.0], "replicates": [[1.0]], "scale": 1, "center": "median"},
    ],
)
def test_bad_replicates_are_named(arguments):
    with pytest.raises(UsageError):
        replicate_covariance(**arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        {"scores": [1.0, np.nan]},
        {"scores": [1.0, 2.0], "strata": [0]},
        {"scores": [1.0, 2.0], "fpc": [1.0, 2.0]},
        {"scores": [1.0, 2.0], "fpc": [5.0, 6.0]},
        {"scores": [1.0, 2.0, 3.0], "fpc": [2.0, 2.0, 2.0]},
        {"scores": [1.0, 2.0], "fpc": [-5.0, -5.0]},
        {"scores": [1.0, 2.0], "strata": [[0, 0], [0, 0]], "clusters": [0, 1]},
        {"scores": [1.0, 2.0], "lonely": "guess"},
    ],
)
def test_bad_designs_are_named(arguments):
    with pytest.raises(UsageError):
        linearized_covariance(**arguments)
