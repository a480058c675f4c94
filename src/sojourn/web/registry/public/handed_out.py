"""Feeds for other programs: what is new, and what is when."""

from __future__ import annotations

from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse

from sojourn.errors import UsageError
from sojourn.web.languages import N_, plain
from sojourn.web.pages.rendering import Voice, only
from sojourn.web.registry.feeds import Appointment, News, atom, calendar
from sojourn.web.registry.models import KINDS, Action, Call, Commitment, Meeting, Record
from sojourn.web.registry.public.told import Told
from sojourn.web.registry.services.attribution import names_owner
from sojourn.web.registry.services.searches import LONGEST_QUESTION, Question, news

NEWEST = 50
MOST = 500
"""Dates of each kind that a calendar holds, the latest first."""
WHATS_NEW = N_("New in the registry")
NEW_IN = N_("New in the registry on {question}")
DATES = N_("Meetings and deadlines")

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def feed(request: HttpRequest, language: str) -> HttpResponse:
    """Give the records published last, of all kinds or of one, as Atom."""
    only(request.GET, "kind")
    kind = request.GET.get("kind", "")
    if kind and kind not in KINDS:
        raise UsageError("There is no such kind of record", where="kind", accepted=", ".join(KINDS))
    rows = Record.objects.public().filter(**({"kind": kind} if kind else {})).select_related("owner")
    newest = list(rows.order_by("-published_at", "-pk")[:NEWEST])
    return _atom(request, language, newest, plain(language, WHATS_NEW), {"kind": kind}, "registry/feed.atom")


def found_feed(request: HttpRequest, language: str) -> HttpResponse:
    """Give what a search finds, the record published last first, as Atom: to follow it without an account."""
    only(request.GET, "q", "kind", "theme")
    asked = {name: request.GET.get(name, "")[:LONGEST_QUESTION] for name in ("q", "kind", "theme")}
    question = Question(**asked)
    newest = news(question, language=language)[:NEWEST] if question.q.strip() else []
    title = plain(language, NEW_IN, question=question.q)
    return _atom(request, language, newest, title, question.given, "registry/search.atom", "registry/search")


def _atom(
    request: HttpRequest,
    language: str,
    newest: list[Record],
    title: str,
    asked: dict[str, str],
    path: str,
    page: str = "registry",
) -> HttpResponse:
    """Write a feed of records.

    Args:
        asked: by which the feed is asked for.
        path, page: of the feed itself, and of the page that it follows.
    """
    voice, told = Voice(request, language), Told(language, newest)
    site = voice.site()
    entries = [
        News(
            key=f"{site}/records/{one.public_id}",
            title=told.title(one).striptags(),
            link=site + voice.link(f"registry/records/{one.public_id}"),
            updated=one.published_at or _BEGINNING,
            summary=one.summary,
            language=one.original_language,
            author=_author(one),
        )
        for one in newest
    ]
    follows = voice.link(page, **(asked if page != "registry" else {}))
    content = atom(title, site + voice.link(path, **asked), site + follows, entries, language)
    return HttpResponse(content, content_type="application/atom+xml; charset=utf-8")


def _author(record: Record) -> str:
    """Name who answers for a record, unless that would tell who spoke."""
    if record.owner is None or not record.owner.is_public or not names_owner(record):
        return ""
    return str(record.owner.title)


def dates(request: HttpRequest, language: str) -> HttpResponse:
    """Give meetings, deadlines and closing days of calls, as iCalendar."""
    only(request.GET)
    held = Meeting.objects.public().exclude(start="").order_by("-start")[:MOST]
    rows = [(one, one.start, one.end, one.place) for one in held]
    for model, said in ((Commitment, "due"), (Action, "due"), (Call, "closes")):
        latest = model.objects.public().filter(due_day__isnull=False).order_by("-due_day")[:MOST]
        rows += [(one, getattr(one, said), "", "") for one in latest]
    voice, told = Voice(request, language), Told(language, [row[0] for row in rows])
    site = voice.site()
    entries = [
        Appointment(
            key=f"{one.public_id}@{request.get_host()}",
            title=told.title(one).striptags(),
            start=start,
            end=end,
            place=place,
            link=site + voice.link(f"registry/records/{one.public_id}"),
            changed=one.published_at or _BEGINNING,
            summary=one.summary,
        )
        for one, start, end, place in rows
    ]
    response = HttpResponse(
        calendar(plain(language, DATES), entries), content_type="text/calendar; charset=utf-8"
    )
    response.headers["Content-Disposition"] = 'attachment; filename="registry.ics"'
    return response
