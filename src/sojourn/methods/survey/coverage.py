"""How often intervals hold the truth: repeated samples from a population where the truth is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import stats

from sojourn.errors import UsageError


@dataclass(frozen=True, slots=True)
class Coverage:
    """Counts of a coverage study.

    Attributes:
        held: samples whose interval held the truth.
        missed_low: samples whose interval lay wholly below it.
        missed_high: samples whose interval lay wholly above it.
        unknown: samples that gave no interval; they count as not held.
    """

    held: int
    missed_low: int
    missed_high: int
    unknown: int

    @property
    def samples(self) -> int:
        """All samples drawn."""
        return self.held + self.missed_low + self.missed_high + self.unknown

    @property
    def share(self) -> float:
        """Share of samples whose interval held the truth."""
        return self.held / self.samples

    def within(self, level: float = 0.95) -> tuple[float, float]:
        """Return Clopper and Pearson's interval of the share: the study's own error."""
        ends = stats.binomtest(self.held, self.samples).proportion_ci(level, method="exact")
        return float(ends.low), float(ends.high)


def coverage(
    truth: float,
    interval: Callable[[np.random.Generator], tuple[float, float]],
    *,
    samples: int,
    rng: np.random.Generator,
) -> Coverage:
    """Draw samples and count how often the interval holds the truth.

    Args:
        truth: the population's value.
        interval: draws one sample with the generator that it is given and returns (lower, upper).
        samples: how many to draw; 2000 leave the share an error of half a point.
        rng: each sample has its own stream spawned from it, so that the first samples of a longer study
            are those of a shorter one.

    Raises:
        UsageError: no samples, or a truth that is missing.

    >>> def of_a_mean(rng):
    ...     y = rng.normal(size=50)
    ...     return y.mean() - 2.01 * y.std(ddof=1) / 50**0.5, y.mean() + 2.01 * y.std(ddof=1) / 50**0.5
    >>> found = coverage(0.0, of_a_mean, samples=400, rng=np.random.default_rng(1))
    >>> 0.92 < found.share < 0.98
    True
    """
    if samples < 1 or not np.isfinite(truth):
        raise UsageError("A coverage study needs samples and a known truth")
    held = low = high = unknown = 0
    for stream in rng.spawn(samples):
        lower, upper = interval(stream)
        if np.isnan(lower) or np.isnan(upper):
            unknown += 1
        elif upper < truth:
            low += 1
        elif lower > truth:
            high += 1
        else:
            held += 1
    return Coverage(held, low, high, unknown)
