"""Pages for what went wrong: what happened, what is possible, and where to go on."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse
from markupsafe import Markup

from sojourn.errors import NotFoundError, SojournError
from sojourn.web.faults import shape, status_of
from sojourn.web.languages import ENGLISH, NAMES
from sojourn.web.pages.codes import links
from sojourn.web.pages.rendering import render
from sojourn.web.said import Offered, Said, again, offer, quoted, say

_log = logging.getLogger("sojourn.web")


def language_of(request: HttpRequest) -> str:
    """Give the language of the path, else English."""
    first = request.path.strip("/").partition("/")[0]
    return first if first in NAMES else ENGLISH


def error_page(request: HttpRequest, error: SojournError) -> HttpResponse:
    """Tell an error of ours on a page."""
    language = language_of(request)
    fault = shape(error)
    # What was said in a sentence of the site is said again; lists of codes are the same in every language.
    told = {
        "what": again(language, error.what),
        "accepted": _possible(request, language, error, fault["accepted"]),
        "advice": again(language, error.advice) if error.advice else "",
    }
    of_registry = request.path.startswith((f"/{language}/registry", f"/{language}/account"))
    context = {"fault": fault | told, "of_registry": of_registry}
    return render(request, language, "error.html", context, status_of(error))


def _possible(request: HttpRequest, language: str, error: SojournError, cut: str | None) -> Markup:
    accepted = error.accepted
    if isinstance(accepted, Said):
        return again(language, accepted)
    if isinstance(accepted, Offered):
        return links(request, language, accepted, error.where if isinstance(error.where, str) else "")
    return Markup('<bdi dir="ltr">{}</bdi>').format(cut) if cut else Markup("")


def nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Tell that there is no such page; a first part that looks like a language is taken for one."""
    first = rest.partition("/")[0]
    if 2 <= len(first) <= 3 and first.isalpha() and first not in NAMES:
        raise NotFoundError(
            say("The site is not in the language {language}", language=quoted(first)),
            accepted=offer(NAMES, "/{}/"),
        )
    raise NotFoundError(say("There is no page {path}", path=quoted(request.path)))


def broken(request: HttpRequest) -> HttpResponse:
    """Tell that the fault is ours, without a word of what it was; the log has it."""
    fault = SojournError(say("The site made a mistake; it has been noted"))
    if request.path.startswith("/api/"):
        from sojourn.web.api.answers import error_answer

        return error_answer(fault)
    return error_page(request, fault)
