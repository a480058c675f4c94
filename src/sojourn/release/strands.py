"""Tells apart what a course of numbers is made of, so that no line joins what cannot be compared.

The headline numbers of one thing may come from several sources and be of several lengths: quarters computed from
prices until 2014, years that another publisher gives since. A line from one to the other would show a movement that
never happened. A **strand** is the part of a course that has one frequency and one source.

* *One source*: the same names, whatever their editions (`wdi@2023`, `wdi@2024`: an edition is a revision, and told as
  one), or the same method with a name in common (refugees by stocks alone, or by stocks and decisions).
* *A year that is a quarter*: where a method says `[quarter 3]`, the number of the year is the number of its third
  quarter, said again for those who want one number a year. It is of that quarter, and no second number beside it.
* *The main strand* is the one with the most numbers, of these the finest, of these the newest: the one that tells most
  of the course. The newest number of all may be of another strand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sojourn import observations
from sojourn.release.periods import end_of

Row = Mapping[str, Any]

YEARS, YEAR, HALF, QUARTER, MONTH, DAY = "years", "year", "half", "quarter", "month", "day"
FINENESS = (YEARS, YEAR, HALF, QUARTER, MONTH, DAY)
"""Frequencies, the coarsest first."""

_LENGTHS = {4: YEAR, 10: DAY}
_MARKS = {"Q": QUARTER, "S": HALF}
_STANDS_FOR = re.compile(r"\[quarter ([1-4])\]")


@dataclass(frozen=True, slots=True)
class Strand:
    """Numbers of one frequency and one source.

    Attributes:
        frequency: of `FINENESS`.
        sources: names of its sources, without editions, sorted.
        rows: its observations in the order of time.
    """

    frequency: str
    sources: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def valued(self) -> list[Row]:
        """The rows that have a value."""
        return [row for row in self.rows if row["value"] is not None]


@lru_cache(4096)
def frequency_of(period: str) -> str:
    """Say how long a period is.

    >>> frequency_of("2015"), frequency_of("2015-Q3"), frequency_of("2015-07"), frequency_of("2010/P5Y")
    ('year', 'quarter', 'month', 'years')
    """
    if "/" in period:
        return YEARS
    return _LENGTHS.get(len(period)) or _MARKS.get(period[5], MONTH)


def stands_for(row: Row) -> str:
    """Give the period that a number is of: a year that repeats one of its quarters is of that quarter.

    Args:
        row: an observation; `method` may be absent.

    >>> stands_for({"period": "2013", "method": "mean_of_services/1 [quarter 3]"}), stands_for({"period": "2013"})
    ('2013-Q3', '2013')
    """
    period = str(row["period"])
    found = _STANDS_FOR.search(row.get("method") or "")
    return f"{period}-Q{found.group(1)}" if found and frequency_of(period) == YEAR else period


def without_repeats(rows: Sequence[Row]) -> list[Row]:
    """Leave out the years that repeat a quarter which stands beside them.

    Args:
        rows: headline observations of one thing.
    """
    there = {row["period"] for row in rows}
    return [row for row in rows if (own := stands_for(row)) == row["period"] or own not in there]


def strands(rows: Sequence[Row]) -> list[Strand]:
    """Take a course apart.

    Args:
        rows: headline observations of one thing, in any order; `source` and `method` may be absent.

    Returns:
        Its strands, the main one first; what repeats a quarter is in none.

    >>> found = strands([
    ...     {"period": "2013", "value": 4.4, "source": "rpw@2014", "method": "mean/1 [quarter 3]"},
    ...     {"period": "2013-Q2", "value": 5.7, "source": "rpw@2014", "method": "mean/1"},
    ...     {"period": "2013-Q3", "value": 4.4, "source": "rpw@2014", "method": "mean/1"},
    ...     {"period": "2014", "value": 4.5, "source": "wdi@2023", "method": "as_published/1"},
    ... ])
    >>> [(one.frequency, one.sources, len(one.rows)) for one in found]
    [('quarter', ('rpw',), 2), ('year', ('wdi',), 1)]
    """
    groups: list[tuple[str, set[tuple[str, str]], list[Row]]] = []
    for row in in_time(without_repeats(rows)):
        frequency = frequency_of(stands_for(row))
        made = str(row.get("source") or ""), str(row.get("method") or "").partition("/")[0]
        for known, makers, own in groups:
            if known == frequency and any(_alike(made, one) for one in makers):
                makers.add(made)
                own.append(row)
                break
        else:
            groups.append((frequency, {made}, [row]))
    found = [
        Strand(
            frequency, tuple(sorted({name for source, _ in makers for name in _names(source)})), tuple(own)
        )
        for frequency, makers, own in groups
    ]
    return sorted(found, key=_rank, reverse=True)


def newest(rows: Sequence[Row]) -> Strand | None:
    """Give the strand that the newest value belongs to: what may be told of as its change.

    Args:
        rows: headline observations of one thing.

    Returns:
        The strand; None where there is no value.
    """
    valued = [one for one in strands(rows) if one.valued]
    return max(valued, key=lambda one: _when(one.valued[-1]), default=None)


def in_time(rows: Sequence[Row]) -> list[Row]:
    """Sort by the day on which a period ends, the shorter of two that end together last."""
    return sorted(rows, key=_when)


def _when(row: Row) -> tuple[Any, int]:
    own = stands_for(row)
    return end_of(own), FINENESS.index(frequency_of(own))


def _rank(strand: Strand) -> tuple[Any, ...]:
    valued = strand.valued
    return len(valued), FINENESS.index(strand.frequency), _when((valued or strand.rows)[-1])


@lru_cache(8192)
def _alike(one: tuple[str, str], other: tuple[str, str]) -> bool:
    first, second = _names(one[0]), _names(other[0])
    return first == second or (one[1] == other[1] and bool(first & second))


@lru_cache(4096)
def _names(source: str) -> frozenset[str]:
    return frozenset(observations.editions(source))
