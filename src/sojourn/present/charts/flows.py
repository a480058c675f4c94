"""Draws corridors on a map: from each origin to its destination a taper, as wide as the amount.

A taper – wide where people or money leave, pointed where they arrive – is read more surely than an arrow
(Holten and van Wijk 2009, *A user study on visualizing directed edges in graphs*). All bend to the same side,
so that the two directions of a corridor lie beside each other. What has no amount to be wide by, such as a price,
has one width and the colour of its class. Withheld and missing numbers are thin lines, each broken in its own way.
Without shapes the same corridors are drawn in order, as a ranking.
"""

from __future__ import annotations

import math
from typing import Any

import polars as pl

from sojourn.errors import UsageError
from sojourn.present.charts import states
from sojourn.present.charts.about import About
from sojourn.present.charts.chart import Chart, specified
from sojourn.present.charts.choropleth import grounds
from sojourn.present.charts.classes import Classes, classes
from sojourn.present.charts.flow_places import Places
from sojourn.present.charts.furniture import UNIT, KeyItem, Layer, Sheet, composed, sheet
from sojourn.present.charts.ground import ASPECT, Point
from sojourn.present.charts.land import WORLD, land
from sojourn.present.charts.numbers import checked, line, number, short
from sojourn.present.charts.palette import Theme, theme_of
from sojourn.present.charts.ranking import ranking, summary
from sojourn.present.charts.shapes import Shapes
from sojourn.present.charts.words import disclaimer, word

_WIDEST, _THINNEST, _ALIKE = 15.0, 1.8, 5.0  # pixels at the wide end
_TIP = 0.4  # of the pointed end, half of it: nothing at all could not be seen
_BEND = 0.2  # of the distance, aside
_DATA = "flows"


def flows(
    rows: pl.DataFrame,
    about: About,
    shapes: Shapes | None,
    *,
    origin: str = "area",
    destination: str = "counterpart",
    amounts: bool = True,
    language: str = "en",
    theme: str = "light",
    width: int = 720,
    most: int = 40,
) -> Chart:
    """Draw corridors between origins and destinations.

    Args:
        rows: observations of one period, one for each pair, with `area_name` and `counterpart_name`.
        about: title, unit, source.
        shapes: from `sojourn.present.charts.shapes.shapes`; None: the corridors are ranked instead.
        origin, destination: `area` or `counterpart`, as the series says who is who.
        amounts: whether the numbers add up, so that a width can show them; else classes are coloured.
        language, theme, width: as in `trend`.
        most: corridors to draw, the largest first; the others are counted.

    Returns:
        A chart of the kind `flows`, or `ranking` without shapes. The map shows the world, or the part of it in
        which all the corridors lie.

    Raises:
        UsageError: columns are absent, or a pair has two rows.
    """
    checked(language)
    look = theme_of(theme)
    clean = states.stated(rows, "area", "counterpart", "area_name", "counterpart_name")
    clean = clean.filter(pl.col("area") != pl.col("counterpart"), pl.col("counterpart") != "")
    if twice := clean.filter(pl.struct(origin, destination).is_duplicated()).height:
        raise UsageError(
            f"{twice} rows of a flow map share a pair",
            accepted="one row for each pair",
            advice="Choose one period.",
        )
    arrow = "←" if language == "ar" else "→"
    paired = clean.with_columns(
        _pair=pl.format(f"{{}} {arrow} {{}}", f"{origin}_name", f"{destination}_name")
    )
    if shapes is None:
        return ranking(paired, about, by="_pair", language=language, theme=theme, width=width)
    decimals = states.decimals_of(clean, about)
    order = [pl.col("value").is_null(), -pl.col("value").abs(), pl.col(origin), pl.col(destination)]
    found = states.with_text(paired.sort(order), language, decimals)
    on_map = pl.all_horizontal(pl.col(one).is_in(sorted(shapes.middles)) for one in (origin, destination))
    drawn = found.filter(on_map).head(most)
    split = classes(
        drawn.filter(pl.col("state").is_in(list(states.WITH_VALUE)))["value"].drop_nulls().to_list()
    )
    widths = _widths(drawn) if amounts else [_ALIKE] * drawn.height
    notes = [] if drawn.height else [word("nothing", language)]
    notes += [word("wide_at_origin" if amounts else "pointed", language), disclaimer(language)]
    left_out = found.height - drawn.height
    notes += [word("not_shown", language, count=number(left_out, language, 0))] if left_out else []
    on = sheet(
        about,
        language,
        look,
        width=width,
        height=round((width - 24) * max(ASPECT, 0.5 if width < 600 else 0)),
        left=0,
        right=0,
        key=_key(drawn, widths, split if not amounts else None, decimals, look, language),
        notes=notes,
        axis_room=6,
    )
    places = Places(drawn, origin, destination, shapes, on)
    records = _records(drawn, (origin, destination), widths, None if amounts else split, places)
    layers = [land(on, places.view), *_layers(records, on), *places.marks()]
    return Chart(
        kind="flows",
        title=about.title,
        alt=summary(found, "_pair", language),
        language=language,
        theme=theme,
        specification=specified(composed(on, layers, {WORLD: dict(shapes.topology), _DATA: records})),
        shown=_shown(found, origin, destination, language),
    )


