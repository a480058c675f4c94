"""One's desk: what waits for this person, and what is due – each list with what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from sojourn.web.languages import N_
from sojourn.web.pages.rendering import only
from sojourn.web.registry.answers.comparing import sees, sees_any
from sojourn.web.registry.models import Action, Call, Commitment, Target, Version
from sojourn.web.registry.models import accounts as role
from sojourn.web.registry.models import record as state
from sojourn.web.registry.services import judging, permissions, reading
from sojourn.web.registry.services.persons import Person
from sojourn.web.registry.writing import editing, pages
from sojourn.web.registry.writing.labels import kind_label

MOST = 50
"""Texts of one list; how many there are stands above it."""

AHEAD = timedelta(days=90)
SETTLED = ("completed", "discontinued", "superseded")


@dataclass(frozen=True, slots=True)
class Pile:
    """A list of texts that wait for something.

    Attributes:
        key: its anchor.
        heading: what they wait for.
        rows: the first of them.
        count: how many there are.
        todo: what a person does about each: the end of its address; empty: look at it.
        verb: what the link says.
    """

    key: str
    heading: str
    rows: tuple[Any, ...]
    count: int
    todo: str = ""
    verb: str = ""


@pages.of_a_person
@require_http_methods(["GET"])
def desk(request: HttpRequest, language: str, person: Person) -> HttpResponse:
    """Show one's desk."""
    only(request.GET)
    piles = [one for one in _piles(person) if one.count]
    due = _due(person)
    context = {
        "piles": piles,
        "due": due,
        "today": person.today,
        "contradictions": _contradictions(request, person),
        "seats": _seats(request),
        "kinds": {
            one: kind_label(one, language) for one in {row.record.kind for pile in piles for row in pile.rows}
        },
        "writes": bool(editing.may_begin(person, "commitment") or editing.may_begin(person, "actor")),
        "second_factor": person.second_factor,
        "decides": any(one.role in _DECIDERS for one in person.seats),
    }
    return pages.drawn(request, language, "desk", context)


_DECIDERS = frozenset({role.VALIDATOR, role.REVIEWER, role.MODERATOR, role.DATA_STEWARD, role.ADMINISTRATOR})


def _seats(request: HttpRequest) -> Any:
    return request.user.seats.select_related("actor").order_by("valid_from")


def _piles(person: Person) -> list[Pile]:
    """Make the piles of a person, the most pressing first."""
    own = reading.in_work(person).select_related("record", "record__owner").order_by("-changed")
    roles = {one.role for one in person.seats}
    mine = _mine(person)
    found = [
        _pile(
            "returned",
            N_("Returned to you, with the reason"),
            own.filter(mine, state=state.RETURNED),
            "edit",
            EDIT,
        )
    ]
    if roles & {role.VALIDATOR, role.DATA_STEWARD}:
        waiting = own.filter(_deciding(person), state=state.SUBMITTED).exclude(writers=person.account)
        found.append(_pile("endorse", N_("Waiting for you to endorse or return"), waiting))
    if role.REVIEWER in roles:
        found.append(
            _pile("review", N_("Waiting for your review"), _to_review(person, own), "review", REVIEW)
        )
    if role.MODERATOR in roles:
        found.append(
            _pile(
                "publish", N_("Endorsed: under review, or to be published"), own.filter(state=state.ENDORSED)
            )
        )
    found.append(_pile("drafts", N_("Drafts of yours"), own.filter(mine, state=state.DRAFT), "edit", EDIT))
    away = own.filter(mine, state__in=(state.SUBMITTED, state.ENDORSED))
    found.append(_pile("away", N_("On their way: waiting for endorsement or review"), away))
    return found


EDIT, REVIEW = N_("Go on writing"), N_("Review")


def _pile(key: str, heading: str, rows: Any, todo: str = "", verb: str = "") -> Pile:
    rows = rows.distinct()
    return Pile(key, heading, tuple(rows[:MOST]), rows.count(), todo, verb)


def _mine(person: Person) -> Q:
    """Say which texts are those that a person writes: of the institutions for which they do, and their own."""
    institutions = {one.actor for one in person.seats if one.role in permissions.WRITERS} - {None}
    own = Q(record__owner__in=institutions)
    if any(one.role == role.DATA_STEWARD for one in person.seats):
        own |= Q(record__owner__isnull=True)
    return own


def _deciding(person: Person) -> Q:
    institutions = {one.actor for one in person.seats if one.role == role.VALIDATOR}
    own = Q(record__owner__in=institutions)
    if any(one.role == role.DATA_STEWARD for one in person.seats):
        own |= Q(record__owner__isnull=True)
    return own


def _to_review(person: Person, own: Any) -> Any:
    """Give the endorsed texts that a reviewer may review and has not: of others, not theirs."""
    institutions = {one.actor for one in person.seats} - {None}
    rows = own.filter(state=state.ENDORSED).exclude(record__owner__in=institutions)
    rows = rows.exclude(writers=person.account).exclude(endorsements__account=person.account)
    return rows.exclude(pk__in=_reviewed(person))


def _reviewed(person: Person) -> Any:
    return Version.objects.filter(reviews__account=person.account, reviews__edit=F("edit")).values("pk")


def _due(person: Person) -> list[Any]:
    """List the deadlines of one's institutions that lie ahead or passed, and are not settled."""
    institutions = {one.actor for one in person.seats if one.actor is not None}
    if not institutions:
        return []
    until = person.today + AHEAD
    found: list[Any] = []
    for model, settled in ((Commitment, "stated"), (Action, "progress"), (Call, "")):
        rows = (
            model.objects.public()
            .filter(due_day__lte=until)
            .filter(Q(owner__in=institutions) | Q(actors__actor__in=institutions))
        )
        done = {f"{settled}__in": SETTLED} if settled else {"due_day__lt": person.today}
        rows = rows.exclude(**done)
        found += rows.distinct().order_by("due_day")[:MOST]
    return sorted(found, key=lambda one: (one.due_day, one.public_id))[:MOST]


def _contradictions(request: HttpRequest, person: Person) -> list[tuple[Any, Any]]:
    """List where report and measurement disagree: all for editors, those of their institution for owners."""
    if request.holding is None or not sees_any(person):
        return []
    told = {one.key: one for one in judging.to_look_at(request.holding)}
    targets = Target.objects.public().filter(public_id__in=told).select_related("commitment")
    seen = [one for one in targets.order_by("public_id") if sees(person, one.commitment)]
    return [(one, told[str(one.public_id)]) for one in seen[:MOST]]
