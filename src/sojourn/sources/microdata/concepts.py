"""The vocabulary of a mapping: what a column can mean, with which codes, and which question asks for it."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict

UNKNOWN, NOT_IN_UNIVERSE = "unknown", "not_in_universe"
"""Codes of every coded concept: the answer is not known; the question was not for this person."""

WEIGHT, STRATUM, CLUSTER, FPC, YEAR, AREA = "weight", "stratum", "cluster", "fpc", "year", "area"
"""Columns that the design or the mapping itself gives."""


class Concept(BaseModel):
    """One thing that surveys ask.

    Attributes:
        kind: "coded" (one of `codes`, or unknown, or not in universe), "number" or "text".
        codes: the answers.
        label: what it is, in words.
        question: how to ask it.
        core: a core topic of the UN recommendations for censuses (Rev. 3).
        source: where the wording is from; empty: from memory, unverified.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["coded", "number", "text"]
    label: str
    codes: tuple[str, ...] = ()
    question: str = ""
    core: bool = False
    source: str = ""

    @property
    def wording(self) -> str:
        """The question to add, saying whether its topic is recommended and that its wording is unverified."""
        topic = "core topic, UN P&R Rev.3; " if self.core else ""
        return f"{self.question} [{topic}{self.source or 'wording from memory'}]"


@cache
def concepts() -> dict[str, Concept]:
    """Give all concepts by name, in the order of the vocabulary.

    >>> concepts()["citizenship"].codes
    ('citizen', 'foreigner', 'stateless')
    """
    text = files(__package__).joinpath("concepts.toml").read_text(encoding="utf-8")
    return {name: Concept.model_validate(row) for name, row in tomllib.loads(text).items()}
