"""The release that a command is about."""

from __future__ import annotations

from sojourn import project
from sojourn.release import Release, open_release


def current(name: str | None) -> Release:
    """Open the release a person named, or the newest of the current project."""
    return open_release(name, root=project.load().releases)
