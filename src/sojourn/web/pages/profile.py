"""Everything about one area, line by line: its newest number, its course, and its region and the world beside it.

A series that speaks of everybody is shown by its total; one that speaks of some ages or forms only is shown by
the plainest breakdown that it has, and says of whom it is. A comparison is with the same breakdown, and never
with a later period.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sojourn import framework, observations
from sojourn.release.country import Gap
from sojourn.release.periods import end_of
from sojourn.web.corridors import ADDITIVE, ends, series_between
from sojourn.web.holding import Holding, as_text
from sojourn.web.pages.gathered import gathered, rows_of
from sojourn.web.pages.kept import Kept
from sojourn.web.pages.sparks import Spark, spark
from sojourn.web.question import codes_of_row, in_address

_kept = Kept(64)

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Line:
    """One series of an area.

    Attributes:
        row: its newest number, with `basis`.
        meaning: what the series means.
        codes: whom it is about, where that is not everybody.
        spark: its course.
        region, world: the number of the same thing there, not later; None where there is none.
        additive: whether it may be divided by region and world.
        others: how many more breakdowns the area has.
    """

    row: Row
    meaning: Mapping[str, Any]
    codes: Mapping[str, str]
    spark: Spark | None
    region: Row | None
    world: Row | None
    additive: bool
    others: int

    @property
    def asked(self) -> dict[str, str]:
        """What of its series it shows, as the address of the series' page holds it."""
        return in_address(self.codes)

    def share(self, wider: Row | None) -> float | None:
        """Give the share of a wider area in per cent, for numbers that may be added up."""
        value = self.row["value"]
        if not self.additive or wider is None or value is None or not wider["value"]:
            return None
        return float(100 * value / wider["value"])

    def scale(self) -> tuple[float, float]:
        """Give the ends of a scale that holds the number, its interval, region and world."""
        told = [one for one in (self.row, self.region, self.world) if one is not None]
        reached = [one[name] for one in told for name in ("value", "lower", "upper") if one[name] is not None]
        return min([*reached, 0.0]), max([*reached, 0.0])


def lines(holding: Holding, code: str) -> list[Line]:
    """Gather the lines of an area.

    Args:
        holding: the release.
        code: the area.
    """
    newest = gathered(holding).newest.of(code)
    if not newest.height:
        return []
    courses = _courses(holding, code)
    region, world = (rows_of(holding, newest[name].drop_nulls()) for name in ("region", "world"))
    by_series = [{one["series"]: one for one in found} for found in (region, world)]
    own = as_text(holding.coded[newest["row"]]).with_columns(observations.basis())
    return [
        Line(
            row=row,
            meaning=holding.series[row["series"]],
            codes=codes_of_row(row),
            spark=spark(courses.get(row["series"], [])),
            region=by_series[0].get(row["series"]),
            world=by_series[1].get(row["series"]),
            additive=holding.series[row["series"]]["unit"] in ADDITIVE,
            others=breakdowns - 1,
        )
        for row, breakdowns in zip(own.iter_rows(named=True), newest["breakdowns"], strict=True)
    ]


def _courses(holding: Holding, code: str) -> dict[str, list[dict[str, Any]]]:
    """Give the course of each series: what a line needs of it.

    A provisional number is of a year that is not complete: beside whole years it would draw a fall.
    """
    courses: dict[str, list[dict[str, Any]]] = {}
    names = ("series", "period", "value", "lower", "upper", "source", "method")
    for one in rows_of(holding, gathered(holding).courses.of(code)["row"], names):
        courses.setdefault(one["series"], []).append(one)
    return courses


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where a series belongs: its goal and target, in the framework's words; empty where it serves none."""

    goal: int
    goal_label: str
    target: str
    target_label: str


NOWHERE = Shelf(99, "", "", "")


def shelves(holding: Holding) -> Mapping[str, Shelf]:
    """Give the goal and target of each series: that of its own indicator first, else the first that it serves."""
    return _kept.get((holding.name, "shelves"), lambda: _shelves(holding))


