"""UNHCR's Refugee Data Finder. Real: tidied copies of four tables. Built: JSON records and the CSV download."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sojourn import discovery
from sojourn.errors import LayoutError
from sojourn.sources.files import describe
from sojourn.sources.model import Reading
from sojourn.sources.problems import rejected_rows
from sojourn.sources.recognise import recognise
from sojourn.sources.unhcr import LARGEST_COUNT, count, place


def read(path: Path) -> tuple[str, Reading]:
    """Read the one known table of a file, and check that every row of it is accounted for."""
    (entry,) = recognise(describe(path), discovery.sources())
    reading = entry.read()
    kept = reading.table["row"].n_unique()
    assert kept + rejected_rows(reading.problems) + reading.empty_rows == reading.rows
    return entry.source.name, reading


def listed(reading: Reading) -> list[tuple[object, ...]]:
    return reading.problems.select("row", "column", "value", "problem", "action").rows()


def test_population_of_2022(shared: Path) -> None:
    # data/README.md 2.4: 29,429,078 refugees, 57.3 million internally displaced, Syria 6,559,736
    name, reading = read(shared / "data/unhcr/population.parquet")
    assert (name, reading.rows, reading.edition) == ("unhcr_population", 138_893, "to-2025")
    found = reading.table.filter(period="2022")
    assert found["refugees"].sum() == 29_429_078
    assert found.filter(origin="SYR")["refugees"].sum() == 6_559_736
    assert found["idps"].sum() == pytest.approx(57.3e6, rel=1e-3)


def test_known_breaks_are_listed_and_kept(shared: Path) -> None:
    _, reading = read(shared / "data/unhcr/population.parquet")
    assert set(reading.problems["action"]) == {"kept"}
    fallen = reading.problems.filter(column="refugees")["value"].to_list()
    assert "CHN 2022: 320 after 303436" in fallen
    assert "RUS 2024: 10077 after 1230131" in fallen
    own = reading.problems.filter(pl.col("problem").str.contains("are the same"))
    assert own.height == 59
    assert reading.table.height == reading.rows


def test_solutions_of_2023(shared: Path) -> None:
    # methods text 5.2: world 2023
    name, reading = read(shared / "data/unhcr/solutions.parquet")
    world = reading.table.filter(period="2023").sum()
    assert name == "unhcr_solutions"
    columns = ["returned_refugees", "resettlement", "naturalisation"]
    assert world.select(columns).row(0) == (1_126_551, 158_591, 30_655)


def test_decisions_tell_persons_from_cases(shared: Path) -> None:
    # methods text 5.1 gives 612,908 / 210,910 / 581,725 for 2023: that is persons and cases together
    _, reading = read(shared / "data/unhcr/asylum_decisions.parquet")
    parts = ["recognised", "complementary", "rejected"]
    found = reading.table.filter(period="2023").group_by("counted").agg(pl.col(parts).sum()).sort("counted")
    assert found.rows() == [("CASES", 662, 0, 738), ("PERSONS", 612_246, 210_910, 580_987)]
    assert reading.problems.height == 444
    assert set(reading.problems["problem"]) == {"the parts do not add up to the total"}


def test_applications(shared: Path) -> None:
    name, reading = read(shared / "data/unhcr/asylum_applications.parquet")
    assert (name, reading.rows, reading.problems.height) == ("unhcr_applications", 120_597, 0)
    new = reading.table.filter(period="2023", type="N", counted="PERSONS")
    assert new["applied"].sum() == 3_537_423


@pytest.mark.parametrize("name", ["demographics", "flows", "unrwa", "countries"])
def test_other_tables_of_the_publisher_are_passed_over(shared: Path, name: str) -> None:
    assert recognise(describe(shared / f"data/unhcr/{name}.parquet"), discovery.sources()) == []


RECORD = {
    "year": 2023,
    "coo_id": 187,
    "coo_name": "Egypt",
    "coo": "ARE",
    "coo_iso": "EGY",
    "coa_id": 8,
    "coa_name": "Türkiye",
    "coa": "TUR",
    "coa_iso": "TUR",
    "refugees": 100,
    "asylum_seekers": "-",
    "returned_refugees": 0,
    "idps": 0,
    "returned_idps": 0,
    "stateless": 0,
    "ooc": 0,
    "oip": "-",
    "hst": 0,
}


def test_records_of_the_service(write) -> None:
    bad = [
        {"coo_iso": "UNK", "coa_iso": "DEU"},
        {"coo_iso": "GFR", "coa_iso": "DEU"},
        {"coo_iso": "-", "coa_iso": "DEU"},
        {"coo_iso": "SYR", "coa_iso": "DEU", "refugees": -5},
        {"coo_iso": "SYR", "coa_iso": "DEU", "refugees": 7},
        {"coo_iso": "SDN", "coa_iso": "DEU", "refugees": "<5"},
        {"coo_iso": "SDN", "coa_iso": "SDN", "refugees": 9},
    ]
    answer = {"page": 1, "items": [RECORD, *(RECORD | change for change in bad)]}
    name, reading = read(write("population.json", json.dumps(answer)))
    assert name == "unhcr_population"
    assert reading.table.select("origin", "asylum", "refugees", "asylum_seekers", "oip").rows() == [
        ("EGY", "TUR", 100, None, None),
        ("UNK", "DEU", 100, None, None),
        ("SYR", "DEU", None, None, None),
        ("SDN", "DEU", None, None, None),
        ("SDN", "SDN", 9, None, None),
    ]
    assert listed(reading) == [
        (3, "coo_iso", "GFR", "cannot be read", "rejected"),
        (4, "coo_iso", "-", "is empty", "rejected"),
        (5, "refugees", "-5", "cannot be read", "emptied"),
        (7, "refugees", "<5", "cannot be read", "emptied"),
        (6, "year, coo_iso, coa_iso", "2023 SYR DEU", "repeats a row", "rejected"),
        (8, "origin, asylum", "SDN", "origin and country of asylum are the same", "kept"),
    ]


DOWNLOAD = (
    'Year,"Country of origin","Country of origin (ISO)","Country of asylum","Country of asylum (ISO)",'
    '"Refugees under UNHCR\'s mandate",Asylum-seekers,"Returned refugees","IDPs of concern to UNHCR",'
    '"Returned IDPss","Stateless persons","Others of concern",'
    '"Other people in need of international protection","Host Community"'
)


def test_download_of_the_page_is_a_zip_archive(tmp_path: Path) -> None:
    line = '2023,"Egypt",EGY,"Türkiye",TUR,100,-,0,0,0,0,0,12,0'
    path = tmp_path / "query_data.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("population.csv", f"{DOWNLOAD}\n{line}\n")
        archive.writestr("footnotes.csv", "Year,Country,Footnote\n2023,EGY,Estimated\n")
    name, reading = read(path)
    assert name == "unhcr_population"
    assert reading.table.select("origin", "refugees", "asylum_seekers", "oip").rows() == [
        ("EGY", 100, None, 12)
    ]


PLACES = 'Year,"Country of origin","Country of origin (ISO)","Country of asylum","Country of asylum (ISO)"'
ASYLUM = "Authority,Stage of procedure,Cases / Persons"


@pytest.mark.parametrize(
    ("source", "headers", "cells", "column", "expected"),
    [
        (
            "unhcr_solutions",
            "Returned refugees,Resettlement arrivals,Naturalisation,Returned IDPss",
            "1,2,3,-",
            "resettlement",
            2,
        ),
        (
            "unhcr_decisions",
            f"{ASYLUM},Recognized decisions,Complementary protection,Rejected decisions,Otherwise closed,"
            "Total decisions",
            "G,FI,P,1,2,3,4,10",
            "complementary",
            2,
        ),
        (
            "unhcr_applications",
            "Authority,Application type,Stage of procedure,Cases / Persons,applied",
            "G,N,FI,C,7",
            "applied",
            7,
        ),
    ],
)
def test_downloads_of_the_other_tables(write, source, headers, cells, column, expected) -> None:
    name, reading = read(write("table.csv", f"{PLACES},{headers}\n2023,Egypt,EGY,Chad,TCD,{cells}\n"))
    assert name == source
    assert reading.table.select("origin", "asylum", column).rows() == [("EGY", "TCD", expected)]
    assert reading.problems.is_empty()


def test_a_renamed_column_is_named(write) -> None:
    header = DOWNLOAD.replace("Asylum-seekers", "Asylum claims")
    path = write("population.csv", f"{header}\n2023,Egypt,EGY,Chad,TCD,1,2,3,4,5,6,7,8,9\n")
    with pytest.raises(LayoutError, match="Asylum-seekers"):
        read(path)


def test_decisions_of_neither_persons_nor_cases_are_rejected(write) -> None:
    header = "year,coo_iso,coa_iso,procedure_type,dec_level,dec_pc,dec_recognized,dec_other,dec_rejected,dec_closed,dec_total"
    lines = [
        "2023,SYR,DEU,G,FI,P,10,5,5,0,20",
        "2023,SYR,DEU,G,FI,C,4,0,0,0,4",
        "2023,SYR,DEU,G,AR,X,1,0,0,0,1",
    ]
    _, reading = read(write("decisions.csv", "\n".join((header, *lines)) + "\n"))
    assert reading.table["counted"].to_list() == ["PERSONS", "CASES"]
    assert listed(reading) == [(4, "dec_pc", "X", "cannot be read", "rejected")]


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(-(10**9), 10**9)))
def test_counts_are_whole_and_not_negative(numbers: list[int]) -> None:
    texts = pl.Series([str(number) for number in numbers], dtype=pl.String)
    assert count(texts).to_list() == [number if 0 <= number <= LARGEST_COUNT else None for number in numbers]


def test_groups_of_countries_are_no_place() -> None:
    assert place(pl.Series(["WLD", "001", "419", "MEX"])).to_list() == [None, None, None, "MEX"]
