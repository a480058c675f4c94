"""Puts one fact into the registry, once: by its key, published, with an event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone

from sojourn.framework.records import Fact
from sojourn.web.registry.models import KINDS, Record, Text, Version
from sojourn.web.registry.models import record as state
from sojourn.web.registry.services import audit, content
from sojourn.web.registry.services.ids import next_id


@dataclass(slots=True)
class Loaded:
    """What loading has done, and what it looks up on the way.

    Attributes:
        new, changed, same: records.
        kept: facts that a person has edited in the registry: theirs stands.
    """

    new: int = 0
    changed: int = 0
    same: int = 0
    kept: int = 0
    lookup: content.Lookup = field(default_factory=content.Lookup)


def sourced(fact: Fact) -> dict[str, Any]:
    """Give source and certainty of a fact, in its own words beside the grade."""
    disputed = "disputed" in fact.certainty.lower()
    return {
        "source": fact.sources,
        "certainty": "disputed" if disputed else fact.grade,
        "certainty_note": fact.certainty,
    }


@transaction.atomic
def put(loaded: Loaded, kind: str, key: str, year: int, given: Mapping[str, Any]) -> str:
    """Put a fact into the registry.

    Args:
        loaded: counts what is done.
        kind: name of the kind.
        key: of the fact, such as `meeting13_items:CM13-001`; it stays the same in later editions of the facts.
        year: the year that it is about, for its id.
        given: field -> value.

    Returns:
        Its public id.
    """
    text = content.clean(kind, given, loaded.lookup)
    record = Record.objects.filter(fact=key).first()
    if record is None:
        loaded.new += 1
        return _begin(kind, key, year, text)
    newest = record.versions.order_by("-number").first()
    if newest.content == text:
        loaded.same += 1
    elif Version.writers.through.objects.filter(version__record=record).exists() or not record.is_public:
        loaded.kept += 1
    else:
        loaded.changed += 1
        _follow(record, newest, text)
    return str(record.public_id)


def _begin(kind: str, key: str, year: int, text: Mapping[str, Any]) -> str:
    now = timezone.now()
    entity = KINDS[kind](kind=kind, fact=key, created=now, changed=now)
    entity.public_id = next_id(KINDS[kind], year)
    content.put(entity, text)
    entity.state, entity.published_version, entity.published_at = state.PUBLISHED, 1, now
    entity.save(force_insert=True)
    content.put_parts(entity, text, new=True)
    _version(entity, 1, 0, text)
    return str(entity.public_id)


def _follow(record: Record, last: Version, text: Mapping[str, Any]) -> None:
    entity = record.entity
    content.put(entity, text)
    entity.version = entity.published_version = last.number + 1
    entity.published_at = entity.changed = timezone.now()
    entity.save()
    content.put_parts(entity, text)
    entity.texts.filter(field__in=content.difference(last.content, text)).update(stale=True)
    _version(entity, last.number + 1, last.edit + 1, text)


def _version(record: Record, number: int, edit: int, text: Mapping[str, Any]) -> None:
    now = timezone.now()
    Version.objects.create(
        record_id=record.pk,
        number=number,
        edit=edit,
        state=state.PUBLISHED,
        content=dict(text),
        created=now,
        changed=now,
        published_at=now,
    )
    audit.note(
        "loaded",
        record.public_id,
        version=number,
        told={"edit": edit, "text": audit.digest(text), "fact": record.fact},
    )


def name_in(public_id: str, language: str, text: str, status: str = "official") -> None:
    """Give a record's title in another language; a title that a person has given stays."""
    record = Record.objects.get(public_id=public_id)
    own = record.texts.filter(field="title", language=language)
    if own.filter(by__isnull=False).exists():
        return
    given = {
        "text": text,
        "version": record.version,
        "status": status,
        "stale": False,
        "changed": timezone.now(),
    }
    Text.objects.update_or_create(record=record, field="title", language=language, defaults=given)
