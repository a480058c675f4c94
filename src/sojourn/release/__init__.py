"""Releases: build, freeze, open, verify, compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sojourn.release.request import Built, Options, SurveyFiles, build
from sojourn.release.verify import Verdict, verify

if TYPE_CHECKING:
    from sojourn.release.gate import Release, open_release

__all__ = ["Built", "Options", "Release", "SurveyFiles", "Verdict", "build", "open_release", "verify"]


def __getattr__(name: str) -> object:
    """Load the reader on first use: a build with nothing to do reads no observation."""
    if name in ("Release", "open_release"):
        from sojourn.release import gate

        return getattr(gate, name)
    raise AttributeError(f"module 'sojourn.release' has no attribute {name!r}")
