"""Where flows begin and end: the window of the map, a dot for each place, and names where they do not collide."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from sojourn.present.charts.furniture import Layer, Sheet, once, words_at
from sojourn.present.charts.ground import Point, view
from sojourn.present.charts.layout import text_width
from sojourn.present.charts.numbers import plain
from sojourn.present.charts.shapes import Shapes

_NAMED = 12
_SIZE = 10.5

Box = tuple[float, float, float, float]


class Places:
    """The places of the corridors of one map.

    Args:
        rows: the corridors that are drawn, the largest first.
        origin, destination: columns of codes.
        shapes: with the middles of areas.
        on: the sheet; `view` is the window into its plot.
    """

    def __init__(self, rows: pl.DataFrame, origin: str, destination: str, shapes: Shapes, on: Sheet) -> None:
        self.on = on
        self._names: dict[str, str] = {}
        for row in rows.iter_rows(named=True):
            for end in (origin, destination):
                self._names.setdefault(row[end], str(row[f"{end}_name"]))
        self._middles = shapes.middles
        self.view = view(on.frame.inner, on.frame.height, [shapes.middles[code] for code in self._names])

    def of(self, code: str) -> Point:
        """Where an area stands in the plot."""
        return self.view.place(*self._middles[code])

    def ways(self, start: str, end: str) -> list[tuple[Point, Point]]:
        """From where to where a flow is drawn; twice, leaving and entering, where the Pacific is the shorter way."""
        (east, north), (east2, north2) = self._middles[start], self._middles[end]
        here, there = self.of(start), self.of(end)
        if not self.view.whole or abs(east2 - east) <= 180:
            return [(here, there)]
        turn = -1 if east < east2 else 1
        beyond = (there[0] + turn * self.view.around(north2), there[1])
        before = (here[0] - turn * self.view.around(north), here[1])
        return [(here, beyond), (before, there)]

    def marks(self) -> list[Layer]:
        """Draw a dot for every place, and the names of those with the largest flows that have room."""
        theme = self.on.theme
        dots: list[Layer] = [
            once("point", x, None, y, size=14, color=theme.text, filled=True, opacity=1)
            for x, y in map(self.of, self._names)
        ]
        taken: list[Box] = []
        for code in list(self._names)[:_NAMED]:
            dots += self._name(code, taken)
        return dots

    def _name(self, code: str, taken: list[Box]) -> list[Layer]:
        """Write a name beside its dot, on the first side that is free; without room it is not written."""
        x, y = self.of(code)
        text = self._names[code]
        wide = text_width(plain(text), _SIZE) * 1.08
        sides = {"left": (x + 5, y), "right": (x - 5 - wide, y), "center": (x - wide / 2, y - 11)}
        for side, (left, middle) in sides.items():
            box = (left, middle - 7, left + wide, middle + 7)
            if self._inside(box) and not any(_meet(box, other) for other in taken):
                taken.append(box)
                at = {"left": left, "right": left + wide, "center": x}[side]
                return self._written(text, at, middle, side)
        return []

    def _written(self, text: str, x: float, y: float, side: str) -> list[Layer]:
        style = {"align": side, "baseline": "middle", "fontSize": _SIZE}
        theme = self.on.theme
        halo = {"color": theme.ground, "stroke": theme.ground, "strokeWidth": 3, "strokeOpacity": 0.85}
        return [words_at(self.on, text, x, y, **style, **halo), words_at(self.on, text, x, y, **style)]

    def _inside(self, box: Box) -> bool:
        return (
            box[0] >= 0 and box[2] <= self.on.frame.inner and box[1] >= 0 and box[3] <= self.on.frame.height
        )


def _meet(one: Sequence[float], other: Sequence[float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
