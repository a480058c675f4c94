"""The doors: the language of who comes without one, and the answer for whoever watches over the site."""

from __future__ import annotations

import json
from typing import Any

from babel import negotiate_locale
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from sojourn.errors import NotFoundError, ReleaseError
from sojourn.web import state
from sojourn.web.languages import ENGLISH, NAMES
from sojourn.web.said import offer, quoted, say
from sojourn.web.sealed import ADVICE


def choose_language(request: HttpRequest) -> HttpResponse:
    """Lead to the first page: by ?language=, else by what the browser asks for, else in English."""
    asked = request.GET.get("language", "")
    if asked and asked not in NAMES:
        raise NotFoundError(
            say("The site is not in the language {language}", language=quoted(asked[:20])),
            accepted=offer(NAMES, "/{}/"),
        )
    response = HttpResponseRedirect(f"/{asked or preferred(request.META.get('HTTP_ACCEPT_LANGUAGE', ''))}/")
    response.headers["Vary"] = "Accept-Language"
    return response


def preferred(header: str) -> str:
    """Choose a language by `Accept-Language`.

    >>> preferred("de-CH, fr-CA;q=0.8, en;q=0.5"), preferred(""), preferred("*;q=x")
    ('fr', 'en', 'en')
    """
    weighed = []
    for part in header[:500].split(","):
        tag, _, weight = part.strip().partition(";q=")
        if tag and (not weight or weight.replace(".", "", 1).isdigit()):
            weighed.append((-float(weight or 1), tag.replace("-", "_")))
    wanted = [tag for _, tag in sorted(weighed, key=lambda one: one[0])]
    found = negotiate_locale([*wanted, *(one.partition("_")[0] for one in wanted)], list(NAMES))
    return found or ENGLISH


def with_slash(request: HttpRequest, language: str) -> HttpResponse:
    """Lead from /en to /en/."""
    return HttpResponseRedirect(f"/{language}/")


def health(request: HttpRequest) -> HttpResponse:
    """Tell whether a release is shown, which one, whether its files are sound, and which were refused.

    A site whose pages are right while files of the release are damaged is degraded, and still answers 200: whoever
    took it out of service for that would take the pages away too.
    """
    store = state.store()
    body: dict[str, Any]
    try:
        holding = store.current()
        body = {"status": "ok", "release": holding.name}
        if faults := state.seals.faults(holding.release.path, holding.release.manifest.outputs):
            body |= {"status": "degraded", "damaged": faults, "advice": ADVICE}
    except ReleaseError as error:
        body = {"status": "no release", "release": None, "why": error.what}
    body["made_ahead"] = {"pages": state.ahead.made, "of": state.ahead.of}
    body["refused"] = [{"release": one.name, "why": one.why} for one in store.refusals]
    status = 200 if body["release"] else 503
    response = HttpResponse(json.dumps(body), status=status, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response
