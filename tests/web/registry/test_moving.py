"""A registry moves between SQLite and PostgreSQL, both ways, with its numbers, its seals and its words."""

from __future__ import annotations

import pytest
from django.db import connections
from django.test import Client, override_settings

from sojourn.errors import IntegrityError, UsageError
from sojourn.web.registry.models import Account, Event, Record, Seat, Serial, Text, Version
from sojourn.web.registry.models import accounts as role
from sojourn.web.registry.services import audit, finding, moving, workflow


def everything() -> dict[str, list[tuple[object, ...]]]:
    """Read all that must not change."""
    return {
        "records": list(
            Record.objects.order_by("pk").values_list("pk", "public_id", "state", "title", "fact")
        ),
        "versions": list(Version.objects.order_by("pk").values_list("pk", "record", "number", "content")),
        "writers": list(Version.writers.through.objects.order_by("pk").values_list("version", "account")),
        "events": list(Event.objects.order_by("number").values_list("number", "at", "told", "seal")),
        "texts": list(Text.objects.order_by("pk").values_list("pk", "text", "language")),
        "seats": list(
            Seat.objects.order_by("pk").values_list("pk", "account", "actor", "role", "valid_from")
        ),
        "accounts": list(Account.objects.order_by("pk").values_list("pk", "email", "password", "joined")),
        "serials": list(Serial.objects.order_by("pk").values_list("prefix", "year", "last")),
    }


def test_what_is_shipped_moves_to_postgresql_and_is_read_there(
    postgresql, loaded_template, point_to, two_releases
):
    point_to(f"sqlite:///{loaded_template}")
    before = everything()
    counts: dict[str, int] = {}
    told = moving.move(postgresql, counts.__setitem__)
    assert connections["default"].vendor == "postgresql"
    assert everything() == before
    assert told["head"] == f"{before['events'][-1][0]}:{before['events'][-1][3]}"
    assert told["rows"] == sum(counts.values()) > 2 * len(before["records"])
    assert list(audit.broken()) == []
    assert list(audit.texts_changed()) == []
    assert finding.search("remittances", "en").keys
    with override_settings(SOJOURN_RELEASES=str(two_releases[0].parent), SOJOURN_RELEASE=None):
        reader = Client(SERVER_NAME="localhost", raise_request_exception=False)
        for path in ("", "/records/M-2015-0001", "/commitments", "/search?q=remesas", "/answers"):
            assert reader.get(f"/en/registry{path}").status_code == 200, path


def test_work_in_progress_goes_both_ways_and_goes_on(hall, sqlite, postgresql, point_to, tmp_path):
    point_to(sqlite)
    record = hall.published(title="خفض تكلفة التحويلات", original_language="ar", due="2030-02")
    owner = hall.person(role.FOCAL_POINT, hall.ministry)
    draft = workflow.revise(owner, record.public_id)
    workflow.edit(owner, record.public_id, {**draft.content, "title": "Draft"}, edit=draft.edit)
    before = everything()
    moving.move(postgresql)
    assert everything() == before
    newest = workflow.newest(Record.objects.get(public_id=record.public_id))
    workflow.submit(owner, record.public_id, edit=newest.edit)
    later = hall.draft(owner, title="Another")
    assert later.pk > newest.pk
    assert list(audit.broken()) == []
    before = everything()
    moving.move(f"sqlite:///{tmp_path / 'back.sqlite3'}")
    assert connections["default"].vendor == "sqlite"
    assert everything() == before
    assert hall.draft(owner, title="A third").record.public_id not in [one[1] for one in before["records"]]


def test_nothing_is_moved_into_a_registry(hall, loaded_template, sqlite, point_to):
    hall.published()
    point_to(f"sqlite:///{loaded_template}")
    with pytest.raises(UsageError, match="already"):
        moving.move(sqlite)


def test_a_trail_that_is_broken_is_not_moved(hall, tmp_path):
    hall.published()
    with connections["default"].cursor() as cursor:
        cursor.execute("DROP TRIGGER an_event_stays")
        cursor.execute("UPDATE registry_event SET verb = 'endorsed' WHERE number = 1")
    with pytest.raises(IntegrityError, match="was changed after it was sealed"):
        moving.move(f"sqlite:///{tmp_path / 'other.sqlite3'}")
    assert not Record.objects.exists()
    assert not Event.objects.exists()


def test_a_copy_whose_rows_are_not_those_of_the_old_one_is_not_kept(hall, tmp_path, monkeypatch):
    name = hall.published(title="Lower the cost").public_id
    reset = moving._numbers_go_on

    def change() -> None:
        reset()
        Record.objects.filter(public_id=name).update(title="Raise the cost")

    monkeypatch.setattr(moving, "_numbers_go_on", change)
    with pytest.raises(IntegrityError, match=f"{name}: not as it was published: title"):
        moving.move(f"sqlite:///{tmp_path / 'other.sqlite3'}")
    assert not Record.objects.exists()


def test_a_fault_that_the_old_one_has_moves_with_it(hall, tmp_path):
    name = hall.published(title="Lower the cost").public_id
    Record.objects.filter(public_id=name).update(title="Raise the cost")
    moving.move(f"sqlite:///{tmp_path / 'other.sqlite3'}")
    assert Record.objects.get(public_id=name).title == "Raise the cost"
