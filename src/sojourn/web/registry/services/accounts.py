"""Accounts, seats, invitations and keys for programs. Nobody manages their own rights."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from secrets import token_urlsafe
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from sojourn.errors import NotFoundError
from sojourn.web.languages import N_
from sojourn.web.registry.faults import DeniedError, InvalidError
from sojourn.web.registry.models import Account, Invitation, Seat, Token
from sojourn.web.registry.models.accounts import OF_AN_INSTITUTION, READER, ROLES
from sojourn.web.registry.services import audit, content
from sojourn.web.registry.services.permissions import refusal, seat_for
from sojourn.web.registry.services.persons import SCOPES, Held, Person
from sojourn.web.said import say

OPEN_FOR = timedelta(days=14)
"""How long an invitation can be accepted."""

LONGEST_KEY = timedelta(days=366)

NEEDS_INSTITUTION = N_("This role is held in an institution: choose one.")
NO_INSTITUTION = N_("This role is held for the whole registry, not in an institution.")
OWN_RIGHTS = N_("Nobody gives rights to themselves, or takes their own away.")
NO_INVITATION = N_("This invitation does not exist, has expired, or has been accepted already.")


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def invite(
    person: Person | None,
    email: str,
    role: str,
    actor: int | None = None,
    *,
    name: str = "",
    language: str = "en",
    main: bool = True,
    until: date | None = None,
) -> tuple[Invitation, str]:
    """Invite somebody to take a seat.

    Args:
        person: the administrator; None: whoever runs the command on the machine itself.
        email: where they are reached, which becomes their sign-in.
        role, actor: the seat: what, and in which institution.
        name, language: how they are addressed.
        main: the main holder, not a stand-in.
        until: last day of the seat.

    Returns:
        The invitation, and the secret of its link, which is kept nowhere.

    Raises:
        DeniedError: they do not manage accounts, or the seat would be their own.
        InvalidError: a field does not fit.
    """
    seat = _managing(person)
    _check_seat(email, role, actor)
    if person is not None and Account.objects.filter(pk=person.account, email__iexact=email).exists():
        raise DeniedError(say(OWN_RIGHTS))
    secret = token_urlsafe(32)
    now = timezone.now()
    made = Invitation.objects.create(
        email=email.strip().lower(),
        name=name.strip()[:150],
        language=language,
        actor_id=actor,
        role=role,
        main=main,
        valid_to=until,
        token_hash=_hash(secret),
        by_id=seat.seat if seat else None,
        at=now,
        expires=now + OPEN_FOR,
    )
    _note("invited", f"invitation:{made.pk}", person, seat, {"role": role, "actor": actor})
    return made, secret


def invitation(secret: str) -> Invitation:
    """Find the invitation of a link.

    Raises:
        NotFoundError: there is none, or it can no longer be accepted.
    """
    found = Invitation.objects.filter(
        token_hash=_hash(secret), accepted=None, expires__gt=timezone.now()
    ).first()
    if found is None:
        raise NotFoundError(say(NO_INVITATION))
    return found


@transaction.atomic
def accept(secret: str, password: str, *, name: str = "", signed_in: Any = None) -> Account:
    """Accept an invitation: take the seat, and make the account that holds it.

    Args:
        secret: of the link.
        password: of the new account; not asked of whoever has an account already.
        name: under which their texts are shown.
        signed_in: the account that is signed in, if any.

    Raises:
        NotFoundError: the invitation cannot be accepted.
        DeniedError: there is an account of that address, and it is not signed in.
        InvalidError: the password is not good enough.
    """
    found = Invitation.objects.select_for_update().get(pk=invitation(secret).pk)
    if found.accepted is not None:
        raise NotFoundError(say(NO_INVITATION))
    account = Account.objects.filter(email__iexact=found.email).first()
    if account is None:
        account = _new_account(found, password, name)
    elif getattr(signed_in, "pk", None) != account.pk:
        raise DeniedError(say("There is an account of this address: sign in to accept the invitation"))
    seat = Seat.objects.create(
        account=account,
        actor_id=found.actor_id,
        role=found.role,
        main=found.main,
        valid_from=timezone.now().date(),
        valid_to=found.valid_to,
    )
    found.accepted, found.account = timezone.now(), account
    found.save(update_fields=["accepted", "account"])
    told = {"role": seat.role, "actor": seat.actor_id, "invitation": found.pk}
    audit.note("seated", f"seat:{seat.pk}", account=account.pk, seat=seat.pk, told=told)
    return account


def _new_account(found: Invitation, password: str, name: str) -> Account:
    account = Account(email=found.email, name=(name or found.name).strip()[:150], language=found.language)
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise InvalidError({"password": " ".join(str(one) for one in error.messages)}) from error
    account.set_password(password)
    account.save()
    return account


@transaction.atomic
def end_seat(person: Person, seat_number: int, last_day: date) -> Seat:
    """Say which day is the last of a seat. Its texts and events stay."""
    by = _managing(person)
    seat = Seat.objects.select_for_update().filter(pk=seat_number).first()
    if seat is None:
        raise NotFoundError(f"There is no seat {seat_number}")
    if seat.account_id == person.account:
        raise DeniedError(say(OWN_RIGHTS))
    seat.valid_to = last_day
    seat.save(update_fields=["valid_to"])
    _note("unseated", f"seat:{seat.pk}", person, by, {"last_day": last_day.isoformat()})
    return seat


@transaction.atomic
def forget(person: Person, account_number: int) -> Account:
    """Remove name and address of a person, and close the account. The audit trail knows numbers only, and holds."""
    by = _managing(person)
    account = Account.objects.select_for_update().filter(pk=account_number).first()
    if account is None:
        raise NotFoundError(f"There is no account {account_number}")
    if account.pk == person.account:
        raise DeniedError(say(OWN_RIGHTS))
    # Invitations hold the same address, and one of several may still be open.
    Invitation.objects.filter(email__iexact=account.email).update(
        email=f"removed-{account.pk}@invalid", name="", expires=timezone.now()
    )
    account.email, account.name, account.is_active = f"removed-{account.pk}@invalid", "", False
    account.set_unusable_password()
    account.save()
    Token.objects.filter(seat__account=account, revoked=None).update(revoked=timezone.now())
    _note("forgotten", f"account:{account.pk}", person, by)
    return account


@transaction.atomic
def make_key(person: Person, seat_number: int, name: str, scopes: list[str], days: int) -> tuple[Token, str]:
    """Make a key for a program that acts for one of one's own seats.

    Args:
        scopes: of `SCOPES`; deciding is for people, and no key allows it.
        days: for how long.

    Returns:
        The key's row, and its secret, which is shown once and kept nowhere.

    Raises:
        NotFoundError: it is not their seat.
        InvalidError: a field does not fit.
    """
    seat = _own_seat(person, seat_number)
    problems = {}
    if not name.strip():
        problems["name"] = content.NEEDED
    if not scopes or set(scopes) - set(SCOPES):
        problems["scopes"] = content.NOT_IN_LIST
    if not 1 <= days <= LONGEST_KEY.days:
        problems["days"] = content.NOT_IN_LIST
    if problems:
        raise InvalidError(problems)
    secret = token_urlsafe(32)
    now = timezone.now()
    made = Token.objects.create(
        seat_id=seat.seat,
        name=name.strip()[:100],
        token_hash=_hash(secret),
        scopes=sorted(set(scopes)),
        created=now,
        expires=now + timedelta(days=days),
    )
    _note("key made", f"key:{made.pk}", person, seat, {"scopes": made.scopes})
    return made, secret


@transaction.atomic
def revoke_key(person: Person, key_number: int) -> None:
    """Make one of one's own keys useless at once."""
    found = Token.objects.filter(pk=key_number, seat__account=person.account, revoked=None).first()
    if found is None:
        raise NotFoundError(f"There is no key {key_number}")
    found.revoked = timezone.now()
    found.save(update_fields=["revoked"])
    _note("key revoked", f"key:{found.pk}", person, Held(found.seat_id, found.seat.role))


