"""The manifest of a release: what went in, what came out, by which code and which choices."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

FORMAT: Literal[1] = 1
"""Version of the layout of a release folder."""


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
