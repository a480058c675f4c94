"""Coded keys against plain Python: groups, filters, mappings, and both ways of numbering."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from sojourn.methods.coded import Coded, number

ROWS = st.lists(st.tuples(st.sampled_from(["x", "y", "z", None]), st.sampled_from([200, 500])), max_size=30)


def table(rows: list[tuple[str | None, int]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"a": pl.String, "b": pl.Int16}, orient="row")


@given(ROWS)
def test_groups_are_numbered_in_sorted_order(rows):
    known = Coded.of(table(rows), ["a", "b"]).known("a")
    kept = [row for row in rows if row[0] is not None]
    code, groups = known.groups(["a", "b"])
    assert groups.rows() == sorted(set(kept))
    assert [groups.row(one) for one in code] == kept


@given(ROWS, st.sets(st.sampled_from(["x", "y", "absent"])))
def test_only_and_without_part_the_rows(rows, wanted):
    coded = Coded.of(table(rows), ["a", "b"]).known("a")
    inside, outside = coded.only("a", wanted), coded.without("a", wanted)
    kept = [row for row in rows if row[0] is not None]
    assert len(inside.codes["a"]) == sum(row[0] in wanted for row in kept)
    assert len(inside.codes["a"]) + len(outside.codes["a"]) == len(kept)


@given(ROWS)
def test_mapped_leaves_out_names_without_an_image(rows):
    coded = Coded.of(table(rows), ["a", "b"]).mapped("a", "group", {"x": "1", "y": "1"})
    assert len(coded.codes["group"]) == sum(row[0] in ("x", "y") for row in rows)
    assert set(coded.names["group"]) <= {"1"}


def test_values_follow_their_rows():
    frame = pl.DataFrame({"a": ["x", None, "y"], "v": [1, 2, 3]})
    assert Coded.of(frame, ["a"], ["v"]).known("a").values["v"].tolist() == [1.0, 3.0]


@given(st.lists(st.integers(0, 40), min_size=1, max_size=30))
def test_counting_and_sorting_number_alike(values):
    array = np.array(values)
    for one, other in zip(number(array, 41), number(array, 10**9), strict=True):
        assert one.tolist() == other.tolist()
