"""The audit trail: writes events, each sealing the one before, and finds where a chain is broken.

    seal = SHA-256(canonical JSON of number, at, account, seat, verb, subject, version, told, previous)

Whoever changes an event breaks its seal; whoever seals it anew breaks the one after it. Who rewrites the whole
chain is found by comparing its head with one that was noted elsewhere (`sojourn registry verify --head`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from sojourn.web.registry.models import Event, Version

BEGINNING = "0" * 64
"""What the first event names as the seal before it."""

_CHAIN = 7_240_113
"""Number of the lock that makes writers of events wait for each other on PostgreSQL; SQLite has one writer anyway."""


@dataclass(frozen=True, slots=True)
class Broken:
    """Something in the trail that does not fit.

    Attributes:
        number: of the event; 0: of none.
        what: what is wrong.
    """

    number: int
    what: str


def canonical(value: Any) -> str:
    """Write a value as JSON in the one way that is sealed: sorted, without spaces, letters as they are."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(value: Any) -> str:
    """Give the SHA-256 of a value written canonically."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def note(
    verb: str,
    subject: str,
    *,
    account: int | None = None,
    seat: int | None = None,
    version: int | None = None,
    told: Mapping[str, Any] | None = None,
) -> Event:
    """Add an event to the trail, in the transaction of what it tells.

    Args:
        verb: what was done.
        subject: the public id, or such as `seat:12`.
        account, seat: who did it; None: the registry itself.
        version: of the record.
        told: the difference and further facts; nothing that names a person.

    Raises:
        TransactionManagementError: there is no transaction: the change could stay without its event.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("An event is written in the transaction of its change")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHAIN])
    last = Event.objects.order_by("-number").values_list("number", "seal").first()
    number, previous = (last[0] + 1, last[1]) if last else (1, BEGINNING)
    event = Event(
        number=number,
        at=timezone.now(),
        account=account,
        seat=seat,
        verb=verb,
        subject=subject,
        version=version,
        told=canonical(told or {}),
        previous=previous,
    )
    event.seal = seal(event)
    event.save(force_insert=True)
    return event


def seal(event: Event) -> str:
    """Compute the seal of an event from what it says."""
    at: datetime = event.at
    return digest(
        [
            event.number,
            at.astimezone(UTC).isoformat(timespec="microseconds"),
            event.account,
            event.seat,
            event.verb,
            event.subject,
            event.version,
            event.told,
            event.previous,
        ]
    )


def head() -> tuple[int, str]:
    """Give number and seal of the newest event, to be noted somewhere else."""
    last = Event.objects.order_by("-number").values_list("number", "seal").first()
    return (last[0], last[1]) if last else (0, BEGINNING)


def events_of(*verbs: str) -> Iterator[tuple[Event, dict[str, Any]]]:
    """Give the events of some kinds, the oldest first, with what they tell.

    One that was changed may tell anything: it is found by its seal, and tells nothing here.
    """
    for event in Event.objects.filter(verb__in=verbs).order_by("number").iterator(chunk_size=2000):
        try:
            told = json.loads(event.told)
        except ValueError:
            told = {}
        yield event, told if isinstance(told, dict) else {}


def broken(noted: tuple[int, str] | None = None) -> Iterator[Broken]:
    """Find what is wrong with the chain.

    Args:
        noted: number and seal of a head that was noted earlier, which must still be there.
    """
    previous, expected = BEGINNING, 1
    found = noted is None or noted == (0, BEGINNING)
    for event in Event.objects.order_by("number").iterator(chunk_size=2000):
        if event.number != expected:
            yield Broken(event.number, f"event {expected} is missing before it")
        if event.previous != previous:
            yield Broken(event.number, "does not follow the event before it")
        if event.seal != seal(event):
            yield Broken(event.number, "was changed after it was sealed")
        found = found or (event.number, event.seal) == noted
        previous, expected = event.seal, event.number + 1
    if not found and noted is not None:
        yield Broken(noted[0], "the head that was noted is not in the chain")


def texts_changed() -> Iterator[Broken]:
    """Find published texts that are not the ones whose digest was sealed when they were published or loaded."""
    sealed = {}
    for event, told in events_of("published", "loaded"):
        sealed[event.subject, event.version] = (event.number, told.get("text"))
    published = Version.objects.filter(state="published").select_related("record")
    for version in published.iterator(chunk_size=2000):
        number, text = sealed.get((version.record.public_id, version.number), (0, ""))
        if digest(version.content) != text:
            yield Broken(number, f"{version} is not the text that was published")


def triggers_missing() -> Iterator[Broken]:
    """Find out whether the database still refuses to change events and published texts."""
    names = {"an_event_stays", "an_event_is_kept", "a_published_text_stays", "a_published_text_is_kept"}
    question = (
        "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(question)
        there = {row[0] for row in cursor.fetchall()}
    for name in sorted(names - there):
        yield Broken(0, f"the trigger {name} is not there: events or texts could be changed unseen")
