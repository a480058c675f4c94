"""The way of a text: written, submitted, endorsed by its own institution, reviewed, published, withdrawn.

    draft ──submit──► submitted ──endorse──► endorsed ──two reviews, publish──► published ──► withdrawn, archived
      ▲                   │                     │                                   │
      └──── edit ◄── returned ◄─────────────────┘            revise: a draft of the next version beside it

Every step names the count of saves that the person has seen (`edit`): nobody approves a text that was changed under
their eyes, and a save over another's is a conflict that carries both texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from sojourn.errors import NotFoundError, UsageError
from sojourn.web.languages import N_
from sojourn.web.registry.faults import InvalidError
from sojourn.web.registry.models import KINDS, Record, Reply, Version
from sojourn.web.registry.models import record as state
from sojourn.web.registry.services import audit, content, indexing
from sojourn.web.registry.services.ids import next_id
from sojourn.web.registry.services.permissions import Subject
from sojourn.web.registry.services.persons import Held, Person
from sojourn.web.registry.services.publishing import put_in_place
from sojourn.web.registry.services.reading import find, subject_of, visible
from sojourn.web.registry.services.reviewing import NEEDED, in_favour
from sojourn.web.registry.services.steps import allowed, lock, newest, note, take
from sojourn.web.said import say

FIXED = N_("A reply stays with the record that it answers.")


@transaction.atomic
def create(
    person: Person,
    kind: str,
    given: Mapping[str, Any],
    *,
    owner: int | None = None,
    lookup: content.Lookup | None = None,
) -> Version:
    """Begin a record as a draft.

    Args:
        person: who writes.
        kind: name of the kind.
        given: field -> value.
        owner: number of the institution that answers for it; None: the registry itself.
        lookup: shared by many calls, in an import.

    Returns:
        The first version.

    Raises:
        DeniedError: they may not begin such a record for that institution.
        InvalidError: a field does not fit.
    """
    if kind not in KINDS:
        raise NotFoundError(f"There is no kind {kind[:40]!r}", accepted=", ".join(KINDS))
    seat = allowed(person, "create", Subject(kind, state.DRAFT, owner))
    return _begin(person, seat, kind, given, owner, lookup)


def _begin(
    person: Person,
    seat: Held,
    kind: str,
    given: Mapping[str, Any],
    owner: int | None,
    lookup: content.Lookup | None = None,
) -> Version:
    known = lookup or content.Lookup(visible(person))
    text = content.clean(kind, given, known)
    now = timezone.now()
    entity = KINDS[kind](kind=kind, owner_id=owner, created=now, changed=now)
    entity.public_id = next_id(KINDS[kind], now.year)
    content.put(entity, text, known)
    entity.save(force_insert=True)
    content.put_parts(entity, text, known, new=True)
    version = Version.objects.create(record=entity, number=1, content=text, created=now, changed=now)
    version.writers.add(person.account)
    note("created", version, person, seat, {"text": audit.digest(text), "owner": owner})
    return version


@transaction.atomic
def edit(person: Person, public_id: str, given: Mapping[str, Any], *, edit: int) -> Version:
    """Save changes to the text in work.

    Args:
        given: field -> new value; what is not named stays.
        edit: count of saves of the text that was changed.

    Raises:
        NotFoundError, DeniedError, InvalidError: as their names say.
        ConflictError: somebody saved in between; nothing is written.
    """
    version, seat = take(person, public_id, "edit", edit, given)
    before = version.content
    _check_fixed(version, given)
    text = content.clean(version.record.kind, given, content.Lookup(visible(person)), before)
    version.content = text
    version.edit += 1
    _save(version, state.DRAFT)
    version.writers.add(person.account)
    _show_unpublished(version)
    note("edited", version, person, seat, {"changes": content.difference(before, text)})
    return version


@transaction.atomic
def revise(person: Person, public_id: str) -> Version:
    """Begin the next version of a published text, beside it.

    Raises:
        UsageError: a next version is in work already.
    """
    record = lock(find(person, public_id))
    seat = allowed(person, "revise", subject_of(record))
    last = newest(record)
    if last.state not in (state.PUBLISHED, state.ARCHIVED, state.WITHDRAWN):
        raise UsageError(say("A next version of this text is already being worked on"))
    now = timezone.now()
    text = record.versions.get(number=record.published_version).content
    # The count of saves runs on through all versions, so that what was seen of one is never taken for the next.
    version = Version.objects.create(
        record_id=record.pk,
        number=last.number + 1,
        edit=last.edit + 1,
        content=text,
        created=now,
        changed=now,
    )
    version.writers.add(person.account)
    note("revised", version, person, seat)
    return version


@transaction.atomic
def submit(person: Person, public_id: str, *, edit: int) -> Version:
    """Hand a text to the validator of the own institution."""
    version, seat = take(person, public_id, "submit", edit)
    _save(version, state.SUBMITTED)
    _show_unpublished(version)
    note("submitted", version, person, seat)
    return version


@transaction.atomic
def endorse(person: Person, public_id: str, *, edit: int) -> Version:
    """Stand behind a text for the own institution. Whoever wrote any of it cannot."""
    version, seat = take(person, public_id, "endorse", edit)
    version.endorsements.create(
        account_id=person.account, seat_id=seat.seat, edit=version.edit, at=timezone.now()
    )
    _save(version, state.ENDORSED)
    _show_unpublished(version)
    note("endorsed", version, person, seat, {"text": audit.digest(version.content)})
    return version


@transaction.atomic
def send_back(person: Person, public_id: str, reason: str, *, edit: int) -> Version:
    """Return a text to its writers, with the reason.

    Raises:
        InvalidError: there is no reason.
    """
    version, seat = take(person, public_id, "return", edit)
    version.reason = _reason(reason)
    _save(version, state.RETURNED)
    _show_unpublished(version)
    note("returned", version, person, seat, {"reason": version.reason})
    return version


@transaction.atomic
def publish(person: Person, public_id: str, *, edit: int) -> Version:
    """Publish an endorsed text that two reviewers without a conflict of interest advise to publish.

    Raises:
        UsageError: the reviews are not there, or not in favour.
    """
    version, seat = take(person, public_id, "publish", edit)
    if in_favour(version) < NEEDED:
        raise UsageError(
            say("A text is published once two reviewers without a conflict of interest advise it"),
            accepted=say("{count} so far", count=in_favour(version)),
        )
    put_in_place(version)
    note("published", version, person, seat, {"text": audit.digest(version.content)})
    return version


@transaction.atomic
def discard(person: Person, public_id: str, *, edit: int) -> Version:
    """Give up a text in work; what is published of the record stays."""
    version, seat = take(person, public_id, "discard", edit)
    _save(version, state.WITHDRAWN)
    _show_unpublished(version)
    note("discarded", version, person, seat)
    return version


@transaction.atomic
def withdraw(person: Person, public_id: str, reason: str) -> Record:
    """Withdraw a published record. Its id and the reason stay; the text is no longer shown.

    A next version in work ends with it: nothing of the record is published any more.
    """
    return _close(person, public_id, "withdraw", state.WITHDRAWN, reason)


@transaction.atomic
def archive(person: Person, public_id: str, reason: str) -> Record:
    """Archive a published record: it is still read, and no longer kept up."""
    return _close(person, public_id, "archive", state.ARCHIVED, reason)


@transaction.atomic
def reply(person: Person, public_id: str, title: str, summary: str) -> Version:
    """Begin the reply of an institution that a published record names, to be shown beside it."""
    about = find(person, public_id)
    seat = allowed(person, "reply", subject_of(about))
    given = {
        "about": public_id,
        "about_version": about.published_version,
        "title": title,
        "summary": summary,
    }
    return _begin(person, seat, Reply.KIND, given, seat.actor)


def _check_fixed(version: Version, given: Mapping[str, Any]) -> None:
    """Refuse to let a reply answer another record than the one that gave the right to it."""
    if version.record.kind != Reply.KIND:
        return
    moved = [
        one
        for one in ("about", "about_version")
        if given.get(one, version.content[one]) != version.content[one]
    ]
    if moved:
        raise InvalidError(dict.fromkeys(moved, FIXED))


def _save(version: Version, to: str) -> None:
    version.state = to
    version.changed = timezone.now()
    version.save()


def _show_unpublished(version: Version) -> None:
    """Let the record's own row show the text in work, as long as nothing of it was ever published."""
    record = version.record
    if record.published_version is not None:
        return
    entity = record.entity
    entity.state, entity.version, entity.changed = version.state, version.number, version.changed
    content.put(entity, version.content)
    entity.save()
    content.put_parts(entity, version.content)


def _close(person: Person, public_id: str, action: str, to: str, reason: str) -> Record:
    record = lock(find(person, public_id))
    record.refresh_from_db()
    seat = allowed(person, action, subject_of(record))
    record.state, record.closing_reason, record.changed = to, _reason(reason), timezone.now()
    record.save(update_fields=["state", "closing_reason", "changed"])
    if to == state.WITHDRAWN:
        indexing.remove(record)
        _end_work(record, person, seat)
    told = {"reason": record.closing_reason}
    version = record.versions.get(number=record.published_version)
    verb = {state.WITHDRAWN: "withdrawn", state.ARCHIVED: "archived"}[to]
    note(verb, version, person, seat, told)
    return record


def _end_work(record: Record, person: Person, seat: Held) -> None:
    """Give up the version that was being worked on when its record was withdrawn."""
    last = newest(record)
    if last.state in (state.DRAFT, state.SUBMITTED, state.RETURNED, state.ENDORSED):
        _save(last, state.WITHDRAWN)
        note("discarded", last, person, seat)


def _reason(given: str) -> str:
    if not given.strip():
        raise InvalidError({"reason": content.NEEDED})
    return given.strip()[: content.LONGEST]
