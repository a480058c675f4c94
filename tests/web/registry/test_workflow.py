"""The way of a text: who takes each step, what is frozen, what a conflict carries."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from sojourn.errors import NotFoundError, UsageError
from sojourn.web.registry.faults import ConflictError, DeniedError, InvalidError
from sojourn.web.registry.models import Commitment, Event, Record, Version
from sojourn.web.registry.models import accounts as role
from sojourn.web.registry.services import reading, workflow
from sojourn.web.registry.services.persons import ANONYMOUS


@pytest.fixture
def writer(hall):
    return hall.person(role.FOCAL_POINT, hall.ministry)


def test_a_text_goes_all_the_way(hall_on_both):
    hall = hall_on_both
    writer = hall.person(role.FOCAL_POINT, hall.ministry)
    version = hall.draft(writer, due="2018", themes=["gfmd_themes:remittances"], areas=["MEX"])
    name = version.record.public_id
    assert name.startswith("C-")
    with pytest.raises(NotFoundError):
        reading.find(ANONYMOUS, name)
    hall.publish(name)
    found = reading.find(ANONYMOUS, name)
    assert isinstance(found, Commitment)
    assert (found.state, found.version, found.due, found.due_day.isoformat()) == (
        "published",
        1,
        "2018",
        "2018-12-31",
    )
    assert [str(one.term) for one in found.themes.all()] == ["gfmd_themes:remittances"]
    assert [one.verb for one in Event.objects.filter(subject=name)] == [
        "created",
        "submitted",
        "endorsed",
        "reviewed",
        "reviewed",
        "published",
    ]


def test_nobody_endorses_or_publishes_their_own_text(hall):
    both_seats = hall.person(
        role.FOCAL_POINT, hall.ministry, (role.VALIDATOR, hall.ministry), (role.MODERATOR, None)
    )
    version = hall.draft(both_seats)
    name = version.record.public_id
    workflow.submit(both_seats, name, edit=0)
    with pytest.raises(DeniedError, match="You wrote this text"):
        workflow.endorse(both_seats, name, edit=0)
    workflow.endorse(hall.person(role.VALIDATOR, hall.ministry), name, edit=0)
    hall.review(name, 0)
    hall.review(name, 0)
    with pytest.raises(DeniedError, match="You wrote this text"):
        workflow.publish(both_seats, name, edit=0)


def test_whoever_wrote_one_word_is_a_writer(hall, writer):
    version = hall.draft(writer)
    name = version.record.public_id
    helper = hall.person(role.ALTERNATE, hall.ministry, (role.VALIDATOR, hall.ministry))
    workflow.edit(helper, name, {"summary": "One word"}, edit=0)
    workflow.submit(writer, name, edit=1)
    with pytest.raises(DeniedError):
        workflow.endorse(helper, name, edit=1)


def test_two_reviews_without_a_conflict_of_interest_are_needed(hall, writer):
    name = hall.draft(writer).record.public_id
    workflow.submit(writer, name, edit=0)
    workflow.endorse(hall.person(role.VALIDATOR, hall.ministry), name, edit=0)
    moderator = hall.person(role.MODERATOR)
    hall.review(name, 0)
    hall.review(name, 0, conflict=True, conflict_statement="I advised the ministry.")
    hall.review(name, 0, advice="return")
    with pytest.raises(UsageError, match="two reviewers"):
        workflow.publish(moderator, name, edit=0)
    hall.review(name, 0)
    assert workflow.publish(moderator, name, edit=0).state == "published"


def test_a_reviewer_declares_interests_and_comes_from_elsewhere(hall, writer):
    name = hall.draft(writer).record.public_id
    workflow.submit(writer, name, edit=0)
    workflow.endorse(hall.person(role.VALIDATOR, hall.ministry), name, edit=0)
    with pytest.raises(InvalidError) as refused:
        hall.review(name, 0, conflict_statement=" ")
    assert set(refused.value.problems) == {"conflict_statement"}
    insider = hall.person(role.REVIEWER, None, (role.FOCAL_POINT, hall.ministry))
    from sojourn.web.registry.services.reviewing import review

    with pytest.raises(DeniedError, match="institution that owns"):
        review(insider, name, edit=0, conflict=False, conflict_statement="None", advice="publish")


def test_a_text_comes_back_with_a_reason_and_loses_its_endorsement(hall, writer):
    name = hall.draft(writer).record.public_id
    validator = hall.person(role.VALIDATOR, hall.ministry)
    workflow.submit(writer, name, edit=0)
    with pytest.raises(InvalidError):
        workflow.send_back(validator, name, "  ", edit=0)
    returned = workflow.send_back(validator, name, "Say by when.", edit=0)
    assert (returned.state, returned.reason) == ("returned", "Say by when.")
    workflow.edit(writer, name, {"due": "2030"}, edit=0)
    workflow.submit(writer, name, edit=1)
    workflow.endorse(validator, name, edit=1)
    workflow.send_back(hall.person(role.MODERATOR), name, "Too vague.", edit=1)
    workflow.edit(writer, name, {"title": "Clearer"}, edit=1)
    version = workflow.newest(Record.objects.get(public_id=name))
    assert not version.endorsements.filter(edit=version.edit).exists()


def test_a_stale_save_is_a_conflict_with_both_texts(hall, writer):
    name = hall.draft(writer).record.public_id
    colleague = hall.person(role.ALTERNATE, hall.ministry)
    workflow.edit(colleague, name, {"summary": "Theirs"}, edit=0)
    with pytest.raises(ConflictError) as refused:
        workflow.edit(writer, name, {"summary": "Mine"}, edit=0)
    assert refused.value.mine == {"summary": "Mine"}
    assert (refused.value.theirs["summary"], refused.value.edit) == ("Theirs", 1)
    assert Version.objects.get(record__public_id=name).content["summary"] == "Theirs"


def test_an_outsider_gets_no_text_from_a_stale_save(hall, writer):
    name = hall.draft(writer).record.public_id
    with pytest.raises(NotFoundError):
        workflow.edit(hall.person(role.FOCAL_POINT, hall.other), name, {"summary": "Mine"}, edit=9)
    record = hall.published(writer)
    draft = workflow.revise(writer, record.public_id)
    workflow.edit(writer, record.public_id, {"summary": "Hidden"}, edit=draft.edit)
    with pytest.raises(DeniedError) as refused:
        workflow.edit(
            hall.person(role.FOCAL_POINT, hall.other), record.public_id, {"summary": "Mine"}, edit=9
        )
    assert "Hidden" not in str(refused.value)


def test_a_published_text_is_frozen_and_the_next_version_stands_beside_it(hall_on_both):
    hall = hall_on_both
    writer = hall.person(role.FOCAL_POINT, hall.ministry)
    record = hall.published(writer, summary="First")
    name = record.public_id
    with pytest.raises(DeniedError):
        workflow.edit(writer, name, {"summary": "Second"}, edit=0)
    draft = workflow.revise(writer, name)
    assert draft.edit == 1, "whoever has seen the first version has not seen this one"
    with pytest.raises(UsageError, match="already being worked on"):
        workflow.revise(writer, name)
    workflow.edit(writer, name, {"summary": "Second"}, edit=draft.edit)
    assert Record.objects.get(public_id=name).summary == "First"
    assert [one.number for one in reading.versions(ANONYMOUS, record)] == [1]
    assert [one.number for one in reading.versions(writer, record)] == [1, 2]
    hall.publish(name)
    shown = Record.objects.get(public_id=name)
    assert (shown.summary, shown.version, shown.published_version) == ("Second", 2, 2)
    first = Version.objects.get(record=record, number=1)
    assert first.content["summary"] == "First"
    first.content = {**first.content, "summary": "Rewritten"}
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
        first.save()
    with pytest.raises(DatabaseError, match="frozen"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM registry_version WHERE id = %s", [first.pk])


def test_withdrawal_leaves_a_tombstone_with_its_reason(hall, writer):
    record = hall.published(writer)
    validator = hall.person(role.VALIDATOR, hall.ministry)
    with pytest.raises(InvalidError):
        workflow.withdraw(validator, record.public_id, "")
    workflow.withdraw(validator, record.public_id, "Replaced by a law.")
    found = reading.find(ANONYMOUS, record.public_id)
    assert (found.is_tombstone, found.closing_reason) == (True, "Replaced by a law.")
    assert not reading.visible().filter(public_id=record.public_id).exists()


def test_a_draft_given_up_leaves_nothing_to_outsiders(hall, writer):
    name = hall.draft(writer).record.public_id
    workflow.discard(writer, name, edit=0)
    with pytest.raises(NotFoundError):
        reading.find(ANONYMOUS, name)


def test_whom_a_record_names_may_reply(hall, writer):
    record = hall.published(writer, actors=[{"actor": hall.other.public_id, "role": "named"}])
    with pytest.raises(DeniedError):
        workflow.reply(
            hall.person(role.FOCAL_POINT, hall.board), record.public_id, "No", "We were not asked."
        )
    named = hall.person(role.FOCAL_POINT, hall.other)
    version = workflow.reply(named, record.public_id, "Our view", "We were not asked.")
    assert version.record.owner == hall.other
    hall.publish(version.record.public_id)
    assert [one.summary for one in record.replies.public()] == ["We were not asked."]


def test_what_does_not_fit_is_named_field_by_field(hall, writer):
    given = {
        "title": "",
        "form": "solo",
        "due": "next year",
        "areas": ["Atlantis"],
        "provision": "P-2013-0001",
        "colour": "red",
        "themes": ["gfmd_themes:skills", "gfmd_themes:skills"],
        "summary": "\0",
    }
    with pytest.raises(InvalidError) as refused:
        hall.draft(writer, **given)
    assert set(refused.value.problems) == set(given)


def test_a_link_to_what_one_may_not_see_is_no_such_record(hall, writer):
    hidden = hall.draft(hall.person(role.FOCAL_POINT, hall.other)).record.public_id
    with pytest.raises(InvalidError) as refused:
        hall.draft(writer, matched_with=hidden)
    assert refused.value.problems == {"matched_with": "There is no such record."}


def test_a_contact_is_private(hall, writer):
    record = hall.published(writer, contact="ada@example.org").entity
    text = Version.objects.get(record=record).content
    assert "contact" not in reading.shown(ANONYMOUS, record, text)
    assert reading.shown(writer, record, text)["contact"] == "ada@example.org"


def test_a_report_tells_the_commitment_its_stated_state(hall, writer):
    record = hall.published(writer)
    given = {"about": record.public_id, "title": "2016", "period_end": "2016", "stated": "in_progress"}
    version = workflow.create(writer, "progress_report", given, owner=hall.ministry.pk)
    assert Commitment.objects.get(pk=record.pk).stated == "unknown"
    hall.publish(version.record.public_id)
    assert Commitment.objects.get(pk=record.pk).stated == "in_progress"


def test_a_report_by_a_stranger_does_not_tell_the_state_of_a_promise(hall, writer):
    union = hall.actor("Union")
    record = hall.published(writer, actors=[{"actor": union.public_id, "role": "named"}])
    given = {"about": record.public_id, "title": "2016", "period_end": "2016", "certainty": "verified"}
    for actor, stated, expected in (
        (hall.other, "completed", "unknown"),
        (union, "completed", "unknown"),
        (hall.ministry, "in_progress", "in_progress"),
    ):
        reporter = hall.person(role.FOCAL_POINT, actor)
        version = workflow.create(reporter, "progress_report", {**given, "stated": stated}, owner=actor.pk)
        hall.publish(version.record.public_id)
        assert Commitment.objects.get(pk=record.pk).stated == expected


def test_a_withdrawal_ends_the_next_version_in_work(hall, writer):
    name = hall.draft(writer).record.public_id
    hall.publish(name)
    edit = workflow.revise(writer, name).edit
    workflow.submit(writer, name, edit=edit)
    workflow.endorse(hall.person(role.VALIDATOR, hall.ministry), name, edit=edit)
    hall.review(name, edit)
    hall.review(name, edit)
    moderator = hall.person(role.MODERATOR)
    workflow.withdraw(moderator, name, "Entered twice.")
    with pytest.raises((DeniedError, UsageError, NotFoundError)):
        workflow.publish(moderator, name, edit=edit)
    assert Record.objects.get(public_id=name).state == "withdrawn"
    verbs = list(Event.objects.filter(subject=name).order_by("number").values_list("verb", flat=True))
    assert verbs[-2:] == ["discarded", "withdrawn"]
