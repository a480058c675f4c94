"""The registry's API: public records for everybody, drafts for keys, and the same refusals as on the pages."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from sojourn.web.registry.models import (
    KINDS,
    Account,
    Event,
    Meeting,
    Record,
    Seat,
    Statement,
    Token,
    Version,
)
from sojourn.web.registry.models import accounts as role
from sojourn.web.registry.services import accounts, audit, workflow

ROOT = "/api/v1/registry"
SECRET = "Zanzibarquokka"


class Program:
    """A program that asks the API, with the key of a person or with none."""

    def __init__(self, person=None, scopes=("read", "write"), secret=""):
        self.client = Client(SERVER_NAME="localhost", raise_request_exception=False, enforce_csrf_checks=True)
        if person is not None:
            _, secret = accounts.make_key(person, person.seats[0].seat, "program", list(scopes), 30)
        self.headers = {"HTTP_AUTHORIZATION": f"Bearer {secret}"} if secret else {}

    def get(self, path, **more):
        return self.client.get(f"{ROOT}/{path}", **{**self.headers, **more})

    def send(self, method, path, body=None, **more):
        sent = body if isinstance(body, str) else json.dumps(body)
        given = {"data": sent, "content_type": "application/json"} if body is not None else {}
        return self.client.generic(method, f"{ROOT}/{path}", **given, **{**self.headers, **more})

    def post(self, path, body=None, **more):
        return self.send("POST", path, body, **more)

    def patch(self, path, body):
        return self.send("PATCH", path, body)

    def begin(self, **content):
        given = {"title": "Recognize diplomas", "certainty": "verified", **content}
        return self.post("records", {"kind": "commitment", "content": given})


@pytest.fixture
def everybody(town):
    return Program()


@pytest.fixture
def focal_point(town):
    return Program(town.hall.person(role.FOCAL_POINT, town.hall.ministry))


def body(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def shaped(answer, status: int) -> dict:
    """Check that an error has the one shape of the API's errors."""
    assert answer.status_code == status, answer.content
    told = answer.json()
    assert {"status", "error", "what", "where", "accepted", "advice"} <= told.keys()
    assert told["status"] == status
    return told


