"""Draws areas in order, each with its interval, so that a reader sees which order is certain.

A composite index shows its rank with the interval of the rank; areas without a number follow at the end and
are named with what is known of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from math import isclose

import altair as alt
import polars as pl

from sojourn.errors import UsageError
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
from sojourn.present.charts.key import interval_key, state_key
from sojourn.present.charts.layout import cut, text_width
from sojourn.present.charts.numbers import checked, line, ltr, number, right_to_left, tick_texts, ticks
from sojourn.present.charts.palette import theme_of
from sojourn.present.charts.words import word

_NAME, _ROW = 12.0, 22
_COLUMNS = {"rank": pl.Int64, "rank_lower": pl.Int64, "rank_upper": pl.Int64}


def ranking(
    rows: pl.DataFrame,
    about: About,
    *,
    by: str = "area_name",
    language: str = "en",
    theme: str = "light",
    width: int = 720,
    top: int = 25,
    highlight: Collection[str] = (),
    target: Target | None = None,
) -> Chart:
    """Draw one row for each area, best first where a direction is known, largest first elsewhere.

    Args:
        rows: observations of one period, one for each `by`; columns `rank`, `rank_lower` and `rank_upper`
            are drawn where they are.
        about: title, unit, source, direction, target.
        by: column of names.
        language, theme, width: as in `trend`.
        top: how many rows to draw; highlighted ones are always drawn, the others are counted.
        highlight: names to bring forward.
        target: instead of `about.target`.

    Raises:
        UsageError: columns are absent, or a name has two rows.
    """
    checked(language)
    look = theme_of(theme)
    goal = target or about.target
    clean = states.stated(rows, by).filter(pl.col(by).is_not_null())
    if twice := clean.filter(pl.col(by).is_duplicated()).height:
        raise UsageError(
            f"{twice} rows of a ranking share a name",
            accepted="one row for each name",
            advice="Choose one period.",
        )
    decimals = states.decimals_of(clean, about)
    ordered = states.with_text(_in_order(clean, by, about.better), language, decimals)
    drawn = _drawn(ordered, by, top, highlight)
    left_out = ordered.height - drawn.height
    notes = [] if drawn.height else [word("nothing", language)]
    notes += [word("not_shown", language, count=number(left_out, language, 0))] if left_out else []
    room = round(
        min(0.36 * width, max((text_width(name, _NAME) for name in drawn[by]), default=0) * 1.06 + 12)
    )
    ranks = drawn["rank"].drop_nulls().len() > 0
    on = sheet(
        about,
        language,
        look,
        width=width,
        height=max(1, drawn.height) * _ROW,
        left=room,
        right=78 if ranks else 12,
        key=_key(drawn, look.lines[0], language),
        notes=notes,
        head_room=14,
    )
    layers = _layers(drawn, by, on, highlight, goal, decimals) if drawn.height else []
    return Chart(
        kind="ranking",
        title=about.title,
        alt=summary(ordered, by, language),
        language=language,
        theme=theme,
        specification=specified(composed(on, layers)),
        shown=_shown(ordered, by, language),
    )


def _in_order(rows: pl.DataFrame, by: str, better: str | None) -> pl.DataFrame:
    absent = [pl.lit(None, dtype).alias(name) for name, dtype in _COLUMNS.items() if name not in rows.columns]
    rows = rows.with_columns(absent)
    hidden = pl.col("state").is_in([states.SUPPRESSED, states.MISSING])
    sign = 1 if better == "lower" else -1
    order = pl.when(~hidden).then(pl.col("rank").cast(pl.Float64).fill_null(0.0))
    return rows.sort(hidden, order, sign * pl.col("value"), by, nulls_last=True)


def _drawn(rows: pl.DataFrame, by: str, top: int, highlight: Collection[str]) -> pl.DataFrame:
    kept = (pl.int_range(pl.len()) < top) | pl.col(by).is_in(list(highlight))
    return rows.filter(kept)


def _key(rows: pl.DataFrame, colour: str, language: str) -> list[KeyItem]:
    return [*interval_key(rows, "lying", colour, language), *state_key(rows, colour, language)]


def _layers(
    rows: pl.DataFrame, by: str, on: Sheet, highlight: Collection[str], goal: Target | None, decimals: int
) -> list[Layer]:
    rtl, theme, inner = right_to_left(on.language), on.theme, on.frame.inner
    numbers = [value for name in ("value", "lower", "upper") for value in rows[name].drop_nulls().to_list()]
    numbers += [goal.value] if goal else []
    low, high = (min(numbers), max(numbers)) if numbers else (0.0, 1.0)
    # Numbers that differ by less than a computer can tell apart are one number.
    high = low if isclose(low, high) else high
    marks = ticks(0.0 if 0 < low < 0.5 * high else low, high, max(2, inner // 90))

    margin = (high - low or 1.0) * 0.04
    first = marks[0] if marks[0] == 0 else min(low - margin, max(marks[0], low - margin))
    end = min(marks[-1], high + margin)

    def place(value: float) -> float:
        share = (value - first) / (end - first)
        return round(inner * (1 - share if rtl else share), 2)

    layers: list[Layer] = []
    for mark, text in zip(marks, tick_texts(marks, on.language), strict=True):
        if not (first <= mark <= end and numbers):
            continue
        layers.append(once("rule", place(mark), None, 0, on.frame.height, color=theme.grid))
        layers.append(
            words_at(
                on,
                ltr(text, on.language),
                place(mark),
                on.frame.height + 6,
                align="center",
                color=theme.muted,
            )
        )
    records = [_record(row, number, by, place, on, highlight) for number, row in enumerate(rows.to_dicts())]
    base = alt.Chart(alt.InlineData(values=records)).encode(y=alt.Y("y:Q", scale=None, axis=None))
    tips = _tips(on, rows)
    colour = alt.Color("colour:N", scale=None)
    across = alt.X("x:Q", scale=None, axis=None)
    valued = base.transform_filter("datum.x !== null")
    layers += goal_across(on, goal, place, decimals, rows=sum(row["x"] is not None for row in records) * _ROW)
    layers.append(
        base.transform_filter("datum.x1 !== null")
        .mark_rule(strokeWidth=3, opacity=0.45)
        .encode(x=alt.X("x1:Q", scale=None, axis=None), x2=alt.X2("x2:Q"), color=colour)
    )
    for state in (states.KNOWN, states.ERROR_UNKNOWN, states.CANNOT_TELL):
        style = point_style(state, theme.lines[0], theme)
        fill = alt.Fill("colour:N", scale=None) if state == states.KNOWN else alt.FillValue(style["fill"])
        layers.append(
            valued.transform_filter(alt.datum.state == state)
            .mark_point(size=70, shape=style["shape"], strokeWidth=1.8, opacity=1)
            .encode(
                x=across,
                fill=fill,
                stroke=alt.Stroke("colour:N", scale=None),
                tooltip=tips,
            )
        )
    return [*layers, *_names(records, on), *_ranks(records, on)]


def _record(
    row: dict[str, object],
    number: int,
    by: str,
    place: Callable[[float], float],
    on: Sheet,
    highlight: Collection[str],
) -> dict[str, object]:
    def at(name: str) -> float | None:
        value = row[name]
        return place(value) if isinstance(value, float) and shown else None

    shown = row["state"] not in (states.SUPPRESSED, states.MISSING)
    chosen = row[by] in highlight
    bounds = row["lower"] is not None and row["upper"] is not None
    return {
        "name": str(row[by]),
        "y": number * _ROW + _ROW / 2,
        "x": at("value"),
        "x1": at("lower") if bounds else None,
        "x2": at("upper") if bounds else None,
        "state": row["state"],
        "colour": on.theme.lines[1] if chosen else on.theme.lines[0],
        "chosen": chosen,
        "said": line(str(row["value_text"]), on.language),
        "interval": row["interval_text"],
        "remark": line(str(row["remark_text"]), on.language),
        "rank": _rank(row, on.language),
    }


def _rank(row: dict[str, object], language: str) -> str:
    if row["rank"] is None:
        return ""
    if row["rank_lower"] is None or row["rank_upper"] is None:
        return str(row["rank"])
    return ltr(f"{row['rank']} ({row['rank_lower']}–{row['rank_upper']})", language)


def _tips(on: Sheet, rows: pl.DataFrame) -> list[alt.Tooltip]:
    heads = {"name": "area", "said": "value", "interval": "interval"}
    heads |= {"rank": "rank"} if rows["rank"].drop_nulls().len() else {}
    heads |= {"remark": "remark"} if any(rows["remark_text"]) else {}
    return [alt.Tooltip(f"{field}:N", title=word(name, on.language)) for field, name in heads.items()]


def _names(records: list[dict[str, object]], on: Sheet) -> list[Layer]:
    """Names beside the plot; an area without a number says so where its mark would be."""
    inner = on.frame.inner
    edge = inner + 10.0 if on.rtl else -10.0
    room = (on.frame.right if on.rtl else on.frame.left) - 22
    layers: list[Layer] = []
    for row in records:
        weight = "bold" if row["chosen"] else "normal"
        style = {"baseline": "middle", "fontSize": _NAME, "fontWeight": weight}
        y = float(str(row["y"]))
        name = cut(str(row["name"]), room, _NAME)
        layers.append(words_at(on, name, edge, y, align="left" if on.rtl else "right", **style))
        if row["x"] is None:
            text = f"{row['said']}"
            at = inner - 2.0 if on.rtl else 2.0
            symbol = point_style(str(row["state"]), on.theme.suppressed, on.theme)
            layers.append(once("point", at + (-5 if on.rtl else 5), None, y, **symbol))
            layers.append(
                words_at(on, text, at + (-16 if on.rtl else 16), y, baseline="middle", color=on.theme.muted)
            )
    return layers


def _ranks(records: list[dict[str, object]], on: Sheet) -> list[Layer]:
    if not any(row["rank"] for row in records):
        return []
    edge = -10.0 if on.rtl else on.frame.inner + 10.0
    style = {"baseline": "middle", "color": on.theme.muted}
    head = words_at(on, word("rank", on.language), edge, -4, baseline="bottom", color=on.theme.muted)
    return [
        head,
        *(
            words_at(on, str(row["rank"]), edge, float(str(row["y"])), **style)
            for row in records
            if row["rank"]
        ),
    ]


def summary(rows: pl.DataFrame, by: str, language: str) -> str:
    """Say the highest and the lowest number, and how many are shown, withheld and missing."""
    valued = rows.filter(~pl.col("state").is_in([states.SUPPRESSED, states.MISSING])).sort("value")
    if not valued.height:
        return f"{word('nothing', language)}. {states.counts(rows, language)}"
    least, most = valued.row(0, named=True), valued.row(-1, named=True)
    said = word(
        "alt_extremes",
        language,
        highest=most[by],
        most=most["value_text"],
        lowest=least[by],
        least=least["value_text"],
    )
    return f"{said}. {states.counts(rows, language)}"


def _shown(rows: pl.DataFrame, by: str, language: str) -> pl.DataFrame:
    columns = {
        word("area", language): rows[by].to_list(),
        word("value", language): rows["value_text"].to_list(),
        word("interval", language): rows["interval_text"].to_list(),
        word("remark", language): rows["remark_text"].to_list(),
    }
    if rows["rank"].drop_nulls().len():
        columns[word("rank", language)] = [_rank(row, language) for row in rows.to_dicts()]
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
