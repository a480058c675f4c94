"""What stands around the plot of every chart: title, unit, key, source; from the right in Arabic.

Everything is placed by `layout`, in pixels, outside the plot; nothing is left to the legends of Vega, which
know no right-to-left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import altair as alt

from sojourn.present.charts.about import About
from sojourn.present.charts.layout import FONT, FONT_WITH_ARABIC, Frame, cut, has_arabic, text_width, wrap
from sojourn.present.charts.numbers import line, ltr, right_to_left
from sojourn.present.charts.palette import Theme
from sojourn.present.charts.words import word

Layer = alt.Chart | dict[str, Any]
"""Marks of rows are built by Altair; what is drawn once, at a place in pixels, is written as it is: it needs no
data, and Altair would check each of fifty labels against its whole schema."""

_ONCE = "once"
UNIT = 4
"""Size of a point whose shape is drawn in pixels: Vega scales a shape by √size / 2."""

CROSS = "M-1,-1L1,1M-1,1L1,-1"
SHAPES = {"suppressed": "square", "missing": CROSS, "cannot_tell": "diamond", "provisional": "triangle-up"}

DASHES = {"dash": [5, 3], "dots": [1, 3], "dash_dot": [7, 2, 2, 2], "short_dash": [3, 2], "long_dash": [9, 3]}
"""How lines that are not solid are broken: dash is a projection, the others tell strands apart."""

_TITLE, _SUBTITLE, _SMALL = 16, 12.5, 11.0
_KEY_ROW, _SYMBOL, _GAP = 19, 18, 16
_EDGE = 12


@dataclass(frozen=True, slots=True)
class KeyItem:
    """One line of the key: a symbol and what it means.

    `symbol`: dot, lying (its bar lies), full (no bar), ring, band, line, one of `DASHES`, break, swatch, hatch, taper,
    provisional, or a state without a value. `size`: of a taper, pixels at its wide end.
    """

    symbol: str
    text: str
    colour: str
    outline: str = ""
    size: float = 6.0


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything about a picture but its plot."""

    about: About
    language: str
    theme: Theme
    frame: Frame
    key: tuple[KeyItem, ...] = ()
    notes: tuple[str, ...] = ()
    axis_room: int = 24

    @property
    def rtl(self) -> bool:
        """Whether the picture is read from the right."""
        return right_to_left(self.language)


def sheet(
    about: About,
    language: str,
    theme: Theme,
    *,
    width: int,
    height: int,
    left: int,
    right: int,
    key: Sequence[KeyItem] = (),
    notes: Sequence[str] = (),
    axis_room: int = 24,
    head_room: int = 0,
) -> Sheet:
    """Compute the frame: how much room title, key and source need above and below the plot."""
    if right_to_left(language):
        left, right = right, left
    left, right = left + _EDGE, right + _EDGE
    blank = Sheet(
        about,
        language,
        theme,
        Frame(width, height, left, right, 0, 0),
        tuple(key),
        (*notes, word("source", language, source=about.source), *([about.release] if about.release else [])),
        axis_room,
    )
    top = _EDGE + sum(size * 1.3 * len(lines) for size, lines, _ in _heading(blank)) + 14 + head_room
    rows = len(_key_rows(blank))
    foot = sum(len(lines) for lines in _foot(blank)) * _SMALL * 1.35
    bottom = axis_room + (rows * _KEY_ROW + 8 if rows else 0) + foot + _EDGE + 8
    return replace(blank, frame=Frame(width, height, left, right, round(top), round(bottom)))


def _room(on: Sheet) -> float:
    return on.frame.width - 2 * _EDGE


def _heading(on: Sheet) -> list[tuple[float, list[str], bool]]:
    better = {"lower": "lower_better", "higher": "higher_better"}.get(on.about.better or "")
    unit = on.about.unit + (f" · {word(better, on.language)}" if better else "")
    texts = ((_TITLE, on.about.title, True), (_SUBTITLE, on.about.subtitle, False), (_SUBTITLE, unit, False))
    return [
        (size, wrap(text, _room(on) / (1.07 if bold else 1), size), bold)
        for size, text, bold in texts
        if text
    ]


