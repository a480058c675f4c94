"""What happens to every request: headers, errors told in one shape, limits, the release."""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from sojourn.errors import SojournError, UsageError
from sojourn.web import state
from sojourn.web.deadline import Deadline
from sojourn.web.faults import AddressError, ClosedError, MethodError, TooManyError, status_of
from sojourn.web.limits import Bucket
from sojourn.web.said import say

Answer = Callable[[HttpRequest], HttpResponse]

_log = logging.getLogger("sojourn.web")

_FIXED = ("/static/", "/health", "/robots.txt")
"""Paths that need no release."""

LONGEST = 8000
"""Characters of an address: what servers and browsers agree on."""

_READING = "GET, HEAD, OPTIONS"
_WRITING = f"{_READING}, POST"
_CHANGES = ("POST", "PATCH")

LIVING = re.compile(r"/(?:[a-z]{2}/(?:registry|account)|api/v1/registry)(?:/|$)")
"""Paths whose answers change without a new release: they can be written to, and are not remembered."""

_WRITTEN = re.compile(r"/api/v1/registry(?:/|$)")
"""Paths of the API that programs write to."""

_PERSONAL = re.compile(r"/(?:[a-z]{2}/account|api/v1/registry)(?:/|$)")
"""Paths that need no release, and show it in their foot where there is one."""

HANDED = "sojourn.holding"
"""Where `warming` hands over a release that is not shown yet; what a reader sends has names that begin with HTTP_."""


def headers(answer: Answer) -> Answer:
    """Add the security headers that Django does not."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        # A page with a policy of its own says in it who may frame it.
        if "Content-Security-Policy" not in response.headers:
            response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        return response

    return middleware


class telling:  # noqa: N801 - Django calls middleware by the name of the setting
    """Turn errors of ours into a page, or into JSON for the API; a fault of ours is logged, never shown.

    An error that another middleware raises would be a fault to Django; so each of them tells its own.
    """

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse what no page can be asked, and tell what went wrong before a view was reached."""
        if (error := _wrong_address(request)) is not None:
            return told(request, error)
        if _WRITTEN.match(request.path):
            return self._written(request)
        taken = _WRITING if LIVING.match(request.path) else _READING
        if request.method not in taken.split(", "):
            return _refused(request, taken)
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers={"Allow": taken})
        return self._head(request) if request.method == "HEAD" else self._answer(request)

    def _written(self, request: HttpRequest) -> HttpResponse:
        """Answer where each address has methods of its own, as its route knows them."""
        response = self._head(request) if request.method == "HEAD" else self._answer(request)
        if response.status_code != 405:
            return response
        routed = set(response.headers["Allow"].split(", "))
        taken = ", ".join(sorted({*routed, "OPTIONS", *(["HEAD"] if "GET" in routed else [])}))
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers={"Allow": taken})
        return _refused(request, taken)

    def _head(self, request: HttpRequest) -> HttpResponse:
        """Answer with the headers of what would be read; the API's routes know GET alone."""
        request.method = "GET"
        response = self._answer(request)
        request.method = "HEAD"
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Tell an error of ours that a view raised."""
        if isinstance(error, DatabaseError) and LIVING.match(request.path):
            _log.error("the registry's database cannot be read", exc_info=error)
            return told(request, ClosedError(say("The registry cannot be read just now")))
        return told(request, error) if isinstance(error, SojournError) else None


def _wrong_address(request: HttpRequest) -> UsageError | None:
    """Say what is wrong with an address, whatever it asks for; None: nothing."""
    asked = request.META.get("QUERY_STRING", "")
    if len(asked) + len(request.path) > LONGEST:
        most = say("at most {most} characters", most=LONGEST)
        return AddressError(say("The address is too long"), accepted=most)
    most = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS
    if asked.count("&") >= most:
        much = say("Too much is asked of {name}", name="parameters")
        return UsageError(much, where="parameters", accepted=say("at most {most}", most=most))
    try:
        request.get_host()
    except DisallowedHost:
        return UsageError(say("The site does not answer under this name"))
    # No database takes this character, and the registry asks one.
    if "\0" in request.path or (LIVING.match(request.path) and "%00" in asked):
        return UsageError(say("The address holds a character that none may hold"))
    return None


def _refused(request: HttpRequest, taken: str) -> HttpResponse:
    response = told(request, MethodError(say("This is read, not written"), accepted=taken))
    response.headers["Allow"] = taken
    return response


def told(request: HttpRequest, error: SojournError) -> HttpResponse:
    """Tell an error as the path asks for it."""
    from sojourn.web.api.answers import error_answer
    from sojourn.web.pages.errors import error_page

    response = error_answer(error) if request.path.startswith("/api/") else error_page(request, error)
    if status_of(error) == 503:
        response.headers["Retry-After"] = "5"
        _log.warning("cannot answer %s: %s", request.path, error.what)
    return response


def limited(answer: Answer) -> Answer:
    """Hold each address to so many requests of the API a minute, and fewer changes; pages are cheap, and remembered."""
    every, changes = Bucket(settings.SOJOURN_REQUESTS), Bucket(settings.SOJOURN_WRITES)

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/api/"):
            if wait := every.take(address(request)):
                advice = say("Wait, or download a whole release: /api/v1/releases")
                return _too_many(request, wait, settings.SOJOURN_REQUESTS, advice)
            if request.method in _CHANGES and (wait := changes.take(address(request))):
                return _too_many(request, wait, settings.SOJOURN_WRITES)
        return answer(request)

    return middleware


def _too_many(request: HttpRequest, wait: float, most: int, advice: str | None = None) -> HttpResponse:
    error = TooManyError(
        say("Too many requests from one address"), accepted=say("{count} a minute", count=most), advice=advice
    )
    response = told(request, error)
    response.headers["Retry-After"] = str(math.ceil(wait))
    return response


def address(request: HttpRequest) -> str:
    """Give the address of the reader; that in X-Forwarded-For only behind as many proxies as are set."""
    proxies = settings.SOJOURN_PROXIES
    passed = [one.strip() for one in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if one.strip()]
    if proxies and len(passed) >= proxies:
        return str(passed[-proxies])
    return str(request.META.get("REMOTE_ADDR", ""))


def with_release(answer: Answer) -> Answer:
    """Hand the request one release, from which everything it shows is read."""

    def middleware(request: HttpRequest) -> HttpResponse:
        # Whoever warms the site up waits for as long as it takes.
        request.deadline = Deadline(math.inf if HANDED in request.META else settings.SOJOURN_SECONDS)
        if not request.path.startswith(_FIXED):
            asked = request.GET.get("release", "")
            try:
                store = state.store()
                request.holding = request.META.get(HANDED) or (
                    store.named(asked) if asked else store.current()
                )
            except SojournError as error:
                # People can be let in, and say what they promise, before there is anything measured.
                if asked or not _PERSONAL.match(request.path):
                    return told(request, error)
                request.holding = None
            request.pinned = bool(asked)
        return answer(request)

    return middleware
