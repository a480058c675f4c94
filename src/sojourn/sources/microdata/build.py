"""A survey as a build uses it: in standard columns, under the label that its numbers will carry.

The rows of persons stay where they are. A release gets estimates of them, and the hash of every file.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from sojourn.sources.microdata.concepts import YEAR
from sojourn.sources.microdata.files import open_survey
from sojourn.sources.microdata.mapping import Mapping, packaged, packaged_mapping, read_mapping
from sojourn.sources.microdata.standard import Standard, standard

SURVEY_PERSONS = "survey_persons"
"""The kind that indicators ask for when they can be computed from a survey's persons."""


@dataclass(frozen=True, slots=True)
class Microdata:
    """One survey of a build.

    Attributes:
        label: source of its numbers, `name@edition`; the edition of a simulated survey says so.
        area: the country, ISO 3166-1 alpha-3.
        standard: the table in the field's words, its design, and what was found wrong with it.
        rows: persons in the file.
    """

    label: str
    area: str
    standard: Standard
    rows: int


def microdata(
    files: Sequence[Path],
    mapping: str,
    *,
    area: str = "",
    year: int | None = None,
    joined: Sequence[Path] = (),
    cache: Path | None = None,
) -> Microdata:
    """Open a survey and give it standard columns.

    Args:
        files: one file, or several of one layout.
        mapping: a packaged mapping's name, or the path of a mapping file.
        area: the country, where the mapping names none.
        year: the year, where neither the mapping nor a column says it.
        joined: files whose columns the mapping joins to persons, such as households.
        cache: where converted files are kept; by default the user's cache.

    Returns:
        The survey, lazily, with its label.

    Raises:
        SourceError, LayoutError, UsageError: as `open_survey`, `read_mapping` and `standard`.
    """
    place = cache or default_cache()
    name, chosen = find_mapping(mapping)
    survey = open_survey(files, place)
    beside = open_survey(joined, place) if joined else None
    table = standard(survey, chosen, area=area, year=year, joined=beside)
    years = table.frame.select(first=pl.col(YEAR).min(), last=pl.col(YEAR).max()).collect().row(0)
    edition = "-".join(str(one) for one in dict.fromkeys(years))
    simulated = "simulated-" if chosen.simulated else ""
    return Microdata(f"{name}@{simulated}{edition}", area or chosen.area, table, survey.rows)


def find_mapping(mapping: str) -> tuple[str, Mapping]:
    """Find a mapping by the name of a packaged one or by its path; its name makes part of a source's label.

    >>> find_mapping("acs_pums")[0]
    'acs_pums'
    """
    if mapping in packaged():
        return mapping, packaged_mapping(mapping)
    return re.sub(r"[^a-z0-9]+", "_", Path(mapping).stem.lower()).strip("_"), read_mapping(Path(mapping))


def default_cache() -> Path:
    """Give the folder where converted survey files are kept: the user's own, not the project's."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "sojourn" / "microdata"