def key_of(secret: str) -> Token | None:
    """Find the key of a secret that a program sends; None: there is none that still opens anything."""
    now = timezone.now()
    found = Token.objects.filter(token_hash=_hash(secret), revoked=None, expires__gt=now).first()
    if found is not None and found.last_used != now.date():
        found.last_used = now.date()
        found.save(update_fields=["last_used"])
    return found


def _managing(person: Person | None) -> Held | None:
    if person is None:
        return None
    why = refusal(person, "manage_accounts")
    if why:
        raise DeniedError(say(why))
    return seat_for(person, "manage_accounts")


def _own_seat(person: Person, seat_number: int) -> Held:
    found = next((one for one in person.seats if one.seat == seat_number), None)
    if found is None or person.scopes is not None:
        raise NotFoundError(f"There is no seat {seat_number}")
    return found


def _check_seat(email: str, role: str, actor: int | None) -> None:
    problems = {}
    try:
        validate_email(email.strip())
    except ValidationError as error:
        problems["email"] = " ".join(str(one) for one in error.messages)
    if role not in ROLES or role == READER:
        problems["role"] = content.NOT_IN_LIST
    elif role in OF_AN_INSTITUTION and actor is None:
        problems["actor"] = NEEDS_INSTITUTION
    elif role not in OF_AN_INSTITUTION and actor is not None:
        problems["actor"] = NO_INSTITUTION
    if problems:
        raise InvalidError(problems)


def _note(
    verb: str, subject: str, person: Person | None, seat: Held | None, told: dict[str, Any] | None = None
) -> None:
    audit.note(
        verb,
        subject,
        account=person.account if person else None,
        seat=seat.seat if seat else None,
        told=told,
    )
