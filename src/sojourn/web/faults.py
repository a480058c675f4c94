"""Errors as an HTTP answer: one status and one shape, for pages and API alike."""

from __future__ import annotations

from typing import Any

from sojourn.errors import NotFoundError, ReleaseError, SojournError, UsageError
from sojourn.web.registry.faults import (
    ConflictError,
    DeniedError,
    KeyNeededError,
    RepeatedError,
    TooLargeError,
    WithdrawnError,
)


class TooManyError(UsageError):
    """More was asked than one minute may hold."""


class MethodError(UsageError):
    """What is asked for is only read, never written."""


class AddressError(UsageError):
    """The address is longer than any that is answered."""


class SlowError(SojournError):
    """More was asked than can be found in the time that an answer may take."""


class ClosedError(SojournError):
    """The registry's database cannot be read."""


STATUS: tuple[tuple[type[SojournError], int], ...] = (
    (TooManyError, 429),
    (MethodError, 405),
    (AddressError, 414),
    (WithdrawnError, 410),
    (NotFoundError, 404),
    (KeyNeededError, 401),
    (DeniedError, 403),
    (ConflictError, 409),
    (RepeatedError, 409),
    (TooLargeError, 413),
    (UsageError, 400),
    (ReleaseError, 503),
    (ClosedError, 503),
    (SlowError, 503),
)


def status_of(error: SojournError) -> int:
    """Give the HTTP status that tells what kind of error it is."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def shape(error: SojournError) -> dict[str, Any]:
    """Give an error as the API tells it; a place in a file of this machine is nobody's business."""
    told = error.as_dict()
    return {
        "status": status_of(error),
        "error": told["error"],
        "what": told["what"],
        "where": error.where if isinstance(error.where, str) else None,
        "accepted": _cut(told["accepted"]),
        "advice": told["advice"],
    }


def _cut(accepted: str | None) -> str | None:
    return accepted if accepted is None or len(accepted) <= 4000 else accepted[:4000] + " …"
