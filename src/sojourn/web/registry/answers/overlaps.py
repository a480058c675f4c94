"""Who works on the same theme in the same country in the same year.

A record counts in the years from its start to its end or deadline; one that names only one of the two counts in that
year alone, because nobody has said how long it goes on. An area counts where a record names it: where a State works
is not taken from where it lies.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from sojourn.web.registry.models import Action, Commitment, Involvement, Practice, Record, Term, Theme
from sojourn.web.registry.models.record import PUBLIC

MOST = 100
"""Overlaps that are listed, those with most actors first."""

_WHEN = ((Commitment, "start", "due"), (Action, "start", "due"), (Practice, "start", "end"))


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two actors or more with the same theme in the same area; an empty area: the records name none."""

    vocabulary: str
    code: str
    area: str
    actors: int
    records: int


@dataclass(frozen=True, slots=True)
class Running:
    """What there is to go by in a year: records that run, those of them with a theme, and those that name an area."""

    records: int
    themed: int
    placed: int


def running(year: int) -> Any:
    """Give the public records that run in a year, as a query."""
    found = Q()
    for model, start, end in _WHEN:
        found |= Q(pk__in=model.objects.public().filter(_in(year, start, end)).values("pk"))
    return Record.objects.filter(found)


def _in(year: int, start: str, end: str) -> Q:
    """Say that a record runs in a year; dates are kept as they were said, so that they sort as texts."""
    whole = Q(**{f"{start}__gt": "", f"{start}__lte": f"{year}-12-31", f"{end}__gte": str(year)})
    begun = Q(**{f"{start}__startswith": str(year), end: ""})
    ended = Q(**{start: "", f"{end}__startswith": str(year)})
    return whole | begun | ended


def to_go_by(year: int) -> Running:
    """Count what the answer for a year rests on."""
    counted = running(year).aggregate(
        records=Count("pk", distinct=True),
        themed=Count("pk", distinct=True, filter=Q(themes__isnull=False)),
        placed=Count("pk", distinct=True, filter=Q(areas__isnull=False)),
    )
    return Running(**counted)


def overlaps(year: int) -> list[Overlap]:
    """List where two actors or more work on the same, named areas before none, most actors first."""
    rows = (
        Theme.objects.filter(
            record__in=running(year).values("pk"),
            record__actors__actor__state__in=PUBLIC,
            record__actors__actor__collective=False,
        )
        .order_by()
        .values_list("term__vocabulary", "term__code", "record__areas__area")
        .annotate(
            actors=Count("record__actors__actor", distinct=True), records=Count("record", distinct=True)
        )
        .filter(actors__gte=2)
    )
    found = [Overlap(vocabulary, code, area or "", *counts) for vocabulary, code, area, *counts in rows]
    return sorted(found, key=lambda one: (not one.area, -one.actors, one.vocabulary, one.code))[:MOST]


def at_work(year: int, term: Term, area: str) -> dict[Any, list[Any]]:
    """Give the actors that work on a theme in an area, each with the records that say so.

    Args:
        year: in which.
        term: the theme.
        area: code of the area; empty: records that name none.
    """
    where = Q(record__areas__area=area) if area else Q(record__areas__isnull=True)
    rows = (
        Involvement.objects.filter(where, record__in=running(year).values("pk"), record__themes__term=term)
        .filter(actor__state__in=PUBLIC, actor__collective=False)
        .select_related("actor", "record")
        .order_by("actor__title", "record__public_id")
    )
    found: dict[Any, list[Any]] = {}
    for one in rows:
        records = found.setdefault(one.actor, [])
        if one.record not in records:
            records.append(one.record)
    return found


def years() -> list[int]:
    """List the years in which records begin or end, the latest first: where an answer may be looked for."""
    said: set[str] = set()
    for model, start, end in _WHEN:
        for name in (start, end):
            rows = model.objects.public().exclude(**{name: ""}).order_by()
            said |= {str(one)[:4] for one in rows.values_list(name, flat=True).distinct()}
    return sorted({int(one) for one in said}, reverse=True)
