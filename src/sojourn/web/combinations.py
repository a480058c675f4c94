"""Which breakdowns of a series exist together, and what each choice would give.

A reader who may choose sex, product and provider freely ends on an empty page most of the time. So the
combinations that really occur are counted once, and every choice is offered only as far as it leads somewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from sojourn.web.question import PERSONS, codes_of_row
from sojourn.web.words import CODES, by_age


@dataclass(frozen=True, slots=True)
class Combination:
    """Codes that occur together, and how much there is of them.

    Attributes:
        codes: name of a column of persons, or of a dimension -> code; totals are left out.
        numbers, areas: how many observations, of how many areas.
        first, last: earliest and latest period.
    """

    codes: Mapping[str, str]
    numbers: int
    areas: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Option:
    """One code that may be chosen, and what it would give; the code is empty for the total."""

    code: str
    label: str
    gives: Combination


@dataclass(frozen=True, slots=True)
class Choice:
    """A name with the codes that go with everything else that is chosen.

    Attributes:
        name: of a column of persons, or of a dimension.
        people: whether it is a column of persons.
        label: what the series calls it; empty for people.
        default: what the total is called.
        options: what may be chosen, the total first.
        elsewhere: how many more codes exist beside other choices.
        chosen: the code that is chosen; empty: the total.
    """

    name: str
    people: bool
    label: str
    default: str
    options: tuple[Option, ...]
    elsewhere: int
    chosen: str


def combinations(found: pl.DataFrame) -> tuple[Combination, ...]:
    """Count the combinations of coded rows of one series."""
    counted = (
        found.group_by("breakdown", *PERSONS)
        .agg(
            pl.len(),
            pl.col("area").n_unique(),
            pl.col("period").cast(pl.String).min().alias("first"),
            pl.col("period").cast(pl.String).max().alias("last"),
        )
        .with_columns(pl.col("breakdown", *PERSONS).cast(pl.String))
        .sort("breakdown", *PERSONS)
    )
    return tuple(
        Combination(
            codes_of_row(row),
            row["len"],
            row["area"],
            row["first"],
            row["last"],
        )
        for row in counted.iter_rows(named=True)
    )


def choices(
    there: Iterable[Combination], meaning: Mapping[str, Any], chosen: Mapping[str, str]
) -> tuple[Choice, ...]:
    """List what can be chosen of each name while everything else stays as it is.

    Args:
        there: the combinations of the series.
        meaning: what the series means.
        chosen: name -> code, totals left out.
    """
    known = tuple(there)
    dimensions = {one["name"]: one for one in meaning["dimensions"]}
    listed = []
    for name in (*PERSONS, *dimensions):
        codes = {one.codes.get(name, "") for one in known}
        if codes <= {""}:
            continue
        about = dimensions.get(name, {"codes": {}, "label": "", "default": ""})
        listed_codes = [code for column, code in CODES if column == name] or list(about["codes"])
        rest = {key: code for key, code in chosen.items() if key != name}
        fitting = [one for one in known if _without(one.codes, name) == rest]
        options = [
            Option(code, about["codes"].get(code, code), one)
            for code, one in sorted(
                ((one.codes.get(name, ""), one) for one in fitting),
                key=lambda pair: _order(name, pair[0], listed_codes),
            )
        ]
        listed.append(
            Choice(
                name=name,
                people=name in PERSONS,
                label=about["label"],
                default=about["default"],
                options=tuple(options),
                elsewhere=len(codes - {"", *(one.code for one in options)}),
                chosen=chosen.get(name, ""),
            )
        )
    return tuple(listed)


def nearest(there: Iterable[Combination], chosen: Mapping[str, str], most: int = 8) -> list[Combination]:
    """List combinations that do have numbers, the nearest to what was asked first."""
    wanted = set(chosen.items())
    return sorted(
        there, key=lambda one: (len(set(one.codes.items()) ^ wanted), -one.numbers, sorted(one.codes.items()))
    )[:most]


def _order(name: str, code: str, listed: Sequence[str]) -> tuple[float, float, str]:
    """Sort ages by what they begin with, everything else as its list of codes does; the total comes first."""
    if name == "age":
        return by_age(code)
    return (float(listed.index(code)) if code in listed else len(listed) * (code != ""), 0.0, code)


def _without(codes: Mapping[str, str], name: str) -> dict[str, str]:
    return {key: code for key, code in codes.items() if key != name}
