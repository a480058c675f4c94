"""The search in what is published: one way for SQLite and PostgreSQL.

What is in the index is public (`indexing`); and every search still asks the record itself whether it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from sojourn.web.registry import tokens
from sojourn.web.registry.models import Record
from sojourn.web.registry.models import record as state
from sojourn.web.registry.services import shelving

RANKED = 3_000
"""Records that one question ranks and counts at most: of more that fit, those entered last."""

_TITLED = 20
"""Records of one title that stand before all others."""

TOP = 1_000
"""Records, of those that were ranked, through which a reader can leaf."""


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
        Those whose title it is, then those that hold every word; where fewer than a page do, then those that hold some.
    """
    asked = tokens.question(text)
    if not asked.groups:
        return Found((), {}, 0)
    titled = _titled(text, theme, kind)
    whole = [*titled, *(one for one in _hits(asked, language, theme, kind) if one not in titled)]
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


def _titled(text: str, theme: int | None, kind: str) -> list[int]:
    """Give public records whose title, in any language, is what was typed: of very many hits not all are ranked."""
    condition, values = _condition(tokens.Question((((title_token(text),),),)), theme, kind)
    sql = f"SELECT s.rowid FROM registry_search s WHERE {condition} ORDER BY s.rowid DESC LIMIT {_TITLED}"
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        keys = [int(key) for (key,) in cursor.fetchall()]
    if not keys:
        return []
    public = set(Record.objects.public().filter(pk__in=keys).values_list("pk", flat=True))
    return [one for one in keys if one in public]


def title_token(title: str) -> str:
    """Write a whole title as one token, letters and spaces made alike."""
    words = " ".join(title.casefold().split())
    return f"title0{hashlib.sha256(words.encode()).hexdigest()[:16]}"


def _condition(asked: tokens.Question, theme: int | None, kind: str) -> tuple[str, list[Any]]:
    """Write what a record must be; its kind is a token like others, so that rare kinds are found at once."""
    token = kind_token(kind) if kind else ""
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


def kind_token(kind: str) -> str:
    """Write a kind of record as one token."""
    return f"kind0{''.join(one for one in kind if one.isalpha())}"


def _telling(asked: tokens.Question) -> tokens.Question:
    """Leave out words that very many records hold: they tell nothing apart. Where all are such, all stay."""
    found = _counts([_condition(tokens.Question((one,)), None, "") for one in asked.groups])
    rare = tuple(one for one, count in zip(asked.groups, found, strict=True) if count < RANKED)
    return tokens.Question(rare) if rare else asked
