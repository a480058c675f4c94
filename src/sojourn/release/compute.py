"""Computes the indicators whose tables are there, and says what became of the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from pydantic import ValidationError

from sojourn import discovery, observations
from sojourn.errors import UsageError
from sojourn.indicators.model import Indicator, Parameters, Series, Tables
from sojourn.release.contract import check_declared
from sojourn.release.manifest import BuiltIndicator
from sojourn.release.request import Report, silent
from sojourn.sources.microdata.build import SURVEY_PERSONS
from sojourn.sources.model import Source

A_SURVEY = "a survey or census file (sojourn build --microdata FILE --mapping MAP)"
"""What fills an indicator that is computed from rows of persons."""


def parameters_of(given: Mapping[str, Mapping[str, Any]]) -> dict[str, Parameters]:
    """Check the parameters a person gave, and fill the others with their official defaults.

    Raises:
        UsageError: an unknown section or name, or a value that is not accepted.
    """
    kinds = {
        one.parameters.section: one.parameters for one in discovery.indicators() if one.parameters.section
    }
    if unknown := sorted(set(given) - set(kinds)):
        raise UsageError(
            f"No parameters are called {', '.join(map(repr, unknown))}", accepted=", ".join(sorted(kinds))
        )
    chosen = {}
    for section, kind in sorted(kinds.items()):
        try:
            chosen[section] = kind(**given.get(section, {}))
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"])
            raise UsageError(
                f"Parameter {section}.{name}: {first['msg']}",
                accepted=f"{section}: {', '.join(kind.model_fields)}",
                advice="Correct [parameters] in the project file or the option --set.",
            ) from error
    return chosen


def compute(
    tables: Tables, chosen: Mapping[str, Parameters], report: Report = silent
) -> tuple[pl.DataFrame, tuple[BuiltIndicator, ...]]:
    """Compute every indicator whose tables are there.

    Returns:
        All observations, checked and sorted, and what became of each indicator.

    Raises:
        ContractError: an indicator broke the observation contract.
    """
    frames, built = [], []
    every = discovery.indicators()
    for done, indicator in enumerate(every):
        report(f"{indicator.code} {indicator.name}", done, len(every))
        parts = _compute_one(indicator, tables, chosen)
        frames += parts
        built.append(_outcome(indicator, tables, sum(part.height for part in parts)))
    report("checking", len(every), len(every))
    return observations.validate(pl.concat([observations.EMPTY, *frames])), tuple(built)


def _compute_one(
    indicator: Indicator, tables: Tables, chosen: Mapping[str, Parameters]
) -> list[pl.DataFrame]:
    if _unmet(indicator, tables):
        return []
    parameters = chosen.get(indicator.parameters.section) or indicator.parameters()
    parts = [observations.complete(part) for part in indicator.compute(tables, parameters)]
    declared = {series.code: series for series in indicator.series}
    for part in parts:
        check_declared(part, declared)
    return parts


def _unmet(indicator: Indicator, tables: Tables) -> list[tuple[str, ...]]:
    """List the needs of which no alternative is there."""
    return [need for need in indicator.needs if not any(kind in tables for kind in need)]


def _outcome(indicator: Indicator, tables: Tables, count: int) -> BuiltIndicator:
    unmet = _unmet(indicator, tables)
    without = tuple(file for kind in indicator.uses if kind not in tables for file in files_of_kind(kind))
    absent = tuple(
        file
        for kind in (*(kind for need in indicator.needs for kind in need), *indicator.uses)
        if kind not in tables
        for file in files_of_kind(kind)
    )
    why = ""
    if not count:
        why = "no file holds what it needs" if unmet else "the files hold no figure for it"
    return BuiltIndicator(
        indicator=indicator.code,
        name=indicator.name,
        series=tuple(series.code for series in indicator.series),
        observations=count,
        not_built=why,
        # Where a table is there without the figures, what would have brought them is what is missing.
        missing=tuple(" or ".join(file for kind in need for file in files_of_kind(kind)) for need in unmet)
        or (() if count else tuple(dict.fromkeys(absent))),
        without=without,
    )


def files_of_kind(kind: str) -> list[str]:
    """Name the official sources that give a kind of table."""
    if kind == SURVEY_PERSONS:
        return [A_SURVEY]
    return [named(source) for source in discovery.sources() if source.table == kind]


def named(source: Source) -> str:
    """Write a source's title with the name by which it is fetched."""
    return f"{source.title} ({source.name})"


def supply(indicator: Indicator, series: Series) -> tuple[str, ...]:
    """Name what could fill a series: what it names itself, else the sources that fit it."""
    fitting = tuple(named(source) for source in sources_for(indicator, series))
    survey = (A_SURVEY,) if any(SURVEY_PERSONS in need for need in indicator.needs) else ()
    return series.supply or fitting + survey or ("no source known to this program",)


def sources_for(indicator: Indicator, series: Series) -> list[Source]:
    """Give the official sources that could fill a series: those of its indicator's kinds of tables.

    A source that lists the series it publishes fills these, and what is computed from them.
    """
    kinds = {kind for need in indicator.needs for kind in need}
    sources = [one for one in discovery.sources() if one.table in kinds]
    listed = any(series.code in one.series for one in sources)
    wanted = {series.code} if listed else {one.code for one in indicator.series}
    return [one for one in sources if not one.series or wanted & set(one.series)]