class TestReading:
    def test_kinds_are_counted_and_their_fields_described(self, town, everybody):
        town.hall.published()
        listed = {one["kind"]: one for one in everybody.get("kinds").json()["kinds"]}
        assert listed.keys() == KINDS.keys()
        assert (listed["commitment"]["records"], listed["practice"]["records"]) == (1, 0)
        fields = {one["name"]: one for one in everybody.get("kinds/commitment").json()["fields"]}
        assert fields["title"] == {
            "name": "title",
            "label": "Title",
            "help": fields["title"]["help"],
            "holds": "text",
            "needed": True,
            "longest": 500,
        }
        assert fields["force"]["codes"] == ["pledge"]
        assert fields["provision"]["links_to"] == "provision"
        assert [one["holds"] for one in fields["actors"]["rows"]] == ["public id", "code"]
        shaped(everybody.get("kinds/king"), 404)

    def test_a_list_goes_on_by_its_cursor_and_holds_each_record_once(self, town, everybody):
        names = {str(town.hall.published(title=f"Promise {number}").public_id) for number in range(5)}
        seen, address = [], f"{ROOT}/records?kind=commitment&per_page=2"
        pages = 0
        while address:
            told = everybody.client.get(address).json()
            assert (told["total"], told["kind"]) == (5, "commitment")
            seen += [one["public_id"] for one in told["records"]]
            address, pages = told["next"], pages + 1
        assert (sorted(seen), pages) == (sorted(names), 3)

    def test_a_list_is_narrowed_as_the_public_one_is(self, town, everybody):
        one = town.hall.published(themes=[{"term": "gfmd_themes:skills"}])
        town.hall.published()
        for asked in ("theme=skills", "theme=skills&type=pledge"):
            told = everybody.get(f"records?kind=commitment&{asked}").json()
            assert [row["public_id"] for row in told["records"]] == [one.public_id]
            rows = json.loads(body(everybody.get(f"records.json?kind=commitment&{asked}")))["records"]
            assert [row["public_id"] for row in rows] == [one.public_id]

    @pytest.mark.parametrize(
        ("asked", "where", "accepted"),
        [
            ("kind=king", "kind", "commitment"),
            ("kind=commitment&theme=nonsense", "theme", "skills"),
            ("kind=commitment&type=nonsense", "type", "pledge"),
            ("kind=statement&type=pledge", "type", "commitment"),
            ("kind=commitment&owner=A-2015-0007", "owner", "kind, theme, type"),
        ],
    )
    def test_a_value_that_nobody_knows_is_refused_with_what_there_is(
        self, town, everybody, asked, where, accepted
    ):
        for path in ("records", "records.csv", "records.json"):
            told = shaped(everybody.get(f"{path}?{asked}"), 400)
            assert told["where"] == where
            assert accepted in told["accepted"]

    def test_a_table_is_the_whole_list_and_computes_nothing(self, town, everybody):
        for title in ("=1+1", "Recognize diplomas"):
            town.hall.published(title=title)
        for answer in (
            everybody.get("records.csv?kind=commitment"),
            everybody.get("records?kind=commitment&per_page=1", HTTP_ACCEPT="text/csv"),
        ):
            assert answer["Content-Type"].startswith("text/csv")
            rows = list(csv.DictReader(io.StringIO(body(answer).decode("utf-8-sig"))))
            assert [row["title"] for row in rows] == ["'=1+1", "Recognize diplomas"]
            assert "contact" not in rows[0]

    def test_a_record_and_its_versions_are_what_was_published(self, town, everybody):
        record = town.hall.published(title="First", contact=SECRET)
        writer = town.hall.person(role.ALTERNATE, town.hall.ministry)
        version = workflow.revise(writer, record.public_id)
        workflow.edit(writer, record.public_id, {"title": "Second"}, edit=version.edit)
        told = everybody.get(f"records/{record.public_id}").json()
        assert (told["state"], told["version"], told["edit"]) == ("published", 1, None)
        assert told["content"]["title"] == "First"
        assert told["owner"] == town.hall.ministry.public_id
        assert SECRET not in json.dumps(told)
        past = everybody.get(f"records/{record.public_id}/versions").json()["versions"]
        assert [(one["version"], one["content"]["title"]) for one in past] == [(1, "First")]
        town.hall.publish(record.public_id)
        past = everybody.get(f"records/{record.public_id}/versions").json()["versions"]
        assert [one["content"]["title"] for one in past] == ["First", "Second"]

    def test_what_was_withdrawn_is_gone_with_its_reason(self, town, everybody):
        record = town.hall.published(title=SECRET)
        workflow.withdraw(town.hall.person(role.MODERATOR), record.public_id, "Entered twice.")
        for path in ("", "/versions"):
            answer = everybody.get(f"records/{record.public_id}{path}")
            assert "Entered twice." in shaped(answer, 410)["advice"]
            assert SECRET not in answer.content.decode()
        assert everybody.get("records?kind=commitment").json()["records"] == []

    def test_who_spoke_is_told_where_the_rule_allows_and_nowhere_else(self, loaded, reader):
        said = Statement.objects.select_related("agenda_item__meeting").get(fact="meeting13_items:CM13-009")
        Statement.objects.filter(pk=said.pk).update(capacity=SECRET)
        Record.objects.filter(pk=said.pk).update(owner=said.actor)
        who = said.actor.public_id
        ways = [f"records/{said.public_id}", f"records/{said.public_id}/versions"]
        tables = [
            "records?kind=statement&per_page=200",
            "records.csv?kind=statement",
            "records.json?kind=statement",
        ]
        assert all(who in reader.get(f"{ROOT}/{way}").content.decode() for way in ways)
        assert all(SECRET in body(reader.get(f"{ROOT}/{way}")).decode() for way in tables)
        Meeting.objects.filter(pk=said.agenda_item.meeting_id).update(attribution="none")
        for way in (*ways, *tables):
            answer = reader.get(f"{ROOT}/{way}")
            text = body(answer).decode()
            assert answer.status_code == 200
            assert SECRET not in text, way
            assert who not in text, way


