"""`sojourn survey describe`: what a survey file holds."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl

from sojourn import areas, console
from sojourn.console import table
from sojourn.errors import Place, UsageError
from sojourn.sources.listing import unreadable
from sojourn.sources.microdata.build import default_cache
from sojourn.sources.microdata.concepts import NOT_IN_UNIVERSE, UNKNOWN, concepts
from sojourn.sources.microdata.files import Survey, open_survey
from sojourn.sources.microdata.proposals import Description, Proposal
from sojourn.sources.microdata.recognise import describe
from sojourn.sources.microdata.writing import proposed

SUSPECT = [float(one) for one in (*range(-9, 0), -88, -99, -888, -999, -8888, -9999)]
"""Codes that surveys use for "refused", "does not know" and the like."""


def open_file(file: Path, cache: Path | None, table_name: str | None, encoding: str | None) -> Survey:
    """Open a survey file in the cache that was named, or in the user's."""
    return open_survey(file, cache or default_cache(), table=table_name, encoding=encoding)


def show_description(
    file: Path,
    write: Path | None,
    area: str,
    year: int | None,
    *,
    cache: Path | None,
    table_name: str | None,
    encoding: str | None,
    as_json: bool,
) -> None:
    """Print what the columns of a survey may mean, and write a mapping if asked.

    Raises:
        UsageError: the area is no country, or the file to write is already there.
        SourceError: the survey cannot be read, or the mapping not be written.
    """
    if area and areas.to_area(pl.Series([area]), "alpha3")[0] is None:
        raise UsageError(f"{area!r} is no country", accepted="an ISO 3166-1 alpha-3 code, such as POL")
    if write is not None and write.exists():
        raise UsageError(
            "The mapping is already there, and may hold corrections",
            where=Place(str(write)),
            advice="Name another file, or delete this one.",
        )
    found = describe(open_file(file, cache, table_name, encoding))
    if write is not None:
        _write(write, proposed(found, area=area, year=year))
    if as_json:
        console.print_json(_as_json(found, write))
        return
    survey = found.survey
    known = f", columns of {found.family}" if found.family else ""
    console.out.print(
        f"{survey.name}: {survey.rows:,} rows, {len(survey.variables)} columns{known}", style="bold"
    )
    columns = [("concept", "code"), ("column", "code"), ("sure", "right"), ("codes", "left"), ("why", "wide")]
    rows = [
        (one.concept, one.column, f"{one.confidence:.0%}", _codes(one), _reason(one))
        for one in found.proposals
    ]
    table("What the columns may mean", columns, rows)
    for line in _remarks(found):
        console.out.print(console.plain(line), style="dim")
    advice = (
        f"Written to {write}: correct it, then use it."
        if write
        else "Write a mapping to correct: --write MAP.toml"
    )
    console.out.print(console.plain(advice))


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise unreadable(str(path), error) from error


def _reason(one: Proposal) -> str:
    return one.reason.replace("named and coded as in the packaged mapping", "as in")


def _codes(one: Proposal) -> str:
    groups = {**one.way.codes, UNKNOWN: one.way.unknown, NOT_IN_UNIVERSE: one.way.not_in_universe}
    told = [f"{meaning}: {_short(given)}" for meaning, given in groups.items() if given]
    if one.open_codes:
        told.append(f"?: {_short(one.open_codes)}")
    return "; ".join(told)


def _short(codes: Iterable[object]) -> str:
    listed = [str(one) for one in codes]
    return ", ".join(listed[:5]) + (f" … {len(listed)} codes" if len(listed) > 5 else "")


def _remarks(found: Description) -> list[str]:
    pattern, number = found.replicates
    lines = [f"{number} columns look like replicate weights: {pattern}"] if number else []
    if found.get("weight") is None:
        lines.append("No column looks like a survey weight.")
    if found.get("nativity") is None and found.get("citizenship") is None and not found.get("birthplace"):
        lines.append("No column looks like nativity, citizenship or country of birth.")
    lines += _unlabelled(found)
    lines += [f"{column} {reason}" for column, reason in found.refused]
    lines += [
        f"also possible: {one.concept} in {one.column} ({one.confidence:.0%}, {one.reason})"
        for one in found.others
    ]
    lines += [
        f"{row['file']}: {row['problem']}; {row['accepted']}" for row in found.survey.problems.to_dicts()
    ]
    return lines


def _unlabelled(found: Description) -> list[str]:
    """Point out negative codes such as -8 in columns of amounts, which no label explains."""
    numbers = {
        one.column: one.concept
        for one in found.proposals
        if one.concept in concepts() and concepts()[one.concept].kind == "number"
    }
    kinds = found.survey.frame.collect_schema()
    asked = [name for name in numbers if name in kinds and kinds[name].is_numeric()]
    if not asked:
        return []
    codes = found.survey.frame.select(
        pl.col(name)
        .filter(pl.col(name).cast(pl.Float64).is_in(SUSPECT))
        .cast(pl.Int64)
        .value_counts(sort=True)
        .implode()
        for name in asked
    ).collect(engine="streaming")
    lines = []
    for name in asked:
        variable = found.survey.variables.get(name)
        known = set(variable.codes) | set(variable.missing) if variable else set()
        seen = {one[name]: one["count"] for one in codes[name][0].to_list() if str(one[name]) not in known}
        if seen:
            told = ", ".join(f"{value} in {count:,} rows" for value, count in sorted(seen.items()))
            lines.append(
                f"{numbers[name]} in {name}: {told}, which no label explains; if it is no amount, list it under "
                "unknown or not_in_universe"
            )
    return lines


def _as_json(found: Description, write: Path | None) -> dict[str, Any]:
    def proposal(one: Proposal) -> dict[str, Any]:
        return {
            "concept": one.concept,
            "column": one.column,
            "confidence": one.confidence,
            "reason": one.reason,
            "reading": one.way.model_dump(exclude_defaults=True),
            "codes_not_understood": one.open_codes,
        }

    return {
        "file": found.survey.name,
        "rows": found.survey.rows,
        "family": found.family,
        "proposals": [proposal(one) for one in found.proposals],
        "others": [proposal(one) for one in found.others],
        "replicates": {"columns": found.replicates[0], "number": found.replicates[1]},
        "unlabelled": _unlabelled(found),
        "refused": [{"column": column, "reason": reason} for column, reason in found.refused],
        "variables": found.survey.variables.as_rows(),
        "problems": found.survey.problems.to_dicts(),
        "mapping": str(write) if write else None,
    }
