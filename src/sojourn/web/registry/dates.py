"""Days that are known to the year or month only: "2015", "2015-07", "2015-07-13".

A source that says "July 2015" must not become the first of July. Such a date is kept as it was said, and
has a first and a last day; a deadline is kept until its last day has passed.
"""

from __future__ import annotations

import calendar
import re
from datetime import date

from sojourn.errors import UsageError

_SHAPE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def first_day(said: str) -> date:
    """Give the first day that a date may mean.

    Raises:
        UsageError: it is no date.

    >>> first_day("2015-07")
    datetime.date(2015, 7, 1)
    """
    year, month, day = _parts(said)
    return _day(said, year, month or 1, day or 1)


def last_day(said: str) -> date:
    """Give the last day that a date may mean.

    Raises:
        UsageError: it is no date.

    >>> last_day("2016-02"), last_day("2018")
    (datetime.date(2016, 2, 29), datetime.date(2018, 12, 31))
    """
    year, month, day = _parts(said)
    month = month or 12
    if not day and 1 <= month <= 12 and year:
        day = calendar.monthrange(year, month)[1]
    return _day(said, year, month, day)


def _parts(said: str) -> tuple[int, int, int]:
    found = _SHAPE.fullmatch(said)
    if not found:
        raise UsageError(f"{said[:40]!r} is no date", accepted="2015, 2015-07 or 2015-07-13")
    year, month, day = (int(part or 0) for part in found.groups())
    return year, month, day


def _day(said: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise UsageError(
            f"{said!r} is no day of the calendar", accepted="2015, 2015-07 or 2015-07-13"
        ) from error