class TestWriting:
    def test_a_program_begins_changes_and_submits_as_its_seat_may(self, town, focal_point):
        begun = focal_point.begin(summary="Of nurses.")
        assert begun.status_code == 201, begun.content
        made = begun.json()
        name = made["public_id"]
        assert begun["Location"] == made["href"] == f"{ROOT}/records/{name}"
        assert (made["state"], made["version"], made["edit"]) == ("draft", 1, 0)
        assert Record.objects.get(public_id=name).owner_id == town.hall.ministry.pk
        changed = focal_point.patch(f"records/{name}", {"edit": 0, "content": {"title": "Recognize all"}})
        assert (changed.status_code, changed.json()["edit"]) == (200, 1)
        read = focal_point.get(f"records/{name}").json()
        assert (read["state"], read["edit"]) == ("draft", 1)
        assert (read["content"]["title"], read["content"]["summary"]) == ("Recognize all", "Of nurses.")
        assert [one["public_id"] for one in focal_point.get("drafts").json()["drafts"]] == [name]
        done = focal_point.post(f"records/{name}/submit", {"edit": 1})
        assert (done.status_code, done.json()["state"]) == (200, "submitted")
        assert focal_point.patch(f"records/{name}", {"edit": 1, "content": {}}).status_code == 403

    def test_every_change_is_an_event_that_tells_the_key(self, focal_point):
        name = focal_point.begin().json()["public_id"]
        focal_point.patch(f"records/{name}", {"edit": 0, "content": {"title": "Recognize all"}})
        focal_point.post(f"records/{name}/submit", {"edit": 1})
        events = list(Event.objects.filter(subject=name).order_by("number"))
        assert [one.verb for one in events] == ["created", "edited", "submitted"]
        key = Token.objects.get()
        for one in events:
            assert (one.seat, one.account) == (key.seat_id, key.seat.account_id)
            assert json.loads(one.told)["key"] == key.pk
        assert not list(audit.broken())

    def test_whoever_writes_over_another_gets_both_texts_and_nothing_is_written(self, town, focal_point):
        name = focal_point.begin().json()["public_id"]
        colleague = Program(town.hall.person(role.ALTERNATE, town.hall.ministry))
        colleague.patch(f"records/{name}", {"edit": 0, "content": {"title": "Theirs"}})
        before = Event.objects.count()
        answer = focal_point.patch(f"records/{name}", {"edit": 0, "content": {"title": "Mine"}})
        told = shaped(answer, 409)
        assert told["mine"] == {"title": "Mine"}
        assert (told["theirs"]["title"], told["edit"]) == ("Theirs", 1)
        assert Version.objects.get(record__public_id=name).content["title"] == "Theirs"
        assert Event.objects.count() == before
        again = focal_point.patch(f"records/{name}", {"edit": told["edit"], "content": {"title": "Mine"}})
        assert again.status_code == 200
        assert shaped(focal_point.post(f"records/{name}/submit", {"edit": 0}), 409)["edit"] == 2

    def test_a_published_text_is_revised_and_never_edited(self, town, focal_point):
        record = town.hall.published(title="First")
        path = f"records/{record.public_id}"
        assert shaped(focal_point.patch(path, {"edit": 0, "content": {"title": "Second"}}), 403)
        revised = focal_point.post(f"{path}/revise")
        assert (revised.status_code, revised.json()["version"]) == (200, 2)
        changed = {"edit": revised.json()["edit"], "content": {"title": "Second"}}
        assert focal_point.patch(path, changed).status_code == 200
        assert Program().get(path).json()["content"]["title"] == "First"
        assert focal_point.get(path).json()["content"]["title"] == "Second"
        assert shaped(focal_point.post(f"{path}/revise"), 400)

    def test_every_field_that_does_not_fit_is_named(self, focal_point):
        wrong = {
            "title": "",
            "due": "next year",
            "king": "me",
            "summary": {"a": "b"},
            "actors": [{"actor": "A-1999-0001", "role": "lead"}],
            "themes": "skills",
        }
        told = shaped(focal_point.begin(**wrong), 400)
        assert told["problems"].keys() == wrong.keys()
        assert told["problems"]["summary"] == "This must be a single value."
        assert not Version.objects.exists()

    @pytest.mark.parametrize(
        "sent",
        [
            "{",
            "[1]",
            '{"kind": "king", "content": {}}',
            '{"kind": "commitment"}',
            '{"kind": "commitment", "content": {"title": "T"}, "owner": "A-2020-0002"}',
            '{"kind": "commitment", "content": {"title": NaN}}',
            '{"kind": "commitment", "content": {"title": "\\ud800"}}',
            '{"kind": "commitment", "content": {"title": [[["deep"]]]}}',
            '{"kind": "commitment", "content": ' + "[" * 50_000,
        ],
    )
    def test_what_is_no_request_is_refused_in_the_same_shape(self, focal_point, sent):
        shaped(focal_point.post("records", sent), 400)
        assert not Version.objects.exists()

    @pytest.mark.parametrize(
        ("kind", "content", "wrong"),
        [
            ("note", {"title": "T", "source_seen": 7}, "source_seen"),
            ("meeting", {"title": "T", "number": 1.5}, "number"),
            ("meeting", {"title": "T", "number": True}, "number"),
            ("assessment", {"title": "T", "results": [{"question": 5}]}, "results"),
            ("assessment", {"title": "T", "results": "all"}, "results"),
        ],
    )
    def test_a_value_of_another_kind_is_a_problem_of_its_field(self, town, kind, content, wrong):
        steward = Program(town.hall.person(role.DATA_STEWARD))
        told = shaped(steward.post("records", {"kind": kind, "content": content}), 400)
        assert wrong in told["problems"]

    def test_more_than_a_form_holds_is_not_read(self, focal_point):
        shaped(focal_point.begin(summary="x" * 1_100_000), 413)


