"""A series: its headline, its course, its ranking, and a chooser of everything that it can be broken down by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse

from sojourn import observations
from sojourn.errors import NotFoundError, UsageError
from sojourn.release.strands import in_time, stands_for
from sojourn.web.combinations import choices, combinations
from sojourn.web.holding import as_text
from sojourn.web.pages import pictures, showing
from sojourn.web.pages.absent import absent, near
from sojourn.web.pages.codes import as_written
from sojourn.web.pages.kept import Kept
from sojourn.web.pages.ranking import SORTS, Order, ranked
from sojourn.web.pages.rendering import Voice, only, render
from sojourn.web.pages.snippets import snippets
from sojourn.web.provenance import citation
from sojourn.web.question import PERSONS, PREFIX, area, in_address, is_period, read
from sojourn.web.said import offer, quoted, say

WORLD = "001"
MOST_AREAS = 6
_kept = Kept(200)
_found = Kept(32)
"""Rows of the breakdowns asked for last: several megabytes each."""


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
        sort: the order of the ranking, of `SORTS`; empty: the largest first.
    """

    series: str
    areas: tuple[str, ...]
    counterpart: str
    period: str
    people: Mapping[str, str]
    parts: Mapping[str, str]
    sort: str = ""

    @property
    def where(self) -> dict[str, list[str]]:
        """Columns and values that every shown number has."""
        text = observations.breakdown(**self.parts)
        return {**{name: [code] for name, code in self.people.items()}, "breakdown": [text]}

    @property
    def codes(self) -> dict[str, str]:
        """What is chosen of people and breakdown, totals left out."""
        return {name: code for name, code in self.people.items() if code != "_T"} | dict(self.parts)


