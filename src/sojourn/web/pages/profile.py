"""Everything about one area, line by line: its newest number, its course, and its region and the world beside it.

A series that speaks of everybody is shown by its total; one that speaks of some ages or forms only is shown by
the plainest breakdown that it has, and says of whom it is. A comparison is with the same breakdown, and never
with a later period.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from sojourn import framework, observations
from sojourn.observations import parse_breakdown
from sojourn.release.country import PROGRESS, Gap
from sojourn.release.periods import end_of
from sojourn.web.corridors import ADDITIVE, countries, ends, is_total, series_between
from sojourn.web.holding import Holding, as_text
from sojourn.web.pages.kept import Kept
from sojourn.web.pages.sparks import Spark, spark
from sojourn.web.question import PERSONS

WORLD = "001"
MOST_PAIRS = 5

_ABOUT = (*PERSONS, "breakdown")
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


def lines(holding: Holding, code: str, wider: Sequence[str]) -> list[Line]:
    """Gather the lines of an area.

    Args:
        holding: the release.
        code: the area.
        wider: its region, if it has one, and the world.
    """
    own = holding.numbers(None, {"area": [code], "counterpart": [""]})
    own = own.filter(~pl.col("series").str.starts_with(PROGRESS))
    if not own.height:
        return []
    plainest = _plainest(own.select("series", *_ABOUT).unique())
    shown = own.join(plainest, on=["series", *_ABOUT], how="semi", maintain_order="left")
    chosen, courses = _newest(shown, holding.release.manifest.as_of), _courses(shown)
    near = _near(holding, chosen.select("series", *_ABOUT, "period"), wider)
    counted = dict(own.select("series", *_ABOUT).unique().group_by("series").len().iter_rows())
    region = wider[0] if wider and wider[0] != WORLD else ""
    return [
        Line(
            row=row,
            meaning=holding.series[row["series"]],
            codes={name: row[name] for name in PERSONS if row[name] != "_T"}
            | parse_breakdown(row["breakdown"]),
            spark=spark(courses.get(row["series"], [])),
            region=near.get((row["series"], region)),
            world=near.get((row["series"], WORLD)),
            additive=holding.series[row["series"]]["unit"] in ADDITIVE,
            others=counted[row["series"]] - 1,
        )
        for row in chosen.with_columns(observations.basis()).iter_rows(named=True)
    ]


def _newest(shown: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """Choose the newest number of each series; one that is missing yields to an older one, a withheld one does not."""
    if not shown.height:
        return shown
    ended = {one: end_of(one) for one in shown["period"].unique()}
    known = pl.col("value").is_not_null() | (pl.col("status") == observations.SUPPRESSED)
    dated = shown.with_columns(
        pl.col("period").replace_strict(ended, return_dtype=pl.Date).alias("_end"), known.alias("_known")
    ).filter(pl.col("_end") <= as_of)
    ranked = dated.sort("series", "_known", "_end", pl.col("period").str.len_chars())
    return ranked.unique("series", keep="last", maintain_order=True).drop("_end", "_known")


def _courses(shown: pl.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """Give the course of each series: what a line needs of it.

    A provisional number is of a year that is not complete: beside whole years it would draw a fall.
    """
    names = ("period", "value", "lower", "upper", "source")
    courses: dict[str, list[dict[str, Any]]] = {}
    whole = shown.filter(pl.col("status") != "P")
    for series, *told in whole.select("series", *names).iter_rows():
        courses.setdefault(series, []).append(dict(zip(names, told, strict=True)))
    return courses


def _plainest(breakdowns: pl.DataFrame) -> pl.DataFrame:
    """Choose of each series the breakdown with the fewest parts, the first of several."""
    apart = pl.col("breakdown").str.count_matches("=", literal=True) + sum(
        (pl.col(name) != "_T").cast(pl.Int64) for name in PERSONS
    )
    told = breakdowns.with_columns(apart.alias("_apart")).sort("series", "_apart", *_ABOUT)
    return told.unique("series", keep="first", maintain_order=True).drop("_apart")


def _near(holding: Holding, chosen: pl.DataFrame, wider: Sequence[str]) -> dict[tuple[str, str], Row]:
    """Find the number of each wider area for the same thing: of the same period, else the newest before."""
    there = _kept.get(
        (holding.name, *wider), lambda: holding.numbers(None, {"area": wider, "counterpart": [""]})
    )
    asked = chosen.rename({"period": "_of"})
    rows = there.join(asked, on=["series", *_ABOUT], how="inner").filter(pl.col("period") <= pl.col("_of"))
    last = (
        rows.sort(pl.col("value").is_not_null(), "period")
        .unique(["series", "area"], keep="last", maintain_order=True)
        .drop("_of")
    )
    return {(one["series"], one["area"]): one for one in last.iter_rows(named=True)}


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
    """

    series: str
    outward: bool
    role: str
    rows: list[dict[str, Any]]
    total: int


@dataclass(frozen=True, slots=True)
class Between:
    """What lies between an area and others: the largest other ends, and how many numbers, by series."""

    largest: list[Largest]
    counts: dict[str, int]


def between(holding: Holding, code: str) -> Between:
    """Gather what lies between an area and others; the largest only of what may be added up."""
    known = series_between(holding)
    counts = dict.fromkeys(known, 0)
    tops: dict[tuple[str, bool], Largest] = {}
    for mine, other in (("area", "counterpart"), ("counterpart", "area")):
        rows = holding.found(None, {mine: [code]}).filter(pl.col("counterpart") != "")
        for series, count in as_text(rows.group_by("series").len()).iter_rows():
            if series in counts:
                counts[series] += count
        newest = rows.filter(pl.col("latest"), is_total(), pl.col("value").is_not_null())
        for series, ranked in _ranked(as_text(newest), other, code).items():
            own = ends(holding.series[series])
            outward = own.origin == mine
            role = own.destination_role if outward else own.origin_role
            if holding.series[series]["unit"] in ADDITIVE:
                first = ranked.head(MOST_PAIRS).to_dicts()
                tops[series, outward] = Largest(series, outward, role, first, ranked.height)
    order = [(series, outward) for series in known for outward in (False, True)]
    return Between(
        [tops[one] for one in order if one in tops], {one: count for one, count in counts.items() if count}
    )


def _ranked(newest: pl.DataFrame, other: str, code: str) -> dict[str, pl.DataFrame]:
    """Rank the other ends that are countries, by series."""
    rows = newest.filter(
        ~pl.col("series").str.starts_with(PROGRESS),
        pl.col(other).is_in(sorted(countries())),
        pl.col(other) != code,
    )
    ranked = rows.sort("value", other, descending=[True, False]).with_columns(pl.col(other).alias("other"))
    return {str(key[0]): own for key, own in ranked.partition_by("series", as_dict=True).items()}


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
