"""The marks of a trend: bands, lines, points, signs of what is absent, target, projection, labels."""

from __future__ import annotations

from typing import Any

import altair as alt

from sojourn.present.charts import states
from sojourn.present.charts.furniture import DASHES, Layer, Sheet, once, point_style, words_at
from sojourn.present.charts.goal import goal_text
from sojourn.present.charts.layout import cut, spread, text_width, wrap
from sojourn.present.charts.numbers import plain, tick_texts
from sojourn.present.charts.trend_plan import Plan, Scale
from sojourn.present.charts.trend_rows import year_ticks
from sojourn.present.charts.words import word

_LABEL = 12.0
_DODGE = 5.0  # pixels between points of several lines in one period


def plot(plan: Plan, on: Sheet) -> list[Layer]:
    """Draw the plot of a trend, from what lies behind to what lies before."""
    first, last = plan.years()
    inner, height = on.frame.inner, on.frame.height
    labels = len(plan.names) > 1
    room = (
        min(
            0.36 * inner,
            max((text_width(name, _LABEL) for name in plan.names), default=0) * 1.08
            + 14
            + _DODGE * len(plan.names),
        )
        if labels
        else 8
    )
    beyond = (last - first) * room / max(1.0, inner - room)
    before = (last - first) * 0.015
    marks = plan.ticks(height)
    x = alt.X(
        "at:Q",
        scale=alt.Scale(domain=[first - before, last + beyond], nice=False, zero=False, reverse=plan.rtl),
        axis=alt.Axis(
            values=year_ticks(first, last, inner - room) if plan.found else [],
            format="d",
            grid=False,
            labelFlush=False,
            title=None,
        ),
    )
    texts = tick_texts(marks, plan.language) if plan.has_numbers else [""] * len(marks)
    y = alt.Y(
        "value:Q",
        scale=alt.Scale(domain=[marks[0], marks[-1]], nice=False, zero=False),
        axis=alt.Axis(
            values=marks,
            labelExpr=_lookup(texts, marks),
            grid=plan.has_numbers,
            orient="right" if plan.rtl else "left",
            domain=False,
            ticks=False,
            labelPadding=6,
            title=None,
        ),
    )
    colour = alt.Color(
        "line:N", scale=alt.Scale(domain=plan.names or [""], range=list(plan.colours)), legend=None
    )
    dodge = 0.0 if plan.dense else _DODGE * (last - first + before + beyond) / max(1, inner)
    beside = [
        {**row, "at": row["at"] + dodge * (row["position"] - (len(plan.names) - 1) / 2)} for row in plan.found
    ]
    plain_base = alt.Chart(alt.InlineData(values=beside)).encode(x=x, y=y)
    base = plain_base.encode(color=colour)
    scale = Scale(first - before, last + beyond, marks[0], marks[-1], inner, height, plan.rtl)
    return [
        *_zero(scale, on),
        *_breaks(plan, base, height),
        *_bands(plan, base),
        *_projection(plan, base),
        *_lines(plan, base),
        *_without_value(plan, plain_base, height),
        *_target(plan, on, scale),
        *(_end_labels(plan, on, scale, room) if labels else []),
    ]


def _lookup(texts: list[str], marks: list[float]) -> str:
    """An expression that gives each tick its text, by its index: numbers are written here, not by the page."""
    quoted = ", ".join("'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'" for text in texts)
    step = marks[1] - marks[0] if len(marks) > 1 else 1.0
    return f"[{quoted}][round((datum.value - ({marks[0]:.12g})) / {step:.12g})]"


def _bands(plan: Plan, base: alt.Chart) -> list[Layer]:
    known = alt.datum.state == states.KNOWN
    ends = {"y": alt.Y("lower:Q"), "y2": alt.Y2("upper:Q")}
    if not plan.dense:
        return [base.transform_filter(known).mark_rule(strokeWidth=2, opacity=0.75).encode(**ends)]
    runs = [row["run"] for row in plan.found if row["state"] == states.KNOWN]
    alone = sorted({run for run in runs if runs.count(run) == 1})
    band = (
        base.transform_filter(known)
        .mark_area(opacity=0.36 if plan.theme.name == "dark" else 0.22)
        .encode(**ends, detail=alt.Detail("run:N"))
    )
    if not alone:
        return [band]
    single = alt.FieldOneOfPredicate(field="run", oneOf=alone)
    return [
        band,
        base.transform_filter(known).transform_filter(single).mark_rule(strokeWidth=2).encode(**ends),
    ]


