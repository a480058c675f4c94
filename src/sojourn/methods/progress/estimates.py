"""Cuts each series to what counts, fits the trend to all of them at once, and names the results."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from sojourn.methods.progress import pace, trend
from sojourn.methods.progress.records import COLUMNS, Target
from sojourn.methods.progress.states import LEAST_POINTS, OLDEST_YEARS, Floats, states

_LARGEST = 700.0
"""Logarithm of the largest level that is written: a projection beyond it is beyond numbers, and is cut there."""


@dataclass(frozen=True, slots=True)
class Case:
    """One series, cut to what counts; `state` is set where nothing has to be estimated."""

    time: Floats
    value: Floats
    se: Floats
    target: Target
    past_due: bool
    state: str

    @classmethod
    def of(cls, own: pl.DataFrame, target: Target, as_of: date | None) -> Case:
        """Cut a series, sorted by time, to the observations from the baseline to the day of judgement."""
        time, value, se = (own[name].cast(pl.Float64).to_numpy() for name in ("time", "value", "se"))
        if len(np.unique(time)) < len(time):
            raise ValueError("two observations of one series share a time")
        today = float(np.floor(time[-1])) + 1 if as_of is None else _decimal(as_of)
        used = (time < today) & (time >= (target.baseline_year or -np.inf))
        time, value, se = time[used], value[used], se[used]
        past_due = today >= target.year + 1
        judged = min(today, target.year + 1)
        state = ""
        if target.value is None:
            state = "not measurable"
        elif len(time) < LEAST_POINTS or np.floor(time[-1]) + 1 + OLDEST_YEARS < judged:
            state = "no data"
        return cls(time, value, se, target, past_due, state)

    @property
    def logarithmic(self) -> bool:
        """Ratios are modelled where everything is positive, as the UN's compound rate does."""
        return bool((self.value > 0).all() and (self.target.value or 0) > 0)

    @property
    def stands_on_target(self) -> bool:
        """Tell whether every value is the target itself and no error of observation is known."""
        return bool((self.value == self.target.value).all() and not np.nansum(self.se))

    def outline(self) -> dict[str, object]:
        """Give what needs no estimate."""
        content: dict[str, object] = dict.fromkeys(COLUMNS)
        content |= {"state": self.state, "points": len(self.time)}
        content["known_errors"] = int((~np.isnan(self.se)).sum())
        if len(self.time):
            content |= {"baseline_time": self.time[0], "baseline": self.value[0]}
            content |= {"latest_time": self.time[-1], "latest": self.value[-1]}
            if self.target.value is not None:
                content["distance"] = self.target.value - self.value[-1]
        return content


def _decimal(day: date) -> float:
    """Give the end of a day in decimal years: 2025-12-31 is 2026.0."""
    days = 366 if calendar.isleap(day.year) else 365
    return day.year + day.timetuple().tm_yday / days


def estimates(cases: Sequence[Case], level: float) -> list[dict[str, object]]:
    """Estimate level, pace, projection, chances and state of the cases whose state is still open.

    Levels and projections are medians, intervals are between the quantiles (1 - level) / 2 and (1 + level) / 2.
    A logarithmic trend is fitted to log(value), with se / value as its standard error.
    """
    if not cases:
        return []
    log = np.array([case.logarithmic for case in cases])
    fitted = trend.fit(*_arrays(cases))
    goal = np.array([case.target.value for case in cases], float)
    due = np.array([case.target.year + 0.5 for case in cases])
    past = np.array([case.past_due for case in cases])
    sign = np.array([1.0 if case.target.better == "lower" else -1.0 for case in cases])
    then = fitted.at(np.maximum(due, fitted.latest))
    sought = np.where(log, np.log(np.where(log, goal, 1.0)), goal)
    columns = _levels(fitted, then, log, level)
    meets_now = _chance(fitted.level_now(), sought, sign)
    # A series that stands still exactly on its target meets it: no noise speaks for half a chance.
    still = np.array([case.stands_on_target for case in cases])
    meets_now = np.where(still, 1.0, meets_now)
    meets_then = np.where(past, np.nan, _chance(then, sought, sign))
    right_way = _chance(fitted.pace(), np.zeros(len(cases)), sign)
    columns |= {"meets_now": meets_now, "probability": meets_then, "right_way": right_way}
    needed = pace.required(columns["level"], goal, np.where(past, 0, due - fitted.latest), log)
    there = sign * (goal - columns["level"]) >= 0
    columns["required_pace"] = np.where(there & ~past, 0.0, needed)
    columns |= _two_points(cases, goal, due)
    columns |= {
        name: np.where(past, np.nan, columns[name]) for name in columns if name.startswith("projection")
    }
    named = states(meets_now, meets_then, right_way, past)
    values = [
        {name: None if np.isnan(column[row]) else float(column[row]) for name, column in columns.items()}
        for row in range(len(cases))
    ]
    return [
        one | {"state": str(named[row]), "model": "logarithmic" if log[row] else "straight"}
        for row, one in enumerate(values)
    ]


def _arrays(cases: Sequence[Case]) -> tuple[Floats, Floats, Floats]:
    shape = (len(cases), max(len(case.time) for case in cases))
    times, values, errors = (np.full(shape, np.nan) for _ in range(3))
    for row, case in enumerate(cases):
        points = slice(len(case.time))
        times[row, points] = case.time
        values[row, points] = np.log(case.value) if case.logarithmic else case.value
        errors[row, points] = case.se / case.value if case.logarithmic else case.se
    return times, values, errors


def _levels(
    fitted: trend.Trend, then: trend.Mixture, log: np.ndarray[tuple[int], np.dtype[np.bool_]], level: float
) -> dict[str, Floats]:
    """Give level, pace and projection with their intervals, in the unit of the series."""
    tails = {"": 0.5, "_lower": (1 - level) / 2, "_upper": (1 + level) / 2}
    now, going = fitted.level_now(), fitted.pace()
    columns = {}
    for tail, probability in tails.items():
        for name, mixture in (("level", now), ("projection", then)):
            value = mixture.quantile(probability)
            columns[name + tail] = np.where(
                log, np.exp(np.clip(np.where(log, value, 0.0), None, _LARGEST)), value
            )
        rate = going.quantile(probability)
        name = "observed_pace" if not tail else "pace" + tail
        growth = np.expm1(np.clip(np.where(log, rate, 0.0), None, _LARGEST / 2))
        columns[name] = np.where(log, np.minimum(columns["level"], np.exp(_LARGEST / 2)) * growth, rate)
    return columns


def _chance(mixture: trend.Mixture, limit: Floats, sign: Floats) -> Floats:
    below = mixture.below(limit)
    return np.where(sign > 0, below, 1 - below)


def _two_points(cases: Sequence[Case], goal: Floats, due: Floats) -> dict[str, Floats]:
    first, last = (np.array([case.value[end] for case in cases]) for end in (0, -1))
    start, end = (np.array([case.time[end] for case in cases]) for end in (0, -1))
    observed = pace.compound(first, last, end - start)
    needed = pace.compound(first, goal, due - start)
    return {
        "two_point_pace": observed,
        "two_point_required": needed,
        "two_point_ratio": pace.two_point_ratio(observed, needed),
    }
