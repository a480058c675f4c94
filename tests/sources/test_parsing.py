"""Cells become typed columns; what cannot is listed with its place, and nothing ever raises."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sojourn.errors import LayoutError
from sojourn.sources import problems
from sojourn.sources.files import describe, load
from sojourn.sources.model import InputFile, RawSheet
from sojourn.sources.parsing import (
    Field,
    area,
    date,
    number,
    read_fields,
    text,
    without_blank_rows,
    without_other_areas,
)

FILE = InputFile(Path("a.csv"), "a.csv", 1, "0")
FIELDS = (
    Field("Country", "area", area("alpha3"), "a code", needed=True),
    Field("Cost", "cost", number, "a number"),
    Field("Note", "note", text, "text", optional=True),
)


def sheet(columns: dict[str, list[object]], header_row: int = 1) -> RawSheet:
    return RawSheet(FILE, "S", header_row, pl.DataFrame(columns, strict=False))


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("7.5", 7.5),
        ("-2", -2.0),
        (" 1,234.50 ", 1234.5),
        ("1 234 567", 1234567.0),
        ("1\u00a0234", 1234.0),
        ("1e3", 1000.0),
        ("1,23", None),
        ("12,34,567", None),
        ("7.5%", None),
        ("<5", None),
        ("..", None),
        ("-", None),
        ("–", None),
        ("N/A", None),
        ("inf", None),
        ("nan", None),
        ("", None),
        (None, None),
    ],
)
def test_number(cell: str | None, value: float | None) -> None:
    assert number(pl.Series(["3", cell], dtype=pl.String)).to_list() == [3.0, value]


def test_number_of_typed_columns() -> None:
    assert number(pl.Series([1, None])).to_list() == [1.0, None]
    assert number(pl.Series([1.5, math.nan])).to_list() == [1.5, None]
    assert number(pl.Series([None, None])).to_list() == [None, None]


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("22/Jan/2011", dt.date(2011, 1, 22)),
        ("22/jan/2011", dt.date(2011, 1, 22)),
        ("2025-01-14", dt.date(2025, 1, 14)),
        ("2025-01-14 00:00:00", dt.date(2025, 1, 14)),
        ("45678", dt.date(2025, 1, 21)),
        ("45678.5", dt.date(2025, 1, 21)),
        ("31/Feb/2011", None),
        ("2025-13-01", None),
        ("03/04/2011", None),  # could be March or April
        ("soon", None),
    ],
)
def test_date(cell: str, value: dt.date | None) -> None:
    assert date(pl.Series([cell])).to_list() == [value]


def test_date_of_typed_columns() -> None:
    moment = dt.datetime(2025, 1, 14, 9)
    assert date(pl.Series([moment])).to_list() == [dt.date(2025, 1, 14)]
    assert date(pl.Series([moment.date()])).to_list() == [dt.date(2025, 1, 14)]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.none() | st.text() | st.from_regex(r"[0-9/\-., :a-zA-Z]{0,12}", fullmatch=True), max_size=5)
)
def test_no_text_makes_number_or_date_raise(cells: list[str | None]) -> None:
    values = pl.Series(cells, dtype=pl.String)
    assert number(values).dtype == pl.Float64
    assert date(values).dtype == pl.Date
    assert len(number(values)) == len(date(values)) == len(cells)
    assert all(value is None or math.isfinite(value) for value in number(values))


def test_namibia_is_not_missing() -> None:
    marks = pl.Series(["NA", "N/A", "n/a", "NAM", "..", "-", "…", " x  y "])
    assert text(marks).to_list() == ["NA", None, None, "NAM", None, None, "…", "x y"]
    assert area("alpha3")(pl.Series(["NAM", "KSV", "XKX", "nam ", "NA"])).to_list() == [
        "NAM",
        "XKX",
        "XKX",
        "NAM",
        None,
    ]


def test_problems_name_the_place() -> None:
    raw = sheet({"COUNTRY ": ["MEX", "XYZ", "..", "USA"], "cost": ["1", "2", "3", "abc"]}, header_row=4)
    table, found = read_fields(raw, FIELDS)
    assert table.rows() == [(5, "MEX", 1.0, None), (8, "USA", None, None)]
    assert found.rows() == [
        ("a.csv", "S", 6, "Country", "XYZ", "cannot be read", "a code", "rejected"),
        ("a.csv", "S", 7, "Country", "..", "is empty", "a code", "rejected"),
        ("a.csv", "S", 8, "Cost", "abc", "cannot be read", "a number", "emptied"),
    ]
    assert problems.rejected_rows(found) == 2


def test_row_with_two_faults_is_rejected_once() -> None:
    fields = (FIELDS[0], Field("Cost", "cost", number, "a number", needed=True))
    table, found = read_fields(sheet({"Country": ["?"], "Cost": ["?"]}), fields)
    assert (table.height, found.height, problems.rejected_rows(found)) == (0, 2, 1)


def test_renamed_column_names_the_close_header() -> None:
    with pytest.raises(LayoutError) as error:
        read_fields(sheet({"Country": ["MEX"], "Total Cost": ["1"]}), FIELDS)
    assert error.value.what == "A column is missing or renamed: 'Cost' (is 'Total Cost' the same?)"
    assert str(error.value.where) == "a.csv, sheet 'S', column 'Cost'"


def test_missing_columns_never_hint_at_a_column_that_is_in_use() -> None:
    with pytest.raises(LayoutError, match=r"Columns are missing or renamed: 'Country', 'Cost'\n"):
        read_fields(sheet({"Note": ["x"]}), FIELDS)
    fields = (Field("cc1 cost", "one", number, "a number"), Field("cc2 cost", "two", number, "a number"))
    with pytest.raises(LayoutError, match=r"renamed: 'cc1 cost'\n"):
        read_fields(sheet({"cc2 cost": ["1"]}), fields)


def test_first_of_two_equal_headers_counts() -> None:
    table, _ = read_fields(sheet({"Country": ["MEX"], "Cost": ["1"], "COST": ["2"]}), FIELDS)
    assert table["cost"].to_list() == [1.0]


def test_blank_rows_are_counted() -> None:
    raw, blank = without_blank_rows(sheet({"a": ["1", " ", None], "b": [None, "", "2"]}))
    assert (raw.frame.height, blank, raw.row_numbers.to_list()) == (2, 1, [2, 4])
    assert without_blank_rows(sheet({"a": ["1", " ", None], "b": [None, "", "2"]}), ("A",))[1] == 2


@pytest.mark.parametrize(
    ("scheme", "cells", "left", "codes"),
    [
        ("wpp", [900, 901, 1503, 484, 9999, 700], ["900", "484", "700"], "1503, 901, 9999"),
        ("worldbank", ["CHI", "MEX", "CHI", "QQQ"], ["MEX", "QQQ"], "CHI"),
        ("m49", ["514", "484", "99999"], ["484", "99999"], "514"),
    ],
)
def test_known_groups_are_set_aside_and_unknown_codes_are_not(
    scheme: str, cells: list[object], left: list[str], codes: str
) -> None:
    raw, count, (note,) = without_other_areas(sheet({"Code": cells}), "code", scheme)
    assert raw.frame["Code"].cast(pl.String).to_list() == left
    assert count == len(cells) - len(left)
    assert note.endswith(f"left out: {codes}")


ROW = st.tuples(
    st.sampled_from(["MEX", "USA", "NAM", "QQQ", "", "..", "NA"]),
    st.sampled_from(["1", "2.5", "1,000", "bad", "-", "N/A", ""]),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100)
@given(rows=st.lists(ROW, max_size=12), above=st.integers(0, 3), blank=st.booleans())
def test_row_numbers_point_to_the_line(write, rows: list[tuple[str, str]], above: int, blank: bool) -> None:
    lines = [*["title"] * above, "Country,Cost", *[f'"{code}","{cost}"' for code, cost in rows]]
    if blank:
        lines.insert(above + 1, "")
    path = write("t.csv", "\n".join(lines) + "\n")
    raw, empty = without_blank_rows(load(describe(path), None, above + 1))
    table, found = read_fields(raw, FIELDS)
    for row, code, _, _ in table.rows():
        assert lines[row - 1].startswith(f'"{code}"')
    for row, column, value, action in found.select("row", "column", "value", "action").rows():
        assert action == ("rejected" if column == "Country" else "emptied")
        cells = lines[row - 1][1:-1].split('","')
        assert cells[column == "Cost"] == (value or "")
    # Every row of the file is kept, rejected or empty.
    unseen = sum(not code and not cost for code, cost in rows)
    assert empty <= unseen + blank
    assert table.height + problems.rejected_rows(found) + empty == raw.frame.height + empty
    assert raw.frame.height == len(rows) - unseen
