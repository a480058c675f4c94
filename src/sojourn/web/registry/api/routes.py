"""The registry's part of the API, joined to it where there is a registry."""

from __future__ import annotations

from ninja import NinjaAPI
from ninja.errors import AuthenticationError

from sojourn.web.registry.api import drafts, kinds
from sojourn.web.registry.api.answers import tell_conflict, tell_invalid, tell_unknown
from sojourn.web.registry.faults import ConflictError, InvalidError

_ROOM = "/registry"


def join(api: NinjaAPI) -> None:
    """Add the registry's operations to the API, and how its own errors are told."""
    for router in (kinds.router, drafts.router):
        api.add_router(_ROOM, router)
    api.add_exception_handler(ConflictError, tell_conflict)
    api.add_exception_handler(InvalidError, tell_invalid)
    api.add_exception_handler(AuthenticationError, tell_unknown)
