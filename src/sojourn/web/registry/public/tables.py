"""Lists of records as tables for other programs: whole, however long, as CSV or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse

from sojourn.errors import NotFoundError
from sojourn.web.pages.rendering import only
from sojourn.web.registry.cells import table
from sojourn.web.registry.models import KINDS, Entry, Statement
from sojourn.web.registry.public.listing import kind_of
from sojourn.web.registry.public.relations import related, relations_of
from sojourn.web.registry.services import attribution
from sojourn.web.registry.services.shelving import THEMES, TYPE

LINKED: Mapping[str, tuple[str, ...]] = {Statement.KIND: ("agenda_item__meeting",)}
"""What is fetched with a record of a kind, because it says who may be named."""

_AT_ONCE = 1_000
_OF_ALL = ("public_id", "title", "summary", "original_language", "source", "certainty", "certainty_note")


def exported(request: HttpRequest, language: str, slug: str, ending: str) -> StreamingHttpResponse:
    """Hand out a list as CSV, whose cells no spreadsheet computes, or as JSON."""
    only(request.GET, "theme", "type")
    kind = kind_of(slug)
    if ending not in ENDINGS:
        raise NotFoundError("There is no such table", accepted=", ".join(ENDINGS))
    theme, of_type = request.GET.get("theme", ""), request.GET.get("type", "")
    return handed_out(kind, ending, slug, theme=theme[:60], of_type=of_type[:40])


def handed_out(
    kind: str, ending: str, name: str, *, theme: str = "", of_type: str = ""
) -> StreamingHttpResponse:
    """Hand out all public records of a kind as a file.

    Args:
        kind: name of the kind.
        ending: of `ENDINGS`.
        name: of the file, without ending.
        theme, of_type: only records with this theme, and of this type; empty: all.
    """
    rows = public_rows(kind)
    if theme:
        rows = rows.filter(themes__term__vocabulary=THEMES, themes__term__code=theme)
    if of_type and kind in TYPE:
        rows = rows.filter(**{TYPE[kind]: of_type})
    write, media = _WRITERS[ending]
    response = StreamingHttpResponse(write(kind, rows.order_by("public_id")), content_type=media)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response


def public_rows(kind: str) -> Any:
    """Give the public records of a kind as a query, with what is needed to know who may be named."""
    return with_linked(KINDS[kind]).public()


def with_linked(model: type[Entry]) -> Any:
    """Give the records of a kind, whoever may see them, with what is needed to know who may be named."""
    linked = LINKED.get(model.KIND)
    return model.objects.select_related(*linked) if linked else model.objects.all()


def columns_of(model: type[Entry]) -> list[str]:
    """Give the columns of a kind that everybody may have: no links, no bookkeeping, nothing private."""
    own = [one for one in model._meta.local_concrete_fields if not one.is_relation]
    private = {*model.PRIVATE, "contact_public"}
    return [*_OF_ALL, *(one.name for one in own if one.name not in private)]


def row_of(entity: Entry) -> dict[str, Any]:
    """Give a public record as a row: column -> value; nothing stands where the rule of a meeting hides who spoke."""
    hidden = attribution.hidden(entity) if isinstance(entity, Statement) else frozenset()
    names = columns_of(type(entity))
    return {name: None if name in hidden else plain_value(getattr(entity, name)) for name in names}


def _full_rows(kind: str, rows: Any) -> Iterator[list[dict[str, Any]]]:
    """Give the rows of a table with what each record stands beside, so many at once."""
    for part in batched(rows.iterator(chunk_size=_AT_ONCE), _AT_ONCE):
        beside = related(KINDS[kind], part)
        yield [{**row_of(one), **more} for one, more in zip(part, beside, strict=True)]


def _csv(kind: str, rows: Any) -> Iterator[bytes]:
    names = [*columns_of(KINDS[kind]), *relations_of(KINDS[kind])]
    yield table(names, [])
    for part in _full_rows(kind, rows):
        yield table(names, [[*one.values()] for one in part], head=False)


def _json(kind: str, rows: Any) -> Iterator[bytes]:
    yield f'{{"kind": "{kind}", "records": ['.encode()
    between = "\n"
    for part in _full_rows(kind, rows):
        for one in part:
            yield (between + json.dumps(one, ensure_ascii=False)).encode()
            between = ",\n"
    yield b"\n]}\n"


def batched(rows: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Give rows in lists of so many.

    >>> list(batched([1, 2, 3], 2))
    [[1, 2], [3]]
    """
    left = iter(rows)
    while part := list(islice(left, size)):
        yield part


_WRITERS = {"csv": (_csv, "text/csv; charset=utf-8"), "json": (_json, "application/json")}

ENDINGS = tuple(_WRITERS)
"""The formats that there are, by the ending of a file."""


def plain_value(value: Any) -> Any:
    """Give a value as JSON can hold it."""
    return value if value is None or isinstance(value, (bool, int, list, dict)) else str(value)
