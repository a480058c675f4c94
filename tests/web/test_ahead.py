"""Pages are made before anybody asks, while nobody asks, and are the ones that a reader would have got."""

import threading

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import Client, override_settings

from sojourn.web import state
from sojourn.web.ahead import Ahead, addresses, pictures
from sojourn.web.idle import Watch
from sojourn.web.state import Progress
from sojourn.web.warming import ask


@pytest.fixture
def shelf(tmp_path, client):
    """A shelf in a folder of its own, which the site uses for the time of the test."""
    with override_settings(SOJOURN_MADE=str(tmp_path / "made")):
        state.shelf.cache_clear()
        yield state.shelf()
    state.shelf.cache_clear()


def came(watch, host="localhost"):
    """Let a reader come, and be answered."""
    environ = {"PATH_INFO": "/en/", "wsgi.url_scheme": "http", "HTTP_HOST": host}

    def application(_, start_response):
        start_response("200 OK", [])
        return [b""]

    watch.watched(application)(environ, lambda *_: None)
    return watch


def ahead(shelf, watch, progress=None):
    return Ahead(get_wsgi_application(), state.store(), watch, shelf, progress or Progress())


def _answers(shelf):
    return [one for one in shelf._folder.rglob("*") if one.is_file() and one.name != "name"]


@pytest.fixture
def few(monkeypatch):
    """Three pages instead of all."""
    listed = ["/en/", "/en/areas/MEX", "/ar/series/SI_RMT_COST"]
    monkeypatch.setattr("sojourn.web.ahead.addresses", lambda *_: iter(listed))
    monkeypatch.setattr("sojourn.web.idle.QUIET", 0.0)
    monkeypatch.setattr(Watch, "idle", lambda *_: True)
    return listed


def test_a_reader_gets_what_was_made_ahead_byte_for_byte(shelf, few, client):
    progress, holding = Progress(), state.store().current()
    before = {path: client.get(path, headers={"Accept-Encoding": "gzip"}).content for path in few}
    shelf.keep_only([])
    assert ahead(shelf, came(Watch()), progress).make(holding)
    assert (progress.made, progress.of) == (3, 3)
    # A process that has nothing in memory, and must not make anything.
    with override_settings(ROOT_URLCONF="tests.web.nothing"):
        other = Client(SERVER_NAME="localhost")
        for path in few:
            found = other.get(path, headers={"Accept-Encoding": "gzip"})
            assert (found.status_code, found.content) == (200, before[path]), path
            assert found.headers["Sojourn-Release"] == holding.name


def test_the_pictures_that_a_page_opens_with_are_made_too(shelf, few, client):
    holding, asked = state.store().current(), []
    site = get_wsgi_application()

    def listening(environ, start_response):
        asked.append(environ["PATH_INFO"])
        return site(environ, start_response)

    Ahead(listening, state.store(), came(Watch()), shelf, Progress()).make(holding)
    assert [one for one in asked if not one.endswith(".svg")] == few
    assert any(one.startswith("/ar/series/SI_RMT_COST/") for one in asked if one.endswith(".svg"))


def test_what_lies_there_is_not_made_again(shelf, few):
    holding = state.store().current()
    worker = ahead(shelf, came(Watch()))
    assert worker.make(holding)
    times = {one: one.stat().st_mtime_ns for one in _answers(shelf)}
    assert len(times) > 3
    assert worker.make(holding)
    assert {one: one.stat().st_mtime_ns for one in _answers(shelf)} == times


def test_nothing_is_made_under_a_name_that_is_not_the_site_s(shelf, few):
    assert ahead(shelf, came(Watch(), "elsewhere.example")).make(state.store().current())
    assert _answers(shelf) == []


def test_a_newer_release_ends_the_work(shelf, few, root, publish, two_releases):
    holding = state.store().current()
    publish(two_releases[1], root)
    state.store().refresh()
    assert not ahead(shelf, came(Watch())).make(holding)


def test_a_process_learns_from_another_by_what_name_readers_come(shelf, few):
    holding = state.store().current()
    assert ahead(shelf, Watch())._name(holding) == ("", "")
    assert ahead(shelf, came(Watch(), "site.example"))._name(holding) == ("http", "site.example")
    assert ahead(shelf, Watch())._name(holding) == ("http", "site.example")


def test_every_page_of_every_language_once_wherever_it_begins(shelf):
    holding = state.store().current()
    first, other = (list(addresses(holding, begin)) for begin in (0, 7919))
    assert sorted(first) == sorted(other)
    assert first != other
    assert {"/en/areas/MEX", "/ar/series/SI_RMT_COST", "/zh/"} <= set(first)


def test_who_is_being_answered_keeps_a_process_busy():
    watch, going, go_on = Watch(), threading.Event(), threading.Event()

    def slow(environ, start_response):
        going.set()
        go_on.wait(10)
        return [b""]

    site = watch.watched(slow)
    assert watch.idle()
    reader = threading.Thread(target=site, args=({"PATH_INFO": "/en/"}, None))
    reader.start()
    going.wait(10)
    assert not watch.idle(quiet=0)
    go_on.set()
    reader.join()
    assert watch.idle(quiet=0)
    assert not watch.idle(quiet=60)
    assert watch.came_by == ("", "")


def test_who_looks_after_health_is_no_reader():
    watch = Watch()
    watch.watched(lambda *_: [b""])({"PATH_INFO": "/health"}, None)
    assert watch.idle()


def test_pictures_of_other_sites_are_not_asked_for():
    body = b'<img src="https://elsewhere.example/en/a.svg"><img src="//elsewhere.example/en/b.svg"><img src="/en/c.svg">'
    assert pictures(body) == ["/en/c.svg"]


def test_what_is_for_one_reader_never_lies_on_the_shelf(shelf, client):
    client.get("/en/search?q=a", headers={"Cookie": "session=a"})
    ask(get_wsgi_application(), state.store().current(), "/health")
    names = [one for one in (shelf._folder).rglob("*") if one.is_file()] if shelf._folder.exists() else []
    assert all(b"no-store" not in one.read_bytes() for one in names)
