"""Bodies with their members and chairs, series of meetings, and what took the place of what."""

from __future__ import annotations

from sojourn.framework import Framework
from sojourn.web.registry.loading.actors import Actors, chairs
from sojourn.web.registry.loading.put import Loaded, put, sourced

Named = dict[str, str]
"""Key in the facts -> public id."""

_GMG, _GFMD = "body:gmg", "body:gfmd"


def load_bodies(facts: Framework, loaded: Loaded, actors: Actors) -> Named:
    """Load bodies and series of meetings, and their successions."""
    found: Named = {}
    for body in facts.bodies:
        given = {
            "title": body.label,
            "type": body.type,
            "standing": body.standing,
            "valid_from": body.start,
            "valid_to": body.end,
            "mandate": body.mandate,
            "actor": actors["GMG"] if body.key == "gmg" else "",
            **sourced(body),
        }
        key = f"body:{body.key}"
        found[key] = put(loaded, "body", key, int(body.start[:4]), given)
    for series in facts.series:
        given = {
            "title": series.label,
            "body": found[f"body:{series.body}"] if series.body else "",
            "mandate": series.mandate,
            "standing": series.standing,
            **sourced(series),
        }
        key = f"series:{series.key}"
        found[key] = put(loaded, "series", key, 2002, given)
    for one in facts.successions:
        given = {
            "title": f"{found[one.later]} after {found[one.earlier]}",
            "earlier": found[one.earlier],
            "later": found[one.later],
            "relation": one.relation,
            "date": one.date,
            **sourced(one),
        }
        put(loaded, "succession", f"succession:{one.earlier}:{one.later}", int(one.date[:4]), given)
    return found


def load_memberships(facts: Framework, loaded: Loaded, actors: Actors, bodies: Named) -> None:
    """Load members and chairs of the Global Migration Group, and chairs of the Global Forum.

    A gap in the chair is a row too: that nobody is known to have chaired is a fact with its source.
    """
    for member in facts.members:
        given = {
            "title": member.member,
            "body": bodies[_GMG],
            "actor": actors[member.member] if member.is_known else "",
            "role": "member",
            "as_of": member.as_of,
            **sourced(member),
        }
        put(loaded, "membership", f"gmg_members:{member.member}", int(member.as_of[:4]), given)
    for chair in facts.chairs:
        names, how = chairs(chair.chair) if chair.is_known else ((), "")
        for name in names or (chair.chair,):
            given = {
                "title": name,
                "body": bodies[_GMG],
                "actor": actors[name] if names else "",
                "role": "co_chair" if how == "co-chairs" else "chair",
                "valid_from": chair.start,
                "valid_to": chair.end,
                **sourced(chair),
            }
            put(loaded, "membership", f"gmg_chairs:{chair.start}:{name}", int(chair.start[:4]), given)
    for summit in facts.summits:
        names, how = chairs(summit.chair)
        for name in names:
            given = {
                "title": name,
                "body": bodies[_GFMD],
                "actor": actors[name],
                "role": "co_chair" if how == "co-chairs" else "chair",
                "as_of": summit.start[:4],
                **sourced(summit),
            }
            put(loaded, "membership", f"gfmd_chairs:{summit.number}:{name}", int(summit.start[:4]), given)
