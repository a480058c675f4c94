"""`sojourn survey describe|inventory`: what a survey file holds, and what it could be used for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl
from rich.text import Text

from sojourn import areas, console
from sojourn.console import table
from sojourn.errors import Place, UsageError
from sojourn.sources.listing import unreadable
from sojourn.sources.microdata.build import default_cache
from sojourn.sources.microdata.concepts import NOT_IN_UNIVERSE, UNKNOWN
from sojourn.sources.microdata.files import Survey, open_survey
from sojourn.sources.microdata.inventory import IMPOSSIBLE, LESS, POSSIBLE, Use, of_description, of_mapping
from sojourn.sources.microdata.mapping import packaged, packaged_mapping, read_mapping
from sojourn.sources.microdata.proposals import Description, Proposal
from sojourn.sources.microdata.recognise import describe
from sojourn.sources.microdata.writing import proposed

_STYLE = {POSSIBLE: "green", LESS: "yellow", IMPOSSIBLE: "red"}
_SIGN = {POSSIBLE: "yes", LESS: "with less", IMPOSSIBLE: "no"}


def _open(file: Path, cache: Path | None, table_name: str | None, encoding: str | None) -> Survey:
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
    found = describe(_open(file, cache, table_name, encoding))
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
    columns = [("concept", "code"), ("column", "code"), ("sure", "right"), ("codes", "left"), ("why", "left")]
    rows = [
        (one.concept, one.column, f"{one.confidence:.0%}", _codes(one), one.reason) for one in found.proposals
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
    lines += [f"{column} {reason}" for column, reason in found.refused]
    lines += [
        f"also possible: {one.concept} in {one.column} ({one.confidence:.0%}, {one.reason})"
        for one in found.others
    ]
    lines += [
        f"{row['file']}: {row['problem']}; {row['accepted']}" for row in found.survey.problems.to_dicts()
    ]
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
        "refused": [{"column": column, "reason": reason} for column, reason in found.refused],
        "variables": found.survey.variables.as_rows(),
        "problems": found.survey.problems.to_dicts(),
        "mapping": str(write) if write else None,
    }


def show_inventory(
    file: Path,
    *,
    cache: Path | None,
    table_name: str | None,
    encoding: str | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Print what could be computed from a survey file or with a mapping, and what is missing."""
    if not file.exists() and str(file) in packaged():
        uses = of_mapping(packaged_mapping(str(file)))
    elif file.suffix.lower() == ".toml":
        uses = of_mapping(read_mapping(file))
    else:
        uses = of_description(describe(_open(file, cache, table_name, encoding)))
    if as_json:
        console.print_json([asdict(one) for one in uses])
        return
    if as_csv:
        rows = [
            asdict(one) | {"why": "; ".join(one.why), "question": "; ".join(one.question)} for one in uses
        ]
        console.print_frame(pl.DataFrame(rows), as_json=False, as_csv=True)
        return
    _draw(file, uses)


def _draw(file: Path, uses: tuple[Use, ...]) -> None:
    breakdowns = list(dict.fromkeys(one.breakdown for one in uses))
    by = {(one.indicator, one.breakdown): one for one in uses}
    rows = [
        (
            code,
            label,
            *(Text(_SIGN[(use := by[code, name]).status], style=_STYLE[use.status]) for name in breakdowns),
        )
        for code, label in dict.fromkeys((one.indicator, one.label) for one in uses)
    ]
    heads = [("indicator", "code"), ("what", "wide"), *((name, "left") for name in breakdowns)]
    table(f"What {file.name} could be used for", heads, rows)
    everywhere = (
        set.intersection(*(set(one.why) for one in uses if one.status == LESS)) if _any_less(uses) else set()
    )
    for reason in sorted(everywhere):
        console.out.print(console.plain(f"everywhere: {reason}"), style="yellow")
    less = _gathered(uses, LESS, everywhere)
    if less:
        table("With less", [("because", "left"), ("indicators", "left")], less)
    missing: dict[str, list[str]] = {}
    for one in uses:
        for why, question in zip(one.why, one.question, strict=False):
            missing.setdefault(f"{why.removeprefix('not asked: ')}\n{question}", []).append(one.indicator)
    if missing:
        rows = [(*key.split("\n"), ", ".join(dict.fromkeys(codes))) for key, codes in missing.items()]
        heads = [("not asked", "left"), ("question to add", "wide"), ("would serve", "left")]
        table("Missing questions", heads, rows)


def _any_less(uses: tuple[Use, ...]) -> bool:
    return any(one.status == LESS for one in uses)


def _gathered(uses: tuple[Use, ...], status: str, without: set[str]) -> list[tuple[str, str]]:
    reasons: dict[str, list[str]] = {}
    for one in uses:
        for why in one.why if one.status == status else ():
            if why not in without:
                reasons.setdefault(why, []).append(one.indicator)
    return [(why, ", ".join(dict.fromkeys(codes))) for why, codes in reasons.items()]
