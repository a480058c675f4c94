"""Search: series, areas, targets and indicators by what people call them, in any of the six languages."""

from __future__ import annotations

from contextlib import suppress
from functools import cache

from django.http import HttpRequest, HttpResponse

from sojourn import areas, framework
from sojourn.areas.spelling import key
from sojourn.errors import NotFoundError
from sojourn.framework.records import Target
from sojourn.release.find import find_series
from sojourn.web.pages.rendering import only, render

MOST = 30


def search(request: HttpRequest, language: str) -> HttpResponse:
    """Show what a text may mean."""
    only(request.GET, "q")
    text = " ".join(request.GET.get("q", "").split())[:200]
    context = {
        "q": text,
        "series": _series(request, text) if text else [],
        "areas": _areas(text) if text else [],
        "targets": _targets(text) if text else [],
    }
    return render(request, language, "search.html", context)


def _series(request: HttpRequest, text: str) -> list[tuple[str, dict[str, object]]]:
    known = request.holding.series
    try:
        return [(code, known[code]) for code in find_series(text, known)[:MOST]]
    except NotFoundError:
        return []


def _areas(text: str) -> list[str]:
    """List areas whose name, in any language, begins a word with the text; or whose code it is."""
    wanted, found = key(text), []
    with suppress(NotFoundError):
        found.append(areas.resolve(text))
    if wanted:
        found += [area for area, names in _names() if f" {wanted}" in names]
    return list(dict.fromkeys(found))[:MOST]


@cache
def _names() -> tuple[tuple[str, str], ...]:
    """Give each area with the keys of its names in all languages, each begun by a space."""
    codes = areas.table()["area"]
    return tuple(
        (one, " ".join(" " + key(areas.name(one, language)) for language in areas.LANGUAGES)) for one in codes
    )


def _targets(text: str) -> list[Target]:
    wanted = key(text)
    listed = framework.load().targets
    return [one for one in listed if wanted and (one.target == text or wanted in key(one.label_own_words))][
        :MOST
    ]
