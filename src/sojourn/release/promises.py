"""Joins promises to a release: what was promised, beside what is measured.

A target names a series, an area, a breakdown, a baseline, a value and a day. A pinned release gives its headline
numbers and the day of judgement; `sojourn.methods.progress` gives level, pace, projection, chance and state, by
the rule that is used everywhere. What is added here is what a promise needs beyond a series:

    deadline   it is a day, not a year: once it has passed, what is not met is missed
    context    a figure that shows where a promise stands in the world, and gives it no state
    one actor  the deed of one actor beside a figure of other areas is a context, whatever an editor wrote
    each       "no corridor above 5 %" is to be kept by every area or corridor: the chance that all meet it is no
               more than that of the least likely one

A join is plain data with a canonical text: the same target and release give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, Protocol

import polars as pl

from sojourn import observations
from sojourn.methods.progress import Assessment, assess_each
from sojourn.methods.progress import Target as Goal
from sojourn.methods.progress.states import LEAST_POINTS, OLDEST_YEARS, ON_TRACK, UNLIKELY
from sojourn.release.gate import Release
from sojourn.release.progress import never_mixed, one_a_year


class Held(Protocol):
    """A release with its numbers at hand, as the site holds one."""

    @property
    def name(self) -> str:
        """The release's name."""

    @property
    def release(self) -> Release:
        """The release, with the day of judgement in its manifest."""

    @property
    def series(self) -> Mapping[str, Mapping[str, Any]]:
        """What each series means, by code."""

    def numbers(self, series: str, where: Mapping[str, Sequence[str]], /) -> pl.DataFrame:
        """Give the headline numbers of a series with one of these values in each of these columns."""


CONTEXT = "context"
LEVEL = 0.95
PEOPLE = ("sex", "age", "nativity", "citizenship", "legal_status")

