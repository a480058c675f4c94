"""A text as it is read: each field that says something, with its label and its value in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import models
from markupsafe import Markup

from sojourn.web import words
from sojourn.web.languages import N_, NAMES, area_name, translate
from sojourn.web.registry.models import KINDS
from sojourn.web.registry.models.fields import AreaField, LanguageField, TermField
from sojourn.web.registry.models.parts import PARTS
from sojourn.web.registry.public.told import Told, marked
from sojourn.web.registry.services import content
from sojourn.web.registry.services.persons import Person
from sojourn.web.registry.writing import labels, layout
from sojourn.web.registry.writing.lists import Chosen, titles

YES, NO, NOTHING = N_("yes"), N_("no"), N_("nothing")


class Saying:
    """Says texts of one kind in one language, for one person.

    Args:
        kind: of the records.
        person: who reads: titles are those of records that they may see.
        language: of the page.
        texts: all that will be said, so that what they refer to is looked up together.
        told: says terms; one that knows them already need not look them up again.
    """

    def __init__(
        self, kind: str, person: Person, language: str, *texts: Mapping[str, Any], told: Told | None = None
    ) -> None:
        self._kind, self._language = kind, language
        self._told = told or Told(language)
        self._columns = {one.name: one for one in content.columns(KINDS[kind])}
        self._parts = {part.PART: {one.name: one for one in content.columns(part)} for part in PARTS}
        links = [name for name, one in self._columns.items() if one.is_relation]
        wanted = {str(text.get(name) or "") for text in texts for name in links}
        wanted |= {str(row["actor"]) for text in texts for row in text.get("actors", []) if row.get("actor")}
        self._titles: dict[str, Chosen] = titles(person, wanted)

    def groups(self, text: Mapping[str, Any], *without: str) -> list[tuple[str, list[tuple[str, Markup]]]]:
        """Give a text by headings: label and value of each field that says something.

        Args:
            text: field -> value.
            without: fields that are shown elsewhere.
        """
        found = []
        for heading, names in layout.groups(self._kind):
            said = [
                (self.label(name), self.value(name, text[name], text))
                for name in names
                if name not in without and text.get(name) not in (None, "", [], False)
            ]
            if said:
                found.append((heading, said))
        return found

    def label(self, name: str) -> str:
        """Give what a field is called."""
        return labels.label(self._kind, name, self._language)

    def in_order(self, names: Iterable[str]) -> list[str]:
        """Put names of fields in the order of the form."""
        places = [name for _, listed in layout.groups(self._kind) for name in listed]
        return sorted((one for one in names if one in places), key=places.index)

    def is_prose(self, name: str) -> bool:
        """Tell whether a field holds words of an author, in which differences can be marked."""
        column = self._columns.get(name)
        return name == "title" or isinstance(column, models.TextField)

    def value(self, name: str, value: Any, text: Mapping[str, Any]) -> Markup:
        """Say a value of a field; words of the author are marked as being in the language of the text."""
        if value in (None, "", []):
            return Markup('<span class="unknown">{}</span>').format(translate(self._language, NOTHING))
        own = str(text.get("original_language") or "en")
        if isinstance(value, list):
            rows = [self._row(name, row, own) for row in value if isinstance(row, Mapping)]
            return Markup("<ul>{}</ul>").format(
                Markup("").join(Markup("<li>{}</li>").format(one) for one in rows)
            )
        return self._one(self._columns.get(name), value, own)

    def _row(self, name: str, row: Mapping[str, Any], own: str) -> Markup:
        columns = self._parts.get(name, {})
        said = [
            self._one(columns.get(key), value, own) for key, value in row.items() if value not in (None, "")
        ]
        return Markup(" · ").join(said)

    def _one(self, column: Any, value: Any, own: str) -> Markup:
        coded = self._coded(column, value)
        if coded is not None:
            return coded
        if isinstance(column, models.URLField):
            return _address(str(value))
        if isinstance(column, models.TextField) or (column is not None and column.name == "title"):
            return _paragraphs(str(value), own, self._language)
        return Markup('<bdi dir="auto">{}</bdi>').format(value)

    def _coded(self, column: Any, value: Any) -> Markup | None:
        """Say what is kept as a code in words; None: it is none."""
        if isinstance(value, bool):
            return translate(self._language, YES if value else NO)
        if column is None:
            return None
        if column.is_relation:
            return self._link(str(value))
        for kind, say in self._by_kind.items():
            if isinstance(column, kind):
                return say(column, str(value))
        known = words.CODES.get((column.name, str(value)))
        return translate(self._language, known) if known else None

    @property
    def _by_kind(self) -> dict[type, Callable[[Any, str], Markup]]:
        return {
            TermField: lambda column, value: self._told.term(column.vocabulary, value),
            AreaField: lambda _, value: area_name(value, self._language),
            LanguageField: lambda _, value: Markup("{}").format(NAMES.get(value, value)),
        }

    def _link(self, value: str) -> Markup:
        scheme, colon, code = value.partition(":")
        if colon:
            return self._told.term(scheme, code)
        named = self._titles.get(value)
        if named is None:
            return Markup('<bdi dir="ltr">{}</bdi>').format(value)
        title = (
            Markup("{}").format(named.title)
            if named.language == self._language
            else marked(named.title, named.language)
        )
        room = "records" if named.is_public else "desk"
        address = Markup('<a href="/{}/registry/{}/{}">{}</a>').format(self._language, room, value, title)
        return Markup('{} <span class="quiet"><bdi dir="ltr">{}</bdi></span>').format(address, value)


def _address(value: str) -> Markup:
    """Make a link of an address that leads somewhere on the web; anything else is text."""
    if not value.startswith(("https://", "http://")):
        return Markup('<bdi dir="ltr">{}</bdi>').format(value)
    return Markup('<a href="{0}" rel="noreferrer nofollow"><bdi dir="ltr">{0}</bdi></a>').format(value)


def _paragraphs(value: str, own: str, language: str) -> Markup:
    lines = Markup("<br>").join(Markup("{}").format(line) for line in value.splitlines())
    if own == language:
        return lines
    direction = "rtl" if own == "ar" else "ltr"
    return Markup('<span lang="{}" dir="{}">{}</span>').format(own, direction, lines)
