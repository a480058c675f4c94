"""Writes a mapping as a TOML file that a person can read and correct, each guess with its reason."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from sojourn.sources.microdata.concepts import concepts
from sojourn.sources.microdata.family import fits_design
from sojourn.sources.microdata.mapping import Column, Design, Mapping, packaged_mapping, parse_mapping
from sojourn.sources.microdata.proposals import DESIGN, Description, Proposal


def mapping_text(mapping: Mapping, comments: dict[str, Iterable[str]] | None = None) -> str:
    """Write a mapping as TOML; reading it gives the same mapping.

    Args:
        mapping: what to write.
        comments: lines to put above a part: "" for the top, "design", or the name of a concept.

    >>> print(mapping_text(Mapping(title="Test", area="POL")))
    title = "Test"
    area = "POL"
    <BLANKLINE>
    """
    above = comments or {}
    lines = [f"# {line}" for line in above.get("", ())]
    top = mapping.model_dump(exclude={"design", "join", "breaks", "concepts"}, exclude_defaults=True)
    lines += _pairs({"title": mapping.title, **top})
    if mapping.design != Design() or "design" in above:
        lines += _part("[design]", mapping.design, above.get("design", ()))
    if mapping.join is not None:
        lines += _part("[join]", mapping.join)
    for one in mapping.breaks:
        lines += _part("[[breaks]]", one)
    for name, ways in mapping.concepts.items():
        head = f"[concepts.{_key(name)}]" if len(ways) == 1 else f"[[concepts.{_key(name)}]]"
        for number, way in enumerate(ways):
            lines += _part(head, way, above.get(name, ()) if not number else ())
    for name, comment in above.items():
        if name not in ("", "design", *mapping.concepts):
            lines += ["", *(f"# {line}" for line in comment)]
    return "\n".join(lines) + "\n"


def _part(head: str, record: BaseModel, comment: Iterable[str] = ()) -> list[str]:
    return ["", *(f"# {line}" for line in comment), head, *_pairs(record.model_dump(exclude_defaults=True))]


def _pairs(content: dict[str, Any]) -> list[str]:
    return [f"{_key(name)} = {_value(value)}" for name, value in content.items()]


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else _value(name)


def _value(value: Any) -> str:
    if isinstance(value, str):
        # JSON escapes what TOML does, but for the character DEL.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    return repr(value)


def proposed(description: Description, *, area: str = "", year: int | None = None) -> str:
    """Write the mapping that `describe` proposes, every guess marked with its confidence and reason.

    A concept whose codes could not be told, and everything about the design but the weight, is a comment: a
    person must say it. The mapping of a known survey is extended instead of guessed.
    """
    if description.family and fits_design(packaged_mapping(description.family), description.survey):
        return _of_family(description, area, year)
    comments: dict[str, Iterable[str]] = {
        "": (
            f"Proposed for {_line(description.survey.name)} from names, labels and codes. Correct it, and take "
            "out what you have checked.",
            'A code that is listed nowhere is an error; where other = "unknown" it is counted as a problem.',
        ),
        "design": _design_comment(description),
    }
    found: dict[str, tuple[Column, ...]] = {}
    for one in description.proposals:
        if one.concept in DESIGN:
            continue
        lines = [_line(f"guessed, confidence {one.confidence:.2f}, by {one.reason}")]
        if one.open_codes:
            lines.append(_line(f"meaning not known of: {', '.join(one.open_codes[:40])}"))
        coded = concepts()[one.concept].kind == "coded"
        if coded and not one.way.codes:
            comments[one.concept] = (*lines, *_to_fill(one))
        else:
            comments[one.concept] = tuple(lines)
            found[one.concept] = (one.way,)
    weight = description.get("weight")
    year_column = next((name for name in description.survey.variables.names if name.casefold() == "year"), "")
    mapping = Mapping(
        title=description.survey.name,
        area=area,
        years=(year, year) if year else (),
        year_column="" if year else year_column,
        design=Design(kind="weights", weight=weight.column) if weight else Design(),
        concepts=found,
    )
    text = mapping_text(mapping, comments)
    parse_mapping(text, "the proposed mapping")
    return text


def _of_family(description: Description, area: str, year: int | None) -> str:
    base = packaged_mapping(description.family)
    mapping = base.model_copy(
        update={"area": area or base.area, "years": (year, year) if year else base.years, "extends": ""}
    )
    comments: dict[str, Iterable[str]] = {
        "": (
            f"{_line(description.survey.name)} has the columns of the packaged mapping {description.family}, "
            "which is copied here.",
            *(
                _line(one.concept + ": " + one.reason)
                for one in description.proposals
                if one.concept == "weight"
            ),
        )
    }
    return mapping_text(mapping, comments)


def _design_comment(description: Description) -> tuple[str, ...]:
    """Point out what looks like a design; a person declares it from the survey's documentation."""
    lines = ["The design is declared, never guessed: take it from the survey's documentation."]
    if weight := description.get("weight"):
        lines.append(_line(f"weight guessed, confidence {weight.confidence:.2f}, by {weight.reason}"))
    else:
        lines.append("No column looks like a survey weight: counts of the sample only.")
    pattern, number = description.replicates
    if number:
        lines.append(_line(f'{number} columns look like replicate weights: replicates = "{pattern}"'))
        lines.append('kind = "sdr", "brr", "fay", "jk1", "jkn" or "bootstrap", as the documentation says')
    for concept, key in (("stratum", "strata"), ("cluster", "clusters")):
        if one := description.get(concept):
            lines.append(_line(f'{key} = ["{one.column}"] with kind = "taylor"? By {one.reason}'))
    lines += [_line(f"{column} {reason}") for column, reason in description.refused if "weight" in reason]
    return tuple(lines)


def _to_fill(one: Proposal) -> list[str]:
    codes = ", ".join(f"{meaning} = []" for meaning in concepts()[one.concept].codes)
    return [f"[concepts.{one.concept}]", f"column = {_value(one.column)}", f"codes = {{ {codes} }}"]


def _line(text: str) -> str:
    """Keep a comment on one line, whatever a label holds."""
    return re.sub(r"[\x00-\x1f\x7f]+", " ", text)
