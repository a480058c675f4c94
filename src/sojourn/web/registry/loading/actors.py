"""Actors that the facts speak of, each once, whatever capacity they spoke in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sojourn import areas
from sojourn.errors import NotFoundError
from sojourn.framework import Framework
from sojourn.framework.records import Fact
from sojourn.web.registry.loading.put import Loaded, name_in, put, sourced

_WITH_CAPACITY = re.compile(r"^(?P<name>[^()]+?)(?: \((?P<capacity>[^()]*)\))?$")

_COLLECTIVE = "meeting"
"""What the facts call a speaker who is the meeting itself."""

_PARENTS = {
    "UN DESA Population Division": "UN DESA",
    "UN DESA Statistics Division": "UN DESA",
    "UN DESA FfD Office": "UN DESA",
    "GMG data group": "GMG",
    "US Census Bureau": "United States of America",
}
_PARENT_TYPES = {"UN DESA": "un_entity", "GMG": "mechanism", "United States of America": "state"}
_AREAS = {"US Census Bureau": "USA"}

Actors = dict[str, str]
"""Name of an actor in the facts -> its public id."""


def split(name: str) -> tuple[str, str]:
    """Part the name of an actor from the capacity in which it spoke.

    >>> split("Bangladesh (GFMD chair 2016)"), split("SDSN")
    (('Bangladesh', 'GFMD chair 2016'), ('SDSN', ''))
    """
    found = _WITH_CAPACITY.match(name)
    return (found["name"], found["capacity"] or "") if found else (name, "")


def chairs(said: str) -> tuple[tuple[str, ...], str]:
    """Part who chaired from how.

    >>> chairs("Germany and Morocco (co-chairs)"), chairs("UN Women")
    ((('Germany', 'Morocco'), 'co-chairs'), (('UN Women',), ''))
    """
    name, how = split(said)
    return (tuple(name.split(" and ")) if how == "co-chairs" else (name,)), how


def load_actors(facts: Framework, loaded: Loaded) -> Actors:
    """Load every actor that meetings, bodies and promises name; what is said of it first says its type."""
    found: Actors = {}
    for name, actor_type, fact in _named(facts):
        if name in found:
            continue
        parent = _PARENTS.get(name, "")
        if parent and parent not in found:
            found[parent] = _actor(loaded, parent, _PARENT_TYPES[parent], "", fact)
        found[name] = _actor(loaded, name, actor_type, found.get(parent, ""), fact)
    return found


def _named(facts: Framework) -> Iterator[tuple[str, str, Fact]]:
    """Give the actors that facts name, with the type that they give them."""
    for item in facts.meeting:
        yield split(item.actor)[0], item.actor_type, item
    yield from ((one.member, "un_entity", one) for one in facts.members if one.is_known)
    for chair in facts.chairs:
        if chair.is_known:
            yield from ((one, "un_entity", chair) for one in chairs(chair.chair)[0])
    for summit in facts.summits:
        yield from ((one, "state", summit) for one in chairs(summit.chair)[0])
    yield from ((one.leads, one.lead_type, one) for one in facts.promises)


def _actor(loaded: Loaded, name: str, actor_type: str, parent: str, fact: Fact) -> str:
    area = _AREAS.get(name) or (_area(name) if actor_type == "state" else "")
    collective = actor_type == _COLLECTIVE or name in ("Civil society", "Member States of the United Nations")
    given = {
        "title": name,
        "type": "collective" if actor_type == _COLLECTIVE else actor_type,
        "area": area,
        "parent": parent,
        "collective": collective,
        **sourced(fact),
    }
    public_id = put(loaded, "actor", f"actor:{name}", 2015, given)
    if area and name not in _AREAS:
        for language in areas.LANGUAGES:
            if language != "en" and areas.has_name(area, language):
                name_in(public_id, language, areas.name(area, language))
    return public_id


def _area(name: str) -> str:
    try:
        return areas.resolve(name)
    except NotFoundError:
        return ""
