"""Instruments and their provisions: declaration, agendas, compact, plan of civil society, targets of 2030."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sojourn.framework import Framework
from sojourn.framework.records import Fact
from sojourn.web.registry.loading.bodies import Named
from sojourn.web.registry.loading.put import Loaded, put, sourced
from sojourn.web.registry.loading.vocabularies import CIVIL, EIGHT, OBJECTIVES, TARGETS

_SUGGESTED = "Suggested by an editor; a judgement that awaits one who knows the field."

_Rows = Iterable[tuple[str, dict[str, Any], Fact]]


def load_instruments(facts: Framework, loaded: Loaded) -> Named:
    """Load instruments and provisions.

    Returns:
        `instrument:<key>` and `provision:<key>:<number>` -> public id.
    """
    found: Named = {}
    for one in facts.instruments:
        given = {
            "title": one.label,
            "symbol": one.symbol,
            "type": one.type,
            "force": one.standing,
            "adopted": one.adopted,
            "adopted_by": one.adopted_by,
            **sourced(one),
        }
        key = f"instrument:{one.key}"
        found[key] = put(loaded, "instrument", key, int(one.adopted[:4]), given)
    _provisions(loaded, found, "declaration_2013", _declaration(facts))
    _provisions(loaded, found, "eight_point_2013", _points(facts.eight_point, EIGHT))
    _provisions(loaded, found, "civil_society_2013", _points(facts.civil_society, CIVIL))
    _provisions(loaded, found, "gcm_2018", _objectives(facts))
    _provisions(loaded, found, "agenda_2030", _targets(facts))
    return found


def _provisions(loaded: Loaded, found: Named, instrument: str, rows: _Rows) -> None:
    """Load provisions in their order; where the source's number is not known, the place in the list is the key."""
    for position, (number, more, fact) in enumerate(rows, start=1):
        given = {
            "instrument": found[f"instrument:{instrument}"],
            "number": number,
            "position": position,
            **more,
            **sourced(fact),
        }
        key = f"provision:{instrument}:{position}"
        made = put(loaded, "provision", key, _year(instrument), given)
        found[f"provision:{instrument}:{number}" if number else key] = made


def _year(instrument: str) -> int:
    return {"gcm_2018": 2018, "agenda_2030": 2015}.get(instrument, 2013)


def _declaration(facts: Framework) -> _Rows:
    for one in facts.declaration:
        themes = [f"{EIGHT}:{point}" for point in one.eight_point]
        yield one.paragraph, {"title": one.label_own_words, "force": one.force, "themes": themes}, one


def _points(points: Iterable[Any], scheme: str) -> _Rows:
    for one in points:
        yield str(one.number), {"title": one.label_own_words, "themes": [f"{scheme}:{one.number}"]}, one


def _objectives(facts: Framework) -> _Rows:
    for one in facts.objectives:
        yield str(one.number), {"title": one.label_own_words, "themes": [f"{OBJECTIVES}:{one.number}"]}, one


def _targets(facts: Framework) -> _Rows:
    for one in facts.targets:
        yield one.target, {"title": one.label_own_words, "themes": [f"{TARGETS}:{one.target}"]}, one


def load_crosswalks(facts: Framework, loaded: Loaded, provisions: Named) -> None:
    """Load what an editor holds of the compact and of the Declaration: which targets and points they go with."""
    for objective in facts.objectives:
        provision = provisions[f"provision:gcm_2018:{objective.number}"]
        terms = [
            *(f"{TARGETS}:{one}" for one in objective.sdg_targets_suggested),
            *(f"{EIGHT}:{one}" for one in objective.eight_point_suggested),
        ]
        for term in terms:
            _crosswalk(loaded, f"gcm_2018:{objective.number}", provision, term, _SUGGESTED, objective)
    for link in facts.declaration_links:
        place = f"declaration_2013:{link.position}"
        paragraph = facts.declaration[link.position - 1].paragraph
        provision = provisions[
            f"provision:declaration_2013:{paragraph}" if paragraph else f"provision:{place}"
        ]
        _crosswalk(loaded, place, provision, f"{TARGETS}:{link.target}", link.reason, link)


def _crosswalk(loaded: Loaded, place: str, provision: str, term: str, reason: str, fact: Fact) -> None:
    given = {
        "title": f"{provision} and {term}",
        "provision": provision,
        "term": term,
        "relation": "related",
        "reason": reason,
        **sourced(fact),
    }
    put(loaded, "crosswalk", f"crosswalk:{place}:{term}", _year(place.partition(":")[0]), given)
