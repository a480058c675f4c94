"""What somebody may see. Everything that lists, counts, finds or exports begins here, so that nothing hidden leaks.

What may not be seen is not found: the answer is the same as for an id that was never given out.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, Q

from sojourn.errors import NotFoundError
from sojourn.web.registry.models import KINDS, Entry, Involvement, Record, Version
from sojourn.web.registry.models import accounts as role
from sojourn.web.registry.models import record as state
from sojourn.web.registry.services import attribution, content, permissions
from sojourn.web.registry.services.permissions import Subject, may
from sojourn.web.registry.services.persons import ANONYMOUS, Person
from sojourn.web.said import quoted, say

_Kind = TypeVar("_Kind", bound=Record)
_ACTORS = Involvement.PART


def visible(person: Person = ANONYMOUS, kind: str = "") -> Any:
    """Give the records that somebody may see, as a query: public ones, and those in work that their seats show.

    Args:
        person: who asks.
        kind: rows of this kind with all their columns; empty: records of every kind.
    """
    model = KINDS[kind] if kind else Record
    if _sees_everything(person):
        return model.objects.all()
    return model.objects.filter(Q(state__in=state.PUBLIC) | _in_work_of(person, ""))


def in_work(person: Person) -> Any:
    """Give the versions that are not published, and that somebody may see: drafts beside a published text too."""
    versions = Version.objects.exclude(state=state.PUBLISHED).select_related("record")
    return versions if _sees_everything(person) else versions.filter(_in_work_of(person, "record__"))


def _sees_everything(person: Person) -> bool:
    return any(one.role == role.AUDITOR for one in person.seats)


def _in_work_of(person: Person, path: str) -> Q:
    """Say which texts in work somebody may see: the table of permissions, as a condition for a query.

    Args:
        path: from what is asked to the record that has an owner.
    """
    roles = {one.role for one in person.seats}
    own = {one.actor for one in person.seats if one.role in (*permissions.WRITERS, role.VALIDATOR)}
    seen = Q(**{f"{path}owner__in": own - {None}})
    if role.DATA_STEWARD in roles:
        seen |= Q(**{f"{path}owner__isnull": True})
    if roles & {role.REVIEWER, role.MODERATOR}:
        seen |= Q(state=state.ENDORSED)
    return seen


def find(person: Person, public_id: str, kind: str = "") -> Any:
    """Find a record that somebody may see, or its tombstone.

    Raises:
        NotFoundError: there is none, or they may not know of it.
    """
    record = Record.objects.filter(public_id=public_id, **({"kind": kind} if kind else {})).first()
    if record is None or not (record.is_tombstone or may(person, "view", subject_of(record))):
        raise NotFoundError(say("There is no record {id}", id=quoted(public_id)))
    return record.entity


def versions(person: Person, entity: Record) -> list[Version]:
    """Give the versions of a record that somebody may see, the oldest first."""
    everything = entity.versions.order_by("number")
    # To see a version hangs on its state and owner alone; who wrote it need not be asked for each.
    return [
        one
        for one in everything
        if may(person, "view", Subject(entity.kind, standing(entity, one), entity.owner_id))
    ]


def shown(person: Person, entity: Entry, text: dict[str, Any]) -> dict[str, Any]:
    """Give a text without what is private to the institution that owns it; see `shown_each`."""
    return shown_each(person, entity, [text])[0]


def shown_each(person: Person, entity: Entry, texts: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give texts of a record without what is private to the institution that owns it.

    A contact is shown where its holder says so (`contact_public`); who spoke, where the rule of the meeting names
    speakers; a link, where whoever reads may know of what it leads to.

    Args:
        person: who reads.
        entity: the record.
        texts: of its versions.
    """
    if may(person, "view", Subject(entity.kind, state.DRAFT, entity.owner_id)):
        return list(texts)
    links = [one.name for one in content.columns(type(entity)) if one.is_relation]
    unknown = _unknown(person, {public_id for text in texts for public_id in _led_to(text, links)})
    return [_bare(entity, text, links, unknown) for text in texts]


def _bare(
    entity: Entry, text: dict[str, Any], links: Collection[str], unknown: Collection[str]
) -> dict[str, Any]:
    public = {"contact"} if text.get("contact_public") else set()
    private = (set(entity.PRIVATE) - public) | attribution.hidden(entity, text)
    private |= {name for name in links if text.get(name) in unknown}
    told = {name: value for name, value in text.items() if name not in private}
    if _ACTORS in told:
        told[_ACTORS] = [row for row in told[_ACTORS] if row.get("actor") not in unknown]
    return told


def _led_to(text: dict[str, Any], links: Collection[str]) -> set[str]:
    """Give the public ids that stand in a text."""
    named = {text.get(name) for name in links} | {row.get("actor") for row in text.get(_ACTORS, ())}
    return {str(one) for one in named if one and ":" not in str(one)}


def _unknown(person: Person, public_ids: Collection[str]) -> set[str]:
    """Give those of some public ids that somebody may not know of; a record that was withdrawn is known."""
    if not public_ids:
        return set()
    named = Record.objects.filter(public_id__in=public_ids)
    hidden = named.exclude(pk__in=visible(person).filter(public_id__in=public_ids).values("pk"))
    return {one.public_id for one in hidden if not one.is_tombstone}


def subject_of(record: Record, version: Version | None = None) -> Subject:
    """Say what is acted on, as far as rights go.

    Args:
        record: the record.
        version: the version that is acted on; None: the public text.
    """
    writers = endorsers = frozenset[int]()
    if version is not None:
        writers = frozenset(version.writers.values_list("pk", flat=True))
        endorsers = frozenset(
            version.endorsements.filter(edit=version.edit).values_list("account", flat=True)
        )
    return Subject(
        kind=record.kind,
        state=standing(record, version) if version is not None else record.state,
        owner=record.owner_id,
        named=_named(record),
        writers=writers,
        endorsers=endorsers,
    )


def standing(record: Record, version: Version) -> str:
    """Give the state of a version as far as rights go: once published, it is as public as its record is now."""
    return str(record.state if version.state == state.PUBLISHED else version.state)


def _named(record: Record) -> frozenset[int]:
    """Give the institutions that a record names: among its actors, or as the speaker of a statement."""
    named = set(record.actors.values_list("actor", flat=True))
    speaker = getattr(record.entity, "actor_id", None)
    return frozenset(named | {speaker} if speaker else named)


def with_newer_draft(records: Any) -> Any:
    """Mark the records of a query of which a newer version is being worked on (`newer`)."""
    newer = Version.objects.filter(record=OuterRef("pk"), number__gt=OuterRef("version"))
    return records.annotate(newer=Exists(newer.exclude(state=state.WITHDRAWN)))


def public_among(model: type[_Kind], keys: Collection[int], *linked: str) -> dict[int, _Kind]:
    """Give those of some records that are public, by their numbers.

    Whether one is public is asked of what was fetched: asked of the database beside so many numbers, it goes
    through all that are public, because it does not know how few are meant.

    Args:
        model: records of every kind, or of one.
        keys: their numbers.
        linked: what is fetched with them.
    """
    rows = model._default_manager.select_related(*linked) if linked else model._default_manager
    return {key: one for key, one in rows.in_bulk(keys).items() if one.is_public}