class TestKeys:
    def test_without_a_key_nothing_is_written_and_no_draft_listed(self, everybody):
        for answer in (
            everybody.begin(),
            everybody.get("drafts"),
            everybody.post("records/C-1999-0001/revise"),
        ):
            shaped(answer, 401)
            assert answer["WWW-Authenticate"] == "Bearer"
        assert not Version.objects.exists()

    def test_a_key_that_opens_nothing_is_refused_for_reading_too(self, town):
        person = town.hall.person(role.FOCAL_POINT, town.hall.ministry)
        assert Program(person).get("kinds").status_code == 200
        now = timezone.now()
        for column, value in (("revoked", now), ("expires", now - timedelta(seconds=1))):
            program = Program(person)
            Token.objects.update(**{column: value})
            shaped(program.get("kinds"), 401)
        ended = Program(person)
        Seat.objects.filter(account=person.account).update(valid_to="2020-02-01")
        shaped(ended.begin(), 401)
        Seat.objects.update(valid_to=None)
        assert ended.begin().status_code == 201
        Account.objects.update(is_active=False)
        shaped(ended.begin(), 401)
        for header in ("Bearer", "Bearer ", "Basic abc", "Bearer \xff", "guessed"):
            shaped(Program().get("kinds", HTTP_AUTHORIZATION=header), 401)

    def test_a_key_does_what_its_scopes_name(self, town):
        person = town.hall.person(role.FOCAL_POINT, town.hall.ministry)
        both, reads, writes = (Program(person, one) for one in (("read", "write"), ("read",), ("write",)))
        name = both.begin(title=SECRET).json()["public_id"]
        assert reads.get(f"records/{name}").status_code == 200
        shaped(reads.begin(), 403)
        shaped(reads.patch(f"records/{name}", {"edit": 0, "content": {}}), 403)
        assert writes.begin().status_code == 201
        for answer in (
            writes.get("drafts"),
            writes.patch(f"records/{name}", {"edit": 7, "content": {}}),
            writes.post(f"records/{name}/submit", {"edit": 0}),
        ):
            assert SECRET not in json.dumps(shaped(answer, 403))
        shaped(writes.get(f"records/{name}"), 404)

    def test_a_session_counts_for_nothing(self, town):
        browser = town.enter(role.FOCAL_POINT, town.hall.ministry)
        name = workflow.newest(town.hall.draft(browser.person).record).record.public_id
        assert browser.get(f"/en/registry/desk/{name}").status_code == 200
        shaped(browser.get(f"{ROOT}/records/{name}"), 404)
        sent = {"kind": "commitment", "content": {"title": "Forged", "certainty": "verified"}}
        shaped(browser.post(f"{ROOT}/records", json.dumps(sent), content_type="application/json"), 401)
        assert not Record.objects.filter(title="Forged").exists()

    def test_no_key_decides(self, town, focal_point):
        name = focal_point.begin().json()["public_id"]
        focal_point.post(f"records/{name}/submit", {"edit": 0})
        validator = Program(town.hall.person(role.VALIDATOR, town.hall.ministry))
        for step in ("endorse", "return", "review", "publish", "withdraw", "archive"):
            shaped(validator.post(f"records/{name}/{step}", {"edit": 0}), 404)
        assert Record.objects.get(public_id=name).state == "submitted"

    def test_what_a_key_opened_is_kept_by_no_cache(self, focal_point, everybody):
        name = focal_point.begin().json()["public_id"]
        for answer in (focal_point.get(f"records/{name}"), focal_point.get("records/C-1999-0001")):
            assert answer["Cache-Control"] == "private, no-store"
            assert "Authorization" in answer["Vary"]
        assert "Authorization" in everybody.get("kinds")["Vary"]
        shaped(everybody.get(f"records/{name}"), 404)

    def test_a_seat_writes_for_its_own_institution_alone(self, town, focal_point):
        name = focal_point.begin(title=SECRET).json()["public_id"]
        missing = Program().get("records/C-1999-0001").json()
        others = [
            Program(),
            Program(town.hall.person(role.FOCAL_POINT, town.hall.other)),
            Program(town.hall.person(role.MODERATOR)),
            Program(town.hall.person(role.ADMINISTRATOR)),
        ]
        for program in others:
            for path in (f"records/{name}", f"records/{name}/versions"):
                told = shaped(program.get(path), 404)
                assert told == {**missing, "what": missing["what"].replace("C-1999-0001", name)}
        for program in others[1:]:
            for answer in (
                program.patch(f"records/{name}", {"edit": 0, "content": {"title": "Mine"}}),
                program.patch(f"records/{name}", {"edit": 9, "content": {"title": "Mine"}}),
                program.post(f"records/{name}/submit", {"edit": 0}),
                program.post(f"records/{name}/revise"),
            ):
                assert SECRET not in json.dumps(shaped(answer, 404))
            assert program.get("drafts").json()["drafts"] == []
        shaped(Program(town.hall.person(role.ADMINISTRATOR)).begin(), 403)


