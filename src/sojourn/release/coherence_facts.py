"""The facts of `coherence.toml`: which keys tell one quantity, and why two sources of it differ."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sojourn.errors import ContractError, Place

FILE = "coherence.toml"

Certainty = Literal["verified", "judgement", "memory"]


class _Record(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Alias(_Record):
    """A series and breakdown that tell the quantity of another series and breakdown."""

    series: str
    breakdown: str
    means: str
    means_breakdown: str
    why: str
    source: str
    certainty: Certainty


class Reason(_Record):
    """Why two sources differ, and where this explains it: of which series, areas, periods, direction and size.

    Attributes:
        series: series that it is about.
        between: two names of sources, each with or without its edition; "*" is any.
        told_as: the series under which one of the two tells the quantity, where only that is explained.
        areas, first, last: areas and years; empty or None for all.
        second_is: "higher" or "lower" than the first, where only that direction is explained.
        at_most, at_most_units: largest difference that is explained, in per cent of the first or in the unit
            of the series; within either is enough, and without both any size is explained.
        kind, text: what makes the difference.
        source, certainty: who says so, and how sure it is.
    """

    series: tuple[str, ...] = Field(min_length=1)
    between: tuple[str, str]
    told_as: str = ""
    areas: tuple[str, ...] = ()
    first: str | None = None
    last: str | None = None
    second_is: Literal["higher", "lower"] | None = None
    at_most: float | None = None
    at_most_units: float | None = None
    kind: Literal["definition", "coverage", "vintage", "method", "rounding", "misprint"]
    text: str = Field(min_length=1)
    source: str = Field(min_length=1)
    certainty: Certainty


class Facts(_Record):
    """All aliases and reasons, in the order in which they are tried."""

    alias: tuple[Alias, ...] = ()
    reason: tuple[Reason, ...] = ()


@cache
def load() -> Facts:
    """Load the facts that ship with the program.

    Example:
        >>> [one.means for one in load().alias if one.series == "SM_POP_TOTL"]
        ['SJ_MIGRANT_STOCK']
    """
    return read(files(__package__).joinpath(FILE).read_text(encoding="utf-8"))


def read(text: str) -> Facts:
    """Read facts and check them.

    Raises:
        ContractError: the text is no TOML, or an entry is not what it should be; names entry and field.
    """
    try:
        return Facts.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ContractError(
            "The facts on coherence are not TOML", where=Place(FILE, value=str(error))
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        raise ContractError(
            "A fact on coherence is not what it should be",
            where=Place(FILE, column=".".join(str(part) for part in first["loc"]), value=first["input"]),
            accepted=first["msg"],
        ) from error
