"""Passport Index. Real: the snapshot of January 2025, 199 x 199."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from sojourn import discovery
from sojourn.errors import LayoutError
from sojourn.sources.files import describe
from sojourn.sources.model import Reading
from sojourn.sources.problems import rejected_rows
from sojourn.sources.recognise import recognise


def read(path: Path) -> Reading:
    (entry,) = recognise(describe(path), discovery.sources())
    assert entry.source.name == "passport_index"
    reading = entry.read()
    assert reading.table.height + rejected_rows(reading.problems) + reading.empty_rows == reading.rows
    return reading


def test_the_snapshot_of_january_2025(shared: Path) -> None:
    reading = read(shared / "data/policy/passport-index-tidy-iso3.csv")
    assert (reading.edition, reading.rows, reading.table.height) == ("2025-01-12", 39_601, 199 * 198)
    assert reading.problems.is_empty()
    assert reading.notes == ("199 rows of a country with itself left out",)
    # Counted in the file by hand (cut, sort, uniq -c).
    counts = dict(reading.table["requirement"].value_counts().rows())
    assert counts == {
        "VISA_FREE": 1883 + 10_988,
        "ON_ARRIVAL": 6053,
        "ETA": 819,
        "E_VISA": 6704,
        "VISA_REQUIRED": 12_921,
        "NO_ADMISSION": 34,
    }
    assert reading.table["days"].count() == 10_988
    assert {"XKX", "TWN", "VAT", "PSE"} <= set(reading.table["passport"])


HEADER = "Passport,Destination,Requirement\n"


def test_broken_rows_are_listed(write, problem_rows) -> None:
    lines = [
        "AFG,AFG,-1",
        "AFG,ALB,E-Visa",
        "AFG,AND,-1",
        "ALB,ALB,90",
        "XQX,ALB,90",
        "ALB,AFG,maybe",
        "ALB,AFG,0",
        "ALB,AND,",
        "AFG,ALB,30",
        "AND,ALB, 90 ",
    ]
    reading = read(write("visa-2024-03.csv", HEADER + "\n".join(lines) + "\n"))
    assert reading.edition == "2024-03"
    assert reading.table.select("passport", "destination", "period", "requirement", "days").rows() == [
        ("AFG", "ALB", "2024", "E_VISA", None),
        ("AND", "ALB", "2024", "VISA_FREE", 90),
    ]
    assert sorted(problem_rows(reading)) == [
        (4, "Requirement", "-1", "does not fit passport and destination", "rejected"),
        (5, "Requirement", "90", "does not fit passport and destination", "rejected"),
        (6, "Passport", "XQX", "cannot be read", "rejected"),
        (7, "Requirement", "maybe", "cannot be read", "rejected"),
        (8, "Requirement", "0", "cannot be read", "rejected"),
        (9, "Requirement", None, "is empty", "rejected"),
        (10, "Passport", "AFG", "repeats a passport and destination", "rejected"),
    ]


def test_a_file_that_does_not_say_of_when_it_is(write) -> None:
    with pytest.raises(LayoutError, match="does not say of when"):
        read(write("passport-index-tidy-iso3.csv", HEADER + "AFG,ALB,90\n"))


def test_a_year_in_the_name_is_enough(write) -> None:
    table = read(write("visa_2019.csv", HEADER + "AFG,ALB,eta\n")).table
    assert table.select(pl.col("period", "requirement")).rows() == [("2019", "ETA")]
