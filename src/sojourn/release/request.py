"""What a person asks of a build, and the answer where nothing changed since it was asked before.

A build imports every source and indicator, and libraries of statistics: seconds, before a file is read. So the
question comes first, with next to no import: same files (every byte is hashed, every time), same choices, same
code, same libraries, same newest release, sound? Then there is nothing to do. The last question answered is
noted in `.asked` beside the releases; without the note, or with another question, the build itself looks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sojourn.release import folder
from sojourn.release.identity import code_version, key_of, library_versions
from sojourn.release.verify import verify
from sojourn.sources.listing import InputFile, describe, input_files

NOTE = ".asked"
"""File beside the releases: the key of the last question, and the release that answers it."""

Report = Callable[[str, int, int], None]


def silent(_stage: str, _done: int, _total: int) -> None:
    """Report nothing: the progress of a build that nobody watches."""


@dataclass(frozen=True, slots=True)
class SurveyFiles:
    """A survey or census file that a build takes besides the official sources.

    Attributes:
        files: persons; several files of one layout are one survey.
        mapping: a packaged mapping's name, or the path of a mapping file.
        area: ISO 3166-1 alpha-3 code, where the mapping names none.
        year: the year, where neither the mapping nor a column says it.
        joined: files whose columns the mapping joins to persons, such as households.
    """

    files: tuple[Path, ...]
    mapping: str
    area: str = ""
    year: int | None = None
    joined: tuple[Path, ...] = ()

    def inputs(self) -> list[InputFile]:
        """List and hash every file it is made of, the mapping too unless it comes with this program."""
        mapping = Path(self.mapping)
        own = (mapping,) if mapping.suffix == ".toml" else ()
        return [describe(path) for path in (*self.files, *self.joined, *own)]


@dataclass(frozen=True, slots=True)
class Options:
    """What a person may decide about a build.

    Attributes:
        packaged: also use figures that other installed packages ship.
        skip_damaged: leave damaged files out instead of stopping.
        as_of: day on which "latest" is judged; by default the last day of the newest period observed.
        not_before: moment before which no reader may open the release.
        parameters: section -> name -> value, as in the project file.
        surveys: survey and census files besides the official sources.
    """

    packaged: bool = False
    skip_damaged: bool = False
    as_of: date | None = None
    not_before: datetime | None = None
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    surveys: tuple[SurveyFiles, ...] = ()


@dataclass(frozen=True, slots=True)
class Built:
    """The outcome of a build; `unchanged` if the newest release already was this one."""

    path: Path
    unchanged: bool


def build(data: Path | None, out: Path, options: Options | None = None, *, report: Report = silent) -> Built:
    """Build a release from a folder of official files.

    Args:
        data: the folder, searched with its subfolders; None to use packaged figures alone.
        out: the folder of releases.
        options: see `Options`.
        report: called with (stage, done, total) as work goes on.

    Returns:
        Where the release lies, and whether there was anything to do.

    Raises:
        SourceError: a file is damaged or its layout changed.
        UsageError: a parameter does not exist or has a wrong value.
        BusyError, ReleaseError: the folder is in use, or cannot be written.
    """
    options = options or Options()
    files = list_inputs(data, besides=out)
    asked = key_of(dependencies(files, options) | {"parameters": options.parameters})
    with folder.locked(out):
        before = folder.releases(out)
        previous = before[-1] if before else None
        if previous is not None and _noted(out) == (asked, previous.name) and verify(previous).sound:
            return Built(previous, unchanged=True)
        # Only now, because this imports everything.
        from sojourn.release.making import make

        built = make(files, out, options, previous, report)
        with folder.writing(out):
            (out / NOTE).write_text(f"{asked} {built.path.name}\n", encoding="utf-8", newline="\n")
        return built


def list_inputs(data: Path | None, besides: Path) -> list[InputFile]:
    """List the files of the data folder, but not releases that lie inside it; none where there is no folder."""
    found = input_files(data) if data else []
    return [file for file in found if besides.resolve() not in file.path.resolve().parents]


def dependencies(files: list[InputFile], options: Options) -> dict[str, Any]:
    """List what a release depends on, but for its parameters: files, choices, code, libraries.

    The code brings every default and the figures that this package cites; the libraries bring, where wanted,
    the packages that ship figures.
    """
    return {
        "files": [(file.name, file.sha256) for file in files],
        "packaged": options.packaged,
        "skip_damaged": options.skip_damaged,
        "as_of": options.as_of,
        "not_before": options.not_before,
        "code": code_version(),
        "libraries": library_versions(options.packaged, surveys=bool(options.surveys)),
    } | _surveys(options)


def _surveys(options: Options) -> dict[str, Any]:
    """List what the surveys of a build depend on; nothing where there are none."""
    return {
        f"survey {number}": [one.mapping if not one.mapping.endswith(".toml") else "", one.area, one.year]
        + [(file.name, file.sha256) for file in one.inputs()]
        for number, one in enumerate(options.surveys, 1)
    }


def _noted(out: Path) -> tuple[str, ...]:
    """Read the note of the last question; one that cannot be read answers nothing."""
    try:
        return tuple((out / NOTE).read_text(encoding="utf-8").split())
    except (OSError, ValueError):
        return ()