def _foot(on: Sheet) -> list[list[str]]:
    return [wrap(note, _room(on), _SMALL) for note in on.notes]


def _key_rows(on: Sheet) -> list[list[tuple[float, KeyItem]]]:
    """Distribute the key over rows: each item with its distance from the reading edge."""
    rows: list[list[tuple[float, KeyItem]]] = []
    at = _room(on) + 1
    for item in on.key:
        needed = _SYMBOL + 6 + text_width(item.text, _SMALL)
        if at + needed > _room(on):
            rows.append([])
            at = 0.0
        rows[-1].append((at, item))
        at += needed + _GAP
    return rows


def _from_edge(on: Sheet, distance: float) -> float:
    """Where something stands that is so far from the edge at which reading begins, in plot pixels."""
    if on.rtl:
        return on.frame.inner + on.frame.right - _EDGE - distance
    return _EDGE - on.frame.left + distance


def words_at(on: Sheet, text: str | list[str], x: float, y: float, **style: Any) -> Layer:
    """Write a text at a place in the plot, from the reading edge unless `align` says otherwise.

    In a picture that is read from the right, a text of other letters keeps its own order, and the font that its
    room was computed for.
    """
    parts = [text] if isinstance(text, str) else text
    foreign = on.rtl and not any(has_arabic(part) for part in parts)
    lines = [(ltr if foreign else line)(part, on.language) for part in parts]
    settings: dict[str, Any] = {
        "align": "right" if on.rtl else "left",
        "baseline": "top",
        "color": on.theme.text,
        "fontSize": _SMALL,
        "clip": False,
        **({"font": FONT} if foreign else {}),
    } | style
    return once("text", x, None, y, text=lines if len(lines) > 1 else lines[0], **settings)


def around(on: Sheet) -> list[Layer]:
    """Draw title, unit, key and source of a sheet."""
    layers: list[Layer] = []
    y = _EDGE - float(on.frame.top)
    edge = _from_edge(on, 0)
    for size, lines, bold in _heading(on):
        colour = on.theme.text if bold else on.theme.muted
        weight = "bold" if bold else "normal"
        layers.append(
            words_at(
                on, lines, edge, y, fontSize=size, fontWeight=weight, color=colour, lineHeight=size * 1.3
            )
        )
        y += size * 1.3 * len(lines)
    y = on.frame.height + on.axis_room + 8.0
    rows = _key_rows(on)
    for number, row in enumerate(rows):
        for at, item in row:
            layers += _key_item(on, item, at, y + number * _KEY_ROW + _KEY_ROW / 2)
    y += len(rows) * _KEY_ROW + (8 if rows else 0)
    for lines in _foot(on):
        layers.append(words_at(on, lines, edge, y, color=on.theme.muted, lineHeight=_SMALL * 1.35))
        y += len(lines) * _SMALL * 1.35
    return layers


def _key_item(on: Sheet, item: KeyItem, at: float, y: float) -> list[Layer]:
    middle = _from_edge(on, at + _SYMBOL / 2)
    text = words_at(
        on,
        cut(item.text, _room(on) - _SYMBOL - 6, _SMALL),
        _from_edge(on, at + _SYMBOL + 6),
        y,
        baseline="middle",
        color=on.theme.text,
    )
    return [*symbol(item, middle, y, on.theme), text]


