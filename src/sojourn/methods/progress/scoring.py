"""Scores projections on years that were held out: did the intervals and the chances keep their word?

Every series is cut after each of its points from the third on; the trend is fitted to at most the last
twelve points before the cut, and every later point up to five years ahead is a case. A chance is good if,
among cases to which it gave 30 per cent, 30 of 100 came true; intervals are good if they cover what they say.

    coverage(level)  = share of cases with |F(y) - 1/2| <= level / 2,  F the predictive distribution
    Brier score      = mean((p - outcome)^2)

Source: Gneiting and Raftery, Strictly Proper Scoring Rules, Prediction, and Estimation (JASA 2007); Brier (1950).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sojourn.methods.progress import trend
from sojourn.methods.progress.states import LEAST_POINTS, Floats

_MOST_POINTS = 12
_AT_ONCE = 4000


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Cases: what was known before the cut, (cases, points), and what came after it, (cases).

    `group` numbers the series that a case was cut from, in the order of the table.
    """

    times: Floats
    values: Floats
    later: Floats
    truth: Floats
    group: NDArray[np.int64]

    @property
    def horizon(self) -> Floats:
        """Give the years from the last known point to the one to be projected."""
        return np.asarray(self.later - np.nanmax(self.times, axis=1))

    @property
    def points(self) -> NDArray[np.int64]:
        """Give the number of known points."""
        return np.asarray((~np.isnan(self.times)).sum(axis=1))

    @property
    def last(self) -> Floats:
        """Give the last known value."""
        return np.asarray(self.values[np.arange(len(self.values)), self.points - 1])

    def only(self, chosen: NDArray[np.bool_]) -> HeldOut:
        """Keep some of the cases."""
        times, values, later, truth = (
            each[chosen] for each in (self.times, self.values, self.later, self.truth)
        )
        return HeldOut(times, values, later, truth, self.group[chosen])


def hold_out(
    observations: pl.DataFrame, by: Sequence[str], *, logarithmic: bool, furthest: float = 5.0
) -> HeldOut:
    """Cut every series after each of its points.

    Args:
        observations: columns `by`, `time` and `value`.
        by: columns that tell series apart.
        logarithmic: take logarithms, and leave out series with a value that has none.
        furthest: years ahead that are still projected.
    """
    cases = []
    groups = observations.drop_nulls(["time", "value"]).sort(*by, "time").group_by(by, maintain_order=True)
    for number, (_, own) in enumerate(groups):
        time, value = own["time"].to_numpy(), own["value"].to_numpy()
        if logarithmic and (value <= 0).any():
            continue
        value = np.log(value) if logarithmic else value
        for cut in range(LEAST_POINTS, len(time)):
            known = slice(max(0, cut - _MOST_POINTS), cut)
            for ahead in range(cut, len(time)):
                if time[ahead] - time[cut - 1] <= furthest:
                    cases.append((time[known], value[known], time[ahead], value[ahead], number))
    times, values = (np.full((len(cases), _MOST_POINTS), np.nan) for _ in range(2))
    for row, (time, value, *_) in enumerate(cases):
        times[row, : len(time)], values[row, : len(value)] = time, value
    later, truth = (np.array([case[place] for case in cases], float) for place in (2, 3))
    return HeldOut(times, values, later, truth, np.array([case[4] for case in cases], np.int64))


def chances(cases: HeldOut, limit: Floats) -> Floats:
    """Give P(the later observation <= limit) as projected from what was known before the cut."""
    parts = []
    for start in range(0, len(cases.later), _AT_ONCE):
        rows = slice(start, start + _AT_ONCE)
        unknown = np.full_like(cases.values[rows], np.nan)
        fitted = trend.fit(cases.times[rows], cases.values[rows], unknown)
        parts.append(fitted.at(cases.later[rows], observed=True).below(limit[rows]))
    return np.concatenate(parts) if parts else np.empty(0)


def coverage(position: Floats, level: float) -> float:
    """Give the share of cases whose truth lies in the central interval; `position` is F(truth); NaN of none.

    >>> coverage(np.array([0.5, 0.05, 0.95, 0.3]), 0.8)
    0.5
    """
    return float(np.mean(np.abs(position - 0.5) <= level / 2)) if len(position) else float("nan")


def brier(chance: Floats, outcome: NDArray[np.bool_]) -> float:
    """Give the mean squared difference between chances and what came: 0 is perfect.

    >>> brier(np.array([1.0, 0.5]), np.array([True, False]))
    0.125
    """
    return float(np.mean((chance - outcome) ** 2))


def reliability(chance: Floats, outcome: NDArray[np.bool_], bins: int = 5) -> pl.DataFrame:
    """Compare what was said with what came, in bins of equal width: chance, share that came true, cases."""
    code = np.minimum((chance * bins).astype(int), bins - 1)
    count = np.bincount(code, minlength=bins)
    safe = np.maximum(count, 1)
    return pl.DataFrame(
        {
            "chance": np.bincount(code, weights=chance, minlength=bins) / safe,
            "came_true": np.bincount(code, weights=outcome.astype(float), minlength=bins) / safe,
            "cases": count,
        }
    ).filter(pl.col("cases") > 0)
