"""Lists of records of one kind: cut into pages, narrowed by theme, and handed out as a table or as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, JsonResponse

from sojourn.errors import NotFoundError, UsageError
from sojourn.web.pages.rendering import only, render
from sojourn.web.registry.cells import table
from sojourn.web.registry.models import KINDS, Entry, Theme
from sojourn.web.registry.public.overview import KINDS as SHOWN
from sojourn.web.registry.public.told import Told, counted

PAGE = 50
MOST_ROWS = 10_000
THEMES = "gfmd_themes"

_KIND_OF = {slug: kind for slug, kind, _, _ in SHOWN}
_LABEL_OF = {slug: label for slug, _, label, _ in SHOWN}
_LEDE_OF = {slug: lede for slug, _, _, lede in SHOWN}
_ORDER: Mapping[str, tuple[str, ...]] = {
    "meeting": ("-start", "public_id"),
    "instrument": ("adopted", "public_id"),
    "commitment": ("due_day", "record_id"),
    "actor": ("title", "public_id"),
    "body": ("valid_from", "public_id"),
}
_WHEN = {
    "meeting": "start",
    "instrument": "adopted",
    "commitment": "due",
    "body": "valid_from",
    "proposal": "year",
}
_SORT = {
    "actor": ("actor_type", "type"),
    "instrument": ("instrument_kind", "type"),
    "body": ("body_type", "type"),
    "practice": ("practice_kind", "type"),
    "commitment": ("commitment_force", "force"),
}
_EXPORTED = ("public_id", "title", "summary", "original_language", "source", "certainty", "certainty_note")


def listing(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """List the public records of one kind."""
    only(request.GET, "page", "theme", "type")
    kind = kind_of(slug)
    rows = _chosen(request, kind)
    page = page_of(request)
    asked = {name: request.GET.get(name, "") for name in ("theme", "type")}
    vocabulary, column = _SORT.get(kind, ("", ""))
    count, themes, types = counted(
        f"{kind} {asked}", lambda: (rows.count(), facets(kind, Q()), _types(kind, column))
    )
    shown = list(rows.order_by(*_ORDER.get(kind, ("public_id",)))[(page - 1) * PAGE : page * PAGE])
    if page > 1 and not shown:
        raise NotFoundError("There is no such page of the list", accepted=f"1 to {max(1, -(-count // PAGE))}")
    context = {
        "slug": slug,
        "label": _LABEL_OF[slug],
        "lede": _LEDE_OF[slug],
        "rows": shown,
        "count": count,
        "page": page,
        "pages": max(1, -(-count // PAGE)),
        "told": Told(language, shown),
        "when": _WHEN.get(kind, ""),
        "vocabulary": vocabulary,
        "column": column,
        "themes": themes,
        "types": types,
        "asked": asked,
    }
    return render(request, language, "registry/listing.html", context)


def kind_of(slug: str) -> str:
    """Give the kind that a list of this name holds.

    Raises:
        NotFoundError: there is no such list.
    """
    if slug not in _KIND_OF:
        raise NotFoundError(f"There is no list {slug[:40]!r}", accepted=", ".join(_KIND_OF))
    return _KIND_OF[slug]


def _chosen(request: HttpRequest, kind: str) -> Any:
    rows = KINDS[kind].objects.public()
    if theme := request.GET.get("theme"):
        rows = rows.filter(themes__term__vocabulary=THEMES, themes__term__code=theme[:60])
    if (chosen := request.GET.get("type")) and kind in _SORT:
        rows = rows.filter(**{_SORT[kind][1]: chosen[:40]})
    return rows


def page_of(request: HttpRequest) -> int:
    """Read which page of a list is asked for.

    Raises:
        UsageError: it is no number.
    """
    text = request.GET.get("page") or "1"
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:6]) <= 100_000:
        raise UsageError("This is no page of a list", where="page", accepted="1, 2, 3 …")
    return int(text)


def facets(kind: str, condition: Q) -> list[tuple[str, int]]:
    """Count the public records of a kind by theme, the most frequent first."""
    rows = Theme.objects.filter(
        term__vocabulary=THEMES, record__in=KINDS[kind].objects.public().filter(condition).values("pk")
    )
    counted = rows.order_by().values_list("term__code").annotate(found=Count("record", distinct=True))
    return sorted(counted, key=lambda one: (-one[1], one[0]))


def _types(kind: str, column: str) -> list[tuple[str, int]]:
    if not column:
        return []
    counted = KINDS[kind].objects.public().order_by().values_list(column).annotate(Count("pk"))
    return sorted(counted, key=lambda one: (-one[1], one[0]))


def exported(request: HttpRequest, language: str, slug: str, ending: str) -> HttpResponse:
    """Hand out a list as CSV, whose cells no spreadsheet computes, or as JSON."""
    only(request.GET, "theme", "type")
    kind = kind_of(slug)
    rows = _chosen(request, kind).order_by("public_id")[:MOST_ROWS]
    names = [*_EXPORTED, *_own_columns(KINDS[kind])]
    values = [[_plain(getattr(one, name)) for name in names] for one in rows]
    if ending == "json":
        listed = [dict(zip(names, one, strict=True)) for one in values]
        return JsonResponse({"kind": kind, "records": listed}, json_dumps_params={"ensure_ascii": False})
    if ending != "csv":
        raise NotFoundError("There is no such table", accepted="csv, json")
    response = HttpResponse(table(names, values), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}.csv"'
    return response


def _own_columns(model: type[Entry]) -> list[str]:
    """Give the columns that a kind adds, without links, bookkeeping and what is private."""
    own = [one for one in model._meta.local_concrete_fields if not one.is_relation]
    return [one.name for one in own if one.name not in model.PRIVATE and one.name != "contact_public"]


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, (bool, int, list, dict)) else str(value)
