"""UNODC's export. Real: the workbook and its CSV. Built: each kind of cell that is no number."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.sources.conftest import accounted

from sojourn.sources import unodc_glotip
from sojourn.sources.files import describe
from sojourn.sources.model import Reading
from sojourn.sources.recognise import recognise

HEADER = "Iso3_code,Country,Region,Subregion,Indicator,Dimension,Category,Sex,Age,Year,Unit of measurement,txtVALUE,Source"


def read(path: Path) -> Reading:
    (entry,) = recognise(describe(path), [unodc_glotip.SOURCE])
    reading = entry.read()
    assert accounted(reading)
    return reading


@pytest.fixture(scope="module")
def workbook_reading(shared: Path) -> Reading:
    return read(shared / "data" / "unodc" / "data_glotip.xlsx")


def test_the_workbook_and_the_csv_are_one_export(shared: Path, workbook_reading: Reading) -> None:
    csv = read(shared / "data" / "unodc" / "data_glotip_2025-04-14.csv.gz")
    assert csv.edition == workbook_reading.edition == "2025-04-14"
    assert csv.rows == workbook_reading.rows == 58769
    assert csv.table.drop("row").equals(workbook_reading.table.drop("row"))


def test_detected_victims_of_2022(workbook_reading: Reading) -> None:
    # Shared data README, section 2.6: 75,128 over 112 countries.
    total = workbook_reading.table.filter(
        measure="VICTIMS", dimension="TOTAL", sex="_T", age="_T", period="2022"
    )
    assert (total["value"].sum(), total.height, total["hidden"].sum()) == (75128, 112, 12)


def test_half_of_all_cells_are_marks_and_none_is_a_number(workbook_reading: Reading) -> None:
    assert workbook_reading.notes[0] == "29558 of 58769 cells read <5: 0 to 4, never summed as a number"
    hidden = workbook_reading.table.filter("hidden")
    assert hidden["value"].null_count() == hidden.height
    assert workbook_reading.table.filter(~workbook_reading.table["hidden"])["value"].min() == 5


def test_broken_values_are_recognised_by_name(workbook_reading: Reading) -> None:
    counts = dict(workbook_reading.problems["problem"].value_counts().iter_rows())
    assert counts == {
        "is empty": 120,
        "no area of ours": 26,
        "is the number of a questionnaire cell (question, line, year), not a count": 128,
        "is the year of its row, not a count": 5,
        "several figures under one label": 1224,
    }
    broken = workbook_reading.problems.filter(column="txtVALUE")["value"].to_list()
    assert {"6,112,019", "61,102,019", "2,022"} <= set(broken)
    assert workbook_reading.table["value"].max() < 40_000


def line(
    value: str, *, category="Total", dimension="Total", sex="Total", age="Total", year="2019", code="MEX"
) -> str:
    return f'{code},Mexico,Americas,Latin America,Detected trafficking victims,{dimension},{category},{sex},{age},{year},Counts,"{value}",GLOTIP'


def test_each_kind_of_cell(write) -> None:
    lines = [
        line("1,150"),
        line("<5", sex="Female"),
        line("61,102,019", sex="Male"),
        line("9,999,999", sex="Other"),
        line("2,019", sex="Unknown", age="Unknown"),
        line("-", year="2018"),
        line("-3", year="2017"),
        line("a few", year="2016"),
        line("7", year="2015"),
        line("8", year="2015"),
        line("9", dimension="by citizenship", category="Romanian"),
        line("9", dimension="by citizenship", category="Nationals"),
        line("9", dimension="by citizenship", category="Other Asia"),
        line("9", sex="Both"),
    ]
    reading = read(write("undated.csv", "\n".join((HEADER, *lines)) + "\n"))
    assert reading.edition == "undated"
    assert reading.table.select("category", "sex", "value", "hidden", "row").rows() == [
        ("_T", "_T", 1150, False, 2),
        ("_T", "F", None, True, 3),
        ("ROU", "_T", 9, False, 12),
        ("MEX", "_T", 9, False, 13),
        (None, "_T", 9, False, 14),
    ]
    assert dict(reading.problems.select("row", "problem").iter_rows()) == {
        4: "is the number of a questionnaire cell (question, line, year), not a count",
        5: "is too large for a count of one country and year",
        6: "is the year of its row, not a count",
        7: "is empty",
        8: "is no count",
        9: "is no count",
        10: "several figures under one label",
        11: "several figures under one label",
        15: "cannot be read",
    }
