"""Codes in addresses: written in whatever case, and where one does not exist, links to those that do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.http import HttpRequest, HttpResponseRedirect
from markupsafe import Markup
from rapidfuzz import fuzz, process

from sojourn.web.pages.absent import near
from sojourn.web.question import is_period
from sojourn.web.said import Offered

MOST = 200
NEAREST = 8


def as_written(request: HttpRequest, code: str, known: Iterable[str]) -> HttpResponseRedirect | None:
    """Lead to the address with a code as it is written, where only the case of its letters is another.

    Args:
        request: whose path ends with the code, or holds it before what follows.
        code: as it was asked for.
        known: the codes that there are.

    Returns:
        None where the code is there as it stands, or not at all.
    """
    listed = tuple(known)
    if code in listed:
        return None
    meant = next((one for one in listed if one.casefold() == code.casefold()), None)
    if meant is None:
        return None
    parts = request.path.split("/")
    parts[len(parts) - 1 - parts[::-1].index(code)] = meant
    query = request.META.get("QUERY_STRING", "")
    return HttpResponseRedirect("/".join(parts) + (f"?{query}" if query else ""))


def links(request: HttpRequest, language: str, offered: Offered, where: str) -> Markup:
    """Turn codes that are possible into links, those nearest to what was asked for first.

    Args:
        request: that cannot be answered.
        language: of the page.
        offered: codes, and where they lead.
        where: the parameter that was wrong, for codes that are values of one.
    """
    asked = request.GET.get(where, "") if where else request.path.rstrip("/").rpartition("/")[2]
    ordered = nearest_first(asked, offered.codes)
    told = Markup(" · ").join(
        Markup('<a href="{}"><bdi dir="ltr">{}</bdi></a>').format(
            _address(request, language, offered, where, one), one
        )
        for one in ordered[:MOST]
    )
    return told + " …" if len(ordered) > MOST else told


def nearest_first(asked: str, codes: Sequence[str]) -> list[str]:
    """Put the codes that resemble another before the rest, which stays in its order.

    >>> nearest_first("SI_RMT_COS", ["BX_TRF_PWKR", "SI_RMT_COST"])
    ['SI_RMT_COST', 'BX_TRF_PWKR']
    """
    if is_period(asked):
        first = list(near([one for one in codes if is_period(one)], asked, NEAREST))
    else:
        close = process.extract(
            asked.casefold(), codes, scorer=fuzz.ratio, processor=str.casefold, limit=NEAREST
        )
        first = [code for code, score, _ in close if score >= 50]
    return [*first, *(one for one in codes if one not in set(first))]


def _address(request: HttpRequest, language: str, offered: Offered, where: str, code: str) -> str:
    if offered.path:
        return ("" if offered.path.startswith("/") else f"/{language}/") + offered.path.format(code)
    asked = request.GET.copy()
    asked[where] = code
    return f"{request.path}?{asked.urlencode()}"
