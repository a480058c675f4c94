"""The framework is read from its facts, and a fact that is wrong is named."""

from __future__ import annotations

import csv
import re
import shutil
import tomllib
from pathlib import Path

import pytest
from pydantic import ValidationError

import sojourn
from sojourn import discovery
from sojourn.errors import ContractError
from sojourn.framework import reading as loading
from sojourn.framework import records

FACTS = Path(sojourn.__file__).parent / "framework" / "facts"
COPIED = (
    "sdg_migration_targets",
    "eight_point_agenda",
    "gcm_objectives",
    "gcm_guiding_principles",
    "civil_society_8_points",
    "gmg_2015_indicator_proposals",
    "hld2013_declaration",
    "meeting13_items",
    "coordination_meetings",
    "gfmd_summits",
    "gmg_chairs",
    "gmg_members",
    "milestones",
)


@pytest.fixture(scope="module")
def framework():
    return loading.load()


def test_it_holds_the_agendas_whole(framework):
    assert [one.number for one in framework.goals] == list(range(1, 18))
    assert [one.number for one in framework.eight_point] == list(range(1, 9))
    assert [one.number for one in framework.objectives] == list(range(1, 24))  # A/RES/73/195: 23 objectives
    assert [one.letter for one in framework.principles] == list("abcdefghij")  # ten guiding principles
    assert len(framework.meeting) == 68


def test_every_fact_has_a_source_that_is_listed_and_a_certainty(framework):
    known = {one.id for one in framework.sources}
    for fact in loading._facts(framework):
        assert fact.source_ids or fact.addresses, fact
        assert set(fact.source_ids) <= known
        assert fact.grade in {"verified", "judgement", "memory", "unknown"}


def test_no_source_names_a_folder_of_a_machine(framework):
    for source in framework.sources:
        assert not source.where.startswith("/"), source.id


@pytest.mark.parametrize("name", COPIED)
def test_facts_taken_over_are_the_projects_own(shared, name):
    assert (FACTS / f"{name}.csv").read_text("utf-8") == (shared / "facts" / f"{name}.csv").read_text("utf-8")


def test_the_indicators_named_by_a_target_are_those_that_serve_it(framework):
    """`indicators` of a target is a sentence; the table of indicators must not say otherwise."""
    by_code = {one.code: one for one in framework.indicators}
    for target in framework.targets:
        named = re.findall(r"\d+\.[\da-d]+\.\d+", target.indicators)
        assert named, target.target
        assert set(named) == {one.code for one in framework.indicators_of(target.target)} & set(named)
        assert all(target.target in by_code[code].targets for code in named)


def test_tiers_are_those_of_the_list_of_2022(framework):
    # UNSD SDG API, release 2022.Q1.G.03.
    tiers = {one.code: one.tier for one in framework.indicators}
    published = {"10.7.1": "II", "10.7.2": "II", "10.7.3": "I", "10.7.4": "I", "10.c.1": "I", "8.8.1": "II"}
    assert {code: tiers[code] for code in published} == published


def test_series_are_filed_under_the_same_indicator_as_by_the_unsd(framework, shared):
    path = shared / "data" / "unsdg" / "ddf--concepts--continuous.csv"
    with path.open(encoding="utf-8") as stream:
        unsd = {row["name"]: set(row["indicator"].split(", ")) for row in csv.DictReader(stream)}
    compared = 0
    for indicator in framework.indicators:
        for series in indicator.series:
            if series in unsd:
                assert indicator.code in unsd[series], series
                compared += 1
    assert compared >= 25


def test_what_we_measure_agrees_with_the_framework(framework):
    by_code = {one.code: one for one in framework.indicators}
    for indicator in discovery.indicators():
        if not indicator.code.startswith("SJ."):
            assert indicator.code in by_code, indicator.code
    measured = discovery.series()
    cost = by_code["10.c.1"]
    assert (cost.better, cost.target_value, cost.target_year) == ("lower", 3.0, 2030)
    for fact in framework.indicators:
        for series in set(fact.series) & measured.keys():
            indicator, meaning = measured[series]
            assert indicator.code == fact.code
            assert meaning.better in (fact.better, None), series