_UNKNOWN = frozenset({"no data", "not measurable"})
_ENDED = frozenset({"on track", "too slow", "wrong way", "cannot tell"})
_POINT = (
    "area",
    "counterpart",
    "period",
    "time",
    "value",
    "se",
    "lower",
    "upper",
    "level",
    "unit",
    "status",
    "source",
    "method",
)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a commitment is held to, as plain data.

    Attributes:
        key: public id of the target.
        series, area, counterpart, breakdown, people: which numbers; areas are empty where `each` is set.
        better: "lower" or "higher".
        value: what is to be reached; None: none is stated, and the state is "not measurable".
        due: last day of the deadline.
        baseline_year: first year that counts; None: from the first number on.
        link: "direct", "proxy" or "context".
        each: every area or corridor is held to it.
        alone: it is the deed of one actor.
        home: area of that actor, where it has one.
    """

    key: str
    series: str
    better: str
    due: date
    value: float | None = None
    area: str = ""
    counterpart: str = ""
    breakdown: str = ""
    people: Mapping[str, str] = field(default_factory=dict)
    baseline_year: int | None = None
    link: str = "direct"
    each: bool = False
    alone: bool = False
    home: str = ""

    @property
    def gives_state(self) -> bool:
        """Whether the measured state is that of the promise, and not of the world around it."""
        return self.link != CONTEXT and not (self.alone and (self.each or self.area != self.home))

    @property
    def goal(self) -> Goal:
        """The target as the methods know it."""
        return Goal(self.value, self.due.year, self.better, self.baseline_year)


@dataclass(frozen=True, slots=True)
class Join:
    """What a release says of a target.

    Attributes:
        terms: the target.
        release, as_of: the pinned release and its day of judgement.
        state: of progress; None where the target gives none.
        assessment: distance, pace, projection and chances; of the least likely area where `each` is set.
        course: the numbers behind it, one a year, oldest first, each with interval, source and method.
        spread: where `each` is set, state -> number of areas or corridors.
        beyond: where `each` is set, how many of them lie beyond the target by their newest number, whose error is left
            aside here; it is told even where the numbers are too old for a state.
        newest: first and last period of these newest numbers.
        lack: why nothing can be said where there is no data; else empty.
    """

    terms: Terms
    release: str
    as_of: date
    state: str | None
    assessment: Assessment
    course: tuple[Mapping[str, Any], ...] = ()
    spread: Mapping[str, int] = field(default_factory=dict)
    beyond: int | None = None
    newest: tuple[str, str] = ("", "")
    lack: str = ""

    @property
    def latest(self) -> Mapping[str, Any] | None:
        """The newest number with its interval, or None."""
        return self.course[-1] if self.course else None

    @property
    def invented(self) -> bool:
        """Whether the numbers are simulated."""
        return any(observations.SIMULATED in one["source"] for one in self.course)

    def text(self) -> str:
        """Give the canonical text: equal for equal joins, byte for byte."""
        content = {**asdict(self), "state": self.state}
        return json.dumps(content, sort_keys=True, ensure_ascii=False, default=str, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Change:
    """A state that another release changed.

    Attributes:
        key: public id of the target.
        before, after: the states; None where none is given.
        old, new: names of the releases.
        old_value, new_value: the latest numbers that they had.
    """

    key: str
    before: str | None
    after: str | None
    old: str
    new: str
    old_value: float | None
    new_value: float | None


NO_SERIES = "the release has no such series"
NO_NUMBERS = "the release has no number of this area and breakdown"
TOO_FEW = f"fewer than {LEAST_POINTS} numbers since the baseline"
TOO_OLD = f"the newest number is more than {OLDEST_YEARS} years old"


def join(targets: Sequence[Terms], holding: Held) -> dict[str, Join]:
    """Judge targets by a release.

    Args:
        targets: what is held to what; keys must differ.
        holding: the pinned release.

    Returns:
        Key -> join, in the order of the targets.

    Raises:
        ValueError: two targets have one key.
    """
    if len({one.key for one in targets}) < len(targets):
        raise ValueError("two targets have one key")
    as_of = holding.release.manifest.as_of
    found = {one.key: _numbers(one, holding) for one in targets}
    judged = _judge(targets, found, as_of)
    return {one.key: _joined(one, holding, found[one.key], judged.filter(_key=one.key)) for one in targets}


def changes(before: Mapping[str, Join], after: Mapping[str, Join]) -> tuple[Change, ...]:
    """List the states that a newer release changed, by key; targets that only one of them knows are no change."""
    listed = []
    for key in sorted(before.keys() & after.keys()):
        old, new = before[key], after[key]
        if old.state != new.state:
            values = [one.latest["value"] if one.latest else None for one in (old, new)]
            listed.append(Change(key, old.state, new.state, old.release, new.release, *values))
    return tuple(listed)


def _numbers(terms: Terms, holding: Held) -> pl.DataFrame:
    """Give the numbers that a target is judged by: headlines, real before simulated, one a year."""
    if terms.series not in holding.series:
        return observations.EMPTY.with_columns(pl.lit(None, pl.Float64).alias("time"))
    people = {name: [terms.people.get(name, "_T")] for name in PEOPLE}
    places = {} if terms.each else {"area": [terms.area], "counterpart": [terms.counterpart]}
    own = holding.numbers(terms.series, {**people, **places, "breakdown": [terms.breakdown]})
    own = never_mixed(own.filter(pl.col("value").is_not_null()))
    return one_a_year(own, holding.release.manifest.as_of)


def _judge(targets: Sequence[Terms], found: Mapping[str, pl.DataFrame], as_of: date) -> pl.DataFrame:
    """Assess every area and corridor of every target at once."""
    by = ("_key", "area", "counterpart")
    frames = [found[one.key].with_columns(pl.lit(one.key).alias("_key")) for one in targets]
    numbers = (
        pl.concat(frames)
        if frames
        else observations.EMPTY.with_columns(pl.lit("").alias("_key"), time=pl.lit(0.0))
    )
    goals = {one.key: one.goal for one in targets}
    wanted: dict[tuple[object, ...], Goal] = {
        key: goals[str(key[0])] for key in numbers.select(by).unique().iter_rows()
    }
    return assess_each(numbers, by, wanted, as_of=as_of, level=LEVEL)


def _joined(terms: Terms, holding: Held, numbers: pl.DataFrame, judged: pl.DataFrame) -> Join:
    as_of = holding.release.manifest.as_of
    bare = Join(terms, holding.name, as_of, None, Assessment("no data", 0))
    if not judged.height:
        state = "not measurable" if terms.value is None else "no data"
        lack = NO_NUMBERS if terms.series in holding.series else NO_SERIES
        shown = state if terms.gives_state else None
        return replace(bare, state=shown, assessment=Assessment(state, 0), lack=lack)
    rows = [
        (area, counterpart, _by_the_day(Assessment(**row), terms.due, as_of))
        for row in judged.drop("_key").to_dicts()
        for area, counterpart in [(row.pop("area"), row.pop("counterpart"))]
    ]
    area, counterpart, weakest = min(rows, key=lambda one: (_chance(one[2]), one[0], one[1]))
    assessed = [one for _, _, one in rows]
    state = _of_all(assessed, weakest) if terms.each else weakest.state
    own = numbers.filter(area=area, counterpart=counterpart).sort("time")
    course = own.select(_POINT).to_dicts()
    beyond, newest = _beyond(terms, numbers) if terms.each else (None, ("", ""))
    return replace(
        bare,
        state=state if terms.gives_state else None,
        assessment=weakest,
        course=tuple(course),
        spread=_counted(assessed) if terms.each else {},
        beyond=beyond,
        newest=newest,
        lack=_lack(weakest),
    )


def _beyond(terms: Terms, numbers: pl.DataFrame) -> tuple[int | None, tuple[str, str]]:
    """Count the areas whose newest number lies beyond the target, and say from when to when these numbers are."""
    last = numbers.sort("time").group_by("area", "counterpart", maintain_order=True).last().sort("time")
    periods = last["period"]
    span = (str(periods[0]), str(periods[-1]))
    if terms.value is None:
        return None, span
    worse = pl.col("value") > terms.value if terms.better == "lower" else pl.col("value") < terms.value
    return last.filter(worse).height, span


def _lack(one: Assessment) -> str:
    if one.state != "no data":
        return ""
    return TOO_FEW if one.points < LEAST_POINTS else TOO_OLD


def _by_the_day(one: Assessment, due: date, as_of: date) -> Assessment:
    """Hold a promise to its day: the methods know years, and would wait for the end of the year."""
    if due < as_of and one.state in _ENDED:
        return replace(
            one,
            state="missed",
            probability=None,
            projection=None,
            projection_lower=None,
            projection_upper=None,
        )
    return one


def _chance(one: Assessment) -> float:
    """Order by how likely a target is met; what has no number says nothing, and comes last."""
    if one.state == "met":
        return 1.0
    chance = one.probability if one.probability is not None else one.meets_now
    return 2.0 if chance is None else chance


def _of_all(each: Sequence[Assessment], weakest: Assessment) -> str:
    """Give the state of a promise that every area has to keep.

    Whether areas fail together is not known. The chance that all meet it is at most that of the least likely one,
    and at least 1 - sum(1 - chance) (Boole's inequality): "too slow" asks the first bound, "on track" the second.
    "Wrong way" is said only where every area that lags goes the wrong way.
    """
    known = [one for one in each if one.state not in _UNKNOWN]
    if not known or weakest.state in ("met", "missed"):
        return weakest.state
    if 1 - sum(1 - min(_chance(one), 1.0) for one in known) >= ON_TRACK:
        return "on track"
    if _chance(weakest) > UNLIKELY:
        return "cannot tell"
    lagging = {one.state for one in known} - {"met", "on track"}
    return "wrong way" if lagging == {"wrong way"} else "too slow"


def _counted(each: Sequence[Assessment]) -> dict[str, int]:
    states = [one.state for one in each]
    return {state: states.count(state) for state in sorted(set(states))}
