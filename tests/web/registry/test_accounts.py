"""Invitations, seats and keys: once, for whom they were meant, and never for oneself."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import mail
from django.test import override_settings
from django.utils import timezone

from sojourn.errors import NotFoundError, UsageError
from sojourn.web.registry import starting
from sojourn.web.registry.faults import DeniedError, InvalidError
from sojourn.web.registry.models import Account, Event, Invitation, Seat, Token
from sojourn.web.registry.models import accounts as role
from sojourn.web.registry.services import accounts, audit, workflow
from sojourn.web.registry.services.persons import person_of, person_of_token

GOOD = "a long walk home at dusk"


@pytest.fixture
def administrator(hall):
    return hall.person(role.ADMINISTRATOR)


def test_an_invitation_makes_an_account_and_a_seat_once(hall, administrator):
    made, secret = accounts.invite(administrator, "Ada@Example.org", role.FOCAL_POINT, hall.ministry.pk)
    assert secret not in str(list(Invitation.objects.values()))
    account = accounts.accept(secret, GOOD, name="Ada")
    assert (account.email, account.name) == ("ada@example.org", "Ada")
    assert account.password.startswith("argon2$argon2id$")
    person = person_of(account)
    assert [(one.role, one.actor) for one in person.seats] == [(role.FOCAL_POINT, hall.ministry.pk)]
    with pytest.raises(NotFoundError):
        accounts.accept(secret, GOOD)
    assert [one.verb for one in Event.objects.filter(subject=f"invitation:{made.pk}")] == ["invited"]
    assert "ada" not in "".join(Event.objects.values_list("told", flat=True)).lower()


def test_an_invitation_runs_out(hall, administrator):
    made, secret = accounts.invite(administrator, "ada@example.org", role.REVIEWER)
    Invitation.objects.filter(pk=made.pk).update(expires=timezone.now() - timedelta(seconds=1))
    with pytest.raises(NotFoundError):
        accounts.accept(secret, GOOD)
    with pytest.raises(NotFoundError):
        accounts.accept("guessed", GOOD)


@pytest.mark.parametrize("password", ["short", "password1234", "ada@example.org", "123456789012"])
def test_a_poor_password_is_refused(hall, administrator, password):
    _, secret = accounts.invite(administrator, "ada@example.org", role.REVIEWER)
    with pytest.raises(InvalidError) as refused:
        accounts.accept(secret, password)
    assert set(refused.value.problems) == {"password"}
    assert not Account.objects.filter(email="ada@example.org").exists()


def test_whoever_has_an_account_must_be_signed_in_to_take_another_seat(hall, administrator):
    _, first = accounts.invite(administrator, "ada@example.org", role.REVIEWER)
    account = accounts.accept(first, GOOD)
    _, second = accounts.invite(administrator, "ada@example.org", role.TRANSLATOR)
    with pytest.raises(DeniedError):
        accounts.accept(second, "another password of hers")
    accounts.accept(second, "", signed_in=account)
    assert {one.role for one in person_of(account).seats} == {role.REVIEWER, role.TRANSLATOR}


@pytest.mark.parametrize(
    ("email", "seat_role", "in_ministry", "wrong"),
    [
        ("nobody", role.REVIEWER, False, "email"),
        ("ada@example.org", "emperor", False, "role"),
        ("ada@example.org", role.FOCAL_POINT, False, "actor"),
        ("ada@example.org", role.MODERATOR, True, "actor"),
    ],
)
def test_a_seat_that_makes_no_sense_is_refused(hall, administrator, email, seat_role, in_ministry, wrong):
    with pytest.raises(InvalidError) as refused:
        accounts.invite(administrator, email, seat_role, hall.ministry.pk if in_ministry else None)
    assert set(refused.value.problems) == {wrong}


def test_nobody_manages_their_own_rights(hall, administrator):
    own = Account.objects.get(pk=administrator.account).email
    with pytest.raises(DeniedError):
        accounts.invite(administrator, own.upper(), role.MODERATOR)
    with pytest.raises(DeniedError):
        accounts.end_seat(administrator, administrator.seats[0].seat, date(2026, 1, 1))
    with pytest.raises(DeniedError):
        accounts.forget(administrator, administrator.account)
    for seat_role in (role.MODERATOR, role.AUDITOR):
        with pytest.raises(DeniedError):
            accounts.invite(hall.person(seat_role), "ada@example.org", role.REVIEWER)


def test_a_seat_ends_on_its_day(hall, administrator):
    person = hall.person(role.FOCAL_POINT, hall.ministry)
    accounts.end_seat(administrator, person.seats[0].seat, date(2026, 6, 30))
    account = Account.objects.get(pk=person.account)
    assert person_of(account, date(2026, 6, 30)).seats
    assert not person_of(account, date(2026, 7, 1)).seats


def test_a_person_is_forgotten_and_the_chain_holds(hall, administrator):
    writer = hall.person(role.FOCAL_POINT, hall.ministry)
    address = Account.objects.get(pk=writer.account).email
    name = hall.draft(writer).record.public_id
    accounts.forget(administrator, writer.account)
    account = Account.objects.get(pk=writer.account)
    assert (account.name, account.is_active, address in account.email) == ("", False, False)
    assert not account.has_usable_password()
    assert person_of(account).account is None
    assert Event.objects.filter(subject=name, account=writer.account).exists()
    assert list(audit.broken()) == []


def test_a_key_acts_for_one_seat_within_its_scopes(hall):
    person = hall.person(role.FOCAL_POINT, hall.ministry, (role.VALIDATOR, hall.other))
    made, secret = accounts.make_key(person, person.seats[0].seat, "importer", ["write", "read"], 30)
    assert secret not in str(list(Token.objects.values()))
    program = person_of_token(accounts.key_of(secret))
    assert [one.role for one in program.seats] == [role.FOCAL_POINT]
    version = workflow.create(
        program, "commitment", {"title": "By a program", "certainty": "verified"}, owner=hall.ministry.pk
    )
    with pytest.raises(DeniedError):
        workflow.create(
            program, "commitment", {"title": "Elsewhere", "certainty": "verified"}, owner=hall.other.pk
        )
    reads, read_secret = accounts.make_key(person, person.seats[0].seat, "reader", ["read"], 30)
    with pytest.raises(DeniedError):
        workflow.submit(person_of_token(reads), version.record.public_id, edit=0)
    accounts.revoke_key(person, made.pk)
    assert accounts.key_of(secret) is None
    Token.objects.filter(pk=reads.pk).update(expires=timezone.now())
    assert accounts.key_of(read_secret) is None


def test_a_key_is_made_for_ones_own_seat_only_and_by_no_other_key(hall):
    person, other = hall.person(role.FOCAL_POINT, hall.ministry), hall.person(role.FOCAL_POINT, hall.ministry)
    with pytest.raises(NotFoundError):
        accounts.make_key(person, other.seats[0].seat, "mine", ["read"], 30)
    made, _ = accounts.make_key(person, person.seats[0].seat, "mine", ["read", "write"], 30)
    with pytest.raises(NotFoundError):
        accounts.make_key(person_of_token(made), person.seats[0].seat, "more", ["read"], 30)
    with pytest.raises(NotFoundError):
        accounts.revoke_key(other, made.pk)
    with pytest.raises(InvalidError) as refused:
        accounts.make_key(person, person.seats[0].seat, " ", ["decide"], 0)
    assert set(refused.value.problems) == {"name", "scopes", "days"}


def test_a_key_dies_with_its_seat(hall, administrator):
    person = hall.person(role.FOCAL_POINT, hall.ministry)
    made, _ = accounts.make_key(person, person.seats[0].seat, "importer", ["write"], 30)
    Seat.objects.filter(pk=person.seats[0].seat).update(valid_to="2020-02-01")
    assert person_of_token(Token.objects.get(pk=made.pk)).seats == ()


class TestFromTheMachine:
    """An invitation by the command."""

    @pytest.fixture(autouse=True)
    def mails(self):
        with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
            mail.outbox = []
            yield

    def test_with_the_address_of_the_site_the_link_is_mailed(self, hall):
        site = "https://data.example.org/"
        link = starting.invited("ada@example.org", role.MODERATOR, "", "Ada", "fr", site)
        assert link.startswith("https://data.example.org/fr/account/invitation/")
        (sent,) = mail.outbox
        assert sent.to == ["ada@example.org"]
        assert link in sent.body
        assert "14 jours" in sent.body

    def test_without_it_only_the_path_is_told(self, hall):
        assert starting.invited("ada@example.org", role.MODERATOR, "", "Ada", "en").startswith("/en/account/")
        assert mail.outbox == []

    def test_what_is_no_address_is_refused(self, hall):
        with pytest.raises(UsageError, match="no address of a site"):
            starting.invited("ada@example.org", role.MODERATOR, "", "Ada", "en", "data.example.org")
        assert not Invitation.objects.exists()
