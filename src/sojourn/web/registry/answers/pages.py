"""The pages of the answers: which there are, who works on the same, how stable money is, what was tried."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from sojourn.errors import NotFoundError, UsageError
from sojourn.web.pages.rendering import only, render
from sojourn.web.registry.answers import followed, overlaps
from sojourn.web.registry.answers.comparing import sees_any
from sojourn.web.registry.answers.funding import Entry, Stability, stability
from sojourn.web.registry.models import (
    Actor,
    Adoption,
    Body,
    Funding,
    Involvement,
    Practice,
    Record,
    Term,
)
from sojourn.web.registry.public.told import Told, counted
from sojourn.web.registry.services import shelving
from sojourn.web.registry.services.finding import search
from sojourn.web.registry.services.persons import person_of

PORTABILITY = "portability of pensions"
"""The question about practices that the pages ask for an example; it finds them in every language."""

_MOST = 50
_LONGEST = 200


def answers(request: HttpRequest, language: str) -> HttpResponse:
    """List what can be asked, with as much of each answer as fits a line."""
    only(request.GET)
    announced, after = counted("answers", lambda: (followed.announced(), followed.followed()))
    told = Told(language, [one.meeting for one in announced])
    told.know([one.instrument for one in after])
    context = {
        "announced": announced,
        "followed": after,
        "year": timezone.now().year,
        "portability": PORTABILITY,
        "practices": shelving.kinds().get("practice", 0),
        "compares": sees_any(person_of(request.user)),
        "told": told,
    }
    return render(request, language, "registry/answers/answers.html", context)


def same_work(request: HttpRequest, language: str) -> HttpResponse:
    """Show where several actors work on the same theme in the same area in a year; this one, unless it is asked."""
    only(request.GET, "year", "theme", "area")
    year = _year(request.GET.get("year", ""))
    area = request.GET.get("area", "")[:12]
    theme = _theme(request.GET.get("theme", ""))
    told = Told(language)
    workers = overlaps.at_work(year, theme, area) if theme else {}
    told.know(workers)
    told.know(record for records in workers.values() for record in records)
    listed, basis, years = counted(
        f"same-work {year}", lambda: (overlaps.overlaps(year), overlaps.to_go_by(year), overlaps.years())
    )
    context = {
        "year": year,
        "theme": theme,
        "area_asked": area,
        "workers": workers,
        "overlaps": listed,
        "basis": basis,
        "years": years,
        "told": told,
    }
    return render(request, language, "registry/answers/same_work.html", context)


def _year(text: str) -> int:
    """Read the year that is asked for.

    Raises:
        UsageError: it is no year.
    """
    if not text:
        return timezone.now().year
    if not (text.isascii() and text.isdigit() and len(text) == 4 and text >= "1900"):
        raise UsageError("This is no year", where="year", accepted="1900 … 9999")
    return int(text)


def _theme(text: str) -> Term | None:
    """Read the theme that is asked for, as `vocabulary:code`.

    Raises:
        NotFoundError: there is no such theme.
    """
    if not text:
        return None
    vocabulary, _, code = text[:110].partition(":")
    found: Term | None = Term.objects.filter(vocabulary=vocabulary, code=code, is_theme=True).first()
    if found is None:
        raise NotFoundError(f"There is no theme {text[:40]!r}")
    return found


def funding_page(request: HttpRequest, language: str) -> HttpResponse:
    """Show how stable the money of each body is, or that none is recorded."""
    only(request.GET)
    entries: dict[int, list[Entry]] = defaultdict(list)
    for one in Funding.objects.public():
        entries[one.recipient_id].append(_entry(one))
    bodies = list(Body.objects.public().order_by("valid_from", "public_id"))
    others = list(
        Record.objects.public()
        .filter(pk__in=entries.keys() - {one.pk for one in bodies})
        .order_by("public_id")
    )
    rows: list[tuple[Any, tuple[Stability, ...]]] = [
        (one, stability(entries.get(one.pk, ()))) for one in (*bodies, *others)
    ]
    wanted = {one.donor for _, measured in rows for one in measured if one.donor is not None}
    donors = {one.pk: one for one in Actor.objects.public().filter(pk__in=wanted)}
    told = Told(language, [one for one, _ in rows])
    told.know(donors.values())
    context = {"rows": rows, "donors": donors, "told": told, "without": sum(not one for _, one in rows)}
    return render(request, language, "registry/answers/funding.html", context)


def _entry(one: Funding) -> Entry:
    said = (one.stage, one.amount, one.currency, one.donor_id, one.pledged_on)
    return Entry(*said, one.first_year, one.last_year, one.earmarked)


def practices(request: HttpRequest, language: str) -> HttpResponse:
    """Show the practices that words find: who did it, what it brought, what went wrong, who took it over."""
    only(request.GET, "q")
    text = " ".join(request.GET.get("q", "").split())[:_LONGEST]
    keys: tuple[int, ...] = ()
    if text:
        found = search(text, language, kind="practice", most=_MOST)
        # What holds some of the words only is about something else: that is for the search, not for an answer.
        keys = found.keys[: len(found.keys) - found.some]
    rows = _practices(keys if text else None)
    told = Told(language, rows)
    told.know(one.actor for practice in rows for one in practice.actors.all())
    told.know(one.adopted for practice in rows for one in practice.adoptions.all())
    context = {"q": text, "rows": rows, "all": shelving.kinds().get("practice", 0), "told": told}
    return render(request, language, "registry/answers/practices.html", context)


def _practices(keys: tuple[int, ...] | None) -> list[Any]:
    """Give public practices with who did them and who took them over, in the order of the keys; None: all."""
    public = Practice.objects.public()
    chosen = public.order_by("public_id")[:_MOST] if keys is None else public.filter(pk__in=keys)
    who = Involvement.objects.filter(actor__in=Actor.objects.public()).select_related("actor")
    over = Adoption.objects.public().filter(adopted__in=public).select_related("adopted")
    rows = list(chosen.prefetch_related(Prefetch("actors", who), Prefetch("adoptions", over)))
    return rows if keys is None else sorted(rows, key=lambda one: keys.index(one.pk))
