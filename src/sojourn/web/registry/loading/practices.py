"""Practices and national plans that sources tell of."""

from __future__ import annotations

from sojourn.framework import Framework
from sojourn.web.registry.loading.actors import Actors
from sojourn.web.registry.loading.bodies import Named
from sojourn.web.registry.loading.meetings import THE_MEETING
from sojourn.web.registry.loading.put import Loaded, put, sourced

_YEAR = 2015
"""Year of the meeting that told of them, for the ids of what names no year of its own."""


def load_practices(facts: Framework, loaded: Loaded, actors: Actors, meetings: Named) -> None:
    """Load practices, each with who did it, where, what it brought and what went wrong, as far as a source says."""
    for one in facts.practices:
        given = {
            "title": one.label,
            "type": one.type,
            "summary": one.summary,
            "start": one.start,
            "result": one.result,
            "result_value": None if one.result_value is None else str(one.result_value),
            "result_unit": one.result_unit,
            "result_method": one.result_method,
            "pitfalls": one.pitfalls,
            "meeting": meetings[THE_MEETING] if one.item else "",
            "actors": [{"actor": actors[one.actor], "role": "implementer"}] if one.actor else [],
            "areas": list(one.areas),
            "themes": list(one.themes),
            **sourced(one),
        }
        put(loaded, "practice", f"practice:{one.key}", int(one.start[:4] or _YEAR), given)


def load_plans(facts: Framework, loaded: Loaded) -> None:
    """Load national plans, and that they take up migration."""
    for one in facts.plans:
        given = {
            "title": one.label,
            "type": one.type,
            "area": one.area,
            "first_year": one.first_year,
            "last_year": one.last_year,
            **sourced(one),
        }
        year = one.first_year or _YEAR
        plan = put(loaded, "plan", f"plan:{one.key}", year, given)
        taken_up = {"title": one.label, "plan": plan, "stage": one.stage, **sourced(one)}
        put(loaded, "mainstreaming", f"mainstreaming:{one.key}:{one.stage}", year, taken_up)