def test_the_five_of_2015_have_their_fate(framework):
    five = {one.key: one for one in framework.proposals if one.family == "five of 2015"}
    recorded = {one.number: one for one in framework.list_of_2015}
    assert sorted(five) == [f"gmg-{number}" for number in range(1, 6)]
    for number in "12345":
        assert five[f"gmg-{number}"].label_own_words == recorded[number].label_own_words
        assert five[f"gmg-{number}"].fate
    assert [five[f"gmg-{number}"].official for number in range(1, 6)] == [
        ("10.c.1",),
        ("16.2.2",),
        ("10.7.1",),
        (),
        (),
    ]
    assert five["gmg-5"].objection


def test_rivals_stand_beside_the_five(framework):
    families = {one.family for one in framework.proposals_of("10.7")}
    assert families == {"five of 2015", "rival", "civil society"}
    assert {one.family for one in framework.proposals_of("8.8")} >= {"human rights", "rival"}


def test_every_subject_has_an_answer(framework):
    answers = {one.key: one.answer for one in framework.subjects}
    assert answers == {
        "detention": "no indicator",
        "access_to_justice": "partial",
        "family_unification": "no indicator",
        "discrimination": "partial",
        "portability": "partial",
        "legal_identity": "partial",
        "resettlement_gap": "no indicator",
        "migrants_in_crisis": "partial",
    }
    assert all(one.best_source and one.why for one in framework.subjects)


def test_records_are_frozen(framework):
    with pytest.raises(ValidationError):
        framework.goals[0].label = "Other"


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("indicators.csv", "10.7.3,", "10-7-3,", ("indicators.csv", "row 4", "code", "10-7-3")),
        ("indicators.csv", ",lower,3,2030,", ",lower,three,2030,", ("target_value", "three")),
        ("indicators.csv", ",10.7,I,IOM,", ",10.9,I,IOM,", ("target", "10.9")),
        ("proposals.csv", "gmg-2,", "gmg-1,", ("repeat", "gmg-1")),
        ("subjects.csv", ",no indicator,", ",none,", ("answer", "none")),
        ("sources.csv", "S22,", "S99,", ("source", "S22")),
        ("gcm_objectives.csv", "23,International", "24,International", ("number", "24")),
        ("sdg_migration_targets.csv", ",explicit,", ",direct,", ("relation", "direct")),
    ],
)
def test_a_wrong_fact_is_named(tmp_path, file, old, new, said):
    folder = tmp_path / "facts"
    shutil.copytree(FACTS, folder)
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContractError) as error:
        loading.read(folder)
    for word in said:
        assert word in str(error.value)


def test_a_certainty_is_as_weak_as_its_weakest_part():
    grade = {text: records.Fact(sources="S1", certainty=text).grade for text in ("verified", "order: M")}
    assert grade == {"verified": "verified", "order: M": "memory"}


def test_every_term_of_the_vocabularies_has_a_label_in_six_languages(framework):
    """A vocabulary may have more terms than the list it began with, never fewer."""
    listed = tomllib.loads((FACTS / "vocabularies.toml").read_text("utf-8"))
    labelled = {(one.vocabulary, one.code) for one in framework.labels}
    assert {(name, code) for name, codes in listed.items() for code in codes} <= labelled
    for one in framework.labels:
        assert len(one.labels) == 6


@pytest.mark.parametrize("name", ["seed_quirks", "vocabularies"])
def test_lists_taken_over_are_the_projects_own(shared, name):
    assert (FACTS / f"{name}.toml").read_text("utf-8") == (shared / "facts" / f"{name}.toml").read_text(
        "utf-8"
    )


def test_the_history_is_whole(framework):
    assert [one.number for one in framework.coordination_meetings] == list(range(1, 17))
    assert [one.number for one in framework.summits] == list(range(1, 16))
    assert len([one for one in framework.members if one.is_known and one.as_of == "2013"]) == 16
    assert [one.chair for one in framework.chairs if not one.is_known] == [
        "(gap; a UNITAR deck speaks of a leadership crisis in early 2009)",
        "(not listed in source)",
        "succeeded by the UN Network on Migration",
    ]
    assert framework.milestones[-1].certainty == "planned; outcome not found in stored material"
