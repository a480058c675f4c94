"""Draws corridors: a square for each pair of origin and destination, coloured by class, with its number.

Origins are rows, destinations columns, both in order of their sum. Withheld and missing numbers carry their
signs; a pair without a row stays empty, a country with itself is crossed out.
"""

from __future__ import annotations

from math import fsum
from typing import Any

import altair as alt
import polars as pl

from sojourn.errors import UsageError
from sojourn.present.charts import states
from sojourn.present.charts.about import About
from sojourn.present.charts.chart import Chart, specified
from sojourn.present.charts.choropleth import grounds
from sojourn.present.charts.classes import Classes, classes
from sojourn.present.charts.furniture import KeyItem, Layer, Sheet, composed, point_style, sheet, words_at
from sojourn.present.charts.layout import cut, text_width
from sojourn.present.charts.numbers import checked, line, number, short
from sojourn.present.charts.palette import Theme, ink_on, theme_of
from sojourn.present.charts.ranking import summary
from sojourn.present.charts.words import word

_NAME = 11.5
_NAME_ROOM = 100  # pixels of a slanted name


def matrix(
    rows: pl.DataFrame,
    about: About,
    *,
    origin: str = "area_name",
    destination: str = "counterpart_name",
    language: str = "en",
    theme: str = "light",
    width: int = 720,
    most: int = 12,
) -> Chart:
    """Draw a table of corridors as coloured squares.

    Args:
        rows: observations of one period, one for each pair.
        about: title, unit, source.
        origin, destination: columns of names; which is `area` and which `counterpart` the series says.
        language, theme, width: as in `trend`.
        most: rows and columns to draw, the largest first; pairs beyond are counted.

    Raises:
        UsageError: columns are absent, or a pair has two rows.
    """
    checked(language)
    look = theme_of(theme)
    clean = states.stated(rows, origin, destination).drop_nulls([origin, destination])
    if twice := clean.filter(pl.struct(origin, destination).is_duplicated()).height:
        raise UsageError(
            f"{twice} rows of a matrix share a pair",
            accepted="one row for each pair",
            advice="Choose one period.",
        )
    decimals = states.decimals_of(clean, about)
    found = states.with_text(clean.sort(origin, destination), language, decimals)
    ups, acrosses = _largest(found, origin, most), _largest(found, destination, most)
    drawn = found.filter(pl.col(origin).is_in(ups) & pl.col(destination).is_in(acrosses))
    split = classes([value for value in drawn["value"].to_list() if value is not None])
    room = round(min(0.34 * width, max((text_width(name, _NAME) for name in ups), default=0) * 1.06 + 12))
    head = round(min(_NAME_ROOM, max((text_width(name, _NAME) for name in acrosses), default=0)) * 0.75 + 8)
    # The last slanted name leans beyond the last column.
    lean = round(max(12, min(_NAME_ROOM, text_width(acrosses[-1], _NAME)) * 0.72 - 8)) if acrosses else 12
    cell = max(14, min(64, (width - room - 24 - lean) // max(1, len(acrosses))))
    notes = [] if drawn.height else [word("nothing", language)]
    left_out = found.height - drawn.height
    notes += [word("not_shown", language, count=number(left_out, language, 0))] if left_out else []
    notes.append(
        f"{word('origin', language)} ↓ · {word('destination', language)} →".replace("→", _arrow(language))
    )
    on = sheet(
        about,
        language,
        look,
        width=width,
        height=max(1, len(ups)) * min(30, cell),
        left=room,
        right=max(lean, width - room - 24 - cell * len(acrosses)),
        key=_key(drawn, split, decimals, look, language),
        notes=notes,
        axis_room=6,
        head_room=head,
    )
    layers = _layers(drawn, (origin, destination), (ups, acrosses), split, on, decimals)
    pairs = found.with_columns(_pair=pl.format("{} → {}", origin, destination))
    heads = {"origin": origin, "destination": destination, "value": "value_text", "interval": "interval_text"}
    heads |= {"remark": "remark_text"}
    return Chart(
        kind="matrix",
        title=about.title,
        alt=summary(pairs, "_pair", language),
        language=language,
        theme=theme,
        specification=specified(composed(on, layers)),
        shown=found.select(pl.col(field).alias(word(name, language)) for name, field in heads.items()),
    )


def _arrow(language: str) -> str:
    return "←" if language == "ar" else "→"


def _largest(rows: pl.DataFrame, by: str, most: int) -> list[str]:
    """Names in order of the sum of their numbers, largest first."""
    values: dict[str, list[float]] = {}
    for name, value in rows.select(by, "value").iter_rows():
        values.setdefault(str(name), []).extend([] if value is None else [value])
    return sorted(values, key=lambda name: (-fsum(values[name]), name))[:most]


def _key(drawn: pl.DataFrame, split: Classes, decimals: int, theme: Theme, language: str) -> list[KeyItem]:
    items = []
    if drawn["value"].drop_nulls().len():
        pairs = zip(split.texts(language, decimals), grounds(split, theme), strict=True)
        items = [KeyItem("swatch", text, colour) for text, colour in pairs]
    order = (states.CANNOT_TELL, states.SUPPRESSED, states.MISSING)
    return items + [
        KeyItem(state, word(state, language), theme.suppressed) for state in states.present(drawn, order)
    ]


def _layers(
    drawn: pl.DataFrame,
    by: tuple[str, str],
    names: tuple[list[str], list[str]],
    split: Classes,
    on: Sheet,
    decimals: int,
) -> list[Layer]:
    theme, (ups, acrosses) = on.theme, names
    if not ups or not acrosses:
        return []
    wide, high = on.frame.inner / len(acrosses), on.frame.height / len(ups)
    colours = grounds(split, theme)
    records: list[dict[str, Any]] = []
    for row in drawn.iter_rows(named=True):
        across = acrosses.index(row[by[1]])
        across = len(acrosses) - 1 - across if on.rtl else across
        up = ups.index(row[by[0]])
        valued = row["value"] is not None and row["state"] in states.WITH_VALUE
        fill = colours[split.of(row["value"])] if valued else theme.ground
        text = short(row["value"], on.language, decimals) if valued else ""
        records.append(
            {
                "x": round(across * wide + 1, 2),
                "x2": round((across + 1) * wide - 1, 2),
                "y": round(up * high + 1, 2),
                "y2": round((up + 1) * high - 1, 2),
                "mx": round((across + 0.5) * wide, 2),
                "my": round((up + 0.5) * high, 2),
                "fill": fill,
                "ink": ink_on(fill),
                "text": text,
                "state": row["state"],
                "origin": line(str(row[by[0]]), on.language),
                "destination": line(str(row[by[1]]), on.language),
                "said": line(row["value_text"], on.language),
                "interval": row["interval_text"],
            }
        )
    if any(text_width(row["text"], 10) > wide - 4 for row in records):
        records = [row | {"text": ""} for row in records]  # all numbers or none
    base = alt.Chart(alt.InlineData(values=records))
    heads = {"origin": "origin", "destination": "destination", "said": "value", "interval": "interval"}
    tips = [alt.Tooltip(f"{field}:N", title=word(name, on.language)) for field, name in heads.items()]
    squares = base.mark_rect(stroke=theme.grid, strokeWidth=1).encode(
        x=alt.X("x:Q", scale=None, axis=None),
        x2=alt.X2("x2:Q"),
        y=alt.Y("y:Q", scale=None, axis=None),
        y2=alt.Y2("y2:Q"),
        fill=alt.Fill("fill:N", scale=None),
        tooltip=tips,
    )
    middle = base.encode(x=alt.X("mx:Q", scale=None, axis=None), y=alt.Y("my:Q", scale=None, axis=None))
    numbers = middle.mark_text(fontSize=10).encode(
        text=alt.Text("text:N"), color=alt.Color("ink:N", scale=None)
    )
    signs = [
        middle.transform_filter(alt.datum.state == state).mark_point(
            **point_style(state, theme.suppressed, theme)
        )
        for state in states.WITHOUT_VALUE
    ]
    return [squares, numbers, *signs, *_names(names, on, wide, high)]


def _names(names: tuple[list[str], list[str]], on: Sheet, wide: float, high: float) -> list[Layer]:
    """Origins beside the rows; destinations over the columns, slanted so that long names have room."""
    ups, acrosses = names
    inner = on.frame.inner
    room = (on.frame.right if on.rtl else on.frame.left) - 20
    layers: list[Layer] = []
    for index, name in enumerate(ups):
        edge = inner + 8.0 if on.rtl else -8.0
        text = cut(name, room, _NAME)
        side = "left" if on.rtl else "right"
        layers.append(
            words_at(on, text, edge, (index + 0.5) * high, align=side, baseline="middle", fontSize=_NAME)
        )
    for index, name in enumerate(acrosses):
        place = len(acrosses) - 1 - index if on.rtl else index
        text = cut(name, _NAME_ROOM, _NAME)
        slant = {"angle": 45, "align": "right"} if on.rtl else {"angle": 315, "align": "left"}
        layers.append(
            words_at(on, text, (place + 0.5) * wide, -5, baseline="middle", fontSize=_NAME, **slant)
        )
    return layers
