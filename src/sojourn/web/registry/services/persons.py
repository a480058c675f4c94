"""Who asks: a person with the seats held on a day, or a program that acts for one of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from sojourn.web.registry.models import Seat

READ, WRITE = "read", "write"
SCOPES = (READ, WRITE)
"""What a program may be allowed. Deciding – endorsing, reviewing, publishing – is for people."""


@dataclass(frozen=True, slots=True)
class Held:
    """A seat as it counts for rights: its number, role, and institution (None: the registry itself)."""

    seat: int
    role: str
    actor: int | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who asks.

    Attributes:
        account: number of the account; None: nobody signed in.
        seats: seats held today.
        second_factor: whether the account is guarded by one, which deciding needs.
        scopes: of a program; None: a person signed in.
        key: number of the program's key.
    """

    account: int | None = None
    seats: tuple[Held, ...] = ()
    second_factor: bool = False
    scopes: frozenset[str] | None = None
    today: date = field(default_factory=lambda: timezone.now().date())
    key: int | None = None


ANONYMOUS = Person()


def person_of(account: Any, today: date | None = None) -> Person:
    """Give the person behind an account, with the seats that are held on a day.

    Args:
        account: an `Account`, or whoever a request says is there.
        today: the day; None: today in UTC.
    """
    day = today or timezone.now().date()
    if not getattr(account, "is_authenticated", False) or not account.is_active:
        return Person(today=day)
    seats = tuple(_held(one) for one in Seat.objects.filter(account=account) if one.holds(day))
    return Person(account.pk, seats, has_second_factor(account), None, day)


def person_of_token(token: Any, today: date | None = None) -> Person:
    """Give the program that a token lets in: its one seat, its scopes, and never a second factor."""
    day = today or timezone.now().date()
    seat = token.seat
    if not seat.account.is_active or not seat.holds(day):
        return Person(today=day)
    return Person(seat.account_id, (_held(seat),), False, frozenset(token.scopes), day, token.pk)


def has_second_factor(account: Any) -> bool:
    """Tell whether an account is guarded by a second factor."""
    from allauth.mfa.models import Authenticator

    return Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).exists()


def _held(seat: Seat) -> Held:
    return Held(seat.pk, seat.role, seat.actor_id)