def _lines(plan: Plan, base: alt.Chart) -> list[Layer]:
    valued = base.transform_filter("datum.value !== null")
    width, strength = (2.2, 1.0) if plan.dense else (1.3, 0.6)
    drawn: dict[str, Any] = {"strokeWidth": width, "opacity": strength, "strokeJoin": "round"}
    layers: list[Layer] = []
    for look, some in _by_look(plan, valued):
        dashed: dict[str, Any] = {"strokeDash": DASHES[look]} if look in DASHES else {}
        layers.append(some.mark_line(**drawn, **dashed).encode(detail=alt.Detail("run:N")))
    if any(row["end"] - row["start"] >= 1 for row in plan.found):
        lasts = valued.transform_filter("datum.end - datum.start >= 1")
        layers.append(
            lasts.mark_rule(strokeWidth=1.3 if plan.mixed else 2.2).encode(
                x=alt.X("start:Q"), x2=alt.X2("end:Q")
            )
        )
    if any(row["provisional"] for row in plan.found):
        layers.append(_provisional(plan, valued))
        valued = valued.transform_filter("!datum.provisional")
    for state in (states.KNOWN, states.ERROR_UNKNOWN, states.CANNOT_TELL):
        having = [
            row
            for row in plan.found
            if row["state"] == state and row["value"] is not None and not row["provisional"]
        ]
        if not having:
            continue
        style = point_style(state, "", plan.theme)
        size = style["size"] if not plan.dense or state == states.CANNOT_TELL else 14
        # Too many points would hide their line; unseen ones still tell their number to a pointer.
        seen = {"opacity": 1} if plan.has_points else {"opacity": 0, "size": 60}
        fill = {"fill": alt.FillValue(style["fill"])} if style["fill"] else {"fill": _fill_by_line(plan)}
        layers.append(
            valued.transform_filter(alt.datum.state == state)
            .mark_point(**{"size": size, "shape": style["shape"], "strokeWidth": 1.4, **seen})
            .encode(**fill, tooltip=_tooltip(plan))
        )
    return layers


def _by_look(plan: Plan, valued: alt.Chart) -> list[tuple[str, alt.Chart]]:
    """Part the rows by how their line looks; where no line has several strands, all are solid."""
    if not plan.strands:
        return [("line", valued)]
    parts = []
    for look in dict.fromkeys(("line", *plan.strands.values())):
        own = [strand for strand, one in plan.strands.items() if one == look]
        own += [""] if look == "line" else []  # a line that is of one strand needs no telling apart
        if look == "point":
            continue
        parts.append((look, valued.transform_filter(alt.FieldOneOfPredicate(field="strand", oneOf=own))))
    return parts


def _provisional(plan: Plan, valued: alt.Chart) -> Layer:
    """Hollow triangles, always seen: no line leads to the number of a year that is not complete."""
    style = point_style(states.PROVISIONAL, "", plan.theme)
    signs: Layer = (
        valued.transform_filter("datum.provisional")
        .mark_point(size=style["size"], shape=style["shape"], strokeWidth=1.4, opacity=1)
        .encode(fill=alt.FillValue(style["fill"]), tooltip=_tooltip(plan))
    )
    return signs


def _fill_by_line(plan: Plan) -> alt.Fill:
    return alt.Fill(
        "line:N", scale=alt.Scale(domain=plan.names or [""], range=list(plan.colours)), legend=None
    )


def _tooltip(plan: Plan) -> list[alt.Tooltip]:
    heads = ("line", "area"), ("period", "period"), ("value_text", "value"), ("interval_text", "interval")
    tips = [alt.Tooltip(f"{field}:N", title=word(name, plan.language)) for field, name in heads]
    if any(row["remark_text"] for row in plan.found):
        tips.append(alt.Tooltip("remark_text:N", title=word("remark", plan.language)))
    return tips


