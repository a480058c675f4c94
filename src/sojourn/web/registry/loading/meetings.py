"""Meetings of both series, the agenda of the 13th Coordination Meeting, and what was said there."""

from __future__ import annotations

import re

from sojourn import areas
from sojourn.errors import NotFoundError
from sojourn.framework import Framework
from sojourn.web.registry.loading.actors import Actors, split
from sojourn.web.registry.loading.bodies import Named
from sojourn.web.registry.loading.put import Loaded, put, sourced
from sojourn.web.registry.loading.vocabularies import EIGHT, TARGETS

THE_MEETING = "coordination:13"
"""The meeting whose agenda the facts hold."""

_ABOUT = re.compile(r"about (\d+) participants")


def load_meetings(facts: Framework, loaded: Loaded, bodies: Named) -> Named:
    """Load the meetings of both series."""
    found: Named = {}
    for one in facts.coordination_meetings:
        counted = _ABOUT.search(one.certainty)
        given = {
            "title": f"Coordination Meeting on International Migration, number {one.number}",
            "summary": one.focus_own_words,
            "series": bodies["series:coordination"],
            "number": one.number,
            "start": one.start,
            "end": one.end,
            "edition": "advance copy" if one.number == 13 else "",
            "participants": int(counted[1]) if counted else None,
            "participants_note": counted[0] if counted else "",
            **sourced(one),
        }
        key = f"coordination:{one.number}"
        found[key] = put(loaded, "meeting", f"coordination_meetings:{one.number}", int(one.start[:4]), given)
    for summit in facts.summits:
        given = {
            "title": summit.theme_official_title or f"Summit meeting of the Global Forum, {summit.place}",
            "series": bodies["series:gfmd_summits"],
            "number": summit.number,
            "start": summit.start,
            "end": summit.end,
            "place": summit.place,
            "area": _area(summit.chair) if summit.place not in ("online", "Geneva") else "",
            "attribution": "none",
            "text_status": "official" if summit.theme_official_title else "own_summary",
            **sourced(summit),
        }
        found[f"summit:{summit.number}"] = put(
            loaded, "meeting", f"gfmd_summits:{summit.number}", int(summit.start[:4]), given
        )
    return found


def load_statements(facts: Framework, loaded: Loaded, actors: Actors, meetings: Named) -> Named:
    """Load the agenda of the 13th meeting as the report numbers it, and its items."""
    sections = _agenda(facts, loaded, meetings[THE_MEETING])
    found: Named = {}
    for position, item in enumerate(facts.meeting, start=1):
        name, capacity = split(item.actor)
        given = {
            "title": item.label_own_words,
            "agenda_item": sections[item.section],
            "actor": actors[name],
            "capacity": capacity,
            "type": item.item_kind,
            "due": item.due,
            "position": position,
            "themes": [
                *(f"{EIGHT}:{one}" for one in item.eight_point),
                *(f"{TARGETS}:{one}" for one in item.sdg_target),
            ],
            **sourced(item),
        }
        found[item.id] = put(loaded, "statement", f"meeting13_items:{item.id}", 2015, given)
    return found


def _agenda(facts: Framework, loaded: Loaded, meeting: str) -> Named:
    """Load the sections that the items name; `VI.1` lies in `VI`. The source's numbers stay, gaps and all."""
    found: Named = {}
    names = dict.fromkeys(
        part for item in facts.meeting for part in (item.section.partition(".")[0], item.section)
    )
    for position, name in enumerate(names, start=1):
        above = name.partition(".")[0]
        given = {
            "title": f"Section {name}",
            "meeting": meeting,
            "parent": found[above] if above != name else "",
            "source_number": name,
            "position": position,
            "source": "S1",
            "certainty": "verified",
            "certainty_note": "numbers as in the source; its titles are not recorded here",
        }
        found[name] = put(loaded, "agenda_item", f"meeting13_sections:{name}", 2015, given)
    return found


def _area(name: str) -> str:
    try:
        return areas.resolve(name)
    except NotFoundError:
        return ""
