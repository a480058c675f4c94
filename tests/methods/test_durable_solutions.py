"""Durable solutions: verdicts with design-based errors, what is not known, and what is refused."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sojourn.errors import UsageError
from sojourn.methods import durable_solutions as ds


def test_a_difference_of_two_proportions_by_hand() -> None:
    # 60 % and 75 %, standard errors 2 and 1 points: difference -15 points, error sqrt(5) points.
    found = ds.compare([0.60], [0.75], np.diag([0.0004, 0.0001]), [True], [0.05])
    assert found.difference == pytest.approx([-0.15])
    assert found.standard_error == pytest.approx([np.sqrt(5) / 100])
    assert found.upper == pytest.approx([-0.15 + 1.959964 * np.sqrt(5) / 100], abs=1e-7)
    assert found.f == pytest.approx((0.15 / 0.02236068) ** 2)
    assert found.p == pytest.approx(1.97e-11, rel=0.01)


def test_a_benchmark_that_contains_the_displaced() -> None:
    # A covariance of the two makes the difference surer.
    v = np.array([[4.0, 2.0], [2.0, 3.0]])
    assert ds.compare([1.0], [1.0], v, [True], [0.0]).standard_error == pytest.approx([np.sqrt(3)])


def test_no_difference_shown_is_not_no_difference() -> None:
    vague = ds.compare([0.70], [0.75], np.diag([0.01, 0.0]), [True], [0.02])
    assert vague.verdict == (ds.CANNOT_TELL,)
    sharp = ds.compare([0.74], [0.75], np.diag([1e-6, 0.0]), [True], [0.02])
    assert sharp.verdict == (ds.WITHIN,)
    exact = ds.compare([0.5, 0.5], [0.5, 0.6], np.zeros((4, 4)), [True, True], [0.0, 0.0])
    assert exact.verdict == (ds.WITHIN, ds.GAP)
    assert np.isnan(exact.f)


def test_lower_may_be_better() -> None:
    found = ds.compare([0.4], [0.2], np.diag([1e-4, 1e-4]), [False], [0.05])
    assert found.verdict == (ds.GAP,)
    assert found.difference == pytest.approx([-0.2])


def test_the_rate_of_false_verdicts() -> None:
    # On the edge of the margin "within margin" is wrong, and said in about 2.5 % of samples.
    rng = np.random.default_rng(9)
    said = [
        ds.compare([0.70 + 0.02 * rng.normal()], [0.75], np.diag([0.0004, 0.0]), [True], [0.05]).verdict[0]
        for _ in range(2000)
    ]
    assert 0.012 <= said.count(ds.WITHIN) / 2000 <= 0.04


TABLE = pl.DataFrame(
    {
        "criterion": ["SAFETY", "LIVING", "LIVING", "DOCUMENTS"],
        "indicator": ["victim", "poor", "water", "identity card"],
        "better": ["lower", "lower", "higher", "higher"],
        "margin": [0.02, 0.03, 0.03, 0.03],
        "displaced": [0.05, 0.40, 0.90, 0.90],
        "benchmark": [0.05, 0.25, 0.90, 0.91],
        "displaced_se": [0.004, 0.02, 0.005, 0.03],
        "benchmark_se": [0.004, 0.02, 0.005, 0.03],
    }
)


def test_criteria_and_all_together() -> None:
    lines, criteria = ds.compare_table(TABLE, df=79)
    verdict = dict(criteria.select("criterion", "verdict").rows())
    assert verdict["SAFETY"] == ds.WITHIN
    assert verdict["LIVING"] == ds.GAP
    assert verdict["DOCUMENTS"] == ds.CANNOT_TELL
    assert verdict["FAMILY"] is None
    assert verdict["ALL"] == ds.GAP
    assert criteria.filter(criterion="ALL")["name"][0] == "3 of 8 criteria"
    assert lines["verdict"].to_list() == [ds.WITHIN, ds.GAP, ds.WITHIN, ds.CANNOT_TELL]
    met, all_met = ds.compare_table(TABLE.filter(criterion="SAFETY"), df=79)
    assert met.height == 1
    assert all_met["verdict"][-1] == ds.WITHIN


def test_criteria_are_configurable_and_a_covariance_may_be_given() -> None:
    own = TABLE.head(1).with_columns(pl.lit("PEACE").alias("criterion")).drop("displaced_se", "benchmark_se")
    _, criteria = ds.compare_table(own, np.diag([1e-6, 1e-6]), {"PEACE": "own criterion"})
    assert criteria["criterion"].to_list() == ["PEACE", "ALL"]
    assert set(ds.IRIS_KEY_CRITERIA) < set(ds.IASC_CRITERIA)
    assert len(ds.IASC_CRITERIA) == 8


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0.001, 0.2)), min_size=1, max_size=5))
def test_turning_the_scale_round_turns_nothing(rows) -> None:
    a, b, e = (np.array(column) for column in zip(*rows, strict=True))
    v, margin = np.diag(np.concatenate([e, e]) ** 2), np.full(a.size, 0.05)
    up = ds.compare(a, b, v, np.full(a.size, True), margin)
    down = ds.compare(1 - a, 1 - b, v, np.full(a.size, False), margin)
    assert up.difference == pytest.approx(down.difference, abs=1e-9)
    assert up.standard_error == pytest.approx(down.standard_error)


@pytest.mark.parametrize(
    "broken",
    [
        lambda: ds.compare([], [], np.zeros((0, 0)), [], []),
        lambda: ds.compare([1.0], [1.0], np.zeros((1, 1)), [True], [0.0]),
        lambda: ds.compare([np.nan], [1.0], np.zeros((2, 2)), [True], [0.0]),
        lambda: ds.compare([1.0], [1.0], np.zeros((2, 2)), [True], [-1.0]),
        lambda: ds.compare([1.0], [1.0], np.diag([-1.0, 0.0]), [True], [0.0]),
        lambda: ds.compare([1.0], [1.0], np.zeros((2, 2)), [1.0], [0.0]),
        lambda: ds.judge(ds.compare([1.0], [1.0], np.zeros((2, 2)), [True], [0.0]), []),
        lambda: ds.overcome([[2.0]]),
        lambda: ds.compare_table(TABLE.drop("margin")),
        lambda: ds.compare_table(TABLE.with_columns(pl.lit("LUCK").alias("criterion"))),
        lambda: ds.compare_table(TABLE.with_columns(pl.lit("more").alias("better"))),
        lambda: ds.compare_table(pl.concat([TABLE, TABLE])),
        lambda: ds.compare_table(TABLE.with_columns(pl.lit(None, pl.Float64).alias("displaced_se"))),
    ],
)
def test_what_cannot_be_compared(broken) -> None:
    with pytest.raises(UsageError):
        broken()
