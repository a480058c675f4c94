"""The history of a record: its versions, what each changed, and – for whoever may read the trail – every step."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods
from markupsafe import Markup

from sojourn.web.languages import N_
from sojourn.web.pages.rendering import only
from sojourn.web.registry.models import Event, Seat, Version
from sojourn.web.registry.services import content, permissions, reading
from sojourn.web.registry.services.persons import Person, person_of
from sojourn.web.registry.writing import pages
from sojourn.web.registry.writing.conflict import marked
from sojourn.web.registry.writing.opened import opened
from sojourn.web.registry.writing.saying import Saying

MOST_STEPS = 500

VERBS = {
    "created": N_("begun"),
    "loaded": N_("loaded with the shipped facts"),
    "edited": N_("saved"),
    "submitted": N_("submitted"),
    "endorsed": N_("endorsed"),
    "returned": N_("returned"),
    "reviewed": N_("reviewed"),
    "published": N_("published"),
    "revised": N_("next version begun"),
    "discarded": N_("draft given up"),
    "withdrawn": N_("withdrawn"),
    "archived": N_("archived"),
    "translated": N_("translated"),
    "annotated": N_("annotated"),
    "attached": N_("file added"),
    "detached": N_("file taken away"),
    "measured": N_("measured state changed by a new release"),
}
"""What was done, in words; a verb that is not here is shown as it is."""


@dataclass(frozen=True, slots=True)
class Changed:
    """A field that a version changed: what it is called, and what stood there before and stands there now."""

    label: str
    before: Markup
    after: Markup


@dataclass(frozen=True, slots=True)
class Past:
    """A version, what it changed of the one before that the reader may see, and how it was withdrawn or archived."""

    version: Version
    changes: tuple[Changed, ...]
    first: bool
    closed: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the audit trail: when, what, in which seat and of which institution, and why where that was said."""

    number: int
    at: Any
    verb: str
    version: int | None
    role: str
    institution: Any
    reason: str


@require_http_methods(["GET"])
def history(request: HttpRequest, language: str, public_id: str) -> HttpResponse:
    """Show the versions of a record that this reader may see, whoever that is."""
    only(request.GET)
    person = person_of(request.user)
    record = opened(person, public_id)
    versions = reading.versions(person, record.entity)
    audits = permissions.may(person, "audit", record.subject)
    context = {
        "record": record,
        "past": _past(person, language, record.entity, versions),
        "lines": _lines(public_id) if audits else [],
        "audits": audits,
        "verbs": VERBS,
    }
    return pages.drawn(request, language, "history", context)


def _past(person: Person, language: str, entity: Any, versions: list[Version]) -> list[Past]:
    """Give the versions, the newest first."""
    texts = reading.shown_each(person, entity, [one.content for one in versions])
    saying = Saying(str(entity.kind), person, language, *texts)
    found, closings = [], _closings(entity.public_id)
    for number, (version, text) in enumerate(zip(versions, texts, strict=True)):
        before = texts[number - 1] if number else {}
        changed = content.difference(before, text) if number else {}
        rows = tuple(_changed(saying, name, before, text) for name in saying.in_order(changed))
        closed = tuple(one for one in closings if one.version == version.number)
        found.append(Past(version, rows, not number, closed))
    return found[::-1]


def _changed(saying: Saying, name: str, before: dict[str, Any], after: dict[str, Any]) -> Changed:
    old, new = before.get(name), after.get(name)
    if saying.is_prose(name) and old and new:
        return Changed(
            saying.label(name), marked(str(new), str(old), "del"), marked(str(old), str(new), "ins")
        )
    return Changed(saying.label(name), saying.value(name, old, before), saying.value(name, new, after))


def _closings(public_id: str) -> list[Line]:
    """Give how a record was withdrawn or archived, and why: its tombstone says so, and whatever came after it."""
    events = Event.objects.filter(subject=public_id, verb__in=("withdrawn", "archived")).order_by("number")
    return [_line(one, None) for one in events]


def _lines(public_id: str) -> list[Line]:
    events = list(Event.objects.filter(subject=public_id).order_by("-number")[:MOST_STEPS])
    seats = {
        one.pk: one
        for one in Seat.objects.filter(pk__in={one.seat for one in events if one.seat}).select_related(
            "actor"
        )
    }
    return [_line(one, seats.get(one.seat)) for one in events]


def _line(event: Event, seat: Seat | None) -> Line:
    told = json.loads(event.told)
    return Line(
        event.number,
        event.at,
        event.verb,
        event.version,
        str(seat.role) if seat else "",
        seat.actor if seat else None,
        str(told.get("reason", "")),
    )