def _without_value(plan: Plan, base: alt.Chart, height: int) -> list[Layer]:
    """Signs at the foot of the plot, one row for each line, so that none hides another."""
    layers: list[Layer] = []
    for state in states.WITHOUT_VALUE:
        for position in sorted(
            {row["position"] for row in plan.found if row["state"] == state and row["value"] is None}
        ):
            style = point_style(state, plan.colours[position], plan.theme)
            layers.append(
                base.transform_filter((alt.datum.state == state) & (alt.datum.position == position))
                .mark_point(**style, y=height - 8 - 12 * position)
                .encode(
                    y=alt.value(height - 8 - 12 * position),
                    tooltip=_tooltip(plan),
                )
            )
    return layers


def _zero(scale: Scale, on: Sheet) -> list[Layer]:
    """A line at zero, where numbers lie on both sides of it."""
    y = scale.y(0.0)
    return [once("rule", 0, on.frame.inner, y, color=on.theme.axis)] if 0 < y < on.frame.height else []


def _breaks(plan: Plan, base: alt.Chart, height: int) -> list[Layer]:
    if not any(row["break"] for row in plan.found):
        return []
    rule = base.transform_filter("datum.break").mark_rule(strokeDash=[2, 2], strokeWidth=1.3)
    return [
        rule.encode(
            x=alt.X("before:Q"),
            y=alt.value(0),
            y2=alt.value(height),
            color=alt.value(plan.theme.muted),
        )
    ]


def _projection(plan: Plan, base: alt.Chart) -> list[Layer]:
    if not plan.ahead:
        return []
    data = base.properties(data=alt.InlineData(values=plan.ahead))
    band = data.mark_area(opacity=0.24 if plan.theme.name == "dark" else 0.12).encode(
        y=alt.Y("lower:Q"), y2=alt.Y2("upper:Q")
    )
    return [band, data.mark_line(strokeDash=[5, 3], strokeWidth=2)]


def _target(plan: Plan, on: Sheet, scale: Scale) -> list[Layer]:
    goal = plan.goal
    if goal is None:
        return []
    text = goal_text(goal, plan.language, plan.decimals)
    y = scale.y(goal.value)
    above = y > 24
    edge = on.frame.inner - 4.0 if plan.rtl else 4.0
    style: dict[str, Any] = {"baseline": "bottom" if above else "top", "fontWeight": "bold"}
    halo = words_at(
        on,
        text,
        edge,
        y - 4 if above else y + 5,
        **style,
        color=on.theme.ground,
        stroke=on.theme.ground,
        strokeWidth=4,
    )
    rule = once("rule", 0, on.frame.inner, y, color=on.theme.target, strokeWidth=1.5)
    return [rule, halo, words_at(on, text, edge, y - 4 if above else y + 5, **style, color=on.theme.target)]


def _end_labels(plan: Plan, on: Sheet, scale: Scale, room: float) -> list[Layer]:
    """Name each line at its end, in its colour, none over another."""
    ends = []
    for name, colour in zip(plan.names, plan.colours, strict=True):
        known = [
            row for row in (*plan.found, *plan.ahead) if row["line"] == name and row["value"] is not None
        ]
        if known:
            ends.append((name, colour, max(known, key=lambda row: float(row["at"]))))
    latest = max((row["at"] for _, _, row in ends), default=0.0)
    lines = [_two_lines(plain(name), room - 12) for name, _, _ in ends]
    apart = 15 * max(map(len, lines), default=1)
    edge = apart / 2 - 1
    places = spread([scale.y(row["value"]) for _, _, row in ends], apart, edge, on.frame.height - edge)
    gap = 10 + (0 if plan.dense else _DODGE * (len(plan.names) - 1) / 2)
    aside = -gap if plan.rtl else gap
    return [
        words_at(
            on,
            text,
            scale.x(latest) + aside,
            y - 7 * (len(text) - 1),
            baseline="middle",
            color=colour,
            fontSize=_LABEL,
            fontWeight="bold",
            lineHeight=14,
        )
        for (_, colour, _), text, y in zip(ends, lines, places, strict=True)
    ]


def _two_lines(name: str, room: float) -> list[str]:
    """Break a long name once; what two lines cannot hold is cut."""
    lines = wrap(name, room / 1.08, _LABEL)
    return [*lines[:1], *(cut(" ".join(lines[1:]), room / 1.08, _LABEL) for _ in lines[1:2])]
