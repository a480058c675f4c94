"""Outliers: an indicator whose shape lets one area decide its scale is winsorised, or else logged.

Array core, one indicator at a time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def skewness(values: ArrayLike) -> float:
    """Compute the adjusted Fisher-Pearson skewness G1 of the known values.

        G1 = sqrt(n (n - 1)) / (n - 2)  m3 / m2^1.5 ,    m_k = mean (x - mean x)^k

    Returns:
        NaN below three values or if all are equal.

    Source: Joanes and Gill (1998), The Statistician 47, 183-189.

    >>> round(skewness([1.0, 2.0, 3.0, 10.0]), 6)
    1.763633
    """
    x = _known(values)
    n = len(x)
    if n < 3 or np.ptp(x) == 0:
        return float("nan")
    deviation = x - x.mean()
    return float(np.sqrt(n * (n - 1)) / (n - 2) * np.mean(deviation**3) / np.mean(deviation**2) ** 1.5)


def kurtosis(values: ArrayLike) -> float:
    """Compute the adjusted excess kurtosis G2 of the known values (0 for a normal distribution).

        G2 = (n - 1) / ((n - 2)(n - 3)) ((n + 1) (m4 / m2^2 - 3) + 6)

    Returns:
        NaN below four values or if all are equal.

    Source: Joanes and Gill (1998), The Statistician 47, 183-189.

    >>> round(kurtosis([1.0, 2.0, 3.0, 10.0]), 6)
    3.228
    """
    x = _known(values)
    n = len(x)
    if n < 4 or np.ptp(x) == 0:
        return float("nan")
    deviation = x - x.mean()
    excess = np.mean(deviation**4) / np.mean(deviation**2) ** 2 - 3
    return float((n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * excess + 6))


def is_outlying(values: ArrayLike, skewness_limit: float = 2.0, kurtosis_limit: float = 3.5) -> bool:
    """Tell whether |G1| and G2 are both above their limits; an unknown moment is not.

    >>> is_outlying([*range(10), 100.0])
    True
    """
    return bool(abs(skewness(values)) > skewness_limit and kurtosis(values) > kurtosis_limit)


def winsorise(
    values: ArrayLike, points: int = 5, skewness_limit: float = 2.0, kurtosis_limit: float = 3.5
) -> tuple[Floats, int]:
    """Pull the most extreme value to the next one, again and again, until the shape is within its limits.

    The end that is pulled is the one towards which the values are skewed at that moment.

    Args:
        values: shape (areas,), NaN where not known.
        points: most values that may be moved.
        skewness_limit, kurtosis_limit: see `is_outlying`.

    Returns:
        The values, and how many were moved.

    Source: OECD and JRC (2008), Handbook on Constructing Composite Indicators; limits 2 and 3.5 as in
    Groeneveld and Meeden (1984), Journal of the Royal Statistical Society D 33, 391-399.

    >>> pulled, moved = winsorise([*range(10), 100.0])
    >>> float(pulled[-1]), moved
    (9.0, 1)
    """
    original = np.asarray(values, float)
    ordered = np.sort(_known(original))
    x, low, high = original.copy(), 0, 0
    while low + high < min(points, len(ordered) - 1) and is_outlying(x, skewness_limit, kurtosis_limit):
        if skewness(x) > 0:
            high += 1
        else:
            low += 1
        x = np.clip(original, ordered[low], ordered[-1 - high])
    return x, low + high


def log_transform(values: ArrayLike) -> Floats:
    """Take logarithms of the distance from the end at which the values crowd.

        log(x - min + a)   if skewed upwards,   -log(max + a - x)   if downwards,   a = 0.01 (max - min)

    Returns:
        The values, NaN where not known; unchanged if all are equal.

    Source: European Commission, COIN Tool user's guide (2019; citation from memory).

    >>> log_transform([0.0, 1.0, 100.0]).round(6).tolist()
    [0.0, 0.693147, 4.615121]
    """
    x = np.array(values, float)
    known = _known(x)
    if not len(known) or np.ptp(known) == 0:
        return x
    low, high = known.min(), known.max()
    shift = 0.01 * (high - low)
    return np.asarray(-np.log(high + shift - x) if skewness(x) < 0 else np.log(x - low + shift))


@dataclass(frozen=True, slots=True)
class Treated:
    """One indicator after treatment: its values, what was done (`none`, `winsorised`, `logged`), points moved."""

    values: Floats
    action: str
    points: int


def treat(
    values: ArrayLike,
    method: str = "winsorise_then_log",
    points: int = 5,
    skewness_limit: float = 2.0,
    kurtosis_limit: float = 3.5,
) -> Treated:
    """Treat one indicator if its shape is outside the limits.

    Args:
        values: shape (areas,).
        method: `none`; `winsorise`; `log`; or `winsorise_then_log`, which winsorises and, if that did not
            bring the shape within its limits, logs the values as they were.
        points, skewness_limit, kurtosis_limit: see `winsorise`.

    >>> treat([*range(10), 100.0]).action
    'winsorised'
    """
    x = np.array(values, float)
    if method == "none" or not is_outlying(x, skewness_limit, kurtosis_limit):
        return Treated(x, "none", 0)
    if method == "log":
        return Treated(log_transform(x), "logged", 0)
    pulled, moved = winsorise(x, points, skewness_limit, kurtosis_limit)
    if method == "winsorise" or not is_outlying(pulled, skewness_limit, kurtosis_limit):
        return Treated(pulled, "winsorised", moved)
    return Treated(log_transform(x), "logged", 0)


def _known(values: ArrayLike) -> Floats:
    x = np.asarray(values, float)
    return np.asarray(x[~np.isnan(x)])