def series(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Show one series."""
    holding = request.holding
    if there := as_written(request, code, holding.series):
        return there
    if code not in holding.series:
        raise NotFoundError(
            say("There is no series {code}", code=quoted(code)),
            accepted=offer(sorted(holding.series), "series/{}"),
        )
    meaning = holding.series[code]
    names = [one["name"] for one in meaning["dimensions"]]
    only(request.GET, "area", "counterpart", "period", "sort", *PERSONS, *(PREFIX + one for one in names))
    chosen = read_choice(request, code, names)
    shown = (holding.name, code)
    found = _found.get((*shown, repr(chosen.where)), lambda: holding.found(code, chosen.where))
    course = showing.course(found, chosen)
    beside = showing.beside(holding, chosen, language)
    shown = (holding.name, code)
    combined = _kept.get((*shown, "codes"), lambda: combinations(holding.found(code)))
    anywhere = showing.anytime(found, chosen)
    shows, asked = state_of(chosen), _asked(chosen, totals=course.height > 0)
    voice = Voice(request, language)
    context = {
        "code": code,
        "meaning": meaning,
        "chosen": chosen,
        "course": course,
        "course_rows": _newest_first(course),
        "stands_for": stands_for,
        "kinds": showing.kinds(course, beside),
        "maps": pictures.maps(),
        "said": showing.said_over_time(course, language),
        "beside": beside,
        "ahead": showing.ahead(holding, chosen),
        "state": shows,
        "state_across": state_of(chosen, with_period=True),
        "site": voice.site(),
        "whole": shows | {"period": chosen.period, "sort": chosen.sort},
        "latest": latest(course, chosen),
        "choices": choices(combined, meaning, chosen.codes),
        "periods": _kept.get((*shown, repr(chosen.where), chosen.counterpart), lambda: _periods(anywhere)),
        "absent": absent(combined, chosen.codes, anywhere, chosen.period),
        "anywhere": shows | {"counterpart": ""},
        "with_codes": partial(_with_codes, chosen),
        "citation": citation(holding, code),
        "built": [one for one in holding.release.manifest.indicators if code in one.series],
        "asked": asked,
        "ranked": ranked(request, language, code, _ordered(chosen)),
        "sorts": SORTS,
        "snippets": snippets(
            voice.site() + voice.api("observations.csv", **asked, **_chosen_areas(request, chosen))
        ),
        "most_areas": MOST_AREAS,
    }
    return render(request, language, "series.html", context)


def state_of(chosen: Chosen, *, with_period: bool = False) -> dict[str, Any]:
    """Give the state of the page as an address holds it; what is over time needs no period."""
    period = {"period": chosen.period} if with_period else {}
    return {"area": chosen.areas, "counterpart": chosen.counterpart, **period, **in_address(chosen.codes)}


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
                say("{name} has no code {code}", name=name, code=quoted(value)),
                where=PREFIX + name,
                accepted=offer(dimension["codes"]),
            )
    read({name: [value] for name, value in people.items() if value != "_T"}, holding)
    wanted = [area(one) for one in given.getlist("area") if one]
    if len(wanted) > MOST_AREAS:
        raise UsageError(
            say("Too many areas for one picture"),
            where="area",
            accepted=say("at most {most}", most=MOST_AREAS),
        )
    if (sort := given.get("sort", "")) and sort.removeprefix("-") not in SORTS:
        raise UsageError(
            say("A ranking is not sorted by {name}", name=quoted(sort)),
            where="sort",
            accepted=offer(sign + one for one in SORTS for sign in ("", "-")),
        )
    other = given.get("counterpart", "")
    period = given.get("period", "")
    if is_period(period) and period not in holding.codes_of("period"):
        raise NotFoundError(
            say("The release has no {name} {code}", name="period", code=quoted(period)),
            where="period",
            accepted=offer(sorted(as_text(holding.found(code).select("period").unique())["period"])),
        )
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
        sort=sort,
    )


def _periods(found: pl.DataFrame) -> list[str]:
    return sorted(as_text(found.select("period").unique())["period"], reverse=True)


def _first_areas(held: Sequence[str]) -> tuple[str, ...]:
    """Begin with the world, else with the first area that has a number."""
    return (WORLD,) if WORLD in held else tuple(held[:1])


def latest(course: pl.DataFrame, chosen: Chosen) -> list[dict[str, Any]]:
    """Give the newest number of each chosen area, or that of the chosen period.

    Returns:
        area, its `row` or None, and where it has none of that period those that are `near`.
    """
    rows = []
    for code in chosen.areas:
        ever = course.filter(area=code)
        own = ever.filter(period=chosen.period) if chosen.period else ever
        own = own.drop_nulls("value") if own["value"].null_count() < own.height else own
        newest = in_time(own.to_dicts())[-1] if own.height else None
        others = near(ever["period"].unique(), chosen.period) if chosen.period and not own.height else ()
        rows.append({"area": code, "row": newest, "near": others})
    return rows


def _newest_first(course: pl.DataFrame) -> list[Any]:
    """Give the rows of each area together, the newest first."""
    newest_first = in_time(course.to_dicts())[::-1]
    return sorted(newest_first, key=lambda row: row["area"], reverse=True)


def _ordered(chosen: Chosen) -> Order:
    return Order(chosen.where, chosen.counterpart, chosen.period, chosen.sort)


def _with_codes(chosen: Chosen, codes: Mapping[str, str]) -> dict[str, Any]:
    """Give another combination of the same areas, as an address holds it."""
    return {"area": chosen.areas, "counterpart": chosen.counterpart, **in_address(codes)}


def _chosen_areas(request: HttpRequest, chosen: Chosen) -> dict[str, Any]:
    """Give the areas as a parameter where a reader chose them; code for other tools is else for all."""
    return {"area": chosen.areas} if any(request.GET.getlist("area")) else {}


def _asked(chosen: Chosen, *, totals: bool) -> dict[str, Any]:
    """Give the same choice as parameters of the API; where there are totals, pairs of areas are left out.

    Whoever adds up a table of both would count people twice.
    """
    # An empty text is a value here, the total; `address` leaves out what is not given at all.
    asked = {"series": chosen.series, "breakdown": [observations.breakdown(**chosen.parts)], **chosen.people}
    if totals:
        asked["counterpart"] = [chosen.counterpart]
    return asked
