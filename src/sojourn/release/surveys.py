"""Takes survey and census files into a build: opened and mapped, listed with their hashes and problems."""

from __future__ import annotations

from sojourn.errors import UsageError
from sojourn.release.gather import Gathered, Input
from sojourn.release.request import Report, SurveyFiles, silent
from sojourn.sources import problems
from sojourn.sources.microdata.build import Microdata, microdata


def gather_surveys(gathered: Gathered, surveys: tuple[SurveyFiles, ...], report: Report = silent) -> None:
    """Open each survey and add it to what a build has gathered.

    Args:
        gathered: what the official files gave; surveys, inputs and problems are added to it.
        surveys: the files and their mappings.
        report: called with (file, done, total) as work goes on.

    Raises:
        SourceError, LayoutError: a file or mapping cannot be used.
        UsageError: two surveys would carry the same label.
    """
    for done, one in enumerate(surveys):
        report(f"survey {one.files[0].name}", done, len(surveys))
        survey = microdata(one.files, one.mapping, area=one.area, year=one.year, joined=one.joined)
        if any(survey.label == other.label for other in gathered.surveys):
            raise UsageError(
                f"Two surveys would both be called {survey.label}",
                advice="Give the files of one survey together, or copy the mapping under another name.",
            )
        gathered.surveys.append(survey)
        gathered.problems.append(survey.standard.problems)
        gathered.inputs += _inputs(one, survey)


def _inputs(files: SurveyFiles, survey: Microdata) -> list[Input]:
    """List the survey's files; rows and problems are told of the first."""
    found = survey.standard.problems
    first, *others = files.inputs()
    return [
        Input(
            file=first.name,
            sha256=first.sha256,
            size=first.size,
            source=survey.label,
            layout=f"microdata, mapping {files.mapping.rpartition('/')[2]}",
            rows=survey.rows,
            rejected_rows=problems.rejected_rows(found),
            notes=survey.standard.notes,
        ),
        *(Input(one.name, one.sha256, one.size, source=survey.label, layout="microdata") for one in others),
    ]
