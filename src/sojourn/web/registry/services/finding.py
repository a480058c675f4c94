"""The index of what is published, and the search in it: one way for SQLite and PostgreSQL.

A record is put into the index in the transaction that publishes it, and taken out in the one that withdraws it.
Only published text is in it, without what is private and without who spoke where a meeting does not name speakers;
and every search still asks the record itself whether it is public.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection, models, transaction

from sojourn.web.registry import tokens
from sojourn.web.registry.models import KINDS, Entry, Record, Statement, Text, Theme
from sojourn.web.registry.models import record as state
from sojourn.web.registry.services import shelving

_HEAD = ("title", "summary")
_NAMES_A_SPEAKER = frozenset({"capacity"})
_LONGEST = 200_000
_BATCH = 500

Report = Callable[[int, int], None]
"""Is told how many of how many records are done."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found.

    Attributes:
        keys: numbers of the records of this page, best first.
        kinds: kind -> how many, of all that was found.
        some: how many of `keys`, from the end, hold some of the words only.
    """

    keys: tuple[int, ...]
    kinds: dict[str, int]
    some: int


def index(entity: Entry) -> None:
    """Put the public text of a record into the index in place of what was there; take out what is not public."""
    index_many([entity])


def index_many(entities: Sequence[Entry]) -> None:
    """Put the public texts of records into the index and onto their shelves, in place of what was there.

    Args:
        entities: rows of their kinds.
    """
    _take_out([one.pk for one in entities])
    public = [one for one in entities if one.is_public]
    said, labelled = _translations(public), _labels(public)
    rows = [
        (
            one.pk,
            _written(tokens.tokens(_texts(one, said.get(one.pk, ()), labelled.get(one.pk, ())))),
            one.kind,
            one.original_language,
        )
        for one in public
    ]
    body = "%s::tsvector" if connection.vendor == "postgresql" else "%s"
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO registry_search (rowid, body, kind, language) VALUES (%s, {body}, %s, %s)", rows
        )
    shelving.shelve(entities)


def _written(found: list[str]) -> str:
    return tokens.tsvector(found) if connection.vendor == "postgresql" else tokens.fts5_text(found)


def remove(record: Record) -> None:
    """Take a record out of the index and off its shelves."""
    _take_out([record.pk])
    shelving.take_off([record.pk])


def _take_out(records: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany("DELETE FROM registry_search WHERE rowid = %s", [(one,) for one in records])


@transaction.atomic
def rebuild(report: Report | None = None) -> int:
    """Make the index and the shelves anew, as after a change of the thesaurus.

    Args:
        report: told how many of how many records are in it.

    Returns:
        The number of records in it.
    """
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM registry_search")
    shelving.clear()
    done, all_of_them = 0, Record.objects.public().count()
    for model in KINDS.values():
        rows = model.objects.public().order_by("pk")
        if model is Statement:  # its rule is that of the meeting, unless it has its own
            rows = rows.select_related("agenda_item__meeting")
        for batch in _batches(rows.iterator(chunk_size=_BATCH)):
            index_many(batch)
            done += len(batch)
            if report is not None:
                report(done, all_of_them)
    return done


def _batches(rows: Iterator[Entry]) -> Iterator[list[Entry]]:
    while batch := list(islice(rows, _BATCH)):
        yield batch


def _translations(entities: Sequence[Entry]) -> dict[int, list[tuple[str, str]]]:
    """Give the translations of records that say what the original says now."""
    found: dict[int, list[tuple[str, str]]] = {}
    rows = Text.objects.filter(record__in=[one.pk for one in entities], stale=False).order_by("pk")
    for record, language, text in rows.values_list("record", "language", "text"):
        found.setdefault(record, []).append((language, text))
    return found


def _labels(entities: Sequence[Entry]) -> dict[int, list[tuple[str | None, str]]]:
    """Give labels and codes of the themes of records; a code in words is a name of our own."""
    found: dict[int, list[tuple[str | None, str]]] = {}
    rows = Theme.objects.filter(record__in=[one.pk for one in entities]).order_by("pk")
    for record, code, labels in rows.values_list("record", "term__code", "term__labels"):
        found.setdefault(record, []).extend((own, str(label)) for own, label in labels.items())
        if not code.isalpha():
            found[record].append((None, str(code)))
    return found


def _texts(
    entity: Entry, translations: Iterable[tuple[str, str]], labels: Iterable[tuple[str | None, str]]
) -> Iterable[tuple[str | None, str]]:
    """Give the texts by which a record is found: its own, its translations, and the labels of its themes."""
    language = str(entity.original_language)
    hidden = set(entity.PRIVATE)
    if isinstance(entity, Statement) and entity.rule != "named":
        hidden |= _NAMES_A_SPEAKER
    yield None, str(entity.public_id)
    for column in entity._meta.concrete_fields:
        said = column.name in _HEAD or (column in entity._meta.local_fields and _is_text(column))
        if said and column.name not in hidden and (text := getattr(entity, column.name)):
            yield language, str(text)[:_LONGEST]
    yield from translations
    yield from labels


def _is_text(column: Any) -> bool:
    from sojourn.web.registry.models.fields import AreaField, LanguageField, TermField

    coded = isinstance(column, (TermField, AreaField, LanguageField, models.URLField))
    return isinstance(column, (models.CharField, models.TextField)) and not coded


def search(
    text: str,
    language: str,
    *,
    kind: str = "",
    theme: int | None = None,
    first: int = 0,
    most: int = 20,
) -> Found:
    """Find public records.

    Args:
        text: what was typed, in any of the six languages.
        language: of the reader, whose records come first among equals.
        kind: of this kind only.
        theme: with this term only.
        first, most: which part of the answer.

    Returns:
        Those that hold every word; where fewer than a page hold all, then those that hold some.
    """
    asked = tokens.question(text)
    if not asked.groups:
        return Found((), {}, 0)
    whole = _kinds(asked, theme)
    every = sum(whole.values()) if not kind else whole.get(kind, 0)
    keys = _keys(asked, language, kind, theme, first, most)
    if every >= most or len(asked.groups) == 1:
        return Found(keys, whole, 0)
    loosely = asked.loosely()
    already = _keys(asked, language, kind, theme, 0, most)
    more = [one for one in _keys(loosely, language, kind, theme, 0, first + 2 * most) if one not in already]
    start = max(0, first - every)
    rest = tuple(more[start : start + most - len(keys)])
    return Found((*keys, *rest), _kinds(loosely, theme), len(rest))


def _condition(asked: tokens.Question, theme: int | None) -> tuple[str, list[Any]]:
    """Write what a record must be, for both databases."""
    if connection.vendor == "postgresql":
        match, given = "s.body @@ %s::tsquery", tokens.tsquery(asked)
    else:
        match, given = "registry_search MATCH %s", tokens.fts5_query(asked)
    public = ", ".join("%s" for _ in state.PUBLIC)
    sql = f"FROM registry_search s JOIN registry_record r ON r.id = s.rowid WHERE {match} AND r.state IN ({public})"
    values: list[Any] = [given, *state.PUBLIC]
    if theme is not None:
        sql += " AND r.id IN (SELECT t.record_id FROM registry_theme t WHERE t.term_id = %s)"
        values.append(theme)
    return sql, values


def _kinds(asked: tokens.Question, theme: int | None) -> dict[str, int]:
    sql, values = _condition(asked, theme)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT s.kind, COUNT(*) {sql} GROUP BY s.kind ORDER BY 2 DESC, 1", values)
        return {str(kind): int(count) for kind, count in cursor.fetchall()}


def _keys(
    asked: tokens.Question, language: str, kind: str, theme: int | None, first: int, most: int
) -> tuple[int, ...]:
    sql, values = _condition(asked, theme)
    if kind:
        sql, values = sql + " AND s.kind = %s", [*values, kind]
    if connection.vendor == "postgresql":
        rank, given = "ts_rank(s.body, %s::tsquery) DESC", [tokens.tsquery(asked)]
    else:
        rank, given = "bm25(registry_search)", []
    order = f"ORDER BY CASE WHEN s.language = %s THEN 0 ELSE 1 END, {rank}, r.public_id LIMIT %s OFFSET %s"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT r.id {sql} {order}", [*values, language, *given, most, first])
        return tuple(int(key) for (key,) in cursor.fetchall())
