"""Which reminder of a deadline is due: before it, after it, and then once a month.

    90, 30 and 7 days before
    7, 14, 21 (three weeks running), 30 and 90 days after, while nothing has been reported
    from then on one digest a month, which names all that is still open

A job that runs every day sends each step once, known by (target, step, deadline). One that stood still sends the
newest step that has been reached, not all that it missed. A day begins where the reader is: a deadline of 29
February has not passed in Honolulu when it has in Suva.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

BEFORE = (90, 30, 7)
AFTER = (7, 14, 21, 30, 90)
DIGEST = "digest"

Sent = Collection[tuple[str, str, date]]
"""What was sent before: target, step and deadline of each."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something that is to be done by a day.

    Attributes:
        target: public id of the record.
        due: last day of the deadline.
        zone: time zone of who is reminded, such as `Asia/Dhaka`; one that is not known counts as UTC.
        settled: it was reported as done, or superseded: nobody is reminded any more.
    """

    target: str
    due: date
    zone: str = "UTC"
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A reminder that is due.

    Attributes:
        target, due: whose deadline, and when it is.
        name: `90_before`, `7_after`, `digest_2015-07` …
        days: until the deadline; negative once it has passed.
    """

    target: str
    due: date
    name: str
    days: int

    @property
    def key(self) -> tuple[str, str, date]:
        """By which it is known that it was sent."""
        return self.target, self.name, self.due

    @property
    def in_digest(self) -> bool:
        """Whether it goes into the monthly digest, and not into a mail of its own."""
        return self.name.startswith(DIGEST)


def due_steps(deadlines: Iterable[Deadline], moment: datetime, sent: Sent) -> list[Step]:
    """List the reminders that are to be sent now.

    Args:
        deadlines: all that are open.
        moment: now, with its time zone.
        sent: what was sent before.

    Returns:
        At most one step for each deadline, sorted by deadline and target.

    Raises:
        ValueError: the moment has no time zone.
    """
    found = []
    for one in deadlines:
        step = None if one.settled else current_step(one, day_of(moment, one.zone))
        if step is not None and step.key not in sent:
            found.append(step)
    return sorted(found, key=lambda step: (step.due, step.target))


def current_step(one: Deadline, today: date) -> Step | None:
    """Give the newest step that has been reached, sent or not; None before the first.

    >>> current_step(Deadline("C-1", date(2024, 2, 29)), date(2024, 2, 22)).name
    '7_before'
    >>> current_step(Deadline("C-1", date(2024, 2, 29)), date(2024, 7, 3)).name
    'digest_2024-07'
    """
    days = (one.due - today).days
    passed = -days
    name = ""
    if days > 0 and days <= BEFORE[0]:
        name = f"{min(step for step in BEFORE if step >= days)}_before"
    elif passed > AFTER[-1] and (today.year, today.month) > _month_of(one.due + timedelta(AFTER[-1])):
        name = f"{DIGEST}_{today:%Y-%m}"
    elif passed >= AFTER[0]:
        name = f"{max(step for step in AFTER if step <= passed)}_after"
    elif days <= 0:
        name = f"{BEFORE[-1]}_before"
    return Step(one.target, one.due, name, days) if name else None


def day_of(moment: datetime, zone: str) -> date:
    """Give the day that a moment falls on in a time zone.

    >>> noon = datetime(2024, 2, 29, 12, tzinfo=UTC)
    >>> day_of(noon, "Pacific/Kiritimati").day, day_of(noon, "Pacific/Pago_Pago").day
    (1, 29)
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone has no day")
    try:
        return moment.astimezone(ZoneInfo(zone)).date()
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return moment.astimezone(UTC).date()


def _month_of(day: date) -> tuple[int, int]:
    return day.year, day.month
