"""Shares of 0/1 in any type, of categories that nobody of a domain is in, and of samples without weight."""

from __future__ import annotations

import polars as pl
import pytest

from sojourn.errors import SourceError
from sojourn.methods.survey import Design, cube, estimate, gap, share

ROWS = pl.DataFrame(
    {
        "g": ["a", "a", "b", "b"],
        "job": ["x", "y", "x", "x"],
        "flag": [0, 1, 1, 1],
        "w": [1, 3, 2, 2],
        "w1": [2, 2, 1, 3],
    }
)
DESIGN = Design.brr("w", ["w1"], df=1)


@pytest.mark.parametrize("kind", [pl.Int8, pl.UInt32, pl.Float32, pl.Float64, pl.Boolean])
def test_a_share_is_the_same_in_every_type(kind):
    rows = ROWS.with_columns(pl.col("flag").cast(kind))
    assert estimate(rows, DESIGN, "share(flag)", by="g")["estimate"].to_list() == [0.75, 1.0]
    assert cube(rows, DESIGN, "g", "flag").share().equals(cube(ROWS, DESIGN, "g", "flag").share())
    assert estimate(rows, DESIGN, gap(share("flag"), "g"))["estimate"].item() == -0.25


def test_other_floating_point_numbers_are_categories():
    found = estimate(ROWS.with_columns(flag=pl.col("flag") * 0.5), DESIGN, "share(flag)")
    assert found["category"].to_list() == [0.0, 0.5]
    assert found["estimate"].sum() == 1


def test_a_category_that_nobody_of_a_domain_is_in_has_a_share_of_zero():
    found = estimate(ROWS, DESIGN, "share(job)", by="g")
    assert found.select("g", "category", "estimate", "n").rows() == [
        ("a", "x", 0.25, 2), ("a", "y", 0.75, 2), ("b", "x", 1.0, 2), ("b", "y", 0.0, 2),
    ]  # fmt: skip
    one = estimate(ROWS, DESIGN, "share(job = 'y')", by="g")
    assert one["estimate"].to_list() == found.filter(category="y")["estimate"].to_list()
    assert one["n"].to_list() == found.filter(category="y")["n"].to_list()


def test_a_sample_without_any_weight_is_refused():
    with pytest.raises(SourceError, match="zero in all 4 rows"):
        estimate(ROWS.with_columns(w=0), DESIGN, "mean(flag)")
