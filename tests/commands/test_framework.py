"""`sojourn framework`: gaps, crosswalk and core set, as a person and as a program get them."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

EXAMPLE = str(Path(__file__).parents[1] / "framework" / "feasibility.csv")


def test_gaps_for_a_person(run):
    answer = run("framework", "gaps")
    assert answer.code == 0
    for word in ("10.7.3", "no indicator that tells migrants apart", "Detention", "KNOMAD", "SDSN warned"):
        assert word in " ".join(answer.out.split()), word


def test_gaps_for_a_program(run):
    answer = json.loads(run("framework", "gaps", "--json").out)
    assert {row["target"]: row["gaps"] for row in answer["targets"]}["10.c"] == []
    assert all(one["sources"] and one["certainty"] for one in answer["proposals"] + answer["subjects"])
    assert answer["availability"] is None
    rows = list(csv.DictReader(io.StringIO(run("framework", "gaps", "--csv").out)))
    assert len(rows) == len(answer["targets"])


def test_gaps_of_a_release_count_countries_and_years(run, small_data):
    assert run("build", "--as-of", "2014-06-30").code == 0
    answer = json.loads(run("framework", "gaps", "--release", "latest", "--json").out)
    held = {row["series"]: row for row in answer["availability"]}
    assert held["SI_RMT_COST"]["countries"] >= 1
    assert held["SI_RMT_COST"]["nativity"] == 0
    for row in answer["targets"]:
        without = bool(row["series_here"]) and not set(row["series_here"]) & held.keys()
        assert ("no numbers in this release" in row["gaps"]) == without
    assert any("no numbers in this release" in row["gaps"] for row in answer["targets"])
    assert "Countries and years" in run("framework", "gaps", "--release", "latest").out


def test_crosswalk(run):
    answer = run("framework", "crosswalk", "compact", "sdg", "--json")
    assert {"20", "10.c"} <= {part for link in json.loads(answer.out) for part in (link["entry"], link["to"])}
    assert "remittances" in run("framework", "crosswalk", "compact", "sdg").out
    assert run("framework", "crosswalk", "sdg", "eight-point", "--csv").out.startswith("entry,label,to")
    wrong = run("framework", "crosswalk", "compact", "mdg")
    assert wrong.code == 2
    assert "eight-point" in wrong.err


def test_core_set(run):
    answer = run("framework", "core-set", EXAMPLE, "--at-most", "5", "--draws", "20")
    assert answer.code == 0
    for word in ("Chosen: 5 of at most 5", "remittance_cost", "not feasible: detention", "17.18"):
        assert word in answer.out
    options = ("--at-most", "5", "--draws", "20", "--weight", "coverage=3", "--json")
    first, again = (
        run("framework", "core-set", EXAMPLE, *options),
        run("framework", "core-set", EXAMPLE, *options),
    )
    assert first.out == again.out
    told = json.loads(first.out)
    assert told["weights"]["coverage"] == 3
    assert len(told["chosen"]) == 5
    assert {row["indicator"] for row in told["candidates"] if row["chosen"]} == set(told["chosen"])
    rows = list(csv.DictReader(io.StringIO(run("framework", "core-set", EXAMPLE, "--csv").out)))
    assert len(rows) == 8


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("core-set", "none.csv"), "none.csv"),
        (("core-set", EXAMPLE, "--weight", "coverage"), "is no weight"),
        (("core-set", EXAMPLE, "--weight", "beauty=1"), "beauty"),
        (("core-set", EXAMPLE, "--at-most", "0"), "holds none"),
        (("core-set", EXAMPLE, "--draws", "-1"), "draws"),
    ],
)
def test_a_question_that_cannot_be_answered_ends_with_2(run, arguments, said):
    answer = run("framework", *arguments)
    assert answer.code == 2
    assert said in answer.err
