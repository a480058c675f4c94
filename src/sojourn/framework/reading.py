"""Reads the facts files into one frozen framework, and checks that what they refer to exists."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from sojourn.errors import ContractError, Place
from sojourn.framework.records import (
    AgendaPoint,
    CivilSocietyLink,
    CivilSocietyPoint,
    CompactObjective,
    CompactPrinciple,
    DeclarationParagraph,
    Fact,
    Goal,
    MeetingItem,
    OfficialIndicator,
    Proposal,
    ReadingOrProposal,
    Source,
    Subject,
    Target,
)

_Record = TypeVar("_Record", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Framework:
    """What is monitored: goals, targets, indicators, proposals, agendas, and where each fact comes from."""

    goals: tuple[Goal, ...]
    targets: tuple[Target, ...]
    indicators: tuple[OfficialIndicator, ...]
    proposals: tuple[Proposal, ...]
    list_of_2015: tuple[ReadingOrProposal, ...]
    subjects: tuple[Subject, ...]
    eight_point: tuple[AgendaPoint, ...]
    objectives: tuple[CompactObjective, ...]
    principles: tuple[CompactPrinciple, ...]
    civil_society: tuple[CivilSocietyPoint, ...]
    civil_society_links: tuple[CivilSocietyLink, ...]
    declaration: tuple[DeclarationParagraph, ...]
    meeting: tuple[MeetingItem, ...]
    sources: tuple[Source, ...]

    def indicators_of(self, target: str) -> tuple[OfficialIndicator, ...]:
        """List the official indicators that serve a target."""
        return tuple(one for one in self.indicators if target in one.targets)

    def proposals_of(self, target: str) -> tuple[Proposal, ...]:
        """List what was proposed for a target: the five of 2015 beside their rivals."""
        return tuple(one for one in self.proposals if target in one.targets)


@cache
def load() -> Framework:
    """Load the framework that ships with the program.

    Returns:
        The framework; the same object every time, since nothing in it can change.

    Source: the facts files of this package, each row with its own source and certainty.

    Example:
        >>> framework = load()
        >>> len(framework.goals), len(framework.eight_point), len(framework.objectives)
        (17, 8, 23)
        >>> [one.code for one in framework.indicators_of("10.7")]
        ['10.7.1', '10.7.2', '10.7.3', '10.7.4']
    """
    return read(files(__package__).joinpath("facts"))


def read(folder: Traversable) -> Framework:
    """Read a folder of facts files and check it.

    Raises:
        ContractError: a cell is not what its column accepts, a code is repeated, or something referred to is
            not there; names file, row, column and value.
    """
    framework = Framework(
        goals=_rows(folder, "goals.csv", Goal),
        targets=tuple(
            sorted(
                (
                    *_rows(folder, "sdg_migration_targets.csv", Target),
                    *_rows(folder, "further_targets.csv", Target),
                ),
                key=lambda one: in_order(one.target),
            )
        ),
        indicators=tuple(
            sorted(
                _rows(folder, "indicators.csv", OfficialIndicator),
                key=lambda one: in_order(one.code),
            )
        ),
        proposals=_rows(folder, "proposals.csv", Proposal),
        list_of_2015=_rows(folder, "gmg_2015_indicator_proposals.csv", ReadingOrProposal),
        subjects=_rows(folder, "subjects.csv", Subject),
        eight_point=_rows(folder, "eight_point_agenda.csv", AgendaPoint),
        objectives=_rows(folder, "gcm_objectives.csv", CompactObjective),
        principles=_rows(folder, "gcm_guiding_principles.csv", CompactPrinciple),
        civil_society=_rows(folder, "civil_society_8_points.csv", CivilSocietyPoint),
        civil_society_links=_rows(folder, "civil_society_links.csv", CivilSocietyLink),
        declaration=_rows(folder, "hld2013_declaration.csv", DeclarationParagraph),
        meeting=_rows(folder, "meeting13_items.csv", MeetingItem),
        sources=(*_rows(folder, "sources.csv", Source), *_rows(folder, "further_sources.csv", Source)),
    )
    _check(framework)
    return framework


def in_order(code: str) -> tuple[tuple[int, str], ...]:
    """Give a sorting key for targets and indicators: numbers by size, letters after them.

    >>> sorted(["10.c", "10.7", "3.c", "10.10"], key=in_order)
    ['3.c', '10.7', '10.10', '10.c']
    """
    return tuple((int(part), "") if part.isdigit() else (1000, part) for part in code.split("."))


def _rows(folder: Traversable, file: str, record: type[_Record]) -> tuple[_Record, ...]:
    lines = folder.joinpath(file).read_text(encoding="utf-8").splitlines()
    return tuple(
        _record(file, row, cells, record) for row, cells in enumerate(csv.DictReader(lines), start=2)
    )


def _record(file: str, row: int, cells: dict[str, str], record: type[_Record]) -> _Record:
    try:
        return record.model_validate(cells)
    except ValidationError as error:
        first = error.errors()[0]
        column = str(first["loc"][0]) if first["loc"] else None
        raise ContractError(
            "A fact of the framework is not what its column accepts",
            where=Place(file, row=row, column=column, value=cells.get(column or "")),
            accepted=first["msg"],
        ) from error


def _check(framework: Framework) -> None:
    targets = _unique("targets", (one.target for one in framework.targets))
    codes = _unique("indicators", (one.code for one in framework.indicators))
    goals = _unique("goals", (str(one.number) for one in framework.goals))
    points = _unique("eight-point agenda", (str(one.number) for one in framework.eight_point))
    objectives = _unique("objectives", (str(one.number) for one in framework.objectives))
    civil = _unique("civil society", (str(one.number) for one in framework.civil_society))
    sources = _unique("sources", (one.id for one in framework.sources))
    _unique("proposals", (one.key for one in framework.proposals))
    _unique("subjects", (one.key for one in framework.subjects))

    _known("goal", goals, [str(one.goal) for one in framework.targets])
    for proposal in framework.proposals:
        _known("target", targets, proposal.targets)
        _known("indicator", codes, proposal.official)
    for subject in framework.subjects:
        _known("target", targets, subject.targets)
        _known("indicator", codes, subject.official)
        _known("objective", objectives, map(str, subject.gcm_objectives))
    for indicator in framework.indicators:
        _known("target", targets, indicator.targets)
    for objective in framework.objectives:
        _known("target", targets, objective.sdg_targets_suggested)
        _known("point of the agenda", points, map(str, objective.eight_point_suggested))
    for link in framework.civil_society_links:
        _known("point of civil society", civil, [str(link.civil_society)])
        _known("point of the agenda", points, map(str, link.eight_point))
        _known("objective", objectives, map(str, link.gcm))
    placed = [
        *(one.eight_point for one in framework.declaration),
        *(one.eight_point for one in framework.meeting),
    ]
    for numbers in placed:
        _known("point of the agenda", points, map(str, numbers))
    _known("source", sources, (source for fact in _facts(framework) for source in fact.source_ids))


def _facts(framework: Framework) -> Sequence[Fact]:
    groups: tuple[Iterable[Fact], ...] = (
        framework.goals,
        framework.targets,
        framework.indicators,
        framework.proposals,
        framework.list_of_2015,
        framework.subjects,
        framework.eight_point,
        framework.objectives,
        framework.principles,
        framework.civil_society,
        framework.civil_society_links,
        framework.declaration,
        framework.meeting,
    )
    return [fact for group in groups for fact in group]


def _unique(what: str, codes: Iterable[str]) -> frozenset[str]:
    listed = list(codes)
    if twice := sorted({code for code in listed if listed.count(code) > 1}):
        raise ContractError(f"The {what} of the framework repeat {', '.join(twice)}")
    return frozenset(listed)


def _known(what: str, known: frozenset[str], used: Iterable[str]) -> None:
    if unknown := sorted(set(used) - known):
        raise ContractError(
            f"The framework refers to a {what} that it does not have: {', '.join(unknown)}",
            accepted=", ".join(sorted(known, key=str)),
        )
