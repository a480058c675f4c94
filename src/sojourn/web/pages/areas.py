"""A country: everything about it beside its region and the world, its progress, and what is missing."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from sojourn import areas, observations
from sojourn.errors import NotFoundError
from sojourn.indicators.progress import STATE_CODES
from sojourn.release.country import PROGRESS, gaps_of
from sojourn.web.holding import Holding, as_text
from sojourn.web.pages.kept import Kept
from sojourn.web.pages.rendering import Voice, only, render
from sojourn.web.question import area as area_of

WORLD = "001"
_TOTAL = {name: ["_T"] for name in ("sex", "age", "nativity", "citizenship", "legal_status")}
_kept = Kept(64)
_STATES = {float(number): state for state, number in STATE_CODES.items()}


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
        group: sorted(codes, key=lambda one: areas.name(one, language)) for group, codes in by_region.items()
    }
    regions = sorted((one for one in named if one.isdigit()), key=lambda one: areas.name(one, language))
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
    region = row["sdg_region"]
    plain = holding.numbers(None, {"area": [code], "counterpart": [""]}, only_latest=True)
    corridors = as_text(
        pl.concat(
            holding.found(None, {column: [code]}).filter(pl.col("counterpart") != "").select("series")
            for column in ("area", "counterpart")
        )
    )
    corridors = corridors.filter(~pl.col("series").str.starts_with(PROGRESS))
    counted = dict(corridors.group_by("series").len().sort("series").iter_rows())
    own = [one for one, held in holding.areas_of.items() if code in held]
    gaps = gaps_of({*own, *counted}, holding.areas_of) if row["kind"] == "country" else ()
    context = {
        "code": code,
        "kind": row["kind"],
        "region": region,
        "groups": areas.groups_of(code) if row["kind"] in ("country", "former") else (),
        "members": _members(code, row["kind"]),
        "rows": _beside(holding, plain, region),
        "breakdowns": plain.height,
        "progress": _progress(holding, plain),
        "corridors": counted,
        "gaps": gaps,
    }
    return render(request, language, "area.html", context)


def _members(code: str, kind: str) -> tuple[str, ...]:
    if kind in ("country", "former", "simulated"):
        return ()
    try:
        return areas.members(code)
    except NotFoundError:
        return ()


def _beside(holding: Holding, plain: pl.DataFrame, region: str | None) -> list[dict[str, Any]]:
    """Give the newest total of each series, with those of the region and the world as near in time as there is."""
    totals = plain.filter(
        pl.col("breakdown") == "",
        ~pl.col("series").str.starts_with(PROGRESS),
        *(pl.col(name) == "_T" for name in _TOTAL),
    ).with_columns(observations.basis())
    wider = [one for one in (region, WORLD) if one]
    by_place = _kept.get((holding.name, *wider), lambda: _by_place(holding, wider))
    rows = []
    for one in totals.iter_rows(named=True):
        near = {place: _near(by_place.get((one["series"], place), {}), one["period"]) for place in wider}
        meaning = holding.series[one["series"]]
        rows.append(
            one
            | {
                "name": meaning["name"],
                "indicator": meaning["indicator"],
                "in_region": near.get(region) if region else None,
                "in_world": near.get(WORLD),
            }
        )
    return rows


def _by_place(holding: Holding, wider: list[str]) -> dict[tuple[str, str], dict[str, dict[str, Any]]]:
    """Give the totals of a region and the world: (series, area) -> period -> observation."""
    where = _TOTAL | {"area": wider, "counterpart": [""], "breakdown": [""]}
    found: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
    for one in holding.numbers(None, where).iter_rows(named=True):
        found.setdefault((one["series"], one["area"]), {})[one["period"]] = one
    return found


def _near(by_period: dict[str, dict[str, Any]], period: str) -> dict[str, Any] | None:
    """Choose the same period, else the newest before it: a comparison never looks ahead."""
    before = [one for one in sorted(by_period) if one <= period]
    return by_period[before[-1]] if before else None


def _progress(holding: Holding, plain: pl.DataFrame) -> list[dict[str, Any]]:
    """Give what can be said of each target: state, distance, projection and chance, as the release holds them."""
    rows: dict[str, dict[str, Any]] = {}
    for one in plain.filter(pl.col("series").str.starts_with(PROGRESS)).iter_rows(named=True):
        series = one["breakdown"].removeprefix("SERIES=")
        rows.setdefault(series, {})[one["series"].removeprefix(PROGRESS)] = one
    told = []
    for series, parts in sorted(rows.items()):
        state = _STATES[parts["STATE"]["value"]] if "STATE" in parts else "no data"
        if state != "not measurable":
            told.append({"series": series, "meaning": holding.series[series], "state": state, **parts})
    return told
