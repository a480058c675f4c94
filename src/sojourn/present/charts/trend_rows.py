"""Prepares the rows of a trend: lines, runs without a gap, places on the axes."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from statistics import median
from typing import Any

import polars as pl

from sojourn import observations
from sojourn.errors import UsageError
from sojourn.present.charts import states
from sojourn.present.charts.about import About
from sojourn.present.charts.numbers import line, number, ticks
from sojourn.present.charts.periods import span, written
from sojourn.present.charts.words import word
from sojourn.release.strands import Row, Strand, stands_for, strands

MOST_LINES = 6
_FEW = 6  # points to a line; up to so many, each is drawn with its own error bar
_ABSENT = 1.6  # times the usual step: a longer one means that a period is not there

Record = dict[str, Any]


def records(rows: pl.DataFrame, by: str, language: str, about: About) -> list[Record]:
    """Turn rows into plain records in order of line and time, with their strand and run.

    No run leads from one strand to another: a step to another source, or from quarters to years, is no change that
    anybody measured. A year that repeats a quarter beside it is no point of its own.
    Within a strand a run ends where a number is withheld or missing, at a break of the series, where periods are
    absent, and where a source changes its edition: a step between two editions may be a revision, and no change.
    A provisional number stands alone: the part of a year beside whole years would look like a fall.

    Raises:
        UsageError: more lines than colours, or two rows for one point.
    """
    names = rows[by].unique(maintain_order=True).to_list()
    if len(names) > MOST_LINES:
        raise UsageError(
            f"{len(names)} lines in one chart cannot be told apart",
            accepted=f"up to {MOST_LINES}",
            advice="Choose fewer areas, or draw a ranking.",
        )
    if repeated := rows.filter(pl.struct(by, "period").is_duplicated()).height:
        raise UsageError(
            f"{repeated} rows of a trend share a line and a period",
            accepted="one row for each line and period",
            advice="Keep the headline rows (sojourn.release.headline), or choose one breakdown.",
        )
    for period in rows["period"].unique():
        span(period)
    parts = {name: strands(rows.filter(pl.col(by) == name).to_dicts()) for name in names}
    mixed = is_mixed(own for line_of in parts.values() for own in line_of)
    found: list[Record] = []
    for position, (name, line_of) in enumerate(parts.items()):
        several = sum(bool(own.valued) for own in line_of) > 1
        made = []
        for place, own in enumerate(line_of):
            told = {
                "line": str(name),
                "position": position,
                "strand": label(own, about, language) if several else "",
                "sources": "+".join(own.sources),
            }
            made += _one_strand(own, told, f"{position}.{place}", mixed, language)
        found += sorted(made, key=lambda row: row["at"])
    return found


def is_mixed(told: Iterable[Strand]) -> bool:
    """Tell whether years stand beside parts of years: then a year stands in its middle, and lasts."""
    return len({own.frequency for own in told}) > 1


def label(own: Strand, about: About, language: str) -> str:
    """Name a strand: how often it tells a number, and of which sources."""
    sources = " + ".join(about.sources.get(one, one) for one in own.sources)
    return word("strand", language, frequency=word(f"per_{own.frequency}", language), sources=sources)


def _one_strand(own: Strand, told: Record, mark: str, mixed: bool, language: str) -> list[Record]:
    rows = own.rows
    places = [span(stands_for(row), lasting=mixed) for row in rows]
    steps = [later.at - sooner.at for sooner, later in itertools.pairwise(places)]
    usual = median(steps) if steps else 1.0
    dense = is_dense(sum(row["value"] is not None for row in rows))
    found: list[Record] = []
    run = 0
    for index, (row, place) in enumerate(zip(rows, places, strict=True)):
        with_value = row["state"] not in (states.SUPPRESSED, states.MISSING) and row["value"] is not None
        absent = dense and index > 0 and steps[index - 1] > _ABSENT * usual
        provisional = with_value and row["status"] == "P"
        after = index > 0 and rows[index - 1]["status"] == "P"
        revised = index > 0 and _revised(rows[index - 1], row)
        if absent or row["status"] == "B" or not with_value or provisional or after or revised:
            run += 1
        found.append(
            {
                **told,
                "at": round(place.at, 4),
                "start": place.start,
                "end": place.end,
                "value": row["value"] if with_value else None,
                "lower": row["lower"],
                "upper": row["upper"],
                "state": row["state"],
                "run": f"{mark}.{run}",
                "provisional": provisional,
                "break": row["status"] == "B" and index > 0,
                "revised": revised,
                "before": round((place.at + places[index - 1].at) / 2, 4) if index else None,
                "is_range": row["level"] is None,
                "level": row["level"],
                "period": written(row["period"], language),
                "value_text": line(row["value_text"], language),
                "interval_text": row["interval_text"],
                "remark_text": line(row["remark_text"], language),
            }
        )
    return found


def _revised(before: Row, after: Row) -> bool:
    """Tell whether a source that two numbers share changed its edition between them."""
    return observations.other_edition(str(before.get("source") or ""), str(after.get("source") or ""))


def is_dense(points: int) -> bool:
    """Whether a line has so many points that a band reads better than error bars.

    >>> is_dense(5), is_dense(25)
    (False, True)
    """
    return points > _FEW


def extremes(found: list[Record], more: list[float]) -> tuple[float, float]:
    """Lowest and highest number that the value axis must show."""
    numbers = [row[name] for row in found for name in ("value", "lower", "upper") if row[name] is not None]
    numbers += more
    if not numbers:
        return 0.0, 1.0
    lowest, highest = min(numbers), max(numbers)
    margin = 0.04 * (highest - lowest)
    # A scale that begins near zero begins at zero.
    return (0.0 if 0 <= lowest < 0.4 * highest else lowest - margin), (highest + margin if highest else 0.0)


def value_ticks(low: float, high: float, height: int) -> list[float]:
    """Round values for the value axis, about one for every 45 pixels."""
    return ticks(low, high, max(2, height // 45))


def year_ticks(first: float, last: float, inner: float) -> list[float]:
    """Whole years for the time axis, as many as have room for their label."""
    wanted = max(1, int(min(8, inner // 62)))
    if last - first < 1:
        return [float(round(first))]
    # One year alone tells nothing of the pace: closer ones are asked for until there are two.
    for count in range(wanted, wanted + 4):
        years = [
            year
            for year in ticks(first, last, count)
            if year.is_integer() and first - 0.01 <= year <= last + 0.01
        ]
        if len(years) > 1:
            return years
    return years or [float(round(first))]


def spoken(found: list[Record], language: str, decimals: int) -> list[dict[str, str]]:
    """First and last number of each strand of each line, in words; a provisional one is no end of a change."""
    lines = []
    for name, strand in dict.fromkeys((row["line"], row["strand"]) for row in found):
        own = [row for row in found if (row["line"], row["strand"]) == (name, strand)]
        known = [row for row in own if row["value"] is not None]
        if known := [row for row in known if not row["provisional"]] or known:
            first, last = known[0], known[-1]
            lines.append(
                {
                    "line": f"{name} ({strand})" if strand else name,
                    "first": number(first["value"], language, decimals),
                    "start": first["period"],
                    "last": number(last["value"], language, decimals),
                    "end": last["period"],
                }
            )
    return lines
