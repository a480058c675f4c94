"""Periods as text (2015, 2015-Q3, 2015-07, 2010/P5Y) and the days they end on."""

from __future__ import annotations

import calendar
import re
from datetime import date
from functools import lru_cache

import polars as pl


@lru_cache(4096)
def end_of(period: str) -> date:
    """Give the last day of a period.

    >>> end_of("2015-Q3"), end_of("2015"), end_of("2010/P5Y"), end_of("2015-02")
    (datetime.date(2015, 9, 30), datetime.date(2015, 12, 31), datetime.date(2014, 12, 31), datetime.date(2015, 2, 28))
    """
    year = int(period[:4])
    if match := re.search(r"/P(\d+)Y", period):
        return date(year + int(match.group(1)) - 1, 12, 31)
    if match := re.search(r"-Q([1-4])$", period):
        return _end_of_month(year, 3 * int(match.group(1)))
    if match := re.search(r"-S([12])$", period):
        return _end_of_month(year, 6 * int(match.group(1)))
    if match := re.fullmatch(r"\d{4}-(\d{2})(?:-(\d{2}))?", period):
        month = int(match.group(1))
        return date(year, month, int(match.group(2))) if match.group(2) else _end_of_month(year, month)
    return date(year, 12, 31)


def last_day(periods: pl.Series) -> date:
    """Give the last day that any of the periods holds."""
    return max(end_of(period) for period in periods.unique())


def _end_of_month(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])
