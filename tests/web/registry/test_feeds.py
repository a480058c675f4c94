"""Feeds that other programs read: Atom and iCalendar, whatever stands in the texts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from sojourn.errors import UsageError
from sojourn.web.registry.feeds import ATOM, Appointment, News, atom, calendar

WHEN = datetime(2015, 2, 13, 9, 30, tzinfo=UTC)
NEWS = News(
    "urn:x:C-1",
    "Cheaper <transfers> & more",
    "https://x.example/en/registry/C-1",
    WHEN,
    "In short",
    "en",
    "Bangladesh",
)
HIGH_LEVEL = Appointment(
    "urn:x:M-1", "Eighth GFMD", "2015-10-14", "https://x.example/M-1", WHEN, "2015-10-16", place="Istanbul"
)


def read(entries, **more):
    return ElementTree.fromstring(
        atom("News", "https://x.example/feed", "https://x.example/", entries, **more)
    )


def tags(element, name):
    return element.findall(f"{{{ATOM}}}{name}")


def events(*entries):
    return Calendar.from_ical(calendar("Meetings", entries)).walk("VEVENT")


def test_a_feed_has_what_the_standard_asks_for():
    feed = read([NEWS], language="ar")
    assert feed.tag == f"{{{ATOM}}}feed"
    assert [len(tags(feed, name)) for name in ("id", "title", "updated", "author")] == [1, 1, 1, 1]
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "ar"
    (entry,) = tags(feed, "entry")
    assert [tags(entry, name)[0].text for name in ("id", "title", "updated", "summary")] == [
        "urn:x:C-1",
        "Cheaper <transfers> & more",
        "2015-02-13T09:30:00Z",
        "In short",
    ]
    assert {one.get("rel") for one in tags(feed, "link")} == {"self", "alternate"}


def test_an_empty_feed_is_still_one():
    assert tags(read([]), "updated")[0].text == "1970-01-01T00:00:00Z"


def test_the_feed_is_as_new_as_its_newest_entry():
    older = News("urn:x:C-2", "b", "https://x.example/C-2", WHEN.replace(year=2014))
    assert tags(read([NEWS, older]), "updated")[0].text == "2015-02-13T09:30:00Z"


def test_a_meeting_ends_on_the_day_after_its_last():
    (event,) = events(HIGH_LEVEL)
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (date(2015, 10, 14), date(2015, 10, 17))
    assert (str(event["status"]), str(event["location"]), str(event["uid"])) == (
        "CONFIRMED",
        "Istanbul",
        "urn:x:M-1",
    )


@pytest.mark.parametrize(
    ("said", "first", "behind"),
    [
        ("2015-07", date(2015, 7, 1), date(2015, 8, 1)),
        ("2016-02", date(2016, 2, 1), date(2016, 3, 1)),
        ("2018", date(2018, 1, 1), date(2019, 1, 1)),
    ],
)
def test_what_is_known_to_the_month_is_no_appointment_on_its_first_day(said, first, behind):
    (event,) = events(Appointment("a", "b", said, "https://x.example/", WHEN))
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (first, behind)
    assert str(event["status"]) == "TENTATIVE"


def test_a_leap_day_is_an_appointment():
    (event,) = events(Appointment("a", "b", "2024-02-29", "https://x.example/", WHEN))
    assert event.decoded("dtend") == date(2024, 3, 1)


def test_what_is_no_date_is_refused():
    with pytest.raises(UsageError):
        events(Appointment("a", "b", "2023-02-29", "https://x.example/", WHEN))


@given(st.text(max_size=80))
def test_no_text_breaks_a_feed_or_a_calendar(text):
    feed = read([News("urn:x:1", text, "https://x.example/", WHEN, text, author=text or "x")])
    assert len(tags(feed, "entry")) == 1
    (event,) = events(Appointment("urn:x:1", text, "2015", "https://x.example/", WHEN, summary=text))
    assert str(event["uid"]) == "urn:x:1"


def test_a_text_cannot_begin_another_event():
    (event,) = events(
        Appointment("a", "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:y", "2015", "https://x.example/", WHEN)
    )
    assert "END:VEVENT" in str(event["summary"])
