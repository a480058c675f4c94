"""Who sees and does what, over every surface: pages, API, tables, search, feeds, files, kept searches, the desk.

The table is that of the services (`permissions.csv`); here everybody of it asks for every text in every state, and
tries every action, and what the site answers is held against the table.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections, transaction
from django.test import Client, override_settings
from django.utils import timezone

from sojourn.web.registry.answers import comparing
from sojourn.web.registry.contradictions import Contradiction
from sojourn.web.registry.models import Commitment, Event, Record, SavedSearch, Target, Token
from sojourn.web.registry.models import record as state
from sojourn.web.registry.services import once, searches

from .many_hands import Item, World, made
from .permission_table import HERE, OWNERS, SEATS, TABLE
from .test_public import bare

ROOT = "/api/v1/registry"
PEOPLE = tuple(SEATS)
WITH_KEY = tuple(name for name, seat in SEATS.items() if seat)

GIVEN: dict[str, dict[str, str]] = {
    "edit": {"title": "Changed"},
    "attach": {},
    "submit": {},
    "discard": {},
    "endorse": {},
    "return": {"reason": "Say by when."},
    "review": {"conflict": "no", "advice": "publish"},
    "publish": {},
    "revise": {},
    "withdraw": {"reason": "Entered twice."},
    "archive": {"reason": "Kept up elsewhere."},
    "reply": {"title": "We did it", "summary": ""},
    "translate": {"text-title": "Une promesse", "status": "unofficial_translation"},
    "annotate": {"annotation": "Seen."},
}
"""What the form of each action is filled with."""

OF_THE_PUBLIC = {"revise", "withdraw", "archive", "reply", "translate", "annotate"}
"""Actions on what everybody reads, and not on the text in work beside it."""


@pytest.fixture(scope="module")
def attached(tmp_path_factory):
    """The folder of the attachments."""
    return tmp_path_factory.mktemp("attached")


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def filled(request, attached):
    """A filled registry, to be copied: what copies it to be a fresh one of its own, and what is in it."""
    begin = request.getfixturevalue(f"fresh_{request.param}")
    begin("filled", None)
    with override_settings(SOJOURN_REGISTRY=str(attached)):
        world = made()
    connections["default"].close()
    return begin, world


@pytest.fixture
def world(filled, attached, two_releases) -> Iterator[World]:
    begin, world = filled
    begin("copied", "filled")
    releases = str(two_releases[0].parent)
    given = {"SOJOURN_REQUESTS": 10_000_000, "SOJOURN_WRITES": 10_000_000, "SOJOURN_RELEASES": releases}
    with override_settings(SOJOURN_REGISTRY=str(attached), SOJOURN_RELEASE=None, **given):
        yield world
    connections["default"].close()


def text(answer) -> str:
    return (answer.getvalue() if answer.streaming else answer.content).decode()


def page(client: Client, path: str):
    return client.get(f"/en/registry/{path}")


def hidden_by(item: Item) -> int:
    """Say how a text is refused to whoever may not see it: as gone where it was public, else as if it never was."""
    return 410 if item.way == state.WITHDRAWN else 404


def check_shown(answer, item: Item, sees: bool, told) -> None:
    """Check that a text is shown to whoever may see it, and that nobody else learns a word of it."""
    assert (item.secret in text(answer)) is sees, told
    assert answer.status_code == (200 if sees or item.is_known else hidden_by(item)), told


@pytest.mark.parametrize("name", PEOPLE)
def test_pages_and_files_show_a_text_to_those_of_the_table(world, name):
    client = world.browser(name)
    for item in world.items:
        sees = name in item.allowed("view")
        check_shown(page(client, f"records/{item.name}/history"), item, sees, item)
        check_shown(page(client, f"records/{item.name}"), item, item.is_public, item)
        worked_on = page(client, f"desk/{item.name}")
        if name == "anonymous":
            assert (worked_on.status_code, item.secret in text(worked_on)) == (302, False)
        else:
            check_shown(worked_on, item, sees, item)
        file = page(client, f"records/{item.name}/files/{item.file}")
        assert (file.status_code, item.secret in text(file)) == ((200, True) if sees else (404, False)), item


@pytest.mark.parametrize("name", PEOPLE)
def test_the_history_tells_every_step_to_those_who_may_read_the_trail(world, name):
    client = world.browser(name)
    for item in world.items:
        told = "Every step" in text(page(client, f"records/{item.name}/history"))
        assert told is (name in item.allowed("audit")), item


@pytest.mark.parametrize("name", PEOPLE)
def test_lists_tables_feeds_and_counts_hold_what_is_public_whoever_asks(world, name):
    client = world.browser(name)
    key = {"HTTP_AUTHORIZATION": f"Bearer {world.keys[name]}"} if name in world.keys else {}
    listing = {
        "/en/registry/commitments.csv": {},
        "/en/registry/commitments.json": {},
        "/en/registry/commitments": {},
        "/en/registry/feed.atom": {},
        "/en/registry/feed.atom?kind=commitment": {},
        "/en/registry/search.atom?q=promise": {},
        "/en/registry/search?q=promise": {},
        "/en/registry/calendar.ics": {},
        f"{ROOT}/records?kind=commitment": key,
        f"{ROOT}/records.csv?kind=commitment": key,
        f"{ROOT}/records.json?kind=commitment": key,
    }
    for path, headers in listing.items():
        answer = client.get(path, **headers)
        assert answer.status_code == 200, path
        shown = text(answer).replace("\r\n ", "")
        for item in world.items:
            assert (item.secret in shown) is item.is_public, (path, item)
            assert (item.name in shown) is item.is_known, (path, item)
    for path in ("", "/timeline", "/unmeasured", "/answers", "/answers/same-work?year=2031"):
        shown = text(client.get(f"/en/registry{path}"))
        assert not [one for one in world.items if one.secret in shown and not one.is_public], path
    known = len({one.name for one in world.items if one.is_known})
    assert client.get(f"{ROOT}/records?kind=commitment", **key).json()["total"] == known
    counted = {one["kind"]: one["records"] for one in client.get(f"{ROOT}/kinds", **key).json()["kinds"]}
    assert counted["commitment"] == known
    assert f"Records: {known}" in bare(text(page(client, "commitments")))


@pytest.mark.parametrize("name", PEOPLE)
def test_a_search_finds_what_is_public_by_its_words_and_by_its_number(world, name):
    client = world.browser(name)
    for item in world.items:
        ways = {f"search?q={item.secret}": item.is_public}
        if name == "anonymous":  # the feed and the index know of nobody who asks
            ways |= {f"search.atom?q={item.secret}": item.is_public, f"search?q={item.name}": item.is_known}
        for path, found in ways.items():
            assert (f"records/{item.name}" in text(page(client, path))) is found, (path, item)


@pytest.mark.parametrize("name", PEOPLE)
def test_a_search_is_kept_by_whoever_is_signed_in_and_shows_them_what_is_public(world, name):
    client = world.browser(name)
    allowed = {who for (action, *_), people in TABLE.items() if action == "subscribe" for who in people}
    sent = client.post("/en/account/searches", {"name": "Promises", "q": "promise"})
    assert sent.status_code == 302
    assert SavedSearch.objects.exists() is (name in allowed)
    if name not in allowed:
        return
    person = world.people[name]
    old = searches.keep(person, "All", searches.Question("promise"), datetime(2020, 1, 1, tzinfo=UTC))
    shown = text(client.get(f"/en/account/searches/{old.pk}"))
    for item in world.items:
        assert (item.secret in shown) is item.is_public, item
        assert (item.name in shown) is item.is_known, item
    others = world.browser("reader" if name != "reader" else "auditor")
    assert others.get(f"/en/account/searches/{old.pk}").status_code == 404


@pytest.mark.parametrize("name", PEOPLE[1:])
def test_the_desk_and_what_forms_offer_hold_nothing_that_one_may_not_see(world, name):
    client = world.browser(name)
    for path in ("desk", "desk/new", "desk/new/target", "desk/new/progress_report"):
        shown = text(page(client, path))
        leaked = [one for one in world.items if one.secret in shown and name not in one.allowed("view")]
        assert not leaked, path


@pytest.mark.parametrize("name", ["anonymous", *WITH_KEY])
def test_the_api_shows_a_text_to_those_of_the_table(world, name):
    client = Client(SERVER_NAME="localhost", raise_request_exception=False)
    key = {"HTTP_AUTHORIZATION": f"Bearer {world.keys[name]}"} if name in world.keys else {}
    for item in world.items:
        sees = name in item.allowed("view")
        for path in (f"records/{item.name}", f"records/{item.name}/versions"):
            check_shown(client.get(f"{ROOT}/{path}", **key), item, sees, (path, item))
    drafts = client.get(f"{ROOT}/drafts?per_page=200", **key)
    if name == "anonymous":
        assert drafts.status_code == 401
        return
    in_work = [one for one in world.items if one.state not in (*state.PUBLIC, state.WITHDRAWN)]
    listed = {one["public_id"] for one in drafts.json()["drafts"]}
    assert listed == {one.name for one in in_work if name in one.allowed("view")}


def attempt(client: Client, world: World, name: str, item: Item, action: str):
    """Send the form of an action, as somebody to whom it had been shown; give the answer, and the events it left."""
    part, purpose = {
        "attach": ("files", f"file:{item.name}"),
        "translate": ("translate/fr", f"translate:{item.name}:fr"),
    }.get(action, (action, f"{action}:{item.name}"))
    sent = {**GIVEN[action], "edit": str(item.edit)}
    if name != "anonymous":
        sent["token"] = once.token(world.people[name], purpose)
    if action == "attach":
        sent["file"] = SimpleUploadedFile("more.txt", b"More.\n")
    with transaction.atomic():
        before = Event.objects.count()
        answer = client.post(f"/en/registry/desk/{item.name}/{part}", sent)
        events = Event.objects.count() - before
        transaction.set_rollback(True)
    return answer, events


@pytest.mark.slow
@pytest.mark.parametrize("action", GIVEN)
def test_a_form_is_taken_from_those_of_the_table(world, action):
    items = [one for one in world.items if one.way != "beside" or action not in OF_THE_PUBLIC]
    for name in PEOPLE:
        client = world.browser(name)
        for item in items:
            answer, events = attempt(client, world, name, item, action)
            told = (name, item, answer.status_code)
            if name in item.allowed(action):
                assert (answer.status_code, events) == (302, 1), told
                continue
            assert events == 0, told
            if name == "anonymous":
                assert answer.status_code == 401, told
            else:
                seen = item.is_known or name in item.allowed("view")
                assert answer.status_code == (403 if seen else hidden_by(item)), told
                assert name in item.allowed("view") or item.secret not in text(answer), told


def seated(name: str) -> str:
    """Name whoever sits in the owner's institution as somebody sits in theirs."""
    return name.removesuffix("_elsewhere").removesuffix("_named")


