"""The records of the framework: one row of a facts file each, frozen and checked."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

VERIFIED, JUDGEMENT, MEMORY, UNKNOWN = "verified", "judgement", "memory", "unknown"

CHECKED_FIELDS = ("tier", "custodian", "series", "target")
"""Fields of an official indicator whose certainty differs."""

_SOURCE_ID = re.compile(r"\b(?:[SF]\d+|[MJ])\b")
_ADDRESS = re.compile(r"\b(?:[a-z0-9-]+\.)+(?:org|int|net|com)/[\w/.-]+")
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")


def _words(cell: Any) -> Any:
    return tuple(cell.split()) if isinstance(cell, str) else cell


def _between_semicolons(cell: Any) -> Any:
    if not isinstance(cell, str):
        return cell
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _nothing(cell: Any) -> Any:
    return None if cell == "" else cell


Words = Annotated[tuple[str, ...], BeforeValidator(_words)]
Numbers = Annotated[tuple[int, ...], BeforeValidator(_words)]
Listed = Annotated[tuple[str, ...], BeforeValidator(_between_semicolons)]
Text = Annotated[str, Field(min_length=1)]
TargetCode = Annotated[str, Field(pattern=r"^\d{1,2}\.(\d{1,2}|[a-d])$")]
TargetCodes = Annotated[tuple[TargetCode, ...], BeforeValidator(_words)]
IndicatorCode = Annotated[str, Field(pattern=r"^\d{1,2}\.(\d{1,2}|[a-d])\.\d{1,2}$")]
Better = Annotated[Literal["lower", "higher"] | None, BeforeValidator(_nothing)]
Tier = Annotated[Literal["I", "II", "III"] | None, BeforeValidator(_nothing)]
MaybeNumber = Annotated[float | None, BeforeValidator(_nothing)]
MaybeYear = Annotated[int | None, BeforeValidator(_nothing)]


class Fact(BaseModel):
    """What every row carries: where it comes from and how sure it is, in the words of the facts file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sources: Text
    certainty: Text

    @property
    def source_ids(self) -> tuple[str, ...]:
        """The ids named in `sources`, without the remarks between them."""
        return tuple(dict.fromkeys(_SOURCE_ID.findall(self.sources)))

    @property
    def addresses(self) -> tuple[str, ...]:
        """The pages that `sources` names by their address."""
        return tuple(dict.fromkeys(_ADDRESS.findall(self.sources)))

    @property
    def grade(self) -> str:
        """The weakest certainty of any part of the row: unknown, memory, judgement or verified.

        >>> Fact(sources="S22; indicators M", certainty="target verified; indicators memory").grade
        'memory'
        """
        said = self.certainty.lower()
        if "unknown" in said or "disputed" in said or "not confirmed" in said:
            return UNKNOWN
        if "memory" in said or re.search(r"\bM\b", self.certainty):
            return MEMORY
        return JUDGEMENT if "judgement" in said else VERIFIED if "verified" in said else UNKNOWN


class Source(BaseModel):
    """Where facts come from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Annotated[str, Field(pattern=r"^([SF]\d+|[MJ])$")]
    what: Text
    where: str
    kind: Text


class Goal(Fact):
    """A Sustainable Development Goal."""

    number: Annotated[int, Field(ge=1, le=17)]
    label: Text


class Target(Fact):
    """A target of a goal that concerns migration: it names it (explicit) or depends on it (related)."""

    target: TargetCode
    label_own_words: Text
    relation: Literal["explicit", "related"]
    measurable_value: Text
    deadline: Text
    indicators: Text
    in_seed: str

    @property
    def goal(self) -> int:
        """The goal's number: the part before the point."""
        return int(self.target.partition(".")[0])

    @property
    def deadline_year(self) -> int | None:
        """The year that the deadline names; None where none is stated."""
        found = _YEAR.search(self.deadline)
        return int(found.group()) if found else None


