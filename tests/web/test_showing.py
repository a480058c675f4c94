"""What a picture over time says in words: a change is told within one source and frequency, never from one to another."""

from __future__ import annotations

import polars as pl
import pytest

from sojourn.web.pages.series import Chosen, latest
from sojourn.web.pages.showing import said_over_time

RPW = "mean_of_services/1 [transparent services]"


@pytest.fixture
def course():
    told = [
        ("2013", 4.41, "rpw@2014-Q2", f"{RPW} [quarter 3]"),
        ("2013-Q2", 5.67, "rpw@2014-Q2", RPW),
        ("2013-Q3", 4.41, "rpw@2014-Q2", RPW),
        ("2014", 4.48, "wdi@2023", "as_published/1"),
        ("2014-Q2", 4.51, "rpw@2014-Q2", RPW),
    ]
    return pl.DataFrame(
        [(*one, "MEX", "A") for one in told],
        schema=["period", "value", "source", "method", "area", "status"],
        orient="row",
    )


def test_a_change_is_told_within_a_source_and_a_frequency(course):
    said = said_over_time(course, "en")
    assert "Mexico: 5.67 in 2013-Q2, 4.51 in 2014-Q2 (Remittance Prices Worldwide, service level)" in said
    assert "Mexico: 4.48 in 2014 (World Development Indicators)" in said
    assert "2013," not in said, "the year that repeats its third quarter begins nothing"


def test_one_source_of_one_frequency_is_told_without_its_name(course):
    years = course.filter(pl.col("source") == "wdi@2023")
    assert said_over_time(years, "en").startswith("Mexico: 4.48 in 2014. ")


def test_the_newest_number_is_the_one_whose_period_ends_last(course):
    chosen = Chosen("SI_RMT_COST", ("MEX",), "", "", {}, {})
    (one,) = latest(course, chosen)
    assert one["row"]["period"] == "2014", "not 2014-Q2, which is written later but ends sooner"
