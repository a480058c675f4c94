"""The error that a refused file gives, and the limits of size."""

from __future__ import annotations

from sojourn.errors import UsageError

LARGEST = 25 * 1024 * 1024
"""Bytes of one file; the Global Compact's pledges take as much."""


class RefusedFileError(UsageError):
    """A file is not let in; `what` says why."""


def refuse(why: str, accepted: str | None = None) -> RefusedFileError:
    """Make the error for a reason."""
    return RefusedFileError(why, where="file", accepted=accepted)
