"""What a trend needs to know about all of its rows at once: extremes, colours, scales."""

from __future__ import annotations

from collections import Counter

from sojourn.present.charts.about import Target
from sojourn.present.charts.layout import text_width
from sojourn.present.charts.numbers import right_to_left, tick_texts
from sojourn.present.charts.palette import Theme
from sojourn.present.charts.periods import span
from sojourn.present.charts.trend_rows import Record, extremes, is_dense, value_ticks

LOOKS = ("line", "dots", "dash_dot", "short_dash", "long_dash")
"""How the lines of several sources look, that with the most numbers first; see `furniture.DASHES`."""


class Plan:
    """What a trend needs to know about all of its rows at once."""

    def __init__(
        self,
        found: list[Record],
        ahead: list[Record],
        goal: Target | None,
        theme: Theme,
        language: str,
        decimals: int,
    ) -> None:
        self.found, self.ahead, self.goal = found, ahead, goal
        self.theme, self.language, self.decimals = theme, language, decimals
        self.names = list(dict.fromkeys(row["line"] for row in found))
        self.colours = theme.lines[: max(1, len(self.names))]
        self.mixed = any(row["end"] - row["start"] == 1 for row in found)
        self.strands = _strands(found)
        self.rtl = right_to_left(language)
        points = [
            sum(row["line"] == name and row["value"] is not None for row in found) for name in self.names
        ]
        self.dense = is_dense(max(points, default=0))
        # So many points would hide their line: the key then shows the line itself.
        self.has_points = max(points, default=0) <= 60
        self.has_numbers = goal is not None or any(row["value"] is not None for row in (*found, *ahead))
        self.low, self.high = extremes([*found, *ahead], [goal.value] if goal else [])

    def state_of(self, strand: str) -> str:
        """What is known of the last number of a strand."""
        return str(
            [row["state"] for row in self.found if row["strand"] == strand and row["value"] is not None][-1]
        )

    def ticks(self, height: int) -> list[float]:
        """Round values of the value axis."""
        return value_ticks(self.low, self.high, height)

    def axis_room(self, height: int) -> int:
        """Pixels that the labels of the value axis need."""
        labels = tick_texts(self.ticks(height), self.language)
        return round(max(text_width(label, 11) for label in labels)) + 10

    def years(self) -> tuple[float, float]:
        """First and last place of the time axis."""
        marks = [row[name] for row in (*self.found, *self.ahead) for name in ("start", "at", "end")]
        if self.goal and self.goal.period and self.ahead:
            by = span(self.goal.period, lasting=self.mixed).at
            marks += [by] if by - max(marks) <= 15 else []
        if not marks:
            return 2000.0, 2030.0
        return (min(marks), max(marks)) if max(marks) > min(marks) else (min(marks) - 1, max(marks) + 1)


def _strands(found: list[Record]) -> dict[str, str]:
    """Give each strand the look of its line, by its source: solid where most numbers come from, the same in all lines.

    That a strand is of years beside quarters, the length of its marks tells. A number alone is no line, but a point.
    """
    told = [row for row in found if row["strand"] and row["value"] is not None]
    numbers = Counter(row["strand"] for row in told)
    sources = [one for one, _ in Counter(row["sources"] for row in told).most_common()]
    by_strand = {row["strand"]: row["sources"] for row in told}
    return {
        strand: LOOKS[min(sources.index(by_strand[strand]), len(LOOKS) - 1)] if count > 1 else "point"
        for strand, count in numbers.most_common()
    }


class Scale:
    """The two scales of a trend, for what is placed in pixels."""

    def __init__(
        self, first: float, last: float, low: float, high: float, inner: int, height: int, rtl: bool
    ) -> None:
        self._first, self._last, self._low, self._high = first, last, low, high
        self._inner, self._height, self._rtl = inner, height, rtl

    def x(self, at: float) -> float:
        """Pixels from the left."""
        share = (at - self._first) / (self._last - self._first)
        return round(self._inner * (1 - share if self._rtl else share), 2)

    def y(self, value: float) -> float:
        """Pixels from the top."""
        return round(self._height * (self._high - value) / (self._high - self._low), 2)
