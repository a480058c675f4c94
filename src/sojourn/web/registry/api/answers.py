"""Answers of the registry's API: JSON, and what went wrong with everything that helps to mend it."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

from sojourn.web.faults import shape, status_of
from sojourn.web.registry.faults import ConflictError, InvalidError, KeyNeededError

ROOT = "/api/v1/registry"


def answer(body: dict[str, Any], status: int = 200) -> HttpResponse:
    """Answer with JSON."""
    text = json.dumps(body, ensure_ascii=False)
    return HttpResponse(text, status=status, content_type="application/json")


def address(*path: str) -> str:
    """Give the address of something in the API.

    >>> address("records", "C-2013-0007")
    '/api/v1/registry/records/C-2013-0007'
    """
    return "/".join((ROOT, *path))


def further(request: HttpRequest, after: object) -> str:
    """Give the address of the next stretch of a list."""
    given = [(name, one) for name in request.GET for one in request.GET.getlist(name) if name != "after"]
    return f"{request.path}?{urlencode([*given, ('after', after)])}"


def tell_conflict(request: HttpRequest, error: Any) -> HttpResponse:
    """Tell that somebody else saved in between, with both texts."""
    found: ConflictError = error
    return answer(
        {**shape(found), "mine": found.mine, "theirs": found.theirs, "edit": found.edit}, status_of(found)
    )


def tell_invalid(request: HttpRequest, error: Any) -> HttpResponse:
    """Tell which fields do not fit, and why."""
    found: InvalidError = error
    return answer({**shape(found), "problems": found.problems}, status_of(found))


def tell_unknown(request: HttpRequest, error: Any) -> HttpResponse:
    """Tell that a key is needed, or that the one that was sent opens nothing."""
    needed = KeyNeededError()
    response = answer(shape(needed), status_of(needed))
    response.headers["WWW-Authenticate"] = "Bearer"
    return response
