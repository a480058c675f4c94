"""Reminders go out once, to whoever has the seat, whatever breaks on the way."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.test import override_settings

from sojourn.web.registry.models import Account, Commitment, Reminder, Seat
from sojourn.web.registry.models import accounts as role
from sojourn.web.registry.services.reminding import remind

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def outbox(sqlite):
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        mail.outbox = []
        yield


@pytest.fixture
def writer(hall):
    return hall.person(role.FOCAL_POINT, hall.ministry)


def _addresses() -> list[str]:
    return sorted(address for one in mail.outbox for address in one.to)


def test_one_mail_a_person_and_none_again(hall, writer):
    record = hall.published(writer, due="2026-12-31")
    Account.objects.filter(pk=writer.account).update(language="fr")
    first = remind(NOW)
    assert (first.claimed, first.mails, first.vacant) == (2, 2, ())
    assert first.unowned == ()
    told = {one.to[0]: one.body for one in mail.outbox}
    own = Account.objects.get(pk=writer.account).email
    assert record.public_id in told[own]
    assert "dans 30 jours" in told[own]
    again = remind(NOW)
    assert (again.claimed, again.mails, len(mail.outbox)) == (0, 0, 2)
    late = remind(datetime(2027, 1, 8, 9, tzinfo=UTC))
    assert (late.claimed, late.mails) == (2, 2)


def test_what_was_claimed_before_a_crash_goes_out_afterwards_once(hall, writer, monkeypatch):
    hall.published(writer, due="2026-12-31")
    really_send = EmailMessage.send
    monkeypatch.setattr(EmailMessage, "send", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        remind(NOW)
    assert set(Reminder.objects.values_list("sent", flat=True)) == {None}
    monkeypatch.setattr(EmailMessage, "send", really_send)
    after = remind(NOW)
    assert (after.claimed, after.mails) == (0, 2)
    assert len({one.extra_headers["Message-ID"] for one in mail.outbox}) == 2
    assert not Reminder.objects.filter(sent=None).exists()


def test_nobody_is_reminded_of_what_is_done_or_superseded_or_a_draft(hall, writer):
    done = hall.published(writer, due="2026-12-31")
    Commitment.objects.filter(pk=done.pk).update(stated="completed")
    hall.published(writer, due="2026-12-31", superseded_by=done.public_id)
    hall.draft(writer, due="2026-12-31")
    assert remind(NOW).claimed == 0


def test_a_vacant_seat_goes_to_the_moderators(hall, writer):
    record = hall.published(writer, due="2026-12-31")
    Seat.objects.filter(actor=hall.ministry).update(valid_to="2026-01-01")
    run = remind(NOW)
    moderators = Account.objects.filter(seats__role=role.MODERATOR)
    assert run.vacant == (record.public_id,)
    assert _addresses() == sorted(one.email for one in moderators)


def test_what_no_institution_owns_goes_to_the_moderators_once_in_one_mail(hall, writer):
    names = {hall.published(writer, due="2026-12-31").public_id for _ in range(2)}
    Commitment.objects.filter(public_id__in=names).update(owner=None)
    moderators = Account.objects.filter(seats__role=role.MODERATOR)
    run = remind(NOW)
    assert (set(run.unowned), run.vacant) == (names, ())
    assert run.claimed == 2 * len(moderators)
    assert _addresses() == sorted(one.email for one in moderators)
    assert all(name in one.body for name in names for one in mail.outbox)
    assert (remind(NOW).claimed, len(mail.outbox)) == (0, len(moderators))


def test_shipped_promises_that_are_overdue_are_told_to_the_moderators(loaded):
    account = Account.objects.create_user("eve@example.org", name="Eve")
    Seat.objects.create(account=account, role=role.MODERATOR, valid_from="2020-01-01")
    run = remind(NOW)
    assert (run.mails, len(mail.outbox)) == (1, 1)
    overdue = [
        one.public_id
        for one in Commitment.objects.filter(owner=None, due_day__lt=NOW.date(), superseded_by=None)
        if one.stated not in ("completed", "discontinued", "superseded")
    ]
    assert overdue
    assert all(one in mail.outbox[0].body for one in overdue)
    assert set(overdue) <= set(run.unowned)
