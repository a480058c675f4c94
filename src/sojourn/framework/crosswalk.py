"""Crosswalks between schemes: SDG targets, eight-point agenda, Global Compact, civil society, meeting, Declaration.

A link is direct where the facts state it. Two schemes without a direct link are joined through one other
scheme, and the row says through which entry; such a row is a suggestion to check, not a fact.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sojourn.errors import NotFoundError
from sojourn.framework.reading import Framework, in_order
from sojourn.framework.records import Fact

SDG, AGENDA, COMPACT, CIVIL = "sdg", "eight-point", "compact", "civil-society"
MEETING, DECLARATION, PROPOSALS, SUBJECTS = "meeting-2015", "declaration-2013", "proposals", "subjects"
SCHEMES = (SDG, AGENDA, COMPACT, CIVIL, MEETING, DECLARATION, PROPOSALS, SUBJECTS)

# An intermediate scheme orders subjects; a single statement or proposal is no bridge between two of them.
_BRIDGES = (COMPACT, AGENDA, SDG)


@dataclass(frozen=True, slots=True)
class Link:
    """An entry of one scheme that belongs with an entry of another."""

    entry: str
    label: str
    to: str
    to_label: str
    via: str
    sources: str
    certainty: str


@dataclass(frozen=True, slots=True)
class _Edge:
    one: tuple[str, str]
    other: tuple[str, str]
    sources: str
    certainty: str


def crosswalk(framework: Framework, scheme: str, to: str) -> tuple[Link, ...]:
    """Link the entries of one scheme with those of another.

    Args:
        framework: the facts.
        scheme, to: two of `SCHEMES`.

    Returns:
        Links in the order of both schemes; an entry without a link has one row with an empty `to`. `via`
        names the entry through which an indirect link goes, empty for a direct one.

    Raises:
        NotFoundError: there is no such scheme.

    Example:
        >>> from sojourn.framework import load
        >>> [(link.entry, link.to) for link in crosswalk(load(), "compact", "sdg") if link.entry == "10"]
        [('10', '5.2'), ('10', '8.7'), ('10', '16.2')]
    """
    for name in (scheme, to):
        if name not in SCHEMES:
            raise NotFoundError(f"There is no scheme {name!r}", accepted=", ".join(SCHEMES))
    labels = {name: _entries(framework, name) for name in SCHEMES}
    edges = _edges(framework)
    found = _direct(edges, scheme, to) or _through(edges, scheme, to)
    rows = []
    for entry in sorted(labels[scheme], key=in_order):
        linked = found.get(entry, {})
        for other in sorted(linked, key=in_order):
            via, sources, certainty = linked[other]
            label = labels[to].get(other, "")
            rows.append(Link(entry, labels[scheme][entry], other, label, via, sources, certainty))
        if not linked:
            rows.append(Link(entry, labels[scheme][entry], "", "", "", "", ""))
    return tuple(rows)


_Found = dict[str, dict[str, tuple[str, str, str]]]


def _direct(edges: Iterable[_Edge], scheme: str, to: str) -> _Found:
    found: _Found = {}
    for edge in edges:
        for one, other in ((edge.one, edge.other), (edge.other, edge.one)):
            if one[0] == scheme and other[0] == to and scheme != to:
                found.setdefault(one[1], {}).setdefault(other[1], ("", edge.sources, edge.certainty))
    return found


def _through(edges: list[_Edge], scheme: str, to: str) -> _Found:
    """Join two schemes through the first bridge that knows both."""
    for bridge in _BRIDGES:
        if bridge in (scheme, to) or scheme == to:
            continue
        there, onward = _direct(edges, scheme, bridge), _direct(edges, bridge, to)
        found: _Found = {}
        for entry, steps in there.items():
            for step in sorted(steps, key=in_order):
                for other, (_, sources, _certainty) in onward.get(step, {}).items():
                    joined = f"{steps[step][1]}; {sources}"
                    found.setdefault(entry, {}).setdefault(
                        other, (f"{bridge} {step}", joined, "suggested through another scheme")
                    )
        if found:
            return found
    return {}


def _entries(framework: Framework, scheme: str) -> dict[str, str]:
    lists: dict[str, list[tuple[str, str]]] = {
        SDG: [(one.target, one.label_own_words) for one in framework.targets],
        AGENDA: [(str(one.number), one.label_own_words) for one in framework.eight_point],
        COMPACT: [(str(one.number), one.label_own_words) for one in framework.objectives],
        CIVIL: [(str(one.number), one.label_own_words) for one in framework.civil_society],
        MEETING: [(one.id, f"{one.actor}: {one.label_own_words}") for one in framework.meeting],
        DECLARATION: [
            (str(row), one.label_own_words) for row, one in enumerate(framework.declaration, start=1)
        ],
        PROPOSALS: [(one.key, one.label_own_words) for one in framework.proposals],
        SUBJECTS: [(one.key, one.label) for one in framework.subjects],
    }
    return dict(lists[scheme])


def _edges(framework: Framework) -> list[_Edge]:
    edges: list[_Edge] = []

    def link(scheme: str, entry: str, to: str, others: Iterable[object], fact: Fact) -> None:
        edges.extend(
            _Edge((scheme, entry), (to, str(other)), fact.sources, fact.certainty) for other in others
        )

    for objective in framework.objectives:
        link(COMPACT, str(objective.number), SDG, objective.sdg_targets_suggested, objective)
        link(COMPACT, str(objective.number), AGENDA, objective.eight_point_suggested, objective)
    for point in framework.civil_society_links:
        link(CIVIL, str(point.civil_society), AGENDA, point.eight_point, point)
        link(CIVIL, str(point.civil_society), COMPACT, point.gcm, point)
    for row, paragraph in enumerate(framework.declaration, start=1):
        link(DECLARATION, str(row), AGENDA, paragraph.eight_point, paragraph)
    for item in framework.meeting:
        link(MEETING, item.id, AGENDA, item.eight_point, item)
        link(MEETING, item.id, SDG, item.sdg_target, item)
    for proposal in framework.proposals:
        link(PROPOSALS, proposal.key, SDG, proposal.targets, proposal)
    for subject in framework.subjects:
        link(SUBJECTS, subject.key, SDG, subject.targets, subject)
        link(SUBJECTS, subject.key, COMPACT, subject.gcm_objectives, subject)
    return edges
