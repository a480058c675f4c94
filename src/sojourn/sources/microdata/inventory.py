"""What a survey could be used for: every indicator and breakdown, possible, with less, or lacking a question."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from sojourn.sources.microdata.concepts import concepts
from sojourn.sources.microdata.family import fits_design, readable
from sojourn.sources.microdata.mapping import Design, Mapping, packaged_mapping
from sojourn.sources.microdata.proposals import Description

POSSIBLE, LESS, IMPOSSIBLE = "possible", "possible with less", "impossible"
TOTAL = "everybody"

_REPLICATED = ("sdr", "brr", "fay", "jk1", "jkn", "bootstrap", "taylor")


class Needs(BaseModel):
    """What a breakdown needs; see the head of inventory.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    needs: tuple[tuple[str, ...], ...]
    lesser: dict[str, str] = {}
    helps: dict[str, str] = {}


class IndicatorNeeds(Needs):
    """What an indicator needs."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Use:
    """One indicator by one breakdown.

    Attributes:
        indicator, label, breakdown: what.
        status: "possible", "possible with less" or "impossible".
        why: what is missed.
        question: the questions to ask, with what is known of their wording.
    """

    indicator: str
    label: str
    breakdown: str
    status: str
    why: tuple[str, ...] = ()
    question: tuple[str, ...] = ()


@cache
def needs() -> tuple[tuple[IndicatorNeeds, ...], dict[str, Needs]]:
    """Give the indicators and the breakdowns, in the order of the file.

    >>> indicators, breakdowns = needs()
    >>> [one.code for one in indicators][:3], list(breakdowns)[:3]
    (['8.5.1', '8.5.2', '8.6.1'], ['nativity', 'citizenship', 'legal_status'])
    """
    content = tomllib.loads(files(__package__).joinpath("inventory.toml").read_text(encoding="utf-8"))
    indicators = tuple(IndicatorNeeds.model_validate(row) for row in content["indicators"])
    return indicators, {name: Needs.model_validate(row) for name, row in content["breakdowns"].items()}


def inventory(
    asked: Collection[str], design: Design, *, stateless: bool = False, replicates_seen: bool = False
) -> tuple[Use, ...]:
    """Say what a survey could be used for.

    Args:
        asked: the concepts that it asks.
        design: its declared design: without weights a file speaks for its sample only, without replicates or
            strata it gives no errors.
        stateless: whether citizenship has a code for stateless people.
        replicates_seen: whether there are columns like replicate weights that nobody has declared yet.

    Returns:
        A row for each indicator, for everybody and by each breakdown.

    Example:
        >>> uses = inventory({"nativity", "employment", "age", "sex"}, Design())
        >>> [(one.breakdown, one.status) for one in uses if one.indicator == "8.5.2"][:3]
        [('everybody', 'possible with less'), ('nativity', 'possible with less'), ('citizenship', 'impossible')]
    """
    rows = []
    indicators, breakdowns = needs()
    weak = _weakness(design, replicates_seen)
    for one in indicators:
        absent, less = _judged(one, asked)
        rows.append(_use(one, TOTAL, absent, less + weak))
        for name, breakdown in breakdowns.items():
            missing, lesser = _judged(breakdown, asked)
            if name == "citizenship" and "citizenship" in asked and not stateless:
                lesser = [*lesser, "no code for stateless people"]
            rows.append(_use(one, name, [*absent, *missing], less + lesser + weak))
    return tuple(rows)


def _use(one: IndicatorNeeds, breakdown: str, absent: list[str], less: list[str]) -> Use:
    if absent:
        absent = list(dict.fromkeys(absent))
        why = tuple(f"not asked: {concepts()[name].label}" for name in absent)
        asking = tuple(concepts()[name].wording for name in absent)
        return Use(one.code, one.label, breakdown, IMPOSSIBLE, why, asking)
    return Use(one.code, one.label, breakdown, LESS if less else POSSIBLE, tuple(less))


def _judged(one: Needs, asked: Collection[str]) -> tuple[list[str], list[str]]:
    """Give the concepts that are missing – of the best alternative – and what is possible with less."""
    absent: list[str] = []
    less: list[str] = []
    for line in one.needs:
        met = next((way for way in line if all(name in asked for name in way.split())), None)
        if met is None:
            # The alternative that lacks least; of two that lack the same, the better one.
            nearest = min(line, key=lambda way: sum(name not in asked for name in way.split()))
            absent += [name for name in nearest.split() if name not in asked]
        elif reason := one.lesser.get(met):
            less.append(reason)
    less += [reason for name, reason in one.helps.items() if name not in asked]
    return absent, less


def _weakness(design: Design, replicates_seen: bool) -> list[str]:
    if design.kind in _REPLICATED:
        return []
    if replicates_seen:
        return ["no errors until the replicate weights that are in the file are declared"]
    if design.kind == "weights":
        return ["points only: no replicate weights or design variables are declared, so no error is known"]
    return ["no weights: counts of the sample only, which say nothing about the population"]


def of_mapping(mapping: Mapping) -> tuple[Use, ...]:
    """Say what could be computed with a mapping."""
    ways = mapping.concepts.get("citizenship", ())
    return inventory(
        set(mapping.concepts), mapping.design, stateless=any("stateless" in way.codes for way in ways)
    )


def of_description(description: Description) -> tuple[Use, ...]:
    """Say what could be computed from a file as the assistant understands it."""
    asked = {one.concept for one in description.proposals}
    asked |= set(_derived(asked))
    citizenship = description.get("citizenship")
    weight = description.get("weight")
    stateless = citizenship is not None and "stateless" in citizenship.way.codes
    if description.family and fits_design(known := packaged_mapping(description.family), description.survey):
        asked |= set(readable(known, description.survey))
        return inventory(asked, known.design, stateless=stateless)
    design = Design(kind="weights", weight=weight.column) if weight else Design()
    return inventory(asked, design, stateless=stateless, replicates_seen=bool(description.replicates[1]))


def _derived(asked: Collection[str]) -> Iterator[str]:
    """Concepts that follow from others without a further question."""
    if "year_of_arrival" in asked:
        yield "years_since_arrival"
