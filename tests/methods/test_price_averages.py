"""The table layer of price averages against a plain group-by, and its independence of order."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from sojourn.methods import price_averages


@pytest.fixture
def quotes() -> pl.DataFrame:
    rng = np.random.default_rng(3)
    size = 500
    return pl.DataFrame(
        {
            "period": rng.choice(["2014-Q1", "2014-Q2"], size),
            "sending": rng.choice(["USA", "GBR", "DEU"], size),
            "receiving": rng.choice(["MEX", "IND"], size),
            "firm": rng.choice(["a", "b", "c", "d"], size),
            "cost": rng.normal(8, 3, size).round(2),
        }
    )


@pytest.mark.parametrize("by", [["period"], ["period", "sending"], ["period", "sending", "receiving"]])
def test_mean_equals_a_plain_group_by(quotes, by):
    found = price_averages.mean(price_averages.cells(quotes, ["period"]), by)
    plain = quotes.group_by(by).agg(pl.col("cost").mean().alias("value"), pl.len().cast(pl.Int64).alias("n"))
    assert_frame_equal(found.select(*by, "value", "n"), plain.sort(by))


def test_the_order_of_rows_changes_no_group_and_hardly_a_bit(quotes):
    by = ["period", "sending"]
    one = price_averages.mean(price_averages.cells(quotes, ["period"]), by)
    other = price_averages.mean(
        price_averages.cells(quotes.sample(fraction=1, shuffle=True, seed=1), ["period"]), by
    )
    assert_frame_equal(one, other, rel_tol=1e-12)


def test_the_same_rows_give_the_same_bits(quotes):
    one = price_averages.mean(price_averages.cells(quotes, ["period"]), ["period"])
    other = price_averages.mean(price_averages.cells(quotes, ["period"]), ["period"])
    assert one["value"].to_numpy().tobytes() == other["value"].to_numpy().tobytes()


@given(st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from([200, 500])), min_size=1, max_size=30))
def test_encode_numbers_groups_in_sorted_order(rows):
    frame = pl.DataFrame(rows, schema=["a", "b"], orient="row")
    code, groups = price_averages.encode(frame, ["a", "b"])
    assert groups.rows() == sorted(set(rows))
    assert [groups.row(one) for one in code] == rows


def test_encode_an_empty_frame():
    code, groups = price_averages.encode(pl.DataFrame(schema={"a": pl.String}), ["a"])
    assert len(code) == 0
    assert groups.height == 0


def test_sparse_keys_are_numbered_by_sorting_and_dense_ones_by_counting():
    dense = np.array([3, 1, 3, 0])
    assert price_averages._number(dense, 4)[1].tolist() == [2, 1, 2, 0]
    present, code = price_averages._number(dense, 10**9)
    assert present.tolist() == [0, 1, 3]
    assert code.tolist() == [2, 1, 2, 0]


def test_weighted_mean_leaves_out_groups_without_weight():
    frame = pl.DataFrame({"g": ["a", "a", "b"], "v": [4.0, 8.0, 1.0], "w": [3.0, 1.0, 0.0]})
    found = price_averages.weighted_mean(frame, "v", "w", ["g"])
    assert found.rows() == [("a", 5.0, 2)]
