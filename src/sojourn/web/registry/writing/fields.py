"""From a kind and a text to what a template draws: fields with label, help, choices, value and what is wrong.

Everything is read from the models, the vocabularies, `layout` and `labels`; no kind has a form of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from sojourn.web.languages import N_, plain
from sojourn.web.registry.models import KINDS, Attachment, Term
from sojourn.web.registry.models.fields import AreaField, LanguageField, SaidDateField, TermField
from sojourn.web.registry.models.parts import PARTS, Evidence, Theme
from sojourn.web.registry.services import content
from sojourn.web.registry.writing import labels, layout
from sojourn.web.registry.writing.lists import Choice, Chosen, Lists, kinds_of

NO_DATE = N_("This is no date. Write 2015, 2015-07 or 2015-07-13.")

HIDDEN = {"reply": frozenset({"about", "about_version"})}
"""Columns that are set when the text is begun, and stand on no form."""

RESULTS = ("question", "answer", "count")
"""Columns of a row of an assessment's results."""

_SPARE = 2


@dataclass(frozen=True, slots=True)
class Field:
    """A field as it is drawn.

    Attributes:
        name, id: what it is sent as, and how its label finds it.
        label, help: what it is called and means.
        widget: text, long, choice, tick, day, said, number, link, address, rows, ticks.
        value: what stands in it.
        required: whether it may be left empty.
        problem: what is wrong with it; empty: nothing.
        choices: what can be chosen, by group; the group of most has no name.
        suggestions: id of the list of suggestions.
        longest: characters.
        chosen: the record that a link leads to.
        rows: of a field with rows, each a line of fields.
    """

    name: str
    id: str
    label: str
    help: str = ""
    widget: str = "text"
    value: Any = ""
    required: bool = False
    problem: str = ""
    choices: Sequence[tuple[str, Sequence[Choice]]] = ()
    suggestions: str = ""
    longest: int = 0
    chosen: Chosen | None = None
    rows: Sequence[Sequence[Field]] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Fields under one heading."""

    heading: str
    fields: tuple[Field, ...]


@dataclass(slots=True)
class Form:
    """The form of one text.

    Args:
        kind: of the record.
        language: of the page.
        lists: what can be chosen.
        values: the text, as it is kept or as it was sent.
        problems: field -> what is wrong; `actors.0.role` for a cell of a row.
        files: attached files that evidence may name.
        more: the part that gets another empty row.
        series: code -> name of what a release measures.
    """

    kind: str
    language: str
    lists: Lists
    values: Mapping[str, Any]
    problems: Mapping[str, str] = field(default_factory=dict)
    files: Sequence[Attachment] = ()
    more: str = ""
    series: Mapping[str, str] = field(default_factory=dict)
    suggested: dict[str, tuple[Choice, ...]] = field(default_factory=dict)
    _titles: dict[str, Chosen] = field(default_factory=dict)

    def groups(self) -> tuple[Group, ...]:
        """Give the whole form."""
        columns = {one.name: one for one in content.columns(KINDS[self.kind])}
        parts = {one.PART: one for one in PARTS}
        self._titles = self.lists.titles(self._linked(columns.values()))
        hidden = HIDDEN.get(self.kind, frozenset())
        found = []
        for heading, names in layout.groups(self.kind):
            fields = tuple(
                self._part(parts[name]) if name in parts else self._column(columns[name])
                for name in names
                if name not in hidden
            )
            if fields:
                found.append(Group(heading, fields))
        return tuple(found)

    def _linked(self, columns: Iterable[Any]) -> list[str]:
        links = [str(self.values.get(one.name) or "") for one in columns if one.is_relation]
        return links + [str(row.get("actor") or "") for row in self.values.get("actors") or []]

    def _column(self, column: Any) -> Field:
        value = self.values.get(column.name, "")
        if isinstance(column, models.JSONField):
            return self._results(column)
        return self._field(column, self.kind, column.name, value, self.problems.get(column.name, ""))

    def _field(
        self, column: Any, kind: str, name: str, value: Any, problem: str, *, spare: bool = False
    ) -> Field:
        value = "" if value is None else value
        widget = widget_of(column)
        choices, suggestions = self._choices(column, value, widget)
        return Field(
            name=name,
            id=f"f-{name}",
            label=labels.label(kind, column.name, self.language),
            help=labels.meaning(kind, column.name, self.language) if kind == self.kind else "",
            widget=widget,
            value=value,
            required=not column.blank and widget != "tick" and not spare,
            problem=self._said(
                NO_DATE if problem not in ("", content.NEEDED) and widget == "said" else problem
            ),
            choices=choices,
            suggestions=suggestions,
            longest=column.max_length or (content.LONGEST if widget == "long" else 0),
            chosen=self._titles.get(str(value)) if widget == "link" else None,
        )

    def _choices(
        self, column: Any, value: Any, widget: str
    ) -> tuple[list[tuple[str, Sequence[Choice]]], str]:
        if widget == "link":
            kinds = kinds_of(self.kind, column)
            self.suggested["-".join(kinds)] = self.lists.records(kinds)
            return [], f"list-{'-'.join(kinds)}"
        if column.name == "series" and self.kind == "target" and not column.is_relation:
            self.suggested["series"] = tuple(Choice(code, name, "en") for code, name in self.series.items())
            return [], "list-series"
        if widget == "scheme":
            return [*self.lists.schemes([str(value)])], ""
        if widget != "choice":
            return [], ""
        listed = self._listed(column, str(value))
        if value and all(one.value != value for one in listed):
            listed = (*listed, Choice(str(value), str(value)))
        return [("", listed)], ""

    def _listed(self, column: Any, value: str) -> tuple[Choice, ...]:
        if isinstance(column, TermField):
            return self.lists.terms(column.vocabulary, value)
        if isinstance(column, AreaField):
            return self.lists.areas()
        if isinstance(column, LanguageField):
            return self.lists.languages()
        if column.name == "sha256":
            return tuple(Choice(one.sha256, one.name) for one in self.files)
        return self.lists.people(column.name)

    def _part(self, part: Any) -> Field:
        rows = [one for one in self.values.get(part.PART) or [] if isinstance(one, Mapping)]
        if part is Theme:
            return self._themes([str(one.get("term", "")) for one in rows])
        spare = _SPARE if self.more == part.PART or not rows else 1
        columns = content.columns(part)
        drawn = [
            [
                self._field(
                    column,
                    part.PART,
                    f"{part.PART}-{number}-{column.name}",
                    rows[number].get(column.name, "") if number < len(rows) else column.get_default(),
                    self.problems.get(f"{part.PART}.{number}.{column.name}", ""),
                    spare=number >= len(rows),
                )
                for column in columns
                if part is not Evidence or column.name != "sha256" or self.files
            ]
            for number in range(len(rows) + spare)
        ]
        return self._with_rows(part.PART, drawn)

    def _results(self, column: Any) -> Field:
        rows = [one for one in self.values.get(column.name) or [] if isinstance(one, Mapping)]
        spare = 3 if column.name == self.more or not rows else 1
        drawn = [
            [
                Field(
                    f"{column.name}-{number}-{own}",
                    f"f-{column.name}-{number}-{own}",
                    labels.label(column.name, own, self.language),
                    value=(rows[number] if number < len(rows) else {}).get(own, ""),
                    longest=1000,
                )
                for own in RESULTS
            ]
            for number in range(len(rows) + spare)
        ]
        return self._with_rows(column.name, drawn)

    def _with_rows(self, name: str, drawn: Sequence[Sequence[Field]]) -> Field:
        return Field(
            name=name,
            id=f"f-{name}",
            label=labels.label(self.kind, name, self.language),
            help=labels.meaning(self.kind, name, self.language),
            widget="rows",
            problem=self._said(self.problems.get(name, "")),
            rows=drawn,
        )

    def _said(self, problem: str) -> str:
        """Say a problem in the reader's language; what a library found is said in it already."""
        return plain(self.language, problem)

    def _themes(self, chosen: list[str]) -> Field:
        return Field(
            name=Theme.PART,
            id=f"f-{Theme.PART}",
            label=labels.label(self.kind, Theme.PART, self.language),
            help=labels.meaning(self.kind, Theme.PART, self.language),
            widget="ticks",
            value=chosen,
            problem=self._said(self.problems.get(Theme.PART, "")),
            choices=self.lists.schemes(chosen),
        )


_WIDGETS: tuple[tuple[Any, str], ...] = (
    ((TermField, AreaField, LanguageField), "choice"),
    (SaidDateField, "said"),
    (models.BooleanField, "tick"),
    (models.DateField, "day"),
    (models.URLField, "address"),
    (models.TextField, "long"),
    ((models.IntegerField, models.DecimalField), "number"),
)
_CODED = frozenset({"sex", "nativity", "citizenship", "legal_status", "sha256"})


def widget_of(column: Any) -> str:
    """Say how a column is filled in."""
    if column.is_relation:
        return "scheme" if column.remote_field.model is Term else "link"
    if column.name in _CODED:
        return "choice"
    return next((widget for kind, widget in _WIDGETS if isinstance(column, kind)), "text")


def faults(form: Iterable[Group]) -> list[Field]:
    """List the fields of a form that something is wrong with, in its order."""
    found = []
    for group in form:
        for one in group.fields:
            cells = [cell for row in one.rows for cell in row if cell.problem]
            # A row that names its cells says more than the field around it.
            found += cells or ([one] if one.problem else [])
    return found
