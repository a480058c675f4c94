"""The index of what is published, and the search in it: one way for SQLite and PostgreSQL.

A record is put into the index in the transaction that publishes it, and taken out in the one that withdraws it.
Only published text is in it, without what is private and without who spoke where a meeting does not name speakers;
and every search still asks the record itself whether it is public.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection, models, transaction

from sojourn.web.registry import tokens
from sojourn.web.registry.models import KINDS, Entry, Record, Statement, Text, Theme
from sojourn.web.registry.models import record as state
from sojourn.web.registry.services import attribution, shelving

_HEAD = ("title", "summary")
_LONGEST = 200_000
_BATCH = 500

RANKED = 5_000
"""Records that one question ranks and counts at most: of more that fit, those entered last."""

TOP = 1_000
"""Records, of those that were ranked, through which a reader can leaf."""

Report = Callable[[int, int], None]
"""Is told how many of how many records are done."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found.

    Attributes:
        keys: numbers of the records of this page, best first.
        kinds: kind -> how many, of all that was found.
        some: how many of `keys`, from the end, hold some of the words only.
        many: more than `RANKED` records fit; the newest of them are ranked, and counts end there.
    """

    keys: tuple[int, ...]
    kinds: dict[str, int]
    some: int
    many: bool = False


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
                    *tokens.tokens(_texts(one, said.get(one.pk, ()), labelled.get(one.pk, ()))),
                    _kind_token(one.kind),
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
    if isinstance(entity, Statement):
        hidden |= attribution.hidden(entity)
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
    whole = _hits(asked, language, theme, kind)
    if len(whole) >= most or len(asked.groups) == 1:
        keys, kinds = tuple(whole[first : first + most]), _kinds(asked, theme)
        return Found(keys, kinds, 0, _many(kinds, kind))
    loose = _telling(asked).loosely()
    already = set(whole)
    more = [one for one in _hits(loose, language, theme, kind) if one not in already]
    shown = tuple([*whole, *more][first : first + most])
    some = len(shown) - len(whole[first : first + most])
    kinds = _kinds(loose, theme)
    return Found(shown, kinds, some, _many(kinds, kind))


def _many(kinds: Mapping[str, int], kind: str) -> bool:
    """Tell whether more records fit than are ranked."""
    return (kinds.get(kind, 0) if kind else sum(kinds.values())) >= RANKED


def _kinds(asked: tokens.Question, theme: int | None) -> dict[str, int]:
    """Count the records that fit by kind, the most frequent first; no kind is counted beyond `RANKED`."""
    each = [(kind, _condition(asked, theme, kind)) for kind in shelving.kinds()]
    found = _counts([condition for _, condition in each])
    counted = [(kind, count) for (kind, _), count in zip(each, found, strict=True) if count]
    return dict(sorted(counted, key=lambda one: (-one[1], one[0])))


def _counts(conditions: Sequence[tuple[str, list[Any]]]) -> list[int]:
    """Count the records of several conditions in one question, each up to `RANKED`."""
    if not conditions:
        return []
    public = ", ".join(f"'{one}'" for one in state.PUBLIC)
    inner = f"JOIN registry_record r ON r.id = s.rowid AND r.state IN ({public})"
    counts = ", ".join(
        f"(SELECT COUNT(*) FROM (SELECT 1 FROM registry_search s {inner} WHERE {one} LIMIT {RANKED}) c{place})"
        for place, (one, _) in enumerate(conditions)
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}", [value for _, given in conditions for value in given])
        return [int(one) for one in cursor.fetchone()]


def _hits(asked: tokens.Question, language: str, theme: int | None, kind: str) -> list[int]:
    """Give the `TOP` public records that fit best, those of the reader's language first; of very many, the newest."""
    condition, values = _condition(asked, theme, kind)
    if connection.vendor == "postgresql":
        rank, ranked = "-ts_rank(s.body, %s::tsquery)", [tokens.tsquery(asked)]
    else:
        rank, ranked = "bm25(registry_search)", []
    public = ", ".join(f"'{one}'" for one in state.PUBLIC)
    # The limits stand inside: what is beyond the first is not ranked, and of what is beyond the second neither
    # language nor record is looked up, which costs more than to rank it.
    sql = f"""
        SELECT r.id FROM (
            SELECT f.record, f.place FROM (
                SELECT s.rowid AS record, {rank} AS place
                FROM registry_search s WHERE {condition} ORDER BY s.rowid DESC LIMIT {RANKED}
            ) f ORDER BY f.place, f.record DESC LIMIT {TOP}
        ) b JOIN registry_search l ON l.rowid = b.record JOIN registry_record r ON r.id = b.record
        WHERE r.state IN ({public})
        ORDER BY CASE WHEN l.language = %s THEN 0 ELSE 1 END, b.place, r.public_id"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [*ranked, *values, language])
        return [int(key) for (key,) in cursor.fetchall()]


def _condition(asked: tokens.Question, theme: int | None, kind: str) -> tuple[str, list[Any]]:
    """Write what a record must be; its kind is a token like others, so that rare kinds are found at once."""
    token = _kind_token(kind) if kind else ""
    if connection.vendor == "postgresql":
        query = tokens.tsquery(asked)
        sql, values = "s.body @@ %s::tsquery", [f"({query}) & '{token}'" if kind else query]
    else:
        query = tokens.fts5_query(asked)
        sql, values = "registry_search MATCH %s", [f'({query}) AND "{token}"' if kind else query]
    if theme is not None:
        sql += " AND s.rowid IN (SELECT t.record_id FROM registry_theme t WHERE t.term_id = %s)"
        return sql, [*values, theme]
    return sql, [*values]


def _kind_token(kind: str) -> str:
    return f"kind0{''.join(one for one in kind if one.isalpha())}"


def _telling(asked: tokens.Question) -> tokens.Question:
    """Leave out words that very many records hold: they tell nothing apart. Where all are such, all stay."""
    found = _counts([_condition(tokens.Question((one,)), None, "") for one in asked.groups])
    rare = tuple(one for one, count in zip(asked.groups, found, strict=True) if count < RANKED)
    return tokens.Question(rare) if rare else asked
