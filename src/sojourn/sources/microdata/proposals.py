"""What the mapping assistant found in a survey file."""

from __future__ import annotations

from dataclasses import dataclass

from sojourn.sources.microdata.files import Survey
from sojourn.sources.microdata.mapping import Column

DESIGN = ("weight", "stratum", "cluster")
"""Columns of the design, which are pointed out but never guessed into a design."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a column may be.

    Attributes:
        concept: a concept of the vocabulary, or weight, stratum, cluster.
        column: the column as the file calls it.
        confidence: 0 to 1; a proposal below 0.5 is a hint only. It is a score, not a probability.
        reason: what speaks for it and against it.
        way: how the mapping would read it; without codes where they could not be told.
        open_codes: codes of the file whose meaning could not be told.
        known: it is read as a packaged mapping reads it, and nothing is guessed.
    """

    concept: str
    column: str
    confidence: float
    reason: str
    way: Column
    open_codes: tuple[str, ...] = ()
    known: bool = False


@dataclass(frozen=True, slots=True)
class Description:
    """What `describe` found.

    Attributes:
        survey: the opened file.
        proposals: the best for each concept, in the order of the vocabulary, design columns last.
        others: further candidates.
        replicates: pattern of columns that look like replicate weights, and how many; empty if there are none.
        refused: columns that look like something they are not, with the reason.
        family: the packaged mapping whose columns these are; empty if none.
    """

    survey: Survey
    proposals: tuple[Proposal, ...]
    others: tuple[Proposal, ...] = ()
    replicates: tuple[str, int] = ("", 0)
    refused: tuple[tuple[str, str], ...] = ()
    family: str = ""

    def get(self, concept: str) -> Proposal | None:
        """Give the proposal for a concept."""
        return next((one for one in self.proposals if one.concept == concept), None)
