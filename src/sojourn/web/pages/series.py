"""A series: its headline, its course, its ranking, and a chooser of everything that it can be broken down by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse

from sojourn import areas, observations
from sojourn.errors import NotFoundError, UsageError
from sojourn.observations import parse_breakdown
from sojourn.web.holding import Holding, as_text
from sojourn.web.pages import pictures
from sojourn.web.pages.kept import Kept
from sojourn.web.pages.rendering import only, part, render
from sojourn.web.provenance import citation
from sojourn.web.question import PERSONS, area, read

WORLD = "001"
MOST_AREAS = 6
MOST_RANKED = 300
PREFIX = "d."
"""Before the name of a dimension of the breakdown, in an address."""


_kept = Kept(400)


@dataclass(frozen=True)
class Chosen:
    """What of a series is shown: the state of the page, all of it in the address.

    Attributes:
        series: its code.
        areas: whose course is drawn.
        counterpart: the other end; empty: none, or all.
        period: of the ranking; empty: the newest of each area.
        people: sex, age and the like.
        parts: dimension -> code of the breakdown.
    """

    series: str
    areas: tuple[str, ...]
    counterpart: str
    period: str
    people: Mapping[str, str]
    parts: Mapping[str, str]

    @property
    def where(self) -> dict[str, list[str]]:
        """Columns and values that every shown number has."""
        text = observations.breakdown(**self.parts)
        return {**{name: [code] for name, code in self.people.items()}, "breakdown": [text]}


def series(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Show one series."""
    holding = request.holding
    if code not in holding.series:
        raise NotFoundError(f"There is no series {code[:60]!r}", accepted=", ".join(sorted(holding.series)))
    meaning = holding.series[code]
    names = [one["name"] for one in meaning["dimensions"]]
    only(request.GET, "area", "counterpart", "period", *PERSONS, *(PREFIX + one for one in names))
    chosen = read_choice(request, code, names)
    found = holding.found(code, chosen.where)
    course = _course(found, chosen)
    shown = (holding.name, code)
    asked_of = (*shown, language, bool(request.pinned), repr(chosen.where), chosen.counterpart, chosen.period)
    context = {
        "code": code,
        "meaning": meaning,
        "chosen": chosen,
        "course": course,
        "drawn": pictures.available() and course["value"].null_count() < course.height,
        "state": _state(chosen),
        "latest": _latest(course, chosen),
        "choices": _kept.get(shown, lambda: choices(holding, code, meaning)),
        "periods": _kept.get((*shown, repr(chosen.where)), lambda: _periods(found)),
        "possible": possible(holding, code, chosen) if not found.height else (),
        "citation": citation(holding, code),
        "asked": _asked(chosen),
        "ranking": _kept.get(
            asked_of,
            lambda: part(
                request,
                language,
                "ranking.html",
                {"meaning": meaning, "chosen": chosen, **_ranking(found, chosen)},
            ),
        ),
    }
    return render(request, language, "series.html", context)


def picture(request: HttpRequest, language: str, code: str, ending: str) -> HttpResponse:
    """Draw the course of a series, as its page shows it.

    Raises:
        NotFoundError: there is no such series or kind of picture, no number to draw, or nothing to draw with.
    """
    holding = request.holding
    if code not in holding.series:
        raise NotFoundError(f"There is no series {code[:60]!r}", accepted=", ".join(sorted(holding.series)))
    meaning = holding.series[code]
    names = [one["name"] for one in meaning["dimensions"]]
    only(
        request.GET,
        "area",
        "counterpart",
        "period",
        *pictures.ASKED,
        *PERSONS,
        *(PREFIX + one for one in names),
    )
    order = pictures.order(request, language, meaning)
    chosen = read_choice(request, code, names)
    course = _course(holding.found(code, chosen.where), chosen)
    if course["value"].null_count() == course.height:
        raise NotFoundError("There is no number here that could be drawn", advice="The table is on the page.")
    return pictures.painted(ending, pictures.trend, course, order)


def _state(chosen: Chosen) -> dict[str, Any]:
    """Give the state of the page as an address holds it."""
    people = {name: value for name, value in chosen.people.items() if value != "_T"}
    parts = {PREFIX + name: value for name, value in chosen.parts.items()}
    return {"area": chosen.areas, "counterpart": chosen.counterpart, **people, **parts}


def read_choice(request: HttpRequest, code: str, names: Sequence[str]) -> Chosen:
    """Read the state of the page from the address, and fill in what it leaves open.

    Raises:
        UsageError, NotFoundError: it asks for what does not exist.
    """
    given, holding = request.GET, request.holding
    parts = {name: given[PREFIX + name] for name in names if given.get(PREFIX + name)}
    people = {name: given.get(name) or "_T" for name in PERSONS}
    known = {one["name"]: one for one in holding.series[code]["dimensions"]}
    for name, value in parts.items():
        dimension = known[name]
        if value not in dimension["codes"] and not dimension["open_codes"]:
            raise NotFoundError(
                f"{name} has no code {value[:60]!r}",
                where=PREFIX + name,
                accepted=", ".join(dimension["codes"]),
            )
    read({name: [value] for name, value in people.items() if value != "_T"}, holding)
    wanted = [area(one) for one in given.getlist("area") if one]
    if len(wanted) > MOST_AREAS:
        raise UsageError("Too many areas for one picture", where="area", accepted=f"at most {MOST_AREAS}")
    other = given.get("counterpart", "")
    period = given.get("period", "")
    if period:
        read({"period": [period]}, holding)
    held = holding.areas_of.get(code, ())
    return Chosen(
        series=code,
        areas=tuple(dict.fromkeys(wanted)) or _first_areas(held),
        counterpart=area(other, "counterpart") if other else "",
        period=period,
        people=people,
        parts=parts,
    )


