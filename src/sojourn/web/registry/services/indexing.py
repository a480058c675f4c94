"""Puts what is published into the index of the search, and takes it out: one way for SQLite and PostgreSQL.

A record is put into the index in the transaction that publishes it, and taken out in the one that withdraws it.
Only published text is in it, without what is private and without who spoke where a meeting does not name speakers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import connection, models, transaction

from sojourn.web.registry import tokens
from sojourn.web.registry.models import KINDS, Entry, Record, Statement, Text, Theme
from sojourn.web.registry.services import attribution, shelving
from sojourn.web.registry.services.finding import kind_token, title_token

_HEAD = ("title", "summary")
_LONGEST = 200_000
_BATCH = 500

_Translated = tuple[str, str, str]
"""Field, language and text."""

Report = Callable[[int, int], None]
"""Is told how many of how many records are done."""


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
            _written(
                [
                    # First, where no long text pushes them out.
                    kind_token(one.kind),
                    *_title_tokens(one, said.get(one.pk, ())),
                    *tokens.tokens(_texts(one, said.get(one.pk, ()), labelled.get(one.pk, ()))),
                ]
            ),
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


def _translations(entities: Sequence[Entry]) -> dict[int, list[_Translated]]:
    """Give the translations of records that say what the original says now."""
    found: dict[int, list[_Translated]] = {}
    rows = Text.objects.filter(record__in=[one.pk for one in entities], stale=False).order_by("pk")
    for record, *translated in rows.values_list("record", "field", "language", "text"):
        found.setdefault(record, []).append(tuple(translated))
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
    entity: Entry, translations: Iterable[_Translated], labels: Iterable[tuple[str | None, str]]
) -> Iterable[tuple[str | None, str]]:
    """Give the texts by which a record is found: its own, its translations, and the labels of its themes."""
    language = str(entity.original_language)
    hidden = set(entity.PRIVATE)
    if isinstance(entity, Statement):
        hidden |= attribution.hidden(entity)
    yield None, str(entity.public_id)
    for column in entity._meta.concrete_fields:
        said = column.name in _HEAD or (column in entity._meta.local_fields and _is_text(column))
        if said and column.name not in hidden and (text := getattr(entity, column.name)):
            yield language, str(text)[:_LONGEST]
    yield from ((language, text) for _, language, text in translations)
    yield from labels


def _is_text(column: Any) -> bool:
    from sojourn.web.registry.models.fields import AreaField, LanguageField, TermField

    coded = isinstance(column, (TermField, AreaField, LanguageField, models.URLField))
    return isinstance(column, (models.CharField, models.TextField)) and not coded


def _title_tokens(entity: Entry, translations: Iterable[_Translated]) -> list[str]:
    said = [str(entity.title), *(text for field, _, text in translations if field == "title")]
    return list(dict.fromkeys(map(title_token, said)))
