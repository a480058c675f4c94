"""Loads everything in the order in which one thing refers to another, in one transaction."""

from __future__ import annotations

from django.db import transaction

from sojourn import framework
from sojourn.web.registry.loading import (
    actors,
    bodies,
    instruments,
    meetings,
    names,
    others,
    practices,
    promises,
    vocabularies,
)
from sojourn.web.registry.loading.put import Loaded
from sojourn.web.registry.services import indexing


@transaction.atomic
def load_facts(facts: framework.Framework | None = None) -> Loaded:
    """Bring the shipped facts into the registry.

    Args:
        facts: other facts than those that ship with the program.

    Returns:
        Counts of what is new, changed, the same, or kept because a person has edited it.
    """
    facts = facts or framework.load()
    loaded = Loaded()
    vocabularies.load_sources(facts)
    vocabularies.load_terms(facts)
    who = actors.load_actors(facts, loaded)
    named = bodies.load_bodies(facts, loaded, who)
    bodies.load_memberships(facts, loaded, who, named)
    held = meetings.load_meetings(facts, loaded, named)
    said = meetings.load_statements(facts, loaded, who, held)
    named |= instruments.load_instruments(facts, loaded)
    instruments.load_crosswalks(facts, loaded, named)
    promises.load_promises(facts, loaded, who, named, said)
    promises.load_announcements(facts, loaded, who, named, said)
    promises.load_work_plan(facts, loaded, named)
    others.load_proposals(facts, loaded)
    others.load_milestones(facts, loaded)
    others.load_notes(facts, loaded, held)
    practices.load_practices(facts, loaded, who, held)
    practices.load_plans(facts, loaded)
    names.load_names(facts)
    if loaded.new or loaded.changed:
        indexing.rebuild()
    return loaded
