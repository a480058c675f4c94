"""Commitments: three that a release measures, and what the 13th meeting announced, with why it cannot be measured."""

from __future__ import annotations

from sojourn.framework import Framework
from sojourn.web.registry.loading.actors import Actors, split
from sojourn.web.registry.loading.bodies import Named
from sojourn.web.registry.loading.put import Loaded, put, sourced
from sojourn.web.registry.loading.vocabularies import EIGHT, TARGETS

_FORCE = {"work-plan": "plan", "plan": "plan", "agreement": "commitment", "commitment": "commitment"}

_SUPERSEDED = {"CM13-049": "series:imrf"}
"""Announcements that something else took the place of, so that they are not shown as merely missed."""


def load_promises(facts: Framework, loaded: Loaded, actors: Actors, named: Named, statements: Named) -> None:
    """Load the promises that are measured, each with its targets."""
    for one in facts.promises:
        provision = f"provision:{one.instrument}:{one.provision}"
        given = {
            "title": one.label,
            "summary": one.summary,
            "provision": named[provision] if one.provision else "",
            "statement": statements[one.statement] if one.statement else "",
            "form": "common",
            "force": one.force,
            "scope": "global",
            "start": one.start,
            "due": one.due,
            "actors": [{"actor": actors[one.leads], "role": "lead"}],
            "themes": list(one.themes),
            **sourced(one),
        }
        public_id = put(loaded, "commitment", f"promise:{one.key}", int(one.start[:4]), given)
        _targets(facts, loaded, one.key, public_id)


def _targets(facts: Framework, loaded: Loaded, promise: str, public_id: str) -> None:
    own = [one for one in facts.promise_targets if one.promise == promise]
    for number, one in enumerate(own, start=1):
        given = {
            "title": one.label,
            "commitment": public_id,
            "indicator": one.indicator,
            "series": one.series,
            "area": one.area,
            "breakdown": one.breakdown,
            "each": one.each,
            "direction": one.direction,
            "value": one.value,
            "unit": one.unit,
            "date": one.date,
            "baseline_rule": one.baseline_rule,
            "baseline_period": one.baseline_period,
            "basis": one.basis,
            "link_strength": one.link_strength,
            "reason": one.reason,
            **sourced(one),
        }
        put(loaded, "target", f"promise_target:{promise}:{number}", int(one.date[:4]), given)


def load_announcements(
    facts: Framework, loaded: Loaded, actors: Actors, named: Named, statements: Named
) -> None:
    """Turn what was agreed or announced at the 13th meeting into commitments with owner and deadline."""
    why = {one.item_kind: one.reason for one in facts.unmeasurable}
    where = {one.item: list(one.areas) for one in facts.item_areas}
    for item in facts.meeting:
        if item.item_kind not in _FORCE:
            continue
        given = {
            "title": item.label_own_words,
            "statement": statements[item.id],
            "force": _FORCE[item.item_kind],
            "form": "common" if item.actor_type == "meeting" else "individual",
            "start": "2015-02",
            "due": item.due,
            "not_measurable": why[item.item_kind],
            "superseded_by": named[_SUPERSEDED[item.id]] if item.id in _SUPERSEDED else "",
            "actors": [{"actor": actors[split(item.actor)[0]], "role": "lead"}],
            "areas": where.get(item.id, []),
            "themes": [
                *(f"{EIGHT}:{one}" for one in item.eight_point),
                *(f"{TARGETS}:{one}" for one in item.sdg_target),
            ],
            **sourced(item),
        }
        put(loaded, "commitment", f"announced:{item.id}", 2015, given)


def load_work_plan(facts: Framework, loaded: Loaded, named: Named) -> None:
    """Load the work plan that the Global Migration Group told the meeting of; its items are not known here."""
    for item in facts.meeting:
        if item.item_kind == "work-plan":
            given = {"title": item.label_own_words, "body": named["body:gmg"], **sourced(item)}
            put(loaded, "work_plan", f"work_plan:{item.id}", 2015, given)
