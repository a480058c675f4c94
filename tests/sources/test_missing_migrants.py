"""Missing Migrants Project. Real: six files, five dialects. Built: what an incident file can get wrong."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sources.conftest import accounted

from sojourn.sources import incident_words, missing_migrants
from sojourn.sources.files import describe
from sojourn.sources.model import Reading
from sojourn.sources.recognise import recognise


def read(path: Path) -> Reading:
    (entry,) = recognise(describe(path), [missing_migrants.SOURCE])
    reading = entry.read()
    assert accounted(reading)
    return reading


def world(reading: Reading) -> dict[str, int]:
    return dict(reading.table.group_by("period").agg(pl.col("total").sum()).iter_rows())


@pytest.mark.parametrize(
    ("name", "layout", "edition", "rows", "totals"),
    [
        # UNSD SM_DTH_MIGR, release of October 2020, world: 2015 6,584, 2017 6,279, 2018 4,937.
        (
            "missing_migrants_2014_jan2020.csv.gz",
            "table of the map, 2020",
            "to-2020-01-13",
            6339,
            {"2014": 5289, "2015": 6584, "2016": 8070, "2017": 6279, "2018": 4937},
        ),
        # UNSD SM_DTH_MIGR as of 2022, world: 2014 5,318, 2016 8,084 (methods text, section 4).
        (
            "missing_migrants_2014_2021.csv.gz",
            "website export",
            "to-2021-12-31",
            9906,
            {"2014": 5318, "2016": 8084, "2018": 4987},
        ),
        # Methods text, section 4: what "a 2023 extract sums to".
        (
            "Global_Missing_Migrants_Dataset_2014_2023.csv",
            "download file",
            "to-2023-07",
            13020,
            {"2014": 5321, "2015": 6749, "2016": 8078, "2017": 6290, "2018": 5009, "2019": 5418, "2020": 4301, "2021": 6151},
        ),
        # Shared data README, section 2.5: 2014 5,441 ... 2023 8,747, 2024 8,842.
        (
            "missing_migrants_2014_2025.csv.gz",
            "download file",
            "to-2025-03-08",
            19086,
            {"2014": 5441, "2018": 5016, "2023": 8747, "2024": 8842},
        ),
        ("iom_mmp_gdidata_2025-06.parquet", "coded copy", "to-2025-04-30", 19669, {"2018": 5017}),
        ("MissingMigrants-Global-2026-05-06.csv", "website export", "2026-05-06", 238, {"2026": 1900}),
    ],
)  # fmt: skip
def test_every_snapshot_gives_its_published_totals(shared: Path, name, layout, edition, rows, totals) -> None:
    path = shared / "data" / "mmp" / name
    (entry,) = recognise(describe(path), [missing_migrants.SOURCE])
    assert entry.layout.name == layout
    reading = read(path)
    assert (reading.edition, reading.rows, reading.table.height) == (edition, rows, rows)
    assert totals.items() <= world(reading).items()
    assert reading.problems.filter(action="rejected").is_empty()


def test_cumulative_and_split_incidents_stay_apart_and_undated(shared: Path) -> None:
    # Methods text, section 4: Incident 12,670; Split Incident 261; Cumulative Incident 84.
    reading = read(shared / "data" / "mmp" / "Global_Missing_Migrants_Dataset_2014_2023.csv")
    counts = dict(reading.table["type"].value_counts().iter_rows())
    assert counts == {"INCIDENT": 12670, "SPLIT": 261, "CUMULATIVE": 84, "INCIDENT+SPLIT": 5}
    newest = read(shared / "data" / "mmp" / "missing_migrants_2014_2025.csv.gz").table
    periods = newest.filter(type="CUMULATIVE")
    assert periods.height == 93
    assert periods["date"].is_null().all()
    assert periods["coordinates"].is_null().all()
    assert newest.filter(type="INCIDENT")["coordinates"].is_not_null().all()


def test_a_year_that_only_the_number_tells(shared: Path) -> None:
    reading = read(shared / "data" / "mmp" / "missing_migrants_2014_2025.csv.gz")
    told = reading.problems.filter(problem="has neither day nor year; its number tells the year")
    assert (told.height, told["value"].str.slice(0, 4).unique().to_list()) == (14, ["2020"])


HEADER = "Main ID,Incident ID,Region,Incident Date,Year,Number Dead,Minimum Estimated Number of Missing,Number of Survivors,Number of Females,Number of Males,Cause of Death"


def row(
    number: str,
    dead: object,
    missing: object,
    *,
    day="Mon, 01/06/2020 - 12:00",
    year="2020",
    females="",
    survivors="",
) -> str:
    return f'M{number},{number},Mediterranean,"{day}",{year},{dead},{missing},{survivors},{females},,Drowning'


def test_bad_records_are_named_and_never_summed(write) -> None:
    lines = [
        row("a", 2, 3),
        row("b", "", ""),
        row("c", "several", 1),
        row("d", 1, -4),
        row("e", 5, -1),
        row("f", 1, "", day="", year=""),
        row("g", 1, "", females=3, survivors=-2),
        row("a", 9, 9),
        row("h", 1, 1, year="2019"),
        row("i", 1.5, 1),
    ]
    reading = read(write("2020-02-01 incidents.csv", "\n".join((HEADER, *lines)) + "\n"))
    assert reading.edition == "2020-02-01"
    assert reading.table.select("incident", "period", "total").rows() == [
        ("a", "2020", 5),
        ("e", "2020", 4),
        ("g", "2020", 1),
        ("h", "2019", 2),
    ]
    assert reading.table.select("survivors", "females").row(2) == (None, None)
    listed = set(reading.problems.select("row", "column", "value", "problem", "action").iter_rows())
    assert {
        (3, "Number Dead", None, "no count can be made", "rejected"),
        (4, "Number Dead", None, "no count can be made", "rejected"),
        (4, "Number Dead", "several", "cannot be read", "emptied"),
        (5, "Number Dead", "1", "a count of people is negative", "rejected"),
        (6, "Minimum Estimated Number of Missing", "-1", "is negative: taken back from the dead in the total", "kept"),
        (7, "Incident Date", None, "has no year", "rejected"),
        (8, "Number of Females", "3", "females and males exceed the total", "emptied"),
        (8, "Number of Survivors", "-2", "is negative", "emptied"),
        (9, "Incident ID", "a", "repeats a record", "rejected"),
        (10, "Incident Date", "2020-01-06", "is not in the record's year, which counts", "kept"),
        (11, "Number Dead", None, "no count can be made", "rejected"),
    } <= listed  # fmt: skip


@given(st.text(max_size=60))
def test_any_words_get_a_code_that_is_known(words: str) -> None:
    assert incident_words.cause(words) in incident_words.CAUSES
    assert incident_words.origin(words, words) in incident_words.ORIGINS
    assert incident_words.incident_type(words) in {*incident_words.INCIDENT_TYPES, None}


def test_old_and_new_words_meet_in_one_code() -> None:
    assert {incident_words.cause(words) for words in ("Drowning", "Presumed drowning")} == {"DROWNING"}
    assert (
        incident_words.cause(
            "Drowning,Harsh environmental conditions / lack of adequate shelter, food, water"
        )
        == "SEVERAL"
    )
    assert incident_words.cause("Struck by artillery shells") == "VIOLENCE"
    assert incident_words.cause("Suicide") == "OTHER_WORDS"
    assert incident_words.route("Syria to Turkey") == incident_words.route("Syria to Türkiye")
    assert incident_words.route("Central Mediterranean,Sahara Desert crossing") == "SEVERAL"
    assert incident_words.route("Venezuela to CuraÃ§ao") == "VENEZUELA_TO_CURACAO"
