"""Weighted quantiles: NumPy's where weights are equal, hand-worked cases where they are not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sojourn.errors import UsageError
from sojourn.methods.survey.quantiles import RULES, weighted_quantile, woodruff

# Hyndman and Fan's numbers, and what NumPy calls them.
NUMPY_NAMES = {
    "math": "inverted_cdf",
    "hf1": "inverted_cdf",
    "school": "averaged_inverted_cdf",
    "hf2": "averaged_inverted_cdf",
    "nearest": "closest_observation",
    "hf4": "interpolated_inverted_cdf",
    "hf5": "hazen",
    "hf6": "weibull",
    "hf7": "linear",
    "hf8": "median_unbiased",
    "hf9": "normal_unbiased",
}
values_and_weights = st.lists(
    st.tuples(st.integers(-1000, 1000), st.integers(0, 9)),
    min_size=1,
    max_size=25,
    unique_by=lambda pair: pair[0],
).filter(lambda pairs: any(weight for _, weight in pairs))
probability = st.integers(1, 99).map(lambda percent: percent / 100)


def arrays(pairs):
    ordered = np.array(sorted(pairs), float)
    return ordered[:, 0], ordered[:, 1]


@pytest.mark.parametrize(("rule", "name"), NUMPY_NAMES.items())
@given(
    values=st.lists(st.integers(-999, 999), min_size=1, max_size=30, unique=True).map(sorted), q=probability
)
@settings(max_examples=60, deadline=None)
def test_equal_weights_give_the_rule_of_hyndman_and_fan(rule, name, values, q):
    if abs(2 * q * len(values) - round(2 * q * len(values))) < 1e-9:
        q += 1e-6  # exact ties: NumPy decides them in floating point; they are worked by hand below
    found = weighted_quantile(values, np.full(len(values), 0.7), q, rule)
    assert found == pytest.approx(np.quantile(np.array(values, float), q, method=name), rel=1e-9, abs=1e-9)


def test_unequal_weights_and_exact_ties_by_hand():
    values, weights = [10.0, 20.0, 30.0, 40.0], [1.0, 2.0, 1.0, 4.0]  # S / W = 1/8, 3/8, 4/8, 1
    assert weighted_quantile(values, weights, 0.5, "math") == 30
    assert weighted_quantile(values, weights, 0.5, "school") == 35
    assert weighted_quantile(values, weights, 0.375, "math") == 20
    assert (
        weighted_quantile(values, weights, 0.4375, "nearest") == 20
    )  # midway between 3/8 and 4/8: even place
    assert weighted_quantile(values, weights, 0.25, "nearest") == 20  # midway between 1/8 and 3/8: even place
    # R survey: exactly at the third place, which is odd, the next; at the second, which is even, the same.
    assert weighted_quantile(values, weights, 0.5, "hf3") == 40
    assert weighted_quantile(values, weights, 0.375, "hf3") == 20
    assert weighted_quantile(values, weights, 0.4375, "hf3") == 30
    assert weighted_quantile(values, weights, 0.25, "hf4") == 15
    assert weighted_quantile(values, weights, 0.0625, "hf4") == 10  # below the first position: held
    # Midpoints 1/16, 4/16, 7/16, 12/16.
    assert weighted_quantile(values, weights, 0.375, "hf5") == pytest.approx(20 + 10 * 2 / 3)
    # Positions 1/12, 3/12, 4/12, 8/12.
    assert weighted_quantile(values, weights, 0.5, "hf6") == 35
    # Positions 0, 1/4, 3/4, 1.
    assert weighted_quantile(values, weights, 0.5, "hf7") == 25
    # Positions (1 - 1/3, 3 - 2/3, 4 - 1/3, 8 - 4/3) / (8 + 4/3).
    assert weighted_quantile(values, weights, 0.5, "hf8") == pytest.approx(30 + 10 * (14 - 11) / (20 - 11))
    # Positions (1 - 3/8, 3 - 6/8, 4 - 3/8, 8 - 12/8) / 9.
    assert weighted_quantile(values, weights, 0.5, "hf9") == pytest.approx(30 + 10 * (36 - 29) / (52 - 29))
    # Weights scaled to 4 in all: sums 0.5, 1.5, 2, 4; positions 0.75/5, 1.5/5, 2.25/5, 3.5/5.
    assert weighted_quantile(values, weights, 0.44, "shahvaish") == 30
    assert weighted_quantile(values, weights, 0.46, "shahvaish") == 40


@pytest.mark.parametrize("rule", ["hf4", "hf5", "hf6", "hf7", "hf8", "hf9"])
def test_first_middle_and_last_place_of_a_value_stand_for_all_its_rows(rule):
    rows = np.array([1, 2, 2, 2, 2, 3, 3, 5], float)
    weights = np.array([3, 1, 4, 1, 5, 9, 2, 6], float)
    three_places = [1, 2, 2, 2, 3, 3, 5], [3, 1, 5, 5, 9, 2, 6]
    for q in np.linspace(0, 1, 41):
        assert weighted_quantile(*three_places, q, rule) == pytest.approx(
            weighted_quantile(rows, weights, q, rule)
        )


@pytest.mark.parametrize("rule", ["math", "school", "hf1", "hf2", "hf3"])
@given(
    pairs=st.lists(st.tuples(st.integers(0, 5), st.integers(1, 5)), min_size=1, max_size=20), q=probability
)
@settings(max_examples=50, deadline=None)
def test_ties_may_stand_together_or_apart(rule, pairs, q):
    ordered = np.array(sorted(pairs), float)
    values, place = np.unique(ordered[:, 0], return_inverse=True)
    together = weighted_quantile(values, np.bincount(place, ordered[:, 1]), q, rule)
    assert weighted_quantile(ordered[:, 0], ordered[:, 1], q, rule) == together


@pytest.mark.parametrize("rule", RULES)
@given(pairs=values_and_weights, q=probability, factor=st.sampled_from([0.5, 4.0, 1024.0]))
@settings(max_examples=50, deadline=None)
def test_scale_columns_and_empty_places_change_nothing(rule, pairs, q, factor):
    values, weights = arrays(pairs)
    found = weighted_quantile(values, weights, q, rule)
    assert values[weights > 0].min() <= found <= values[weights > 0].max()
    assert weighted_quantile(values, factor * weights, q, rule) == pytest.approx(found)
    kept = weights > 0
    assert weighted_quantile(values[kept], weights[kept], q, rule) == pytest.approx(found)
    assert weighted_quantile(2 * values, weights, q, rule) == pytest.approx(2 * found)
    both = weighted_quantile(values, np.column_stack([weights, weights[::-1], 0 * weights]), q, rule)
    assert both[0] == found
    assert both[1] == weighted_quantile(values, weights[::-1].copy(), q, rule)
    assert np.isnan(both[2])


@pytest.mark.parametrize("rule", RULES)
@given(pairs=values_and_weights)
@settings(max_examples=50, deadline=None)
def test_a_quantile_never_falls_as_the_probability_grows(rule, pairs):
    values, weights = arrays(pairs)
    found = [weighted_quantile(values, weights, q, rule) for q in np.linspace(0, 1, 23)]
    assert (np.diff(found) >= -1e-9).all()


def test_woodruff_without_an_error_has_no_interval():
    found = woodruff([1.0, 2.0], [1.0, 1.0], 0.5, lambda x: (np.nan, np.nan), critical=2.0)
    assert found.estimate == 1
    assert np.isnan([found.se, found.lower, found.upper]).all()
    assert np.isnan(woodruff([1.0], [0.0], 0.5, lambda x: (0.0, 1.0), critical=2.0).estimate)


@pytest.mark.parametrize(
    ("values", "weights", "q", "rule"),
    [
        ([2.0, 1.0], [1.0, 1.0], 0.5, "math"),
        ([1.0, np.nan], [1.0, 1.0], 0.5, "math"),
        ([1.0, 2.0], [1.0], 0.5, "math"),
        ([], [], 0.5, "math"),
        ([1.0], [np.nan], 0.5, "math"),
        ([1.0], [1.0], 1.5, "math"),
        ([1.0], [1.0], 0.5, "hf10"),
    ],
)
def test_bad_input_is_named(values, weights, q, rule):
    with pytest.raises(UsageError):
        weighted_quantile(values, weights, q, rule)
