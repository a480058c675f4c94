"""Prepares the rows of a trend: lines, runs without a gap, places on the axes."""

from __future__ import annotations

import itertools
from statistics import median
from typing import Any

import polars as pl

from sojourn import observations
from sojourn.errors import UsageError
from sojourn.present.charts import states
from sojourn.present.charts.numbers import line, number, ticks
from sojourn.present.charts.periods import span, written

MOST_LINES = 6
_FEW = 6  # points to a line; up to so many, each is drawn with its own error bar
_ABSENT = 1.6  # times the usual step: a longer one means that a period is not there

Record = dict[str, Any]


def records(rows: pl.DataFrame, by: str, language: str) -> list[Record]:
    """Turn rows into plain records in order of line and time, with their run.

    A run ends where a number is withheld or missing, at a break of the series, where periods are absent, and where
    a source changes its edition: a step between two editions may be a revision, and no change.
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
    found: list[Record] = []
    for position, name in enumerate(names):
        one = sorted(rows.filter(pl.col(by) == name).to_dicts(), key=lambda row: span(row["period"]).at)
        found += _one_line(one, str(name), position, language)
    return found


def _one_line(rows: list[Record], name: str, position: int, language: str) -> list[Record]:
    places = [span(row["period"]) for row in rows]
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
                "line": name,
                "position": position,
                "at": round(place.at, 4),
                "start": place.start,
                "end": place.end,
                "value": row["value"] if with_value else None,
                "lower": row["lower"],
                "upper": row["upper"],
                "state": row["state"],
                "run": f"{position}.{run}",
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


def _revised(before: Record, after: Record) -> bool:
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
    """First and last number of each line, in words; a provisional one is no end of a change."""
    lines = []
    for name in dict.fromkeys(row["line"] for row in found):
        known = [row for row in found if row["line"] == name and row["value"] is not None]
        if known := [row for row in known if not row["provisional"]] or known:
            first, last = known[0], known[-1]
            lines.append(
                {
                    "line": name,
                    "first": number(first["value"], language, decimals),
                    "start": first["period"],
                    "last": number(last["value"], language, decimals),
                    "end": last["period"],
                }
            )
    return lines
