"""The Chatham House Rule: what was said at a meeting may be told, who said it may not – on no page, by no way."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from sojourn.web.registry.models import (
    Account,
    Commitment,
    Involvement,
    Meeting,
    Record,
    Reply,
    Seat,
    Statement,
    Version,
)
from sojourn.web.registry.models import accounts as role
from sojourn.web.registry.public.overview import KINDS
from sojourn.web.registry.services import attribution, finding, indexing, reading
from sojourn.web.registry.services.persons import ANONYMOUS, Held, Person

WHO, SEAT, SAID = "Zanzibarquokka", "Quokkachair", "Eighth GFMD, Istanbul"


@pytest.fixture
def statement(loaded) -> Statement:
    """A statement by an actor whose name stands nowhere else, in a capacity that stands nowhere else."""
    said = Statement.objects.select_related("agenda_item__meeting").get(fact="meeting13_items:CM13-009")
    actor = said.actor
    Record.objects.filter(pk=actor.pk).update(title=WHO, summary="")
    actor.texts.all().delete()
    Statement.objects.filter(pk=said.pk).update(capacity=SEAT, version=2, published_version=2)
    text = {**said.versions.get().content, "capacity": SEAT}
    now = datetime(2020, 1, 1, tzinfo=UTC)
    Version.objects.create(
        record=said, number=2, state="published", content=text, created=now, changed=now, published_at=now
    )
    return said


def rule(said: Statement, *, of_meeting: str = "named", own: str = "") -> Statement:
    """Set the rule of the meeting, and that of the statement, and index everything anew."""
    Meeting.objects.filter(pk=said.agenda_item.meeting_id).update(attribution=of_meeting)
    Statement.objects.filter(pk=said.pk).update(attribution=own)
    indexing.rebuild()
    return Statement.objects.select_related("agenda_item__meeting").get(pk=said.pk)


def ways(said: Statement) -> list[str]:
    """List the addresses by which a reader comes to a statement."""
    own = f"records/{said.public_id}"
    meeting = said.agenda_item.meeting.public_id
    return [
        own,
        f"{own}/history",
        f"records/{meeting}",
        "feed.atom?kind=statement",
        "calendar.ics",
        "answers",
        "answers/same-work?year=2015",
        "search?q=Istanbul",
        f"search?q={SEAT}",
        *(f"{slug}.{ending}" for slug, *_ in KINDS for ending in ("csv", "json") if slug != "actors"),
    ]


def read(reader: Client, path: str) -> str:
    answer = reader.get(f"/en/registry/{path}")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer.status_code == 200, (path, answer.status_code)
    return content.decode()


@pytest.mark.parametrize(
    ("of_meeting", "own", "named"),
    [("named", "", True), ("none", "named", True), ("none", "", False), ("named", "by_type", False)],
)
def test_the_statement_has_its_own_rule_or_that_of_its_meeting(statement, of_meeting, own, named):
    said = rule(statement, of_meeting=of_meeting, own=own)
    assert attribution.names_speaker(said) is named
    assert (attribution.hidden(said) == frozenset()) is named


@pytest.mark.parametrize("of_meeting", ["none", "by_type"])
class TestUnderTheRule:
    def test_no_way_to_the_statement_tells_who_spoke(self, statement, reader, of_meeting):
        # The promise that names its maker is another record; here it is about the statement alone.
        Commitment.objects.filter(statement=statement).update(statement=None)
        Involvement.objects.filter(record__fact="announced:CM13-009").delete()
        said = rule(statement, of_meeting=of_meeting)
        for path in ways(said):
            page = read(reader, path)
            assert WHO not in page, path
            # The search says again what was asked.
            assert SEAT not in page.replace(f'value="{SEAT}"', "").replace(f"q={SEAT}", ""), path
        assert SAID in read(reader, f"records/{said.public_id}")

    def test_the_page_of_the_actor_does_not_lead_to_it(self, statement, reader, of_meeting):
        Involvement.objects.create(record=statement, actor=statement.actor, role="lead")
        said = rule(statement, of_meeting=of_meeting)
        page = read(reader, f"records/{said.actor.public_id}")
        assert WHO in page
        assert said.public_id not in page

    def test_a_promise_does_not_lead_back_to_what_was_said_nor_the_meeting_to_the_promise(
        self, statement, reader, of_meeting
    ):
        said = rule(statement, of_meeting=of_meeting)
        promise = Commitment.objects.get(statement=said)
        assert said.public_id not in read(reader, f"records/{promise.public_id}")
        assert promise.public_id not in read(reader, f"records/{said.agenda_item.meeting.public_id}")
        assert attribution.hidden(promise) == {"statement"}

    def test_a_version_is_shown_without_the_speaker_to_all_but_those_who_keep_it(self, statement, of_meeting):
        said = rule(statement, of_meeting=of_meeting)
        text = said.versions.get(number=2).content
        for person in (ANONYMOUS, _person(role.TRANSLATOR), _person(role.MODERATOR), _person(role.REVIEWER)):
            assert text.keys() - reading.shown(person, said, text).keys() == {"actor", "capacity", "actors"}
        assert reading.shown(_person(role.DATA_STEWARD), said, text)["capacity"] == SEAT


def test_where_speakers_are_named_all_of_it_is_told(statement, reader):
    said = rule(statement)
    promise = Commitment.objects.get(statement=said)
    assert WHO in read(reader, f"records/{said.agenda_item.meeting.public_id}")
    assert SEAT in read(reader, f"records/{said.public_id}/history")
    assert said.pk in finding.search(SEAT, "en").keys
    assert said.public_id in read(reader, f"records/{said.actor.public_id}")
    assert said.public_id in read(reader, f"records/{promise.public_id}")
    assert promise.public_id in read(reader, f"records/{said.agenda_item.meeting.public_id}")


def test_a_draft_that_hides_the_speaker_hides_it_before_it_is_published(statement):
    said = rule(statement)
    text = {**said.versions.get(number=2).content, "attribution": "none"}
    assert "capacity" not in reading.shown(_person(role.REVIEWER), said, text)


def test_a_feed_names_nobody_beside_a_statement(statement, reader):
    said = rule(statement, of_meeting="none")
    Record.objects.filter(pk=said.pk).update(owner=said.actor, published_at=datetime(2090, 1, 1, tzinfo=UTC))
    assert WHO not in read(reader, "feed.atom?kind=statement")


def test_a_reply_is_the_only_word_of_the_one_who_replies(statement, reader):
    said = rule(statement, of_meeting="none")
    now = datetime(2020, 1, 1, tzinfo=UTC)
    Reply.objects.create(
        kind="reply",
        public_id="Y-2020-0001",
        title="We see it otherwise",
        about=said,
        about_version=1,
        owner=said.actor,
        state="published",
        published_version=1,
        created=now,
        changed=now,
    )
    assert WHO not in read(reader, "records/Y-2020-0001")


def _person(seat_role: str) -> Person:
    account = Account.objects.create_user(f"{seat_role}@example.org")
    seat = Seat.objects.create(account=account, role=seat_role, valid_from="2020-01-01")
    return Person(account.pk, (Held(seat.pk, seat_role),), True)
