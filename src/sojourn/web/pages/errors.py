"""Pages for what went wrong: what happened, what is possible, and where to go on."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse

from sojourn.errors import NotFoundError, SojournError
from sojourn.web.faults import shape, status_of
from sojourn.web.languages import ENGLISH, NAMES
from sojourn.web.pages.rendering import render

_log = logging.getLogger("sojourn.web")


def language_of(request: HttpRequest) -> str:
    """Give the language of the path, else English."""
    first = request.path.strip("/").partition("/")[0]
    return first if first in NAMES else ENGLISH


def error_page(request: HttpRequest, error: SojournError) -> HttpResponse:
    """Tell an error of ours on a page."""
    return render(request, language_of(request), "error.html", {"fault": shape(error)}, status_of(error))


def nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Tell that there is no such page; a first part that looks like a language is taken for one."""
    first = rest.partition("/")[0]
    if 2 <= len(first) <= 3 and first.isalpha() and first not in NAMES:
        raise NotFoundError(f"The site is not in the language {first!r}", accepted=", ".join(NAMES))
    raise NotFoundError(f"There is no page {request.path[:80]!r}")


def broken(request: HttpRequest) -> HttpResponse:
    """Tell that the fault is ours, without a word of what it was; the log has it."""
    fault = SojournError("The site made a mistake; it has been noted")
    if request.path.startswith("/api/"):
        from sojourn.web.api.answers import error_answer

        return error_answer(fault)
    return error_page(request, fault)
