"""A country: everything about it beside its region and the world, its progress, and what is missing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from sojourn import areas
from sojourn.errors import NotFoundError
from sojourn.release.country import PROGRESS, Gap, gaps_of
from sojourn.web.holding import Holding
from sojourn.web.judged import judged
from sojourn.web.languages import plain_area
from sojourn.web.pages.kept import Kept
from sojourn.web.pages.profile import Line, between, by_filling, by_shelf, lines, newest_period
from sojourn.web.pages.rendering import Voice, only, render
from sojourn.web.question import area as area_of

GLANCE = (
    "SJ_MIGRANT_STOCK",
    "SJ_MIGRANT_STOCK_SHARE",
    "SJ_EMIGRANT_STOCK",
    "SJ_REFUGEES",
    "SM_POP_REFG_OR",
    "SI_RMT_COST",
    "BX_TRF_PWKR",
    "SJ_IDP_STOCK",
)
"""Series that stand at the head of an area's page, where it has them."""

_kept = Kept(300)
_lines, _between = Kept(64), Kept(64)
"""The same in every language; of the areas asked for last."""


def areas_list(request: HttpRequest, language: str) -> HttpResponse:
    """List the countries by region, then regions and groups, by their names in the language."""
    only(request.GET)
    table = areas.table()
    held = {one for codes in request.holding.areas_of.values() for one in codes}
    by_region: dict[str, list[str]] = {}
    for row in table.filter(pl.col("area").is_in(sorted(held))).iter_rows(named=True):
        group = row["sdg_region"] or "" if row["kind"] in ("country", "former") else row["kind"]
        by_region.setdefault(group, []).append(row["area"])
    named = {
        group: sorted(codes, key=lambda one: plain_area(one, language)) for group, codes in by_region.items()
    }
    regions = sorted((one for one in named if one.isdigit()), key=lambda one: plain_area(one, language))
    rest = [one for one in ("region", "group", "", "simulated") if one in named]
    return render(request, language, "areas.html", {"regions": regions, "rest": rest, "members": named})


def area(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Show one area; a name, or another code of it, leads to its page."""
    only(request.GET)
    found = area_of(code)
    if found != code:
        return HttpResponseRedirect(Voice(request, language).link(f"areas/{found}"))
    holding = request.holding
    row = areas.table().filter(area=code).row(0, named=True)
    told = _lines.get((holding.name, code), lambda: lines(holding, code))
    other = _between.get((holding.name, code), lambda: between(holding, code))
    context = {
        "code": code,
        "kind": row["kind"],
        "region": row["sdg_region"],
        "groups": areas.groups_of(code) if row["kind"] in ("country", "former") else (),
        "members": _members(code, row["kind"]),
        "glance": [line for line in _in_order(told, GLANCE) if line.row["value"] is not None],
        "goals": by_shelf(told, holding),
        "lines": told,
        "newest": newest_period(told),
        "progress": _progress(holding, code),
        "largest": other.largest,
        "corridors": other.counts,
        "gaps": _kept.get((holding.name, code), lambda: _gaps(holding, code, other.counts))
        if row["kind"] == "country"
        else (),
    }
    return render(request, language, "area.html", context)


def _in_order(told: list[Line], codes: Sequence[str]) -> list[Line]:
    by_series = {line.row["series"]: line for line in told}
    return [by_series[one] for one in codes if one in by_series]


def _gaps(holding: Holding, code: str, between: Collection[str]) -> list[tuple[Gap, list[Gap]]]:
    own = {one for one, held in holding.areas_of.items() if code in held}
    return by_filling(gaps_of({*own, *between}, holding.areas_of))


def _members(code: str, kind: str) -> tuple[str, ...]:
    if kind in ("country", "former", "simulated"):
        return ()
    try:
        return areas.members(code)
    except NotFoundError:
        return ()


def _progress(holding: Holding, code: str) -> list[dict[str, Any]]:
    """Give what can be said of each target: state, distance, projection and chance, as the release holds them."""
    rows: dict[str, dict[str, Any]] = {}
    plain = holding.numbers(None, {"area": [code], "counterpart": [""]}, only_latest=True)
    for one in plain.filter(pl.col("series").str.starts_with(PROGRESS)).iter_rows(named=True):
        series = one["breakdown"].removeprefix("SERIES=")
        rows.setdefault(series, {})[one["series"].removeprefix(PROGRESS)] = one
    told = []
    for series, parts in sorted(rows.items()):
        state = judged(holding, parts.get("STATE"))
        if state.state != "not measurable":
            told.append({"series": series, "meaning": holding.series[series], "judged": state, **parts})
    return told