def begins(name: str, owner: str) -> bool:
    return name in TABLE["create", owner, state.DRAFT]


@pytest.mark.parametrize("name", PEOPLE)
def test_a_record_is_begun_by_those_of_the_table_for_the_owner_of_the_table(world, name):
    client = world.browser(name)
    for owner, number in OWNERS.items():
        sent = {"title": "Begun", "certainty": "verified", "owner": world.institutions[number]}
        if name != "anonymous":
            sent["token"] = once.token(world.people[name], "begin:commitment")
        answer = client.post("/en/registry/desk/new/commitment", sent)
        made_of = Commitment.objects.filter(title="Begun", owner__public_id=sent["owner"]).exists()
        if owner == "registry":
            made_of = Commitment.objects.filter(title="Begun", owner=None).exists()
        assert made_of is begins(name, owner), (owner, answer.status_code)
        assert answer.status_code == (302 if made_of else 401 if name == "anonymous" else 403), owner


BOTH = ("read", "write")
ASKED = {
    "edit": ("PATCH", "", {"content": {"title": "Changed"}}),
    "submit": ("POST", "/submit", {}),
    "revise": ("POST", "/revise", {}),
}
"""Actions of the API: method, end of the address, and what is sent beside the count of saves."""


@pytest.mark.parametrize("scopes", [BOTH, ("read",), ("write",)], ids="-".join)
def test_the_api_takes_what_the_table_gives_to_the_seat_and_the_scopes_of_the_key(world, scopes):
    Token.objects.update(scopes=list(scopes))
    client = Client(SERVER_NAME="localhost", raise_request_exception=False)
    # What a key lacks is told before any record is looked at.
    items = [one for one in world.items if scopes == BOTH or one.way in (state.DRAFT, state.PUBLISHED)]
    for name, item, action in product(WITH_KEY, items, ASKED):
        method, part, more = ASKED[action]
        sent = json.dumps({"edit": item.edit, **more})
        with transaction.atomic():
            before = Event.objects.count()
            answer = _by_key(client, world.keys[name], method, f"records/{item.name}{part}", sent)
            events = Event.objects.count() - before
            transaction.set_rollback(True)
        may = name in item.allowed(action) and scopes == BOTH
        expected = 200 if may else 403 if scopes != BOTH else _refused(name, item, action)
        assert (answer.status_code, events) == (expected, may), (name, item, action)
        assert item.secret not in text(answer), (name, item, action)


