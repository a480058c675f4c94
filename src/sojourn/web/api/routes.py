"""The API, put together: version 1, described at /api/v1/openapi.json."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from sojourn.errors import NotFoundError, SojournError, UsageError
from sojourn.web.api import corridors, described, observed
from sojourn.web.api.answers import error_answer
from sojourn.web.middleware import told
from sojourn.web.pages.entry import preferred

# The page that describes the API is our own: the library's loads its script from elsewhere.
api = NinjaAPI(
    title="Sojourn",
    version="1",
    description=(
        "International migration, measured: every number with its error, source, method and release. "
        "Addresses hold at most 8,000 characters; too many requests a minute are answered with 429 and Retry-After."
    ),
    docs_url=None,
    openapi_url="/openapi.json",
    urls_namespace="api",
)
api.add_router("", observed.router)
api.add_router("", described.router)
api.add_router("", corridors.router)


@api.exception_handler(SojournError)
def tell(request: HttpRequest, error: Any) -> HttpResponse:
    """Tell an error of ours."""
    return told(request, error)


@api.exception_handler(HttpError)
def tell_unread(request: HttpRequest, error: Any) -> HttpResponse:
    """Tell that what was sent cannot be read."""
    return error_answer(UsageError(str(error), accepted="JSON", advice="See /api/v1/openapi.json"))


@api.exception_handler(ValidationError)
def tell_invalid(request: HttpRequest, error: Any) -> HttpResponse:
    """Tell that a parameter is missing or no number, in the same shape."""
    first = error.errors[0]
    name = str(first["loc"][-1])
    return error_answer(UsageError(f"{name}: {first['msg']}", where=name, advice="See /api/v1/openapi.json"))


# Without a registry nothing of it is loaded, nor described.
if settings.SOJOURN_DATABASE:
    from sojourn.web.registry.api.routes import join

    join(api)


@csrf_exempt
def nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Answer for a path that the API does not have; its beginning leads to what describes it."""
    if rest.strip("/") in ("", "v1"):
        reads = "text/html" in request.META.get("HTTP_ACCEPT", "")
        return HttpResponseRedirect(
            f"/{preferred(request.META.get('HTTP_ACCEPT_LANGUAGE', ''))}/data/api"
            if reads
            else "/api/v1/openapi.json"
        )
    paths = ", ".join(sorted(api.get_openapi_schema(path_prefix="/api/v1/")["paths"]))
    return error_answer(NotFoundError(f"The API has no {rest[:60]!r}", accepted=paths))
