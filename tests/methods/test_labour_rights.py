"""8.8.2: the worked example of the metadata, and what bounds the score."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sojourn.methods import labour_rights


def table(**columns: object) -> pl.DataFrame:
    one = {"area": "XXX", "criterion": [1, 2], "violated": True, "weight": [20.0, 7.05], "prohibition": False}
    return pl.DataFrame(one | columns, strict=False)


def test_worked_example() -> None:
    # SDG metadata 8.8.2, table 1: weights add up to 27.05, the score is 2.85.
    assert labour_rights.score(27.05).round(2) == 2.85
    found = labour_rights.score_table(table(), by=("area",)).row(0, named=True)
    assert found["weight"] == pytest.approx(27.05)
    assert found["score"] == pytest.approx(2.847368, abs=1e-6)
    assert (found["prohibited"], found["n"]) == (False, 2)


def test_the_ends_of_the_scale() -> None:
    assert labour_rights.score([0, 95, 95.1, 500]).tolist() == [0, 10, 10, 10]
    assert labour_rights.score([0, np.nan], [True, True]).tolist() == [10, 10]
    assert np.isnan(labour_rights.score(np.nan))


@given(st.lists(st.floats(0, 1000), min_size=2, max_size=20))
def test_more_violations_never_score_better(weights: list[float]) -> None:
    found = labour_rights.score(np.sort(weights))
    assert (np.diff(found) >= 0).all()
    assert ((found >= 0) & (found <= 10)).all()


def test_a_prohibition_counts_only_where_it_is_violated() -> None:
    none = labour_rights.score_table(table(violated=[True, False], prohibition=[False, True]), by=("area",))
    assert (none["weight"].item(), none["score"].item()) == (20, pytest.approx(20 * 10 / 95))
    whole = labour_rights.score_table(table(prohibition=[False, True]), by=("area",))
    assert (whole["score"].item(), whole["prohibited"].item()) == (10, True)


def test_what_is_not_coded_is_not_known() -> None:
    found = labour_rights.score_table(table(violated=[True, None]), by=("area",)).row(0, named=True)
    assert (found["weight"], found["score"], found["n"]) == (None, None, 1)
    settled = table(violated=[True, None], prohibition=[True, False])
    assert labour_rights.score_table(settled, by=("area",))["score"].item() == 10


def test_countries_are_sorted_and_apart() -> None:
    rows = pl.concat([table(area="MEX"), table(area="CAN", violated=False)])
    found = labour_rights.score_table(rows, by=("area",))
    assert found["area"].to_list() == ["CAN", "MEX"]
    assert found["score"].round(2).to_list() == [0, 2.85]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"weight": [1.0, -1.0]}, "'row': 2.*not negative"),
        ({"weight": [1.0, None]}, "'row': 2.*a weight is a number"),
        ({"criterion": [1, 1]}, "'row': 2.*coded once"),
        ({"prohibition": [True, None]}, "true or false"),
    ],
)
def test_broken_rows_are_named(change: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        labour_rights.score_table(table(**change), by=("area",))


def test_other_errors() -> None:
    with pytest.raises(ValueError, match="lack the columns"):
        labour_rights.score_table(pl.DataFrame({"area": ["CAN"]}))
    with pytest.raises(ValueError, match="not negative"):
        labour_rights.score([-1])
