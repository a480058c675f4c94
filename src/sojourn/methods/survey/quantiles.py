"""Weighted quantiles under every rule in use, for all columns of weights at once.

A quantile is where the distribution function passes q; a sample pins that down only to the stretch
between two values, and the rules differ in where they stand on it. The data come as values in ascending
order with the weight on each: one place per row, or one per distinct value, as a database sums them.

Rules, with x_k the values that carry weight, w_k the weight on each, S_k = w_1 + ... + w_k, W the sum of n:

    math, hf1     the least x_k with S_k / W >= q
    school, hf2   the same, but the midpoint of x_k and x_k+1 where S_k / W = q exactly
    hf3           as math; where S_k / W = q exactly, the even one of the places k and k+1
    nearest       the x_k whose S_k / W is nearest to q, the even k of two equally near
    hf4 ... hf9   linear interpolation of x between plotting positions p_k, ends held:
                  hf4  S_k / W              hf5  (S_k - w_k / 2) / W
                  hf6  S_k / (W + w_n)      hf7  S_k-1 / S_n-1
                  hf8  (S_k - w_k / 3) / (W + w_n / 3)
                  hf9  (S_k - 3 w_k / 8) / (W + w_n / 4)
    shahvaish     the least x_k with p_k >= q,  p_k = (s_k + 1/2 - v_k / 2) / (n + 1),
                  v_k = n w_k / W the weights scaled to the number n of values, s_k their sums

With equal weights on distinct values each rule but hf3 is the one of the same number in Hyndman and Fan; their
third is `nearest`. hf3 is what R `survey` calls so: in words "whichever of the inverse of F at q and the next
higher observation is at an even-numbered position", which chooses upwards, where Hyndman and Fan's chooses on
both sides.

Ties. For math, school, hf1, hf2, hf3 and nearest it is the same whether equal values stand together or apart
(the last two put them together). For hf4 to hf9 and shahvaish it is not: between two values the line starts at the last
place of the lower one and ends at the first place of the upper one, so the weights of these two places
count. R `survey` keeps rows apart, in the order of the file; with the rows in that order the numbers are
the same, but they hang on the order of the file. With values put together they do not. Where only a table of
sums is at hand and R's numbers are wanted, three places per value are enough: its first row, the sum of
those between, its last row (places between two ends of the same value change no line).

Compared with R `survey` 4.5 on real weights: math, school, hf4, hf7; with 4.1-1: hf1 to hf9. shahvaish is
unverified: R adds the weights of its formula unscaled, which gives other numbers.

Source: R. J. Hyndman and Y. Fan (1996), Sample quantiles in statistical packages, The American
Statistician 50(4); T. Lumley, Estimating quantiles (vignette of R `survey`), for weights and hf3; B. V. Shah
and A. K. Vaish (2006), Confidence intervals for quantile estimation from complex survey data, Proceedings of
the Section on Survey Research Methods, ASA.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sojourn.errors import UsageError

Floats = NDArray[np.float64]
Number = TypeVar("Number", bound=np.generic)
Positions = Callable[[Floats, Floats, Floats, Floats], Floats]

# Sums of weights are compared with q W up to rounding: 0.1 is not a binary fraction.
ROUNDING = 1e-12

# Plotting positions from S_k, w_k, W and w_n (the weight on the largest value of the column).
POSITIONS: dict[str, Positions] = {
    "hf4": lambda s, w, total, last: s / total,
    "hf5": lambda s, w, total, last: (s - w / 2) / total,
    "hf6": lambda s, w, total, last: s / (total + last),
    "hf7": lambda s, w, total, last: (s - w) / (total - last),
    "hf8": lambda s, w, total, last: (s - w / 3) / (total + last / 3),
    "hf9": lambda s, w, total, last: (s - 3 * w / 8) / (total + last / 4),
}
RULES = ("math", "school", "shahvaish", "hf1", "hf2", "hf3", "nearest", *POSITIONS)


def weighted_quantile(values: ArrayLike, weights: ArrayLike, q: float, rule: str = "math") -> float | Floats:
    """Compute a quantile of weighted values, under one or many columns of weights.

    The rules and their formulas stand at the head of this module. A value without weight in a column does
    not exist for that column.

    Args:
        values: values in ascending order, ties allowed (see the head of this module), shape (v,).
        weights: weight on each place, shape (v,), or (v, R) for R columns of weights.
        q: probability, 0 to 1.
        rule: one of RULES.

    Returns:
        A number, or shape (R,); NaN for a column that has no weight.

    Raises:
        UsageError: values not ascending, shapes that do not fit, q outside 0 to 1, an unknown rule.

    Source: Hyndman and Fan (1996); Shah and Vaish (2006).

    >>> weighted_quantile([1.0, 2.0, 5.0], [1.0, 1.0, 2.0], 0.5)
    2.0
    >>> weighted_quantile([1.0, 2.0, 5.0], [1.0, 1.0, 2.0], 0.5, "school")
    3.5
    """
    x, w = np.asarray(values, float), np.asarray(weights, float)
    _check(x, w, q, rule)
    columns = w[:, None] if w.ndim == 1 else w
    found = np.full(columns.shape[1], np.nan)
    filled = columns.sum(axis=0) > 0
    if filled.any():
        found[filled] = _by_rule(x, columns[:, filled], float(q), rule)
    return float(found[0]) if w.ndim == 1 else found


def _by_rule(x: Floats, w: Floats, q: float, rule: str) -> Floats:
    if rule in {"hf3", "nearest"}:
        starts = np.flatnonzero(np.diff(x, prepend=-np.inf) > 0)
        x, w = x[starts], np.add.reduceat(w, starts, axis=0)
    cumulated = np.cumsum(w, axis=0)
    total = cumulated[-1]
    if rule in POSITIONS:
        return _interpolated(x, w, cumulated, total, q, POSITIONS[rule])
    if rule == "shahvaish":
        n = (w != 0).sum(axis=0)
        scale = n / total
        return x[_first(((cumulated - w / 2) * scale + 0.5) / (n + 1), w, q)]
    share = cumulated / total
    place = _first(share, w, q)
    if rule in {"math", "hf1"}:
        return x[place]
    if rule in {"school", "hf2"}:
        following = _beside(w, place, 1)
        exact = np.abs(_at(share, place) - q) <= ROUNDING
        return np.where(exact, (x[place] + x[following]) / 2, x[place])
    if rule == "hf3":
        odd = _rank(w, place) % 2 == 1
        exact = np.abs(_at(share, place) - q) <= ROUNDING
        return x[np.where(exact & odd, _beside(w, place, 1), place)]
    return x[_nearest(share, w, q, place)]


def _interpolated(
    x: Floats, w: Floats, cumulated: Floats, total: Floats, q: float, rule: Positions
) -> Floats:
    """Interpolate between the last position below q and the first at or above it."""
    end = np.full(w.shape[1], len(w))
    last = _at(w, _beside(w, end, -1))
    with np.errstate(divide="ignore", invalid="ignore"):
        position = rule(cumulated, w, total, last)
    # A single value under hf7 has the position 0/0; it is the quantile whatever the position.
    position = np.where(np.isfinite(position), position, 0.0)
    above = _first(position, w, q)
    below = _beside(w, above, -1)
    high, low = _at(position, above), _at(position, below)
    inside = (above != below) & (high > q)
    part = np.where(inside, (q - low) / np.where(inside, high - low, 1.0), 1.0)
    # Beyond the last position _first gives the last value, and the end is held there.
    return np.asarray(x[below] + np.clip(part, 0.0, 1.0) * (x[above] - x[below]))


def _first(position: Floats, w: Floats, q: float) -> NDArray[np.intp]:
    """Find in each column the first place with weight whose position reaches q, else the last one."""
    reached = position >= q - ROUNDING
    place = reached.argmax(axis=0)
    place = np.where(_at(reached, place), place, len(w) - 1)
    place = np.where(_at(w, place) != 0, place, _beside(w, place, 1))
    return np.where(_at(w, place) != 0, place, _beside(w, place, -1))


def _beside(w: Floats, place: NDArray[np.intp], step: int) -> NDArray[np.intp]:
    """Walk in each column to the next place with weight, forwards or backwards; stay where there is none."""
    there = place + step
    for _ in range(len(w)):
        within = (there >= 0) & (there < len(w))
        empty = within & (_at(w, np.clip(there, 0, len(w) - 1)) == 0)
        if not empty.any():
            break
        there = np.where(empty, there + step, there)
    return np.where((there >= 0) & (there < len(w)), there, place)


def _nearest(share: Floats, w: Floats, q: float, place: NDArray[np.intp]) -> NDArray[np.intp]:
    """Choose between the value at q and the one before it: the nearer, the even of two equally near."""
    before = _beside(w, place, -1)
    rank = _rank(w, place)
    above, below = _at(share, place) - q, q - _at(share, before)
    tie = np.abs(above - below) <= ROUNDING
    down = np.where(tie, rank % 2 == 1, below < above) & (before != place)
    return np.where(down, before, place)


def _rank(w: Floats, place: NDArray[np.intp]) -> NDArray[np.intp]:
    """Number a place, from 1, among those that carry weight in its column."""
    return _at(np.cumsum(w != 0, axis=0), place)


def _at(table: NDArray[Number], place: NDArray[np.intp]) -> NDArray[Number]:
    return np.asarray(table[place, np.arange(table.shape[1])])


@dataclass(frozen=True, slots=True)
class QuantileInterval:
    """A quantile with Woodruff's interval.

    Attributes:
        estimate: the quantile.
        se: length of the interval over twice the critical value, NaN where no end is known.
        lower, upper: ends of the interval.
    """

    estimate: float
    se: float
    lower: float
    upper: float


def woodruff(
    values: ArrayLike,
    weights: ArrayLike,
    q: float,
    share_interval: Callable[[float], tuple[float, float]],
    *,
    critical: float,
    rule: str = "math",
) -> QuantileInterval:
    """Compute a quantile and its interval by way of the distribution function.

        x = Q(q),   (a, b) = interval of the share of the population at or below x,
        lower = Q(a),   upper = Q(b),   se = (upper - lower) / (2 c)

    Args:
        values: values in ascending order, shape (v,).
        weights: weight on each, shape (v,).
        q: probability.
        share_interval: takes x and gives the interval (a, b) of F(x) at the level wanted, in [0, 1] or beyond.
        critical: c, the quantile of Student's t or of the normal at (1 + level) / 2.
        rule: one of RULES, used for the quantile and for both ends.

    Source: R. S. Woodruff (1952), Confidence intervals for medians and other position measures, JASA 47.

    >>> found = woodruff([1.0, 2.0, 3.0, 4.0], [1.0] * 4, 0.5, lambda x: (0.25, 0.75), critical=2.0)
    >>> found.estimate, found.lower, found.upper, found.se
    (2.0, 1.0, 3.0, 0.5)
    """
    estimate = float(weighted_quantile(values, weights, q, rule))
    if np.isnan(estimate):
        return QuantileInterval(estimate, np.nan, np.nan, np.nan)
    ends = share_interval(estimate)
    if not np.isfinite(ends).all():
        return QuantileInterval(estimate, np.nan, np.nan, np.nan)
    lower, upper = (
        float(weighted_quantile(values, weights, float(np.clip(end, 0.0, 1.0)), rule)) for end in ends
    )
    return QuantileInterval(estimate, (upper - lower) / (2 * critical), lower, upper)


def _check(x: Floats, w: Floats, q: float, rule: str) -> None:
    if rule not in RULES:
        raise UsageError(f"There is no quantile rule {rule!r}", accepted=", ".join(RULES))
    if not 0 <= q <= 1:
        raise UsageError(f"A quantile is asked for at {q}", accepted="a probability, 0 to 1")
    if x.ndim != 1 or w.ndim not in {1, 2} or len(w) != len(x) or len(x) == 0:
        raise UsageError(
            f"Weights of shape {w.shape} do not fit values of shape {x.shape}",
            accepted="values (v,), weights (v,) or (v, R), v at least 1",
        )
    if not (np.diff(x) >= 0).all() or np.isnan(x).any():
        raise UsageError("The values of a quantile are missing or not in ascending order")
    if not np.isfinite(w).all():
        raise UsageError("A weight of a quantile is missing or infinite")
