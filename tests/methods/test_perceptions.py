"""Perceptions: scales by hand, no answers kept apart, errors, and codes that are on no scale."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sojourn.errors import UsageError
from sojourn.methods import perceptions as pc
from sojourn.methods.paygap import Sampling, Survey

NONE = float("nan")


def test_the_two_scales_by_hand() -> None:
    allow = pc.acceptance([1, 1, 2, 4, NONE], pc.ESS_ITEMS["impcntr"])
    assert allow["accepted"][0] == pytest.approx(75)
    assert allow["score"][0] == pytest.approx((100 + 100 + 200 / 3 + 0) / 4)
    assert allow["no_answer"][0] == pytest.approx(20)
    good = pc.acceptance([0, 5, 6, 10], pc.ESS_ITEMS["imwbcnt"])
    assert good["accepted"][0] == pytest.approx(50)
    assert good["score"][0] == pytest.approx(52.5)
    # The classical error of a proportion: 100 sqrt(p (1 - p) / (n - 1)).
    assert good["accepted"][1] == pytest.approx(100 * np.sqrt(0.25 / 3))


def test_weights_and_clusters_count() -> None:
    how = Sampling(weights=np.array([3.0, 1.0, 1.0, 1.0]))
    assert pc.acceptance([10, 0, 0, 0], pc.ESS_ITEMS["imbgeco"], how)["accepted"][0] == pytest.approx(50)
    twins = np.repeat([2, 9, 4, 7, 1, 8], 2)
    alone = pc.acceptance(twins[::2], pc.ESS_ITEMS["imbgeco"])
    together = pc.acceptance(twins, pc.ESS_ITEMS["imbgeco"], Sampling(clusters=np.repeat(np.arange(6), 2)))
    assert together["score"] == pytest.approx(alone["score"])


def test_what_is_imagined_and_what_is() -> None:
    found = pc.perceived_share([5, 10, 15, 20, 50, NONE])
    assert found["mean"][0] == pytest.approx(20)
    assert found["median"][0] == 15
    assert found["no_answer"][0] == pytest.approx(100 / 6)
    error = np.std([5, 10, 15, 20, 50], ddof=1) / np.sqrt(5)
    assert found["mean"][1] == pytest.approx(error, rel=0.03)
    compared = pc.misperception(20, 3, 10, 0.4)
    assert compared["difference"] == pytest.approx((10, np.hypot(3, 0.4)))
    assert compared["ratio"] == pytest.approx((2, np.hypot(3, 0.8) / 10))


ANSWERS = pl.DataFrame(
    {
        "cntry": ["B", "A", "A", "A", "B", "B", "A"],
        "imsmetn": [1, 2, 4, 8, 3, 3, 5],
        "imwbcnt": [10, 0, 88, 5, None, 7, 11],
        "noimbro": [10, 30, 20, 999, 40, 60, 777],
        "anweight": [1.0, 1.0, 2.0, 1.0, 1.0, 1.0, 1.0],
    }
)


def test_a_table_by_country() -> None:
    found, problems = pc.perceptions_table(ANSWERS, ["cntry"], Survey(weight="anweight", independent=True))
    value = {row[:3]: row[3] for row in found.select("cntry", "item", "measure", "value").rows()}
    assert value["A", "imsmetn", "accepted"] == pytest.approx(100 / 3)
    assert value["A", "imsmetn", "no_answer"] == pytest.approx(25)
    assert value["A", "noimbro", "mean"] == pytest.approx((30 + 2 * 20) / 3)
    assert value["A", "noimbro", "no_answer"] == pytest.approx(40)
    assert value["B", "imwbcnt", "score"] == pytest.approx(85)
    assert problems.select("row", "column", "value").rows() == [(7, "imsmetn", "5"), (7, "imwbcnt", "11")]
    assert found["cntry"].to_list() == sorted(found["cntry"].to_list())
    assert (found["se"] >= 0).all()
    undeclared, _ = pc.perceptions_table(ANSWERS, ["cntry"], Survey(weight="anweight"))
    assert undeclared["se"].null_count() == undeclared.height
    assert undeclared["value"].equals(found["value"])


def test_items_nobody_answers_have_no_line() -> None:
    nobody = pl.DataFrame({"imsmetn": [8, 9, None], "imbgeco": [1, 2, 3]})
    assert pc.perceptions_table(nobody)[0]["item"].unique().to_list() == ["imbgeco"]
    assert pc.perceptions_table(ANSWERS.head(0))[0].height == 0


@given(st.lists(st.integers(1, 4), min_size=2, max_size=30))
def test_a_scale_turned_round_gives_the_complement(answers) -> None:
    item = pc.ESS_ITEMS["imdfetn"]
    found, turned = pc.acceptance(answers, item), pc.acceptance([5 - a for a in answers], item)
    assert found["score"][0] + turned["score"][0] == pytest.approx(100)
    assert found["accepted"][0] + turned["accepted"][0] == pytest.approx(100)
    assert found["score"][1] == pytest.approx(turned["score"][1], abs=1e-9)


@pytest.mark.parametrize(
    "broken",
    [
        lambda: pc.acceptance([0, 1], pc.ESS_ITEMS["imsmetn"]),
        lambda: pc.acceptance([1.5, 2], pc.ESS_ITEMS["imsmetn"]),
        lambda: pc.acceptance([NONE, NONE], pc.ESS_ITEMS["imsmetn"]),
        lambda: pc.perceived_share([120.0, 1.0]),
        lambda: pc.misperception(20, 1, 0),
        lambda: pc.misperception(20, -1, 5),
        lambda: pc.perceptions_table(pl.DataFrame({"age": [1]})),
        lambda: pc.perceptions_table(ANSWERS, ["region"]),
        lambda: pc.perceptions_table(ANSWERS, items=["cntry"]),
    ],
)
def test_what_is_refused(broken) -> None:
    with pytest.raises(UsageError):
        broken()
