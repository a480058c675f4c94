"""Moves a registry into another database, SQLite or PostgreSQL: every row with its number, every event with its seal.

The new database is filled in one transaction. It stays empty unless it holds as many rows of everything as the old one,
ends in the same seal, and verifies: its trail has no fault, its rows none that the old one does not have. What can
be made anew – the index of the search, shelves and counts – is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, connections, models, transaction

from sojourn.errors import IntegrityError, UsageError
from sojourn.web.registry.configuration import database
from sojourn.web.registry.models import Event, Record, Shelf, Standing
from sojourn.web.registry.services import audit, indexing, verifying
from sojourn.web.registry.services.audit import Broken

OLD = "old"
"""Alias of the database that is read; the default one is the one that is filled."""

AT_ONCE = 500

_MADE_BY_MIGRATING = frozenset({"contenttypes.ContentType", "auth.Permission"})
_MADE_ANEW = (Shelf, Standing)

Report = Callable[[str, int], None]


def move(address: str, report: Report | None = None) -> dict[str, Any]:
    """Move the registry into another database, and leave the old one as it is.

    Args:
        address: of a database that holds no registry yet; its tables are made.
        report: told the name and the number of rows of each table.

    Returns:
        Counts of tables, rows and events, and the head of the audit trail, which is that of the old database.

    Raises:
        UsageError: there is a registry in it already.
        IntegrityError: it does not verify, or holds other numbers of rows; nothing was kept.
    """
    known = set(verifying.of_the_rows())
    connections.settings[OLD] = connections.settings["default"]
    connections["default"].close()
    connections.settings["default"] = connections.configure_settings({"default": database(address)})[
        "default"
    ]
    del connections["default"]
    call_command("migrate", verbosity=0, interactive=False)
    if Record.objects.exists() or Event.objects.exists():
        raise UsageError("There is a registry in this database already", where=address.rpartition("@")[2])
    rows = {}
    try:
        # The old database is read at one moment: its transaction keeps writers out, or shows what was there at first.
        with transaction.atomic(using=OLD), transaction.atomic():
            for model in _models():
                rows[model._meta.label] = _copy(model)
                if report is not None:
                    report(model._meta.label, rows[model._meta.label])
            _numbers_go_on()
            indexing.rebuild()
            _check(rows, known)
    finally:
        connections[OLD].close()
        del connections[OLD]
    last, seal = audit.head()
    return {
        "tables": len(rows),
        "rows": sum(rows.values()),
        "events": last,
        "head": f"{last}:{seal}",
    }


def _models() -> list[type[models.Model]]:
    """List what has a table that cannot be made anew, links between tables included."""
    found = apps.get_models(include_auto_created=True)
    return [
        one
        for one in found
        if one._meta.managed and one._meta.label not in _MADE_BY_MIGRATING and one not in _MADE_ANEW
    ]


def _copy(model: type[models.Model]) -> int:
    """Copy the rows of one table as they are: a kind of record adds its own columns only."""
    columns = model._meta.local_concrete_fields
    count = 0
    for rows in _batches(model):
        # `bulk_create` refuses models whose columns lie in two tables; what lies below it does not.
        model._base_manager._insert(rows, fields=columns, using="default", raw=True)
        count += len(rows)
    return count


def _batches(model: type[models.Model]) -> Iterator[list[models.Model]]:
    batch: list[models.Model] = []
    for row in model._base_manager.using(OLD).order_by("pk").iterator(chunk_size=AT_ONCE):
        batch.append(row)
        if len(batch) == AT_ONCE:
            yield batch
            batch = []
    if batch:
        yield batch


def _numbers_go_on() -> None:
    """Let the next row of each table get the number after the last one that was copied."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), _models()):
            cursor.execute(statement)


def _check(rows: dict[str, int], known: Set[Broken]) -> None:
    """Refuse a copy that is not the whole, or does not verify.

    Args:
        rows: how many each table had.
        known: faults of the rows of the old database, which the copy has too.

    Raises:
        IntegrityError: says what is wrong.
    """
    for model in _models():
        there = model._base_manager.using("default").count()
        if there != rows[model._meta.label]:
            raise IntegrityError(
                "The copy has another number of rows",
                where=model._meta.label,
                accepted=str(rows[model._meta.label]),
            )
    last = Event.objects.using(OLD).order_by("-number").values_list("number", "seal").first()
    noted = (last[0], last[1]) if last else (0, audit.BEGINNING)
    for fault in (*verifying.of_the_trail(noted), *(set(verifying.of_the_rows()) - known)):
        raise IntegrityError(f"The copy does not verify: {fault.what}", where=f"event {fault.number}")
