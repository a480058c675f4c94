"""What can go wrong in the registry, beside what can go wrong everywhere.

UsageError
├── NotFoundError
│   └── WithdrawnError  it was public, and was withdrawn; only that and why is told
├── KeyNeededError  no key was sent where one is needed, or one that opens nothing
├── DeniedError     somebody may see a thing and may not do this to it (what they may not see is not found)
├── ConflictError   somebody else saved in between; carries both texts
├── RepeatedError   the same form was taken before
├── TooLargeError   more was sent than any file may have
└── InvalidError    what was given does not fit; names every field
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sojourn.errors import NotFoundError, UsageError
from sojourn.web.said import say


class WithdrawnError(NotFoundError):
    """The record was public and was withdrawn: its id and the reason stay, its text is no longer shown."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            say("This record was withdrawn"),
            advice=say("Reason: {reason}", reason=reason) if reason else None,
        )


class KeyNeededError(UsageError):
    """No key was sent where one is needed, or one that opens nothing."""

    def __init__(self) -> None:
        super().__init__(
            "No key was sent, or one that is not known, has expired, was revoked, or whose seat has ended",
            where="Authorization",
            accepted="Bearer, a space, and the secret of a key that you made in your account",
        )


class DeniedError(UsageError):
    """This person may not do this to this record in this state."""


class ConflictError(UsageError):
    """The text has changed since it was read. Nothing was written.

    Attributes:
        mine: what was to be written.
        theirs: what stands there now.
        edit: count of saves of what stands there, to be named when it is written again.
    """

    def __init__(self, mine: Mapping[str, Any], theirs: Mapping[str, Any], edit: int) -> None:
        super().__init__(
            say("Somebody else has saved this text since you opened it"),
            advice=say("Compare both texts, and save what should stand."),
        )
        self.mine, self.theirs, self.edit = dict(mine), dict(theirs), edit


class TooLargeError(UsageError):
    """More was sent than any file may have; none of it was read."""


class RepeatedError(UsageError):
    """The same form was sent before, and what it asked was done then.

    Attributes:
        subject: public id of the record that it wrote to; empty where that is not known.
    """

    def __init__(self, subject: str) -> None:
        super().__init__(
            say("This form was sent before, and was taken then"),
            advice=say("Open the record to see what it says now."),
        )
        self.subject = subject


class InvalidError(UsageError):
    """What was given does not fit.

    Attributes:
        problems: field -> what is wrong with it.
    """

    def __init__(self, problems: Mapping[str, str]) -> None:
        told = "; ".join(f"{field}: {problem}" for field, problem in problems.items())
        super().__init__(
            say("Some fields cannot be saved as they are"), where=", ".join(problems), accepted=told
        )
        self.problems = dict(problems)
