"""Gives again what was answered before, packed as it was, while the release is the same.

Answers are kept in the memory of the process that made them, and on a shelf for the other processes of the site.
What hangs on who asks is kept nowhere.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers

from sojourn.web import state
from sojourn.web.middleware import HANDED, LIVING
from sojourn.web.packing import accepts_gzip

Answer = Callable[[HttpRequest], HttpResponse]

AHEAD = "sojourn.ahead"
"""Marks a request that no reader sent: its answer is for the shelf."""

_KEPT_BYTES = 48 * 1024 * 1024
_LARGEST_KEPT = 512 * 1024


class _Memory:
    """Answers given before, up to so many bytes; the oldest are forgotten first, and those of the shelf not at all."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, HttpResponse] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, release: str, key: str, cookies: bool) -> HttpResponse | None:
        found = self._kept.get(key)
        if found is None and (content := state.shelf().get(release, key)) is not None:
            found = _unfolded(content)
            self._hold(key, found)
        return None if found is None or _personal(found, cookies) else found

    def keep(self, release: str, key: str, response: HttpResponse, *, ahead: bool) -> None:
        state.shelf().put(release, key, _folded(response))
        # What nobody has asked for yet takes no memory.
        if not ahead:
            self._hold(key, response)

    def _hold(self, key: str, response: HttpResponse) -> None:
        with self._lock:
            # Two who asked at once both made it.
            before = self._kept.pop(key, None)
            self._kept[key] = response
            self._size += len(response.content) - (len(before.content) if before is not None else 0)
            while self._size > _KEPT_BYTES:
                self._size -= len(self._kept.popitem(last=False)[1].content)


def _folded(response: HttpResponse) -> bytes:
    return json.dumps(dict(response.headers)).encode() + b"\n" + response.content


def _unfolded(content: bytes) -> HttpResponse:
    headers, _, body = content.partition(b"\n")
    return HttpResponse(body, headers=json.loads(headers))


def remembered(answer: Answer) -> Answer:
    """Answer again what was answered before; know it by its ETag."""
    memory = _Memory()

    def middleware(request: HttpRequest) -> HttpResponse:
        holding = getattr(request, "holding", None)
        if holding is None or request.method not in ("GET", "HEAD") or LIVING.match(request.path):
            return answer(request)
        key, ahead = _key(request, holding.name), AHEAD in request.META
        if ahead and state.shelf().has(holding.name, key):
            return HttpResponse()
        etag = f'W/"{key}"'
        cookies = bool(request.META.get("HTTP_COOKIE"))
        known = etag in request.META.get("HTTP_IF_NONE_MATCH", "")
        # Warming is about the making: what another process made would leave this one cold.
        response = memory.get(holding.name, key, cookies) if HANDED not in request.META else None
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
                memory.keep(holding.name, key, _again(response), ahead=ahead)
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
    served = f"{bool(settings.SOJOURN_DATABASE)} {request.scheme} {settings.SECURE_HSTS_SECONDS}"
    asked = (request.get_full_path(), accept, language, packing, request.get_host())
    parts = (release, code_version(), drawn, served, *asked)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def _dated(response: HttpResponse, etag: str, request: Any) -> HttpResponse:
    """Let a cache keep what cannot change; what may change with the next release is asked for again."""
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "public, max-age=3600" if request.pinned else "public, max-age=0"
    response.headers["Sojourn-Release"] = request.holding.name
    patch_vary_headers(response, ["Accept", "Accept-Language"])
    return response
