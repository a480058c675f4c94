"""Recruitment cost: the worked example, both treatments of those who paid nothing, and broken rows."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sojourn.errors import UsageError
from sojourn.methods import recruitment_cost as rc

COST, EARNED = [100, 200, 400, 800, 50], [100, 400, 200, 100, 500]


def test_the_worked_example() -> None:
    # Our own example of the method's notes: RCI 1, 0.5, 2, 8, 0.1.
    assert rc.months_of_earnings(COST, EARNED).tolist() == [1, 0.5, 2, 8, 0.1]
    found = dict(zip(rc.STATISTICS, rc.statistics(COST, EARNED, np.ones(5)).tolist(), strict=True))
    assert found["MEAN_OF_RATIOS"] == pytest.approx(2.32)
    assert found["MEDIAN"] == pytest.approx(1)
    assert found["RATIO_OF_MEANS"] == pytest.approx(1550 / 1300)
    assert round(found["RATIO_OF_MEANS"], 3) == 1.192
    assert found["FOURTH_QUINTILE"] == pytest.approx(3.2)


def test_published_means_as_a_ratio_of_means() -> None:
    # Bangladesh, Cost of Migration Survey 2020: 17.6 months; mean cost 416,789 and earnings 23,693 taka.
    found = rc.statistics([416_789], [23_693], [1])
    assert round(found[rc.STATISTICS.index("RATIO_OF_MEANS")], 1) == 17.6
    # Lao PDR, LFS 2017: means 141.31 and 430.88 USD; the published 0.33 is the rounded ratio of these too.
    assert round(rc.statistics([141.31], [430.88], [1])[3], 2) == 0.33


def test_refunds_lower_and_deductions_raise_the_cost() -> None:
    assert rc.cost([[100, 20, 0]], refunded=[30], deducted=[15]).tolist() == [105]
    assert np.isnan(rc.cost([[100, np.nan]])).all()


def test_the_reference_month_is_a_parameter_and_held_back_cost_is_added() -> None:
    workers = pl.DataFrame(
        {
            "cost": [300.0],
            "earnings_last_month": [150.0],
            "earnings_first_month": [80.0],
            "recovered_first_month": [20.0],
        }
    )
    value = {
        month: rc.statistics_table(workers, month=month)[0].filter(statistic="MEDIAN")["value"][0]
        for month in ("last", "first")
    }
    assert value == {"last": 2.0, "first": 3.0}


def test_those_who_paid_nothing_both_ways_and_by_groups() -> None:
    workers = pl.DataFrame(
        {
            "sex": ["M", "F", "M", "F"],
            "cost": [100, 0, 0, 50],
            "earnings_last_month": [50, 50, 100, 100],
            "w": [1.0, 1.0, 3.0, 1.0],
        }
    )
    found, problems = rc.statistics_table(workers, by=["sex"], weight="w")
    assert problems.height == 0
    mean = found.filter(statistic="MEAN_OF_RATIOS").select("sex", "zero_cost", "value", "n", "se").rows()
    assert mean == [
        ("F", "kept", 0.25, 2, None),
        ("F", "left_out", 0.5, 1, None),
        ("M", "kept", 0.5, 2, None),
        ("M", "left_out", 2.0, 1, None),
    ]


def test_replicate_weights_give_an_error() -> None:
    workers = pl.DataFrame(
        {"cost": COST, "earnings_last_month": EARNED, "w": [1.0] * 5}
        | {f"r{k}": [1.25 * (k != i) for i in range(5)] for k in range(5)}
    )
    found, _ = rc.statistics_table(
        workers, weight="w", replicates=[f"r{k}" for k in range(5)], factors=[0.8] * 5
    )
    # The delete-one jackknife of a mean is its classical standard error.
    classical = np.std([1, 0.5, 2, 8, 0.1], ddof=1) / np.sqrt(5)
    mean = found.filter(statistic="MEAN_OF_RATIOS", zero_cost="kept")
    assert mean["se"].to_list() == pytest.approx([classical])


def test_items_become_costs() -> None:
    items = pl.DataFrame(
        {
            "worker": ["b", "a", "a", "a", "c"],
            "item": ["visa", "visa", "fee", "fee", "fee"],
            "kind": ["paid", "paid", "paid", "deducted", "paid"],
            "amount": [5.0, 10.0, 20.0, 7.0, None],
        }
    )
    assert rc.cost_table(items).select("worker", "cost").rows() == [("a", 37.0), ("b", 5.0), ("c", None)]


def test_broken_rows_are_listed_and_in_no_sum() -> None:
    workers = pl.DataFrame(
        {
            "cost": [100.0, None, -1.0, 10.0, 20.0],
            "earnings_last_month": [100.0, 100.0, 100.0, 0.0, None],
            "w": [1.0, 1.0, 1.0, 1.0, -2.0],
        }
    )
    found, problems = rc.statistics_table(workers, weight="w")
    assert set(found["value"].to_list()) == {1.0}
    assert set(found["n"].to_list()) == {1}
    assert problems.select("row", "column", "value").rows() == [
        (2, "cost", None),
        (3, "cost", "-1.0"),
        (4, "earnings_last_month", "0.0"),
        (5, "earnings_last_month", None),
        (5, "w", "-2.0"),
    ]


def test_nobody_gives_null() -> None:
    workers = pl.DataFrame({"cost": [0.0], "earnings_last_month": [10.0]})
    found, _ = rc.statistics_table(workers)
    assert found.filter(zero_cost="left_out")["value"].to_list() == [None] * 4
    none, _ = rc.statistics_table(workers.head(0))
    assert none["n"].to_list() == [0] * 8


pairs = st.lists(st.tuples(st.floats(0, 1e6), st.floats(1, 1e5), st.integers(1, 4)), min_size=1, max_size=12)


@given(pairs)
def test_statistics_lie_between_the_extremes_and_ignore_order_and_currency(rows) -> None:
    c, e, w = (np.array(column, float) for column in zip(*rows, strict=True))
    found, ratio = rc.statistics(c, e, w), c / e
    slack = 1e-9 * (1 + ratio.max())
    assert np.all((found >= ratio.min() - slack) & (found <= ratio.max() + slack))
    assert rc.statistics(c[::-1], e[::-1], w[::-1]) == pytest.approx(found)
    assert rc.statistics(90 * c, 90 * e, 7 * w) == pytest.approx(found)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20), st.floats(0, 1))
def test_with_equal_weights_the_quantile_is_numpys_own(values, probability) -> None:
    assert rc.weighted_quantile(values, np.full(len(values), 3.0), probability) == pytest.approx(
        np.quantile(values, probability), abs=1e-6
    )


@pytest.mark.parametrize(
    "broken",
    [
        lambda: rc.cost([1.0]),
        lambda: rc.cost([[-1.0]]),
        lambda: rc.cost([[1.0]], refunded=[2.0]),
        lambda: rc.months_of_earnings([-1], [1]),
        lambda: rc.statistics([1.0], [0.0], [1.0]),
        lambda: rc.statistics([1.0], [1.0], [-1.0]),
        lambda: rc.statistics([1.0], [1.0, 2.0], [1.0]),
        lambda: rc.weighted_quantile([1.0], [1.0], 2),
        lambda: rc.statistics_table(pl.DataFrame({"cost": [1.0]})),
        lambda: rc.statistics_table(
            pl.DataFrame({"cost": [1.0], "earnings_last_month": [1.0], "w": [1.0]}), weight="w", factors=[1]
        ),
        lambda: rc.cost_table(
            pl.DataFrame({"worker": [1], "item": ["a"], "kind": ["gift"], "amount": [1.0]})
        ),
        lambda: rc.cost_table(
            pl.DataFrame({"worker": [1], "item": ["a"], "kind": ["paid"], "amount": [-1.0]})
        ),
        lambda: rc.cost_table(
            pl.DataFrame({"worker": [1, 1], "item": ["a", "a"], "kind": ["paid"] * 2, "amount": [1.0, 1.0]})
        ),
    ],
)
def test_what_cannot_be_computed(broken) -> None:
    with pytest.raises(UsageError):
        broken()
