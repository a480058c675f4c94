"""Tables in and out: no formula, no loss, every problem by row and column."""

from __future__ import annotations

import csv
import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sojourn.web.registry.cells import defused, restored, table
from sojourn.web.registry.importing import Column, dry_run

COLUMNS = (
    Column("id", unique=True),
    Column("title", required=True, longest=40),
    Column("due", kind="date"),
    Column("amount", kind="number"),
    Column("nature", kind="code", codes=frozenset({"financial", "policy"})),
    Column("areas", kind="codes", codes=frozenset({"NOR", "BGD"})),
)
HEADER = [one.name for one in COLUMNS]
FORMULAS = ["=1+1", "+cmd|'/c calc'!A1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1", "'=1", "''=1"]


def problems(content):
    return [(one.row, one.column, one.value) for one in dry_run(content, COLUMNS).problems]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_is_written_as_a_formula_and_every_text_is_read_again(text):
    written = defused(text)
    assert written.startswith("'")
    assert restored(written) == text


@pytest.mark.parametrize("text", ["-5", "+3.5", "-1e-7", "plain", "it's", "'quoted'", "", "a=b"])
def test_numbers_and_plain_texts_stay_as_they_are(text):
    assert defused(text) == text
    assert restored(text) == text


@given(st.text(max_size=40))
def test_writing_and_reading_give_back_the_same_text(text):
    assert restored(defused(text)) == text


@given(
    st.lists(
        st.lists(
            st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=12),
            min_size=2,
            max_size=2,
        )
    )
)
def test_a_table_is_read_again_as_it_was_written(rows):
    read = list(csv.reader(io.StringIO(table(["a", "b"], rows).decode("utf-8-sig"), newline="")))
    assert [[restored(one) for one in row] for row in read[1:]] == rows


def test_a_good_table_is_ready_and_keeps_every_value():
    rows = [["C-1", "=title", "2015-07", "-3.5", "policy", "NOR BGD"], ["C-2", "عنوان, 标题", "", "", "", ""]]
    plan = dry_run(table(HEADER, rows), COLUMNS)
    assert plan.ready
    assert [list(one.values.values()) for one in plan.rows] == rows
    assert [one.number for one in plan.rows] == [2, 3]


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_the_sign_between_cells_is_found(sign):
    plan = dry_run(f"id{sign}title\r\nC-1{sign}a\r\n".encode(), COLUMNS)
    assert plan.ready
    assert plan.rows[0].values == {"id": "C-1", "title": "a"}


def test_every_problem_is_listed_by_row_and_column():
    rows = [
        ["C-1", "", "2015-13", "1,5", "money", "NOR XXX"],
        ["C-1", "x" * 41, "July 2015", "", "", ""],
        ["", "fine", "", "", "", ""],
        ["", "", "", "", "", ""],
        ["C-2", "fine", "2023-02-29", "", "", "", "lost"],
    ]
    content = table(HEADER, rows)
    assert problems(content) == [
        (2, "title", ""),
        (2, "due", "2015-13"),
        (2, "amount", "1,5"),
        (2, "nature", "money"),
        (2, "areas", "NOR XXX"),
        (3, "id", "C-1"),
        (3, "title", "x" * 41),
        (3, "due", "July 2015"),
        (6, "", "lost"),
        (6, "due", "2023-02-29"),
    ]
    plan = dry_run(content, COLUMNS)
    assert not plan.ready
    assert (len(plan.rows), plan.empty) == (4, 1)
    assert all(one.what for one in plan.problems)


def test_a_column_that_would_be_lost_is_a_problem():
    assert sorted(problems(b"id,title,colour,,title\r\nC-1,a,red,x,b\r\n")) == [
        (1, "", "column 4"),
        (1, "colour", "colour"),
        (1, "title", "title"),
    ]


def test_a_column_that_every_row_needs_is_missed():
    assert problems(b"id\r\nC-1\r\n") == [(1, "title", "")]


@pytest.mark.parametrize(
    ("content", "row"),
    [
        (b"", 1),
        (b"id,title\r\n", 1),
        ("id,title\r\nC-1,caf\xe9\r\n".encode("latin-1"), 2),
        (b"id,title\r\nC-1,a\0b\r\n", 2),
        (b'id,title\r\nC-1,"a"b\r\n', 1),
        ("id,title\r\n".encode("utf-16"), 1),
    ],
)
def test_what_is_no_table_is_told_in_one_line(content, row):
    plan = dry_run(content, COLUMNS)
    assert not plan.ready
    assert [one.row for one in plan.problems] == [row]


def test_too_large_a_file_and_too_many_rows_are_told(monkeypatch):
    from sojourn.web.registry import importing

    monkeypatch.setattr(importing, "MOST_ROWS", 2)
    assert problems(table(["title"], [["a"], ["b"], ["c"]])) == [(1, "", "3")]
    monkeypatch.setattr(importing, "LARGEST", 10)
    assert len(problems(table(["title"], [["a"], ["b"], ["c"]]))) == 1


def test_a_cell_of_several_lines_does_not_shift_the_count_of_rows():
    content = table(["title", "due"], [["two\nlines", "2015"], ["b", "never"]])
    assert problems(content) == [(3, "due", "never")]


CELL = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0\r"), max_size=8)


@given(st.lists(st.lists(CELL, min_size=1, max_size=8), max_size=6))
def test_every_cell_is_in_a_row_or_in_a_problem(rows):
    plan = dry_run(table(HEADER, rows), COLUMNS)
    kept = {one.number: one.values for one in plan.rows}
    told = {(one.row, one.value) for one in plan.problems}
    for number, row in enumerate(rows, start=2):
        for place, cell in enumerate(row):
            if cell.strip():
                here = place < len(HEADER) and kept[number][HEADER[place]] == cell.strip()
                assert here or (number, cell) in told or (number, cell.strip()) in told


def test_ten_thousand_rows_are_looked_at_in_seconds_and_progress_is_told():
    rows = [[f"C-{number}", f"title {number}", "2015-07", "1.5", "policy", "NOR"] for number in range(10_000)]
    told = []
    started = time.perf_counter()
    plan = dry_run(table(HEADER, rows), COLUMNS, lambda done, total: told.append((done, total)))
    assert plan.ready
    assert time.perf_counter() - started < 10
    assert told[-1] == (10_000, 10_000)
    assert [one for one, _ in told] == sorted(one for one, _ in told)


def test_a_row_that_is_too_short_is_told():
    assert problems(b"title,due,amount\r\na,2015,1\r\nb\r\n") == [(3, "due", "")]


def test_a_character_that_no_text_may_hold_hides_no_other_row():
    content = b"title,due\r\na\0b,2015\r\nfine,2016\r\nc,never\r\n"
    assert problems(content) == [(2, "title", "a\0b"), (4, "due", "never")]
    assert [one.number for one in dry_run(content, COLUMNS).rows] == [2, 3, 4]
