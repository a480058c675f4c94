"""Translations fall behind when the original changes; an annotation changes no word of the owner's."""

from __future__ import annotations

import pytest
from django.db import connection

from sojourn.web.registry.faults import DeniedError, InvalidError
from sojourn.web.registry.models import Record, Text, Version
from sojourn.web.registry.models import accounts as role
from sojourn.web.registry.services import wording, workflow


@pytest.fixture
def writer(hall):
    return hall.person(role.FOCAL_POINT, hall.ministry)


def _indexed() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM registry_search")
        return " ".join(row[0] for row in cursor.fetchall())


def test_a_translation_falls_behind_only_where_the_original_changed(hall, writer):
    record = hall.published(writer, summary="First")
    texts = {"title": "Réduire le coût", "summary": "Premier"}
    wording.translate(hall.person(role.TRANSLATOR), record.public_id, "fr", texts)
    assert "reduir" in _indexed(), "a translation is found by its own words"
    draft = workflow.revise(writer, record.public_id)
    workflow.edit(writer, record.public_id, {"summary": "Second"}, edit=draft.edit)
    assert not Text.objects.filter(stale=True).exists(), "a draft changes nothing outside"
    hall.publish(record.public_id)
    assert {one.field: one.stale for one in Text.objects.all()} == {"title": False, "summary": True}
    wording.translate(hall.person(role.TRANSLATOR), record.public_id, "fr", {"summary": "Deuxième"})
    assert {one.field: (one.stale, one.version) for one in Text.objects.all()} == {
        "title": (False, 1),
        "summary": (False, 2),
    }


def test_what_is_no_text_or_private_is_not_translated(hall, writer):
    record = hall.published(writer)
    translator = hall.person(role.TRANSLATOR)
    for given in ({"due": "2030"}, {"contact": "x"}, {"source": "x"}):
        with pytest.raises(InvalidError):
            wording.translate(translator, record.public_id, "fr", given)
    with pytest.raises(InvalidError):
        wording.translate(translator, record.public_id, "en", {"title": "Same"})
    with pytest.raises(DeniedError):
        wording.translate(hall.person(role.MODERATOR), record.public_id, "fr", {"title": "Titre"})


def test_a_secretariat_annotates_and_changes_no_word(hall, writer):
    record = hall.published(writer, themes=["gfmd_themes:skills"])
    secretariat = hall.person(role.SECRETARIAT, hall.board)
    wording.annotate(secretariat, record.public_id, "In short.", ["gfmd_themes:remittances"])
    found = Record.objects.get(public_id=record.public_id)
    assert (found.annotation, found.title, found.version) == ("In short.", record.title, 1)
    assert {str(one.term) for one in found.themes.all()} == {"gfmd_themes:skills", "gfmd_themes:remittances"}
    assert Version.objects.get(record=found).content["themes"] == [{"term": "gfmd_themes:skills"}]
    with pytest.raises(DeniedError):
        workflow.revise(secretariat, record.public_id)
    with pytest.raises(InvalidError):
        wording.annotate(secretariat, record.public_id, "", ["gfmd_themes:dragons"])
