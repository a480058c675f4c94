"""Files of records: let in, kept under a random name, handed out to whoever may read the record.

A file that is added while a next version is being worked on is not public before that version is. A published file
stays with its record: only what was added since may be taken away again.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from sojourn.errors import NotFoundError
from sojourn.web.languages import N_
from sojourn.web.registry import attachments
from sojourn.web.registry.faults import InvalidError
from sojourn.web.registry.models import Attachment, Record
from sojourn.web.registry.services.audit import Broken, events_of
from sojourn.web.registry.services.permissions import may
from sojourn.web.registry.services.persons import Person
from sojourn.web.registry.services.reading import find, subject_of
from sojourn.web.registry.services.steps import newest, note, take
from sojourn.web.said import say

MOST = 20
"""Files of one record."""

TOO_MANY = N_("A record has at most 20 files.")
PUBLISHED = N_("A published file stays with its record.")


def folder() -> Path:
    """Give the folder in which files are kept."""
    return Path(settings.SOJOURN_REGISTRY) / "attachments"


@transaction.atomic
def attach(person: Person, public_id: str, name: str, content: bytes, *, edit: int) -> Attachment:
    """Add a file to a text in work.

    Args:
        name, content: as they were sent.
        edit: count of saves of the text that the person has seen.

    Raises:
        RefusedFileError: the file is not let in.
        InvalidError: the record has as many files as it may.
    """
    version, seat = take(person, public_id, "attach", edit)
    if version.record.attachments.filter(removed=False).count() >= MOST:
        raise InvalidError({"file": TOO_MANY})
    kept = attachments.accept(name, content)
    made: Attachment = version.record.attachments.create(
        name=kept.name,
        stored=kept.stored,
        media_type=kept.media_type,
        size=len(kept.content),
        sha256=kept.sha256,
        by_id=seat.seat,
        at=timezone.now(),
    )
    attachments.store(folder(), kept)
    note("attached", version, person, seat, {"file": made.pk, "sha256": kept.sha256})
    return made


@transaction.atomic
def detach(person: Person, public_id: str, number: int, *, edit: int) -> Attachment:
    """Take a file away that was added since the last publication. Its row stays, since events speak of it.

    Raises:
        NotFoundError: the record has no such file.
        InvalidError: it is published.
    """
    version, seat = take(person, public_id, "attach", edit)
    found = version.record.attachments.filter(pk=number, removed=False).first()
    if found is None:
        raise NotFoundError(say("There is no such file"))
    if _is_published(version.record, found):
        raise InvalidError({"file": PUBLISHED})
    found.removed = True
    found.save(update_fields=["removed"])
    note("detached", version, person, seat, {"file": found.pk, "sha256": found.sha256})
    return found


def files_of(person: Person, record: Record) -> list[Attachment]:
    """List the files of a record that somebody may have: published ones, and others with the text in work."""
    kept = list(record.attachments.filter(removed=False))
    if not kept or may(person, "view", subject_of(record, newest(record))):
        return kept
    return [one for one in kept if _is_published(record, one)]


def public_files(record: Record) -> list[Attachment]:
    """List the files of a record that everybody may have."""
    if not record.is_public:
        return []
    return [one for one in record.attachments.filter(removed=False) if _is_published(record, one)]


def hand_out(person: Person, public_id: str, number: int) -> tuple[Attachment, bytes]:
    """Give a file that somebody may have, with its bytes.

    Raises:
        NotFoundError: there is none, they may not know of it, or its record was withdrawn.
        IntegrityError: it is not what was stored.
    """
    record = find(person, public_id)
    hidden = record.is_tombstone and not may(person, "view", subject_of(record))
    listed = [] if hidden else files_of(person, record)
    found = next((one for one in listed if one.pk == number), None)
    if found is None:
        raise NotFoundError(say("There is no such file"))
    return found, attachments.read(folder(), found.stored, found.sha256)


def _is_published(record: Record, one: Attachment) -> bool:
    return record.published_at is not None and one.at <= record.published_at


def changed_files() -> Iterator[Broken]:
    """Find files that are not those whose checksum was sealed when they were attached."""
    for event, told in events_of("attached"):
        number, sealed = told.get("file"), str(told.get("sha256"))
        found = Attachment.objects.filter(pk=number).first() if isinstance(number, int) else None
        if found is None or not attachments.intact(folder(), found.stored, sealed):
            yield Broken(
                event.number, f"the file {number} of {event.subject} is not the one that was attached"
            )
