"""Pairs of computed and published numbers, and the tolerance between them."""

from __future__ import annotations

import polars as pl
import pytest

from sojourn import observations
from sojourn.indicators.model import Series
from sojourn.release.differences import differences, open_difference, summary

SERIES = {"S": Series("S", "s", "s", "PT", "area", tolerance=0.01)}


def frame(*rows: tuple[float, str, str]) -> pl.DataFrame:
    return observations.complete(
        pl.DataFrame(
            [
                {
                    "indicator": "x",
                    "series": "S",
                    "area": "MEX",
                    "period": "2011",
                    "value": value,
                    "unit": "PT",
                }
                | {"source": source, "method": method}
                for value, source, method in rows
            ]
        )
    )


@pytest.mark.parametrize(
    ("computed", "published", "agrees"),
    [
        (9.3029, 9.3, True),  # rounded to one place: half a unit is 0.05
        (9.349, 9.3, True),
        (9.36, 9.3, False),
        (8.851, 8.88, False),  # two places: half a unit is less than the tolerance 0.01
        (8.871, 8.88, True),
        (11.747416, 11.71, False),
    ],
)
def test_tolerance_follows_the_published_decimals(computed, published, agrees):
    pairs = differences(frame((computed, "a@1", "m/1"), (published, "b@1", "as_published/1")), SERIES)
    assert pairs["agrees"].to_list() == [agrees]
    assert pairs["difference"].item() == pytest.approx(computed - published)


def test_every_published_source_is_compared_and_simulated_ones_never():
    pairs = differences(
        frame(
            (1.0, "a@1", "m/1"),
            (1.0, "b@1", "as_published/1"),
            (2.0, "c@1", "as_published/1"),
            (5.0, "a@simulated-1", "m/1"),
        ),
        SERIES,
    )
    assert pairs.height == 2
    assert summary(pairs).select("published_source", "compared", "differ").rows() == [
        ("b@1", 1, 0),
        ("c@1", 1, 1),
    ]


def test_another_edition_of_our_own_source_is_a_revision_and_not_open():
    pairs = differences(
        frame(
            (1.0, "wdi@to-2024+rpw@1", "m/1"),
            (2.0, "wdi@to-2021", "as_published/1"),
            (2.0, "b@1", "as_published/1"),
        ),
        SERIES,
    )
    assert dict(pairs.select("published_source", "kind").iter_rows()) == {
        "wdi@to-2021": "revision",
        "b@1": "check",
    }
    assert pairs.filter(open_difference())["published_source"].to_list() == ["b@1"]


def test_summary_by_year_and_direction():
    pairs = differences(frame((1.0, "a@1", "m/1"), (1.0, "b@1", "as_published/1")), SERIES)
    assert summary(pairs, by_year=True).select("year", "compared", "agree").rows() == [("2011", 1, 1)]
