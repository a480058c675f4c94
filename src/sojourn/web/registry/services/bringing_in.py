"""Brings a table in as drafts: a dry run that lists every problem by row, then all rows in one transaction, or none.

A column of the table is a column of the record's text, by the name that exports give it; a part – `actors`, `areas`,
`themes` – is one column whose values stand beside one another, separated by `;`. What is brought in goes the way of
every text: it is a draft, somebody's institution endorses it, two people review it. Evidence has columns of its own,
which `evidence` reads.

An exported table can be brought in again: a row with the `public_id` of a record that is there is left out and told,
and so are the columns that the registry writes itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import models, transaction

from sojourn.errors import UsageError
from sojourn.web.registry import evidence
from sojourn.web.registry.faults import InvalidError
from sojourn.web.registry.importing import LARGEST, Column, Plan, Problem, Report, Row, dry_run
from sojourn.web.registry.models import KINDS, Term
from sojourn.web.registry.models.fields import SaidDateField, TermField
from sojourn.web.registry.models.parts import PARTS, Evidence
from sojourn.web.registry.services import content, workflow
from sojourn.web.registry.services.persons import Person
from sojourn.web.registry.services.reading import visible
from sojourn.web.said import quoted, say

BETWEEN = ";"
"""Between the values of a part."""

ID = "public_id"
"""Column of exports that says which record a row is; new rows leave it empty."""

_EVERY = 100
_PARTS = frozenset(part.PART for part in PARTS)


def columns(kind: str) -> tuple[Column, ...]:
    """List what a table of a kind may have as columns.

    Raises:
        UsageError: there is no such kind.
    """
    if kind not in KINDS:
        raise UsageError(say("There is no kind {kind}", kind=quoted(kind)), accepted=", ".join(KINDS))
    own = tuple(_column(one) for one in content.columns(KINDS[kind]))
    return (*own, *(Column(part.PART, longest=LARGEST) for part in PARTS))


def read_only(kind: str) -> tuple[str, ...]:
    """Name the columns of exports of a kind that the registry writes itself, and that no table can set."""
    bookkeeping = [one.name for one in KINDS[kind]._meta.local_concrete_fields if not one.editable]
    return tuple(one for one in bookkeeping if one != "record")


def planned(
    person: Person, kind: str, table: bytes, report: Report | None = None
) -> tuple[Plan, content.Lookup]:
    """Look at a table without writing anything: at its cells, then at what each row would be as a record.

    Args:
        person: who brings it in; rows may refer to what they may see.
        kind: name of the kind.
        table: CSV, as `importing.dry_run` reads it.
        report: told how far it is.

    Returns:
        The plan with every problem, and what was looked up, for `bring_in`.
    """
    own = columns(kind)
    known = {one.name for one in own}
    left = tuple(Column(name, longest=LARGEST) for name in read_only(kind))
    plan = dry_run(table, (*own, Column(ID, unique=True), *left))
    lookup = _Remembering(visible(person))
    plan = _without_existing(plan, kind, lookup)
    told = {(one.row, one.column) for one in plan.problems}
    found: list[Problem] = []
    for done, row in enumerate(plan.rows):
        if report is not None and done % _EVERY == 0:
            report(done, len(plan.rows))
        try:
            content.clean(kind, given(row), lookup)
        except InvalidError as error:
            found += [
                Problem(
                    row.number, name if name in known else "", row.values.get(name, ""), what, _shape(name)
                )
                for name, what in error.problems.items()
                if (row.number, name) not in told and (1, name) not in told
            ]
    place = {name: number for number, name in enumerate(plan.columns)}
    problems = sorted((*plan.problems, *found), key=lambda one: (one.row, place.get(one.column, -1)))
    return replace(plan, problems=tuple(problems)), lookup


def _without_existing(plan: Plan, kind: str, lookup: content.Lookup) -> Plan:
    """Leave out rows of records that are there, and what no table can set; both are told in the plan.

    An id that is not known – or that whoever writes may not know of – is a problem: the registry gives ids itself.
    """
    there, kept, unknown = {}, [], []
    filled: set[str] = set()
    for row in plan.rows:
        said = row.values.get(ID, "")
        if said and "\0" not in said and lookup.record(said, kind) is not None:
            there[row.number] = said
            continue
        if said:
            unknown.append(Problem(row.number, ID, said, content.NO_RECORD, "an empty cell for a new record"))
        filled |= {name for name in read_only(kind) if row.values.get(name)}
        values = {name: one for name, one in row.values.items() if name not in (ID, *read_only(kind))}
        kept.append(Row(row.number, values))
    problems = [one for one in plan.problems if one.row not in there or one.column == ID]
    ignored = tuple(one for one in plan.columns if one in filled)
    existing = tuple(there.values())
    return replace(plan, rows=tuple(kept), problems=(*problems, *unknown), existing=existing, ignored=ignored)


def given(row: Row) -> dict[str, Any]:
    """Give a row as fields of a text; an empty cell says nothing.

    >>> given(Row(2, {"title": "Halve the cost", "areas": "NOR; BGD", "due": ""}))
    {'title': 'Halve the cost', 'areas': ['NOR', 'BGD']}
    """
    return {name: _as_given(name, value) for name, value in row.values.items() if value}


def _as_given(name: str, value: str) -> Any:
    if name == Evidence.PART:
        return evidence.read(value)
    if name in _PARTS:
        return [one.strip() for one in value.split(BETWEEN) if one.strip()]
    return value


def _shape(name: str) -> str:
    """Say how a column is written, where its name does not say so."""
    return evidence.SHAPE if name == Evidence.PART else ""


@transaction.atomic
def bring_in(
    person: Person,
    kind: str,
    plan: Plan,
    *,
    owner: int | None,
    lookup: content.Lookup | None = None,
    report: Report | None = None,
) -> list[str]:
    """Begin a draft for every row of a table without problems; all of them, or none.

    Args:
        person: who writes.
        kind: name of the kind.
        plan: of `planned`.
        owner: number of the institution that answers for the texts; None: the registry itself.
        lookup: what `planned` looked up.
        report: told how far it is.

    Returns:
        The public ids, in the order of the rows.

    Raises:
        UsageError: the table has problems.
        DeniedError: they may not begin such a record for that institution.
    """
    if not plan.ready:
        raise UsageError(
            say("The table has {count} problems, and nothing was written", count=len(plan.problems)),
            advice=say("Mend every row that the dry run names, and bring it in again."),
        )
    made = []
    for done, row in enumerate(plan.rows):
        if report is not None and done % _EVERY == 0:
            report(done, len(plan.rows))
        version = workflow.create(person, kind, given(row), owner=owner, lookup=lookup)
        made.append(str(version.record.public_id))
    return made


class _Remembering(content.Lookup):
    """A lookup that asks for each record once: the rows of a table name the same few again and again."""

    def __init__(self, found: Any) -> None:
        super().__init__(found)
        self._records: dict[tuple[str, str], int | None] = {}

    def record(self, public_id: str, kind: str) -> int | None:
        """Give the number of a record, as it was when it was first asked for."""
        asked = (public_id, kind)
        if asked not in self._records:
            self._records[asked] = super().record(public_id, kind)
        return self._records[asked]


def _column(column: Any) -> Column:
    required = not column.blank and not column.has_default()
    longest = column.max_length or content.LONGEST
    if isinstance(column, TermField):
        codes = Term.objects.filter(vocabulary=column.vocabulary, active=True).values_list("code", flat=True)
        return Column(column.name, required, "code", frozenset(codes))
    if isinstance(column, SaidDateField | models.DateField):
        return Column(column.name, required, "date")
    if isinstance(column, models.DecimalField | models.IntegerField):
        return Column(column.name, required, "number")
    return Column(column.name, required, "text", longest=longest)


def listed(problems: Sequence[Problem]) -> list[Mapping[str, Any]]:
    """Give problems as plain rows: row, column, value, what, accepted."""
    return [
        {"row": one.row, "column": one.column, "value": one.value, "what": one.what, "accepted": one.accepted}
        for one in problems
    ]
