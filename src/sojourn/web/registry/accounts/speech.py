"""Lets templates that a library renders call what all templates of the site may call."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.urls import reverse

from sojourn.errors import UsageError
from sojourn.web.faults import TooManyError
from sojourn.web.languages import N_
from sojourn.web.pages.errors import error_page, language_of
from sojourn.web.pages.rendering import render, voice_of
from sojourn.web.registry.faults import DeniedError
from sojourn.web.said import say

LOCKED_OUT = N_("Too many wrong passwords. Try again in a quarter of an hour, or ask for a new password.")
NOT_FROM_HERE = N_(
    "This form was not sent from this site, or stood open too long. Go back, reload it and send it again."
)


def voice(request: HttpRequest) -> dict[str, Any]:
    """Give what every template of the site may call, in the language of the path."""
    return {**voice_of(request, language_of(request)), "elsewhere": elsewhere()}


def elsewhere() -> list[dict[str, str]]:
    """List the services that one may sign in by."""
    apps = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
    return [
        {"name": one["name"], "login_url": reverse("openid_connect_login", args=[one["provider_id"]])}
        for one in apps
    ]


def page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Render a page with a form of ours."""
    given = {"csrf_token": get_token(request), "user": request.user, "here": request.path, **context}
    return render(request, language_of(request), template, given, status)


def account_meant(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Name the account that somebody tries to open, so that wrong passwords for one lock nobody out of another."""
    given = credentials or {}
    named = next((given[one] for one in ("email", "username", "login") if given.get(one)), None)
    return str(named or request.POST.get("login", "")).strip().casefold()


def locked_out(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    """Tell that an address is locked out of an account for a while."""
    return error_page(request, TooManyError(say(LOCKED_OUT)))


def not_from_here(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Tell that a form carries no proof that this site made it."""
    error: UsageError = DeniedError(say(NOT_FROM_HERE))
    return error_page(request, error)
