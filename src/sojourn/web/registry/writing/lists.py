"""What a field may be filled with: terms, areas, records, codes of persons, series – each asked for once a form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sojourn.areas.facts import known
from sojourn.web import words
from sojourn.web.languages import NAMES, plain
from sojourn.web.pages.rendering import by_name
from sojourn.web.registry.models import Record, Term
from sojourn.web.registry.models import record as state
from sojourn.web.registry.services.persons import Person
from sojourn.web.registry.services.reading import visible
from sojourn.web.registry.writing.labels import term_meaning

LISTED = 300
"""Records that a field offers; others are named by their number."""

ABOUT_ANY: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("progress_report", "about"): ("commitment", "action"),
    ("assessment", "about"): ("body", "meeting", "instrument"),
    ("funding", "recipient"): ("body", "action", "practice"),
    ("succession", "earlier"): ("body", "series", "commitment"),
    ("succession", "later"): ("body", "series", "commitment"),
    ("commitment", "superseded_by"): ("commitment", "meeting"),
    ("note", "about"): ("instrument", "meeting", "statement"),
}
"""What links that take records of every kind are mostly about; the list offers these first."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be chosen: what is sent, what is read, its language where that is another, what it means."""

    value: str
    label: str
    language: str = ""
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A record that a link leads to: its title, the language of that, and whether everybody may read it."""

    title: str
    language: str
    is_public: bool = True


class Lists:
    """The choices of one form, for one person in one language."""

    def __init__(self, person: Person, language: str) -> None:
        self._person, self._language = person, language
        self._terms: dict[str, list[tuple[Choice, bool]]] | None = None
        self._records: dict[tuple[str, ...], tuple[Choice, ...]] = {}

    def terms(self, vocabulary: str, chosen: str = "") -> tuple[Choice, ...]:
        """Give the terms of a vocabulary that may be chosen, and the one that is."""
        listed = self._all_terms().get(vocabulary, [])
        return tuple(one for one, active in listed if active or one.value == chosen)

    def schemes(self, chosen: Iterable[str] = ()) -> list[tuple[str, tuple[Choice, ...]]]:
        """Give the schemes of themes, each with its terms as `scheme:code`."""
        kept = set(chosen)
        found = []
        for scheme in self.terms("theme_schemes"):
            listed = self._all_terms().get(scheme.value, [])
            terms = [
                Choice(f"{scheme.value}:{one.value}", one.label, one.language, one.meaning)
                for one, active in listed
                if active or f"{scheme.value}:{one.value}" in kept
            ]
            if terms:
                found.append((scheme.label, tuple(terms)))
        return found

    def _all_terms(self) -> dict[str, list[tuple[Choice, bool]]]:
        if self._terms is None:
            self._terms = {}
            for one in Term.objects.order_by("vocabulary", "position", "code"):
                own = "" if one.said(self._language) else "en"
                # What administrators write of a term goes before what comes with the program.
                means = str(one.help.get(self._language) or one.help.get("en") or "")
                means = means or term_meaning(one.vocabulary, one.code, self._language)
                choice = Choice(one.code, one.label(self._language), own, means)
                self._terms.setdefault(one.vocabulary, []).append((choice, one.active))
        return self._terms

    def areas(self) -> tuple[Choice, ...]:
        """Give every country and region by name."""
        return _areas(self._language)

    def languages(self) -> tuple[Choice, ...]:
        """Give the six languages by their own names."""
        return tuple(Choice(code, name) for code, name in NAMES.items())

    def people(self, column: str) -> tuple[Choice, ...]:
        """Give the codes of persons that a column may hold, in words; none where it takes any."""
        return tuple(
            Choice(code, plain(self._language, text))
            for (own, code), text in words.CODES.items()
            if own == column
        )

    def records(self, kinds: tuple[str, ...]) -> tuple[Choice, ...]:
        """Give the newest records of some kinds that the person may see, by number and title."""
        if kinds not in self._records:
            found = visible(self._person).filter(kind__in=kinds).order_by("-pk")
            rows = found.values_list("public_id", "title", "original_language")[:LISTED]
            self._records[kinds] = tuple(
                Choice(public_id, title, "" if own == self._language else own)
                for public_id, title, own in rows
            )
        return self._records[kinds]

    def titles(self, public_ids: Iterable[str]) -> dict[str, Chosen]:
        """Give the titles of records that the person may see."""
        return titles(self._person, public_ids)


def titles(person: Person, public_ids: Iterable[str]) -> dict[str, Chosen]:
    """Give the titles of those of some records that a person may see."""
    wanted = {one for one in public_ids if one}
    if not wanted:
        return {}
    rows: Any = visible(person).filter(public_id__in=wanted)
    listed = rows.values_list("public_id", "title", "original_language", "state")
    return {one: Chosen(title, language, now in state.PUBLIC) for one, title, language, now in listed}


def kinds_of(kind: str, column: Any) -> tuple[str, ...]:
    """Say of which kinds the records are that a link leads to."""
    model = column.remote_field.model
    if model is Record:
        return ABOUT_ANY.get((kind, column.name), ("commitment",))
    return (model.KIND,)


@lru_cache(8)
def _areas(language: str) -> tuple[Choice, ...]:
    return tuple(Choice(code, name) for code, name in by_name(tuple(sorted(known())), language))
