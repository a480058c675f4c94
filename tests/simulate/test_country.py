"""The simulated country: its margins, its truth, and the survey that is taken of it."""

import numpy as np
import polars as pl
import pytest

from sojourn.errors import UsageError
from sojourn.simulate import AREA, Country, population, survey, write
from sojourn.simulate.margins import MEN, WOMEN

SMALL = Country(households=12_000, block=5_000)
FOREIGN = pl.col("birthplace") != AREA


@pytest.fixture(scope="module")
def everybody():
    return pl.concat(population(SMALL, np.random.default_rng(3)))


@pytest.fixture(scope="module")
def sample():
    return pl.concat(survey(SMALL, np.random.default_rng(3)))


def test_ages_and_sexes_follow_the_published_pyramid(everybody):
    """World Population Prospects 2019, High-income countries 2020; four standard errors allowed."""
    published = np.array(MEN + WOMEN) / sum(MEN + WOMEN)
    cell = (everybody["age"] // 5 + len(MEN) * everybody["woman"].cast(pl.Int64)).to_numpy()
    drawn = np.bincount(cell, minlength=published.size) / everybody.height
    assert (abs(drawn - published) < 4 * np.sqrt(published / everybody.height) + 1e-4).all()


def test_every_row_says_that_it_is_simulated_and_none_is_a_real_country(everybody, sample):
    for frame in (everybody, sample):
        assert frame["simulated"].all()
        assert frame["area"].unique().to_list() == [AREA]


def test_lives_hang_together(everybody):
    born_here = everybody.filter(~FOREIGN)
    assert born_here["arrival"].null_count() == born_here.height
    assert born_here["language"].null_count() == born_here.height
    assert born_here.filter(pl.col("citizenship").is_in([2, 3])).height == 0
    stay = SMALL.year - everybody["arrival"]
    assert (stay >= 0).all()
    assert everybody.filter((SMALL.year - pl.col("arrival")) > pl.col("age")).height == 0
    assert everybody.filter(pl.col("legal_status").is_not_null() & (pl.col("citizenship") == 1)).height == 0
    assert everybody.filter((pl.col("age") < 15) & pl.col("activity").is_not_null()).height == 0
    assert everybody.filter(pl.col("monthly_pay").is_not_null() & (pl.col("activity") != 1)).height == 0
    assert everybody.group_by("household").agg((pl.col("age") >= 18).sum())["age"].min() == 1


def test_every_status_that_the_meeting_named_occurs(everybody):
    assert set(everybody["citizenship"]) == {1, 2, 3, 9}
    assert set(everybody["legal_status"].drop_nulls()) == {1, 2}
    assert 0.08 < everybody.select(FOREIGN.mean()).item() < 0.18


def test_the_survey_does_not_hold_the_legal_status(sample):
    assert "legal_status" not in sample.columns


def test_the_same_seed_gives_the_same_rows_and_another_seed_others():
    draw = lambda seed: pl.concat(survey(Country(households=800), np.random.default_rng(seed)))  # noqa: E731
    assert draw(5).equals(draw(5))
    assert not draw(5).equals(draw(6))


def test_the_sample_is_part_of_the_population_written_with_the_same_seed(tmp_path):
    rows = write(tmp_path / "survey.parquet", SMALL, 3)
    everybody = write(tmp_path / "population.parquet", SMALL, 3, whole=True)
    sample, truth = (pl.read_parquet(tmp_path / name) for name in ("survey.parquet", "population.parquet"))
    assert (sample.height, truth.height) == (rows, everybody)
    same = [name for name in truth.columns if name in sample.columns]
    assert sample.select(same).join(truth, on=same, how="anti", nulls_equal=True).height == 0


def test_weights_add_up_to_the_population_and_replicates_spread_around_it(everybody, sample):
    names = [f"replicate_{number}" for number in range(1, 81)]
    total = sample["weight"].sum()
    replicates = sample.select(names).sum().to_numpy().ravel()
    error = np.sqrt(4 / 80 * ((replicates - total) ** 2).sum())
    assert 0 < error < 0.03 * total
    assert abs(total - everybody.height) < 4 * error
    assert (sample.select("weight", *names).min_horizontal() > 0).all()
    assert sample.select(pl.col("household").n_unique()).item() < 12_000 / 20


def test_csv_holds_the_same_as_parquet(tmp_path):
    small = Country(households=400, block=150)
    write(tmp_path / "survey.csv", small, 9)
    write(tmp_path / "survey.parquet", small, 9)
    parquet = pl.read_parquet(tmp_path / "survey.parquet")
    assert pl.read_csv(tmp_path / "survey.csv", schema=parquet.schema).equals(parquet)


@pytest.mark.parametrize(
    "wrong", [{"households": 0}, {"interval": -1}, {"block": 0}, {"response": 0.0}, {"response": 1.2}]
)
def test_a_country_that_cannot_be_is_refused(wrong):
    with pytest.raises(UsageError):
        Country(**wrong)
