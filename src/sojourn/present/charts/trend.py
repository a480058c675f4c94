"""Draws numbers over time, with what is not certain about them.

Many points: a line in its interval band. Few points: points with error bars. A break of the series interrupts
the line and is marked; another edition of the same source interrupts it too, and is told below. Withheld and missing
numbers stand at the foot of the plot with a sign of their own.
A provisional number stands alone, a hollow triangle that no line leads to.
Numbers of another source or another frequency are a line of their own (`sojourn.release.strands`), told apart by its
dashes and named in the key. Where years stand beside quarters, a year is drawn from its first day to its last.
The target is a line with its label, a projection is dashed, in its own band, with its probability.
"""

from __future__ import annotations

import polars as pl

from sojourn.present.chances import chance
from sojourn.present.charts import states
from sojourn.present.charts.about import About, Projection, Target
from sojourn.present.charts.chart import Chart, specified
from sojourn.present.charts.furniture import KeyItem, composed, sheet
from sojourn.present.charts.numbers import checked, ltr, percent, plain
from sojourn.present.charts.palette import theme_of
from sojourn.present.charts.periods import span
from sojourn.present.charts.trend_marks import plot
from sojourn.present.charts.trend_plan import Plan
from sojourn.present.charts.trend_rows import Record, records, spoken
from sojourn.present.charts.words import word

_POINT = {states.ERROR_UNKNOWN: "ring", states.KNOWN: "dot"}
"""How the key shows a strand of one number, by what is known of it."""


def trend(
    rows: pl.DataFrame,
    about: About,
    *,
    by: str = "area_name",
    language: str = "en",
    theme: str = "light",
    width: int = 720,
    height: int = 300,
    target: Target | None = None,
    projection: Projection | None = None,
) -> Chart:
    """Draw observations over time, one line for each value of `by`.

    Args:
        rows: observations, one for each line and period, with the column `by` joined.
        about: title, unit, source, target.
        by: column whose values are the lines.
        language: one of six; Arabic is drawn from the right.
        theme: light, dark or print.
        width, height: of the picture and of its plot, in pixels.
        target: instead of `about.target`.
        projection: where the lines go.

    Raises:
        UsageError: columns are absent, more lines than can be told apart, or two rows for one point.
    """
    checked(language)
    look = theme_of(theme)
    goal = target or about.target
    clean = states.stated(rows, by).filter(pl.col(by).is_not_null())
    decimals = states.decimals_of(clean, about)
    found = records(states.with_text(clean, language, decimals), by, language, about)
    ahead = _ahead(projection, by, found)
    plan = Plan(found, ahead, goal, look, language, decimals)
    on = sheet(
        about,
        language,
        look,
        width=width,
        height=height if found else 40,
        left=plan.axis_room(height),
        right=16,
        key=_key(plan, projection),
        notes=_notes(plan, projection),
    )
    return Chart(
        kind="trend",
        title=about.title,
        alt=_alt(plan, projection),
        language=language,
        theme=theme,
        specification=specified(composed(on, plot(plan, on))),
        shown=_shown(found, by, language),
    )


def _ahead(projection: Projection | None, by: str, found: list[Record]) -> list[Record]:
    """Records of a projection, each line beginning at its last known number."""
    if projection is None:
        return []
    names = list(dict.fromkeys(row["line"] for row in found))
    rows = projection.rows
    if by not in rows.columns:
        rows = rows.with_columns(pl.lit(names[0] if names else "").alias(by))
    made: list[Record] = []
    for name in names:
        known = [row for row in found if row["line"] == name and row["value"] is not None]
        if known:
            last = known[-1]
            made.append({**last, "lower": last["value"], "upper": last["value"]})
        lasting = any(row["end"] - row["start"] == 1 for row in found)
        for row in sorted(rows.filter(pl.col(by) == name).to_dicts(), key=lambda row: span(row["period"]).at):
            place = span(row["period"], lasting=lasting)
            bounds = {key: row[key] for key in ("value", "lower", "upper")}
            made.append({"line": name, "at": place.at, "start": place.start, "end": place.end, **bounds})
    return made


def _key(plan: Plan, projection: Projection | None) -> list[KeyItem]:
    theme, language = plan.theme, plan.language
    one = plan.colours[0] if len(plan.names) == 1 else theme.muted
    items = [
        KeyItem(_POINT.get(plan.state_of(strand), "full") if look == "point" else look, strand, one)
        for strand, look in plan.strands.items()
    ]
    items += [KeyItem("band" if plan.dense else "dot", text, one) for text in _interval_words(plan)]
    found = {row["state"] for row in plan.found}
    for state in (states.ERROR_UNKNOWN, states.CANNOT_TELL, states.SUPPRESSED, states.MISSING):
        if state in found:
            hollow = "ring" if plan.has_points else "line"
            items.append(
                KeyItem(hollow if state == states.ERROR_UNKNOWN else state, word(state, language), one)
            )
    if any(row["provisional"] for row in plan.found):
        items.append(KeyItem(states.PROVISIONAL, word(states.PROVISIONAL, language), one))
    if any(row["break"] for row in plan.found):
        items.append(KeyItem("break", word("break", language), theme.muted))
    if projection is not None:
        level = word("level", language, share=ltr(percent(projection.level, language), language))
        items.append(KeyItem("dash", f"{word('projection', language)} ({level})", one))
    return items


def _notes(plan: Plan, projection: Projection | None) -> list[str]:
    notes = [] if plan.found else [word("nothing", plan.language)]
    if plan.strands:
        notes.append(word("strands", plan.language))
    if any(row["revised"] for row in plan.found):
        notes.append(word("edition", plan.language))
    if projection is not None and projection.probability is not None:
        notes.append(word("probability", plan.language, share=_chance(projection.probability, plan.language)))
    return notes


def _chance(share: float, language: str) -> str:
    bound, text = chance(share, language)
    shown = ltr(text, language)
    return word(f"chance_{bound}", language, share=shown) if bound else shown


def _interval_words(plan: Plan) -> list[str]:
    known = [row for row in plan.found if row["state"] == states.KNOWN]
    levels = sorted({row["level"] for row in known if row["level"] is not None})
    words = [
        word("level", plan.language, share=ltr(percent(level, plan.language), plan.language))
        for level in levels
    ]
    return words + ([word("range", plan.language)] if any(row["is_range"] for row in known) else [])


def _alt(plan: Plan, projection: Projection | None) -> str:
    parts = []
    for said in spoken(plan.found, plan.language, plan.decimals):
        parts.append(
            word("alt_single" if said["start"] == said["end"] else "alt_change", plan.language, **said)
        )
    parts += [plain(note) for note in _notes(plan, projection)]
    drawn = pl.DataFrame({"state": [row["state"] for row in plan.found]}, schema={"state": pl.String})
    return ". ".join([*parts, states.counts(drawn, plan.language)])


def _shown(found: list[Record], by: str, language: str) -> pl.DataFrame:
    heads = {
        "line": "area" if by == "area_name" else by,
        "period": "period",
        "value_text": "value",
        "interval_text": "interval",
        "remark_text": "remark",
    }
    titles = {field: word(name, language) if name != by else by for field, name in heads.items()}
    return pl.DataFrame(
        {title: [row[field] for row in found] for field, title in titles.items()},
        schema=dict.fromkeys(titles.values(), pl.String),
    )
