"""Accounts of persons, their seats in institutions, invitations, and tokens for programs."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from sojourn.web.registry.models.fields import LanguageField, TermField

READER, FOCAL_POINT, ALTERNATE, VALIDATOR = "reader", "focal_point", "alternate", "validator"
SECRETARIAT, DATA_STEWARD, REVIEWER, MODERATOR = "secretariat", "data_steward", "reviewer", "moderator"
TRANSLATOR, AUDITOR, ADMINISTRATOR = "translator", "auditor", "administrator"
ROLES = (
    READER,
    FOCAL_POINT,
    ALTERNATE,
    VALIDATOR,
    SECRETARIAT,
    DATA_STEWARD,
    REVIEWER,
    MODERATOR,
    TRANSLATOR,
    AUDITOR,
    ADMINISTRATOR,
)
"""What a seat may be. The code acts on them, so they are named here; their labels are in the vocabulary."""

OF_AN_INSTITUTION = frozenset({FOCAL_POINT, ALTERNATE, VALIDATOR, SECRETARIAT})
"""Roles that mean nothing without an institution."""


class AccountManager(BaseUserManager):
    """Finds and makes accounts by their mail address."""

    def create_user(self, email: str, password: str | None = None, **more: Any) -> Any:
        """Make an account; without a password nobody can sign in by one."""
        account = self.model(email=self.normalize_email(email).lower(), **more)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> Any:
        """Find an account; the case of a mail address does not matter."""
        return self.get(email__iexact=username)


class Account(AbstractBaseUser):
    """A person who may sign in. Rights come from seats alone; there is no superuser.

    Name and address can be removed (`is_active` off, address replaced); audit events hold the number only.
    """

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150, blank=True)
    language = LanguageField(default="en")
    is_active = models.BooleanField(default=True)
    joined = models.DateTimeField(auto_now_add=True)

    objects = AccountManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        """Give the name under which texts of this person are shown."""
        return self.name


class Seat(models.Model):
    """A role of a person in an institution, for a time; every right rests on one.

    Attributes:
        actor: the institution; None for roles of the registry itself (moderator, auditor …).
        main: the main holder; others stand in.
        valid_from, valid_to: first and last day.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="seats")
    actor = models.ForeignKey("registry.Actor", null=True, on_delete=models.PROTECT, related_name="seats")
    role = TermField("seat_role", max_length=20)
    main = models.BooleanField(default=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        ordering = ("valid_from", "id")
        indexes = (models.Index(fields=("account", "valid_from"), name="seats_of_an_account"),)

    def __str__(self) -> str:
        return f"{self.role} of {self.actor.public_id}" if self.actor_id else str(self.role)

    def holds(self, today: date) -> bool:
        """Tell whether the seat is held on a day."""
        return self.valid_from <= today and (self.valid_to is None or today <= self.valid_to)


class Invitation(models.Model):
    """An invitation to take a seat. Only a hash of its token is kept: who reads the table cannot use it."""

    email = models.EmailField()
    name = models.CharField(max_length=150, blank=True)
    language = LanguageField(default="en")
    actor = models.ForeignKey("registry.Actor", null=True, on_delete=models.PROTECT, related_name="+")
    role = TermField("seat_role", max_length=20)
    main = models.BooleanField(default=True)
    valid_to = models.DateField(null=True)
    token_hash = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(Seat, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    expires = models.DateTimeField()
    accepted = models.DateTimeField(null=True)
    account = models.ForeignKey(Account, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-at",)


class Token(models.Model):
    """A key for a program that acts for a seat: only a hash is kept, and only the named scopes are allowed."""

    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="tokens")
    name = models.CharField(max_length=100)
    token_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created = models.DateTimeField()
    expires = models.DateTimeField()
    revoked = models.DateTimeField(null=True)
    last_used = models.DateField(null=True)

    class Meta:
        ordering = ("-created",)

    def __str__(self) -> str:
        return self.name
