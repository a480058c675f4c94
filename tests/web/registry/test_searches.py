"""Kept searches: one's own, what is new in them, and a feed that needs no account."""

from __future__ import annotations

import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils import timezone

from sojourn.errors import NotFoundError
from sojourn.web.registry.faults import InvalidError
from sojourn.web.registry.models import Account, Record, SavedSearch
from sojourn.web.registry.models import accounts as role
from sojourn.web.registry.services import searches
from sojourn.web.registry.services.persons import ANONYMOUS, Person
from sojourn.web.registry.services.searches import Question

ATOM = "{http://www.w3.org/2005/Atom}"


def reading_person(number: int = 1) -> Person:
    return Person(Account.objects.create_user(f"reader{number}@example.org").pk)


def signed_in(person: Person) -> Client:
    client = Client(SERVER_NAME="localhost", raise_request_exception=False)
    account = Account.objects.get(pk=person.account)
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_what_is_published_after_it_was_kept_is_new_until_it_is_seen(hall_on_both):
    hall = hall_on_both
    hall.published(title="Lower the costs of remittances")
    person = reading_person()
    kept = searches.keep(person, " Remittances ", Question("remittances"))
    assert [(one.search.name, one.new) for one in searches.kept_by(person, "en")] == [("Remittances", 0)]
    later = hall.published(title="Publish what remittances cost")
    hall.published(title="Recognize diplomas")
    hall.draft(hall.person(role.FOCAL_POINT, hall.ministry), title="Remittances in a draft")
    assert [one.new for one in searches.kept_by(person, "en")] == [1]
    found, rows = searches.whats_new(person, kept.pk)
    assert (found.new, [one.pk for one in rows]) == (1, [later.pk])
    searches.mark_seen(person, kept.pk)
    assert searches.whats_new(person, kept.pk)[1] == []


def test_a_search_is_narrowed_as_it_was_when_it_was_kept(hall):
    person = reading_person()
    hall.published(title="Remittances and skills", themes=["gfmd_themes:skills"])
    before = timezone.now() - timedelta(days=1)
    for question, count in (
        (Question("remittances"), 1),
        (Question("remittances", kind="commitment"), 1),
        (Question("remittances", kind="meeting"), 0),
        (Question("remittances", theme="skills"), 1),
        (Question("remittances", theme="remittances"), 0),
        (Question("remittances", theme="nothing"), 0),
        (Question("remittances locusts"), 0),
    ):
        kept = searches.keep(person, str(question), question, before)
        assert len(searches.whats_new(person, kept.pk)[1]) == count, question
        assert searches.question_of(SavedSearch.objects.get(pk=kept.pk)) == question


@pytest.mark.parametrize(
    ("name", "q", "field"),
    [("", "costs", "name"), ("x" * 101, "costs", "name"), ("Costs", "  ", "q"), ("Known", "costs", "name")],
)
def test_a_search_needs_a_name_of_its_own_and_words(hall, name, q, field):
    person = reading_person()
    searches.keep(person, "Known", Question("other"))
    with pytest.raises(InvalidError) as error:
        searches.keep(person, name, Question(q))
    assert list(error.value.problems) == [field]
    assert SavedSearch.objects.count() == 1


def test_one_person_keeps_a_bounded_number(hall, monkeypatch):
    monkeypatch.setattr(searches, "MOST", 2)
    person = reading_person()
    for number in range(2):
        searches.keep(person, str(number), Question("costs"))
    with pytest.raises(InvalidError):
        searches.keep(person, "2", Question("costs"))


def test_a_search_is_that_of_the_one_who_keeps_it(hall):
    kept = searches.keep(reading_person(1), "Mine", Question("costs"))
    for other in (reading_person(2), ANONYMOUS):
        for step in (searches.forget, searches.mark_seen, searches.whats_new):
            with pytest.raises(NotFoundError):
                step(other, kept.pk)
    assert SavedSearch.objects.filter(pk=kept.pk).exists()


