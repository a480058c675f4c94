"""Follows the trail from its beginning, and finds what stands otherwise in the tables beside the records.

Who owns a record, why it was closed, what reviewers advised, what translators wrote, how terms are worded, who has
which seat, and what a promise's state was reported to be: all of it is written with an event. Whoever changes it past
the program is found.

What the trail does not tell is not compared: owners of records begun before the trail told them, translations that
came with the shipped facts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from sojourn.web.registry.models import Commitment, ProgressReport, Record, Review, Seat, Term, Text, Version
from sojourn.web.registry.models import record as state
from sojourn.web.registry.services.audit import Broken, events_of

_AT_ONCE = 2000
_UNKNOWN = "unknown"


def strayed() -> Iterator[Broken]:
    """Find what stands otherwise than the trail says, or stands there without an event."""
    for find in (_owners, _reasons, _reviews, _translations, _terms, _seats, _states_reported):
        yield from find()


def _owners() -> Iterator[Broken]:
    told: dict[str, int | None] = {}
    for event, more in events_of("created", "loaded"):
        if event.verb == "loaded":
            told.setdefault(event.subject, None)
        elif "owner" in more:
            told[event.subject] = more["owner"]
    for name, owner in Record.objects.values_list("public_id", "owner").iterator(chunk_size=_AT_ONCE):
        if name in told and told[name] != owner:
            yield Broken(0, f"{name} belongs to another institution than the trail says")


def _reasons() -> Iterator[Broken]:
    told = {event.subject: more.get("reason") for event, more in events_of("withdrawn", "archived")}
    for name, reason in Record.objects.values_list("public_id", "closing_reason").iterator(
        chunk_size=_AT_ONCE
    ):
        if reason != told.get(name, ""):
            yield Broken(0, f"{name}: the reason why it was closed is not the one that was given")


def _reviews() -> Iterator[Broken]:
    told = Counter(
        (
            event.subject,
            event.version,
            event.account,
            more.get("edit"),
            more.get("advice"),
            more.get("conflict"),
        )
        for event, more in events_of("reviewed")
    )
    columns = ("version__record__public_id", "version__number", "account", "edit", "advice", "conflict")
    there = Counter(Review.objects.order_by().values_list(*columns).iterator(chunk_size=_AT_ONCE))
    for name, number, *_ in sorted(told - there, key=str):
        yield Broken(0, f"{name} version {number}: a review is gone, or says something else")
    for name, number, *_ in sorted(there - told, key=str):
        yield Broken(0, f"{name} version {number}: a review that nobody wrote")


def _translations() -> Iterator[Broken]:
    told: dict[tuple[str, str, str], str] = {}
    for event, more in events_of("translated"):
        texts = more.get("texts")
        for field, text in (texts if isinstance(texts, dict) else {}).items():
            told[event.subject, str(more.get("language")), field] = str(text).strip()
    columns = ("record__public_id", "language", "field", "text", "by")
    for name, language, field, text, by in Text.objects.values_list(*columns).iterator(chunk_size=_AT_ONCE):
        written = told.pop((name, language, field), None if by is None else "")
        if written is not None and written != text:
            yield Broken(0, f"{name}: its {field} in {language} is not the one that was written")
    for (name, language, field), text in sorted(told.items()):
        if text:
            yield Broken(0, f"{name}: its {field} in {language} is gone")


def _terms() -> Iterator[Broken]:
    told = {event.subject: more for event, more in events_of("term added", "term worded")}
    for term in Term.objects.all():
        more = told.get(f"term:{term.pk}")
        said = {"labels": term.labels, "meanings": term.help, "active": term.active}
        if more is not None and any(more.get(name) != value for name, value in said.items()):
            yield Broken(0, f"the term {term} is not worded as it was written")


def _seats() -> Iterator[Broken]:
    told: dict[str, tuple[Any, ...]] = {}
    ended: dict[str, str] = {}
    for event, more in events_of("seated", "unseated"):
        if event.verb == "seated":
            told[event.subject] = (event.account, more.get("role"), more.get("actor"))
        else:
            ended[event.subject] = str(more.get("last_day"))
    for seat in Seat.objects.order_by("pk").iterator(chunk_size=_AT_ONCE):
        name = f"seat:{seat.pk}"
        given = told.pop(name, None)
        if given is None:
            yield Broken(0, f"{name} ({seat.role}) was given by nobody")
        elif given != (seat.account_id, seat.role, seat.actor_id):
            yield Broken(0, f"{name} is not the one that was given")
        elif name in ended and str(seat.valid_to) != ended[name]:
            yield Broken(0, f"{name} was ended on another day")
    for name in sorted(told):
        yield Broken(0, f"{name} is gone")


def _states_reported() -> Iterator[Broken]:
    """Find promises whose reported state no report ever gave: which of several counts depends on who promised then."""
    reported: dict[str, set[str]] = {}
    kept = Version.objects.filter(record__kind=ProgressReport.KIND, state=state.PUBLISHED)
    for text in kept.values_list("content", flat=True).iterator(chunk_size=_AT_ONCE):
        reported.setdefault(str(text["about"]), set()).add(str(text["stated"]))
    rows = Commitment.objects.exclude(stated=_UNKNOWN).values_list("public_id", "stated")
    for name, stated in rows.iterator(chunk_size=_AT_ONCE):
        if stated not in reported.get(name, ()):
            yield Broken(0, f"{name}: nobody reported that it is {stated}")
