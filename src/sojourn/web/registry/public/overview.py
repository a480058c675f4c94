"""The first page of the registry, its timeline, and what cannot be measured."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db.models import Count, Exists, OuterRef
from django.http import HttpRequest, HttpResponse

from sojourn.web.languages import N_
from sojourn.web.pages.rendering import only, render
from sojourn.web.registry.claims import claims
from sojourn.web.registry.measuring import measured
from sojourn.web.registry.models import Commitment, Milestone, Record, Statement, Target
from sojourn.web.registry.models.record import PUBLIC
from sojourn.web.registry.public.told import Told, counted
from sojourn.web.registry.services import shelving
from sojourn.web.registry.verdicts import judge

SHOWN = 12
"""Targets that the first page judges; the others stand on the pages of their commitments."""

MOST_REASONS = 10
"""Reasons that are listed, the most frequent first."""

NEEDS_FOLLOW_UP = ("agreement", "commitment", "plan", "work-plan", "programme", "recommendation")
"""Kinds of statements that something must come of; findings, calls and positions stand as they were said."""

REASONS = (
    N_(
        "It announces a meeting, document or piece of work: whether that took place is reported, and no series of numbers measures it"  # noqa: E501 - one text, one line
    ),
    N_("A work plan is judged item by item, by reports on each; no series of numbers measures it as a whole"),
    N_("It says what a text should contain: whether it does is read in that text, and is not measured"),
    N_("It names no quantity, area or date that a series could be held to"),
    N_("Nobody has named a target for it yet"),
)
"""Why a promise cannot be measured, as the shipped facts say it; an editor may write other reasons."""

KINDS = (
    ("meetings", "meeting", N_("Meetings"), N_("What was said, announced and agreed, and what came of it")),
    (
        "instruments",
        "instrument",
        N_("Instruments"),
        N_("Declarations, agendas and plans, provision by provision"),
    ),
    (
        "commitments",
        "commitment",
        N_("Commitments"),
        N_("Promises beside what is measured and what is reported"),
    ),
    ("practices", "practice", N_("Practices"), N_("What was tried, what it brought, and what went wrong")),
    ("actors", "actor", N_("Actors"), N_("States, cities, agencies, unions, associations: all at par")),
    ("bodies", "body", N_("Bodies"), N_("Mechanisms and forums, their members, and what took their place")),
    ("work-plans", "work_plan", N_("Work plans"), N_("What bodies say they will do, edition by edition")),
    (
        "proposals",
        "proposal",
        N_("Indicator proposals"),
        N_("What was proposed to be measured, and what became of it"),
    ),
    ("calls", "call", N_("Calls for partners"), N_("Partners sought and offered")),
)
"""Name in addresses, kind of record, label, and what is found there."""

LANDMARKS = {
    "the_meeting": "coordination_meetings:13",
    "the_declaration": "instrument:declaration_2013",
}
"""What the first questions are about -> key of the shipped fact."""

KIND_LABELS = {
    **{kind: label for _, kind, label, _ in KINDS},
    "membership": N_("Memberships"),
    "succession": N_("Successions"),
    "series": N_("Series of meetings"),
    "agenda_item": N_("Agenda items"),
    "statement": N_("Statements"),
    "provision": N_("Provisions"),
    "crosswalk": N_("Crosswalks"),
    "target": N_("Targets of commitments"),
    "action": N_("Actions"),
    "progress_report": N_("Progress reports"),
    "reply": N_("Replies"),
    "adoption": N_("Practices taken over"),
    "plan": N_("National plans"),
    "mainstreaming": N_("Migration in plans"),
    "assessment": N_("Assessments"),
    "funding": N_("Funding"),
    "milestone": N_("Milestones"),
    "note": N_("Notes on sources"),
}
"""Kind of record -> label, for every kind."""


def overview(request: HttpRequest, language: str) -> HttpResponse:
    """Show what the registry holds, the promises that are measured, and how many cannot be."""
    only(request.GET)
    counts = shelving.kinds()
    targets = list(_targets().order_by("public_id")[:SHOWN])
    told = Told(language, [one.commitment for one in targets])
    context = {
        "kinds": KINDS,
        "counts": counts,
        "rows": by_commitment(targets, measured(targets, request.holding)),
        "measured": counts.get("target", 0),
        "shown": len(targets),
        "unmeasured": counted("unmeasured", unmeasured),
        "verdicts": Counter(one.verdict for one in judge(claims(), request.holding)),
        "told": told,
        **_landmarks(),
    }
    return render(request, language, "registry/overview.html", context)


def _landmarks() -> dict[str, str]:
    """Give the public ids of the meeting and the Declaration that the registry begins with; empty: not there."""
    rows = Record.objects.public().filter(fact__in=LANDMARKS.values()).values_list("fact", "public_id")
    there = dict(rows)
    return {name: there.get(fact, "") for name, fact in LANDMARKS.items()}


def _targets() -> Any:
    """Give the public targets of public commitments, with what judging them needs."""
    public = Target.objects.public().filter(commitment__state__in=PUBLIC)
    return public.select_related("commitment").prefetch_related("commitment__actors__actor")


def by_commitment(targets: Any, joins: Any) -> list[tuple[Any, list[Any]]]:
    """Give each commitment with the joins of its targets, in the order of the targets."""
    found: dict[int, tuple[Any, list[Any]]] = {}
    for one in targets:
        found.setdefault(one.commitment_id, (one.commitment, []))[1].append(joins[str(one.public_id)])
    return list(found.values())


def unmeasured() -> dict[str, Any]:
    """Count the commitments that have no target, by why; and what was said at meetings that needs no follow-up."""
    reasons: Counter[str] = Counter()
    for reason, count in _without_target().order_by().values_list("not_measurable").annotate(Count("pk")):
        reasons[reason or REASONS[-1]] += count
    said = dict(Statement.objects.public().order_by().values_list("type").annotate(Count("pk")))
    return {
        "count": sum(reasons.values()),
        "all": shelving.kinds().get("commitment", 0),
        "reasons": reasons.most_common(MOST_REASONS),
        "said": sum(said.values()),
        "asking": sum(count for kind, count in said.items() if kind in NEEDS_FOLLOW_UP),
    }


def _without_target() -> Any:
    """Give the public commitments that no public target belongs to."""
    targets = Target.objects.public().filter(commitment=OuterRef("pk"))
    return Commitment.objects.public().filter(~Exists(targets))


def unmeasured_page(request: HttpRequest, language: str) -> HttpResponse:
    """List the commitments that no number measures, with the reason of each."""
    only(request.GET)
    rows = list(_without_target().order_by("due_day", "record_id")[:500])
    context = {
        "unmeasured": counted("unmeasured", unmeasured),
        "rows": rows,
        "told": Told(language, rows),
        "none": REASONS[-1],
    }
    return render(request, language, "registry/unmeasured.html", context)


def timeline(request: HttpRequest, language: str) -> HttpResponse:
    """Show what happened in the field, year by year."""
    only(request.GET)
    rows = list(Milestone.objects.public().order_by("date", "public_id"))
    return render(request, language, "registry/timeline.html", {"rows": rows, "told": Told(language, rows)})


def claims_page(request: HttpRequest, language: str) -> HttpResponse:
    """Show what was said beside what is measured."""
    only(request.GET)
    context = {"findings": judge(claims(), request.holding), "words_of": VERDICT_WORDS}
    return render(request, language, "registry/claims.html", context)


VERDICT_WORDS = {
    "holds": N_("holds"),
    "does not": N_("does not hold"),
    "cannot tell": N_("cannot tell"),
    "the whole interval lies on one side": N_("the whole interval lies on one side"),
    "the interval lies on both sides": N_("the interval lies on both sides"),
    "the release has no number of that time": N_("the release has no number of that time"),
    "no error of the number is known": N_("no error of the number is known"),
    "the release has simulated numbers only": N_("the release has simulated numbers only"),
    "what is measured and what is claimed have different units": N_(
        "what is measured and what is claimed have different units"
    ),
    "too few countries counted in both years": N_("too few countries counted in both years"),
}
"""Verdicts and their reasons in words."""
