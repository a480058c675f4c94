"""A course of mixed numbers comes apart by frequency and source, and a year that repeats its quarter is no number more."""

from __future__ import annotations

import pytest

from sojourn.release.strands import frequency_of, in_time, newest, stands_for, strands, without_repeats


def row(period: str, value: float | None, source: str, method: str = "as_published/1"):
    return {"period": period, "value": value, "source": source, "method": method}


RPW = "mean_of_services/1 [transparent services]"
MIXED = [
    row("2012", 7.26, "rpw@2014-Q2", f"{RPW} [quarter 3]"),
    row("2012-Q1", 5.86, "rpw@2014-Q2", RPW),
    row("2012-Q3", 7.26, "rpw@2014-Q2", RPW),
    row("2013", 4.41, "rpw@2014-Q2", f"{RPW} [quarter 3]"),
    row("2013-Q3", 4.41, "rpw@2014-Q2", RPW),
    row("2013-Q4", 5.29, "rpw@2014-Q2", RPW),
    row("2017", 4.86, "wdi@2023"),
    row("2017-Q1", 4.85, "rpw_databank@2017-Q1"),
    row("2018", 4.06, "wdi@2023"),
]


def periods(found):
    return [[one["period"] for one in strand.rows] for strand in found]


def test_quarters_years_and_another_publisher_are_strands_of_their_own():
    found = strands(MIXED)
    assert periods(found) == [["2012-Q1", "2012-Q3", "2013-Q3", "2013-Q4"], ["2017", "2018"], ["2017-Q1"]]
    assert [one.sources for one in found] == [("rpw",), ("wdi",), ("rpw_databank",)]
    assert periods(strands(MIXED[::-1])) == periods(found), "whatever the order of the rows"


def test_a_year_that_repeats_a_quarter_is_left_out_only_where_the_quarter_stands_beside_it():
    assert [one["period"] for one in without_repeats(MIXED)] == [
        one["period"] for one in MIXED if one["period"] not in ("2012", "2013")
    ]
    (alone,) = strands([MIXED[0]])
    assert (alone.frequency, stands_for(alone.rows[0])) == ("quarter", "2012-Q3")


def test_the_newest_number_decides_of_what_a_change_is_told():
    assert [one["period"] for one in newest(MIXED).valued] == ["2017", "2018"]
    assert newest([row("2019", None, "wdi@2023")]) is None
    withheld = newest([*MIXED, row("2019-Q1", None, "rpw_databank@2019")])
    assert [one["period"] for one in withheld.valued] == ["2017", "2018"], "what has no value is no newest"


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        (("wdi@2019", "as_published/1"), ("wdi@2023", "as_published/1"), True),
        (("wdi@2019", "as_published/1"), ("wdi@2023+wdi@2024", "ratio/1"), True),
        (("unhcr@2025", "stock_flow/1"), ("unhcr@2025+decisions@2025", "stock_flow/1"), True),
        (("matrix@2017+rpw@2014", "by_corridor/1"), ("wdi@2024+rpw@2014", "by_receiver/1"), False),
        (("rpw@2014", "mean/1"), ("rpw_databank@2014", "as_published/1"), False),
    ],
)
def test_what_is_one_source(one, other, together):
    found = strands([row("2015", 1.0, *one), row("2016", 2.0, *other)])
    assert (len(found) == 1) is together


def test_the_main_strand_has_the_most_numbers_then_the_finest():
    years = [row(str(2010 + at), 1.0, "wdi@2023") for at in range(3)]
    quarters = [row(f"2010-Q{at}", 1.0, "rpw@2014") for at in (1, 2)]
    assert strands([*quarters, *years])[0].frequency == "year"
    assert strands([*quarters, row("2010-Q3", 2.0, "rpw@2014"), *years])[0].frequency == "quarter"


def test_of_periods_that_end_together_the_shorter_comes_last():
    rows = [row("2013-Q4", 1.0, "a@1"), row("2013", 1.0, "a@1"), row("2009/P5Y", 1.0, "a@1")]
    assert [one["period"] for one in in_time(rows)] == ["2009/P5Y", "2013", "2013-Q4"]
    assert [frequency_of(one) for one in ("2013-S1", "2013-07", "2013-07-01")] == ["half", "month", "day"]