def _shelves(holding: Holding) -> dict[str, Shelf]:
    facts = framework.load()
    goals = {one.number: one.label for one in facts.goals}
    found: dict[str, Shelf] = {}
    for target in framework.gaps(facts, holding.indicators, set(holding.places)):
        number = int(target.target.partition(".")[0])
        shelf = Shelf(number, goals[number], target.target, target.label)
        for series in target.series_here:
            own = series in holding.series and holding.series[series]["indicator"].startswith(
                f"{target.target}."
            )
            if own or series not in found:
                found[series] = shelf
    return found


def by_shelf(told: Iterable[Line], holding: Holding) -> list[tuple[Shelf, list[tuple[Shelf, list[Line]]]]]:
    """Lay lines under their goals and targets, in the order of these; what serves none comes last."""
    known = shelves(holding)
    targets: dict[Shelf, list[Line]] = {}
    for line in told:
        targets.setdefault(known.get(line.row["series"], NOWHERE), []).append(line)
    goals: dict[int, list[tuple[Shelf, list[Line]]]] = {}
    for shelf in sorted(targets, key=_order):
        goals.setdefault(shelf.goal, []).append((shelf, targets[shelf]))
    return [(own[0][0], own) for own in goals.values()]


def _order(shelf: Shelf) -> tuple[int, bool, str, str]:
    part = shelf.target.partition(".")[2]
    return shelf.goal, not part.isdigit(), part.zfill(3), shelf.target


@dataclass(frozen=True, slots=True)
class Largest:
    """The largest other ends of an area in one series: where its people or its money go, or come from.

    Attributes:
        series: its code.
        outward: whether the area is the origin.
        role: how the series calls the other end.
        rows: observations with `other`, the largest first.
        total: how many other ends there are.
        additive: whether they may be added up; of rates, the highest come first.
    """

    series: str
    outward: bool
    role: str
    rows: list[dict[str, Any]]
    total: int
    additive: bool


@dataclass(frozen=True, slots=True)
class Between:
    """What lies between an area and others: the largest other ends, and how many numbers, by series."""

    largest: list[Largest]
    counts: dict[str, int]


def between(holding: Holding, code: str) -> Between:
    """Gather what lies between an area and others; the largest only of series that rank them."""
    found, known = gathered(holding), series_between(holding)
    counts = dict(found.counts.of(code).select("series", "count").iter_rows())
    told = found.largest.of(code)
    ranked: dict[tuple[str, bool], list[dict[str, Any]]] = {}
    totals: dict[tuple[str, bool], int] = {}
    for row, one in zip(rows_of(holding, told["row"]), told.iter_rows(named=True), strict=True):
        direction = one["series"], ends(holding.series[one["series"]]).origin == one["mine"]
        other = "counterpart" if one["mine"] == "area" else "area"
        ranked.setdefault(direction, []).append({**row, "other": row[other]})
        totals[direction] = one["total"]
    order = [(series, outward) for series in known for outward in (False, True)]
    return Between(
        [_largest(holding, *one, ranked[one], totals[one]) for one in order if one in ranked],
        {one: counts[one] for one in known if one in counts},
    )


def _largest(holding: Holding, series: str, outward: bool, rows: list[dict[str, Any]], total: int) -> Largest:
    meaning = holding.series[series]
    role = ends(meaning).destination_role if outward else ends(meaning).origin_role
    return Largest(series, outward, role, rows, total, meaning["unit"] in ADDITIVE)


def by_filling(gaps: Iterable[Gap]) -> list[tuple[Gap, list[Gap]]]:
    """Put together the gaps that the same sources would fill, those that fill most first."""
    together: dict[tuple[tuple[str, ...], tuple[str, ...]], list[Gap]] = {}
    for gap in gaps:
        together.setdefault((gap.sources, gap.from_whom), []).append(gap)
    return [(own[0], own) for own in sorted(together.values(), key=lambda own: (-len(own), own[0].series))]


def newest_period(told: Iterable[Line]) -> str:
    """Give the newest period that any line has, empty where there is none."""
    periods = sorted((line.row["period"] for line in told), key=end_of)
    return periods[-1] if periods else ""
