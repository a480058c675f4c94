"""Search: series, areas, targets and indicators by what people call them, in any of the six languages."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from sojourn import framework
from sojourn.web.finding import Found, find
from sojourn.web.pages.rendering import only, render

LONGEST, ECHOED = 200, 60
"""Letters that are searched for, and those that the head of the page repeats."""


def search(request: HttpRequest, language: str) -> HttpResponse:
    """Show what a text may mean."""
    only(request.GET, "q")
    asked = " ".join(request.GET.get("q", "").split())
    text = asked[:LONGEST]
    facts = framework.load()
    context = {
        "q": text,
        "echo": text if len(text) <= ECHOED else text[: ECHOED - 1] + "…",
        "cut": LONGEST if len(asked) > LONGEST else 0,
        "found": find(text, request.holding) if text else Found((), (), (), ()),
        "targets": {one.target: one for one in facts.targets},
        "indicators": {one.code: one for one in facts.indicators},
    }
    return render(request, language, "search.html", context)
