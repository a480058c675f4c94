"""The core set is the optimum: against every subset, with its cover, weights and bad files."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sojourn.errors import DamagedError, LayoutError, NotFoundError, SourceError, UsageError
from sojourn.framework.core_set import CRITERIA, EQUAL, choose, points, scores
from sojourn.framework.feasibility import Candidate, read_feasibility
from sojourn.framework.stability import stability

EXAMPLE = Path(__file__).with_name("feasibility.csv")
TARGETS = ("10.7", "8.8", "16.2", "10.c", "5.2")
READINGS = ("nativity", "citizenship", "legal_status")


@st.composite
def candidates(draw):
    size = draw(st.integers(1, 8))
    return [
        Candidate(
            indicator=f"I{number}",
            targets=tuple(draw(st.sets(st.sampled_from(TARGETS), min_size=1, max_size=3))),
            coverage=draw(st.floats(0, 1)),
            lag=draw(st.floats(0, 9)),
            disaggregation=tuple(draw(st.sets(st.sampled_from(READINGS)))),
            variables=draw(st.integers(1, 30)),
        )
        for number in range(size)
    ]


def best_of_all(listed, at_most, value):
    """Look at every subset: most targets first, then most points."""
    subsets = (some for size in range(at_most + 1) for some in combinations(range(len(listed)), size))
    return max(
        (
            len({target for row in some for target in listed[row].targets}),
            sum(int(value[row]) for row in some),
        )
        for some in subsets
    )


@settings(max_examples=60, deadline=None)
@given(candidates(), st.integers(1, 5), st.lists(st.floats(0.1, 5), min_size=5, max_size=5))
def test_no_subset_is_better(listed, at_most, weights):
    chosen = choose(listed, at_most, dict(zip(CRITERIA, weights, strict=True)))
    assert len(chosen.chosen) <= at_most
    value = points(scores(listed), weights)
    assert (len(chosen.covered), chosen.total) == best_of_all(listed, at_most, value)


def test_scores_are_those_of_the_text():
    one = Candidate(
        indicator="A",
        targets="10.7 8.8",
        coverage=0.4,
        lag=2,
        disaggregation="nativity citizenship",
        variables=4,
    )
    assert scores([one])[0].tolist() == pytest.approx([0.4, 0.5, 0.6, 2 / 3, 0.25])
    # 10,000 x (0.4 + 0.5 + 0.6 + 0.6667 + 0.25) / 5
    assert points(scores([one]), [1] * 5).tolist() == [4833]


def test_the_example_covers_every_target_that_can_be():
    listed = read_feasibility(EXAMPLE)
    chosen = choose(listed, at_most=5, targets=("10.7", "17.18"))
    assert chosen.chosen == (
        "birth_registration",
        "recruitment_cost",
        "remittance_cost",
        "scholarships",
        "trafficking",
    )
    assert chosen.uncovered == ()
    assert chosen.without_candidate == ("17.18",)
    assert chosen.not_feasible == ("detention",)
    # With room for one more, deaths (0.6 + 0 + 0.9 + 0 + 1 = 2.5) and injuries (0.4 + 0 + 0.6 + 0.667 + 1 = 2.667)
    # cover 10.7 and 8.8 with more points than recruitment cost (0.1 + 0.5 + 0.6 + 0 + 1 = 2.2) and injuries.
    larger = set(choose(listed, at_most=6).chosen)
    assert larger == set(chosen.chosen) - {"recruitment_cost"} | {"deaths", "injuries"}


def test_too_small_a_set_says_what_it_leaves_uncovered():
    chosen = choose(read_feasibility(EXAMPLE), at_most=2)
    assert chosen.chosen == ("remittance_cost", "trafficking")
    assert chosen.uncovered == ("10.7", "16.9", "4.b", "8.8")


def test_a_single_variable_weight_keeps_a_composite_out():
    """SDSN's rule of 2015: no composites."""
    listed = [one for one in read_feasibility(EXAMPLE) if one.indicator in ("policy_index", "deaths")]
    assert choose(listed, 1, {"coverage": 1}).chosen == ("policy_index",)
    assert choose(listed, 1, {"coverage": 1, "single_variable": 1}).chosen == ("deaths",)


def test_the_order_of_rows_does_not_matter():
    listed = read_feasibility(EXAMPLE)
    assert choose(listed[::-1], 4) == choose(listed, 4)


