"""Evidence in a cell: what is written is what is read, whatever signs a text holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sojourn.web.registry.evidence import read, written

_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")) | st.sampled_from(r"\;|: "))
_STRIPPED = _TEXT.map(str.strip)
_ROW = st.fixed_dictionaries(
    {
        "title": _STRIPPED.filter(bool) | st.just("https://example.org/title"),
        "link": _STRIPPED | st.just("https://example.org/a;b|c"),
        "licence": _STRIPPED,
        "grade": st.sampled_from(["none", "self_report"]),
    }
)


@given(st.lists(_ROW, max_size=4))
def test_what_is_written_is_read_again(rows):
    again = [{"link": "", "licence": "", "grade": "none", **one} for one in read(written(rows))]
    assert again == rows


@pytest.mark.parametrize(
    ("cell", "rows"),
    [
        ("", []),
        (" ; | ;", []),
        ("Survey", [{"title": "Survey"}]),
        ("| https://example.org", [{"link": "https://example.org"}]),
        (r"C:\survey", [{"title": r"C:\survey"}]),
        ("a|b|c|none|d|e", [{"title": "a", "link": "b", "licence": "c", "grade": "none", "more": "d e"}]),
    ],
)
def test_what_is_written_by_hand(cell, rows):
    assert read(cell) == rows
