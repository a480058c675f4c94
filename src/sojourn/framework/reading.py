"""Reads the facts files into one frozen framework, and checks that what they refer to exists."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from sojourn.errors import ContractError, Place
from sojourn.framework import history
from sojourn.framework.records import (
    AgendaPoint,
    CivilSocietyLink,
    CivilSocietyPoint,
    CompactObjective,
    CompactPrinciple,
    DeclarationLink,
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
    declaration_links: tuple[DeclarationLink, ...]
    declaration: tuple[DeclarationParagraph, ...]
    meeting: tuple[MeetingItem, ...]
    sources: tuple[Source, ...]
    coordination_meetings: tuple[history.CoordinationMeeting, ...]
    summits: tuple[history.Summit, ...]
    chairs: tuple[history.Chair, ...]
    members: tuple[history.Member, ...]
    milestones: tuple[history.Milestone, ...]
    bodies: tuple[history.Body, ...]
    series: tuple[history.Series, ...]
    successions: tuple[history.Succession, ...]
    instruments: tuple[history.Instrument, ...]
    promises: tuple[history.Promise, ...]
    promise_targets: tuple[history.PromiseTarget, ...]
    unmeasurable: tuple[history.Unmeasurable, ...]
    practices: tuple[history.Practice, ...]
    plans: tuple[history.NationalPlan, ...]
    item_areas: tuple[history.ItemAreas, ...]
    names: tuple[history.Name, ...]
    labels: tuple[history.Label, ...]
    theme_labels: tuple[history.ThemeLabel, ...]
    quirks: tuple[history.Quirk, ...]

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
        declaration_links=_rows(folder, "declaration_links.csv", DeclarationLink),
        declaration=_rows(folder, "hld2013_declaration.csv", DeclarationParagraph),
        meeting=_rows(folder, "meeting13_items.csv", MeetingItem),
        sources=(*_rows(folder, "sources.csv", Source), *_rows(folder, "further_sources.csv", Source)),
        coordination_meetings=_rows(folder, "coordination_meetings.csv", history.CoordinationMeeting),
        summits=_rows(folder, "gfmd_summits.csv", history.Summit),
        chairs=_rows(folder, "gmg_chairs.csv", history.Chair),
        members=_rows(folder, "gmg_members.csv", history.Member),
        milestones=_rows(folder, "milestones.csv", history.Milestone),
        bodies=_rows(folder, "bodies.csv", history.Body),
        series=_rows(folder, "series.csv", history.Series),
        successions=_rows(folder, "successions.csv", history.Succession),
        instruments=_rows(folder, "instruments.csv", history.Instrument),
        promises=_rows(folder, "promises.csv", history.Promise),
        promise_targets=_rows(folder, "promise_targets.csv", history.PromiseTarget),
        unmeasurable=_rows(folder, "unmeasurable.csv", history.Unmeasurable),
        practices=_rows(folder, "practices.csv", history.Practice),
        plans=_rows(folder, "plans.csv", history.NationalPlan),
        item_areas=_rows(folder, "item_areas.csv", history.ItemAreas),
        names=_rows(folder, "names.csv", history.Name),
        labels=_rows(folder, "labels.csv", history.Label),
        theme_labels=_rows(folder, "theme_labels.csv", history.ThemeLabel),
        quirks=_quirks(folder),
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


def _quirks(folder: Traversable) -> tuple[history.Quirk, ...]:
    read = tomllib.loads(folder.joinpath("seed_quirks.toml").read_text(encoding="utf-8"))
    return tuple(history.Quirk.model_validate(one) for one in read["note"])


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
    _known("target", targets, (one.target for one in framework.declaration_links))
    provisions = frozenset(map(str, range(1, len(framework.declaration) + 1)))
    _known("provision", provisions, (str(one.position) for one in framework.declaration_links))
    placed = [
        *(one.eight_point for one in framework.declaration),
        *(one.eight_point for one in framework.meeting),
    ]
    for numbers in placed:
        _known("point of the agenda", points, map(str, numbers))
    _check_history(framework, sources)
    _known("source", sources, (source for fact in _facts(framework) for source in fact.source_ids))


def _check_history(framework: Framework, sources: frozenset[str]) -> None:
    bodies = _unique("bodies", (one.key for one in framework.bodies))
    series = _unique("series of meetings", (one.key for one in framework.series))
    instruments = _unique("instruments", (one.key for one in framework.instruments))
    promises = _unique("promises", (one.key for one in framework.promises))
    items = _unique("items of the meeting", (one.id for one in framework.meeting))
    _unique("labels", (f"{one.vocabulary}:{one.code}" for one in framework.labels))
    _unique("labels of themes", (f"{one.scheme}:{one.code}" for one in framework.theme_labels))
    for succession in framework.successions:
        named = {*(f"body:{one}" for one in bodies), *(f"series:{one}" for one in series)}
        _known("body or series", frozenset(named), (succession.earlier, succession.later))
    _known("body", bodies, (one.body for one in framework.series if one.body))
    _known("instrument", instruments, (one.instrument for one in framework.promises))
    _known("item of the meeting", items, (one.statement for one in framework.promises if one.statement))
    _known("promise", promises, (one.promise for one in framework.promise_targets))
    _known("source", sources, (one.source for one in framework.quirks))
    told = [
        *(one.item for one in framework.practices),
        *(one.item for one in framework.plans),
        *(one.item for one in framework.item_areas),
    ]
    _known("item of the meeting", items, filter(None, told))
    _unique("practices", (one.key for one in framework.practices))
    _unique("national plans", (one.key for one in framework.plans))
    _unique("names", (one.key for one in framework.names))


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
        framework.declaration_links,
        framework.declaration,
        framework.meeting,
        framework.coordination_meetings,
        framework.summits,
        framework.chairs,
        framework.members,
        framework.milestones,
        framework.bodies,
        framework.series,
        framework.successions,
        framework.instruments,
        framework.promises,
        framework.promise_targets,
        framework.practices,
        framework.plans,
        framework.item_areas,
        framework.names,
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
