"""Between two areas: the largest corridors of a series, and everything known of one pair of countries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from sojourn import observations
from sojourn.errors import NotFoundError, UsageError
from sojourn.web.combinations import choices, combinations
from sojourn.web.corridors import Direction, Pairs, direction, ends, pairs, series_between
from sojourn.web.holding import Holding, as_text
from sojourn.web.judged import judged
from sojourn.web.pages import pictures, showing
from sojourn.web.pages.absent import absent
from sojourn.web.pages.kept import Kept
from sojourn.web.pages.rendering import Voice, only, render
from sojourn.web.pages.sparks import bounds, spark
from sojourn.web.provenance import citation
from sojourn.web.question import PERSONS, PREFIX, area, codes_of_row, in_address, read
from sojourn.web.said import offer, quoted, say
from sojourn.web.words import by_age

SIZES = (10, 15, 25)
MOST_RANKED = 50
SHADES = 5

_kept = Kept(160)


@dataclass(frozen=True)
class Asked:
    """What of which series is shown: the state of the page, all of it in the address."""

    series: str
    origin: str
    destination: str
    period: str
    size: int
    codes: Mapping[str, str]

    @property
    def where(self) -> dict[str, list[str]]:
        """Columns and values that every shown number has."""
        parts = {name: code for name, code in self.codes.items() if name not in PERSONS}
        people = {name: [self.codes.get(name, "_T")] for name in PERSONS}
        return {**people, "breakdown": [observations.breakdown(**parts)]}

    @property
    def state(self) -> dict[str, Any]:
        """Give the state as an address holds it; what is as it begins is left out."""
        size = "" if self.size == SIZES[0] else self.size
        ends = {"origin": self.origin, "destination": self.destination}
        return {"series": self.series, **ends, "period": self.period, "size": size, **in_address(self.codes)}


def corridors(request: HttpRequest, language: str) -> HttpResponse:
    """Show the largest corridors of a series: ranked, and as a matrix of origins and destinations."""
    holding = request.holding
    known = series_between(holding)
    if not known:
        only(request.GET)
        return render(request, language, "corridors.html", {"known": known})
    asked = _read(request, known)
    key = (holding.name, asked.series)
    there = _kept.get((*key, "codes"), lambda: combinations(_between(holding, asked.series)))
    found = _found(holding, asked)
    ranked = found.of(asked.origin, asked.destination)
    context = {
        "known": known,
        "asked": asked,
        "meaning": holding.series[asked.series],
        "found": found,
        "choices": choices(there, holding.series[asked.series], asked.codes),
        "absent": None
        if ranked.height
        else absent(there, asked.codes, _anytime(holding, asked), asked.period),
        "anywhere": replace(asked, origin="", destination="", period="").state,
        "with_codes": partial(_with_codes, asked),
        "periods": _kept.get((*key, "periods"), lambda: _periods(holding, asked.series)),
        "ranked": ranked.head(MOST_RANKED).to_dicts(),
        "total": ranked.height,
        "top": max(
            [*ranked["value"].drop_nulls().head(1), *ranked["upper"].drop_nulls().sort().tail(1), 0.0]
        ),
        "matrix": matrix(found, asked),
        "drawn": pictures.available() and ranked["value"].null_count() < ranked.height,
        "maps": pictures.maps(),
        "said": showing.said_across(showing.Across(ranked, ranked.clear(), True), language),
        "sizes": SIZES,
        "areas": _kept.get((*key, repr(asked.where), asked.period, "ends"), lambda: _ends(found)),
        "citation": citation(holding, asked.series),
    }
    return render(request, language, "corridors.html", context)


def flows(request: HttpRequest, language: str, ending: str) -> HttpResponse:
    """Draw the largest corridors on a map, as the page of corridors shows them.

    Raises:
        NotFoundError: there is no number to draw, or nothing to draw with.
    """
    known = series_between(request.holding)
    asked = _read(request, known, *pictures.ASKED)
    order = pictures.order(request, language, request.holding.series[asked.series])
    rows = _found(request.holding, asked).of(asked.origin, asked.destination)
    if rows["value"].null_count() == rows.height:
        raise NotFoundError("There is no number here that could be drawn", advice="The table is on the page.")
    newest = sorted(rows.drop_nulls("value")["period"].unique())
    when = asked.period or " – ".join(dict.fromkeys((newest[0], newest[-1])))
    own = rows.drop("origin", "destination")
    return pictures.painted(ending, pictures.flow_map, own, order, subtitle=when)


def _found(holding: Holding, asked: Asked) -> Pairs:
    return _kept.get(
        (holding.name, asked.series, repr(asked.where), asked.period),
        lambda: pairs(holding, asked.series, asked.where, asked.period),
    )


def _read(request: HttpRequest, known: Sequence[str], *also: str) -> Asked:
    """Read the state of the page.

    Raises:
        NotFoundError, UsageError: it asks for what does not exist.
    """
    given, holding = request.GET, request.holding
    code = given.get("series") or next(iter(known), "")
    if code not in known:
        raise NotFoundError(
            say("The release has no numbers between areas of {code}", code=quoted(code)),
            where="series",
            accepted=offer(known),
        )
    names = [one["name"] for one in holding.series[code]["dimensions"]]
    only(
        given,
        *("series", "origin", "destination", "period", "size", *also),
        *PERSONS,
        *(PREFIX + one for one in names),
    )
    people = {name: given[name] for name in PERSONS if given.get(name) not in (None, "", "_T")}
    read({name: [one] for name, one in people.items()}, holding)
    if period := given.get("period", ""):
        read({"period": [period]}, holding)
    size = given.get("size") or str(SIZES[0])
    if size not in map(str, SIZES):
        raise UsageError(
            say("A matrix has no size {size}", size=quoted(size)),
            where="size",
            accepted=offer(SIZES),
        )
    ends = {name: area(given[name], name) if given.get(name) else "" for name in ("origin", "destination")}
    parts = {name: given[PREFIX + name] for name in names if given.get(PREFIX + name)}
    return Asked(code, ends["origin"], ends["destination"], period, int(size), people | parts)


def _between(holding: Holding, code: str) -> pl.DataFrame:
    return holding.found(code).filter(pl.col("counterpart") != "")


def _periods(holding: Holding, code: str) -> list[str]:
    return sorted(as_text(_between(holding, code).select("period").unique())["period"], reverse=True)


def _ends(found: Pairs) -> dict[str, tuple[str, ...]]:
    return {name: tuple(sorted(found.rows[name].unique())) for name in ("origin", "destination")}


def _with_codes(asked: Asked, codes: Mapping[str, str]) -> dict[str, Any]:
    """Give another combination as an address holds it."""
    return Asked(asked.series, "", "", "", asked.size, codes).state


def _anytime(holding: Holding, asked: Asked) -> pl.DataFrame:
    """Give what lies between the asked ends, of any period."""
    own = ends(holding.series[asked.series])
    at = {own.origin: asked.origin, own.destination: asked.destination}
    where = {name: [code] for name, code in at.items() if code}
    return holding.found(asked.series, {**asked.where, **where}).filter(pl.col("counterpart") != "")


@dataclass(frozen=True)
class Matrix:
    """The largest origins and destinations, and what lies between them.

    Attributes:
        origins, destinations: areas, the largest first.
        cells: (origin, destination) -> observation.
        steps: values from which each darker shade begins, the lightest first.
    """

    origins: list[str]
    destinations: list[str]
    cells: Mapping[tuple[str, str], Mapping[str, Any]]
    steps: list[float]

    def shade(self, value: float | None) -> int:
        """Give the shade of a value, 1 the lightest; 0 where there is none."""
        return 0 if value is None else max(1, sum(value >= step for step in self.steps))


def matrix(found: Pairs, asked: Asked) -> Matrix:
    """Choose the rows and columns of the matrix, and the steps of its shades: as many cells in each."""
    origins = [asked.origin] if asked.origin else found.largest("origin", asked.size)
    destinations = [asked.destination] if asked.destination else found.largest("destination", asked.size)
    rows = found.rows.filter(pl.col("origin").is_in(origins), pl.col("destination").is_in(destinations))
    if asked.origin:
        destinations = rows["destination"].head(asked.size).to_list()
    if asked.destination:
        origins = rows["origin"].head(asked.size).to_list()
    values = rows["value"].drop_nulls().sort()
    steps = [values[int(number * values.len() / SHADES)] for number in range(SHADES)] if values.len() else []
    cells = {(one["origin"], one["destination"]): one for one in rows.iter_rows(named=True)}
    return Matrix(origins, destinations, cells, sorted(set(steps)))


def pair(request: HttpRequest, language: str, origin: str, destination: str) -> HttpResponse:
    """Show everything between two areas, both directions side by side.

    Both ends may be one country: most detected victims of trafficking are its own citizens.
    """
    only(request.GET)
    holding = request.holding
    one, other = area(origin, "origin"), area(destination, "destination")
    if (one, other) != (origin, destination):
        return HttpResponseRedirect(Voice(request, language).link(f"corridors/{one}/{other}"))
    both = tuple(dict.fromkeys(((one, other), (other, one))))
    told, lacking = [], []
    for code in series_between(holding):
        ways = [direction(holding, code, *way) for way in both]
        if any(way.history or way.parts for way in ways):
            told.append(_beside(holding, code, ways))
        else:
            lacking.append(code)
    context = {
        "one": one,
        "other": other,
        "told": told,
        "lacking": lacking,
        "progress": [row for way in both for row in _progress(holding, *way)],
    }
    return render(request, language, "pair.html", context)


def _beside(holding: Holding, code: str, ways: Sequence[Direction]) -> dict[str, Any]:
    """Lay both directions of a series side by side: their lines on one scale, their numbers by period."""
    scale = bounds([row for way in ways for row in way.history])
    by_period: dict[str, list[Any]] = {}
    for number, way in enumerate(ways):
        for row in way.history:
            by_period.setdefault(row["period"], [None] * len(ways))[number] = row
    return {
        "code": code,
        "meaning": holding.series[code],
        "ways": [{"way": way, "spark": spark(way.history, scale)} for way in ways],
        "history": sorted(by_period.items(), reverse=True),
        "parts": [
            row | {"codes": codes_of_row(row)}
            for way in ways
            for row in sorted(way.parts, key=lambda row: (row["breakdown"], row["sex"], by_age(row["age"])))
        ],
    }


def _progress(holding: Holding, one: str, other: str) -> list[dict[str, Any]]:
    """Give the states of the targets of a corridor; a series without a target has none."""
    asked = {"series": ["SJ_PROGRESS_STATE"], "area": [one], "counterpart": [other]}
    told = [
        row | {"of": row["breakdown"].removeprefix("SERIES="), "judged": judged(holding, row)}
        for row in holding.numbers(None, asked, only_latest=True).iter_rows(named=True)
        if row["value"] is not None
    ]
    return [row for row in told if row["judged"].state != "not measurable"]
