"""Releases: build, freeze, open, verify, compare."""

from sojourn.release.build import Built, Options, build
from sojourn.release.gate import Release, open_release
from sojourn.release.verify import Verdict, verify

__all__ = ["Built", "Options", "Release", "Verdict", "build", "open_release", "verify"]
