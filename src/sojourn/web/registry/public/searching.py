"""The search of the registry: words in any of the six languages, narrowed by kind and theme."""

from __future__ import annotations

from django.db.models import Count
from django.http import HttpRequest, HttpResponse

from sojourn.web.pages.rendering import only, render
from sojourn.web.registry.models import Record, Term, Theme
from sojourn.web.registry.public.listing import THEMES, page_of
from sojourn.web.registry.public.overview import KIND_LABELS
from sojourn.web.registry.public.told import Told
from sojourn.web.registry.services.finding import Found, search

PAGE = 20
MOST = 200


def search_page(request: HttpRequest, language: str) -> HttpResponse:
    """Show what is found, the best first; what holds some of the words only stands below, and says so."""
    only(request.GET, "q", "kind", "theme", "page")
    text = " ".join(request.GET.get("q", "").split())[:MOST]
    kind, theme = request.GET.get("kind", "")[:24], request.GET.get("theme", "")[:60]
    page = page_of(request)
    term = (
        Term.objects.filter(vocabulary=THEMES, code=theme).values_list("pk", flat=True).first()
        if theme
        else None
    )
    found = Found((), {}, 0)
    if text and (not theme or term is not None):
        found = search(text, language, kind=kind, theme=term, first=(page - 1) * PAGE, most=PAGE)
    records = {one.pk: one for one in Record.objects.public().filter(pk__in=found.keys)}
    rows = [records[one] for one in found.keys if one in records]
    context = {
        "q": text,
        "rows": rows[: len(found.keys) - found.some],
        "some": rows[len(found.keys) - found.some :],
        "kinds": found.kinds,
        "labels": KIND_LABELS,
        "themes": _themes(found.keys),
        "page": page,
        "more": len(found.keys) == PAGE,
        "asked": {"kind": kind, "theme": theme},
        "told": Told(language, rows),
    }
    return render(request, language, "registry/search.html", context)


def _themes(keys: tuple[int, ...]) -> list[tuple[str, int]]:
    """Count the themes of what this page shows."""
    rows = Theme.objects.filter(record__in=keys, term__vocabulary=THEMES).order_by()
    counted = rows.values_list("term__code").annotate(Count("record", distinct=True))
    return sorted(counted, key=lambda one: (-one[1], one[0]))
