"""The first page: what is monitored, what is on track, what cannot be told, and the newest release."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse

from sojourn import framework
from sojourn.indicators.progress import STATE_CODES
from sojourn.web.holding import Holding
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


def home(request: HttpRequest, language: str) -> HttpResponse:
    """Show the first page."""
    only(request.GET)
    holding = request.holding
    return render(
        request,
        language,
        "home.html",
        {
            "figures": figures(holding),
            "progress": progress(holding),
            "coverage": coverage(holding),
            "counts": counts(holding),
        },
    )


def figures(holding: Holding) -> list[dict[str, Any]]:
    """Give the newest total of the world of each series of `FIRST`."""
    total = {name: ["_T"] for name in ("sex", "age", "nativity", "citizenship", "legal_status")}
    where = total | {"area": [WORLD], "counterpart": [""], "breakdown": [""]}
    found = []
    for code in FIRST:
        if code in holding.series:
            rows = holding.numbers(code, where, only_latest=True).drop_nulls("value")
            found += [row | {"name": holding.series[code]["name"]} for row in rows.head(1).to_dicts()]
    return found


def progress(holding: Holding) -> list[dict[str, Any]]:
    """Count, for each series with a target, the areas in each state; the most informative first.

    Returns:
        series, name, target, target_year, unit, and counts by state; corridors are counted as corridors.
    """
    if "SJ_PROGRESS_STATE" not in holding.series:
        return []
    words = {float(number): state for state, number in STATE_CODES.items()}
    states = holding.numbers("SJ_PROGRESS_STATE", only_latest=True).select(
        pl.col("breakdown").str.strip_prefix("SERIES=").alias("series"),
        pl.col("value").replace_strict(words, return_dtype=pl.String).alias("state"),
    )
    rows: dict[str, dict[str, Any]] = {}
    for series, state, count in states.group_by("series", "state").len().sort("series", "state").iter_rows():
        meaning = holding.series[series]
        row = rows.setdefault(
            series,
            {name: meaning[name] for name in ("name", "target", "target_year", "unit")}
            | {"series": series, "states": dict.fromkeys(STATE_CODES, 0)},
        )
        row["states"][state] = count
    with_target = [row for row in rows.values() if row["target"] is not None]
    return sorted(with_target, key=lambda row: (_unknown(row), row["series"]))


def _unknown(row: dict[str, Any]) -> bool:
    told = {
        state: count for state, count in row["states"].items() if state not in ("no data", "not measurable")
    }
    return not sum(told.values())


def coverage(holding: Holding) -> dict[str, Any]:
    """Count the targets that are measured here, and those that lack something."""
    rows = framework.gaps(framework.load(), holding.indicators, set(holding.places))
    lacks: dict[str, int] = {}
    for row in rows:
        for lack in row.gaps[:1]:
            lacks[lack] = lacks.get(lack, 0) + 1
    return {"targets": len(rows), "measured": sum(not row.gaps for row in rows), "lacks": lacks}


def counts(holding: Holding) -> dict[str, int]:
    """Count what the release holds."""
    return {
        "numbers": holding.coded.height,
        "series": len(holding.places),
        "areas": len({area for held in holding.areas_of.values() for area in held}),
        "files": sum(bool(one.source) for one in holding.release.manifest.inputs),
    }
