"""People write through the site: a text from the first word to publication, and what stands against them on the way."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from sojourn.web.registry.models import Commitment, Event, ProgressReport, Version
from sojourn.web.registry.models import accounts as role
from sojourn.web.registry.services import workflow


class TestTheWholeWay:
    def test_a_commitment_a_target_and_a_report_are_written_and_published(
        self, town, begun, publish_by_forms, words
    ):
        writer = town.enter(role.FOCAL_POINT, town.hall.ministry)
        name = begun(
            writer,
            title="Halve what workers pay to be recruited",
            due="2030-06",
            asked="themes",
            themes=["gfmd_themes:remittances"],
            **{
                "actors-rows": "1",
                "actors-0-actor": "Ministry",
                "actors-0-role": "lead",
                "areas-rows": "2",
                "areas-1-area": "MEX",
            },
        )
        publish_by_forms(town, writer, name)
        promise = Commitment.objects.get(public_id=name)
        assert (promise.state, promise.due_day.isoformat()) == ("published", "2030-06-30")
        assert [(one.actor, one.role) for one in promise.actors.all()] == [(town.hall.ministry, "lead")]
        assert [one.area for one in promise.areas.all()] == ["MEX"]
        assert [one.term.code for one in promise.themes.all()] == ["remittances"]

        target = begun(
            writer,
            "target",
            title="Cost of sending money",
            commitment=name,
            series="SI_RMT_COST",
            direction="lower",
            value="3",
            date="2030",
            basis="in_text",
            link_strength="direct",
            area="MEX",
        )
        publish_by_forms(town, writer, target)
        report = begun(
            writer,
            "progress_report",
            title="First year",
            about=name,
            period_end="٢٠٢٥",
            stated="in_progress",
            **{"evidence-rows": "1", "evidence-0-title": "Survey", "evidence-0-grade": "self_report"},
        )
        publish_by_forms(town, writer, report)
        assert ProgressReport.objects.get(public_id=report).period_end == "2025"
        page = words(Client(SERVER_NAME="localhost").get(f"/en/registry/records/{name}"))
        assert "in_progress" in page
        assert "Interval" in page

    def test_every_step_leaves_a_line_and_the_history_tells_them(self, town, begun, publish_by_forms, words):
        writer = town.enter(role.FOCAL_POINT, town.hall.ministry)
        name = begun(writer, title="Recognize diplomas")
        publish_by_forms(town, writer, name)
        done = [one.verb for one in Event.objects.filter(subject=name).order_by("number")]
        assert done == ["created", "submitted", "endorsed", "reviewed", "reviewed", "published"]
        told = words(town.enter(role.AUDITOR).get(f"/en/registry/records/{name}/history"))
        for word in ("begun", "submitted", "endorsed", "reviewed", "published"):
            assert word in told
        outside = words(Client(SERVER_NAME="localhost").get(f"/en/registry/records/{name}/history"))
        assert "version 1" in outside
        assert "submitted" not in outside

    def test_a_text_is_returned_with_its_reason_and_submitted_again(self, town, begun, fill, words):
        writer = town.enter(role.FOCAL_POINT, town.hall.ministry)
        name = begun(writer, title="Recognize diplomas")
        fill(writer, f"desk/{name}/submit")
        validator = town.enter(role.VALIDATOR, town.hall.ministry)
        assert "Waiting for you to endorse or return" in words(validator.get("/en/registry/desk"))
        empty = fill(validator, f"desk/{name}/return", reason=" ")
        assert (empty.status_code, "This field is needed." in words(empty)) == (400, True)
        fill(validator, f"desk/{name}/return", reason="Say by when.")
        told = words(writer.get("/en/registry/desk"))
        assert "Returned to you, with the reason" in told
        assert "Say by when." in told
        assert fill(writer, f"desk/{name}/edit", due="2031").status_code == 302
        assert fill(writer, f"desk/{name}/submit").status_code == 302
        version = Version.objects.get(record__public_id=name)
        assert (version.state, version.content["due"], version.content["title"]) == (
            "submitted",
            "2031",
            "Recognize diplomas",
        )

    def test_a_published_text_changes_by_a_new_version_whose_difference_is_shown(
        self, town, begun, fill, publish_by_forms, words
    ):
        writer = town.enter(role.FOCAL_POINT, town.hall.ministry)
        name = begun(writer, title="Recognize diplomas of nurses")
        publish_by_forms(town, writer, name)
        assert fill(writer, f"desk/{name}/revise").status_code == 302
        fill(writer, f"desk/{name}/edit", title="Recognize diplomas of nurses and teachers")
        outside = Client(SERVER_NAME="localhost")
        assert "teachers" not in words(outside.get(f"/en/registry/records/{name}"))
        assert "teachers" not in words(outside.get(f"/en/registry/records/{name}/history"))
        publish_by_forms(town, writer, name)
        assert "teachers" in words(outside.get(f"/en/registry/records/{name}"))
        history = outside.get(f"/en/registry/records/{name}/history").content.decode()
        assert re.search(r"<ins>[^<]*and teachers</ins>", history)

    def test_a_record_is_withdrawn_and_leaves_a_tombstone(self, town, begun, fill, publish_by_forms):
        writer = town.enter(role.FOCAL_POINT, town.hall.ministry)
        name = begun(writer, title="Recognize diplomas")
        publish_by_forms(town, writer, name)
        assert (
            fill(town.enter(role.MODERATOR), f"desk/{name}/withdraw", reason="Entered twice.").status_code
            == 302
        )
        gone = Client(SERVER_NAME="localhost").get(f"/en/registry/records/{name}")
        assert (gone.status_code, b"Entered twice." in gone.content) == (410, True)

    def test_whom_a_record_names_replies_beside_it(self, town, begun, fill, publish_by_forms, words):
        writer = town.enter(role.FOCAL_POINT, town.hall.ministry)
        named = {"actors-rows": "1", "actors-0-actor": town.hall.other.public_id, "actors-0-role": "named"}
        name = begun(writer, title="Recognize diplomas", **named)
        publish_by_forms(town, writer, name)
        other = town.enter(role.FOCAL_POINT, town.hall.other)
        done = fill(other, f"desk/{name}/reply", title="Our view", summary="We were not asked.")
        reply = done["Location"].rpartition("/")[2]
        assert reply.startswith("Y-")
        publish_by_forms(town, other, reply)
        assert "We were not asked." in words(
            Client(SERVER_NAME="localhost").get(f"/en/registry/records/{name}")
        )

    def test_a_reply_stays_with_what_it_answers(self, town):
        first = town.hall.published(actors=[{"actor": town.hall.other.public_id, "role": "named"}])
        second = town.hall.published()
        named = town.hall.person(role.FOCAL_POINT, town.hall.other)
        reply = workflow.reply(named, first.public_id, "Our view", "We were not asked.")
        with pytest.raises(Exception, match="about"):
            workflow.edit(named, reply.record.public_id, {"about": second.public_id}, edit=reply.edit)
