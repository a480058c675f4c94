"""What happens to every request: headers, errors told in one shape, limits, the release, what is remembered."""

from __future__ import annotations

import hashlib
import logging
import math
import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers

from sojourn.errors import SojournError, UsageError
from sojourn.web import state
from sojourn.web.faults import AddressError, ClosedError, MethodError, TooManyError, status_of
from sojourn.web.limits import Bucket
from sojourn.web.packing import accepts_gzip
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

_LIVING = re.compile(r"/(?:[a-z]{2}/(?:registry|account)|api/v1/registry)(?:/|$)")
"""Paths whose answers change without a new release: they can be written to, and are not remembered."""

_WRITTEN = re.compile(r"/api/v1/registry(?:/|$)")
"""Paths of the API that programs write to."""

_PERSONAL = re.compile(r"/(?:[a-z]{2}/account|api/v1/registry)(?:/|$)")
"""Paths that need no release, and show it in their foot where there is one."""

HANDED = "sojourn.holding"
"""Where `warming` hands over a release that is not shown yet; what a reader sends has names that begin with HTTP_."""

_KEPT_BYTES = 48 * 1024 * 1024
_LARGEST_KEPT = 512 * 1024


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
        taken = _WRITING if _LIVING.match(request.path) else _READING
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
        if isinstance(error, DatabaseError) and _LIVING.match(request.path):
            _log.error("the registry's database cannot be read", exc_info=error)
            return told(request, ClosedError(say("The registry cannot be read just now")))
        return told(request, error) if isinstance(error, SojournError) else None


def _wrong_address(request: HttpRequest) -> UsageError | None:
    """Say what is wrong with an address, whatever it asks for; None: nothing."""
    asked = request.META.get("QUERY_STRING", "")
    if len(asked) + len(request.path) > LONGEST:
        most = say("at most {most} characters", most=LONGEST)
        return AddressError(say("The address is too long"), accepted=most)
    try:
        request.get_host()
    except DisallowedHost:
        return UsageError(say("The site does not answer under this name"))
    # No database takes this character, and the registry asks one.
    if "\0" in request.path or (_LIVING.match(request.path) and "%00" in asked):
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


class _Memory:
    """Answers given before, up to so many bytes; the oldest are forgotten first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, HttpResponse] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, key: str, cookies: bool) -> HttpResponse | None:
        found = self._kept.get(key)
        return None if found is None or _personal(found, cookies) else found

    def keep(self, key: str, response: HttpResponse) -> None:
        with self._lock:
            # Two who asked at once both made it.
            before = self._kept.pop(key, None)
            self._kept[key] = response
            self._size += len(response.content) - (len(before.content) if before is not None else 0)
            while self._size > _KEPT_BYTES:
                self._size -= len(self._kept.popitem(last=False)[1].content)


def remembered(answer: Answer) -> Answer:
    """Answer again what was answered before, packed as it was, while the release is the same; know it by its ETag."""
    memory = _Memory()

    def middleware(request: HttpRequest) -> HttpResponse:
        holding = getattr(request, "holding", None)
        if holding is None or request.method not in ("GET", "HEAD") or _LIVING.match(request.path):
            return answer(request)
        key = _key(request, holding.name)
        etag = f'W/"{key}"'
        known, cookies = (
            etag in request.META.get("HTTP_IF_NONE_MATCH", ""),
            bool(request.META.get("HTTP_COOKIE")),
        )
        response = memory.get(key, cookies)
        if known and (response is not None or not cookies):
            return _dated(HttpResponseNotModified(), etag, request)
        if response is not None:
            return _again(response)
        response = answer(request)
        if _personal(response, cookies):
            response.headers["Cache-Control"] = "private, no-store"
        elif response.status_code == 200:
            response = _dated(response, etag, request)
            if not response.streaming and len(response.content) <= _LARGEST_KEPT:
                memory.keep(key, _again(response))
        return response

    return middleware


def _personal(response: HttpResponse, cookies: bool) -> bool:
    """Tell whether an answer hangs on who asks, so that nobody else may get it.

    What varies with cookies is everybody's for those who send none: nobody is signed in without one.
    """
    varies = "cookie" in response.headers.get("Vary", "").lower()
    kept_out = any(one in response.headers.get("Cache-Control", "") for one in ("private", "no-store"))
    return bool(response.cookies) or kept_out or (cookies and varies)


def _again(response: HttpResponse) -> HttpResponse:
    """Copy an answer: what comes after packs and changes the one it is handed."""
    return HttpResponse(response.content, status=response.status_code, headers=dict(response.headers))


def _key(request: HttpRequest, release: str) -> str:
    from sojourn.release.identity import code_version
    from sojourn.web.pages.orders import maps

    accept = request.META.get("HTTP_ACCEPT", "") if request.path.startswith("/api/") else ""
    language = request.META.get("HTTP_ACCEPT_LANGUAGE", "") if request.path == "/" else ""
    packing = "gzip" if accepts_gzip(request) else ""
    drawn = f"{maps()} {settings.SOJOURN_SHAPES}"  # shapes may be fetched while the site runs
    asked = (request.get_full_path(), accept, language, packing, request.get_host())
    parts = (release, code_version(), drawn, *asked)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def _dated(response: HttpResponse, etag: str, request: Any) -> HttpResponse:
    """Let a cache keep what cannot change; what may change with the next release is asked for again."""
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, max-age=3600" if request.pinned else "public, max-age=0"
    response.headers["Sojourn-Release"] = request.holding.name
    patch_vary_headers(response, ["Accept", "Accept-Language"])
    return response
