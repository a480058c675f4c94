"""The current project: where its files and releases lie, and the choices written in `sojourn.toml`.

    [project]
    data = "data"
    releases = "releases"
    registry = "registry"

    [build]
    packaged = false
    as_of = 2014-06-30
    not_before = 2026-12-01T09:30:00Z

    [parameters.prices]
    world_excludes_senders = ["RUS"]

    [[microdata]]
    files = ["lfs_2024.sav"]
    mapping = "lfs.toml"
    area = "POL"

A folder without the file is a project too, with these defaults.
"""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from sojourn.errors import Place, UsageError

FILE = "sojourn.toml"


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Folders(_Section):
    data: Path = Path("data")
    releases: Path = Path("releases")
    registry: Path = Path("registry")


class _Build(_Section):
    packaged: bool = False
    as_of: date | None = None
    not_before: datetime | None = None

    @field_validator("not_before")
    @classmethod
    def _in_utc(cls, moment: datetime | None) -> datetime | None:
        """A moment without a time zone is meant in UTC, here as on the command line."""
        return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


class _Microdata(_Section):
    files: tuple[Path, ...]
    mapping: str
    area: str = ""
    year: int | None = None
    joined: tuple[Path, ...] = ()


class Project(_Section):
    """Settings of a project; `folder` is where the file lies."""

    folder: Path = Path()
    project: _Folders = Field(default_factory=_Folders)
    build: _Build = Field(default_factory=_Build)
    parameters: dict[str, dict[str, Any]] = Field(default_factory=dict)
    microdata: tuple[_Microdata, ...] = ()

    @property
    def data(self) -> Path:
        """Folder of official files."""
        return self.folder / self.project.data

    @property
    def releases(self) -> Path:
        """Folder of releases."""
        return self.folder / self.project.releases

    @property
    def registry(self) -> Path:
        """Folder of the registry: its database, key, mails and attachments."""
        return self.folder / self.project.registry


def load(start: Path | None = None) -> Project:
    """Find the project of a folder: the nearest `sojourn.toml`, upwards from it.

    Raises:
        UsageError: the file is not TOML, or has a setting that does not exist.
    """
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / FILE).is_file():
            return _read(folder)
    return Project(folder=start)


def _read(folder: Path) -> Project:
    path = folder / FILE
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        return Project(folder=folder, **content)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError("The project file is not valid TOML", where=Place(path, value=str(error))) from error
    except (ValidationError, TypeError) as error:
        raise UsageError(
            f"The project file has a setting that is not known ({_first(error)})",
            where=Place(path),
            accepted="[project] data, releases, registry; [build] packaged, as_of, not_before; [parameters.…]; "
            "[[microdata]] files, mapping, area, year, joined",
        ) from error


def _first(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors()[0]
    return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"


def moment(text: str) -> datetime:
    """Read a moment in ISO 8601; without a time zone it is meant in UTC.

    Raises:
        UsageError: it is no moment.

    >>> moment("2026-12-01T09:30").isoformat()
    '2026-12-01T09:30:00+00:00'
    """
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is no moment in time", accepted="2026-12-01T09:30Z") from error
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def day(text: str) -> date:
    """Read a day in ISO 8601.

    Raises:
        UsageError: it is no day.

    >>> day("2014-06-30")
    datetime.date(2014, 6, 30)
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is no day", accepted="2014-06-30") from error


def assignments(texts: list[str]) -> dict[str, dict[str, Any]]:
    """Read `section.name=value` as given on the command line; values are written as in TOML.

    Raises:
        UsageError: it is no assignment, or the value is not TOML.

    >>> assignments(["prices.transparent_only=false", 'prices.world_excludes_senders=[]'])
    {'prices': {'transparent_only': False, 'world_excludes_senders': []}}
    """
    found: dict[str, dict[str, Any]] = {}
    for text in texts:
        name, separator, value = text.partition("=")
        section, dot, key = name.strip().partition(".")
        if not (separator and dot and key):
            raise UsageError(
                f"{text!r} is no assignment", accepted="section.name=value, such as prices.level=0.9"
            )
        try:
            found.setdefault(section, {})[key] = tomllib.loads(f"value = {value}")["value"]
        except tomllib.TOMLDecodeError as error:
            raise UsageError(
                f"The value of {name} cannot be read", accepted='TOML: true, 0.9, "text", ["RUS"]'
            ) from error
    return found
