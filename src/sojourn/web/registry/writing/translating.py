"""The translation of a public record: each text beside its original, in one of the six languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from sojourn.web.languages import N_, NAMES, plain
from sojourn.web.pages.rendering import only
from sojourn.web.registry.faults import DeniedError, InvalidError, RepeatedError
from sojourn.web.registry.services import content, once, wording
from sojourn.web.registry.services.persons import Person
from sojourn.web.registry.writing import editing, labels, pages
from sojourn.web.registry.writing.lists import Lists
from sojourn.web.registry.writing.opened import Opened, opened
from sojourn.web.said import say

TRANSLATED = N_("The translation was saved.")


@dataclass(frozen=True, slots=True)
class Pair:
    """A text, and its translation so far; `stale`: the original has changed since."""

    name: str
    label: str
    original: str
    text: str
    stale: bool


@pages.of_a_person
@require_http_methods(["GET", "POST"])
def translate(request: HttpRequest, language: str, person: Person, public_id: str, into: str) -> HttpResponse:
    """Show and take the translation of a record into a language."""
    record = opened(person, public_id)
    if why := record.refusal(person, "translate"):
        raise DeniedError(say(why))
    if request.method == "GET":
        only(request.GET)
        return _form(request, language, person, record, into)
    texts = {
        name: request.POST[f"text-{name}"]
        for name in wording.translatable(record.entity)
        if f"text-{name}" in request.POST
    }
    try:
        with transaction.atomic():
            once.use(person, f"translate:{public_id}:{into}", request.POST.get("token", ""))
            wording.translate(person, public_id, into, texts, request.POST.get("status", ""))
    except InvalidError as error:
        return _form(request, language, person, record, into, texts, error.problems)
    except RepeatedError as error:
        return editing.repeated(request, language, error)
    return pages.led(request, language, f"desk/{public_id}", plain(language, TRANSLATED))


def _form(
    request: HttpRequest,
    language: str,
    person: Person,
    record: Opened,
    into: str,
    texts: dict[str, str] | None = None,
    problems: dict[str, str] | None = None,
) -> HttpResponse:
    entity: Any = record.entity
    if into not in NAMES or into == entity.original_language:
        into, problems = entity.original_language, {"language": content.NOT_IN_LIST}
    kept = {one.field: one for one in entity.texts.filter(language=into)}
    pairs = [
        Pair(
            name,
            labels.label(str(entity.kind), name, language),
            str(getattr(entity, name)),
            (texts or {}).get(name, kept[name].text if name in kept else ""),
            name in kept and kept[name].stale,
        )
        for name in wording.translatable(entity)
        if getattr(entity, name)
    ]
    standings = {one.value: one for one in Lists(person, language).terms("text_status")}
    context = {
        "record": record,
        "into": into,
        "into_name": NAMES[into],
        "pairs": pairs,
        "standings": [standings[one] for one in wording.STANDINGS if one in standings],
        "problems": problems or {},
        "token": pages.token(person, f"translate:{entity.public_id}:{into}"),
        "status": request.POST.get("status", "unofficial_translation"),
        "names": NAMES,
    }
    return pages.drawn(request, language, "translate", context, 400 if problems else 200)
