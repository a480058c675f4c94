"""Divides numbers into the few classes that a colour can show."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sojourn.present.charts.numbers import short
from sojourn.present.charts.words import word

MOST = 5


@dataclass(frozen=True, slots=True)
class Classes:
    """Bounds between classes, rising: class 0 lies under the first, the last class from the last on."""

    bounds: tuple[float, ...]

    @property
    def count(self) -> int:
        """How many classes there are."""
        return len(self.bounds) + 1

    def of(self, value: float) -> int:
        """Which class a value belongs to.

        >>> Classes((2.0, 5.0)).of(2.0), Classes((2.0, 5.0)).of(1.9)
        (1, 0)
        """
        return sum(value >= bound for bound in self.bounds)

    def undecided(self, lower: float, upper: float) -> bool:
        """Whether an interval reaches over more than two classes, so that a colour would claim too much."""
        return self.of(upper) - self.of(lower) > 1

    def texts(self, language: str, decimals: int) -> list[str]:
        """Write each class for the key: under, from–to, or more."""
        written = [short(bound, language, decimals) for bound in self.bounds]
        if not written:
            return [word("value", language)]
        pairs = itertools.pairwise(written)
        return [
            word("less_than", language, value=written[0]),
            *(word("from_to", language, low=low, high=high) for low, high in pairs),
            word("or_more", language, value=written[-1]),
        ]


def classes(values: Sequence[float], most: int = MOST) -> Classes:
    """Choose rounded bounds near the quantiles, so that classes hold about as many values each.

    Quantiles rather than equal steps, because numbers of migrants are skewed by orders of magnitude; rounded
    to two figures, so that the key can be read.

    >>> classes([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]).bounds
    (2.8, 4.6, 6.4, 8.2)
    >>> classes([3.0, 3.0]).bounds
    ()
    """
    distinct = sorted(set(values))
    count = min(most, len(distinct))
    if count < 2:
        return Classes(())
    cuts = np.quantile(
        np.asarray(sorted(values), dtype=np.float64), [index / count for index in range(1, count)]
    )
    rounded = sorted({_two_figures(float(cut)) for cut in cuts})
    return Classes(tuple(bound for bound in rounded if distinct[0] < bound <= distinct[-1]))


def _two_figures(value: float) -> float:
    if value == 0:
        return 0.0
    digits = 1 - math.floor(math.log10(abs(value)))
    return round(value, digits)
