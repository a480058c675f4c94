"""The text of a record as a version keeps it: name of column or part -> plain value; and back into rows.

Plain means: texts, whole numbers, truth values, lists. A decimal is a text, a day is ISO 8601, a link is the public
id of the other record, a term is `vocabulary:code`, so that a version reads the same in every database and export.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from sojourn.areas.facts import known
from sojourn.web.languages import N_
from sojourn.web.registry.dates import first_day, last_day
from sojourn.web.registry.faults import InvalidError
from sojourn.web.registry.models import KINDS, Entry, Record, Term
from sojourn.web.registry.models.fields import AreaField, TermField
from sojourn.web.registry.models.parts import PARTS

NEEDED = N_("This field is needed.")
UNKNOWN_FIELD = N_("There is no such field.")
NOT_IN_LIST = N_("This is not in the list.")
NO_RECORD = N_("There is no such record.")
NO_AREA = N_("There is no such country or region.")
NOT_A_LIST = N_("This must be a list.")
TWICE = N_("This stands here twice.")
TOO_LONG = N_("This is too long.")
NOT_PLAIN = N_("This must be a single value.")

CONTROL = N_("This holds a character that no text may hold.")

TOO_EARLY = N_("This ends before it begins.")
NEGATIVE = N_("This must not be less than zero.")

_SPANS = (
    ("start", "due"),
    ("start", "end"),
    ("period_start", "period_end"),
    ("valid_from", "valid_to"),
    ("first_year", "last_year"),
)
"""Columns that say when something begins, and when it ends."""

_AMOUNTS = ("amount", "budget", "cost")

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

LONGEST = 20_000
"""Characters of a long text."""

MOST_ROWS = 1_000
"""Rows of a list."""

_PLAIN = (str, int, float, Decimal, date)


class Lookup:
    """Answers what a text refers to, asking the database once for each list; one serves a whole import.

    Args:
        visible: records that whoever writes may know of; None: all (what was checked before, and the loading of facts).
        retired: terms that may no longer be chosen are found too.
    """

    def __init__(self, visible: Any = None, *, retired: bool = False) -> None:
        self._visible = Record.objects.all() if visible is None else visible
        self._kept = Term.objects.all() if retired else Term.objects.filter(active=True)
        self._terms: dict[str, dict[str, int]] = {}

    def term(self, vocabulary: str, code: str) -> int | None:
        """Give the number of a term; None: there is none, or it may no longer be chosen."""
        if vocabulary not in self._terms:
            rows = self._kept.filter(vocabulary=vocabulary).values_list("code", "pk")
            self._terms[vocabulary] = dict(rows)
        return self._terms[vocabulary].get(code)

    def record(self, public_id: str, kind: str) -> int | None:
        """Give the number of a record of a kind (empty: of any); None: there is none that may be known of."""
        found = self._visible.filter(public_id=public_id, **({"kind": kind} if kind else {}))
        key: int | None = found.values_list("pk", flat=True).first()
        return key


def columns(model: Any) -> tuple[Any, ...]:
    """List the columns of a model that are text of the record, its own before those of all kinds."""
    return _columns(model)


@cache
def _columns(model: Any) -> tuple[Any, ...]:
    own = [one for one in model._meta.concrete_fields if one.editable and not one.auto_created]
    return tuple(sorted(own, key=lambda one: one.model is Record))


def read(entity: Entry) -> dict[str, Any]:
    """Give the text of a record as its rows have it now."""
    content = {one.name: _plain(one, getattr(entity, one.attname)) for one in columns(type(entity))}
    for part in PARTS:
        rows = part.objects.filter(record_id=entity.pk)
        listed = [{one.name: _plain(one, getattr(row, one.attname)) for one in columns(part)} for row in rows]
        content[part.PART] = listed
    return content


def read_as(
    entity: Entry, parts: Mapping[Any, Sequence[Any]], names: Mapping[type, Mapping[int, str]]
) -> dict[str, Any]:
    """Give the same, of rows that were fetched before, for many records at once.

    Args:
        entity: the record.
        parts: model of a part -> its rows.
        names: `Term` and `Record` -> number -> what it is called in a text.
    """

    def plain(one: Any, row: Any) -> Any:
        value = getattr(row, one.attname)
        if value is None or not isinstance(one, models.ForeignKey):
            return _plain(one, value)
        return names[Term if one.remote_field.model is Term else Record][value]

    content = {one.name: plain(one, entity) for one in columns(type(entity))}
    for part in PARTS:
        content[part.PART] = [{one.name: plain(one, row) for one in columns(part)} for row in parts[part]]
    return content


def clean(
    kind: str, given: Mapping[str, Any], lookup: Lookup, base: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Check a text and write it the plain way.

    Args:
        kind: name of the kind.
        given: field -> value; what is not named keeps its value of `base`, or its default.
        lookup: answers what it refers to.
        base: the text that it changes.

    Returns:
        The whole text.

    Raises:
        InvalidError: names every field that does not fit.
    """
    model = KINDS[kind]
    problems = {name: UNKNOWN_FIELD for name in given if name not in known_fields(kind)}
    content: dict[str, Any] = {}
    for one in columns(model):
        default = (base or {}).get(one.name, _plain(one, one.get_default()))
        try:
            content[one.name] = _checked(one, given.get(one.name, default), lookup)
        except ValidationError as error:
            problems[one.name] = _said(error)
    problems = {**_impossible(content), **problems}
    for part in PARTS:
        rows = given.get(part.PART, (base or {}).get(part.PART, []))
        try:
            content[part.PART] = _rows(part, rows, lookup)
        except ValidationError as error:
            problems[part.PART] = _said(error)
    if problems:
        raise InvalidError(problems)
    return content


