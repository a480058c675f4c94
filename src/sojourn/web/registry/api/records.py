"""Reading: lists of public records, one record, its versions, and the texts in work that a key may see."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router

from sojourn.errors import NotFoundError
from sojourn.web.pages.rendering import only
from sojourn.web.registry.api import choosing, schemas
from sojourn.web.registry.api.answers import address, answer, further
from sojourn.web.registry.api.keys import OPTIONAL, READS, WRITES, insider, reader
from sojourn.web.registry.models import KINDS, Attachment, Record, Version
from sojourn.web.registry.models import record as state
from sojourn.web.registry.public import tables
from sojourn.web.registry.public.listing import cursor, edge_of
from sojourn.web.registry.services import attribution, reading, shelving
from sojourn.web.registry.services.attaching import public_files
from sojourn.web.registry.writing.opened import opened

router = Router(tags=["registry"])

_CHOICE = ("kind", "theme", "type")


@router.get(
    "/records",
    response={200: schemas.Listed, **schemas.READING},
    auth=READS,
    summary="Public records of a kind, by stretches",
    openapi_extra=OPTIONAL,
)
def listed(request: HttpRequest, page: Query[schemas.Stretch]) -> HttpResponse:
    """List the public records of a kind as the site orders them; by `Accept: text/csv` the whole table."""
    only(request.GET, *_CHOICE, "after", "per_page")
    choosing.check(page.kind, page.theme, page.type)
    kind = page.kind
    if request.META.get("HTTP_ACCEPT", "").partition(";")[0].strip() == "text/csv":
        return _table(page, "csv")
    shelf = shelving.shelf_of(kind, page.theme, page.type)
    part = shelving.stretch(shelf, page.per_page, after=edge_of(request, "after"))
    found = reading.public_among(KINDS[kind], part.keys, *tables.LINKED.get(kind, ()))
    rows = [found[one] for one in part.keys if one in found]
    return answer(
        {
            "kind": kind,
            "total": shelf.records if shelf else 0,
            "per_page": page.per_page,
            "next": further(request, cursor(part.last)) if part.after else None,
            "records": [_row(one) for one in rows],
        }
    )


@router.get(
    "/records.{ending}",
    response={200: None, **schemas.READING},
    auth=READS,
    summary="Public records of a kind, as a table",
    openapi_extra=OPTIONAL,
)
def table(request: HttpRequest, ending: Path[schemas.Ending], chosen: Query[schemas.Chosen]) -> HttpResponse:
    """Give all public records that are meant in one table, as csv or json, however many they are."""
    only(request.GET, *_CHOICE)
    choosing.check(chosen.kind, chosen.theme, chosen.type)
    return _table(chosen, ending.ending)


@router.get(
    "/records/{public_id}",
    response={200: schemas.Shown, **schemas.ONE},
    auth=READS,
    summary="One record",
    openapi_extra=OPTIONAL,
)
def record(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give the newest version of a record that whoever asks may see; for most that is the published one."""
    only(request.GET)
    found = opened(reader(request), public_id)
    entity, version = found.entity, found.version
    return answer(
        {
            "public_id": entity.public_id,
            "kind": entity.kind,
            "state": reading.standing(entity, version),
            "version": version.number,
            "published_version": entity.published_version,
            "published_at": _moment(version.published_at),
            "owner": _owner(entity),
            "edit": version.edit if found.in_work else None,
            "content": found.content,
            "annotation": entity.annotation,
            "files": [_file(entity, one) for one in public_files(entity)],
            "href": address("records", str(entity.public_id)),
        }
    )


@router.get(
    "/records/{public_id}/versions",
    response={200: schemas.Versions, **schemas.ONE},
    auth=READS,
    summary="Versions of a record",
    openapi_extra=OPTIONAL,
)
def versions(request: HttpRequest, public_id: str) -> HttpResponse:
    """Give the versions of a record that whoever asks may see, with their whole texts, the oldest first."""
    only(request.GET)
    person = reader(request)
    entity = opened(person, public_id).entity
    versions = reading.versions(person, entity)
    texts = reading.shown_each(person, entity, [one.content for one in versions])
    past = [_past(entity, one, text) for one, text in zip(versions, texts, strict=True)]
    return answer({"public_id": entity.public_id, "kind": entity.kind, "versions": past})


@router.get(
    "/drafts",
    response={200: schemas.Drafts, **schemas.SECRET},
    auth=WRITES,
    summary="Texts in work that a key may see",
)
def drafts(request: HttpRequest, page: Query[schemas.Work]) -> HttpResponse:
    """List the texts that are not published, and that the seat of the key may see."""
    only(request.GET, "after", "per_page")
    rows = reading.in_work(insider(request)).exclude(state=state.WITHDRAWN).filter(pk__gt=page.after)
    found = list(rows.order_by("pk")[: page.per_page + 1])
    shown = found[: page.per_page]
    return answer(
        {
            "per_page": page.per_page,
            "next": further(request, shown[-1].pk) if len(found) > len(shown) else None,
            "drafts": [written(one) | {"title": one.content["title"]} for one in shown],
        }
    )


def written(version: Version) -> dict[str, Any]:
    """Say which text in work is meant, and where it stands."""
    name = str(version.record.public_id)
    return {
        "public_id": name,
        "kind": version.record.kind,
        "version": version.number,
        "state": version.state,
        "edit": version.edit,
        "href": address("records", name),
    }


def _table(chosen: schemas.Chosen, ending: str) -> HttpResponse:
    if ending not in tables.ENDINGS:
        raise NotFoundError(f"There is no format {ending[:20]!r}", accepted=", ".join(tables.ENDINGS))
    return tables.handed_out(chosen.kind, ending, chosen.kind, theme=chosen.theme, of_type=chosen.type)


def _row(entity: Any) -> dict[str, Any]:
    return {
        **tables.row_of(entity),
        "state": entity.state,
        "version": entity.published_version,
        "published_at": _moment(entity.published_at),
        "href": address("records", str(entity.public_id)),
    }


def _past(entity: Any, version: Version, text: dict[str, Any]) -> dict[str, Any]:
    return {
        "version": version.number,
        "state": reading.standing(entity, version),
        "published_at": _moment(version.published_at),
        "content": text,
    }


def _owner(entity: Record) -> str | None:
    """Name the institution that answers for a text, unless that would tell who spoke."""
    owner = entity.owner
    return str(owner.public_id) if owner and owner.is_public and attribution.names_owner(entity) else None


def _file(entity: Record, one: Attachment) -> dict[str, Any]:
    return {
        "name": one.name,
        "media_type": one.media_type,
        "size": one.size,
        "sha256": one.sha256,
        "href": f"/en/registry/records/{entity.public_id}/files/{one.pk}",
    }


def _moment(at: Any) -> str | None:
    return at.isoformat(timespec="seconds") if at is not None else None
