"""What every step of a text begins and ends with: take the version that was seen, ask for the right, leave an event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sojourn.errors import NotFoundError
from sojourn.web.registry.faults import ConflictError, DeniedError
from sojourn.web.registry.models import Record, Version
from sojourn.web.registry.services import audit
from sojourn.web.registry.services.permissions import Subject, refusal, seat_for
from sojourn.web.registry.services.persons import Held, Person
from sojourn.web.registry.services.reading import shown, subject_of
from sojourn.web.said import quoted, say


def newest(record: Record) -> Version:
    """Give the newest version of a record."""
    version: Version = record.versions.order_by("-number").first()
    return version


def take(
    person: Person, public_id: str, action: str, edit: int, mine: Mapping[str, Any] | None = None
) -> tuple[Version, Held]:
    """Take the newest version for a step: locked, allowed, and as the person has seen it.

    A draft beside a published text is as hidden as any draft: who may not see it is told that there is none.
    """
    record = Record.objects.filter(public_id=public_id).first()
    if record is None:
        raise NotFoundError(say("There is no record {id}", id=quoted(public_id)))
    lock(record)
    version = newest(record)
    subject = subject_of(record, version)
    if refusal(person, "view", subject) and refusal(person, "view", subject_of(record)):
        raise NotFoundError(say("There is no record {id}", id=quoted(public_id)))
    if version.edit != edit and seat_for(person, "view", subject) is not None:
        raise ConflictError(mine or {}, shown(person, record.entity, version.content), version.edit)
    return version, allowed(person, action, subject)


def lock(record: Record) -> Record:
    """Hold a record until the transaction ends, so that its steps come one after another."""
    Record.objects.select_for_update().get(pk=record.pk)
    return record


def allowed(person: Person, action: str, subject: Subject) -> Held:
    """Give the seat by which somebody may do something.

    Raises:
        DeniedError: they may not; says why.
    """
    why = refusal(person, action, subject)
    seat = seat_for(person, action, subject)
    if why or seat is None:
        raise DeniedError(say(why) if why else say("Sign in to do this"), where=action)
    return seat


def note(
    verb: str, version: Version, person: Person, seat: Held, told: Mapping[str, Any] | None = None
) -> None:
    """Leave the event of a step; of a program, it tells the number of the key."""
    by_key = {"key": person.key} if person.key is not None else {}
    audit.note(
        verb,
        version.record.public_id,
        account=person.account,
        seat=seat.seat,
        version=version.number,
        told={"edit": version.edit, **by_key, **(told or {})},
    )