def _widths(rows: pl.DataFrame) -> list[float]:
    """Pixels at the wide end, in proportion to the amount; the smallest can still be seen."""
    values = [abs(value or 0.0) for value in rows["value"]]
    largest = max(values, default=0.0) or 1.0
    return [round(max(_THINNEST, _WIDEST * value / largest), 2) for value in values]


def _key(
    drawn: pl.DataFrame,
    widths: list[float],
    split: Classes | None,
    decimals: int,
    theme: Theme,
    language: str,
) -> list[KeyItem]:
    valued = drawn.filter(pl.col("state").is_in(list(states.WITH_VALUE)))
    items: list[KeyItem] = []
    if split is not None and valued.height:
        pairs = zip(split.texts(language, decimals), grounds(split, theme), strict=True)
        items = [KeyItem("taper", text, colour, size=9) for text, colour in pairs]
    elif valued.height:
        items = [
            KeyItem("taper", short(value, language, decimals), theme.lines[0], size=size)
            for value, size in _samples(valued["value"].to_list(), widths)
        ]
    special = {
        states.CANNOT_TELL: KeyItem("line", word(states.CANNOT_TELL, language), theme.muted),
        states.SUPPRESSED: KeyItem("dash", word(states.SUPPRESSED, language), theme.suppressed),
        states.MISSING: KeyItem("dots", word(states.MISSING, language), theme.suppressed),
    }
    return [*items, *(special[state] for state in states.present(drawn, tuple(special)))]


def _samples(values: list[float], widths: list[float]) -> list[tuple[float, float]]:
    """Largest amount, one near a third of it, and the smallest, with their widths."""
    third = min(range(len(values)), key=lambda at: abs(abs(values[at]) - abs(values[0]) / 3))
    return [(values[at], widths[at]) for at in sorted({0, third, len(values) - 1})]


def _records(
    drawn: pl.DataFrame, by: tuple[str, str], widths: list[float], split: Classes | None, places: Places
) -> list[dict[str, Any]]:
    theme, language = places.on.theme, places.on.language
    colours = grounds(split, theme) if split is not None else ()
    records = []
    for row, wide in zip(drawn.iter_rows(named=True), widths, strict=True):
        ways = places.ways(row[by[0]], row[by[1]])
        valued = row["state"] in states.WITH_VALUE
        records.append(
            {
                "path": "".join(taper(*way, wide) if valued else bow(*way) for way in ways),
                "state": row["state"],
                "valued": valued,
                "fill": colours[split.of(row["value"])] if split and valued else theme.lines[0],
                "origin": line(str(row[f"{by[0]}_name"]), language),
                "destination": line(str(row[f"{by[1]}_name"]), language),
                "said": line(row["value_text"], language),
                "interval": row["interval_text"],
                "remark": line(row["remark_text"], language),
            }
        )
    return records


