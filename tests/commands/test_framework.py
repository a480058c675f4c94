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


def test_a_release_names_what_would_fill_each_series_without_numbers(run, small_data):
    assert run("build", "--as-of", "2014-06-30").code == 0
    answer = json.loads(run("framework", "gaps", "--release", "latest", "--json").out)
    fills = {row["series"]: row["supply"] for row in answer["without_numbers"]}
    assert fills["SG_REG_BRTH"][0].startswith("wdi: SP.REG.BRTH.ZS")
    assert all(fills.values())
    # Remittance prices measure no injuries.
    assert not any("rpw" in source for source in fills["SL_EMP_INJUR"])
    assert not {row["series"] for row in answer["availability"]} & fills.keys()
    assert "sojourn fetch findex" in " ".join(run("framework", "gaps", "--release", "latest").out.split())


def test_an_official_indicator_says_what_is_from_memory(run):
    (row,) = json.loads(run("framework", "indicators", "16.9", "--json").out)
    assert (row["code"], row["tier"], row["target_year"]) == ("16.9.1", "I", 2030)
    assert row["from_memory"] == ["custodian", "target"]
    said = " ".join(run("framework", "indicators", "10.7.3").out.split())
    assert "IOM (?)" in said
    assert "from memory" in said
    everything = list(csv.DictReader(io.StringIO(run("framework", "indicators", "--csv").out)))
    assert len(everything) == len(json.loads(run("framework", "indicators", "--json").out)) > 25
    wrong = run("framework", "indicators", "99.9")
    assert wrong.code == 2
    assert "10.7.3" in wrong.err


def test_seven_aspects_each_have_series_or_a_reason(run):
    aspects = json.loads(run("framework", "decent-work", "--json").out)
    assert len(aspects) == 7
    assert all(bool(one["series"]) != bool(one["no_data_because"]) for one in aspects)
    assert "no data, because" in " ".join(run("framework", "decent-work").out.split())


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
        (("core-set", EXAMPLE, "--seed", "-1"), "seed"),
        (("core-set", EXAMPLE, "--weight", "coverage=1e308", "--weight", "multi_target=1e308"), "Weights"),
    ],
)
def test_a_question_that_cannot_be_answered_ends_with_2(run, arguments, said):
    answer = run("framework", *arguments)
    assert answer.code == 2
    assert said in answer.err
