"""Who asks the API: everybody, or the program of a personal key, sent as `Authorization: Bearer …`."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja.security import HttpBearer

from sojourn.web.registry.faults import DeniedError
from sojourn.web.registry.services import accounts
from sojourn.web.registry.services.permissions import NO_SCOPE
from sojourn.web.registry.services.persons import ANONYMOUS, READ, WRITE, Person, person_of_token
from sojourn.web.said import say


class Key(HttpBearer):
    """A personal key; its secret was shown once, when it was made in somebody's account.

    Args:
        needed: False: whoever sends none reads what everybody reads. A key that opens nothing is refused all the same.
    """

    def __init__(self, *, needed: bool = True) -> None:
        super().__init__()
        self._needed = needed

    def __call__(self, request: HttpRequest) -> Any:
        """Give who asks; None: the key opens nothing."""
        if not self._needed and not request.headers.get(self.header):
            return ANONYMOUS
        return super().__call__(request)

    def authenticate(self, request: HttpRequest, token: str) -> Person | None:
        """Give the program of a key; None: there is no such key, or its seat is not held any more."""
        found = accounts.key_of(token)
        person = person_of_token(found) if found is not None else ANONYMOUS
        return person if person.account is not None else None


READS = Key(needed=False)
WRITES = Key()
OPTIONAL: dict[str, Any] = {"security": [{}]}
"""Added to the description of what may be read without a key."""


def reader(request: Any) -> Person:
    """Give who reads: a key that is not meant for reading reads what everybody does."""
    person: Person = request.auth
    return person if person.scopes is not None and READ in person.scopes else ANONYMOUS


def insider(request: Any) -> Person:
    """Give who reads what is not public.

    Raises:
        DeniedError: the key is not meant for reading.
    """
    return _meant_for(request.auth, READ)


def beginner(request: Any) -> Person:
    """Give who begins a record.

    Raises:
        DeniedError: the key is not meant for writing.
    """
    return _meant_for(request.auth, WRITE)


def writer(request: Any) -> Person:
    """Give who changes a text, for which it must be read too.

    Raises:
        DeniedError: the key is not meant for both.
    """
    return _meant_for(request.auth, READ, WRITE)


def _meant_for(person: Person, *scopes: str) -> Person:
    if person.scopes is None or not person.scopes.issuperset(scopes):
        raise DeniedError(say(NO_SCOPE), accepted=", ".join(scopes))
    return person
