"""A course of numbers as a line of a word's size: its shape beside the number, never instead of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sojourn.observations import other_edition
from sojourn.release.periods import end_of
from sojourn.release.strands import newest

WIDTH, HEIGHT = 120.0, 32.0
_EDGE = 3.0


@dataclass(frozen=True, slots=True)
class Spark:
    """A line in a box of `WIDTH` x `HEIGHT`.

    Attributes:
        lines: its points, as SVG writes them; a line for each edition of its source, which may have revised the rest.
        band: the outline of the intervals, where every point has one; else empty.
        end: the last point.
        first, last: the observations that it begins and ends with.
    """

    lines: tuple[str, ...]
    band: str
    end: tuple[float, float]
    first: Mapping[str, Any]
    last: Mapping[str, Any]


def spark(rows: Sequence[Mapping[str, Any]], scale: tuple[float, float] | None = None) -> Spark | None:
    """Draw the values of one thing over time.

    Args:
        rows: observations with period, value, lower and upper, in any order; those without value are left out,
            and all that is not of the newest number's strand: of another frequency or source. A quarter beside its
            year would draw a tooth, and a step to another source a change that nobody measured.
        scale: lowest and highest value of the box, to draw several alike; None: those of the rows.

    Returns:
        The line, or None with fewer than two values.

    >>> spark([{"period": "2015", "value": 1.0, "lower": None, "upper": None}]) is None
    True
    """
    strand = newest(rows)
    told = strand.valued if strand else []
    if len(told) < 2:
        return None
    low, high = scale or bounds(told)
    days = [end_of(one["period"]).toordinal() for one in told]
    width, height = (days[-1] - days[0]) or 1, (high - low) or 1.0

    def point(day: int, value: float) -> tuple[float, float]:
        across = _EDGE + (WIDTH - 2 * _EDGE) * (day - days[0]) / width
        return round(across, 1), round(HEIGHT - _EDGE - (HEIGHT - 2 * _EDGE) * (value - low) / height, 1)

    points = [point(day, one["value"]) for day, one in zip(days, told, strict=True)]
    band: list[tuple[float, float]] = []
    if all(one["lower"] is not None and one["upper"] is not None for one in told):
        band = [point(day, one["upper"]) for day, one in zip(days, told, strict=True)]
        band += [point(day, one["lower"]) for day, one in reversed(list(zip(days, told, strict=True)))]
    starts = [0, *(at for at in range(1, len(told)) if _revised(told[at - 1], told[at])), len(told)]
    # A number that is alone in its edition is a line of no length: a dot.
    lines = tuple(
        _text(points[first:last] * (1 if last - first > 1 else 2)) for first, last in pairwise(starts)
    )
    return Spark(lines, _text(band), points[-1], told[0], told[-1])


def _revised(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    return other_edition(str(before.get("source", "")), str(after.get("source", "")))


def bounds(rows: Sequence[Mapping[str, Any]]) -> tuple[float, float]:
    """Give the lowest and the highest that rows reach, their intervals included."""
    reached = [one[name] for one in rows for name in ("value", "lower", "upper") if one[name] is not None]
    return (min(reached), max(reached)) if reached else (0.0, 0.0)


def _text(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)