def taper(start: Point, end: Point, wide: float) -> str:
    """Write the outline of a taper from one place to another as a path in pixels.

    >>> taper((0, 0), (100, 0), 10)
    'M0,-5Q50,-22.5 100,-0.4L100,0.4Q50,-17.5 0,5Z'
    """
    aside, middle = _bent(start, end)
    half, quarter = wide / 2, wide / 4
    outer = f"M{_at(start, aside, half)}Q{_at(middle, aside, quarter)} {_at(end, aside, _TIP)}"
    return f"{outer}L{_at(end, aside, -_TIP)}Q{_at(middle, aside, -quarter)} {_at(start, aside, -half)}Z"


def bow(start: Point, end: Point) -> str:
    """Write the line in the middle of a taper.

    >>> bow((0, 0), (100, 0))
    'M0,0Q50,-20 100,0'
    """
    aside, middle = _bent(start, end)
    return f"M{_at(start, aside, 0)}Q{_at(middle, aside, 0)} {_at(end, aside, 0)}"


def _bent(start: Point, end: Point) -> tuple[Point, Point]:
    """The direction to the left of the way, and the point towards which the way bends."""
    across, down = end[0] - start[0], end[1] - start[1]
    length = math.hypot(across, down) or 1.0
    aside = (down / length, -across / length)
    bend = _BEND * length
    middle = ((start[0] + end[0]) / 2 + aside[0] * bend, (start[1] + end[1]) / 2 + aside[1] * bend)
    return aside, middle


def _at(point: Point, aside: Point, by: float) -> str:
    x, y = (round(place + side * by, 1) + 0.0 for place, side in zip(point, aside, strict=True))
    return f"{x:g},{y:g}"


def _layers(records: list[dict[str, Any]], on: Sheet) -> list[Layer]:
    """Tapers of known amounts over the thin lines of what has none."""
    theme = on.theme
    heads = {"origin": "origin", "destination": "destination", "said": "value", "interval": "interval"}
    heads |= {"remark": "remark"} if any(row["remark"] for row in records) else {}
    tips = [
        {"field": field, "type": "nominal", "title": word(name, on.language)} for field, name in heads.items()
    ]
    lines: dict[str, dict[str, Any]] = {
        states.CANNOT_TELL: {"stroke": theme.muted},
        states.SUPPRESSED: {"stroke": theme.suppressed, "strokeDash": [5, 3]},
        states.MISSING: {"stroke": theme.suppressed, "strokeDash": [1, 3]},
    }
    layers = [
        _layer(
            f"datum.state == '{state}'", tips, {"filled": False, "strokeWidth": 1.3, "fill": None, **style}
        )
        for state, style in lines.items()
        if any(row["state"] == state for row in records)
    ]
    solid = {"filled": True, "fillOpacity": 0.72, "stroke": theme.ground, "strokeWidth": 0.5}
    if len({row["fill"] for row in records}) > 1:  # the lightest class is close to the land
        solid |= {"fillOpacity": 0.95, "stroke": theme.muted}
    return [
        *layers,
        _layer("datum.valued", tips, solid, fill={"field": "fill", "type": "nominal", "scale": None}),
    ]


def _layer(test: str, tips: list[dict[str, Any]], style: dict[str, Any], **encoding: Any) -> Layer:
    places = {"x": {"value": 0}, "y": {"value": 0}}
    shape = {"field": "path", "type": "nominal", "scale": None}
    return {
        "data": {"name": _DATA},
        "transform": [{"filter": test}],
        "mark": {"type": "point", "size": UNIT, "clip": True, "opacity": 1, **style},
        "encoding": {**places, "shape": shape, "tooltip": tips, **encoding},
    }


def _shown(found: pl.DataFrame, origin: str, destination: str, language: str) -> pl.DataFrame:
    heads = {"origin": f"{origin}_name", "destination": f"{destination}_name", "value": "value_text"}
    heads |= {"interval": "interval_text", "remark": "remark_text"}
    return found.select(pl.col(field).alias(word(name, language)) for name, field in heads.items())
