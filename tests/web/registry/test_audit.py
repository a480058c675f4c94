"""The trail: it cannot be changed through the database, and whoever gets around that is found."""

from __future__ import annotations

import json

import pytest
from django.db import DatabaseError, connection, transaction

from sojourn.web.registry.models import Event
from sojourn.web.registry.services import audit


def _three() -> None:
    with transaction.atomic():
        for number in range(1, 4):
            audit.note(
                "created", f"C-2026-000{number}", account=1, seat=2, version=1, told={"title": "Größe"}
            )


def _without_triggers(*statements: str) -> None:
    """Change events as somebody could who owns the database."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE registry_event DISABLE TRIGGER ALL")
        else:
            cursor.execute("DROP TRIGGER an_event_stays")
            cursor.execute("DROP TRIGGER an_event_is_kept")
        for statement in statements:
            cursor.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE registry_event SET verb = 'edited' WHERE number = 2",
        "DELETE FROM registry_event WHERE number = 3",
    ],
)
def test_the_database_refuses_to_change_events(both, statement):
    _three()
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.filter(number=1).update(account=7)
    assert list(audit.broken()) == []


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE registry_event SET account = 9 WHERE number = 2", [2]),
        ("UPDATE registry_event SET told = '{}' WHERE number = 1", [1]),
        ("UPDATE registry_event SET at = '2020-01-01' WHERE number = 3", [3]),
        ("DELETE FROM registry_event WHERE number = 2", [3, 3]),
        ("DELETE FROM registry_event WHERE number = 1", [2, 2]),
    ],
)
def test_what_was_tampered_with_is_found(both, statement, found):
    _three()
    _without_triggers(statement)
    assert [one.number for one in audit.broken()] == found


def test_an_event_sealed_anew_breaks_the_one_after_it(both):
    _three()
    event = Event.objects.get(number=2)
    event.account = 9
    event.seal = audit.seal(event)
    _without_triggers(f"UPDATE registry_event SET account = 9, seal = '{event.seal}' WHERE number = 2")
    assert [(one.number, one.what) for one in audit.broken()] == [(3, "does not follow the event before it")]


def test_a_chain_cut_short_is_found_by_a_head_that_was_noted(sqlite):
    _three()
    noted = audit.head()
    assert noted[0] == 3
    assert list(audit.broken(noted)) == []
    _without_triggers("DELETE FROM registry_event WHERE number = 3")
    assert list(audit.broken()) == []
    assert [one.number for one in audit.broken(noted)] == [3]


def test_an_event_without_a_transaction_is_refused(sqlite):
    with pytest.raises(transaction.TransactionManagementError):
        audit.note("created", "C-2026-0001")
    assert not Event.objects.exists()


def test_a_change_that_fails_leaves_no_event(sqlite):
    with transaction.atomic():
        audit.note("created", "C-2026-0001")
        transaction.set_rollback(True)
    assert not Event.objects.exists()


def test_events_hold_numbers_of_persons_and_canonical_json(sqlite):
    _three()
    event = Event.objects.first()
    assert (event.account, event.seat, event.told) == (1, 2, '{"title":"Größe"}')
    assert audit.canonical({"b": 1, "a": [True, None]}) == '{"a":[true,null],"b":1}'
    assert json.loads(event.told) == {"title": "Größe"}
    assert event.seal == audit.seal(event)
    assert len(event.seal) == 64
