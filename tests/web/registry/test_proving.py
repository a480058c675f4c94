"""Whoever changes a row past the program is found, whatever row that is that pages, lists or joins read."""

from __future__ import annotations

import pytest
from django.db import connection

from sojourn.web.registry.models import Commitment, Record
from sojourn.web.registry.models import accounts as role
from sojourn.web.registry.services import proving, workflow


@pytest.fixture
def name(hall) -> str:
    """A published promise with everything that a text can have."""
    return hall.published(
        title="Lower the cost",
        due="2018",
        form="individual",
        themes=["gfmd_themes:remittances"],
        areas=["MEX", "USA"],
        actors=[{"actor": str(hall.ministry.public_id), "role": "lead"}],
        evidence=[{"title": "A report", "link": "https://example.org/a"}],
    ).public_id


def found() -> list[str]:
    return [one.what for one in (*proving.rows_changed(), *proving.states_changed())]


def tamper(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        assert cursor.rowcount > 0


def test_nothing_is_found_where_nothing_was_changed(hall, name):
    writer = hall.person(role.FOCAL_POINT, hall.ministry)
    edit = workflow.revise(writer, name).edit
    workflow.edit(writer, name, {"title": "Another title in work"}, edit=edit)
    # Institutions of these tests were put there without a text.
    assert not any(name in one for one in found())
    workflow.withdraw(hall.person(role.MODERATOR), name, "Entered twice.")
    assert not any(name in one for one in found())


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE registry_record SET title = 'By hand' WHERE public_id = %s", "title"),
        ("UPDATE registry_record SET source = 'By hand' WHERE public_id = %s", "source"),
        ("UPDATE registry_commitment SET due = '2099' WHERE record_id = %r", "due"),
        ("UPDATE registry_commitment SET form = 'common' WHERE record_id = %r", "form"),
        ("UPDATE registry_involvement SET role = 'partner' WHERE record_id = %r", "actors"),
        ("DELETE FROM registry_involvement WHERE record_id = %r", "actors"),
        ("DELETE FROM registry_theme WHERE record_id = %r", "themes"),
        ("UPDATE registry_place SET area = 'NOR' WHERE record_id = %r AND area = 'MEX'", "areas"),
        ("DELETE FROM registry_evidence WHERE record_id = %r", "evidence"),
        ("UPDATE registry_record SET state = 'archived' WHERE public_id = %s", "archived"),
        ("UPDATE registry_record SET state = 'withdrawn' WHERE public_id = %s", "withdrawn"),
        ("DELETE FROM registry_endorsement", "endorsement"),
        ("UPDATE registry_record SET published_version = NULL WHERE public_id = %s", "no published version"),
        ("UPDATE registry_record SET annotation = 'By hand' WHERE public_id = %s", "annotation"),
    ],
)
def test_every_row_that_readers_see_is_held_to_what_was_published(name, sql, said):
    key = Commitment.objects.get(public_id=name).pk
    tamper(sql.replace("%s", f"'{name}'").replace("%r", str(key)))
    assert any(name in one and said in one for one in found())


def test_the_shipped_facts_are_as_they_were_loaded(loaded):
    assert Record.objects.public().count() > 100
    assert found() == []
