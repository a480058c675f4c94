"""The search of the registry: words in any of the six languages, narrowed by kind and theme."""

from __future__ import annotations

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token

from sojourn.errors import UsageError
from sojourn.web.pages.rendering import only, render
from sojourn.web.registry.models import Record, Term, Theme
from sojourn.web.registry.public.overview import KIND_LABELS
from sojourn.web.registry.public.told import Told
from sojourn.web.registry.services import reading
from sojourn.web.registry.services.finding import RANKED, TOP, Found, search
from sojourn.web.registry.services.shelving import THEMES
from sojourn.web.said import say

PAGE = 20
MOST = 200
MOST_PAGES = TOP // PAGE


def search_page(request: HttpRequest, language: str) -> HttpResponse:
    """Show what is found, the best first; what holds some of the words only stands below, and says so."""
    only(request.GET, "q", "kind", "theme", "page")
    text = " ".join(request.GET.get("q", "").split())[:MOST]
    kind, theme = request.GET.get("kind", "")[:24], request.GET.get("theme", "")[:60]
    page = _page_of(request)
    term = (
        Term.objects.filter(vocabulary=THEMES, code=theme).values_list("pk", flat=True).first()
        if theme
        else None
    )
    found = Found((), {}, 0)
    if text and (not theme or term is not None):
        found = search(text, language, kind=kind, theme=term, first=(page - 1) * PAGE, most=PAGE)
    records = reading.public_among(Record, found.keys)
    rows = [records[one] for one in found.keys if one in records]
    context = {
        "q": text,
        "rows": rows[: len(found.keys) - found.some],
        "some": rows[len(found.keys) - found.some :],
        "many": RANKED if found.many else 0,
        "kinds": found.kinds,
        "labels": KIND_LABELS,
        "themes": _themes(found.keys),
        "page": page,
        "more": len(found.keys) == PAGE,
        "asked": {"kind": kind, "theme": theme},
        "told": Told(language, rows),
        # A token would tie the answer to one reader: only those who can keep a search get one.
        "csrf_token": get_token(request) if request.user.is_authenticated else "",
    }
    return render(request, language, "registry/search.html", context)


def _page_of(request: HttpRequest) -> int:
    """Read which page of the answer is asked for.

    Raises:
        UsageError: it is no number.
    """
    text = request.GET.get("page") or "1"
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:6]) <= MOST_PAGES:
        raise UsageError(say("This is no page of the answer"), where="page", accepted=f"1 to {MOST_PAGES}")
    return int(text)


def _themes(keys: tuple[int, ...]) -> list[tuple[str, int]]:
    """Count the themes of what this page shows."""
    rows = Theme.objects.filter(record__in=keys, term__vocabulary=THEMES).order_by()
    counted = rows.values_list("term__code").annotate(Count("record", distinct=True))
    return sorted(counted, key=lambda one: (-one[1], one[0]))
