"""Tables fit the terminal: nothing is cut, and what is too narrow becomes entries."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from sojourn.tables import draw, widths

COLUMNS = [("area", "left"), ("period", "code"), ("breakdown", "left"), ("number", "right")]
ROWS = [("United Arab Emirates", "2025", "COMPONENT=PROTECTED; DIRECTION=OUTBOUND", "1,126,551")]


def printed(width, columns=COLUMNS, rows=ROWS):
    stream = io.StringIO()
    draw(Console(file=stream, width=width, highlight=False, markup=False), "a title", columns, rows)
    return stream.getvalue()


@pytest.mark.parametrize("width", [30, 40, 60, 80, 120])
def test_no_word_is_cut_at_any_width(width):
    text = printed(width)
    assert "…" not in text
    for word in ("Emirates", "2025", "COMPONENT=PROTECTED;", "DIRECTION=OUTBOUND", "1,126,551"):
        assert word in text
    assert max(len(line.rstrip()) for line in text.splitlines()) <= width


def test_a_wide_terminal_gets_one_line_per_row_and_a_narrow_one_entries():
    assert sum("United Arab Emirates" in line for line in printed(120).splitlines()) == 1
    narrow = printed(40)
    assert "United Arab Emirates\n  period: 2025\n" in narrow
    assert "number: 1,126,551" in narrow


def test_a_cell_of_many_lines_makes_entries():
    rows = [("a.csv", "word " * 200)]
    assert widths([("file", "code"), ("notes", "left")], rows, 80) is None


def test_an_entry_leaves_out_what_is_empty():
    text = printed(20, [("area", "left"), ("why", "left")], [("JOR", "")])
    assert "why:" not in printed(8, [("area", "left"), ("why not there", "left")], [("JOR", "")])
    assert "JOR" in text


@given(st.lists(st.tuples(*[st.text("abc ", max_size=40)] * 3), min_size=1, max_size=4), st.integers(10, 120))
def test_chosen_widths_never_exceed_the_room(rows, room):
    columns = [("one", "left"), ("two", "code"), ("three", "right")]
    chosen = widths(columns, rows, room)
    if chosen is not None:
        assert sum(chosen) + 2 * (len(columns) - 1) <= room
