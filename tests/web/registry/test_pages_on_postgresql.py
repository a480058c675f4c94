"""The public pages on PostgreSQL: the same records, the same words, in as few queries as on SQLite."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from django.db import connection, connections
from django.test import Client

from sojourn.web.registry.loading import load_facts
from sojourn.web.registry.models import KINDS, Record
from sojourn.web.registry.public.overview import KINDS as SHOWN

PAGES = (
    "",
    "/unmeasured",
    "/timeline",
    "/claims",
    "/answers",
    "/answers/same-work?year=2015",
    "/answers/funding",
    "/answers/practices?q=pensions",
    *(f"/{slug}" for slug, *_ in SHOWN),
)
ASKED = ("remittances", "remesas", "envois de fonds", "денежные переводы", "التحويلات", "汇款")


@pytest.fixture(scope="module")
def loaded_there(postgresql_server: str, postgresql_template: str, point_to: Callable[[str], None]) -> str:
    """The address of a PostgreSQL with the shipped facts."""

    def address(name: str) -> str:
        return f"postgresql://registry@/{name}?host={postgresql_server}"

    point_to(address("postgres"))
    with connections["default"].cursor() as cursor:
        cursor.execute(f"CREATE DATABASE pages TEMPLATE {postgresql_template}")
    point_to(address("pages"))
    load_facts()
    return address("pages")


@pytest.fixture
def there(loaded_there: str, reader: Client, point_to: Callable[[str], None]) -> Iterator[Client]:
    """A reader of the site on that database; no test writes to it."""
    point_to(loaded_there)
    assert connection.vendor == "postgresql"
    yield reader
    connections["default"].close()


def _text(reader: Client, path: str, language: str = "en") -> str:
    answer = reader.get(f"/{language}/registry{path}")
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    assert answer.status_code == 200, (path, answer.status_code)
    return content.decode()


def _of_each_kind() -> list[str]:
    first = (Record.objects.filter(kind=kind).order_by("public_id").first() for kind in KINDS)
    return [f"/records/{one.public_id}" for one in first if one is not None]


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
def test_every_page_is_whole(there, language):
    for path in (*PAGES, *_of_each_kind(), "/records/M-2015-0001"):
        page = _text(there, path, language)
        assert f'<html lang="{language}"' in page
        assert 'class="untranslated"' not in page, path


def test_no_page_asks_more_than_ten_times(there):
    asked: list[str] = []

    def count(execute, sql, params, many, context):
        asked.append(sql)
        return execute(sql, params, many, context)

    for path in (*PAGES, *_of_each_kind(), "/search?q=remittances", "/feed.atom", "/calendar.ics"):
        asked.clear()
        with connection.execute_wrapper(count):
            _text(there, path)
        assert len(asked) <= 10, (path, len(asked))


@pytest.mark.parametrize("asked", ASKED)
def test_a_record_is_found_in_every_language(there, asked):
    assert "C-2015-0001" in _text(there, f"/search?q={asked}")


def test_the_first_page_says_what_is_measured_and_what_is_not(there):
    words = " ".join(re.sub(r"<[^>]+>", " ", _text(there, "")).split())
    assert re.search(r"Promises that cannot be measured: +22 +of +25 *\.", words)
    assert "too slow" in words


def test_tables_and_feeds_are_whole(there):
    assert (
        _text(there, "/commitments.csv").count("\n") == 1 + Record.objects.filter(kind="commitment").count()
    )
    assert _text(there, "/feed.atom").count("<entry") == 50
    assert "BEGIN:VEVENT" in _text(there, "/calendar.ics")
