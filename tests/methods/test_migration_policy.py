"""10.7.2: boundaries, possible values and the pattern that Canada publishes."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sojourn.methods import migration_policy as policy
from sojourn.sources.simulated import migration_policy_answers as simulated

FULL = np.ones((1, 6, 5))


def items(rights: float = 5.0, others: tuple[int, ...] = (5, 5, 5, 5, 5)) -> np.ndarray:
    """Items with a given sum of scores in each domain."""
    array = np.zeros((1, 6, 5))
    array[0, 0] = np.clip(rights - np.arange(5), 0, 1)
    for domain, total in enumerate(others, start=1):
        array[0, domain, :total] = 1
    return array


def test_canada_of_2019_and_2021() -> None:
    # Canada's open SDG site: category 3 overall and in domain 1, 4 in all others.
    found = policy.scores(items(rights=4.0))
    assert found.round(2).tolist() == [[96.67, 80, 100, 100, 100, 100, 100]]
    assert policy.categories(found).tolist() == [[3, 3, 4, 4, 4, 4, 4]]


@pytest.mark.parametrize(
    ("rights", "score", "category"),
    [(0, 0, 1), (1.5, 30, 1), (2, 40, 2), (3.5, 70, 2), (4, 80, 3), (4.5, 90, 3), (5, 100, 4)],
)
def test_boundaries_of_a_domain(rights: float, score: float, category: int) -> None:
    found = policy.scores(items(rights))[0, 1]
    assert (found, policy.categories(found)) == (score, category)


@pytest.mark.parametrize(
    ("others", "total", "category"),
    [((5, 2, 0, 0, 0), 12, 2), ((5, 1, 0, 0, 0), 11, 1), ((5, 5, 5, 4, 0), 24, 3), ((5, 5, 5, 3, 0), 23, 2)],
)
def test_boundaries_over_all(others: tuple[int, ...], total: int, category: int) -> None:
    found = policy.scores(items(5.0, others))[0, 0]
    assert found == 100 * total / 30
    assert policy.categories(found) == category


def test_boundaries_of_categories() -> None:
    below = [np.nextafter(limit, 0) for limit in (40.0, 80.0, 100.0)]
    assert policy.categories(below).tolist() == [1, 2, 3]
    assert policy.categories([40.0, 80.0, 100.0]).tolist() == [2, 3, 4]
    assert np.isnan(policy.categories([np.nan])).all()


@given(st.integers(0, 2**32 - 1))
def test_possible_values(seed: int) -> None:
    drawn = policy.score_table(simulated.answers(["CAN"], np.random.default_rng(seed)))
    score = drawn["score"].to_numpy()
    # Steps of 10 in domain 1 and of 20 in the others; over all, of half an item in thirty.
    assert score[1] % 10 == 0
    assert (score[2:] % 20 == 0).all()
    steps = score[0] * 60 / 100
    assert steps == pytest.approx(round(steps), abs=1e-9)
    # Domains have equally many items, so the whole is their mean.
    assert score[0] == pytest.approx(score[1:].mean())
    assert drawn["category"].null_count() == 0


@given(st.integers(0, 2**32 - 1), st.floats(0, 1))
def test_bounds_hold_whatever_is_not_answered(seed: int, unanswered: float) -> None:
    truth = simulated.answers(["CAN", "MEX"], np.random.default_rng(seed))
    hidden = truth.with_columns(
        pl.when(pl.Series(np.random.default_rng(seed).random(60) >= unanswered)).then("answer")
    )
    full, part = policy.score_table(truth), policy.score_table(hidden)
    assert (part["lower"] <= full["score"]).all()
    assert (full["score"] <= part["upper"]).all()
    known = part.with_columns(full["category"].alias("truth")).drop_nulls("category")
    assert (known["category"] == known["truth"]).all()


def test_rules_for_what_is_not_answered() -> None:
    array = FULL.copy()
    array[0, 0, 0] = np.nan
    assert np.isnan(policy.scores(array)[0, :2]).all()
    assert policy.scores(array)[0, 2] == 100
    assert policy.scores(array, "no")[0, 1] == 80
    assert policy.scores(array, "leave_out")[0, :2].tolist() == [100, 100]
    array[0, 1] = np.nan
    assert np.isnan(policy.scores(array, "leave_out")[0, 2])
    lower, upper = policy.bounds(array)
    assert (lower[0, 2], upper[0, 2]) == (0, 100)


def test_a_known_category_without_a_known_score() -> None:
    answers = pl.DataFrame({"area": "CAN", "item": list(policy.CODES), "answer": "yes"})
    one_open = answers.with_columns(
        pl.when((pl.col("item") != "1.1") & (pl.col("item") != "1.2")).then("answer")
    ).with_columns(pl.when(pl.col("item") == "1.3").then(pl.lit("no")).otherwise("answer").alias("answer"))
    first = policy.score_table(one_open).filter(domain="_T").row(0, named=True)
    # 27 to 29 of 30: between 90 and 96.67, so category 3 whatever the two answers are.
    assert (first["answered"], first["score"], first["category"]) == (28, None, 3)
    rights = policy.score_table(one_open).filter(domain="PD_1").row(0, named=True)
    assert (rights["lower"], rights["upper"], rights["category"]) == (40, 80, None)


def test_an_absent_row_is_not_answered_not_no() -> None:
    some = pl.DataFrame({"area": "CAN", "item": ["2.1", "2.2"], "answer": "yes"})
    found = policy.score_table(some)
    assert found["answered"].to_list() == [2, 0, 2, 0, 0, 0, 0]
    assert found["score"].null_count() == 7
    assert policy.score_table(some, unanswered="no").filter(domain="PD_2")["score"].item() == 40


def test_shares_of_groups_and_rounds() -> None:
    drawn = simulated.answers([f"A{n:03}" for n in range(40)], np.random.default_rng(5))
    assert set(drawn["source"]) == {"simulated"}
    rounds = pl.concat([drawn.with_columns(period=pl.lit(year)) for year in ("2019", "2021")])
    scored = policy.score_table(rounds, by=("area", "period"))
    groups = pl.DataFrame({"area": ["A000", "A001", "A000"], "group": ["x", "x", "y"]})
    found = policy.share_table(scored, groups, by=("period",))
    assert found.height == 2 * 2 * 7
    world = policy.share_table(scored, by=("period",)).filter(domain="_T", period="2021")
    meeting = scored.filter(pl.col("score") >= 80, domain="_T", period="2021").height
    assert world.row(0) == ("001", "2021", "_T", 100 * meeting / 40, meeting, 40)
    assert 0 < meeting < 40


def test_shuffled_answers_score_the_same() -> None:
    drawn = simulated.answers(["MEX", "CAN"], np.random.default_rng(2), unanswered=0.2)
    assert policy.score_table(drawn).equals(
        policy.score_table(drawn.sample(fraction=1, shuffle=True, seed=1))
    )


@pytest.mark.parametrize(
    ("array", "says"),
    [
        (np.ones((6, 5)), "countries x 6 x 5"),
        (FULL * 0.7, "0, 1/2 or 1"),
        (FULL * 0.5, "first domain"),
        (-FULL, "0, 1/2 or 1"),
    ],
)
def test_broken_items(array: np.ndarray, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        policy.scores(array)


@pytest.mark.parametrize(
    ("item", "answer", "says"),
    [
        ("7.1", "yes", "no item"),
        (None, "yes", "no item"),
        ("1.2", "perhaps", "no answer: accepted"),
        ("2.1", "legal_status_only", "outside the first domain"),
        ("1.1", "no", "answered twice"),
    ],
)
def test_broken_answers_are_named(item: str | None, answer: str, says: str) -> None:
    rows = pl.DataFrame({"area": "CAN", "item": ["1.1", item], "answer": ["yes", answer]})
    with pytest.raises(ValueError, match=f"'row': 2.*{says}"):
        policy.score_table(rows)


def test_other_errors() -> None:
    with pytest.raises(ValueError, match="lack the columns"):
        policy.score_table(pl.DataFrame({"area": ["CAN"]}))
    with pytest.raises(ValueError, match="between 0 and 100"):
        policy.categories([101])
    with pytest.raises(ValueError, match="must be one of"):
        policy.scores(FULL, "maybe")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="probability"):
        simulated.answers(["CAN"], np.random.default_rng(1), unanswered=2)


def test_published_categories_of_2019_make_the_published_shares(shared) -> None:
    folder = shared / "data" / "unsdg"
    name = "ddf--datapoints--{}--by--geo_area--nature--policy_domains--units--year.csv"
    categories = pl.read_csv(folder / name.format("sg_cpa_migrs"), infer_schema=False)
    published = pl.read_csv(folder / name.format("sg_cpa_migrp"), infer_schema=False)
    scored = categories.select(
        pl.col("geo_area").alias("area"),
        pl.col("policy_domains").alias("domain"),
        # "N" is a country without a category.
        pl.col("sg_cpa_migrs").replace("N", None).cast(pl.Float64).cast(pl.Int64).alias("category"),
    )
    found = {domain: share for _, domain, share, *_ in policy.share_table(scored).rows()}
    world = dict(published.filter(geo_area="1").select("policy_domains", "sg_cpa_migrp").rows())
    # UNSD, SG_CPA_MIGRP, World 2019: all domains and each of six, as published in October 2020.
    assert len(world) == 7
    assert found == pytest.approx({domain: float(value) for domain, value in world.items()}, abs=0.05)
