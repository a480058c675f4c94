"""What a record of a table stands beside: its links to other records, its actors, areas, themes and evidence.

They are told as an import takes them: by public ids, areas and codes of terms, several of them beside one another.
Only public records are told, and no statement through which a reader would learn who spoke where nobody may know.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sojourn.web.registry import evidence
from sojourn.web.registry.models import Entry, Record, Statement, Term
from sojourn.web.registry.models.parts import PARTS, Evidence, Involvement, Place, Theme
from sojourn.web.registry.services import attribution
from sojourn.web.registry.services.bringing_in import BETWEEN

_STATEMENT = "statement"


def relations_of(model: type[Entry]) -> list[str]:
    """Name the links and parts of a kind that its table has as columns."""
    return [*(one.name for one in _links(model)), *(part.PART for part in PARTS)]


def related(model: type[Entry], entities: Sequence[Entry]) -> list[dict[str, str]]:
    """Tell what each of some public records stands beside, asking the database a few times for all of them.

    Args:
        model: their kind.
        entities: the records, of statements with their meetings.

    Returns:
        For each of them: link or part -> what stands there; an empty text where there is nothing to tell.
    """
    parts = _parts([one.pk for one in entities])
    links = _links(model)
    terms = [one for one in links if one.remote_field.model is Term]
    to_terms = {getattr(entity, one.attname) for entity in entities for one in terms}
    to_records = {getattr(entity, one.attname) for entity in entities for one in links if one not in terms}
    codes = Term.objects.in_bulk(to_terms - {None})
    records = _public(to_records)
    unnamed = _unnamed(model, entities)
    told = []
    for entity in entities:
        row = {}
        for one in links:
            key = getattr(entity, one.attname)
            found = codes.get(key) if one in terms else records.get(key)
            row[one.name] = "" if found is None or (one.name == _STATEMENT and key in unnamed) else str(found)
        row.update({part.PART: BETWEEN.join(parts[part.PART][entity.pk]) for part in PARTS})
        hidden = attribution.hidden(entity) if isinstance(entity, Statement) else frozenset()
        told.append({name: "" if name in hidden else value for name, value in row.items()})
    return told


def _links(model: type[Entry]) -> list[Any]:
    own = [one for one in model._meta.local_concrete_fields if one.is_relation and one.editable]
    return [one for one in own if one.name not in model.PRIVATE]


def _public(keys: set[Any]) -> dict[int, str]:
    """Give the public ids of those records that are public, by their numbers."""
    found = Record.objects.only("public_id", "state").in_bulk(keys - {None})
    return {key: one.public_id for key, one in found.items() if one.is_public}


def _unnamed(model: type[Entry], entities: Sequence[Entry]) -> set[int]:
    """Give the statements that some records come from and to which they must not lead back."""
    if _STATEMENT not in {one.name for one in _links(model)}:
        return set()
    keys = {getattr(one, f"{_STATEMENT}_id") for one in entities} - {None}
    found = Statement.objects.select_related("agenda_item__meeting").in_bulk(keys)
    return {key for key, one in found.items() if not attribution.names_speaker(one)}


def _parts(keys: Sequence[int]) -> Mapping[str, Mapping[int, list[str]]]:
    """Give the parts of some records: part -> number of the record -> what is told of each, once."""
    told: dict[str, dict[int, list[str]]] = {part.PART: defaultdict(list) for part in PARTS}

    def tell(part: Any, key: int, text: str) -> None:
        if text and text not in told[part.PART][key]:
            told[part.PART][key].append(text)

    involved = list(Involvement.objects.filter(record__in=keys).values_list("record", "actor"))
    actors = _public({actor for _, actor in involved})
    for key, actor in involved:
        tell(Involvement, key, actors.get(actor, ""))
    for key, area in Place.objects.filter(record__in=keys).values_list("record", "area"):
        tell(Place, key, area)
    for theme in Theme.objects.filter(record__in=keys).select_related("term"):
        tell(Theme, theme.record_id, str(theme.term))
    for shown in Evidence.objects.filter(record__in=keys):
        row = {name: getattr(shown, name) for name in evidence.COLUMNS}
        tell(Evidence, shown.record_id, evidence.written([row]))
    return told