def symbol(item: KeyItem, x: float, y: float, theme: Theme) -> list[Layer]:
    """Draw the symbol of a key item at a place."""
    first, last, colour = x - _SYMBOL / 2, x + _SYMBOL / 2, item.colour
    if item.symbol == "band":
        return [once("rect", first, last, y - 6, y + 6, color=colour, fillOpacity=0.25)]
    if item.symbol in ("swatch", "hatch"):
        rim: dict[str, Any] = {"stroke": item.outline or theme.axis, "strokeWidth": 1}
        rim |= {"strokeDash": [3, 2]} if item.symbol == "hatch" else {}
        return [once("rect", first, last, y - 6, y + 6, color=colour, **rim)]
    if item.symbol == "taper":
        half = item.size / 2
        path = f"M{-_SYMBOL / 2:g},{-half:g}L{_SYMBOL / 2:g},0L{-_SYMBOL / 2:g},{half:g}Z"
        return [once("point", x, None, y, shape=path, size=UNIT, color=colour, filled=True, opacity=1)]
    if item.symbol == "line" or item.symbol in DASHES:
        dash: dict[str, Any] = {"strokeDash": DASHES[item.symbol]} if item.symbol in DASHES else {}
        return [once("rule", first, last, y, color=colour, strokeWidth=2, **dash)]
    if item.symbol == "break":
        return [once("rule", x, None, y - 7, y + 7, color=colour, strokeWidth=1.5, strokeDash=[2, 2])]
    bars = {
        "dot": once("rule", x, None, y - 8, y + 8, color=colour, strokeWidth=1.5),
        "lying": once("rule", first, last, y, color=colour, strokeWidth=3, opacity=0.45),
    }
    point = once("point", x, None, y, **point_style(item.symbol, colour, theme))
    return [bars[item.symbol], point] if item.symbol in bars else [point]


def once(mark: str, x: float, x2: float | None, y: float, y2: float | None = None, **style: Any) -> Layer:
    """Draw a mark once, at a place or from place to place, in pixels of the plot."""
    places = {"x": x, "x2": x2, "y": y, "y2": y2}
    encoding = {name: {"value": place} for name, place in places.items() if place is not None}
    return {"data": {"name": _ONCE}, "mark": {"type": mark, **style}, "encoding": encoding}


def point_style(state: str, colour: str, theme: Theme) -> dict[str, Any]:
    """How the point of a state looks: full, hollow, square, cross, diamond or triangle."""
    hollow = state in ("ring", "error_unknown", "cannot_tell", "provisional")
    return {
        "shape": SHAPES.get(state, "circle"),
        "size": 22 if state == "missing" else 44,
        "stroke": colour,
        "strokeWidth": 1.6,
        "fill": theme.ground if hollow else "transparent" if state == "missing" else colour,
        "filled": True,
        "opacity": 1,
    }


def composed(on: Sheet, layers: Sequence[Layer], data: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Put the plot and what stands around it together, with the settings that every chart has.

    Args:
        on: the sheet.
        layers: the plot.
        data: what layers that are written as they are find by name.
    """
    frame, theme = on.frame, on.theme
    datasets: dict[str, Any] = {_ONCE: [{}], **(data or {})}
    parts = [_written(layer, datasets) for layer in (*layers, *around(on))]
    axis = {
        "labelColor": theme.muted,
        "labelFontSize": _SMALL,
        "gridColor": theme.grid,
        "domainColor": theme.axis,
        "tickColor": theme.axis,
        "labelFontWeight": "normal",
        "title": None,
        # The layout has made room for every label: whether one is too long or meets the next need not be measured.
        "labelOverlap": False,
        "labelBound": False,
        "labelLimit": 0,
    }
    return {
        "$schema": alt.SCHEMA_URL,
        "width": frame.inner,
        "height": frame.height,
        "padding": {"left": frame.left, "right": frame.right, "top": frame.top, "bottom": frame.bottom},
        "autosize": {"type": "none"},
        "background": theme.ground,
        "datasets": datasets,
        "layer": parts,
        "config": {
            "font": FONT_WITH_ARABIC if on.rtl else FONT,
            "aria": False,
            "axis": axis,
            "view": {"stroke": None},
        },
        # The page draws with the interpreter: its policy allows no eval.
        "usermeta": {
            "embedOptions": {"ast": True, "actions": False, "renderer": "svg"},
            "about": on.about.kept,
        },
    }


def _written(layer: Layer, datasets: dict[str, Any]) -> dict[str, Any]:
    """Write one layer, and put its data where all layers find them."""
    if isinstance(layer, dict):
        return layer
    found: dict[str, Any] = layer.to_dict(validate=False)
    datasets.update(found.pop("datasets", {}))
    return {name: part for name, part in found.items() if name not in ("$schema", "config")}
