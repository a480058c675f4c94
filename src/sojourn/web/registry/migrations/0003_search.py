"""The index of the search: a table of FTS5 on SQLite, one with a `tsvector` on PostgreSQL; both hold tokens only."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

_MAKE = {
    "sqlite": (
        "CREATE VIRTUAL TABLE registry_search USING fts5("
        "body, kind UNINDEXED, language UNINDEXED, tokenize='unicode61 remove_diacritics 0')",
    ),
    "postgresql": (
        "CREATE TABLE registry_search (rowid bigint PRIMARY KEY, body tsvector NOT NULL, "
        "kind varchar(24) NOT NULL, language varchar(2) NOT NULL)",
        "CREATE INDEX registry_search_body ON registry_search USING gin (body)",
    ),
}


def _make(apps: object, editor: object) -> None:
    for sql in _MAKE[editor.connection.vendor]:  # type: ignore[attr-defined]
        editor.execute(sql)  # type: ignore[attr-defined]


def _drop(apps: object, editor: object) -> None:
    editor.execute("DROP TABLE registry_search")  # type: ignore[attr-defined]


class Migration(migrations.Migration):
    """Adds the index; it holds nothing that cannot be made again from the records."""

    dependencies: ClassVar[list[tuple[str, str]]] = [("registry", "0002_append_only")]
    operations: ClassVar[list[object]] = [migrations.RunPython(_make, _drop)]
