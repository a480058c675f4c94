"""Lists of records of one kind: read from its shelf, and narrowed by theme and type."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from sojourn.errors import NotFoundError, UsageError
from sojourn.web.pages.rendering import only, render
from sojourn.web.registry.models import KINDS
from sojourn.web.registry.models.shelves import LONGEST_KEY
from sojourn.web.registry.public.overview import KINDS as SHOWN
from sojourn.web.registry.public.told import Told
from sojourn.web.registry.services import reading, shelving
from sojourn.web.said import say

PAGE = 50

_KIND_OF = {slug: kind for slug, kind, _, _ in SHOWN}
_LABEL_OF = {slug: label for slug, _, label, _ in SHOWN}
_LEDE_OF = {slug: lede for slug, _, _, lede in SHOWN}
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


def listing(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    """List the public records of one kind, a stretch of a shelf at a time."""
    only(request.GET, "after", "before", "theme", "type")
    kind = kind_of(slug)
    asked = {name: request.GET.get(name, "")[:60] for name in ("theme", "type")}
    shelf = shelving.shelf_of(kind, asked["theme"], asked["type"] if kind in shelving.TYPE else "")
    part = shelving.stretch(shelf, PAGE, after=edge_of(request, "after"), before=edge_of(request, "before"))
    found = reading.public_among(KINDS[kind], part.keys)
    shown = [found[one] for one in part.keys if one in found]
    vocabulary, column = _SORT.get(kind, ("", ""))
    context = {
        "slug": slug,
        "label": _LABEL_OF[slug],
        "lede": _LEDE_OF[slug],
        "rows": shown,
        "count": shelf.records if shelf else 0,
        "earlier": cursor(part.first) if part.before else "",
        "later": cursor(part.last) if part.after else "",
        "told": Told(language, shown),
        "when": _WHEN.get(kind, ""),
        "vocabulary": vocabulary,
        "column": column,
        "themes": shelving.themes_of(kind),
        "types": shelving.types_of(kind),
        "asked": asked,
    }
    return render(request, language, "registry/listing.html", context)


def cursor(edge: tuple[str, int] | None) -> str:
    """Write where a stretch of a list ends, for an address.

    >>> cursor(("2015-07-31", 12))
    '12.2015-07-31'
    """
    return f"{edge[1]}.{edge[0]}" if edge else ""


def edge_of(request: HttpRequest, name: str) -> tuple[str, int] | None:
    """Read where a list goes on; None: at its beginning.

    Raises:
        UsageError: no list ends there.
    """
    number, point, key = request.GET.get(name, "").partition(".")
    if not number:
        return None
    if not (point and number.isascii() and number.isdigit() and len(number) < 19 and len(key) <= LONGEST_KEY):
        raise UsageError(
            say("This is no place in a list"), where=name, accepted=say("as the list itself gives it")
        )
    return key, int(number)


def kind_of(slug: str) -> str:
    """Give the kind that a list of this name holds.

    Raises:
        NotFoundError: there is no such list.
    """
    if slug not in _KIND_OF:
        raise NotFoundError(f"There is no list {slug[:40]!r}", accepted=", ".join(_KIND_OF))
    return _KIND_OF[slug]
