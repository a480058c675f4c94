"""Options that several commands share: one name for one thing everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sojourn.errors import UsageError

if TYPE_CHECKING:
    from sojourn.project import Project
    from sojourn.release import SurveyFiles

Json = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]
Csv = Annotated[bool, typer.Option("--csv", help="Print CSV.")]
ReleaseName = Annotated[
    str | None, typer.Option("--release", help="A release's folder or name; by default the newest.")
]


def surveys_of(
    here: Project, files: list[Path], mapping: str, area: str, year: int | None, joined: list[Path]
) -> tuple[SurveyFiles, ...]:
    """Name the surveys of a build: those of the project file, and the one given on the command line.

    Raises:
        UsageError: a survey without its mapping, or a mapping without its survey.
    """
    from sojourn.release import SurveyFiles

    listed = [
        SurveyFiles(
            tuple(here.folder / file for file in one.files),
            str(here.folder / one.mapping) if one.mapping.endswith(".toml") else one.mapping,
            one.area,
            one.year,
            tuple(here.folder / file for file in one.joined),
        )
        for one in here.microdata
    ]
    if bool(files) != bool(mapping):
        raise UsageError(
            "A survey and its mapping are given together",
            accepted="--microdata FILE --mapping MAP",
            advice="'sojourn survey describe FILE --write MAP' writes a mapping to begin with.",
        )
    if files:
        listed.append(SurveyFiles(tuple(files), mapping, area, year, tuple(joined)))
    return tuple(listed)
