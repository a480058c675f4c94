"""Makes a registry in the folder that the environment names, with a person in each seat; prints their sessions as JSON."""

from __future__ import annotations

import json
from importlib import import_module

from sojourn.web.registry import starting

PASSWORD = "a long walk home at dusk"


def main() -> None:
    """Make everything, and print it."""
    starting.start(new=True)
    starting.prepare()
    from sojourn.web.registry.models import Actor
    from sojourn.web.registry.models import accounts as role

    own = Actor.objects.public().get(title="Sweden")
    other = Actor.objects.public().get(title="Bangladesh")
    seats = {
        "focal point": (role.FOCAL_POINT, own),
        "alternate": (role.ALTERNATE, own),
        "validator": (role.VALIDATOR, own),
        "first reviewer": (role.REVIEWER, other),
        "second reviewer": (role.REVIEWER, None),
        "moderator": (role.MODERATOR, None),
        "steward": (role.DATA_STEWARD, None),
        "outsider": (role.FOCAL_POINT, other),
    }
    sessions = {name: _session(_account(name, *seat)) for name, seat in seats.items()}
    by_hand = _account("by hand", role.FOCAL_POINT, own, second_factor=False)
    print(json.dumps({"sessions": sessions, "password": [by_hand.email, PASSWORD]}))


def _account(name, seat_role, actor, *, second_factor=True):
    from allauth.mfa.models import Authenticator

    from sojourn.web.registry.models import Account, Seat

    account = Account.objects.create_user(
        f"{name.replace(' ', '.')}@example.org", PASSWORD, name=name.capitalize()
    )
    Seat.objects.create(account=account, role=seat_role, actor=actor, valid_from="2020-01-01")
    if second_factor:
        Authenticator.objects.create(user=account, type=Authenticator.Type.TOTP, data={})
    return account


def _session(account) -> str:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.create()
    return str(session.session_key)


if __name__ == "__main__":
    main()
