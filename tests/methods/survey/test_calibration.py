"""Calibration: totals are met, cells are enough, and what no weights reach is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sojourn.errors import UsageError
from sojourn.methods.survey.calibration import calibrate, indicators, post_stratify, rake
from sojourn.methods.survey.influence import calibrated_scores

seeds = st.integers(0, 2**32 - 1).map(np.random.default_rng)


def a_sample(rng, rows=60):
    sex, age = rng.permutation(np.arange(rows) % 2), rng.permutation(np.arange(rows) % 3)
    return sex, age, rng.uniform(1, 3, (rows, 4))


SEX, AGE = np.array([60.0, 40.0]), np.array([30.0, 45.0, 25.0])


@given(rng=seeds)
@settings(max_examples=30, deadline=None)
def test_raking_meets_the_margins_and_is_the_raking_distance(rng):
    sex, age, weights = a_sample(rng)
    raked = rake(weights, [(sex, SEX), (age, AGE)])
    for column in raked.T:
        np.testing.assert_allclose(np.bincount(sex, column), SEX, rtol=1e-10)
        np.testing.assert_allclose(np.bincount(age, column), AGE, rtol=1e-10)
    by_newton = calibrate(weights, indicators(sex, age), np.concatenate([SEX, AGE]), distance="raking")
    np.testing.assert_allclose(raked, by_newton, rtol=1e-8)


@given(rng=seeds, distance=st.sampled_from(["linear", "raking", "logit"]))
@settings(max_examples=30, deadline=None)
def test_cells_are_calibrated_as_their_rows(rng, distance):
    sex, age, weights = a_sample(rng)
    x, totals = indicators(sex, age), np.concatenate([SEX, AGE])
    bounds = (0.05, 20.0) if distance == "logit" else None
    rows = calibrate(weights, x, totals, distance=distance, bounds=bounds)
    np.testing.assert_allclose(x.T @ rows, np.repeat(totals[:, None], 4, axis=1), rtol=1e-9)
    pair, cell = np.unique(sex * 3 + age, return_inverse=True)
    summed = np.column_stack([np.bincount(cell, column) for column in weights.T])
    cells = calibrate(summed, indicators(pair // 3, pair % 3), totals, distance=distance, bounds=bounds)
    np.testing.assert_allclose((cells / summed)[cell], rows / weights, rtol=1e-7)


def test_logit_weights_stay_between_their_bounds():
    rng = np.random.default_rng(1)
    sex, age, weights = a_sample(rng)
    totals = np.concatenate([weights[:, 0].sum() * SEX / 100, weights[:, 0].sum() * AGE / 100])
    ratio = (
        calibrate(weights[:, 0], indicators(sex, age), totals, distance="logit", bounds=(0.6, 1.6))
        / weights[:, 0]
    )
    assert ratio.min() > 0.6
    assert ratio.max() < 1.6


def test_post_strata_are_raking_of_one_margin_and_the_linear_distance():
    sex, _, weights = a_sample(np.random.default_rng(2))
    found = post_stratify(weights, sex, SEX)
    np.testing.assert_allclose(rake(weights, [(sex, SEX)]), found, rtol=1e-12)
    np.testing.assert_allclose(calibrate(weights, indicators(sex), SEX), found, rtol=1e-10)
    assert post_stratify(weights[:, 0], sex, SEX).shape == (60,)


def test_linear_calibration_to_one_total_is_the_ratio_estimator_of_deville_and_sarndal():
    # Their (2.11) with one x and q = 1/x: w = d T / sum d x; here q = 1, so w = d (1 + x (T - X) / sum d x^2).
    d, x = np.array([1.0, 2.0, 3.0]), np.array([2.0, 1.0, 4.0])
    expected = d * (1 + x * (30 - d @ x) / (d @ x**2))
    np.testing.assert_allclose(calibrate(d, x[:, None], [30.0]), expected, rtol=1e-12)


def test_what_the_auxiliaries_explain_has_no_score_left():
    rng = np.random.default_rng(3)
    sex, age, weights = a_sample(rng)
    x = indicators(sex, age)
    u = x @ rng.normal(size=5)
    for regression in ("design", "equal"):
        left = calibrated_scores(weights[:, 1] * u, weights[:, 1], weights[:, 0], x, regression=regression)
        assert np.abs(left).max() < 1e-12


def test_a_row_of_weight_zero_keeps_the_score_zero():
    left = calibrated_scores([0.0, 1.0, 3.0], [0.0, 1.0, 1.0], [0.0, 1.0, 1.0], np.ones((3, 1)))
    np.testing.assert_allclose(left.ravel(), [0, -1, 1], atol=1e-12)


@pytest.mark.parametrize(
    ("margins", "message"),
    [
        ([([0, 0, 1], [4.0, 4.0]), ([0, 1, 1], [4.0, 5.0])], "adds up to 9"),
        ([([0, 0, 1], [4.0, 4.0, 2.0])], "known total 2 and no weight"),
        ([([0, 0, 2], [4.0, 4.0])], "code 2"),
        ([([0, 0], [4.0, 4.0])], "another number of cells"),
        ([([0, 0, 1], [4.0, np.nan])], "missing or negative total"),
        ([], "at least one margin"),
        # Women are all young here, so that five women and four young contradict each other.
        ([([0, 0, 1], [4.0, 5.0]), ([0, 0, 0], [9.0]), ([1, 1, 0], [4.0, 5.0])], "after 1000 rounds"),
    ],
)
def test_margins_that_cannot_be_met_are_named(margins, message):
    with pytest.raises(UsageError, match=message):
        rake([1.0, 2.0, 3.0], margins)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"totals": [10.0, 5.0]}, "misses a total"),  # the two auxiliaries are the same
        ({"totals": [60.0, 60.0], "distance": "logit", "bounds": (0.5, 2.0)}, "misses a total"),
        ({"totals": [-6.0, -6.0], "distance": "raking"}, "misses a total"),
        ({"totals": [6.0, 6.0], "distance": "logit"}, "Bounds"),
        ({"totals": [6.0, 6.0], "distance": "logit", "bounds": (1.5, 2.0)}, "bounds of the weights are"),
        ({"totals": [6.0, 6.0], "distance": "entropy"}, "no distance"),
        ({"totals": [6.0]}, "do not fit"),
        ({"totals": [6.0, np.nan]}, "missing or infinite"),
    ],
)
def test_totals_that_cannot_be_met_are_named(options, message):
    with pytest.raises(UsageError, match=message):
        calibrate([1.0, 2.0, 3.0], np.ones((3, 2)), **options)
