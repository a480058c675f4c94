"""Lists of records as tables for other programs: whole, however long, as CSV or as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, StreamingHttpResponse

from sojourn.errors import NotFoundError
from sojourn.web.pages.rendering import only
from sojourn.web.registry.cells import table
from sojourn.web.registry.models import KINDS, Entry
from sojourn.web.registry.public.listing import kind_of
from sojourn.web.registry.services.shelving import THEMES, TYPE

_AT_ONCE = 1_000
_OF_ALL = ("public_id", "title", "summary", "original_language", "source", "certainty", "certainty_note")


def _chosen(request: HttpRequest, kind: str) -> Any:
    rows = KINDS[kind].objects.public()
    if theme := request.GET.get("theme"):
        rows = rows.filter(themes__term__vocabulary=THEMES, themes__term__code=theme[:60])
    if (chosen := request.GET.get("type")) and kind in TYPE:
        rows = rows.filter(**{TYPE[kind]: chosen[:40]})
    return rows


def exported(request: HttpRequest, language: str, slug: str, ending: str) -> StreamingHttpResponse:
    """Hand out a list as CSV, whose cells no spreadsheet computes, or as JSON."""
    only(request.GET, "theme", "type")
    kind = kind_of(slug)
    if ending not in _WRITERS:
        raise NotFoundError("There is no such table", accepted=", ".join(_WRITERS))
    write, media = _WRITERS[ending]
    rows = _chosen(request, kind).order_by("public_id")
    response = StreamingHttpResponse(write(kind, rows), content_type=media)
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}.{ending}"'
    return response


def columns_of(model: type[Entry]) -> list[str]:
    """Give the columns of a kind that everybody may have: no links, no bookkeeping, nothing private."""
    own = [one for one in model._meta.local_concrete_fields if not one.is_relation]
    private = {*model.PRIVATE, "contact_public"}
    return [*_OF_ALL, *(one.name for one in own if one.name not in private)]


def _csv(kind: str, rows: Any) -> Iterator[bytes]:
    names = columns_of(KINDS[kind])
    written: list[list[Any]] = []
    head = True
    for one in rows.iterator(chunk_size=_AT_ONCE):
        written.append([plain_value(getattr(one, name)) for name in names])
        if len(written) == _AT_ONCE:
            yield table(names, written, head=head)
            written, head = [], False
    if written or head:
        yield table(names, written, head=head)


def _json(kind: str, rows: Any) -> Iterator[bytes]:
    names = columns_of(KINDS[kind])
    yield f'{{"kind": "{kind}", "records": ['.encode()
    between = "\n"
    for one in rows.iterator(chunk_size=_AT_ONCE):
        record = {name: plain_value(getattr(one, name)) for name in names}
        yield (between + json.dumps(record, ensure_ascii=False)).encode()
        between = ",\n"
    yield b"\n]}\n"


_WRITERS = {"csv": (_csv, "text/csv; charset=utf-8"), "json": (_json, "application/json")}


def plain_value(value: Any) -> Any:
    """Give a value as JSON can hold it."""
    return value if value is None or isinstance(value, (bool, int, list, dict)) else str(value)
