"""Bring indicators onto one scale on which more is better.

Array core, one indicator at a time; what each method computes stands in its own function.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from sojourn.errors import UsageError

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Normalisation:
    """A method with its parameters; those that the method does not know are not looked at.

    Attributes:
        method: one of `METHODS`.
        lower, upper: ends of the scale (min_max), fixed bounds (scaled).
        mean, deviation: of the new scale (z_score).
        reference: the area whose value is 1 (distance_to_reference).
        capped: values beyond reference or target become 1.
        scale: factor (goalposts).
        floor: share of the scale that no value falls below (goalposts): above 0 for a geometric mean.
    """

    method: str = "min_max"
    lower: float = 0.0
    upper: float = 100.0
    mean: float = 0.0
    deviation: float = 1.0
    reference: str | None = None
    capped: bool = False
    scale: float = 1.0
    floor: float = 0.0

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise UsageError(f"Unknown normalisation: {self.method!r}", accepted=", ".join(METHODS))
        if not self.lower < self.upper:
            raise UsageError(f"The scale runs from {self.lower} to {self.upper}", accepted="lower < upper")
        if not 0 <= self.floor < 1:
            raise UsageError(f"The floor is {self.floor}", accepted="a share of the scale, 0 to below 1")


@dataclass(frozen=True, slots=True)
class Column:
    """What a method sees: values turned so that more is better, and what belongs to the indicator.

    Attributes:
        values: direction x, shape (areas,), NaN where not known.
        direction: 1 or -1.
        reference: row of the reference area, if the method has one.
        target: value to be reached, in the original direction.
        goalposts: lowest and highest meaningful value, in the original direction.
    """

    values: Floats
    direction: int = 1
    reference: int | None = None
    target: float | None = None
    goalposts: tuple[float, float] | None = None


def min_max(column: Column, how: Normalisation) -> Floats:
    """l + (u - l) (x - min) / (max - min)."""
    return how.lower + (how.upper - how.lower) * distance_to_maximum(column, how)


def scaled(column: Column, how: Normalisation) -> Floats:
    """100 (x - l) / (u - l) with fixed bounds l, u of the original values; 100 less that if less is better."""
    share = 100 * (column.direction * column.values - how.lower) / (how.upper - how.lower)
    return share if column.direction > 0 else 100 - share


def z_score(column: Column, how: Normalisation) -> Floats:
    """Mean + deviation (x - mean x) / sd x, with n - 1 in the standard deviation."""
    x = column.values
    return np.asarray(how.mean + how.deviation * (x - np.nanmean(x)) / np.nanstd(x, ddof=1))


def distance_to_maximum(column: Column, how: Normalisation) -> Floats:
    """1 - (max - x) / (max - min)."""
    x = column.values
    low, high = np.nanmin(x), np.nanmax(x)
    return np.asarray((x - low) / (high - low))


def distance_to_reference(column: Column, how: Normalisation) -> Floats:
    """1 - (x_ref - x) / (x_ref - min)."""
    if column.reference is None:
        raise UsageError(
            "distance_to_reference needs an area", advice="Name one: Normalisation(reference=...)."
        )
    x = column.values
    reached = 1 - (x[column.reference] - x) / (x[column.reference] - np.nanmin(x))
    return np.asarray(np.fmin(reached, 1) + 0 * x if how.capped else reached)


def distance_to_target(column: Column, how: Normalisation) -> Floats:
    """(x - min) / (target - min); if less is better, (max - x) / (max - target) of the original values."""
    if column.target is None:
        raise UsageError(
            "distance_to_target needs a target for every indicator", advice="Give Indicator(target=...)."
        )
    x, low = column.values, np.nanmin(column.values)
    reached = (x - low) / (column.direction * column.target - low)
    return np.asarray(np.fmin(reached, 1) + 0 * x if how.capped else reached)


def fraction_of_maximum(column: Column, how: Normalisation) -> Floats:
    """x / max x, for indicators of which more is better and of which none is negative."""
    if column.direction < 0 or np.nanmin(column.values) < 0:
        raise UsageError(
            "fraction_of_maximum is not defined where less is better or a value is negative",
            accepted="indicators of direction 1 with values from 0",
            advice="Choose min_max or rank.",
        )
    return np.asarray(column.values / np.nanmax(column.values))


def rank(column: Column, how: Normalisation) -> Floats:
    """1 for the lowest value; ties share the smallest of their ranks."""
    x = column.values
    known = ~np.isnan(x)
    ranks = np.full(x.shape, np.nan)
    ranks[known] = stats.rankdata(x[known], method="min")
    return ranks


def borda(column: Column, how: Normalisation) -> Floats:
    """Rank - 1: how many areas are below."""
    return rank(column, how) - 1


def percentile_rank(column: Column, how: Normalisation) -> Floats:
    """(rank - 1) / (n - 1): the share of the other areas that are below."""
    return np.asarray((rank(column, how) - 1) / (np.count_nonzero(~np.isnan(column.values)) - 1))


def goalposts(column: Column, how: Normalisation) -> Floats:
    """a (x - low) / (high - low), cut at a floor and a; if less is better, a (high - x) / (high - low)."""
    if column.goalposts is None:
        raise UsageError(
            "goalposts needs them for every indicator", advice="Give Indicator(goalposts=(low, high))."
        )
    low, high = column.goalposts
    x = column.direction * column.values
    reached = (x - low) / (high - low) if column.direction > 0 else (high - x) / (high - low)
    return np.asarray(how.scale * np.clip(reached, how.floor, 1))


METHODS: dict[str, Callable[[Column, Normalisation], Floats]] = {
    "min_max": min_max,
    "scaled": scaled,
    "z_score": z_score,
    "distance_to_maximum": distance_to_maximum,
    "distance_to_reference": distance_to_reference,
    "distance_to_target": distance_to_target,
    "fraction_of_maximum": fraction_of_maximum,
    "percentile_rank": percentile_rank,
    "rank": rank,
    "borda": borda,
    "goalposts": goalposts,
}
_NEEDS_SPREAD = set(METHODS) - {"scaled", "goalposts", "rank", "borda"}


def normalise(
    values: ArrayLike,
    how: Normalisation,
    direction: int = 1,
    reference: int | None = None,
    target: float | None = None,
    posts: tuple[float, float] | None = None,
) -> Floats:
    """Normalise one indicator, so that more is better.

    Args:
        values: shape (areas,), NaN where not known.
        how: method and parameters; the formulas stand in the docstrings of `METHODS`.
        direction: 1 where more is better, -1 where less is.
        reference: row of the reference area.
        target: value to be reached.
        posts: lowest and highest meaningful value.

    Raises:
        UsageError: nothing is known, all known values are equal where the method divides by their range, or
            what the method needs is missing.

    Source: OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 5.

    >>> normalise([1.0, 2.0, 3.0], Normalisation("min_max"), direction=-1).tolist()
    [100.0, 50.0, 0.0]
    """
    x = direction * np.asarray(values, float)
    known = x[~np.isnan(x)]
    if not len(known):
        raise UsageError("An indicator without a single value cannot be normalised")
    if how.method in _NEEDS_SPREAD and np.ptp(known) == 0:
        raise UsageError(
            f"All areas have the same value, {direction * known[0]:g}: {how.method} divides by their range",
            advice="Leave the indicator out, or choose goalposts or scaled.",
        )
    column = Column(x, direction, reference, target, posts)
    with np.errstate(divide="ignore", invalid="ignore"):
        result = METHODS[how.method](column, how)
    if np.isinf(result).any() or (np.isnan(result) & ~np.isnan(x)).any():
        raise UsageError(f"{how.method} divides by zero: reference or target equals the worst value")
    return result
