"""What came of it: of items that meetings announced, and of provisions that instruments hold."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sojourn.web.registry.models import Action, Commitment, Instrument, Meeting, Provision, Statement
from sojourn.web.registry.public.overview import NEEDS_FOLLOW_UP

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Announced:
    """What a meeting announced.

    Attributes:
        meeting: its record.
        said: items recorded.
        asking: those that ask that something follows.
        filed: those of `asking` that stand here as promises.
        reported: those of `filed` on which somebody has reported.
    """

    meeting: Any
    said: int
    asking: int
    filed: int
    reported: int


@dataclass(frozen=True, slots=True)
class Followed:
    """How many provisions of an instrument expect a follow-up, and for how many none is on file."""

    instrument: Any
    provisions: int
    without: int


def announced() -> list[Announced]:
    """List the meetings of which items are recorded, the latest first."""
    said = list(
        Statement.objects.public()
        .order_by()
        .values_list("agenda_item__meeting", "pk", "type")
        .filter(agenda_item__meeting__state__in=("published", "archived"))
    )
    stated: dict[int, bool] = {}
    for pk, state in (
        Commitment.objects.public().filter(statement__isnull=False).values_list("statement", "stated")
    ):
        stated[pk] = stated.get(pk, False) or state != UNKNOWN
    counts: dict[int, Counter[str]] = {}
    for meeting, pk, kind in said:
        own = counts.setdefault(meeting, Counter())
        own["said"] += 1
        if kind in NEEDS_FOLLOW_UP:
            own["asking"] += 1
            own["filed"] += pk in stated
            own["reported"] += stated.get(pk, False)
    meetings = Meeting.objects.filter(pk__in=counts).order_by("-start", "public_id")
    return [
        Announced(one, *(counts[one.pk][name] for name in ("said", "asking", "filed", "reported")))
        for one in meetings
    ]


def followed() -> list[Followed]:
    """List the instruments of which provisions are recorded, the oldest first."""
    expecting = (
        Provision.objects.public().filter(follow_up_expected=True).values_list("instrument", "pk").order_by()
    )
    with_one = {
        pk
        for model in (Commitment, Action)
        for pk in model.objects.public().filter(provision__isnull=False).values_list("provision", flat=True)
    }
    every: Counter[int] = Counter()
    without: Counter[int] = Counter()
    for instrument, provision in expecting:
        every[instrument] += 1
        without[instrument] += provision not in with_one
    instruments = Instrument.objects.public().filter(pk__in=every).order_by("adopted", "public_id")
    return [Followed(one, every[one.pk], without[one.pk]) for one in instruments]
