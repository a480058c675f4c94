"""Knows a survey by its columns: those of a packaged mapping, under any name that they had, coded as it says."""

from __future__ import annotations

import polars as pl

from sojourn.sources.microdata.codebooks import find_column
from sojourn.sources.microdata.columns import OTHER, meaning_of
from sojourn.sources.microdata.concepts import concepts
from sojourn.sources.microdata.files import Survey
from sojourn.sources.microdata.mapping import Column, Mapping, packaged, packaged_mapping
from sojourn.sources.microdata.proposals import Proposal
from sojourn.sources.microdata.variables import code_of

_GENERIC = {
    "sex",
    "age",
    "weight",
    "year",
    "education",
    "occupation",
    "income",
    "region",
    "destination",
    "id",
}
_LEAST = 3


def family_of(survey: Survey, sample: pl.DataFrame) -> str:
    """Give the packaged mapping whose own columns this file has; empty if fewer than three are there.

    Columns of equal name but other codes speak against it: one is enough. Of two that fit equally, the one
    whose design the file has is the right one.
    """
    best, most = "", (_LEAST - 1, False, False)
    for name in packaged():
        mapping = packaged_mapping(name)
        own = [
            way
            for ways in mapping.concepts.values()
            for way in ways
            if way.column and way.column.casefold() not in _GENERIC
        ]
        there = {way.column: found for way in own if (found := _found(way.column, mapping, survey))}
        score = (len(there), fits_design(mapping, survey), bool(mapping.design.replicates))
        if score > most and _coded_alike(own, there, sample):
            best, most = name, score
    return best


def _found(column: str, mapping: Mapping, survey: Survey) -> str | None:
    return find_column(column, survey.variables.names, mapping.codebook)


def _coded_alike(own: list[Column], there: dict[str, str], sample: pl.DataFrame) -> bool:
    """Tell whether each column has only codes that one of the ways to read it lists."""
    for column, found in there.items():
        ways = [way for way in own if way.column == column]
        if all(way.codes and way.other == "error" and not _fits(way, found, sample) for way in ways):
            return False
    return True


def _fits(way: Column, column: str, sample: pl.DataFrame) -> bool:
    source = code_of(pl.col(column), sample.schema[column])
    return not sample.select((meaning_of(source, way.groups, way.blank, pl.lit(OTHER)) == OTHER).any()).item()


def fits_design(mapping: Mapping, survey: Survey) -> bool:
    """Tell whether a file has the columns of the mapping's design."""
    design = mapping.design
    wanted = [design.weight, *design.replicate_columns, *design.strata, *design.clusters, *design.fpc]
    return all(_found(one, mapping, survey) is not None for one in wanted if one)


def readable(mapping: Mapping, survey: Survey) -> list[str]:
    """List the concepts of a mapping whose columns a file has; several may be read from one column."""
    found: list[str] = []
    for concept, ways in mapping.concepts.items():
        for way in ways:
            there = _read_from(way, mapping, survey)
            if way.derived:
                there = concept if set(pl.sql_expr(way.derived).meta.root_names()) <= set(found) else None
            if there:
                found.append(concept)
                break
    return found


def confirmed(found: list[Proposal], survey: Survey, name: str) -> list[Proposal]:
    """Put what the packaged mapping knows in place of guesses about the same concepts."""
    mapping = packaged_mapping(name)
    sure: list[Proposal] = []
    for concept, ways in mapping.concepts.items():
        read = [(way, column) for way in ways if (column := _read_from(way, mapping, survey))]
        if concept in concepts() and read:
            way, column = read[0]
            reason = f"named and coded as in the packaged mapping {name}"
            kept = way.model_copy(update={"column": column}) if way.column else way
            sure.append(Proposal(concept, column, 0.98, reason, kept, known=True))
    if mapping.design.weight and (weight := _found(mapping.design.weight, mapping, survey)):
        sure.append(
            Proposal("weight", weight, 0.98, f"the weight of {name}", Column(column=weight), known=True)
        )
    columns, known = {one.column for one in sure}, {one.concept for one in sure}
    return sure + [one for one in found if one.concept not in known and one.column not in columns]


def _read_from(way: Column, mapping: Mapping, survey: Survey) -> str | None:
    """Give the column that a way reads, if all that it needs is there; of an expression, its own column."""
    if way.column:
        return _found(way.column, mapping, survey)
    if way.derived:
        return None
    needed = pl.sql_expr(way.expression).meta.root_names()
    there = [_found(one, mapping, survey) for one in needed]
    if not all(there):
        return _found(way.otherwise, mapping, survey) if way.otherwise else None
    # Such as the age beside a question that is for adults only.
    others = {one.column for ways in mapping.concepts.values() for one in ways}
    return next((found for one, found in zip(needed, there, strict=True) if one not in others), there[0])
