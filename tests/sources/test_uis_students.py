"""Internationally mobile students. Real: UIS 2000-2024, tidied copies of UIS and OECD. Built: bulk download."""

from __future__ import annotations

import polars as pl
import pytest
from tests.sources.conftest import accounted

from sojourn.errors import LayoutError
from sojourn.sources import oecd_students, uis_students
from sojourn.sources.files import describe
from sojourn.sources.recognise import recognise

SOURCES = (uis_students.SOURCE, oecd_students.SOURCE)


def read(path):
    (entry,) = recognise(describe(path), SOURCES)
    reading = entry.read()
    assert accounted(reading), (reading.rows, reading.empty_rows, reading.notes)
    return reading


def test_answer_of_the_data_service(shared):
    reading = read(shared / "data/students/uis_RAW_inbound_and_outbound_data.csv.gz")
    assert (reading.rows, reading.table.height, reading.empty_rows) == (9186, 5107, 4079)
    assert reading.problems.is_empty()
    assert reading.notes == ("4079 rows of groups not used",)
    # UIS 26637 and MENF.5T8, United States 2016.
    usa = reading.table.filter(area="USA", period="2016").select("measure", "value").rows()
    assert usa == [("INBOUND", 971_417.0), ("NET", 887_178.0)]
    zero = reading.table.filter(area="AFG", period="2009", measure="INBOUND").row(0, named=True)
    assert (zero["value"], zero["estimated"]) == (0.0, False)


def test_groups_are_left_unless_they_are_regions_of_the_sdgs():
    reading = uis_students._area(pl.Series(["SDG: World", "WB: World", "UIS: World", "MEX", "SDG: Europe"]))
    assert reading.to_list() == ["001", None, None, "MEX", "150"]


def test_flows_between_countries_from_both_sides(shared):
    folder = shared / "data/students"
    by_origin = read(folder / "uis_360info_popular-destinations-by-origin.csv.gz")
    by_host = read(folder / "uis_360info_popular-origins-by-destination.csv.gz")
    assert (by_origin.rows, by_origin.table.height) == (50_699, 45_534)
    assert (by_host.rows, by_host.table.height) == (19_467, 17_417)
    assert by_origin.problems.is_empty()
    assert by_host.problems.is_empty()
    both = by_origin.table.join(by_host.table, on=["area", "counterpart", "period"])
    assert both.height == 9_753
    assert (both["value"] == both["value_right"]).all()


def test_net_flow_ratios(shared):
    table = read(shared / "data/students/uis_360info_netflows.csv.gz").table
    assert table.height == 1_585
    assert table.filter(area="AUS", period="2017")["value"].to_list() == [20.7139]
    assert "VEN" in set(table["area"])


def test_the_copy_of_the_oecd_counts_most_students_twice(shared):
    reading = read(shared / "data/students/oecd_students_2013_2019.csv.gz")
    assert reading.rows == 57_858
    assert reading.problems.is_empty()
    assert reading.table["measure"].unique().to_list() == ["PAIR_AND_LEVELS"]
    assert {"CUW", "COD"} <= set(reading.table["counterpart"])
    assert (reading.table["value"] > 0).all()
    uis = read(shared / "data/students/uis_360info_popular-destinations-by-origin.csv.gz").table
    both = uis.filter(pl.col("value") > 0).join(reading.table, on=["area", "counterpart", "period"])
    double = ((both["value_right"] - 2 * both["value"]).abs() <= 2).mean()
    assert 0.85 < double < 0.95


BULK = "INDICATOR_ID,COUNTRY_ID,YEAR,VALUE,MAGNITUDE,QUALIFIER"


def test_bulk_download(tmp_path, problem_rows):
    lines = [
        "26637,MEX,2019,100,,",
        "25053,MEX,2019,4000,,UIS_EST",
        "GER.1,MEX,2019,99,,",
        "26637,MEX,2019,101,,",
        "26637,QQQ,2019,5,,",
        "26637,COL,2019,,NA,",
        "26637,PER,2019,-4,,",
        "26637,BRA,soon,7,,",
        "26637,CHL,2019,many,,",
    ]
    path = tmp_path / "OPRI_DATA_NATIONAL.csv"
    path.write_text("\n".join((BULK, *lines)) + "\n")
    reading = read(path)
    assert reading.table.select("measure", "area", "value", "estimated").rows() == [
        ("INBOUND", "MEX", 100.0, False),
        ("ENROLMENT", "MEX", 4000.0, True),
    ]
    assert {row[:2] for row in problem_rows(reading) if row[4] == "rejected"} == {
        (5, "value"),
        (6, "COUNTRY_ID"),
        (8, "value"),
        (9, "year"),
    }
    assert [row[2] for row in problem_rows(reading) if row[4] == "emptied"] == ["many"]
    assert reading.notes == ("1 rows of indicators not used",)


def test_regional_file(tmp_path):
    path = tmp_path / "regions.csv"
    path.write_text(BULK.replace("COUNTRY", "REGION") + "\n26637,SDG: World,2019,6000000,,\n")
    assert read(path).table.select("area", "value").rows() == [("001", 6_000_000.0)]


def test_a_renamed_column_is_named(tmp_path):
    path = tmp_path / "bulk.csv"
    path.write_text(BULK.replace("COUNTRY_ID", "COUNTRY_CODE") + "\n26637,MEX,2019,100,,\n")
    with pytest.raises(LayoutError, match="COUNTRY_ID"):
        recognise(describe(path), SOURCES)
