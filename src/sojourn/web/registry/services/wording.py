"""What stands beside an owner's words without changing them: translations, and a secretariat's annotation."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from sojourn.web.registry.faults import InvalidError
from sojourn.web.registry.models import Record, Text
from sojourn.web.registry.models import record as state
from sojourn.web.registry.models.fields import LANGUAGES
from sojourn.web.registry.services import audit, content, indexing
from sojourn.web.registry.services.persons import Held, Person
from sojourn.web.registry.services.reading import find, subject_of
from sojourn.web.registry.services.steps import allowed, lock

STANDINGS = ("official", "unofficial_translation", "machine_translation")
"""What a translation may be. It says so beside the text."""


@transaction.atomic
def translate(
    person: Person,
    public_id: str,
    language: str,
    texts: dict[str, str],
    status: str = "unofficial_translation",
) -> list[Text]:
    """Translate columns of a public record. The translation falls behind once the original changes.

    Args:
        texts: column -> its text in the language; an empty one removes the translation.
        status: one of `STANDINGS`.

    Raises:
        DeniedError, NotFoundError: as their names say.
        InvalidError: a column is no text, or the language is that of the original.
    """
    entity = find(person, public_id)
    seat = allowed(person, "translate", subject_of(entity))
    lock(entity)
    problems = _problems(entity, language, texts, status)
    if problems:
        raise InvalidError(problems)
    kept = []
    for field, text in texts.items():
        if not text.strip():
            entity.texts.filter(field=field, language=language).delete()
            continue
        given = {
            "text": text.strip(),
            "version": entity.published_version,
            "status": status,
            "stale": False,
            "by_id": seat.seat,
            "changed": timezone.now(),
        }
        kept.append(entity.texts.update_or_create(field=field, language=language, defaults=given)[0])
    indexing.index(entity)
    _note("translated", entity, person, seat, {"language": language, "texts": texts})
    return kept


def translatable(entity: Record) -> tuple[str, ...]:
    """List the columns of a record that hold text to be translated."""
    private = set(getattr(entity, "PRIVATE", ()))
    return tuple(
        one.name
        for one in content.columns(type(entity))
        if one.get_internal_type() == "TextField" or one.name == "title"
        if one.name not in private | {"source", "certainty_note"}
    )


@transaction.atomic
def annotate(person: Person, public_id: str, annotation: str, themes: list[str] | None = None) -> Record:
    """Put a summary by a secretariat beside the owner's words, and file the record under further themes.

    The text of the owner, and the themes that the owner chose, stay as they are.

    Raises:
        InvalidError: a theme is not in its list.
    """
    entity = find(person, public_id)
    seat = allowed(person, "annotate", subject_of(entity))
    lock(entity)
    if len(annotation) > content.LONGEST:
        raise InvalidError({"annotation": content.TOO_LONG})
    lookup = content.Lookup()
    terms = [lookup.term(*one.partition(":")[::2]) for one in themes or []]
    if None in terms:
        raise InvalidError({"themes": content.NOT_IN_LIST})
    entity.annotation, entity.annotated_by_id = annotation.strip(), seat.seat
    entity.changed = timezone.now()
    entity.save(update_fields=["annotation", "annotated_by", "changed"])
    for term in terms:
        entity.themes.get_or_create(term_id=term)
    indexing.index(entity)
    _note("annotated", entity, person, seat, {"annotation": entity.annotation, "themes": themes or []})
    return entity


def _problems(entity: Record, language: str, texts: dict[str, str], status: str) -> dict[str, str]:
    problems = {one: content.UNKNOWN_FIELD for one in texts if one not in translatable(entity)}
    problems |= {one: content.TOO_LONG for one, text in texts.items() if len(text) > content.LONGEST}
    if language not in LANGUAGES or language == entity.original_language:
        problems["language"] = content.NOT_IN_LIST
    if status not in STANDINGS:
        problems["status"] = content.NOT_IN_LIST
    return problems


def _note(verb: str, entity: Record, person: Person, seat: Held, told: dict[str, object]) -> None:
    audit.note(
        verb,
        entity.public_id,
        account=person.account,
        seat=seat.seat,
        version=entity.published_version if entity.state in state.PUBLIC else None,
        told=told,
    )
