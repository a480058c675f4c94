"""The table layer of price averages against a plain group-by, and its independence of order."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from sojourn.methods import price_averages
from sojourn.methods.coded import Coded


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


def coded(quotes: pl.DataFrame) -> Coded:
    return Coded.of(quotes, ["period", *price_averages.CLUSTER], ["cost"])


@pytest.mark.parametrize("by", [["period"], ["period", "sending"], ["period", "sending", "receiving"]])
def test_mean_equals_a_plain_group_by(quotes, by):
    found = price_averages.mean(price_averages.cells(coded(quotes), ["period"]), by)
    plain = quotes.group_by(by).agg(pl.col("cost").mean().alias("value"), pl.len().cast(pl.Int64).alias("n"))
    assert_frame_equal(found.select(*by, "value", "n"), plain.sort(by))


def test_cells_hold_each_row_once(quotes):
    found = price_averages.cells(coded(quotes), ["period"])
    keys = ["period", *price_averages.CLUSTER]
    plain = quotes.group_by(keys).agg(pl.len().alias("count"), pl.col("cost").sum().alias("total")).sort(keys)
    assert found.named(keys, found.combined(keys)).rows() == plain.select(keys).rows()
    assert found.values["count"].tolist() == plain["count"].to_list()
    assert found.values["total"] == pytest.approx(plain["total"].to_numpy())


def test_the_order_of_rows_changes_no_group_and_hardly_a_bit(quotes):
    by = ["period", "sending"]
    one = price_averages.mean(price_averages.cells(coded(quotes), ["period"]), by)
    other = price_averages.mean(
        price_averages.cells(coded(quotes.sample(fraction=1, shuffle=True, seed=1)), ["period"]), by
    )
    assert_frame_equal(one, other, rel_tol=1e-12)


def test_the_same_rows_give_the_same_bits(quotes):
    one = price_averages.mean(price_averages.cells(coded(quotes), ["period"]), ["period"])
    other = price_averages.mean(price_averages.cells(coded(quotes), ["period"]), ["period"])
    assert one["value"].to_numpy().tobytes() == other["value"].to_numpy().tobytes()


def test_weighted_mean_leaves_out_groups_without_weight():
    frame = pl.DataFrame({"g": ["a", "a", "b"], "v": [4.0, 8.0, 1.0], "w": [3.0, 1.0, 0.0]})
    found = price_averages.weighted_mean(frame, "v", "w", ["g"])
    assert found.rows() == [("a", 5.0, 2)]
