"""What all pages for writing share: who asks, tokens of forms, and messages that are shown once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils import timezone

from sojourn.web.languages import N_, plain
from sojourn.web.registry.accounts.speech import page
from sojourn.web.registry.models import Actor
from sojourn.web.registry.public.told import Told
from sojourn.web.registry.services import once
from sojourn.web.registry.services.persons import Person, person_of
from sojourn.web.registry.writing.labels import label

View = Callable[..., HttpResponse]

SIGNED_OUT = N_("You are no longer signed in. Press Save to see your text, and copy it.")

_TOLD = "registry.told"
_BOOKKEEPING = frozenset({"csrfmiddlewaretoken", "token", "edit", "asked", "owner", "stay", "more", "mine"})


def of_a_person(view: View) -> View:
    """Let a view be asked by whoever is signed in; others are led to sign in, whatever they asked for.

    The view is handed the person after the language. What somebody sends after their session ended is given back to
    them, to be copied.
    """

    @login_required
    @wraps(view)
    def of_account(request: HttpRequest, language: str, *arguments: Any, **named: Any) -> HttpResponse:
        return view(request, language, person_of(request.user), *arguments, **named)

    @wraps(view)
    def asked(request: HttpRequest, language: str, *arguments: Any, **named: Any) -> HttpResponse:
        if request.method == "POST" and not request.user.is_authenticated:
            return _given_back(request, language)
        return of_account(request, language, *arguments, **named)

    return asked


def by_itself(request: HttpRequest) -> bool:
    """Tell whether a page saved by itself, without a person's press."""
    return request.headers.get("Accept", "") == "application/json"


def _given_back(request: HttpRequest, language: str) -> HttpResponse:
    """Tell whoever is no longer signed in that nothing was saved, and give back what they wrote."""
    if by_itself(request):
        return JsonResponse({"conflict": plain(language, SIGNED_OUT)}, status=401)
    written = [
        (label("", name.rpartition("-")[2], language), value)
        for name, value in request.POST.items()
        if value.strip() and name not in _BOOKKEEPING and not name.endswith("-rows")
    ]
    return page(request, "registry/signed_out.html", {"written": written}, 401)


def drawn(
    request: HttpRequest,
    language: str,
    template: str,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    """Render a page for writing, with what was told of the step before it."""
    told = request.session.pop(_TOLD, "")
    given = {"told": Told(language), "just_done": told, **context}
    return page(request, f"registry/{template}.html", given, status)


def led(request: HttpRequest, language: str, path: str, told: str = "") -> HttpResponse:
    """Lead to a page of the registry, where something is told once."""
    if told:
        request.session[_TOLD] = told
    return HttpResponseRedirect(f"/{language}/registry/{quote(path)}")


def token(person: Person, purpose: str) -> str:
    """Make the token of a form for one use."""
    return once.token(person, purpose)


def institutions(person: Person) -> dict[int, Actor]:
    """Give the institutions in which a person has a seat, by number."""
    numbers = {one.actor for one in person.seats if one.actor is not None}
    return {one.pk: one for one in Actor.objects.filter(pk__in=numbers)}


def number(typed: str) -> int:
    """Read a number that a form carries; -1 where it is none, which fits nothing."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1


def clock() -> str:
    """Give the time of the server, in UTC, as pages tell it: `10:42`."""
    return timezone.now().strftime("%H:%M")
