"""What everybody reads of the registry: whole, in six languages, in few queries, and nothing that is not public."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from icalendar import Calendar

from sojourn.release import promises
from sojourn.web.languages import NAMES
from sojourn.web.registry.models import AgendaItem, Commitment, Record, Statement
from sojourn.web.registry.models import accounts as role
from sojourn.web.registry.public.overview import KINDS, REASONS
from sojourn.web.registry.public.told import LACKS
from sojourn.web.registry.services import finding, indexing, proving, wording, workflow

SECRET = "Zanzibarquokka"
PAGES = (
    "",
    "/unmeasured",
    "/timeline",
    "/claims",
    "/search?q=remittance+costs",
    "/search?q=汇款",
    *(f"/{slug}" for slug, _, _, _ in KINDS),
)


@pytest.fixture
def facts(loaded: str) -> None:
    """A fresh copy of the registry with the shipped facts."""


def get(reader: Client, path: str, language: str = "en"):
    return reader.get(f"/{language}/registry{path}")


def text(reader: Client, path: str, language: str = "en") -> str:
    response = get(reader, path, language)
    assert response.status_code == 200, (path, response.status_code)
    return whole(response).decode()


def whole(response) -> bytes:
    """Give the whole body; that of a table comes as a stream."""
    return response.getvalue()


def bare(page: str) -> str:
    """Give the words of a page as they are read."""
    inline = re.sub(r"</?(?:bdi|span|a|abbr|strong|code)\b[^>]*>", "", page)
    return " ".join(re.sub(r"<[^>]+>", " ", inline).split())


def one_of(kind: str) -> list[str]:
    return list(Record.objects.filter(kind=kind).values_list("public_id", flat=True))


@pytest.mark.usefixtures("facts")
class TestPages:
    @pytest.mark.parametrize("language", NAMES)
    def test_every_page_is_whole_in_every_language(self, reader, language):
        kinds = Record.objects.order_by().values_list("kind", flat=True).distinct()
        records = [f"/records/{one_of(kind)[0]}" for kind in kinds]
        for path in (*PAGES, *records):
            page = text(reader, path, language)
            assert f'<html lang="{language}"' in page
            assert 'class="untranslated"' not in page, path
            assert page.count("<h1") == 1

    def test_no_page_asks_the_database_more_than_ten_times(self, reader):
        asked: list[str] = []

        def count(execute, sql, params, many, context):
            asked.append(sql)
            return execute(sql, params, many, context)

        for path in (
            *PAGES,
            *(
                f"/records/{one}"
                for kind in ("meeting", "instrument", "commitment", "actor", "body", "statement", "target")
                for one in one_of(kind)[:3]
            ),
            "/records/M-2015-0001",
            "/feed.atom",
            "/calendar.ics",
            "/commitments.csv",
        ):
            asked.clear()
            with connection.execute_wrapper(count):
                assert get(reader, path).status_code == 200
            assert len(asked) <= 10, (path, len(asked))

    def test_nothing_is_inline_and_nothing_comes_from_elsewhere(self, reader):
        for path in PAGES:
            response = get(reader, path)
            page = response.content.decode()
            assert "default-src 'none'" in response.headers["Content-Security-Policy"]
            assert not re.search(r"<script(?! src=\"/)|<style|\son\w+=|\sstyle=", page)
            assert not re.search(
                r"(?:src|href)=\"https?://(?!testserver|localhost)[^\"]+\"[^>]*rel=\"stylesheet", page
            )

    def test_the_meeting_tells_what_was_announced_and_what_came_of_it(self, reader):
        page = bare(text(reader, "/records/M-2015-0001"))
        assert "Items recorded: 68" in page
        assert "Filed as promises: 22" in page
        assert "Eighth GFMD, Istanbul" in page
        assert "Nothing has been reported on it; its date has passed" in page
        assert "Superseded by" in page

    def test_the_declaration_tells_which_provisions_have_no_follow_up(self, reader):
        page = bare(text(reader, "/records/IN-2013-0001"))
        assert "Provisions without a follow-up on file: 20 of 20." in page
        assert "not that nothing was done" in page
        assert "Cut the average cost of sending remittances by five percentage points" in page
        assert page.count("Measured promises on the same matter") == 1

    def test_a_gap_is_no_chair_and_a_certainty_says_what_it_is_of(self, reader):
        page = bare(text(reader, "/records/" + Record.objects.get(fact="body:gmg").public_id))
        assert "nobody known gap; a UNITAR deck" in page
        assert "Verified gap verified" in page

    def test_a_promise_stands_beside_its_number_and_beside_what_is_reported(self, reader):
        page = bare(text(reader, "/records/C-2015-0001"))
        for told in (
            "too slow",
            "6.36",
            "Chance to meet it",
            "Pace that is needed",
            "Reported",
            "Nothing has been reported",
        ):
            assert told in page
        assert "missed" in bare(text(reader, "/records/C-2009-0001"))
        assert "least likely to meet it" in bare(text(reader, "/records/C-2015-0002")) or "no data" in bare(
            text(reader, "/records/C-2015-0002")
        )

    def test_no_page_accuses(self, reader):
        page = bare(text(reader, "/records/C-2015-0001")).lower()
        assert not re.search(r"contradict|false|lie|wrongly|misreport", page)

    def test_it_says_how_many_promises_cannot_be_measured_and_why(self, reader):
        page = bare(text(reader, ""))
        assert "Promises that cannot be measured: 22 of 25." in page
        assert "18 – It announces a meeting" in page
        assert len(re.findall(r"<tr>", text(reader, "/unmeasured"))) == 1 + 22

    def test_every_reason_that_the_facts_give_is_translated(self):
        reasons = set(Commitment.objects.exclude(not_measurable="").values_list("not_measurable", flat=True))
        assert reasons <= set(REASONS)
        assert set(LACKS) == {promises.NO_SERIES, promises.NO_NUMBERS, promises.TOO_FEW, promises.TOO_OLD}

    def test_claims_stand_beside_their_numbers_with_a_verdict(self, reader):
        page = bare(text(reader, "/claims"))
        assert "as low as two per cent" in page
        assert page.count("cannot tell") >= 3
        assert "holds –" in page or "cannot tell –" in page

    def test_a_claim_is_judged_by_the_release_that_is_pinned(self, reader, two_releases):
        for release in two_releases:
            assert release.name in text(reader, f"/claims?release={release.name}")

    def test_what_does_not_exist_is_not_found(self, reader):
        for path in (
            "/records/C-1900-0001",
            "/records/x",
            "/nothing",
            "/meetings.exe",
        ):
            assert get(reader, path).status_code == 404, path
        for path in (
            "/commitments?after=x",
            "/commitments?after=-1.2015",
            "/commitments?before=1",
            "/search?q=skills&page=x",
            "/search?q=skills&page=51",
            "/commitments?colour=red",
            "/feed.atom?kind=x",
        ):
            assert get(reader, path).status_code == 400, path

    def test_lists_are_narrowed_by_theme_and_kind(self, reader):
        assert "Records: 3" in bare(text(reader, "/commitments?theme=remittances"))
        assert "Records: 0" in bare(text(reader, "/commitments?theme=cities"))
        assert "Bangladesh" in text(reader, "/actors?type=state")
        assert "World Bank" not in text(reader, "/actors?type=state")

    def test_an_answer_is_made_anew_for_each_reader(self, reader):
        assert "ETag" not in get(reader, "").headers
        Commitment.objects.filter(public_id="C-2015-0001").update(title="Another title")
        assert "Another title" in text(reader, "")


@pytest.mark.usefixtures("facts")
class TestSearch:
    def test_records_are_found_in_every_language_by_their_themes(self, reader):
        for asked in ("remittances", "remesas", "envois de fonds", "денежные переводы", "التحويلات", "汇款"):
            assert "C-2015-0001" in text(reader, f"/search?q={asked}"), asked

    def test_what_holds_every_word_stands_before_what_holds_some(self, reader):
        page = text(reader, "/search?q=symposium+Istanbul")
        assert "With some of your words" in page
        assert page.index("With some of your words") < page.index("Symposium in New York")

    def test_kinds_are_counted_and_narrow_what_is_found(self, reader):
        page = text(reader, "/search?q=remittances&kind=commitment")
        assert "C-2015-0001" in page
        assert not re.search(r"records/ST-\d", page)

    def test_codes_are_found(self, reader):
        assert "IN-2013-0001" in text(reader, "/search?q=A/RES/68/4")
        assert "M-2015-0001" in text(reader, "/search?q=M-2015-0001")

    @pytest.mark.parametrize(
        "typed", ["'", '"', "*", "NEAR(", "a AND", "-x", "%00", "<script>alert(1)</script>", "')--"]
    )
    def test_no_text_breaks_the_search_or_the_page(self, reader, typed):
        response = reader.get("/en/registry/search", {"q": typed})
        assert response.status_code == 200
        assert b"<script>alert" not in response.content


def test_a_record_whose_title_was_typed_comes_first_however_many_fit(hall_on_both, monkeypatch):
    hall = hall_on_both
    oldest = hall.published(title="Lower the costs of remittances")
    translator = hall.person(role.TRANSLATOR)
    given = {"title": "Baisser le coût des envois"}
    wording.translate(translator, oldest.public_id, "fr", given, "unofficial_translation")
    newer = [
        hall.published(title=f"Lower the costs of remittances, {number}, envois coût baisser")
        for number in range(4)
    ]
    monkeypatch.setattr(finding, "RANKED", 2)
    for typed in ("lower the COSTS of  remittances", "Baisser le coût des envois"):
        found = finding.search(typed, "en").keys
        assert found[0] == oldest.pk
        assert len(found) == len(set(found)) == 3
    assert set(finding.search("Lower the costs", "en").keys) == {one.pk for one in newer[2:]}
    assert finding.search("Lower the costs of remittances", "en", kind="practice").keys == ()


def test_records_are_put_into_the_index_and_found_on_both_databases(hall_on_both):
    hall = hall_on_both
    english = hall.published(title="Lower the costs of remittances")
    arabic = hall.published(title="خفض تكلفة التحويلات المالية", original_language="ar")
    other = hall.published(title="Recognize diplomas")
    found = finding.search("costs of remittances", "ar", most=10)
    assert found.keys == (arabic.pk, english.pk)
    assert (found.kinds, found.some) == ({"commitment": 2}, 0)
    assert finding.search("envois de fonds", "en").keys == (english.pk, arabic.pk)
    partly = finding.search("remittances diploma", "en", most=10)
    assert set(partly.keys) == {english.pk, arabic.pk, other.pk}
    assert partly.some == 3
    assert finding.search("costs of remittances", "en", kind="meeting").keys == ()
    assert finding.search("  ", "en").keys == ()
    workflow.withdraw(hall.person(role.MODERATOR), english.public_id, "Entered twice.")
    assert finding.search("costs of remittances", "en").keys == (arabic.pk,)
    assert indexing.rebuild() == Record.objects.public().count()
    assert finding.search("costs of remittances", "en").keys == (arabic.pk,)


class TestHidden:
    """A text that nobody published yet is nowhere: not on pages, not in counts, feeds, tables or the search."""

    def everywhere(self, reader: Client, name: str) -> str:
        paths = (
            *PAGES,
            "/feed.atom",
            "/calendar.ics",
            "/commitments.csv",
            "/commitments.json",
            f"/search?q={SECRET}",
            f"/search?q={name}",
        )
        return "".join(whole(get(reader, path)).decode() for path in paths)

    def test_a_draft_is_not_found_anywhere_and_is_once_it_is_published(self, hall, reader):
        writer = hall.person(role.FOCAL_POINT, hall.ministry)
        version = hall.draft(writer, title=f"{SECRET} halves costs", due="2031-05")
        name = version.record.public_id
        assert get(reader, f"/records/{name}").status_code == 404
        before = self.everywhere(reader, name)
        assert f"{SECRET} halves" not in before
        assert f"records/{name}" not in before
        assert "Records: 0" in bare(text(reader, "/commitments"))
        hall.publish(name)
        assert get(reader, f"/records/{name}").status_code == 200
        after = self.everywhere(reader, name)
        assert after.count(f"{SECRET} halves") >= 4
        assert "Records: 1" in bare(text(reader, "/commitments"))

    def test_a_newer_draft_beside_a_published_text_is_not_shown(self, hall, reader):
        record = hall.published()
        owner = hall.person(role.FOCAL_POINT, hall.ministry)
        version = workflow.revise(owner, record.public_id)
        workflow.edit(owner, record.public_id, {**version.content, "title": SECRET}, edit=version.edit)
        assert f">{SECRET}" not in self.everywhere(reader, record.public_id)

    def test_a_withdrawn_record_leaves_a_tombstone_and_its_reason_alone(self, hall, reader):
        record = hall.published(title=f"{SECRET} title")
        workflow.withdraw(hall.person(role.MODERATOR), record.public_id, "Entered twice.")
        response = get(reader, f"/records/{record.public_id}")
        assert response.status_code == 410
        assert b"Entered twice." in response.content
        assert SECRET.encode() not in response.content
        assert f"{SECRET} title" not in self.everywhere(reader, record.public_id)

    def test_a_private_contact_is_neither_shown_nor_found_nor_exported(self, hall, reader):
        record = hall.published(contact=f"{SECRET}@example.org")
        page = text(reader, f"/records/{record.public_id}") + text(reader, "/commitments.csv")
        assert SECRET not in page
        assert f"records/{record.public_id}" not in text(reader, f"/search?q={SECRET}")

    @pytest.mark.parametrize("rule", ["named", "by_type", "none"])
    def test_a_speaker_is_named_only_where_the_rule_names_speakers(self, facts, reader, rule):
        said = Statement.objects.get(fact__endswith="CM13-009")
        actor = said.actor
        Record.objects.filter(pk=actor.pk).update(title=SECRET)
        Statement.objects.filter(actor=actor).update(attribution=rule, capacity=f"{SECRET} chair")
        Commitment.objects.filter(statement__actor=actor).update(statement=None)
        for one in Statement.objects.filter(actor=actor):
            indexing.index(one)
        page = text(reader, "/records/M-2015-0001") + text(reader, f"/records/{said.public_id}")
        assert (SECRET in page) is (rule == "named")
        found = finding.search(SECRET, "en")
        assert (said.pk in found.keys) is (rule == "named")
        own = text(reader, f"/records/{actor.public_id}")
        assert (f"records/{said.public_id}" in own) is (rule == "named")

    def test_texts_are_escaped_wherever_they_stand(self, hall, reader):
        evil = "<script>alert(1)</script>"
        record = hall.published(title=evil, summary=evil, beneficiaries=evil)
        for path in (f"/records/{record.public_id}", "/commitments", "", "/feed.atom", "/search?q=alert"):
            assert "<script>alert" not in get(reader, path).content.decode()

    def test_no_cell_of_a_table_is_a_formula(self, hall, reader):
        hall.published(title="=HYPERLINK(1)", summary="@SUM(1)")
        table = whole(get(reader, "/commitments.csv")).decode("utf-8-sig")
        assert "'=HYPERLINK(1)" in table
        assert ",=HYPERLINK" not in table
        assert ",@SUM" not in table


@pytest.mark.usefixtures("facts")
class TestFeeds:
    def test_the_newest_come_first_and_lead_to_their_pages(self, reader):
        Record.objects.filter(public_id="C-2015-0002").update(published_at=datetime(2090, 1, 1, tzinfo=UTC))
        feed = ElementTree.fromstring(get(reader, "/feed.atom").content)
        entries = feed.findall("{http://www.w3.org/2005/Atom}entry")
        link = entries[0].find("{http://www.w3.org/2005/Atom}link").get("href")
        assert link.endswith("/en/registry/records/C-2015-0002")
        assert reader.get(link.partition("localhost")[2]).status_code == 200
        assert len(entries) == 50

    def test_meetings_and_deadlines_are_in_the_calendar(self, reader):
        events = Calendar.from_ical(get(reader, "/calendar.ics").content).walk("VEVENT")
        names = {str(one["summary"]) for one in events}
        assert "Eighth GFMD, Istanbul" in names
        assert any("number 13" in one for one in names)

    def test_tables_hold_every_public_record(self, reader):
        listed = json.loads(whole(get(reader, "/commitments.json")))["records"]
        assert len(listed) == Commitment.objects.public().count()
        assert {"public_id", "title", "due", "certainty", "source"} <= listed[0].keys()
        assert "contact" not in listed[0]


@pytest.mark.usefixtures("facts")
def test_an_agenda_item_under_one_that_is_not_public_still_stands(reader):
    first, second = AgendaItem.objects.order_by("position")[:2]
    AgendaItem.objects.filter(pk=second.pk).update(parent=first)
    Record.objects.filter(pk=first.pk).update(state="draft")
    page = text(reader, "/records/M-2015-0001")
    assert second.title in page


def test_replies_and_annotations_stand_beside_the_owner_s_words(hall, reader):
    writer = hall.person(role.FOCAL_POINT, hall.ministry)
    record = hall.published(writer, actors=[{"actor": hall.other.public_id, "role": "named"}])
    named = hall.person(role.FOCAL_POINT, hall.other)
    reply = workflow.reply(named, record.public_id, "Our view", "We were not asked.").record
    page = f"/en/registry/records/{record.public_id}"
    assert "Our view" not in reader.get(page).content.decode()
    hall.publish(reply.public_id)
    wording.annotate(
        hall.person(role.DATA_STEWARD), record.public_id, "In short: fees fall.", ["gfmd_themes:skills"]
    )
    text = reader.get(page).content.decode()
    assert f"/en/registry/records/{reply.public_id}" in text
    assert "We were not asked." in text
    assert "Other ministry" in text
    assert "In short: fees fall." in text
    assert not any(record.public_id in one.what for one in proving.rows_changed())