def _periods(found: pl.DataFrame) -> list[str]:
    return sorted(as_text(found.select("period").unique())["period"], reverse=True)


def _first_areas(held: Sequence[str]) -> tuple[str, ...]:
    """Begin with the world, else with the first area that has a number."""
    return (WORLD,) if WORLD in held else tuple(held[:1])


def _course(found: pl.DataFrame, chosen: Chosen) -> pl.DataFrame:
    """Give the numbers of the chosen areas over time."""
    ends = pl.col("counterpart") == chosen.counterpart
    own = pl.any_horizontal([pl.lit(False), *(pl.col("area") == one for one in chosen.areas)])
    return as_text(found.filter(own, ends))


def _latest(course: pl.DataFrame, chosen: Chosen) -> list[dict[str, Any]]:
    """Give the newest number of each chosen area, or that of the chosen period; areas without one are told."""
    rows = []
    for code in chosen.areas:
        own = course.filter(area=code, **({"period": chosen.period} if chosen.period else {}))
        own = own.drop_nulls("value") if own["value"].null_count() < own.height else own
        rows.append({"area": code, "row": own.sort("period").tail(1).to_dicts()[0] if own.height else None})
    return rows


def _ranking(found: pl.DataFrame, chosen: Chosen) -> dict[str, Any]:
    """Rank areas, the largest first, by the newest or the chosen period; corridors where there is no total."""
    rows = (
        found.filter(pl.col("period") == chosen.period) if chosen.period else found.filter(pl.col("latest"))
    )
    totals = rows.filter(pl.col("counterpart") == chosen.counterpart)
    corridors = not totals.height and not chosen.counterpart
    table = as_text(rows if corridors else totals)
    kinds = dict(areas.table().select("area", "kind").iter_rows())
    is_country = (
        pl.col("area").replace_strict(kinds, default="", return_dtype=pl.String).is_in(["country", "former"])
    )
    table = table.sort("value", "area", "counterpart", descending=[True, False, False], nulls_last=True)
    countries, others = table.filter(is_country), table.filter(~is_country)
    top = [one for one in (table["upper"].max(), table["value"].max()) if isinstance(one, float)]
    low = [one for one in (table["lower"].min(), table["value"].min(), 0.0) if isinstance(one, float)]
    return {
        "countries": countries.head(MOST_RANKED).to_dicts(),
        "countries_total": countries.height,
        "regions": others.head(MOST_RANKED).to_dicts(),
        "corridors": corridors,
        "scale": (min(low), max([*top, 0.0])),
    }


def choices(holding: Holding, code: str, meaning: Mapping[str, Any]) -> list[dict[str, Any]]:
    """List what the series can be broken down by, and the codes that really occur."""
    found = as_text(holding.found(code).select("breakdown", *PERSONS).unique())
    used: dict[str, set[str]] = {}
    for text in found["breakdown"].unique():
        for name, value in parse_breakdown(text).items():
            used.setdefault(name, set()).add(value)
    listed = [
        {
            "name": one,
            "people": True,
            "label": "",
            "default": "",
            "codes": dict.fromkeys(sorted(set(found[one]) - {"_T"}), ""),
        }
        for one in PERSONS
        if found[one].n_unique() > 1
    ]
    for dimension in meaning["dimensions"]:
        own = used.get(dimension["name"], set())
        codes = {one: dimension["codes"].get(one, one) for one in sorted(own)}
        if codes:
            listed.append(
                {
                    "name": dimension["name"],
                    "people": False,
                    "label": dimension["label"],
                    "default": dimension["default"],
                    "codes": codes,
                }
            )
    return listed


def possible(holding: Holding, code: str, chosen: Chosen) -> list[dict[str, Any]]:
    """List combinations that do have numbers, the nearest to what was asked first."""
    found = as_text(holding.found(code).select("breakdown", *PERSONS)).group_by("breakdown", *PERSONS).len()
    wanted = {(name, value) for name, value in (*chosen.people.items(), *chosen.parts.items())}
    rows = []
    for one in found.iter_rows(named=True):
        parts = parse_breakdown(one["breakdown"])
        own = {*((name, one[name]) for name in PERSONS), *parts.items()}
        query = {PREFIX + name: value for name, value in parts.items()}
        query |= {name: one[name] for name in PERSONS if one[name] != "_T"}
        rows.append({"query": query, "count": one["len"], "apart": len(own ^ wanted)})
    rows.sort(key=lambda one: (one["apart"], -one["count"], sorted(one["query"].items())))
    return rows[:8]


def _asked(chosen: Chosen) -> dict[str, Any]:
    """Give the same choice as parameters of the API."""
    # An empty text is a value here, the total; `address` leaves out what is not given at all.
    return {"series": chosen.series, "breakdown": [observations.breakdown(**chosen.parts)], **chosen.people}
