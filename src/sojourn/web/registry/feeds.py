"""Feeds from plain records: what is new as Atom, what is when as iCalendar."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

from icalendar import Calendar, Event

from sojourn.web.registry.dates import first_day, last_day

ATOM = "http://www.w3.org/2005/Atom"
XML = "{http://www.w3.org/XML/1998/namespace}lang"
PRODUCT = "-//Sojourn//Registry//EN"

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class News:
    """An entry of a feed.

    Attributes:
        key: what it is called for ever; an edit keeps it.
        title, summary: texts in `language`.
        link: address of its page.
        updated: moment of its newest published version.
        author: who answers for it.
    """

    key: str
    title: str
    link: str
    updated: datetime
    summary: str = ""
    language: str = "en"
    author: str = ""


@dataclass(frozen=True, slots=True)
class Appointment:
    """Something on a day, or on some day of a month or year.

    Attributes:
        key: what it is called for ever.
        start, end: dates as they were said, such as "2015-07"; an empty end is the start.
        title, link, summary, place: what, where to read more, in short, where.
        changed: moment of its newest published version.
    """

    key: str
    title: str
    start: str
    link: str
    changed: datetime
    end: str = ""
    summary: str = ""
    place: str = ""


def atom(title: str, address: str, page: str, entries: Sequence[News], language: str = "en") -> bytes:
    """Write an Atom feed (RFC 4287).

    Args:
        title: name of the feed.
        address: of the feed itself; its id too.
        page: of the list that it follows.
        entries: newest first.
        language: of the title.
    """
    ElementTree.register_namespace("", ATOM)
    feed = ElementTree.Element(f"{{{ATOM}}}feed", {XML: language})
    newest = max((one.updated for one in entries), default=datetime(1970, 1, 1, tzinfo=UTC))
    _text(feed, "id", address)
    _text(feed, "title", title)
    _text(feed, "updated", _moment(newest))
    _link(feed, "self", address)
    _link(feed, "alternate", page)
    _text(_text(feed, "author"), "name", "Sojourn")
    for one in entries:
        entry = _text(feed, "entry")
        entry.set(XML, one.language)
        _text(entry, "id", one.key)
        _text(entry, "title", one.title)
        _text(entry, "updated", _moment(one.updated))
        _link(entry, "alternate", one.link)
        if one.summary:
            _text(entry, "summary", one.summary)
        if one.author:
            _text(_text(entry, "author"), "name", one.author)
    return bytes(ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True))


def calendar(title: str, entries: Sequence[Appointment]) -> bytes:
    """Write an iCalendar (RFC 5545): whole days; what is known to the month or year only is tentative."""
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("x-wr-calname", _clean(title))
    for one in entries:
        made.add_component(_event(one))
    return bytes(made.to_ical())


def _event(one: Appointment) -> Event:
    event = Event()
    said = one.end or one.start
    event.add("uid", _clean(one.key))
    event.add("dtstamp", one.changed.astimezone(UTC))
    event.add("summary", _clean(one.title))
    event.add("dtstart", first_day(one.start))
    # The end is the first day that does not belong to it.
    event.add("dtend", last_day(said) + timedelta(days=1))
    event.add("status", "CONFIRMED" if _is_day(one.start) and _is_day(said) else "TENTATIVE")
    event.add("transp", "TRANSPARENT")
    event.add("url", one.link)
    if one.summary:
        event.add("description", _clean(one.summary))
    if one.place:
        event.add("location", _clean(one.place))
    return event


def _is_day(said: str) -> bool:
    return first_day(said) == last_day(said)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _text(parent: ElementTree.Element, name: str, text: str | None = None) -> ElementTree.Element:
    made = ElementTree.SubElement(parent, f"{{{ATOM}}}{name}")
    made.text = None if text is None else _clean(text)
    return made


def _link(parent: ElementTree.Element, relation: str, address: str) -> None:
    ElementTree.SubElement(parent, f"{{{ATOM}}}link", {"rel": relation, "href": _clean(address)})


def _clean(text: str) -> str:
    """Leave out signs that no XML and no calendar may hold."""
    return _NOT_IN_XML.sub("", text)
