"""The pages of commitments and targets: what is measured, beside what is reported, and nothing that is not public."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from sojourn.release.gate import open_release
from sojourn.web.holding import load
from sojourn.web.languages import NAMES
from sojourn.web.registry.models import Commitment, Record, Target, Term
from sojourn.web.registry.models import accounts as role
from sojourn.web.registry.services import reading, workflow
from sojourn.web.registry.services.judging import take_release

from .conftest import TERMS
from .test_public import bare, text

GOAL = {
    "series": "SI_RMT_COST",
    "area": "001",
    "direction": "lower",
    "basis": "in_text",
    "link_strength": "direct",
}


@pytest.fixture
def facts(loaded: str) -> None:
    """A fresh copy of the registry with the shipped facts."""


def targets_of(public_id: str) -> list[str]:
    return list(Target.objects.filter(commitment__public_id=public_id).values_list("public_id", flat=True))


class TestTarget:
    def test_its_page_shows_what_that_of_its_commitment_shows(self, facts, reader):
        (name,) = targets_of("C-2015-0001")
        page = bare(text(reader, f"/records/{name}"))
        promised = bare(text(reader, "/records/C-2015-0001"))
        for told in (
            "too slow",
            "6.36",
            "Distance to it",
            "Chance to meet it",
            "Pace that is seen",
            "Nothing has been",
        ):
            assert told in page
            assert told in promised
        assert Commitment.objects.get(public_id="C-2015-0001").title in page

    @pytest.mark.parametrize("language", NAMES)
    def test_it_is_whole_in_every_language(self, facts, reader, language):
        (name,) = targets_of("C-2009-0001")
        page = text(reader, f"/records/{name}", language)
        assert 'class="untranslated"' not in page
        assert f"series/{Target.objects.get(public_id=name).series}/trend.svg" in page

    def test_it_tells_what_each_release_said(self, facts, reader, two_releases):
        (name,) = targets_of("C-2015-0001")
        assert "What each release said" not in text(reader, f"/records/{name}")
        take_release(load(open_release(two_releases[0])))
        page = bare(text(reader, f"/records/{name}"))
        assert "What each release said" in page
        assert two_releases[0].name in page

    def test_a_pace_says_from_when_to_when(self, facts, reader):
        page = bare(text(reader, "/records/C-2015-0001"))
        assert " to 2030; in the first year, then at the same rate" in page

    def test_it_asks_the_database_no_more_than_ten_times(self, facts, reader):
        (name,) = targets_of("C-2015-0001")
        asked: list[str] = []

        def count(execute, sql, params, many, context):
            asked.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            text(reader, f"/records/{name}")
        assert len(asked) <= 10, len(asked)


class TestHidden:
    """A public record that leads to one in work: nobody learns of that one."""

    @pytest.fixture
    def led(self, hall, reader: Client) -> tuple[Client, str, str]:
        """A reader, a public target, and its commitment in work."""
        for vocabulary, codes in TERMS.items():
            for code in codes:
                Term.objects.create(vocabulary=vocabulary, code=code, labels={"en": code})
        writer = hall.person(role.FOCAL_POINT, hall.ministry)
        promise = hall.draft(writer, title="Zanzibarquokka").record
        target = workflow.create(
            writer,
            "target",
            {**GOAL, "title": "Three per cent", "certainty": "verified", "commitment": promise.public_id},
            owner=hall.ministry.pk,
        ).record
        hall.publish(target.public_id)
        return reader, target.public_id, promise.public_id

    def test_no_surface_names_it(self, led):
        reader, target, promise = led
        for path in (
            f"/en/registry/records/{target}",
            f"/en/registry/records/{target}/history",
            f"/ar/registry/records/{target}",
            f"/api/v1/registry/records/{target}",
            f"/api/v1/registry/records/{target}/versions",
            "/api/v1/registry/records.csv?kind=target",
            "/api/v1/registry/records.json?kind=target",
            "/en/registry/search?q=Three+per+cent",
            "/en/registry/feed.atom",
        ):
            answer = reader.get(path)
            shown = answer.getvalue().decode()
            assert answer.status_code == 200, path
            assert target in shown, path
            assert promise not in shown, path
            assert "Zanzibarquokka" not in shown, path

    def test_it_has_no_measurement_before_its_commitment_is_public(self, hall, led):
        reader, target, promise = led
        page = text(reader, f"/records/{target}")
        assert "side by side" not in page
        hall.publish(promise)
        page = text(reader, f"/records/{target}")
        assert "side by side" in page
        assert promise in page

    def test_its_owner_sees_where_it_leads(self, hall, led):
        _, target, promise = led
        owner = hall.person(role.FOCAL_POINT, hall.ministry)
        entity = Record.objects.get(public_id=target).entity
        content = entity.versions.get().content
        assert reading.shown(owner, entity, content)["commitment"] == promise
        assert "commitment" not in reading.shown(hall.person(role.FOCAL_POINT, hall.other), entity, content)

    def test_an_actor_that_was_taken_back_into_work_is_not_named_in_a_text(self, hall, reader):
        actors = [{"actor": one.public_id, "role": "lead"} for one in (hall.ministry, hall.other)]
        record = hall.published(hall.person(role.FOCAL_POINT, hall.ministry), actors=actors)
        Record.objects.filter(pk=hall.other.pk).update(state="draft")
        for path in (
            f"/api/v1/registry/records/{record.public_id}/versions",
            f"/en/registry/records/{record.public_id}",
        ):
            shown = reader.get(path).content.decode()
            assert hall.ministry.public_id in shown
            assert hall.other.public_id not in shown
