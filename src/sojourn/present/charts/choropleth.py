"""Draws numbers on a map: in classes, with areas whose interval reaches over classes left undecided.

A map cannot show an interval. So an area whose interval reaches over more than two classes gets no colour but
the sign of "cannot tell"; withheld and missing numbers have grounds of their own, and areas without any row are
land. Under every map stands whose boundaries these are not. The projection is Equal Earth (Šavrič, Patterson
and Jenny 2019), which keeps areas comparable.
"""

from __future__ import annotations

from typing import Any

import altair as alt
import polars as pl

from sojourn import areas
from sojourn.errors import UsageError
from sojourn.present.charts import states
from sojourn.present.charts.about import About
from sojourn.present.charts.chart import Chart, specified
from sojourn.present.charts.classes import Classes, classes
from sojourn.present.charts.furniture import KeyItem, Layer, Sheet, composed, sheet
from sojourn.present.charts.numbers import checked, line, number
from sojourn.present.charts.palette import Theme, theme_of
from sojourn.present.charts.ranking import summary
from sojourn.present.charts.shapes import HOW, NoShapesError, Shapes
from sojourn.present.charts.words import disclaimer, word

_ASPECT = 0.487  # height to width of Equal Earth


def choropleth(
    rows: pl.DataFrame,
    about: About,
    shapes: Shapes | None,
    *,
    language: str = "en",
    theme: str = "light",
    width: int = 720,
) -> Chart:
    """Draw one number for each country on a map of the world.

    Args:
        rows: observations of one period, one for each `area`, with `area_name`.
        about: title, unit, source.
        shapes: from `sojourn.present.charts.shapes.shapes`; None where they are not here.
        language, theme, width: as in `trend`.

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
    decimals = states.decimals_of(clean, about)
    split = classes(
        clean.filter(pl.col("state").is_in(list(states.WITH_VALUE)))["value"].drop_nulls().to_list()
    )
    found = states.with_text(_undecided(clean, split), language, decimals)
    without = found.filter(
        ~pl.col("area").is_in(sorted(shapes.known)) & ~pl.col("area").str.contains(r"^\d|_")
    )
    notes = [disclaimer(language)]
    notes += (
        [word("not_shown", language, count=number(without.height, language, 0))] if without.height else []
    )
    on = sheet(
        about,
        language,
        look,
        width=width,
        height=round((width - 24) * _ASPECT),
        left=0,
        right=0,
        key=_key(found, split, decimals, look, language),
        notes=notes,
        axis_room=0,
    )
    return Chart(
        kind="choropleth",
        title=about.title,
        alt=summary(found, "area_name", language),
        language=language,
        theme=theme,
        specification=specified(composed(on, _layers(found, split, shapes, on))),
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


def _layers(found: pl.DataFrame, split: Classes, shapes: Shapes, on: Sheet) -> list[Layer]:
    theme = on.theme
    records = _records(found, split, shapes, on)
    world = alt.InlineData(
        values=dict(shapes.topology), format=alt.TopoDataFormat(type="topojson", feature="areas")
    )
    fields = [name for name in records[0] if name != "id"]
    joined = alt.LookupData(data=alt.InlineData(values=records), key="id", fields=fields)
    heads = {"name": "area", "said": "value", "interval": "interval", "remark": "remark"}
    tips = [alt.Tooltip(f"{field}:N", title=word(name, on.language)) for field, name in heads.items()]
    base = alt.Chart(world).transform_lookup(lookup="id", from_=joined)
    told = base.mark_geoshape(stroke=theme.axis, strokeWidth=0.4).encode(
        fill=alt.Fill("fill:N", scale=None), tooltip=tips
    )
    unsure = (
        base.transform_filter(alt.datum.state == states.CANNOT_TELL)
        .mark_geoshape(fill=theme.unsure, stroke=theme.text, strokeWidth=0.9, strokeDash=[2, 1.5])
        .encode(tooltip=tips)
    )
    return [layer.project(type="equalEarth") for layer in (told, unsure)]


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
    return [
        {"id": shape} | told.get(shape, nothing | {"name": _name(shape, shapes, on.language)})
        for shape in (geometry["id"] for geometry in shapes.topology["objects"]["areas"]["geometries"])
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
