"""Search: what people ask for, in any of the six languages, and why each answer is one."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from markupsafe import Markup

from sojourn import framework
from sojourn.web.finding import Found, Reason, find
from sojourn.web.finding.hits import Told
from sojourn.web.languages import area_name, translate
from sojourn.web.pages.rendering import only, render
from sojourn.web.words import COLUMNS

LONGEST, ECHOED = 200, 60
"""Letters that are searched for, and those that the head of the page repeats."""

FIRST = 6
"""Answers that are shown with their reasons."""

_COMMAS = {"ar": "، ", "zh": "、"}


def search(request: HttpRequest, language: str) -> HttpResponse:
    """Show what a text may mean."""
    only(request.GET, "q")
    asked = " ".join(request.GET.get("q", "").split())
    text = asked[:LONGEST]
    found = find(text, request.holding, request.deadline.check) if text else Found()
    facts = framework.load()
    context = {
        "q": text,
        "echo": text if len(text) <= ECHOED else text[: ECHOED - 1] + "…",
        "cut": LONGEST if len(asked) > LONGEST else 0,
        "found": found,
        "first": found.hits[:FIRST],
        "more": found.hits[FIRST:],
        "close": [one for one in found.areas if one not in {hit.code for hit in found.hits}],
        "because": partial(because, language),
        "targets": {one.target: one for one in facts.targets},
        "indicators": {one.code: one for one in facts.indicators},
        "goals": {str(one.number): one for one in facts.goals},
    }
    return render(request, language, "search.html", context)


def because(language: str, reason: Reason) -> Markup:
    """Say a reason in a language.

    >>> str(because("en", Reason("It has numbers of {areas}.", {"areas": ("MEX", "USA")})))
    'It has numbers of Mexico, United States.'
    """
    filled = {name: _told(language, name, value) for name, value in reason.fields.items()}
    return translate(language, reason.text, **filled)


def _told(language: str, name: str, value: Told) -> Markup | str | int:
    if not isinstance(value, tuple):
        return value
    named = [
        area_name(one, language) if name == "areas" else translate(language, COLUMNS[one]) for one in value
    ]
    return Markup(_COMMAS.get(language, ", ")).join(named)
