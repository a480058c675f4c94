"""Draws numbers on a map: in classes, with areas whose interval reaches over classes left undecided.

A map cannot show an interval. So an area whose interval reaches over more than two classes gets no colour but
the sign of "cannot tell"; withheld and missing numbers have grounds of their own, and areas without any row are
land. A State too small for a shape is a dot. Under every map stands whose boundaries these are not. The
projection is Equal Earth, which keeps areas comparable.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from sojourn import areas
from sojourn.errors import UsageError
from sojourn.present.charts import states
from sojourn.present.charts.about import About
from sojourn.present.charts.chart import Chart, specified
from sojourn.present.charts.classes import Classes, classes
from sojourn.present.charts.furniture import KeyItem, Layer, Sheet, composed, sheet
from sojourn.present.charts.ground import ASPECT, view
from sojourn.present.charts.land import WORLD, shaped
from sojourn.present.charts.numbers import checked, digits_for, line, number
from sojourn.present.charts.palette import Theme, theme_of
from sojourn.present.charts.ranking import summary
from sojourn.present.charts.shapes import HOW, NoShapesError, Shapes
from sojourn.present.charts.words import disclaimer, word

NUMBERS, SMALL = "numbers", "small"
"""Names under which a specification holds what is told of each shape, and of each dot."""


def choropleth(
    rows: pl.DataFrame,
    about: About,
    shapes: Shapes | None,
    *,
    language: str = "en",
    theme: str = "light",
    width: int = 720,
    over: Sequence[float] = (),
) -> Chart:
    """Draw one number for each country on a map of the world.

    Args:
        rows: observations of one period, one for each `area`, with `area_name`.
        about: title, unit, source.
        shapes: from `sojourn.present.charts.shapes.shapes`; None where they are not here.
        language, theme, width: as in `trend`.
        over: values by which classes are made, the same for maps of other times; empty: those of the rows.

    Raises:
        NoShapesError: there are no shapes; the advice says how to get them.
        UsageError: columns are absent, or an area has two rows.
    """
    checked(language)
    look = theme_of(theme)
    if shapes is None:
        raise NoShapesError("A map cannot be drawn without the shapes of countries", advice=HOW)
    clean = states.stated(rows, "area", "area_name")
    if twice := clean.filter(pl.col("area").is_duplicated()).height:
        raise UsageError(
            f"{twice} rows of a map share an area",
            accepted="one row for each area",
            advice="Choose one period.",
        )
    own = clean.filter(pl.col("state").is_in(list(states.WITH_VALUE)))["value"].drop_nulls().to_list()
    split = classes(over or own)
    decimals = digits_for(over) if over and about.decimals is None else states.decimals_of(clean, about)
    found = states.with_text(_undecided(clean, split), language, decimals)
    placed = sorted(shapes.known | set(shapes.middles))
    without = found.filter(~pl.col("area").is_in(placed) & ~pl.col("area").str.contains(r"^\d|_"))
    notes = [word("classes_now" if over else "classes", language)] if split.bounds else []
    notes.append(disclaimer(language))
    notes += (
        [word("not_shown", language, count=number(without.height, language, 0))] if without.height else []
    )
    on = sheet(
        about,
        language,
        look,
        width=width,
        height=round((width - 24) * ASPECT),
        left=0,
        right=0,
        key=_key(found, split, decimals, look, language),
        notes=notes,
        axis_room=6,
    )
    return Chart(
        kind="choropleth",
        title=about.title,
        alt=summary(found, "area_name", language),
        language=language,
        theme=theme,
        specification=_specified(found, split, shapes, on),
        shown=_shown(found, language),
    )


def _undecided(rows: pl.DataFrame, split: Classes) -> pl.DataFrame:
    """Mark areas whose interval reaches over more than two classes."""
    told = [
        states.CANNOT_TELL
        if row["state"] == states.KNOWN and split.undecided(row["lower"], row["upper"])
        else row["state"]
        for row in rows.iter_rows(named=True)
    ]
    return rows.with_columns(pl.Series("state", told, dtype=pl.String))


def grounds(split: Classes, theme: Theme) -> tuple[str, ...]:
    """Colours of the classes, spread over the palette when there are few."""
    count = split.count
    last = len(theme.classes) - 1
    return tuple(
        theme.classes[round(index * last / max(1, count - 1)) if count > 1 else 2] for index in range(count)
    )


def _key(found: pl.DataFrame, split: Classes, decimals: int, theme: Theme, language: str) -> list[KeyItem]:
    items = []
    if found.filter(pl.col("state").is_in(list(states.WITH_VALUE))).height:
        colours = grounds(split, theme)
        texts = split.texts(language, decimals)
        items = [KeyItem("swatch", text, colour) for text, colour in zip(texts, colours, strict=True)]
    dashed = KeyItem("hatch", word(states.CANNOT_TELL, language), theme.unsure, theme.text)
    special = {
        states.CANNOT_TELL: dashed,
        states.SUPPRESSED: KeyItem("swatch", word(states.SUPPRESSED, language), theme.suppressed),
        states.MISSING: KeyItem("swatch", word(states.MISSING, language), theme.missing),
    }
    items += [special[state] for state in states.present(found, tuple(special))]
    return [*items, KeyItem("swatch", word(states.NO_ROW, language), theme.land)]


def _specified(found: pl.DataFrame, split: Classes, shapes: Shapes, on: Sheet) -> str:
    records = _records(found, split, shapes, on)
    window = view(on.frame.inner, on.frame.height)
    small = [
        {**record, **dict(zip(("x", "y"), window.place(*shapes.middles[record["id"]]), strict=True))}
        for record in records
        if record["id"] not in shapes.known and record["id"] in shapes.middles
    ]
    large = [record for record in records if record["id"] in shapes.known or record["id"].startswith("_")]
    data = {WORLD: dict(shapes.topology), NUMBERS: large, SMALL: small}
    return specified(composed(on, _layers(on, window.projection), data))


def _layers(on: Sheet, projection: dict[str, Any]) -> list[Layer]:
    """Shapes and dots, each first as it is told, then what cannot be told with its dashed rim."""
    theme = on.theme
    heads = {"name": "area", "said": "value", "interval": "interval", "remark": "remark"}
    tips = [
        {"field": field, "type": "nominal", "title": word(name, on.language)} for field, name in heads.items()
    ]
    told = {"tooltip": tips, "fill": {"field": "fill", "type": "nominal", "scale": None}}
    dashed = {"fill": theme.unsure, "stroke": theme.text, "strokeWidth": 0.9, "strokeDash": [2, 1.5]}
    plain = {"stroke": theme.axis, "strokeWidth": 0.4}
    fields = ["fill", "state", *heads]
    lookup = {"lookup": "id", "from": {"data": {"name": NUMBERS}, "key": "id", "fields": fields}}
    unsure = {"filter": f"datum.state == '{states.CANNOT_TELL}'"}
    ground = {"data": shaped(), "projection": projection}
    places = {
        name: {"field": name, "type": "quantitative", "scale": None, "axis": None} for name in ("x", "y")
    }
    dots = {"data": {"name": SMALL}}
    dot = {"type": "point", "size": 28, "opacity": 1, "filled": True}
    shape = {"type": "geoshape", "clip": True}
    return [
        {**ground, "transform": [lookup], "mark": {**shape, **plain}, "encoding": told},
        {
            **ground,
            "transform": [lookup, unsure],
            "mark": {**shape, **dashed},
            "encoding": {"tooltip": tips},
        },
        {**dots, "mark": {**dot, **plain, "strokeWidth": 0.8}, "encoding": {**places, **told}},
        {**dots, "transform": [unsure], "mark": {**dot, **dashed}, "encoding": {**places, "tooltip": tips}},
    ]


def _records(found: pl.DataFrame, split: Classes, shapes: Shapes, on: Sheet) -> list[dict[str, Any]]:
    """What is told of every shape, the ones without a row included."""
    theme = on.theme
    colours = grounds(split, theme)
    special = {
        states.CANNOT_TELL: theme.unsure,
        states.SUPPRESSED: theme.suppressed,
        states.MISSING: theme.missing,
    }
    told = {
        row["area"]: {
            "fill": special.get(row["state"]) or colours[split.of(row["value"])],
            "state": row["state"],
            "name": line(row["area_name"], on.language),
            "said": line(row["value_text"], on.language),
            "interval": row["interval_text"],
            "remark": line(row["remark_text"], on.language),
        }
        for row in found.iter_rows(named=True)
    }
    nothing = {"fill": theme.land, "state": states.NO_ROW, "interval": "", "remark": ""}
    nothing["said"] = line(word(states.NO_ROW, on.language), on.language)
    drawn = [geometry["id"] for geometry in shapes.topology["objects"]["areas"]["geometries"]]
    drawn += sorted(set(told) & set(shapes.middles) - shapes.known)
    return [
        {"id": shape} | (told.get(shape) or nothing | {"name": _name(shape, shapes, on.language)})
        for shape in drawn
    ]


def _name(shape: str, shapes: Shapes, language: str) -> str:
    return line(areas.name(shape, language), language) if shape in shapes.known else ""


def _shown(found: pl.DataFrame, language: str) -> pl.DataFrame:
    fields = {
        "area": "area_name",
        "value": "value_text",
        "interval": "interval_text",
        "remark": "remark_text",
    }
    ordered = found.sort("area_name")
    return ordered.select(pl.col(field).alias(word(name, language)) for name, field in fields.items())
