"""The pace that a target requires, and the pace between two points that the UN's progress chart uses."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def required(latest: Floats, target: Floats, years: Floats, logarithmic: NDArray[np.bool_]) -> Floats:
    """Give the pace that leads from the latest level to the target, in units per year.

        straight:     (target - latest) / years
        logarithmic:  latest ((target / latest)^(1 / years) - 1),  the first year of a constant rate

    Args:
        latest: level at the latest observation, (series).
        target: value to be reached, (series).
        years: years left, (series); none left gives NaN.
        logarithmic: whether the series is modelled by its logarithm, (series).

    >>> float(required(np.array([6.0]), np.array([3.0]), np.array([5.0]), np.array([False]))[0])
    -0.6
    """
    left = np.where(years > 0, years, np.nan)
    straight = (target - latest) / left
    ratio = np.where(logarithmic, target / np.where(logarithmic, latest, 1.0), 1.0)
    return np.asarray(np.where(logarithmic, latest * (ratio ** (1 / left) - 1), straight))


def compound(first: Floats, last: Floats, years: Floats) -> Floats:
    """Give the compound annual growth rate between two points, as a share of one.

        CAGR = (last / first)^(1 / years) - 1

    It exists only between positive values over a positive time; otherwise NaN.

    >>> round(float(compound(np.array([8.0]), np.array([2.0]), np.array([2.0]))[0]), 3)
    -0.5
    """
    fit = (first > 0) & (last > 0) & (years > 0)
    ratio = np.where(fit, last, 1.0) / np.where(fit, first, 1.0)
    return np.asarray(np.where(fit, ratio ** (1 / np.where(fit, years, 1.0)) - 1, np.nan))


def two_point_ratio(observed: Floats, needed: Floats) -> Floats:
    """Give the observed over the required compound rate, both since the baseline.

        CR = CAGR(baseline to latest) / CAGR(baseline to target)

    1 is just on track, 0 stands still, below 0 moves away. It knows two points and no noise.

    Source: method of the UN's SDG Progress Chart, as Open SDG 2.4 computes it (sdg-build, ProgressMeasure).
    """
    return np.asarray(np.where(needed == 0, np.nan, observed / np.where(needed == 0, 1.0, needed)))