class TestPages:
    def test_a_search_is_kept_looked_at_and_removed_by_forms(self, hall, reader):
        hall.published(title="Lower the costs of remittances")
        client = signed_in(reading_person())
        found = client.get("/en/registry/search?q=remittances").content.decode()
        assert "Keep this search" in found
        kept = client.post("/en/account/searches", {"q": "remittances", "name": "<b>Money</b>"})
        assert kept.status_code == 302
        number = SavedSearch.objects.get().pk
        hall.published(title="Publish what remittances cost")
        listed = client.get("/en/account/searches").content.decode()
        assert "&lt;b&gt;Money&lt;/b&gt;" in listed
        new = client.get(f"/en/account/searches/{number}").content.decode()
        assert "Publish what remittances cost" in new
        assert "Lower the costs" not in new
        assert client.post(f"/en/account/searches/{number}", {"seen": "1"}).status_code == 302
        assert "Publish what" not in client.get(f"/en/account/searches/{number}").content.decode()
        assert client.post(f"/en/account/searches/{number}", {"remove": "1"}).status_code == 302
        assert not SavedSearch.objects.exists()

    def test_what_is_wrong_is_told(self, hall, reader):
        client = signed_in(reading_person())
        answer = client.post("/en/account/searches", {"q": "", "name": "Money"})
        assert answer.status_code == 400
        assert "There is nothing to search for." in answer.content.decode()

    @pytest.mark.parametrize("language", ["ar", "ru", "zh"])
    def test_pages_are_whole_in_other_languages(self, hall, reader, language):
        person = reading_person()
        kept = searches.keep(person, "Money", Question("remittances", kind="commitment"))
        client = signed_in(person)
        for path in ("searches", f"searches/{kept.pk}"):
            page = client.get(f"/{language}/account/{path}")
            assert page.status_code == 200
            assert 'class="untranslated"' not in page.content.decode()

    def test_who_is_not_signed_in_is_offered_the_feed_alone(self, hall, reader):
        hall.published(title="Lower the costs of remittances")
        page = reader.get("/en/registry/search?q=remittances")
        assert "Keep this search" not in page.content.decode()
        assert "csrfmiddlewaretoken" not in page.content.decode()
        assert "Set-Cookie" not in page.headers
        assert "/en/registry/search.atom?q=remittances" in page.content.decode()
        assert reader.get("/en/account/searches").status_code == 302

    def test_a_form_from_elsewhere_is_refused(self, hall, reader):
        person = reading_person()
        client = Client(SERVER_NAME="localhost", enforce_csrf_checks=True, raise_request_exception=False)
        account = Account.objects.get(pk=person.account)
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        assert client.post("/en/account/searches", {"q": "costs", "name": "x"}).status_code == 403
        assert not SavedSearch.objects.exists()


def test_the_feed_of_a_search_has_what_it_finds_the_newest_first(hall, reader):
    first = hall.published(title="Lower the costs of remittances")
    second = hall.published(title="Publish what remittances cost")
    hall.published(title="Recognize diplomas")
    answer = reader.get("/fr/registry/search.atom", {"q": "envois de fonds", "kind": "commitment"})
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    feed = ElementTree.fromstring(answer.content)
    names = [one.find(f"{ATOM}id").text.rpartition("/")[2] for one in feed.findall(f"{ATOM}entry")]
    assert names == [second.public_id, first.public_id]
    page = next(one.get("href") for one in feed.findall(f"{ATOM}link") if one.get("rel") == "alternate")
    assert reader.get(re.sub(r"https?://[^/]+", "", page)).status_code == 200
    Record.objects.filter(pk=first.pk).update(state="withdrawn")
    again = reader.get("/fr/registry/search.atom", {"q": "envois de fonds"}).content.decode()
    assert first.public_id not in again
    assert reader.get("/fr/registry/search.atom").content.count(b"<entry") == 0
    assert reader.get("/fr/registry/search.atom?colour=red").status_code == 400
