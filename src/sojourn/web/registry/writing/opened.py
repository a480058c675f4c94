"""A record as one person may work on it: the newest version that they may see, and what they may do to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sojourn.errors import NotFoundError
from sojourn.web.registry.faults import WithdrawnError
from sojourn.web.registry.models import Entry, Record, Version
from sojourn.web.registry.models import record as state
from sojourn.web.registry.services import permissions, reading
from sojourn.web.registry.services.permissions import Subject
from sojourn.web.registry.services.persons import Person
from sojourn.web.registry.services.steps import newest
from sojourn.web.said import quoted, say


@dataclass(frozen=True, slots=True)
class Opened:
    """A record that a person has open.

    Attributes:
        entity: its row.
        version: the newest version that they may see.
        subject, public: the version and the public text, as far as rights go.
        content: the version's text, without what is private to others.
    """

    entity: Entry
    version: Version
    subject: Subject
    public: Subject
    content: dict[str, Any]

    @property
    def in_work(self) -> bool:
        """Whether the version is on its way, and not what everybody reads."""
        return self.version.state in (state.DRAFT, state.SUBMITTED, state.RETURNED, state.ENDORSED)

    def refusal(self, person: Person, action: str) -> str | None:
        """Give the reason why somebody may not do something to it now; None: they may."""
        if action in _OF_THE_PUBLIC:
            if action == "revise" and self.in_work:
                return permissions.NOT_YOURS
            return permissions.refusal(person, action, self.public)
        return permissions.refusal(person, action, self.subject)


_OF_THE_PUBLIC = frozenset({"revise", "withdraw", "archive", "reply", "translate", "annotate"})


def opened(person: Person, public_id: str) -> Opened:
    """Open a record for a person.

    Raises:
        NotFoundError: there is none, or they may not know of it.
        WithdrawnError: it was withdrawn, and is not theirs.
    """
    record = Record.objects.filter(public_id=public_id).select_related("owner").first()
    if record is None:
        raise _none(public_id)
    last = newest(record)
    subject = reading.subject_of(record, last)
    public = replace(subject, state=record.state, writers=frozenset(), endorsers=frozenset())
    if not permissions.may(person, "view", subject):
        if record.is_tombstone:
            raise WithdrawnError(str(record.closing_reason))
        if not permissions.may(person, "view", public) or record.published_version is None:
            raise _none(public_id)
        last = record.versions.get(number=record.published_version)
        subject = reading.subject_of(record, last)
    last.record = record
    entity = record.entity
    return Opened(entity, last, subject, public, reading.shown(person, entity, last.content))


def _none(public_id: str) -> NotFoundError:
    return NotFoundError(say("There is no record {id}", id=quoted(public_id)))
