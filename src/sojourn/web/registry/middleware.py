"""Pages of persons and of the registry speak the language of their path, and are kept by no cache once signed in."""

from __future__ import annotations

import re
from collections.abc import Callable

from allauth.usersessions.middleware import UserSessionsMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import LocalePrefixPattern
from django.utils import translation

from sojourn.web.middleware import told
from sojourn.web.registry.attachments.refusing import LARGEST
from sojourn.web.registry.faults import TooLargeError
from sojourn.web.said import say

Answer = Callable[[HttpRequest], HttpResponse]

DJANGO_CODES = {"zh": "zh-hans"}
"""Languages that Django's own texts are filed under by another code."""

_FORM_AROUND = 1024 * 1024
"""Bytes of a form beside its file."""

_OURS = {code: own for own, code in DJANGO_CODES.items()}
_PATH = re.compile(r"/(?P<language>ar|zh|en|fr|ru|es)/(?P<room>registry|account)(?:/|$)")


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

    It looks at the session of every request that it is handed; pages of measurements have none.
    """
    with_sessions = UserSessionsMiddleware(answer)

    def middleware(request: HttpRequest) -> HttpResponse:
        return with_sessions(request) if _PATH.match(request.path) else answer(request)

    return middleware


class InLanguage(LocalePrefixPattern):
    """A path that begins with the language that is spoken, so that libraries name their pages in it too."""

    @property
    def language_prefix(self) -> str:
        """How such a path begins."""
        code = translation.get_language() or settings.LANGUAGE_CODE
        return f"{_OURS.get(code, code)}/"