def _refused(name: str, item: Item, action: str) -> int:
    """Say how the API refuses what the table does not give."""
    if action == "revise" and item.way == "beside":
        return 400 if name in TABLE[action, item.owner, state.PUBLISHED] else 403
    known = item.is_known or (action == "revise" and item.way == state.WITHDRAWN)
    return 403 if known or name in item.allowed("view") else 404


def _by_key(client: Client, key: str, method: str, path: str, sent: str):
    headers = {"HTTP_AUTHORIZATION": f"Bearer {key}"}
    return client.generic(method, f"{ROOT}/{path}", sent, content_type="application/json", **headers)


@pytest.mark.slow
@pytest.mark.parametrize("name", WITH_KEY)
def test_a_key_begins_what_its_seat_may_for_its_own_institution_and_decides_nothing(world, name):
    client = Client(SERVER_NAME="localhost", raise_request_exception=False)
    sent = {"kind": "commitment", "content": {"title": "Begun", "certainty": "verified"}}
    answer = _by_key(client, world.keys[name], "POST", "records", json.dumps(sent))
    allowed = any(begins(seated(name), owner) for owner in OWNERS)
    assert answer.status_code == (201 if allowed else 403)
    if allowed:
        number = Record.objects.get(title="Begun").owner_id
        assert number == world.people[name].seats[0].actor
    before = Event.objects.count()
    for item in (one for one in world.items if one.way in (state.SUBMITTED, state.ENDORSED)):
        for step in ("endorse", "return", "review", "publish"):
            refused = _by_key(client, world.keys[name], "POST", f"records/{item.name}/{step}", "{}")
            assert refused.status_code == 404, (item, step)
    assert Event.objects.count() == before