def test_stability_is_repeated_by_its_seed_and_finds_what_depends_on_weights():
    listed = [
        one
        for one in read_feasibility(EXAMPLE)
        if one.indicator in ("policy_index", "deaths", "remittance_cost")
    ]
    first = stability(listed, np.random.default_rng(7), 2, {"coverage": 4, "single_variable": 1}, draws=60)
    again = stability(listed, np.random.default_rng(7), 2, {"coverage": 4, "single_variable": 1}, draws=60)
    assert first == again
    by_name = {one.indicator: one for one in first}
    assert by_name["remittance_cost"].stable  # required
    assert not by_name["deaths"].stable
    assert by_name["deaths"].share + by_name["policy_index"].share == pytest.approx(1)
    assert by_name["policy_index"].lost_without == by_name["deaths"].lost_without != ()


def test_without_draws_only_criteria_are_left_out():
    rows = stability(read_feasibility(EXAMPLE), np.random.default_rng(1), 5, EQUAL, draws=0)
    assert {one.share for one in rows} == {0.0, 1.0}


def test_three_hundred_candidates_are_quick_and_within_one_hundred():
    rng = np.random.default_rng(3)
    listed = [
        Candidate(
            indicator=f"I{number:03}",
            targets=tuple(f"{goal}.{part}" for goal, part in rng.integers(1, 10, (2, 2))),
            coverage=rng.random(),
            lag=rng.random() * 5,
            disaggregation=READINGS[: rng.integers(0, 4)],
            variables=int(rng.integers(1, 9)),
        )
        for number in range(300)
    ]
    chosen = choose(listed)
    assert len(chosen.chosen) == 100
    assert chosen.uncovered == ()
    assert len(stability(listed, rng, draws=5)) == 300


@pytest.mark.parametrize(
    ("old", "new", "error", "said"),
    [
        ("coverage", "cover", LayoutError, ("missing: coverage", "unknown or repeated: cover")),
        ("0.60", "60", SourceError, ("row 4", "coverage", "'60'")),
        ("0.60", "0,60", SourceError, ("row 4",)),
        ("10.7 8.8", "10_7", SourceError, ("row 2", "targets")),
        ("10.7 8.8", "", SourceError, ("row 2", "targets")),
        (",0.5,,1,yes,no,Deaths", ",-1,,1,yes,no,Deaths", SourceError, ("row 4", "lag")),
        (",0.5,,1,yes,no,Deaths", ",nan,,1,yes,no,Deaths", SourceError, ("row 4", "lag")),
        ("nativity citizenship", "birthplace", SourceError, ("row 6", "disaggregation")),
        (",30,", ",0,", SourceError, ("row 3", "variables")),
        (",yes,yes,", ",yes,maybe,", SourceError, ("row 5", "required", "maybe")),
        ("\npolicy_index", "\nrecruitment_cost", SourceError, ("repeated", "row 3", "row 2")),
    ],
)
def test_a_bad_file_is_named_by_row_and_column(tmp_path, old, new, error, said):
    text = EXAMPLE.read_text("utf-8")
    assert old in text
    path = tmp_path / "mine.csv"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(error) as raised:
        read_feasibility(path)
    for word in ("mine.csv", *said):
        assert word in str(raised.value)


def test_no_file_no_row_no_text(tmp_path):
    with pytest.raises(NotFoundError):
        read_feasibility(tmp_path / "none.csv")
    path = tmp_path / "mine.csv"
    path.write_text(EXAMPLE.read_text("utf-8").splitlines()[0], encoding="utf-8")
    with pytest.raises(DamagedError, match="no candidate"):
        read_feasibility(path)
    path.write_bytes(b"indicator\xff\xfe\x00")
    with pytest.raises(DamagedError, match="UTF-8"):
        read_feasibility(path)


@pytest.mark.parametrize(
    ("at_most", "weights", "said"),
    [
        (0, EQUAL, "holds none"),
        (5, {"beauty": 1}, "beauty"),
        (5, {"coverage": -1}, "not negative"),
        (5, {"coverage": 0}, "one is positive"),
        (5, {"coverage": float("nan")}, "Weights"),
    ],
)
def test_a_question_without_an_answer(at_most, weights, said):
    with pytest.raises(UsageError, match=said):
        choose(read_feasibility(EXAMPLE), at_most, weights)


def test_required_candidates_that_cannot_be():
    base = {
        "targets": "10.7",
        "coverage": 1,
        "lag": 0,
        "disaggregation": "",
        "variables": 1,
        "required": True,
    }
    with pytest.raises(UsageError, match="Required and not feasible: A"):
        choose([Candidate(indicator="A", feasible=False, **base), Candidate(indicator="B", **base)])
    with pytest.raises(UsageError, match="2 indicators are required"):
        choose([Candidate(indicator="A", **base), Candidate(indicator="B", **base)], at_most=1)
    with pytest.raises(UsageError, match="No candidate is feasible"):
        choose([Candidate(indicator="A", feasible=False, **base)])