class TestManners:
    def test_what_was_read_before_is_not_sent_again_until_it_changes(self, focal_point, everybody):
        name = focal_point.begin().json()["public_id"]
        path = f"records/{name}"
        first = focal_point.get(path)
        again = focal_point.get(path, HTTP_IF_NONE_MATCH=first["ETag"])
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
        assert again["Cache-Control"] == "private, no-store"
        shaped(everybody.get(path, HTTP_IF_NONE_MATCH=first["ETag"]), 404)
        focal_point.patch(path, {"edit": 0, "content": {"title": "Recognize all"}})
        changed = focal_point.get(path, HTTP_IF_NONE_MATCH=first["ETag"])
        assert (changed.status_code, changed.json()["content"]["title"]) == (200, "Recognize all")
        assert changed["ETag"] != first["ETag"]
        assert everybody.get("kinds")["Cache-Control"] == "public, max-age=0"

    @pytest.mark.parametrize(
        ("method", "path"),
        [("POST", "kinds"), ("PATCH", "records"), ("DELETE", "records/C-2020-0001"), ("PUT", "drafts")],
    )
    def test_another_method_is_told_which_there_are(self, everybody, method, path):
        answer = everybody.send(method, path)
        shaped(answer, 405)
        assert "GET" in answer["Allow"]

    def test_a_name_that_nothing_asks_for_is_refused(self, everybody):
        assert shaped(everybody.get("records?kind=commitment&state=draft"), 400)["where"] == "state"
        shaped(everybody.get("records?kind=commitment&after=x"), 400)
        shaped(everybody.get("records?kind=commitment&theme=%00"), 400)
        shaped(everybody.get("records?kind=king"), 400)
        shaped(everybody.get("nothing"), 404)

    def test_changes_are_limited_beyond_reading(self, town):
        person = town.hall.person(role.FOCAL_POINT, town.hall.ministry)
        with override_settings(SOJOURN_WRITES=2):
            program = Program(person)
            assert [program.begin().status_code for _ in range(3)] == [201, 201, 429]
            answer = program.begin()
            shaped(answer, 429)
            assert int(answer["Retry-After"]) > 0
            assert program.get("drafts").status_code == 200

    def test_records_are_read_before_there_is_a_release(self, town, everybody, tmp_path):
        with override_settings(SOJOURN_RELEASES=str(tmp_path)):
            assert Program().get("kinds").status_code == 200

    def test_a_registry_that_cannot_be_read_says_so(self, town, everybody, tmp_path, point_to):
        point_to(f"sqlite:///{tmp_path}/none.sqlite3")
        answer = everybody.get("kinds")
        shaped(answer, 503)
        assert answer["Retry-After"]
