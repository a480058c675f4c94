"""Proposals of indicators, milestones, and notes on slips of the sources."""

from __future__ import annotations

from sojourn.framework import Framework
from sojourn.web.registry.loading.bodies import Named
from sojourn.web.registry.loading.meetings import THE_MEETING
from sojourn.web.registry.loading.put import Loaded, put, sourced

_OF_THE_MEETING = "S1"
"""The source that is the report of the 13th meeting."""


def load_proposals(facts: Framework, loaded: Loaded) -> None:
    """Load what was proposed to be measured, the five of 2015 beside their rivals, with their fate."""
    for one in facts.proposals:
        given = {
            "title": one.label_own_words,
            "family": one.family,
            "proposed_by": one.proposed_by,
            "year": one.year,
            "targets": " ".join(one.targets),
            "official": " ".join(one.official),
            "series": " ".join(one.series_here),
            "objection": one.objection,
            "fate": one.fate,
            "outcome": _outcome(one.official, one.fate),
            **sourced(one),
        }
        put(loaded, "proposal", f"proposal:{one.key}", one.year or 2015, given)


def _outcome(official: tuple[str, ...], fate: str) -> str:
    """Say what came of a proposal as a term: `fate` has it in words.

    >>> _outcome(("10.c.1",), "became 10.c.1"), _outcome((), "not taken up"), _outcome((), "")
    ('adopted_changed', 'not_adopted', 'unknown')
    """
    return "adopted_changed" if official else "not_adopted" if fate.startswith("not ") else "unknown"


def load_milestones(facts: Framework, loaded: Loaded) -> None:
    """Load the timeline."""
    for number, one in enumerate(facts.milestones, start=1):
        given = {
            "title": one.label_own_words,
            "date": one.date,
            "type": one.kind,
            "follows": one.successor_of,
            **sourced(one),
        }
        put(loaded, "milestone", f"milestone:{number}", one.year, given)


def load_notes(facts: Framework, loaded: Loaded, meetings: Named) -> None:
    """Load the slips of the sources: each stands beside the source's own wording, which is kept."""
    for number, one in enumerate(facts.quirks, start=1):
        given = {
            "title": f"{one.source}, {one.where}",
            "summary": one.text,
            "where": one.where,
            "about": meetings[THE_MEETING] if one.source == _OF_THE_MEETING else "",
            "source": one.source,
            "certainty": "memory" if "From memory" in one.text else "verified",
            "certainty_note": "read in the source",
        }
        put(loaded, "note", f"quirk:{number}", 2015, given)
