"""The page of one record: what every kind says, and what meetings, instruments, commitments and others add."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import F, Q
from django.http import HttpRequest, HttpResponse
from markupsafe import Markup

from sojourn.errors import NotFoundError
from sojourn.web.languages import N_
from sojourn.web.pages.rendering import only, render
from sojourn.web.registry.models import (
    KINDS,
    Action,
    AgendaItem,
    Commitment,
    Crosswalk,
    Entry,
    Membership,
    Note,
    Provision,
    Record,
    Reply,
    Statement,
    Target,
)
from sojourn.web.registry.public import promises
from sojourn.web.registry.public.overview import KINDS as SHOWN
from sojourn.web.registry.public.overview import NEEDS_FOLLOW_UP
from sojourn.web.registry.public.tables import with_linked
from sojourn.web.registry.public.told import Told, about, linked, passed, themes
from sojourn.web.registry.services import reading
from sojourn.web.registry.services.attaching import public_files
from sojourn.web.registry.services.attribution import names_owner, names_speaker
from sojourn.web.registry.services.persons import ANONYMOUS
from sojourn.web.registry.writing.saying import Saying

_LISTED = 200
_OF_PREFIX = {model.PREFIX: model for model in KINDS.values()}
_LIST_OF = {kind: (slug, label) for slug, kind, label, _ in SHOWN}


def record(request: HttpRequest, language: str, public_id: str) -> HttpResponse:
    """Show a public record, or that it was withdrawn and why."""
    only(request.GET)
    found = _found(public_id)
    if found.is_tombstone:
        told = Told(language)
        return render(
            request, language, "registry/tombstone.html", {"record": found, "told": told}, status=410
        )
    told = Told(language)
    context = {
        "record": found,
        "about": about(found),
        "files": public_files(found),
        "told": told,
        "shelf": _LIST_OF.get(found.kind, ("", N_("Records"))),
    }
    more = _PAGES.get(found.kind, _plain_page)
    template, added = more(found, told, request)
    context["replies"] = _replies(found, told)
    return render(request, language, f"registry/{template}.html", {**context, **added})


def _replies(entity: Entry, told: Told) -> list[tuple[Reply, Record | None]]:
    """Give what those who are named in a record reply to it, and who replies where that may be told."""
    found = list(Reply.objects.public().filter(about=entity).select_related("owner").order_by("public_id"))
    told.know([*found, *(one.owner for one in found if one.owner)])
    return [
        (one, one.owner if one.owner and one.owner.is_public and names_owner(one) else None) for one in found
    ]


def _found(public_id: str) -> Entry:
    """Find what everybody may see; what is not public is answered like an id that was never given out."""
    model = _OF_PREFIX.get(public_id.partition("-")[0])
    found: Entry | None = with_linked(model).filter(public_id=public_id).first() if model else None
    if found is None or not (found.is_public or found.is_tombstone):
        raise NotFoundError(f"There is no record {public_id[:40]!r}")
    return found


def _meeting(meeting: Any, told: Told, _: HttpRequest) -> tuple[str, dict[str, Any]]:
    """Show the agenda as a tree, what was announced, and what came of it."""
    items = list(AgendaItem.objects.public().filter(meeting=meeting).order_by("position", "public_id"))
    said = list(
        Statement.objects.public()
        .filter(agenda_item__meeting=meeting)
        .select_related("actor", "agenda_item__meeting")
        .order_by("position", "public_id")
    )
    outcomes: dict[int, list[Any]] = {}
    for one in Commitment.objects.public().filter(statement__in=said).select_related("superseded_by"):
        outcomes.setdefault(one.statement_id, []).append(one)
    told.know([meeting, *items, *said, *(one.actor for one in said if one.actor)])
    asking = [one for one in said if one.type in NEEDS_FOLLOW_UP]
    return "meeting", {
        "tree": _tree(items, said),
        "outcomes": outcomes,
        "asking": len(asking),
        "followed": sum(one.pk in outcomes for one in asking),
        "said": len(said),
        "needs": NEEDS_FOLLOW_UP,
        "notes": list(Note.objects.public().filter(about=meeting)),
        "passed": passed,
        "names_speaker": names_speaker,
    }


def _tree(items: list[Any], said: list[Any]) -> list[tuple[int, Any, list[Any]]]:
    """Give the items of an agenda in order, each with its depth and what was said under it."""
    children: dict[int | None, list[Any]] = {}
    for one in items:
        children.setdefault(one.parent_id, []).append(one)
    spoken: dict[int, list[Any]] = {}
    for one in said:
        spoken.setdefault(one.agenda_item_id, []).append(one)
    rows: list[tuple[int, Any, list[Any]]] = []

    def walk(parent: int | None, depth: int) -> None:
        for one in children.get(parent, []):
            rows.append((depth, one, spoken.get(one.pk, [])))
            walk(one.pk, depth + 1)

    known = {one.pk for one in items}
    walk(None, 0)
    # An item whose parent is not public still stands, at the top.
    for one in items:
        if one.parent_id is not None and one.parent_id not in known:
            rows.append((0, one, spoken.get(one.pk, [])))
            walk(one.pk, 1)
    return rows


def _instrument(instrument: Any, told: Told, _: HttpRequest) -> tuple[str, dict[str, Any]]:
    """Show the provisions, what follows up each, and which have none."""
    provisions = list(
        Provision.objects.public().filter(instrument=instrument).order_by("position", "public_id")
    )
    follow_up: dict[int, list[Any]] = {}
    for model in (Commitment, Action):
        for one in model.objects.public().filter(provision__in=provisions):
            follow_up.setdefault(one.provision_id, []).append(one)
    beside = _measured_beside(provisions)
    shown = [*follow_up.values(), *beside.values()]
    told.know([instrument, *provisions, *(one for each in shown for one in each)])
    return "instrument", {
        "provisions": provisions,
        "follow_up": follow_up,
        "beside": beside,
        "without": [one for one in provisions if one.pk not in follow_up and one.follow_up_expected],
    }


def _measured_beside(provisions: list[Any]) -> dict[int, list[Any]]:
    """Give the measured promises that follow up another text on the same matter, as an editor holds it."""
    crossed = Crosswalk.objects.public().filter(provision__in=provisions, term__isnull=False)
    terms: dict[int, set[int]] = {}
    for provision, term in crossed.values_list("provision", "term"):
        terms.setdefault(term, set()).add(provision)
    promised = (
        Commitment.objects.public()
        .filter(targets__in=Target.objects.public(), themes__term__in=terms)
        .exclude(provision__in=provisions)
        .annotate(term=F("themes__term"))
        .distinct()
        .order_by("public_id")
    )
    found: dict[int, list[Any]] = {}
    for one in promised:
        for provision in terms.get(one.term, ()):
            if one not in found.setdefault(provision, []):
                found[provision].append(one)
    return found


def _actor(actor: Any, told: Told, _: HttpRequest) -> tuple[str, dict[str, Any]]:
    """Show what an actor promised, did and said – the last only where the rule of the meeting names speakers."""
    involved = list(
        Record.objects.public()
        .filter(actors__actor=actor)
        .exclude(kind=Statement.KIND)
        .order_by("kind", "public_id")
        .distinct()[:_LISTED]
    )
    said = (
        Statement.objects.public()
        .filter(Q(actor=actor) | Q(actors__actor=actor))
        .select_related("agenda_item__meeting")
        .order_by("public_id")
        .distinct()[:_LISTED]
    )
    named = [one for one in said if names_speaker(one)]
    seats = list(
        Membership.objects.public().filter(actor=actor).select_related("body").order_by("valid_from")
    )
    told.know([actor, *involved, *named, *(one.body for one in seats)])
    return "actor", {"involved": involved, "said": named, "memberships": seats}


def _body(body: Any, told: Told, _: HttpRequest) -> tuple[str, dict[str, Any]]:
    """Show who belonged to a body and when, what came before and after it, and what it was paid."""
    seats = list(
        Membership.objects.public()
        .filter(body=body)
        .select_related("actor")
        .order_by("role", "valid_from", "title")
    )
    before = [
        one.earlier
        for one in body.successor_of.select_related("earlier")
        if one.is_public and one.earlier.is_public
    ]
    after = [
        one.later
        for one in body.succeeded_by.select_related("later")
        if one.is_public and one.later.is_public
    ]
    plans = [one for one in body.work_plans.order_by("first_year") if one.is_public]
    told.know([body, *(one.actor for one in seats if one.actor), *before, *after, *plans])
    return "body", {"memberships": seats, "before": before, "after": after, "plans": plans}


def _practice(practice: Any, told: Told, _: HttpRequest) -> tuple[str, dict[str, Any]]:
    """Show what was tried, what it cost and brought, what went wrong, and who did it after them."""
    adoptions = [
        one for one in practice.adoptions.select_related("adopted") if one.is_public and one.adopted.is_public
    ]
    actors = [one for one in practice.actors.select_related("actor") if one.actor.is_public]
    told.know([practice, *(one.adopted for one in adoptions), *(one.actor for one in actors)])
    return "practice", {"adoptions": adoptions, "actors": actors, "themes": themes(practice)}


def _target(target: Any, told: Told, request: HttpRequest) -> tuple[str, dict[str, Any]]:
    """Show what is measured of a target; its fields alone where its commitment is not public."""
    return promises.target(target, told, request) or _plain_page(target, told, request)


def _plain_page(entity: Any, told: Told, _: HttpRequest) -> tuple[str, dict[str, Any]]:
    """Show every field that says something, and the record that it belongs to."""
    links = ("meeting", "agenda_item", "instrument", "commitment", "body", "about", "provision")
    keys = [getattr(entity, f"{name}_id", None) for name in links]
    above = linked(*keys)
    told.know([entity, *above])
    return "plain", {"above": above, "fields": _fields(entity, told)}


_ELSEWHERE = ("title", "summary", "source", "certainty", "certainty_note", "text_status", "original_language")
"""Fields that every page shows in a place of their own."""


def _fields(entity: Entry, told: Told) -> list[tuple[str, list[tuple[str, Markup]]]]:
    """Give the fields of the public text by headings, without what is private and without who spoke unnamed."""
    version = entity.versions.filter(number=entity.published_version).first()
    text = reading.shown(ANONYMOUS, entity, version.content) if version else {}
    return Saying(str(entity.kind), ANONYMOUS, told.language, text, told=told).groups(text, *_ELSEWHERE)


_PAGES: dict[str, Callable[[Any, Told, HttpRequest], tuple[str, dict[str, Any]]]] = {
    "meeting": _meeting,
    "instrument": _instrument,
    "commitment": promises.commitment,
    "target": _target,
    "actor": _actor,
    "body": _body,
    "practice": _practice,
}
