"""Forms that are taken once: a token in each, signed for one account and one purpose, and used up by what it does."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from secrets import token_urlsafe

from django.core import signing
from django.db import connection, transaction
from django.utils import timezone

from sojourn.web.languages import N_
from sojourn.web.registry.faults import DeniedError, RepeatedError
from sojourn.web.registry.models import SentForm
from sojourn.web.registry.services.persons import Person
from sojourn.web.said import say

OPEN_FOR = timedelta(days=7)
"""How long a form may stand open before it is sent."""

TOO_OLD = N_("This form stood open too long, or was made for somebody else. Reload it and send it again.")

_SALT = "sojourn.registry.form"


def token(person: Person, purpose: str) -> str:
    """Make the token of a form.

    Args:
        person: for whom the form is.
        purpose: what it does to what, such as `submit:C-2015-0001`.
    """
    return signing.dumps([person.account, purpose, token_urlsafe(12)], salt=_SALT)


def use(person: Person, purpose: str, given: str) -> SentForm:
    """Use a token up, in the transaction of what the form does.

    Args:
        person: who sent it.
        purpose: what it is sent for.
        given: the token that came with it.

    Returns:
        Its row, for the subject to be noted.

    Raises:
        DeniedError: it was not made for this person and purpose, or too long ago.
        RepeatedError: it was used before.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A form is taken in the transaction of what it does")
    try:
        made_for = signing.loads(given, salt=_SALT, max_age=OPEN_FOR)
    except signing.BadSignature as error:
        raise DeniedError(say(TOO_OLD)) from error
    if made_for[:2] != [person.account, purpose]:
        raise DeniedError(say(TOO_OLD))
    now = timezone.now()
    SentForm.objects.filter(at__lt=now - 2 * OPEN_FOR).delete()
    taken, new = SentForm.objects.get_or_create(
        token_hash=hashlib.sha256(given.encode()).hexdigest(),
        defaults={"account_id": person.account, "at": now},
    )
    if not new:
        raise RepeatedError(taken.subject)
    return taken
