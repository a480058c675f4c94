"""The demonstration: a first release without any download, whose simulated persons are right about the truth."""

import numpy as np
import polars as pl
import pytest

from sojourn import demo
from sojourn.release import open_release
from sojourn.simulate import AREA, population


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def release(place):
    return open_release(demo.build_demo(place).path)


@pytest.fixture(scope="module")
def everybody():
    """The population beneath the survey: drawn from the first of its two generators."""
    return pl.concat(population(demo.COUNTRY, np.random.default_rng(demo.SEED).spawn(2)[0]))


def test_each_of_the_five_proposals_shows_a_number(release):
    rows = demo.headline_rows(release)
    assert rows["proposal"].unique().sort().to_list() == [1, 2, 3, 4, 5]
    assert rows["value"].null_count() == 0


def test_simulated_persons_are_told_by_place_of_birth_with_errors(release):
    rows = demo.nativity_rows(release)
    assert rows["label"].unique(maintain_order=True).to_list() == [label for label, _, _ in demo.BY_NATIVITY]
    assert rows["nativity"].to_list() == ["NATIVE", "FOREIGN"] * len(demo.BY_NATIVITY)
    assert rows.select(pl.col("se", "lower", "upper", "n").is_not_null().all()).row(0) == (True,) * 4
    assert rows["source"].str.contains("@simulated-").all()
    assert rows["area"].unique().to_list() == [AREA]


@pytest.mark.parametrize("nativity", ["NATIVE", "FOREIGN"])
def test_what_the_survey_says_is_within_four_errors_of_the_truth(release, everybody, nativity):
    foreign = pl.col("birthplace") != AREA
    own = everybody.filter(foreign if nativity == "FOREIGN" else ~foreign)
    active = own.filter((pl.col("age") >= 15) & pl.col("activity").is_in([1, 2]))
    truth = {
        "SL_TLF_UEM": 100 * (active["activity"] == 2).mean(),
        "SI_POV_NAHC": 100 * (own["income_ratio"] < 100).mean(),
        "SJ_HEALTH_INSURANCE": 100 * own["insured"].mean(),
    }
    rows = demo.nativity_rows(release).filter(nativity=nativity)
    for series, value in truth.items():
        row = rows.row(by_predicate=pl.col("series") == series, named=True)
        assert abs(row["value"] - value) < 4 * row["se"], series


def test_a_second_demonstration_does_nothing(place, release):
    assert demo.build_demo(place).unchanged
