"""Where a period stands on the time axis, and how it is written."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sojourn.errors import UsageError
from sojourn.present.charts.numbers import ltr

_PERIOD = re.compile(
    r"(?P<year>\d{4})(?:-Q(?P<quarter>[1-4])|-S(?P<half>[12])|-(?P<month>\d{2})(?:-(?P<day>\d{2}))?|/P(?P<years>\d+)Y)?"
)


@dataclass(frozen=True, slots=True)
class Span:
    """A period on an axis of years: where its point stands, and from when to when it lasts."""

    at: float
    start: float
    end: float


def span(period: str, *, lasting: bool = False) -> Span:
    """Place a period on an axis of years. A year stands on its own number, all else in its middle.

    Args:
        period: ISO 8601.
        lasting: a year stands in its middle too, and lasts: beside quarters, its own number would be January.

    Raises:
        UsageError: this is no period.

    >>> span("2015").at, span("2015-Q3").at, span("2010/P5Y")
    (2015.0, 2015.625, Span(at=2012.5, start=2010.0, end=2015.0))
    >>> span("2015", lasting=True)
    Span(at=2015.5, start=2015.0, end=2016.0)
    """
    found = _PERIOD.fullmatch(period)
    if found is None:
        raise UsageError(f"{period!r} is no period", accepted="ISO 8601: 2015, 2015-Q3, 2015-07, 2010/P5Y")
    year = float(found["year"])
    if found["years"]:
        return Span(year + int(found["years"]) / 2, year, year + int(found["years"]))
    if found["quarter"]:
        return _part(year, int(found["quarter"]), 4)
    if found["half"]:
        return _part(year, int(found["half"]), 2)
    if found["day"]:
        return _part(year, (int(found["month"]) - 1) * 31 + int(found["day"]), 372)
    if found["month"]:
        return _part(year, int(found["month"]), 12)
    return Span(year + 0.5, year, year + 1) if lasting else Span(year, year, year)


def _part(year: float, which: int, parts: int) -> Span:
    start = year + (which - 1) / parts
    return Span(start + 0.5 / parts, start, start + 1 / parts)


def written(period: str, language: str) -> str:
    """Write a period for a reader.

    >>> written("2010/P5Y", "en"), written("2015-Q3", "fr")
    ('2010–2015', '2015-Q3')
    """
    if "/" not in period:
        return ltr(period, language) if "-" in period else period
    lasts = span(period)
    return ltr(f"{lasts.start:.0f}–{lasts.end:.0f}", language)
