"""The first page: what is monitored, what is on track, what cannot be told, and the newest release."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse

from sojourn import framework
from sojourn.release.country import PROGRESS
from sojourn.release.periods import end_of
from sojourn.web.holding import Holding
from sojourn.web.judged import NO_DATA, TOO_FEW, TOO_OLD, has_state, judged, state_of
from sojourn.web.pages.kept import Kept
from sojourn.web.pages.profile import Line, lines
from sojourn.web.pages.rendering import only, render

FIRST = (
    "SJ_MIGRANT_STOCK",
    "SI_RMT_COST",
    "SM_DTH_MIGR",
    "SJ_REFUGEES",
    "SJ_IDP_STOCK",
    "SJ_RMT_CORRIDORS_LT5",
    "SJ_REFG_SOLUTIONS_RATE",
    "BX_TRF_PWKR",
)
"""Series whose newest number of the world stands on the first page, where the release has one."""

WORLD = "001"


GOOD = ("met", "on track")
BAD = ("missed", "too slow", "wrong way")
UNTOLD = ("cannot tell", TOO_FEW, TOO_OLD, NO_DATA)
"""States of progress, put together for whoever has ten seconds; "not measurable" is no state of a target."""

_kept = Kept(12)


def home(request: HttpRequest, language: str) -> HttpResponse:
    """Show the first page."""
    only(request.GET)
    holding = request.holding
    told = progress(holding)
    return render(
        request,
        language,
        "home.html",
        {
            "figures": _kept.get((holding.name, "figures"), lambda: figures(holding)),
            "progress": told,
            "sums": sums(told),
            "coverage": coverage(holding),
            "counts": counts(holding),
            "ends_newest": _kept.get((holding.name, "ends"), lambda: ends_newest(holding)),
        },
    )


def figures(holding: Holding) -> list[Line]:
    """Give the newest number of the world of each series of `FIRST`, with its course."""
    by_series = {line.row["series"]: line for line in lines(holding, WORLD)}
    return [
        by_series[code] for code in FIRST if code in by_series and by_series[code].row["value"] is not None
    ]


def progress(holding: Holding) -> list[dict[str, Any]]:
    """Count, for each series with a target, the areas in each state; the most informative first.

    Returns:
        series, name, target, target_year, unit, the world judged where it is, counts by state, how many are `good`,
        and the first and last of the periods by whose numbers a state was found; corridors are counted as corridors.
    """
    if "SJ_PROGRESS_STATE" not in holding.series:
        return []
    found = holding.numbers("SJ_PROGRESS_STATE", only_latest=True).with_columns(
        pl.col("breakdown").str.strip_prefix("SERIES=").alias("of")
    )
    world = {row["of"]: judged(holding, row) for row in found.filter(area=WORLD).iter_rows(named=True)}
    counted: Counter[tuple[str, str]] = Counter()
    periods: dict[str, set[str]] = {}
    for of, period, value, n in found.select("of", "period", "value", "n").iter_rows():
        counted[of, state := state_of(value, n)] += 1
        if has_state(state):
            periods.setdefault(of, set()).add(period)
    rows: dict[str, dict[str, Any]] = {}
    for (series, state), count in sorted(counted.items()):
        meaning = holding.series[series]
        row = rows.setdefault(
            series,
            {name: meaning[name] for name in ("name", "target", "target_year", "unit")}
            | {"series": series, "world": world.get(series), "states": dict.fromkeys(words_shown(), 0)},
        )
        if state in row["states"]:
            row["states"][state] = count
    for series, row in rows.items():
        judged_by = sorted(periods.get(series, ()), key=end_of)
        row["periods"] = (judged_by[0], judged_by[-1]) if judged_by else ()
        row["good"] = sum(row["states"][state] for state in GOOD)
    with_target = [row for row in rows.values() if row["target"] is not None]
    return sorted(with_target, key=lambda row: (_unknown(row), row["series"]))


def words_shown() -> tuple[str, ...]:
    """Give the states in the order in which they are shown: from good to not told."""
    return (*GOOD, *BAD, *UNTOLD)


def sums(told: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Add up what is judged: how much is on track, how much is not, how much cannot be told, and of how much."""
    found = {"good": 0, "bad": 0, "untold": 0}
    for row in told:
        for name, states in (("good", GOOD), ("bad", BAD), ("untold", UNTOLD)):
            found[name] += sum(row["states"][state] for state in states)
    return found | {"all": sum(found.values())}


def _unknown(row: Mapping[str, Any]) -> bool:
    return not sum(count for state, count in row["states"].items() if has_state(state))


def coverage(holding: Holding) -> dict[str, Any]:
    """Count the targets that are measured here, and those that lack something."""
    rows = framework.gaps(framework.load(), holding.indicators, set(holding.places))
    lacks: dict[str, int] = {}
    for row in rows:
        for lack in row.gaps[:1]:
            lacks[lack] = lacks.get(lack, 0) + 1
    return {"targets": len(rows), "measured": sum(not row.gaps for row in rows), "lacks": lacks}


def ends_newest(holding: Holding) -> bool:
    """Tell whether a release is judged as of the end of its newest period, as it is unless a day was chosen."""
    observed = holding.coded.filter(~pl.col("series").cast(pl.String).str.starts_with(PROGRESS))
    periods = observed["period"].unique().cast(pl.String)
    return holding.release.manifest.as_of == max((end_of(one) for one in periods), default=None)


def counts(holding: Holding) -> dict[str, int]:
    """Count what the release holds."""
    return {
        "numbers": holding.coded.height,
        "series": len(holding.places),
        "areas": len({area for held in holding.areas_of.values() for area in held}),
        "files": sum(bool(one.source) for one in holding.release.manifest.inputs),
    }
