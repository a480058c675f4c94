"""A trend with noise for short, irregular series: where the level is, how fast it goes, where it will be.

Model. The level follows a random walk with drift in continuous time, and is observed with error:

    level(t + d) = level(t) + drift d + walk sqrt(d) z,      z ~ N(0, 1)
    y_i          = level(t_i) + e_i,                         e_i ~ N(0, se_i^2)

Why this one. Official series have few points (3 to 15), uneven years and shocks that stay: a straight line
with independent errors promises far too much (its error does not grow with the horizon), and a local linear
trend has a second variance that three to ten points cannot tell. Uneven years need nothing special: time is continuous.

What is not known is averaged over, not plugged in. The walk's size, and the error of observations whose
standard error is not published, get log-uniform priors around the size D of the series' own changes,

    D^2 = mean((y_i - y_(i-1))^2 / (t_i - t_(i-1))),   walk in D [1/4, 4],   unknown error in D [0.35, 2],

the drift N(0, d^2) with d in D {1/32, 1/8, 1/2}, the first level a flat prior. On each point of the grid the
Kalman filter is exact, so that every result is a mixture of normal distributions: no draws, no seed, the
same bytes every time. With three points the mixture has the long tails that three points deserve.

The prior of the drift says that most of what a series does from year to year is no trend: with a wide one
the projections of real series ran too far, and chances of 0.1 and 0.9 came true in 0.3 and 0.7 of the cases.
The prior of the unknown error says that without a published error part of every change is taken for noise:
otherwise the walk explains noise, and flat noise is called a change. These sizes were chosen on half of the
areas of real series and on simulated flat noise, and are scored on the other half (`bench/progress.py`).

Source: Harvey, Forecasting, Structural Time Series Models and the Kalman Filter (1989), sections 4.3 and 9;
Durbin and Koopman, Time Series Analysis by State Space Methods (2nd ed. 2012), chapters 2 and 5.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

Floats = NDArray[np.float64]

WALKS: Floats = 2.0 ** np.arange(-2.0, 2.5, 0.5)
"""Sizes of the walk that are averaged over, in units of D."""

ERRORS: Floats = 2.0 ** np.arange(-1.5, 1.5, 0.5)
"""Errors that are averaged over where none is published, in units of D."""

DRIFTS: Floats = 2.0 ** np.array([-5.0, -3.0, -1.0])
"""Prior sizes of the drift that are averaged over, in units of D."""


@dataclass(frozen=True, slots=True)
class Mixture:
    """Normal distributions with weights, one mixture per series: all arrays (series, components)."""

    weight: Floats
    mean: Floats
    sd: Floats

    def below(self, value: Floats | float) -> Floats:
        """Give P(x <= value) for each series; a component without spread is a step."""
        spread = np.maximum(self.sd, np.finfo(float).tiny)
        z = (np.asarray(value, float).reshape(-1, 1) - self.mean) / spread
        return np.asarray(np.clip((self.weight * ndtr(z)).sum(axis=1), 0.0, 1.0))

    def average(self) -> Floats:
        """Give the mean of each series."""
        return np.asarray((self.weight * self.mean).sum(axis=1))

    def deviation(self) -> Floats:
        """Give the standard deviation of each series."""
        centre = self.average()[:, None]
        return np.asarray(np.sqrt((self.weight * (self.sd**2 + (self.mean - centre) ** 2)).sum(axis=1)))

    def quantile(self, probability: float) -> Floats:
        """Give the quantile of each series, by bisection to the last bit that matters."""
        reach = ndtri(probability) * self.sd + self.mean
        low, high = reach.min(axis=1), reach.max(axis=1)
        for _ in range(60):
            middle = (low + high) / 2
            under = self.below(middle) < probability
            low, high = np.where(under, middle, low), np.where(under, high, middle)
        return np.asarray((low + high) / 2)


@dataclass(frozen=True, slots=True)
class Trend:
    """What the observations say at the latest of them; arrays (series, components).

    Attributes:
        weight: posterior weight of each walk, error and size of drift.
        level, drift: posterior means at the latest observation.
        level_variance, covariance, drift_variance: their posterior covariance matrix.
        first: posterior mean of the level at the first observation.
        first_variance, first_covariance: its variance, and its covariance with the latest level.
        walk_variance: variance of the walk in a year.
        error_variance: variance of an observation whose standard error is not known.
        earliest, latest: times of the first and the latest observation (series).
    """

    weight: Floats
    level: Floats
    drift: Floats
    level_variance: Floats
    covariance: Floats
    drift_variance: Floats
    first: Floats
    first_variance: Floats
    first_covariance: Floats
    walk_variance: Floats
    error_variance: Floats
    earliest: Floats
    latest: Floats

    def level_now(self) -> Mixture:
        """Give the level at the latest observation."""
        return Mixture(self.weight, self.level, np.sqrt(self.level_variance))

    def pace(self) -> Mixture:
        """Give the pace from the first to the latest observation, in units per year.

        It is what the level did, (level(latest) - level(first)) / years, freed from errors of observation;
        the drift, which carries a projection, is what it may be expected to go on doing.
        """
        years = (self.latest - self.earliest)[:, None]
        variance = self.level_variance + self.first_variance - 2 * self.first_covariance
        return Mixture(
            self.weight, (self.level - self.first) / years, np.sqrt(np.maximum(variance, 0)) / years
        )

    def at(self, time: Floats | float, *, observed: bool = False) -> Mixture:
        """Project the level to a later time; with `observed`, an observation of it with unknown error.

        mean = level + drift h,   variance = P_ll + 2 h P_ld + h^2 P_dd + walk^2 h   (+ error^2)
        """
        h = (np.broadcast_to(np.asarray(time, float), self.latest.shape) - self.latest)[:, None]
        variance = self.level_variance + 2 * h * self.covariance + h**2 * self.drift_variance
        variance = variance + self.walk_variance * h + (self.error_variance if observed else 0.0)
        return Mixture(self.weight, self.level + self.drift * h, np.sqrt(np.maximum(variance, 0.0)))


def fit(times: Floats, values: Floats, errors: Floats) -> Trend:
    """Fit the trend to many series at once.

    Args:
        times: (series, points), years, rising along each row; NaN after the last point of a shorter series.
        values: (series, points), NaN where `times` is.
        errors: (series, points), standard errors; NaN where not known. Known ones are used as they are.

    Returns:
        The trend at the latest observation of each series.

    Raises:
        ValueError: shapes differ, a series has fewer than two points, or times do not rise.

    >>> line = fit(np.arange(2015.0, 2021.0)[None], np.arange(9.0, 3.0, -1.0)[None], np.full((1, 6), 0.1))
    >>> round(float(line.pace().average()[0]), 2)
    -1.0
    """
    _check(times, values, errors)
    size = _size(times, values)[:, None]
    walk, error, pull = (
        (part.ravel()[None] * size) ** 2 for part in np.meshgrid(WALKS, ERRORS, DRIFTS, indexing="ij")
    )
    # The state is (level, drift, first level); the first is never moved, only learned about.
    start = np.broadcast_to(_variance(errors, 0, error), walk.shape)
    mean = [np.repeat(values[:, :1], walk.shape[1], axis=1), np.zeros_like(walk)]
    mean.append(mean[0])
    none = np.zeros_like(walk)
    level, both, drift, cross, lead, first = start, none, pull, start, none, start
    likelihood = none
    for point in range(1, times.shape[1]):
        there = ~np.isnan(times[:, point])[:, None]
        gap = np.where(there[:, 0], times[:, point] - times[:, point - 1], 0.0)[:, None]
        # Predict: the level moves by the drift, and the walk adds to what is not known.
        mean[0] = mean[0] + mean[1] * gap
        level = level + gap * (2 * both + gap * drift) + walk * gap
        both, cross = both + gap * drift, cross + gap * lead
        # Update: what the observation says against what was expected.
        total = level + _variance(errors, point, error)
        surprise = np.where(there, values[:, point : point + 1] - mean[0], 0.0)
        gain = [np.where(there, part / total, 0.0) for part in (level, both, cross)]
        likelihood = likelihood - np.where(there, np.log(total) + surprise**2 / total, 0.0) / 2
        mean = [part + share * surprise for part, share in zip(mean, gain, strict=True)]
        drift, lead, first = drift - gain[1] * both, lead - gain[1] * cross, first - gain[2] * cross
        level, both, cross = level - gain[0] * level, both - gain[0] * both, cross - gain[0] * cross
    weight = np.exp(likelihood - likelihood.max(axis=1, keepdims=True))
    weight = weight / weight.sum(axis=1, keepdims=True)
    return Trend(
        weight=weight,
        level=mean[0],
        drift=mean[1],
        level_variance=np.maximum(level, 0.0),
        covariance=both,
        drift_variance=np.maximum(drift, 0.0),
        first=mean[2],
        first_variance=np.maximum(first, 0.0),
        first_covariance=cross,
        walk_variance=walk,
        error_variance=error,
        earliest=times[:, 0],
        latest=np.nanmax(times, axis=1),
    )


def _check(times: Floats, values: Floats, errors: Floats) -> None:
    if not times.shape == values.shape == errors.shape or times.ndim != 2:
        raise ValueError("times, values and errors must be arrays (series, points) of one shape")
    if times.shape[1] < 2 or np.isnan(times[:, :2]).any() or np.isnan(values[~np.isnan(times)]).any():
        raise ValueError("each series needs at least two points, with a value at each time")
    steps = np.diff(times, axis=1)
    if (steps <= 0).any() or (np.isnan(times[:, :-1]) & ~np.isnan(times[:, 1:])).any():
        raise ValueError("times must rise along each series, with NaN only after its last point")


def _size(times: Floats, values: Floats) -> Floats:
    """Give D, the size of a year's change; a series that never moved gets a trifle of its own level."""
    changes = np.diff(values, axis=1) ** 2 / np.diff(times, axis=1)
    size = np.sqrt(np.nanmean(changes, axis=1))
    return np.asarray(np.maximum(size, 1e-6 * np.maximum(np.nanmax(np.abs(values), axis=1), 1e-6)))


def _variance(errors: Floats, point: int, unknown: Floats) -> Floats:
    known = errors[:, point : point + 1] ** 2
    return np.asarray(np.where(np.isnan(known), unknown, known))
