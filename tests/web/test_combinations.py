"""A choice is offered only where it leads to numbers, and says how many."""

from __future__ import annotations

import polars as pl

from sojourn.web.combinations import choices, combinations, nearest

MEANING = {
    "dimensions": [
        {
            "name": "PRODUCT",
            "label": "product",
            "default": "all products",
            "codes": {"C": "cash", "M": "mobile"},
        }
    ]
}


def rows(*told: tuple[str, str, str, str]) -> pl.DataFrame:
    """Rows of (area, period, sex, breakdown)."""
    frame = pl.DataFrame(told, schema=["area", "period", "sex", "breakdown"], orient="row")
    others = [pl.lit("_T").alias(name) for name in ("age", "nativity", "citizenship", "legal_status")]
    return frame.with_columns(others)


THERE = combinations(
    rows(
        ("MEX", "2011", "_T", ""),
        ("MEX", "2013", "_T", ""),
        ("IND", "2012", "_T", ""),
        ("MEX", "2011", "F", ""),
        ("MEX", "2011", "_T", "PRODUCT=C"),
        ("MEX", "2011", "F", "PRODUCT=M"),
    )
)


def test_combinations_are_counted():
    total = next(one for one in THERE if not one.codes)
    assert (total.numbers, total.areas, total.first, total.last) == (3, 2, "2011", "2013")
    assert len(THERE) == 4


def test_only_what_goes_with_the_other_choices_is_offered():
    sex, product = choices(THERE, MEANING, {"sex": "F"})
    assert [one.code for one in product.options] == ["", "M"]
    assert product.elsewhere == 1, "cash exists, but not for women"
    assert [one.code for one in sex.options] == ["", "F"]
    assert product.options[1].label == "mobile"


def test_names_that_never_differ_are_no_choice():
    assert [one.name for one in choices(THERE, MEANING, {})] == ["sex", "PRODUCT"]


def test_an_option_says_what_it_gives():
    sex, _ = choices(THERE, MEANING, {})
    assert [one.gives.numbers for one in sex.options] == [3, 1]


def test_the_nearest_combinations_come_first():
    first = nearest(THERE, {"sex": "F", "PRODUCT": "C"})[0]
    assert first.codes in ({"sex": "F"}, {"PRODUCT": "C"}, {"sex": "F", "PRODUCT": "M"})
    assert len(nearest(THERE, {}, most=2)) == 2


def test_ages_are_offered_in_the_order_of_life():
    ages = ["Y5T9", "Y55T59", "Y0T4", "Y_GE75", "Y15T19", "_T"]
    there = combinations(rows(*[("MEX", "2011", "_T", "")] * len(ages)).with_columns(pl.Series("age", ages)))
    (choice,) = choices(there, {"dimensions": []}, {})
    assert [one.code for one in choice.options] == ["", "Y0T4", "Y5T9", "Y15T19", "Y55T59", "Y_GE75"]
