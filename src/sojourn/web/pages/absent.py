"""Where a reader asks for what no number has: which part of the question it is, and what is nearest that has one.

A combination of breakdowns comes first, then the two ends, then the period: what is named is the first of them that
nothing has, because the rest of the question may well be answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from sojourn.release.periods import end_of
from sojourn.web.combinations import Combination, nearest

MOST = 5


@dataclass(frozen=True, slots=True)
class Absent:
    """Why nothing stands where a reader looked.

    Attributes:
        what: "combination", "ends" or "period".
        combinations: those that have numbers, the nearest first.
        periods: those that have numbers, the nearest ones, the earliest first.
    """

    what: str
    combinations: tuple[Combination, ...] = ()
    periods: tuple[str, ...] = ()


def absent(
    there: Sequence[Combination], codes: Mapping[str, str], rows: pl.DataFrame, period: str
) -> Absent | None:
    """Tell what of a question no number has; None where all of it is answered.

    Args:
        there: the combinations of the series.
        codes: the combination that is asked for, totals left out.
        rows: what has this combination, between the asked ends, of any period.
        period: that is asked for; empty: the newest.
    """
    if not any(one.codes == codes for one in there):
        return Absent("combination", combinations=tuple(nearest(there, codes)))
    if not rows.height:
        return Absent("ends")
    periods = rows["period"].unique().cast(pl.String).to_list()
    if period and period not in periods:
        return Absent("period", periods=near(periods, period))
    return None


def near(periods: Iterable[str], asked: str, most: int = MOST) -> tuple[str, ...]:
    """Give the periods nearest to another, the earliest first; those as long as it before longer and shorter ones.

    >>> near(["2011", "2011-Q3", "2015", "2016", "2020"], "2014", 2)
    ('2015', '2016')
    """

    def distance(one: str) -> tuple[bool, int, str]:
        return len(one) != len(asked), abs((end_of(one) - end_of(asked)).days), one

    return tuple(sorted(sorted(periods, key=distance)[:most], key=lambda one: (end_of(one), len(one))))
