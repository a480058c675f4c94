"""Knows a survey by its columns: those of a packaged mapping, under any name that they had."""

from __future__ import annotations

from sojourn.sources.microdata.codebooks import find_column
from sojourn.sources.microdata.concepts import concepts
from sojourn.sources.microdata.files import Survey
from sojourn.sources.microdata.mapping import Column, Mapping, packaged, packaged_mapping
from sojourn.sources.microdata.proposals import Proposal

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


def of(survey: Survey) -> str:
    """Give the packaged mapping whose own columns this file has; empty if fewer than three are there.

    Of two that fit equally, the one whose design the file has is the right one.
    """
    best, most = "", (2, False, False)
    for name in packaged():
        mapping = packaged_mapping(name)
        own = {way.column for ways in mapping.concepts.values() for way in ways if way.column}
        own = {one for one in own if one.casefold() not in _GENERIC}
        present = survey.variables.names
        matched = sum(find_column(one, present, mapping.codebook) is not None for one in own)
        score = (matched, fits_design(mapping, survey), bool(mapping.design.replicates))
        if score > most:
            best, most = name, score
    return best


def fits_design(mapping: Mapping, survey: Survey) -> bool:
    """Tell whether a file has the columns of the mapping's design."""
    wanted = [mapping.design.weight, *mapping.design.replicate_columns, *mapping.design.strata]
    names = survey.variables.names
    return all(find_column(one, names, mapping.codebook) is not None for one in wanted if one)


def confirmed(found: list[Proposal], survey: Survey, name: str) -> list[Proposal]:
    """Put what the packaged mapping knows in place of guesses about the same concepts."""
    mapping = packaged_mapping(name)
    sure: list[Proposal] = []
    for concept, ways in mapping.concepts.items():
        if concept not in concepts():
            continue
        for way in ways:
            column = find_column(way.column, survey.variables.names, mapping.codebook) if way.column else None
            if column is not None:
                kept = way.model_copy(update={"column": column})
                sure.append(Proposal(concept, column, 0.98, f"named as in the packaged mapping {name}", kept))
                break
    columns = {one.column for one in sure}
    known = {one.concept for one in sure}
    if mapping.design.weight and (weight := find_column(mapping.design.weight, survey.variables.names)):
        known.add("weight")
        sure.append(Proposal("weight", weight, 0.98, f"the weight of {name}", Column(column=weight)))
    return sure + [one for one in found if one.concept not in known and one.column not in columns]