def _impossible(content: Mapping[str, Any]) -> dict[str, str]:
    """Say which checked columns cannot be true beside one another: column -> what is wrong with it.

    >>> _impossible({"start": "2030", "due": "2020"}), _impossible({"start": "2020-07", "due": "2020"})
    ({'due': 'This ends before it begins.'}, {})
    """
    found = {name: NEGATIVE for name in _AMOUNTS if content.get(name) and Decimal(content[name]) < 0}
    for begin, end in _SPANS:
        first, last = content.get(begin), content.get(end)
        if not first or not last:
            continue
        years = isinstance(first, int)
        if first > last if years else first_day(first) > last_day(last):
            found[end] = TOO_EARLY
    return found


@cache
def known_fields(kind: str) -> tuple[str, ...]:
    """List the fields of a kind: its columns, then its parts."""
    return (*(one.name for one in columns(KINDS[kind])), *(part.PART for part in PARTS))


def put(entity: Entry, content: Mapping[str, Any], lookup: Lookup | None = None) -> None:
    """Write a checked text into the columns of a record, not yet saved.

    Args:
        entity: the record.
        content: the text.
        lookup: what it was checked by, if that was just now.
    """
    lookup = lookup or Lookup(retired=True)
    for one in columns(type(entity)):
        if one.name in content:
            setattr(entity, one.attname, _stored(one, content[one.name], lookup))
    if any(one.name == "due_day" for one in entity._meta.concrete_fields):
        said = content.get(entity.DUE, "")
        entity.due_day = last_day(said) if said else None


