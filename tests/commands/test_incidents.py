"""`sojourn incidents FILE`: what a file lacks, with an exit code that a script can use."""

from __future__ import annotations

import json
from pathlib import Path

WEBSITE = (
    "Incident ID,Region,Incident Date,Year,Number Dead,Minimum Estimated Number of Missing,Number of Survivors,"
    "Cause of Death\n"
    'A,Mediterranean,"Mon, 01/06/2020 - 12:00",2020,2,-1,,Drowning\n'
)


def test_a_file_of_the_website_lacks_its_type(run, tmp_path):
    (tmp_path / "web.csv").write_text(WEBSITE)
    answer = run("incidents", "web.csv")
    assert answer.code == 1
    assert "Required columns are missing: type." in answer.out
    assert "is negative" in answer.out


def test_as_json_each_lack_says_why_it_matters(run, tmp_path):
    (tmp_path / "web.csv").write_text(WEBSITE)
    answer = run("incidents", "web.csv", "--json")
    found = {(one["field"], one["lack"]): one for one in json.loads(answer.out)}
    assert found["type", "there is no such column"]["level"] == "required"
    assert found["identified", "there is no such column"]["why"]
    assert answer.code == 1


def test_an_offices_own_table_with_a_title_above_it(run, tmp_path):
    text = (
        "Deaths at the border\n\nincident_id,incident_date,cause_of_death,remarks\n1,2020-01-06,Drowning,\n"
    )
    (tmp_path / "own.csv").write_text(text)
    answer = run("incidents", "own.csv", "--csv")
    assert "dead,required,,there is no such column,1,1," in answer.out


def test_a_file_without_incidents_is_an_error_that_says_what_is_accepted(run, tmp_path):
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    answer = run("incidents", "other.csv")
    assert answer.code == 1
    assert "no table of incidents" in answer.err
    assert "incident_id" in answer.err


def test_the_newest_official_file_has_every_required_column(run, shared: Path):
    answer = run("incidents", str(shared / "data" / "mmp" / "missing_migrants_2014_2025.csv.gz"))
    assert answer.code == 0
    assert "No required column is missing." in answer.out
    assert "19,086 records" in answer.out
