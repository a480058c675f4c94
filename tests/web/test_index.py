"""An answer found by the index is the answer that looking at every row gives."""

from __future__ import annotations

import polars as pl
import pytest

from sojourn.release import open_release
from sojourn.web.holding import HEADLINE, LATEST, load


@pytest.fixture(scope="module")
def holding(two_releases):
    return load(open_release(two_releases[1]))


@pytest.mark.parametrize(
    "where",
    [
        {"area": ["MEX"]},
        {"area": ["IND", "MEX", "MEX"]},
        {"counterpart": ["MEX"]},
        {"area": ["USA"], "counterpart": ["MEX"]},
        {"area": ["001"], "counterpart": [""]},
        {"area": ["MEX", ""], "breakdown": ["AMOUNT=500"]},
        {"area": ["ATA"]},
        {"counterpart": [""]},
        {"area": []},
        {},
    ],
)
@pytest.mark.parametrize("mark", [None, HEADLINE, LATEST])
def test_the_index_finds_what_a_look_at_every_row_finds(holding, where, mark):
    wanted = [pl.col(name).cast(pl.String).is_in(values) for name, values in where.items()]
    wanted += [pl.col(mark)] if mark else []
    expected = holding.coded.filter(wanted) if wanted else holding.coded
    found = holding.found(None, where, every=mark is None, only_latest=mark == LATEST)
    assert found.equals(expected)
    if where in ({"area": ["MEX"]}, {"counterpart": ["MEX"]}):
        assert found.height > 0
