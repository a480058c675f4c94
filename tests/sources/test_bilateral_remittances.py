"""Bilateral matrices. Real: tidied copies of 2010, 2011, 2017. Built: the publisher's own matrix."""

from __future__ import annotations

from pathlib import Path

import pytest

from sojourn.errors import LayoutError

CORNER = (
    "Remittance-receiving country (across)                                                              "
    "-                                                 Remittance-sending country (down) "
)
TITLE = (
    "Bilateral Remittance Estimates for {} using Migrant Stocks, Host Country Incomes, and Origin Country "
    "Incomes (millions of US$)"
)


NOBODY = "unknown sending countries: Channel Islands"


@pytest.mark.parametrize(
    ("year", "sums", "notes"),
    [
        # In the file, kept, from the United States to Mexico; in millions of US dollars.
        (2010, (446_635, 446_635, 21_693), [f"{NOBODY} 0.0"]),
        (2011, (501_050, 495_446, 23_174), [f"{NOBODY} 0.0, Unidentified* 5,604.0"]),
        (
            2017,
            (613_464, 613_373, 30_019),
            [f"{NOBODY} 90.9", "unknown receiving countries: Channel Islands 0.0"],
        ),
    ],
)
def test_real_sums(shared: Path, read, year: int, sums: tuple[int, int, int], notes: list[str]) -> None:
    in_file, kept, usa_mexico = sums
    reading = read(shared / f"data/remittances/wb_bilateral_remittance_matrix_{year}.csv.gz")
    assert round(reading.table["value"].sum()) == kept
    assert int(reading.table.filter(sending="USA", receiving="MEX").item(0, "value")) == usa_mexico
    assert reading.notes == tuple(f"millions of US dollars left out with {note}" for note in notes)
    lost = {2010: 0.0, 2011: 5604.0, 2017: 90.9}[year]
    assert abs(reading.table["value"].sum() + lost - in_file) < 1
    assert reading.edition == str(year)


def test_an_unknown_name_is_listed_once(shared: Path, read, problem_rows) -> None:
    reading = read(shared / "data/remittances/wb_bilateral_remittance_matrix_2011.csv.gz")
    problem = "is not a known sending country; its flows are left out"
    assert problem_rows(reading) == [
        (5968, "sending", "Channel Islands", problem, "rejected"),
        (33_443, "sending", "Unidentified*", problem, "rejected"),
    ]


def matrix(year: int) -> list[list[object]]:
    return [
        [TITLE.format(year)],
        [CORNER, "Mexico", "Côte d'Ivoire", "Channel Islands", "WORLD"],
        ["United States", 30_019.2, 0, 5, 30_024.2],
        ["Atlantis", 1, 2, 0, 3],
        ["Kosovo", "1,234.5", "..", "few", 1234.5],
        ["Chad", 0, 0, 0, 0],
        ["WORLD", 31_254.7, 2, 5, 31_261.7],
    ]


def check_matrix(reading, problem_rows, year: str) -> None:
    assert reading.table.rows() == [(year, "USA", "MEX", 30_019.2, 3), (year, "XKX", "MEX", 1234.5, 5)]
    assert problem_rows(reading) == [
        (5, "Channel Islands", "few", "cannot be read", "emptied"),
        (4, "sending", "Atlantis", "is not a known sending country; its flows are left out", "rejected"),
        (
            2,
            "receiving",
            "Channel Islands",
            "is not a known receiving country; its flows are left out",
            "emptied",
        ),
    ]
    assert reading.notes == (
        "millions of US dollars left out with unknown sending countries: Atlantis 3.0",
        "millions of US dollars left out with unknown receiving countries: Channel Islands 5.0",
    )
    assert (reading.rows, reading.empty_rows, reading.edition) == (5, 2, year)


def test_matrix_workbook(workbook, read, problem_rows) -> None:
    check_matrix(read(workbook("remittances.xlsx", {"Sheet1": matrix(2017)})), problem_rows, "2017")


def test_matrix_in_latin_1(write, read, problem_rows) -> None:
    text = "\r\n".join(",".join(f'"{cell}"' for cell in row) for row in matrix(2011)) + "\r\n"
    check_matrix(read(write("matrix.csv", text.encode("latin-1"))), problem_rows, "2011")


TIDY = "sending,receiving,usd_million,send_iso3,recv_iso3\n"


def test_tidy_rows(write, read, problem_rows) -> None:
    lines = (
        "United States,Mexico,5,USA,MEX",
        "Kosovo,Chad,2,KSV,",
        "United States,Mexico,5,USA,MEX",
        "Chad,Mars,7,TCD,",
        "Chad,Mexico,0,TCD,MEX",
        "Chad,,1,TCD,",
    )
    reading = read(write("matrix_2017.csv", TIDY + "\n".join(lines) + "\n"))
    assert reading.table.rows() == [("2017", "USA", "MEX", 5.0, 2), ("2017", "XKX", "TCD", 2.0, 3)]
    assert problem_rows(reading) == [
        (7, "receiving", None, "is empty", "rejected"),
        (5, "receiving", "Mars", "is not a known receiving country; its flows are left out", "rejected"),
        (4, "sending", "United States", "repeats a pair", "rejected"),
    ]
    assert (reading.rows, reading.empty_rows) == (6, 1)


def test_two_names_of_one_area_are_added(write, read) -> None:
    reading = read(write("matrix_2017.csv", TIDY + "Turkey,Mexico,1,TUR,MEX\nTürkiye,Mexico,2,TUR,MEX\n"))
    assert reading.table["value"].to_list() == [3.0]
    assert reading.notes == ("1 flows of areas with two names were added to the others",)


def test_matrix_that_does_not_say_its_year(write, read) -> None:
    with pytest.raises(LayoutError, match="does not say its year") as error:
        read(write("matrix.csv", TIDY + "Chad,Mexico,1,TCD,MEX\n"))
    assert str(error.value.where) == "matrix.csv"
    assert error.value.advice == "Add the year to the file's name."
