"""Sends reminders of deadlines: one mail a person and run, each step once, however often the job is run or breaks.

A step is claimed first, by a row that can be there once; then the mail goes out; then the row says when. Whatever was
claimed and not sent is sent by the next run, with the same Message-ID, so that a mail that did go out before the
machine stopped is known again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from sojourn.web.languages import N_, plain
from sojourn.web.registry.models import Action, Commitment, Record, Reminder, Seat
from sojourn.web.registry.models import accounts as role
from sojourn.web.registry.models.record import PUBLISHED
from sojourn.web.registry.reminders import Deadline, due_steps

SUBJECT = N_("Deadlines in the registry")
AHEAD = N_("{title} ({id}): due on {date}, in {days} days")
PASSED = N_("{title} ({id}): was due on {date}, {days} days ago; report what came of it")

_SETTLED = ("completed", "discontinued", "superseded")
_OF_THE_OWNER = (role.FOCAL_POINT, role.ALTERNATE, role.VALIDATOR)


@dataclass(frozen=True, slots=True)
class Run:
    """What a run did: steps that were due, mails sent, and of which records moderators are reminded instead.

    Attributes:
        claimed: steps that were due.
        mails: that were sent.
        vacant: records of institutions where nobody has a seat.
        unowned: records that no institution answers for, as most of the shipped facts are.
    """

    claimed: int
    mails: int
    vacant: tuple[str, ...]
    unowned: tuple[str, ...]


def remind(moment: datetime | None = None) -> Run:
    """Send the reminders that are due; where an institution has nobody, or none owns a record, to the moderators.

    Args:
        moment: now, with its time zone; None: now.
    """
    now = moment or timezone.now()
    records = _open_deadlines()
    holders, moderators = _holders(now), _moderators(now)
    claimed = 0
    for account in sorted({one for accounts in holders.values() for one in accounts} | set(moderators)):
        own = {
            name: record
            for name, record in records.items()
            if account in (holders.get(record.owner_id) or moderators)
        }
        claimed += _claim(account, own, now)
    left = sorted(name for name, record in records.items() if not holders.get(record.owner_id))
    vacant = tuple(name for name in left if records[name].owner_id is not None)
    unowned = tuple(name for name in left if records[name].owner_id is None)
    return Run(claimed, _send(now), vacant, unowned)


def _open_deadlines() -> dict[str, Record]:
    """Give the published commitments and actions that have a deadline and are not settled."""
    commitments = Commitment.objects.filter(superseded_by=None).exclude(stated__in=_SETTLED)
    actions = Action.objects.exclude(progress__in=_SETTLED)
    return {
        one.public_id: one
        for found in (commitments, actions)
        for one in found.filter(state=PUBLISHED, due_day__isnull=False)
    }


def _holders(now: datetime) -> dict[int, set[int]]:
    """Give the accounts of focal points, alternates and validators by institution."""
    found: dict[int, set[int]] = {}
    for seat in Seat.objects.filter(role__in=_OF_THE_OWNER, account__is_active=True):
        if seat.holds(now.date()):
            found.setdefault(seat.actor_id, set()).add(seat.account_id)
    return found


def _moderators(now: datetime) -> tuple[int, ...]:
    seats = Seat.objects.filter(role=role.MODERATOR, account__is_active=True)
    return tuple(sorted({one.account_id for one in seats if one.holds(now.date())}))


@transaction.atomic
def _claim(account: int, records: dict[str, Record], now: datetime) -> int:
    rows = Reminder.objects.filter(account_id=account).values_list("record__public_id", "step", "due_day")
    deadlines = [Deadline(name, record.due_day) for name, record in records.items()]
    steps = due_steps(deadlines, now, set(rows))
    made = [
        Reminder(
            record_id=records[step.target].pk, account_id=account, step=step.name, due_day=step.due, made=now
        )
        for step in steps
    ]
    # Another run may have claimed the same at this moment: the first one has it.
    Reminder.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def _send(now: datetime) -> int:
    """Send what was claimed and not sent, one mail a person."""
    waiting = (
        Reminder.objects.filter(sent=None).select_related("record", "account").order_by("account", "due_day")
    )
    by_account: dict[int, list[Reminder]] = {}
    for one in waiting:
        by_account.setdefault(one.account_id, []).append(one)
    for reminders in by_account.values():
        _mail(reminders, now).send()
        Reminder.objects.filter(pk__in=[one.pk for one in reminders]).update(sent=timezone.now())
    return len(by_account)


def _mail(reminders: list[Reminder], now: datetime) -> EmailMessage:
    account = reminders[0].account
    named = ",".join(str(one.pk) for one in reminders)
    known = hashlib.sha256(f"{account.pk}:{named}".encode()).hexdigest()[:32]
    return EmailMessage(
        plain(account.language, SUBJECT),
        "\n".join(_lines(account.language, reminders, now)),
        to=[account.email],
        headers={"Message-ID": f"<{known}@registry.invalid>"},
    )


def _lines(language: str, reminders: Iterable[Reminder], now: datetime) -> Iterable[str]:
    for one in reminders:
        days = (one.due_day - now.date()).days
        yield plain(
            language,
            AHEAD if days >= 0 else PASSED,
            title=one.record.title,
            id=one.record.public_id,
            date=one.due_day,
            days=abs(days),
        )