def put_parts(
    entity: Entry, content: Mapping[str, Any], lookup: Lookup | None = None, *, new: bool = False
) -> None:
    """Replace the parts of a record by those of a checked text.

    Args:
        entity: the record, saved.
        content: the text.
        lookup: what it was checked by, if that was just now.
        new: the record has none yet, so that there is nothing to remove.
    """
    lookup = lookup or Lookup(retired=True)
    for part in PARTS:
        if not new:
            part.objects.filter(record_id=entity.pk).delete()
        rows = [
            part(
                record_id=entity.pk,
                **{one.attname: _stored(one, row[one.name], lookup) for one in columns(part)},
            )
            for row in content.get(part.PART, [])
        ]
        if rows:
            part.objects.bulk_create(rows)


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Give what differs between two texts: field -> [before, after]."""
    names = sorted(before.keys() | after.keys())
    return {one: [before.get(one), after.get(one)] for one in names if before.get(one) != after.get(one)}


def _plain(column: Any, value: Any) -> Any:
    """Write the stored value of a column the plain way."""
    if value is None:
        return None
    if isinstance(column, models.ForeignKey):
        return _name_of(column.remote_field.model, value)
    if isinstance(column, models.DecimalField):
        return _number(value)
    return value.isoformat() if isinstance(column, models.DateField) and not isinstance(value, str) else value


def _number(value: Any) -> str:
    """Write a decimal without the zeros that a database adds.

    >>> _number(Decimal("5.000000")), _number(Decimal("1200"))
    ('5', '1200')
    """
    text = f"{Decimal(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _name_of(model: type[models.Model], key: int) -> str:
    if model is Term:
        return str(Term.objects.get(pk=key))
    return str(Record.objects.values_list("public_id", flat=True).get(pk=key))


def _checked(column: Any, value: Any, lookup: Lookup) -> Any:
    """Check one value, and write it the plain way.

    Raises:
        ValidationError: it does not fit.
    """
    if value in (None, ""):
        if not column.blank:
            raise ValidationError(NEEDED)
        return None if column.null else ([] if isinstance(column, models.JSONField) else "")
    if isinstance(column, models.JSONField):
        return _checked_list(value)
    if not isinstance(value, _PLAIN):
        raise ValidationError(NOT_PLAIN)
    if isinstance(column, models.ForeignKey):
        return _checked_link(column, value, lookup)
    if isinstance(column, models.CharField | models.TextField):
        return _checked_text(column, str(value).strip(), lookup)
    if isinstance(column, models.DateField | models.IntegerField):
        value = str(value)  # a half is no whole number, and a number is no day
    return _plain(column, column.clean(value, None))


def _checked_text(column: Any, value: str, lookup: Lookup) -> Any:
    if len(value) > (column.max_length or LONGEST):
        raise ValidationError(TOO_LONG)
    if _CONTROL.search(value):
        raise ValidationError(CONTROL)
    if isinstance(column, TermField) and lookup.term(column.vocabulary, value) is None:
        raise ValidationError(NOT_IN_LIST)
    if isinstance(column, AreaField):
        return _area(value)
    return _plain(column, column.clean(value, None))


def _checked_list(value: Any) -> list[dict[str, str]]:
    """Check a list whose rows are short texts by name, such as the results of an assessment."""
    if not isinstance(value, list) or len(value) > MOST_ROWS:
        raise ValidationError(NOT_A_LIST)
    for row in value:
        if not isinstance(row, Mapping) or not all(isinstance(one, str) for one in row.values()):
            raise ValidationError(NOT_A_LIST)
        if any(len(one) > LONGEST for one in row.values()):
            raise ValidationError(TOO_LONG)
        if any(_CONTROL.search(one) for pair in row.items() for one in pair):
            raise ValidationError(CONTROL)
    return [dict(row) for row in value]


def _checked_link(column: Any, value: Any, lookup: Lookup) -> str:
    if _key(column, value, lookup) is None:
        raise ValidationError(NOT_IN_LIST if column.remote_field.model is Term else NO_RECORD)
    return str(value)


def _key(column: Any, value: Any, lookup: Lookup) -> int | None:
    model = column.remote_field.model
    if model is Term:
        vocabulary, _, code = str(value).partition(":")
        return lookup.term(vocabulary, code)
    return lookup.record(str(value), getattr(model, "KIND", ""))


def _area(value: str) -> str:
    if value not in known():
        raise ValidationError(NO_AREA)
    return value


def _rows(part: Any, rows: Any, lookup: Lookup) -> list[dict[str, Any]]:
    if not isinstance(rows, list | tuple) or len(rows) > MOST_ROWS:
        raise ValidationError(NOT_A_LIST)
    checked = [_row(part, row, lookup) for row in rows]
    if any(one in checked[:place] for place, one in enumerate(checked)):
        raise ValidationError(TWICE)
    return checked


def row_problems(part: Any, row: Mapping[str, Any], lookup: Lookup) -> dict[str, str]:
    """Say which columns of a row of a part do not fit: column -> what is wrong with it.

    Args:
        part: model of the part.
        row: column -> value.
        lookup: answers what it refers to.
    """
    found = {}
    for one in columns(part):
        try:
            _checked(one, row.get(one.name, _plain(one, one.get_default())), lookup)
        except ValidationError as error:
            found[one.name] = _said(error)
    return found


def _row(part: Any, row: Any, lookup: Lookup) -> dict[str, Any]:
    """Check one row of a part; a plain text stands for its first column."""
    own = columns(part)
    given = row if isinstance(row, Mapping) else {own[0].name: row}
    if set(given) - {one.name for one in own}:
        raise ValidationError(UNKNOWN_FIELD)
    return {
        one.name: _checked(one, given.get(one.name, _plain(one, one.get_default())), lookup) for one in own
    }


def _stored(column: Any, value: Any, lookup: Lookup) -> Any:
    """Give the value of a column as its row holds it."""
    if value is None:
        return None
    if isinstance(column, models.ForeignKey):
        return _key(column, value, lookup)
    return column.to_python(value)


def _said(error: ValidationError) -> str:
    return " ".join(str(one) for one in error.messages)
