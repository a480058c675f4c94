"""`sojourn compare`, and the link from a number to what other sources say of it."""

from __future__ import annotations

import csv
import io
import json

import pytest

COSTS = "geo_area,nature,units,year,si_rmt_cost\n484,notspec,percent,2013,5.9\n356,notspec,percent,2013,9.0\n"
OTHERS = (
    "Country Name,Country Code,Indicator Name,Indicator Code,2013\nMexico,MEX,Cost,SI.RMT.COST.IB.ZS,5.0\n"
)


@pytest.fixture
def project(run, small_data):
    (small_data / "costs.csv").write_text(COSTS, encoding="utf-8")
    (small_data / "wdi.csv").write_text(OTHERS, encoding="utf-8")
    assert run("build").code == 0
    return run


def test_the_summary_counts_each_two_sources(project):
    answer = project("compare")
    assert answer.code == 0
    for word in ("SI_RMT_COST", "unsdg", "wdi", "compared", "median |%|", "open 4", "--only-open"):
        assert word in answer.out


def test_an_area_shows_pair_by_pair_with_difference_and_reason(project):
    answer = project("compare", "remittance cost", "--area", "Mexico", "--period", "2013")
    assert answer.code == 0
    for word in ("Mexico", "5.90", "0.9", "18.00", "-15.25", "open"):
        assert word in answer.out


def test_only_open_lists_the_largest_first(project):
    rows = json.loads(project("compare", "SI_RMT_COST", "--only-open", "--json").out)
    sizes = [abs(row["difference"]) for row in rows]
    assert sizes == sorted(sizes, reverse=True)
    assert {row["kind"] for row in rows} == {"open"}


def test_a_program_gets_every_column(project):
    summary = json.loads(project("compare", "--json").out)
    assert {"source", "other_source", "compared", "equal", "explained", "open", "median_relative"} <= set(
        summary[0]
    )
    pair = next(csv.DictReader(io.StringIO(project("compare", "--area", "MEX", "--csv").out)))
    assert {"value", "other_value", "difference", "relative", "kind", "reason", "certainty"} <= set(pair)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("SJ_RMT_FLOW",), "No two sources of this release give the same number of SJ_RMT_FLOW"),
        (("SI_RMT_COST", "--area", "Chad"), "for Chad"),
        (("nothing like it at all",), "No series is called"),
        (("--area", "Atlantis"), "Atlantis"),
    ],
)
def test_what_cannot_be_compared_is_said_with_what_can(project, arguments, told):
    answer = project("compare", *arguments)
    assert answer.code == 2
    assert told in answer.err.replace("\n", " ")
    assert "to do" in answer.err or "accepted" in answer.err


def test_explain_links_to_the_other_sources(project):
    answer = project("explain", "SI_RMT_COST")
    assert answer.code == 0
    assert "unsdg@to-2013 and wdi@undated-to-2013: 0 of 1 equal, 1 open" in answer.out
    answer = project("explain", "SI_RMT_COST", "--area", "MEX", "--period", "2013")
    assert "Other sources for the same number" in answer.out
    assert "5.90" in answer.out
    answer = project("explain", "SI_RMT_COST", "--area", "FRA")
    assert "Only one source of this release gives the number for France" in answer.out


def test_each_number_of_a_country_names_its_other_sources(project):
    numbers = json.loads(project("country", "MEX", "--json").out)["numbers"]
    (cost,) = [
        one
        for one in numbers
        if (one["series"], one["breakdown"], one["period"]) == ("SI_RMT_COST", "", "2013")
    ]
    said = {one["source"]: (one["value"], round(one["difference"], 9)) for one in cost["other_sources"]}
    assert said["unsdg@to-2013"] == (5.9, round(5.9 - cost["value"], 9))
    assert said["wdi@undated-to-2013"] == (5.0, round(5.0 - cost["value"], 9))
