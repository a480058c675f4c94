"""The pictures of a series by their addresses, and the page that carries one of them into another site."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse

from sojourn.errors import NotFoundError, UsageError
from sojourn.web.pages import pictures, showing
from sojourn.web.pages.rendering import only, render
from sojourn.web.pages.series import Chosen, latest, read_choice, state_of
from sojourn.web.question import PERSONS, PREFIX
from sojourn.web.said import offer, quoted, say

_NUMBER, _YEAR = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,9})?"), re.compile(r"[0-9]{4}")

FRAMED = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors *"
)
"""The policy of a page that stands in a frame of another site: nothing runs in it."""

_DRAW = {
    "map": pictures.world_map,
    "flows": pictures.flow_map,
    "ranking": pictures.ranking,
    "distribution": pictures.distribution,
}


def picture(request: HttpRequest, language: str, code: str, kind: str, ending: str) -> HttpResponse:
    """Draw a picture of a series, as its page shows it.

    Raises:
        NotFoundError: there is no such series or kind of picture, no number to draw, or nothing to draw with.
    """
    chosen = _read(request, code, *pictures.ASKED, "target", "by")
    promised = _promised(request)
    order = pictures.order(request, language, request.holding.series[code] | (promised or {}))
    found = request.holding.found(code, chosen.where)
    course, beside = showing.course(found, chosen), showing.beside(request.holding, chosen, language)
    possible = showing.drawable(course, beside)
    if kind not in possible:
        raise NotFoundError(
            say("There is no such picture of these numbers"),
            accepted=", ".join(possible) or "none",
            advice=say("The table is on the page.")
            if kind != "map" or pictures.maps()
            else "A map needs the shapes of countries, which were not fetched here (make shapes).",
        )
    if kind == "trend":
        # A projection tells the chance of meeting the target of the series, which another one has not.
        ahead = showing.ahead(request.holding, chosen) if promised is None else None
        more = {} if ahead is None else {"ahead": ahead.rows, "level": ahead.level, "chance": ahead.chance}
        return pictures.painted(ending, pictures.trend, course, order, **more)
    own: dict[str, Any] = {"subtitle": beside.when}
    if kind == "map":
        own["over"] = showing.values_now(found, chosen)
    if kind in ("ranking", "distribution"):
        own["highlight"] = chosen.areas
    return pictures.painted(ending, _DRAW[kind], showing.across(found, chosen).rows, order, **own)


def embed(request: HttpRequest, language: str, code: str) -> HttpResponse:
    """Show one picture of a series with its value, source and link, made to stand in a frame of another site.

    Raises:
        NotFoundError: there is no such series or picture.
    """
    chosen = _read(request, code, "kind")
    found = request.holding.found(code, chosen.where)
    course, beside = showing.course(found, chosen), showing.beside(request.holding, chosen, language)
    possible = showing.kinds(course, beside)
    kind = request.GET.get("kind") or (possible[0] if possible else "")
    if kind and kind not in possible:
        raise NotFoundError(
            say("There is no picture {kind} of these numbers", kind=quoted(kind)),
            where="kind",
            accepted=offer(possible),
        )
    over_time = kind in ("", "trend")
    context = {
        "code": code,
        "meaning": request.holding.series[code],
        "chosen": chosen,
        "kind": kind,
        "state": state_of(chosen, with_period=not over_time),
        "said": showing.said_over_time(course, language) if over_time else beside.said,
        "latest": latest(course, chosen) if over_time else [],
        "when": beside.when,
        "source": pictures.source(course if over_time else showing.across(found, chosen).rows, language),
    }
    response = render(request, language, "embed.html", context)
    response.headers["Content-Security-Policy"] = FRAMED
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _promised(request: HttpRequest) -> dict[str, Any] | None:
    """Read the target of a promise, which stands in the place of that of the series.

    Returns:
        `target` and `target_year`; both None for "none"; None where the address names no target.

    Raises:
        UsageError: it is no number, or there is no year beside it.
    """
    value, year = request.GET.get("target", ""), request.GET.get("by", "")
    if not value:
        return None
    if value == "none":
        return {"target": None, "target_year": None}
    if not _NUMBER.fullmatch(value) or not _YEAR.fullmatch(year):
        raise UsageError(
            say("There is no such picture"), where="target", accepted="target=5&by=2014, or target=none"
        )
    return {"target": float(value), "target_year": int(year)}


def _read(request: HttpRequest, code: str, *also: str) -> Chosen:
    holding = request.holding
    if code not in holding.series:
        raise NotFoundError(
            say("There is no series {code}", code=quoted(code)),
            accepted=offer(sorted(holding.series), "series/{}"),
        )
    names = [one["name"] for one in holding.series[code]["dimensions"]]
    only(request.GET, "area", "counterpart", "period", *also, *PERSONS, *(PREFIX + one for one in names))
    return read_choice(request, code, names)