class OfficialIndicator(Fact):
    """An indicator of the global list, with what it says of migrants and the direction that is good."""

    code: IndicatorCode
    label_own_words: Text
    targets: TargetCodes
    tier: Tier
    custodian: Listed
    series: Words
    unit: str
    better: Better
    target_value: MaybeNumber
    target_year: MaybeYear
    migrants: Literal["subject", "partly", "breakdown", "none"]
    series_here: Words = ()

    @property
    def from_memory(self) -> tuple[str, ...]:
        """The fields that nobody has checked against a UN document, of `CHECKED_FIELDS`.

        >>> row = {"code": "9.9.9", "label_own_words": "x", "targets": "9.9", "tier": "I", "custodian": "ILO",
        ...        "series": "", "unit": "", "better": "", "target_value": "", "target_year": "", "migrants": "none",
        ...        "sources": "F1", "certainty": "tier and series verified (2022); custodian memory"}
        >>> OfficialIndicator.model_validate(row).from_memory
        ('custodian',)
        """
        parts = [part.lower() for part in self.certainty.split(";")]
        sure = " ".join(part for part in parts if "memory" not in part)
        unsure = " ".join(part for part in parts if "memory" in part)
        if "rest memory" in unsure or unsure.strip() == "memory":
            return tuple(name for name in CHECKED_FIELDS if name not in sure)
        return tuple(name for name in CHECKED_FIELDS if name in unsure)


class Proposal(Fact):
    """An indicator that somebody proposed: for which target, with which objection, and what came of it."""

    key: Text
    label_own_words: Text
    family: Literal["five of 2015", "rival", "human rights", "civil society", "rule"]
    proposed_by: Text
    year: MaybeYear
    targets: TargetCodes
    official: Words
    series_here: Words
    objection: str
    fate: str


class ReadingOrProposal(Fact):
    """A row of the 2015 list as recorded: five indicators (1 to 5), three readings of status (a to c)."""

    number: Text
    label_own_words: Text
    became_or_relates_to: Text


class Subject(Fact):
    """A subject that the 2015 meeting wanted measured: its best source, or that there is no indicator."""

    key: Text
    label: Text
    targets: TargetCodes
    gcm_objectives: Numbers
    official: Words
    series_here: Words
    answer: Literal["indicator", "partial", "no indicator"]
    best_source: Text
    why: Text


class AgendaPoint(Fact):
    """A point of the Secretary-General's eight-point agenda of 2013."""

    number: int
    key: Text
    label_own_words: Text


class CompactObjective(Fact):
    """An objective of the Global Compact for Migration, with a suggested place in two other schemes."""

    number: Annotated[int, Field(ge=1, le=23)]
    label_own_words: Text
    sdg_targets_suggested: TargetCodes
    eight_point_suggested: Numbers


class CompactPrinciple(Fact):
    """A guiding principle of the Global Compact; it applies to every objective."""

    letter: Text
    label: Text


class CivilSocietyPoint(Fact):
    """A point of the civil society plan of 2013."""

    number: int
    group: Text
    label_own_words: Text


class CivilSocietyLink(Fact):
    """Where a point of civil society stands in the other schemes."""

    civil_society: int
    eight_point: Numbers
    gcm: Numbers


class DeclarationParagraph(Fact):
    """What the Declaration of the 2013 High-level Dialogue says, and the agenda point it belongs to."""

    paragraph: str
    force: Text
    label_own_words: Text
    eight_point: Numbers

    @property
    def grade(self) -> str:
        """The certainty of what it says: where only the number of its paragraph is unknown, its absence tells that.

        >>> sure = "text verified; paragraph number unknown (4?)"
        >>> DeclarationParagraph(
        ...     paragraph="", force="decide", label_own_words="Work", eight_point="8", sources="S17", certainty=sure
        ... ).grade
        'verified'
        """
        if "text verified" in self.certainty:
            return VERIFIED
        return MEMORY if re.search(r"\bM\b", self.sources) else super().grade


class DeclarationLink(Fact):
    """A target of the 2030 Agenda that goes with a provision of the Declaration, and why.

    Attributes:
        position: of the provision in the list of `DeclarationParagraph`, whose numbers are not all known.
    """

    position: Annotated[int, Field(ge=1)]
    target: Text
    reason: Text


class MeetingItem(Fact):
    """What an actor said or announced at the 13th Coordination Meeting, 12-13 February 2015."""

    id: Text
    section: Text
    actor: Text
    actor_type: Text
    item_kind: Text
    label_own_words: Text
    due: str
    eight_point: Numbers
    sdg_target: TargetCodes
