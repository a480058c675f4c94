"""Finds rows that say something else than the texts that were published, or than the trail says of them.

Versions are frozen and their digests sealed, but pages, lists and joins read the rows of a record: its columns, those
of its kind, and its parts – who promised, where, on what, with which evidence. Whoever changes a row past the program
changes what readers see; so every row is compared with the newest text that was published of its record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sojourn.web.registry.models import KINDS, Endorsement, Entry, Event, Record, Term, Version
from sojourn.web.registry.models import record as state
from sojourn.web.registry.models.parts import PARTS
from sojourn.web.registry.services import content
from sojourn.web.registry.services.audit import Broken, events_of

_AT_ONCE = 500
_LEADS_TO = {
    "loaded": state.PUBLISHED,
    "published": state.PUBLISHED,
    "withdrawn": state.WITHDRAWN,
    "archived": state.ARCHIVED,
}
"""What an event makes of a record that was published."""


def rows_changed() -> Iterator[Broken]:
    """Find records whose rows are not those of the newest text that was published of them."""
    names = dict(Record.objects.values_list("pk", "public_id"))
    terms = {one.pk: str(one) for one in Term.objects.all()}
    noted = _annotations()
    for model in KINDS.values():
        rows = model.objects.filter(published_version__isnull=False).order_by("pk")
        for few in _parted(rows.iterator(chunk_size=_AT_ONCE)):
            yield from _compared(few, {Record: names, Term: terms}, noted)


def states_changed() -> Iterator[Broken]:
    """Find records that stand in another state than the trail says, or were hidden from it, and lost endorsements."""
    told: dict[str, str] = {}
    endorsed: set[tuple[str, int]] = set()
    for event in Event.objects.filter(verb__in=(*_LEADS_TO, "endorsed")).order_by("number").iterator():
        if event.verb == "endorsed":
            endorsed.add((event.subject, event.version))
        else:
            told[event.subject] = _LEADS_TO[event.verb]
    rows = Record.objects.values_list("public_id", "state", "published_version")
    for name, now, published in rows.iterator(chunk_size=2000):
        if published is None and name in told:
            yield Broken(0, f"{name} was published by the trail, and has no published version")
        elif published is not None and told.get(name) != now:
            yield Broken(0, f"{name} is {now}, and {told.get(name, 'not published')} by the trail")
    there = set(Endorsement.objects.values_list("version__record__public_id", "version__number"))
    for name, number in sorted(endorsed - there):
        yield Broken(0, f"{name} version {number}: its endorsement is gone")


@dataclass(frozen=True, slots=True)
class _Noted:
    """What a secretariat put beside a record: the newest summary, and every theme that it added."""

    annotation: str = ""
    themes: frozenset[str] = frozenset()


def _annotations() -> dict[str, _Noted]:
    found: dict[str, _Noted] = {}
    for event, told in events_of("annotated"):
        before = found.get(event.subject, _Noted())
        themes = told.get("themes")
        added = set(map(str, themes)) if isinstance(themes, list) else set()
        found[event.subject] = _Noted(str(told.get("annotation", "")), before.themes | added)
    return found


def _compared(
    few: list[Entry], names: Mapping[type, Mapping[int, str]], noted: Mapping[str, _Noted]
) -> Iterator[Broken]:
    keys = [one.pk for one in few]
    texts = {
        (one.record_id, one.number): one.content for one in Version.objects.filter(record__in=keys).iterator()
    }
    parts = {part: _by_record(part, keys) for part in PARTS}
    for one in few:
        then = texts.get((one.pk, one.published_version))
        if then is None:
            yield Broken(0, f"{one.public_id} has no text of its version {one.published_version}")
            continue
        now = content.read_as(one, {part: rows.get(one.pk, []) for part, rows in parts.items()}, names)
        beside = noted.get(one.public_id, _Noted())
        if one.annotation != beside.annotation:
            yield Broken(0, f"{one.public_id}: its annotation is not the one that was written")
        now["themes"] = [
            row for row in now["themes"] if row in then["themes"] or row["term"] not in beside.themes
        ]
        # A column that came with a later version of the program is in no earlier text.
        differing = [name for name in content.difference(then, now) if name in then]
        if differing:
            yield Broken(0, f"{one.public_id}: not as it was published: {', '.join(differing)}")


def _by_record(part: Any, keys: Iterable[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in part.objects.filter(record_id__in=list(keys)):
        found.setdefault(row.record_id, []).append(row)
    return found


def _parted(rows: Iterable[Any]) -> Iterator[list[Any]]:
    going = iter(rows)
    while few := list(islice(going, _AT_ONCE)):
        yield few