@pytest.mark.parametrize("name", PEOPLE)
def test_where_report_and_measurement_differ_is_shown_to_those_of_the_table(world, name, monkeypatch):
    found = []
    for item in world.items:
        promise = Commitment.objects.get(public_id=item.name)
        given = {"series": "SI_RMT_COST", "direction": "lower", "basis": "in_text", "link_strength": "direct"}
        now = timezone.now()
        target = Target(title=item.name, kind="target", commitment=promise, created=now, changed=now, **given)
        target.public_id, target.state = f"T-2031-{len(found) + 1:04d}", state.PUBLISHED
        target.save()
        found.append(Contradiction(target.public_id, "on_track", "too slow", "a release", False))
    monkeypatch.setattr(comparing, "to_look_at", lambda holding: found)
    answer = page(world.browser(name), "answers/differences")
    shown = text(answer)
    of_public = [one for one in world.items if one.way in state.PUBLIC]
    listed = {one.name for one in world.items if f"records/{one.name}" in shown and one.way != "beside"}
    assert listed == {one.name for one in of_public if name in one.allowed("compare")}
    # Whoever may compare their own institution's has the page, and finds it empty where that promised nothing.
    has_page = any(seated(name) in one.allowed("compare") for one in of_public)
    assert answer.status_code == (200 if has_page else 404)


@pytest.mark.parametrize("name", PEOPLE)
def test_seats_are_managed_by_those_of_the_table_and_there_is_no_other_back_office(world, name):
    client = world.browser(name)
    may = name in TABLE["manage_accounts", "institution", state.DRAFT]
    sent = {"email": "new@example.org", "role": "focal_point", "institution": world.institutions[HERE]}
    for answer in (client.get("/en/account/people"), client.post("/en/account/people", sent)):
        if may:
            assert answer.status_code in (200, 302)
        elif name == "anonymous":
            assert answer["Location"].startswith("/en/account/login/")
        else:
            assert answer.status_code == 404
    assert Event.objects.filter(verb="invited").exists() is may
    for path in ("/admin/", "/en/admin/", "/en/registry/admin"):
        assert client.get(path).status_code == 404
