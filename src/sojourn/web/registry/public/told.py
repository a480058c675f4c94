"""What pages say of records: their titles in the reader's language, labels of terms, speakers by the rule."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Max, Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from markupsafe import Markup

from sojourn.web.languages import N_, translate
from sojourn.web.registry.models import Entry, Event, Record, Source, Statement, Term, Text
from sojourn.web.registry.services.attribution import BY_TYPE, names_speaker

SOMEBODY = N_("a participant")
NOBODY = N_("not named in the source")
LACKS = (
    N_("the release has no such series"),
    N_("the release has no number of this area and breakdown"),
    N_("fewer than 3 numbers since the baseline"),
    N_("the newest number is more than 5 years old"),
)
"""Why nothing can be said of a target, as `release.promises` says it."""


class Told:
    """Says records and terms in one language; asks the database once for each of them.

    Args:
        language: of the page.
        records: whose titles will be shown, so that their translations are looked up together.
    """

    def __init__(self, language: str, records: Iterable[Record] = ()) -> None:
        self._language = language
        self._terms: dict[tuple[str, str], str] | None = None
        self._titles: dict[int, tuple[str, bool]] = {}
        self.know(records)

    @property
    def language(self) -> str:
        """The language in which it speaks."""
        return self._language

    def know(self, records: Iterable[Record]) -> None:
        """Look up the translated titles of more records."""
        wanted = {one.pk for one in records if one is not None and one.original_language != self._language}
        wanted -= self._titles.keys()
        if wanted:
            rows = Text.objects.filter(record__in=wanted, field="title", language=self._language)
            self._titles |= {
                pk: (text, stale) for pk, text, stale in rows.values_list("record", "text", "stale")
            }

    def title(self, record: Record) -> Markup:
        """Give a record's title; one that exists in another language only says so to whoever reads it aloud."""
        if record.original_language == self._language:
            return Markup("{}").format(record.title)
        if record.pk in self._titles:
            return Markup("{}").format(self._titles[record.pk][0])
        return marked(record.title, record.original_language)

    def text(self, record: Record, text: str) -> Markup:
        """Give a text of a record, marked as being in the record's language."""
        if record.original_language == self._language:
            return Markup("{}").format(text)
        return marked(text, record.original_language)

    def term(self, vocabulary: str, code: str) -> Markup:
        """Give the label of a term."""
        if not code:
            return Markup("")
        labels = _read(self._labels().get((vocabulary, code), "{}"))
        if self._language in labels:
            return Markup("{}").format(labels[self._language])
        return marked(labels.get("en") or code, "en")

    def _labels(self) -> dict[tuple[str, str], str]:
        """Give the labels of all terms as they lie in the database: a page says few of them."""
        if self._terms is None:
            rows = Term.objects.order_by().annotate(written=Cast("labels", TextField()))
            rows = rows.values_list("vocabulary", "code", "written")
            self._terms = {(vocabulary, code): labels for vocabulary, code, labels in rows}
        return self._terms

    def choices(self, vocabulary: str) -> list[tuple[str, Markup]]:
        """Give codes and labels of a vocabulary, by code."""
        codes = sorted(code for name, code in self._labels() if name == vocabulary)
        return [(code, self.term(vocabulary, code)) for code in codes]

    def speaker(self, statement: Statement) -> Markup:
        """Name who spoke as far as the rule of attribution allows, here as everywhere."""
        actor = statement.actor
        if actor is None:
            return translate(self._language, NOBODY)
        if names_speaker(statement):
            return self.title(actor) if actor.is_public else translate(self._language, NOBODY)
        if statement.rule == BY_TYPE:
            return self.term("actor_type", actor.type)
        return translate(self._language, SOMEBODY)


@lru_cache(4096)
def _read(labels: str) -> dict[str, str]:
    found: dict[str, str] = json.loads(labels)
    return found


def marked(text: str, language: str) -> Markup:
    """Mark a text as being in another language than its page."""
    direction = "rtl" if language == "ar" else "ltr"
    return Markup('<span lang="{}" dir="{}">{}</span>').format(language, direction, text)


def linked(*keys: int | None, may_be: Q | None = None) -> list[Record]:
    """Give the public ones of some records that another points to."""
    wanted = Record.objects.public().filter(pk__in=[one for one in keys if one is not None])
    return list(wanted.filter(may_be) if may_be is not None else wanted)


def themes(entity: Entry) -> list[tuple[str, str]]:
    """Give the themes of a record: vocabulary and code of each, in the order of their lists."""
    rows = entity.themes.order_by("term__vocabulary", "term__position")
    return [(vocabulary, code) for vocabulary, code in rows.values_list("term__vocabulary", "term__code")]


def passed(due_day: date | None) -> bool:
    """Tell whether a deadline lies behind us."""
    return due_day is not None and due_day < timezone.now().date()


def about(record: Record) -> dict[str, Any]:
    """Give what every page says of a record's standing: id, source, certainty, version."""
    return {
        "id": record.public_id,
        "source": record.source,
        "sources": _named(record.source),
        "certainty": record.certainty,
        "note": record.certainty_note,
        "version": record.published_version,
        "status": record.text_status,
        "at": record.published_at,
    }


def _named(cited: str) -> list[tuple[str, str]]:
    """Give the documents that a text cites by their codes; nothing where it cites none that is known."""
    codes = set(re.findall(r"\b(?:[SF]\d+|M)\b", cited))
    return list(Source.objects.filter(code__in=codes).order_by("code").values_list("code", "what"))


_PATIENT = 50
"""A count that takes long is kept for so many times as long: readers never wait for one that is always made anew."""

_QUICK = 0.05
"""Seconds; what takes less is made anew whenever anything has happened."""


@dataclass(frozen=True, slots=True)
class _Count:
    """A count, the event that it was made at, and the moment until which it does for later events too."""

    made: Any
    head: int | None
    until: float


_counted: dict[tuple[str, str], _Count] = {}


def counted(name: str, make: Callable[[], Any]) -> Any:
    """Give a count over many records, made anew once anything has happened in the registry.

    Where counting takes long it may lag behind, by fifty times what it takes.

    Args:
        name: what is counted; few names, since all are kept.
        make: counts it.
    """
    head = Event.objects.order_by().aggregate(head=Max("number"))["head"]
    key = (str(connection.settings_dict["NAME"]), name)
    kept = _counted.get(key)
    if kept is not None and (kept.head == head or time.monotonic() < kept.until):
        return kept.made
    began = time.monotonic()
    made = make()
    took = time.monotonic() - began
    _counted[key] = _Count(made, head, began + took * _PATIENT if took > _QUICK else 0.0)
    return made
