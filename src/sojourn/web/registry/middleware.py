"""Pages of persons and of the registry speak the language of their path; what is personal is kept by no cache."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable

from allauth.account.adapter import get_adapter
from allauth.usersessions.middleware import UserSessionsMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.urls import LocalePrefixPattern
from django.utils import translation
from django.utils.cache import patch_vary_headers

from sojourn.web.middleware import told
from sojourn.web.registry.attachments.refusing import LARGEST
from sojourn.web.registry.faults import TooLargeError
from sojourn.web.said import say

Answer = Callable[[HttpRequest], HttpResponse]

DJANGO_CODES = {"zh": "zh-hans"}
"""Languages that Django's own texts are filed under by another code."""

_SEEN = "seen"
"""In the session: when it was last written down that it is used, and by which address and browser."""

_SEEN_AGAIN = 300
"""Seconds until that is written down again."""

_FORM_AROUND = 1024 * 1024
"""Bytes of a form beside its file."""

_OURS = {code: own for own, code in DJANGO_CODES.items()}
_API = re.compile(r"/api/v1/registry(?:/|$)")
_PATH = re.compile(r"/(?P<language>ar|zh|en|fr|ru|es)/(?P<room>registry|account)(?:/|$)")


def of_programs(answer: Answer) -> Answer:
    """Hold what programs send to the size of a form without files; let no cache keep what a key opened."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not _API.match(request.path):
            return answer(request)
        sent, most = request.META.get("CONTENT_LENGTH") or "0", settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if not sent.isdigit() or int(sent) > most:
            error = TooLargeError(say("More was sent than any file may have"), accepted=f"{most:,} bytes")
            return told(request, error)
        response = _sealed(request, answer(request))
        patch_vary_headers(response, ["Authorization"])
        by_key = "HTTP_AUTHORIZATION" in request.META
        response.headers["Cache-Control"] = "private, no-store" if by_key else "public, max-age=0"
        return response

    return middleware


def _sealed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Name what was read by an ETag, and send nothing to whoever has it; a table is made while it is sent."""
    if request.method != "GET" or response.status_code != 200 or response.streaming:
        return response
    # A weak one, because the same answer may be packed on its way.
    etag = f'W/"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    if etag in request.META.get("HTTP_IF_NONE_MATCH", ""):
        response = HttpResponseNotModified()
    response.headers["ETag"] = etag
    return response


def speaking(answer: Answer) -> Answer:
    """Let forms and mails of libraries speak the language that stands first in the path."""

    def middleware(request: HttpRequest) -> HttpResponse:
        found = _PATH.match(request.path)
        if found is None:
            return answer(request)
        code = found["language"]
        with translation.override(DJANGO_CODES.get(code, code)):
            response = answer(request)
        if found["room"] == "account" or settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.headers["Cache-Control"] = "private, no-store"
        return response

    return middleware


def bounded(answer: Answer) -> Answer:
    """Refuse more than the largest file with its form around it, before any of it is read."""

    def middleware(request: HttpRequest) -> HttpResponse:
        sent = request.META.get("CONTENT_LENGTH") or "0"
        if request.method == "POST" and (not sent.isdigit() or int(sent) > LARGEST + _FORM_AROUND):
            error = TooLargeError(
                say("More was sent than any file may have"),
                accepted=say("at most {most} MB", most=LARGEST // 1024 // 1024),
            )
            return told(request, error)
        return answer(request)

    return middleware


def of_persons(answer: Answer) -> Answer:
    """Let django-allauth keep its list of sessions, on pages that have to do with persons.

    It looks at the session of every request that it is handed, and writes down that it was seen: to read a page is
    then to write, for which SQLite has one place. Every few minutes is enough, and whenever address or browser change.
    """
    with_sessions = UserSessionsMiddleware(answer)

    def middleware(request: HttpRequest) -> HttpResponse:
        if not _PATH.match(request.path) or not request.user.is_authenticated:
            return answer(request)
        now, reader = int(time.time()), _reader(request)
        at, known = request.session.get(_SEEN, (0, ""))
        if known == reader and 0 <= now - at < _SEEN_AGAIN:
            return answer(request)
        request.session[_SEEN] = (now, reader)
        return with_sessions(request)

    return middleware


def _reader(request: HttpRequest) -> str:
    """Tell address and browser apart, without keeping them a second time."""
    told = f"{get_adapter().get_client_ip(request)}\n{request.META.get('HTTP_USER_AGENT', '')}"
    return hashlib.sha256(told.encode()).hexdigest()[:16]


class InLanguage(LocalePrefixPattern):
    """A path that begins with the language that is spoken, so that libraries name their pages in it too."""

    @property
    def language_prefix(self) -> str:
        """How such a path begins."""
        code = translation.get_language() or settings.LANGUAGE_CODE
        return f"{_OURS.get(code, code)}/"
