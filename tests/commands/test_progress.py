"""`sojourn progress AREA`: what a person reads, what a program gets, and what cannot be answered."""

from __future__ import annotations

import csv
import io
import json

import pytest

from sojourn.commands.progress import SCHEMA
from sojourn.methods.progress import STATES

COSTS = "geo_area,nature,units,year,si_rmt_cost\n" + "".join(
    f"{area},notspec,percent,{year},{value}\n"
    for area, values in {1: (7.5, 7.4, 7.2, 6.9, 6.8), 484: (5.1, 4.9, 5.2, 5.0, 4.8)}.items()
    for year, value in zip(range(2015, 2020), values, strict=True)
)


@pytest.fixture
def project(run, small_data):
    (small_data / "costs.csv").write_text(COSTS, encoding="utf-8")
    assert run("build", "--as-of", "2019-12-31").code == 0
    return run


def test_a_person_reads_distance_pace_and_state(project):
    answer = project("progress", "World")
    assert answer.code == 0
    for word in (
        "SI_RMT_COST",
        "too slow",
        "(2019)",
        "3 % by 2030",
        "as of 2019-12-31",
        "not measurable",
    ):
        assert word in answer.out


def test_a_program_gets_every_column(project):
    listed = json.loads(project("progress", "México", "--json").out)
    assert all(list(row) == list(SCHEMA) for row in listed)
    cost = next(row for row in listed if row["series"] == "SI_RMT_COST")
    assert cost["area"] == "MEX"
    assert cost["state"] in STATES
    assert cost["latest"] == pytest.approx(4.8)
    assert cost["distance"] == pytest.approx(3 - 4.8)
    assert cost["projection_lower"] < cost["projection"] < cost["projection_upper"]
    assert 0 <= cost["probability"] <= 100
    assert cost["observations"] == 5
    rows = list(csv.DictReader(io.StringIO(project("progress", "MEX", "--csv").out)))
    assert len(rows) == len(listed)


def test_corridors_are_counted_where_they_are_not_printed(project):
    listed = json.loads(project("progress", "USA", "--json").out)
    assert {row["counterpart"] for row in listed if row["series"] == "SI_RMT_COST_BC"} == {"MEX"}
    assert "more rows" in project("progress", "USA", "--limit", "1").out


def test_an_area_without_a_number_says_no_data(project):
    listed = json.loads(project("progress", "Fiji", "--json").out)
    assert {row["series"]: row["state"] for row in listed}["SI_RMT_COST"] == "no data"
    assert "no data" in project("progress", "Fiji").out
    # What is only measured for the world is not missing in a country.
    assert "SJ_RMT_CORRIDORS_GT5" not in {row["series"] for row in listed}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("progress", "Atlantis"), "ATLANTIS"),
        (("progress",), "AREA"),
        (("progress", "MEX", "--release", "9"), "9"),
    ],
)
def test_a_question_that_cannot_be_answered_ends_with_2(project, arguments, message):
    answer = project(*arguments)
    assert answer.code == 2
    assert message in answer.err.upper()


def test_it_has_help(run):
    assert "how likely it meets it" in " ".join(run("progress", "--help").out.split())
