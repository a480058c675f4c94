"""Attempted crossings: a layout of our own, so only built files exist."""

from __future__ import annotations

from tests.sources.conftest import accounted

from sojourn.sources import crossing_attempts
from sojourn.sources.files import describe
from sojourn.sources.recognise import recognise

HEADER = "route,year,people_attempting_to_cross,what_is_counted"


def test_attempts_are_read_and_bad_ones_named(write, problem_rows) -> None:
    lines = [
        'Central Mediterranean,2020,"25,000",arrivals',
        "Central Mediterranean,2020,9,arrivals",
        "Darien Gap,2020,0,arrivals",
        "Darien Gap,soon,5,arrivals",
        "Darien,2021,100,",
    ]
    (entry,) = recognise(
        describe(write("a.csv", "\n".join((HEADER, *lines)) + "\n")), [crossing_attempts.SOURCE]
    )
    reading = entry.read()
    assert accounted(reading)
    assert reading.edition == "to-2020"
    assert reading.table.select("route", "period", "value").rows() == [
        ("CENTRAL_MEDITERRANEAN", "2020", 25_000)
    ]
    assert {row[:3] for row in problem_rows(reading)} == {
        (3, "route", "CENTRAL_MEDITERRANEAN"),
        (4, "people_attempting_to_cross", "0"),
        (5, "year", "soon"),
        (6, "what_is_counted", None),
    }
