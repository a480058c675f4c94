"""Draws how numbers are spread over areas: a dot for each, stacked where they are alike.

A dot is an area and can be found; a histogram would hide which. Hollow dots have no known error. The median
and the target are lines across, chosen areas are named.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Any

import altair as alt
import polars as pl

from sojourn.present.charts import states
from sojourn.present.charts.about import About, Target
from sojourn.present.charts.chart import Chart, specified
from sojourn.present.charts.furniture import (
    KeyItem,
    Layer,
    Sheet,
    composed,
    once,
    point_style,
    sheet,
    words_at,
)
from sojourn.present.charts.goal import goal_across
from sojourn.present.charts.key import state_key
from sojourn.present.charts.layout import cut, side_by_side, text_width
from sojourn.present.charts.numbers import checked, line, ltr, number, tick_texts, ticks
from sojourn.present.charts.palette import theme_of
from sojourn.present.charts.ranking import summary
from sojourn.present.charts.words import word

_HEIGHT, _LARGEST, _SMALLEST = 180, 11.0, 3.0
_HEAD, _ROW, _LABEL, _TICK = 34, 13, 11.0, 26
"""Pixels over the dots for a first row of names, and for each more; size of a name; least distance of two ticks."""


def distribution(
    rows: pl.DataFrame,
    about: About,
    *,
    by: str = "area_name",
    language: str = "en",
    theme: str = "light",
    width: int = 720,
    highlight: Collection[str] = (),
    target: Target | None = None,
) -> Chart:
    """Draw one dot for each area along the values.

    Args:
        rows: observations of one period.
        about: title, unit, source, target.
        by: column of names.
        language, theme, width: as in `trend`.
        highlight: names to colour and to write.
        target: instead of `about.target`.

    Raises:
        UsageError: columns are absent.
    """
    checked(language)
    look = theme_of(theme)
    clean = states.stated(rows, by)
    decimals = states.decimals_of(clean, about)
    found = states.with_text(clean, language, decimals)
    valued = found.filter(pl.col("value").is_not_null() & (pl.col("state") != states.SUPPRESSED)).sort(
        "value", by
    )
    hidden = found.height - valued.height
    notes = [] if valued.height else [word("nothing", language)]
    notes += [word("not_shown", language, count=number(hidden, language, 0))] if hidden else []
    colour = look.lines[0]
    full = (
        [KeyItem("full", word("known", language), colour)]
        if states.KNOWN in valued["state"].to_list()
        else []
    )
    goal = target or about.target
    values = [*valued["value"].to_list(), *([goal.value] if goal else [])]
    notes += [word("logarithmic", language)] if values and _stretch(values) is not None else []
    names = [str(one) for one in valued[by] if one in highlight]
    crown = _HEAD + _ROW * (_rows_of(names, width - 40) - 1)
    on = sheet(
        about,
        language,
        look,
        width=width,
        height=_height(valued["value"].to_list(), width) + crown - _HEAD,
        left=8,
        right=8,
        key=[*full, *state_key(valued, colour, language)],
        notes=notes,
        head_room=14,
    )
    layers = _layers(valued, by, on, highlight, goal, decimals, crown) if valued.height else []
    heads = {"area": by, "value": "value_text", "interval": "interval_text", "remark": "remark_text"}
    return Chart(
        kind="distribution",
        title=about.title,
        alt=_alt(found, valued, by, language, decimals),
        language=language,
        theme=theme,
        specification=specified(composed(on, layers)),
        shown=found.select(pl.col(field).alias(word(name, language)) for name, field in heads.items()),
    )


def _height(values: list[float], width: int) -> int:
    """As high as the highest stack of dots needs, up to a limit."""
    low, high = min(values, default=0.0), max(values, default=1.0)
    columns = [round((value - low) / (high - low or 1.0) * (width - 40) / _LARGEST) for value in values]
    tallest = max((columns.count(column) for column in columns), default=1)
    return round(min(_HEIGHT, tallest * _LARGEST * 1.4 + 64))


def _stretch(values: list[float]) -> float | None:
    """Where a scale turns from even to logarithmic; None where an even one shows the numbers.

    Numbers of migrants often lie orders of magnitude apart, and zero is one of them: asinh(value / turn) is
    even near zero and logarithmic beyond (Johnson 1949).
    """
    middle = sorted(values)[len(values) // 2]
    return middle / 10 if min(values) >= 0 and middle > 0 and max(values) > 50 * middle else None


def _median(rows: pl.DataFrame) -> float:
    return float(rows["value"].median())  # type: ignore[arg-type]


def _alt(found: pl.DataFrame, valued: pl.DataFrame, by: str, language: str, decimals: int) -> str:
    said = summary(found, by, language)
    if not valued.height:
        return said
    middle = number(_median(valued), language, decimals)
    return f"{word('median', language, value=middle)}. {said}"


def _layers(
    rows: pl.DataFrame,
    by: str,
    on: Sheet,
    highlight: Collection[str],
    goal: Target | None,
    decimals: int,
    crown: int,
) -> list[Layer]:
    values = [*rows["value"].to_list(), *([goal.value] if goal else [])]
    inner, height, theme = on.frame.inner, on.frame.height, on.theme
    stretched = _stretch(values)
    if stretched is None:
        marks = ticks(min(values), max(values), max(2, inner // 90))
        low, high = marks[0], marks[-1]
    else:
        first = math.floor(math.log10(stretched))
        marks = [0.0, *(10.0**power for power in range(first, math.floor(math.log10(max(values))) + 1))]
        low, high = 0.0, max(values)

    def along(value: float) -> float:
        return value if stretched is None else math.asinh(value / stretched)

    def place(value: float) -> float:
        share = (along(value) - along(low)) / (along(high) - along(low))
        return round(inner * (1 - share if on.rtl else share), 2)

    floor = once("rule", 0, inner, height, color=theme.axis)
    layers: list[Layer] = [floor]
    last = -math.inf
    for mark, text in zip(marks, tick_texts(marks, on.language), strict=True):
        if abs(place(mark) - last) < _TICK:
            continue
        last = place(mark)
        layers.append(words_at(on, text, place(mark), height + 6, align="center", color=theme.muted))
    middle = _median(rows)
    dashed = once("rule", place(middle), None, 14, height, color=theme.muted, strokeDash=[4, 3])
    text = word("median", on.language, value=ltr(number(middle, on.language, decimals), on.language))
    half = text_width(text, 11) * 0.56
    at = min(max(place(middle), half), inner - half)
    layers += [dashed, words_at(on, text, at, 12, align="center", baseline="bottom", color=theme.muted)]
    layers += goal_across(on, goal, place, decimals)
    records, size = _stacked(rows, by, on, place, highlight, crown)
    base = alt.Chart(alt.InlineData(values=records)).encode(
        x=alt.X("x:Q", scale=None, axis=None), y=alt.Y("y:Q", scale=None, axis=None)
    )
    heads = {"name": "area", "said": "value", "interval": "interval", "remark": "remark"}
    tips = [alt.Tooltip(f"{field}:N", title=word(name, on.language)) for field, name in heads.items()]
    for state in (states.KNOWN, states.ERROR_UNKNOWN, states.CANNOT_TELL):
        style = point_style(state, theme.lines[0], theme)
        fill = alt.Fill("colour:N", scale=None) if state == states.KNOWN else alt.FillValue(style["fill"])
        layers.append(
            base.transform_filter(alt.datum.state == state)
            .mark_point(size=size, shape=style["shape"], strokeWidth=1.2, opacity=1)
            .encode(fill=fill, stroke=alt.Stroke("colour:N", scale=None), tooltip=tips)
        )
    return [*layers, *_named([row for row in records if row["chosen"]], on)]


def _stacked(
    rows: pl.DataFrame, by: str, on: Sheet, place: Any, highlight: Collection[str], crown: int
) -> tuple[list[dict[str, Any]], float]:
    """Stack dots of one column; the dots are as large as the highest stack allows."""
    wide = _LARGEST
    while True:
        columns = [math.floor(min(place(value), on.frame.inner - 1) / wide) for value in rows["value"]]
        tallest = max(columns.count(column) for column in columns)
        if tallest * wide <= on.frame.height - crown or wide <= _SMALLEST:
            break
        wide -= 0.5
    step = min(wide, (on.frame.height - crown) / tallest)
    seen: dict[int, int] = {}
    records = []
    for column, row in zip(columns, rows.iter_rows(named=True), strict=True):
        level = seen[column] = seen.get(column, 0) + 1
        chosen = row[by] in highlight
        records.append(
            {
                "x": (column + 0.5) * wide,
                "y": round(on.frame.height - (level - 0.5) * step - 1, 2),
                "name": line(str(row[by]), on.language),
                "state": row["state"],
                "said": line(row["value_text"], on.language),
                "interval": row["interval_text"],
                "remark": line(row["remark_text"], on.language),
                "chosen": chosen,
                "colour": on.theme.lines[1] if chosen else on.theme.lines[0],
            }
        )
    return records, round((wide - 2) ** 2 * 0.85, 1)


def _named(chosen: list[dict[str, Any]], on: Sheet) -> list[Layer]:
    """Write the chosen areas over the dots, each tied to its own, in as many rows as they need."""
    inner = on.frame.inner
    rows = _rows_of([row["name"] for row in chosen], inner)
    ordered = sorted(chosen, key=lambda row: float(row["x"]))
    layers: list[Layer] = []
    for at in range(rows):
        own = ordered[at::rows]
        names = [cut(row["name"], inner, _LABEL) for row in own]
        widths = [min(_wide(name), float(inner)) for name in names]
        foot = _HEAD - 4 + _ROW * at
        for row, name, x in zip(
            own, names, side_by_side([row["x"] for row in own], widths, 0, inner), strict=True
        ):
            layers += [
                once("rule", row["x"], x, row["y"] - 5, foot + 2, color=on.theme.lines[1], strokeWidth=1),
                words_at(
                    on,
                    name,
                    x,
                    foot,
                    align="center",
                    baseline="bottom",
                    color=on.theme.lines[1],
                    fontWeight="bold",
                ),
            ]
    return layers


def _rows_of(names: list[str], inner: float) -> int:
    """Count the rows that names need which stand side by side."""
    return max(1, math.ceil(sum(map(_wide, names)) / inner))


def _wide(name: str) -> float:
    """Pixels that a name needs in bold, with a gap."""
    return text_width(name, _LABEL) * 1.1 + 10
