"""The array core of price averages: known answers, the slow version as oracle, properties."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sojourn.methods import prices, transfer_cost


def by_hand(values: list[float], clusters: list[int]) -> tuple[float, float]:
    """The formula of the docstring, written as loops: the oracle."""
    n = len(values)
    mean = sum(values) / n
    names = sorted(set(clusters))
    if len(names) < 2:
        return mean, math.nan
    squares = 0.0
    for name in names:
        own = [value for value, cluster in zip(values, clusters, strict=True) if cluster == name]
        squares += (sum(own) - len(own) * mean) ** 2
    return mean, math.sqrt(len(names) / (len(names) - 1) * squares) / n


def test_total_cost_of_the_worked_example():
    # SDG metadata 10.c.1: fee 5 on 200 is 2.5 %; a rate of 19.6 against 20 takes 2 %.
    assert prices.total_cost(5, 200, 19.6, 20.0) == pytest.approx(4.5)


def test_total_cost_may_be_negative():
    assert prices.total_cost(0, 200, 20.2, 20.0) == pytest.approx(-1.0)


def test_singleton_clusters_give_the_ordinary_standard_error():
    values = np.array([3.0, 5.0, 10.0, 4.0])
    m = prices.clustered_mean(np.ones(4), values, np.zeros(4, int), np.arange(4), 1)
    assert m.mean[0] == pytest.approx(5.5)
    assert m.se[0] == pytest.approx(values.std(ddof=1) / 2)


def test_interval_uses_students_t_with_clusters_minus_one():
    m = prices.clustered_mean([1, 1, 1], [1.0, 2.0, 3.0], [0, 0, 0], [0, 1, 2], 1)
    # qt(0.975, 2) = 4.302653
    assert m.upper[0] - m.mean[0] == pytest.approx(4.302653 * m.se[0], rel=1e-6)


def test_no_error_with_a_single_firm_even_in_two_corridors():
    m = prices.clustered_mean([2, 3], [4.0, 9.0], [0, 0], [7, 7], 1)
    assert m.mean[0] == pytest.approx(2.6)
    assert np.isnan(m.se[0])
    assert np.isnan(m.lower[0])


def test_an_empty_group_is_nan_and_counts_nothing():
    m = prices.clustered_mean([1, 1], [4.0, 6.0], [1, 1], [0, 1], 3)
    assert np.isnan(m.mean[[0, 2]]).all()
    assert m.n.tolist() == [0, 2, 0]


@given(st.lists(st.tuples(st.floats(-50, 300, allow_nan=False), st.integers(0, 4)), min_size=1, max_size=40))
def test_clustered_mean_equals_the_loop(rows):
    values, clusters = [value for value, _ in rows], [cluster for _, cluster in rows]
    names, code = np.unique(clusters, return_inverse=True)
    counts = np.bincount(code)
    totals = np.bincount(code, weights=values)
    m = prices.clustered_mean(counts, totals, np.zeros(len(names), int), names, 1)
    mean, se = by_hand(values, clusters)
    assert m.mean[0] == pytest.approx(mean, abs=1e-9)
    if math.isnan(se):
        assert np.isnan(m.se[0])
    else:
        assert m.se[0] == pytest.approx(se, abs=1e-7)


@given(st.lists(st.tuples(st.floats(-5, 90), st.integers(0, 3)), min_size=1, max_size=30), st.integers(1, 5))
def test_cheapest_mean_equals_sorting_each_group(rows, services):
    values, group = [value for value, _ in rows], [code for _, code in rows]
    mean, n = prices.cheapest_mean(values, group, 4, services)
    for code in range(4):
        own = sorted(value for value, g in rows if g == code)[:services]
        assert n[code] == len(own)
        if own:
            assert mean[code] == pytest.approx(sum(own) / len(own))
        else:
            assert np.isnan(mean[code])


@given(st.lists(st.tuples(st.floats(-5, 90), st.integers(0, 3)), min_size=1, max_size=30))
def test_median_equals_numpys(rows):
    values, group = np.array([value for value, _ in rows]), np.array([code for _, code in rows])
    found = prices.middle(values, group, 4)
    for code in range(4):
        own = values[group == code]
        assert np.isnan(found[code]) if not len(own) else found[code] == pytest.approx(np.median(own))


def test_weighted_mean_leaves_a_group_without_weight_nan():
    mean, weight = prices.weighted_mean([4.0, 8.0, 5.0], [3.0, 1.0, 0.0], [0, 0, 1], 2)
    assert mean[0] == pytest.approx(5.0)
    assert np.isnan(mean[1])
    assert weight.tolist() == [4.0, 0.0]


def test_five_points_of_317_billion_are_the_published_16_billion():
    # World Bank, remittance prices policy note of April 2010: "up to $16 billion".
    assert transfer_cost.spent([317.0], [5.0])[0] == pytest.approx(15.85)


def test_saving_counts_only_what_is_above_the_ceiling():
    assert transfer_cost.saving([100.0, 100.0, 100.0], [2.0, 3.0, 7.5], 3.0).tolist() == [0.0, 0.0, 4.5]


def test_gross_up_recovers_the_amount_sent():
    # 1,000 sent at a margin of 2 % arrive as 980; costs of 7 % are 70 either way.
    assert transfer_cost.spent_on_received([980.0], [7.0], [2.0])[0] == pytest.approx(
        transfer_cost.spent([1000.0], [7.0])[0]
    )
