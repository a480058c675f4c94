"""Saves what a person chose of two texts; where somebody saved again in between, asks again."""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from sojourn.web.languages import N_
from sojourn.web.registry.faults import ConflictError, DeniedError, InvalidError, RepeatedError
from sojourn.web.registry.services import once, workflow
from sojourn.web.registry.services.persons import Person
from sojourn.web.registry.writing import conflict, editing, pages
from sojourn.web.registry.writing.opened import opened
from sojourn.web.said import say

NOTHING_TO_MERGE = N_("This form holds no text to go on with. Open the record again.")
MERGED = N_("What you chose was saved. Look at it once more.")


@pages.of_a_person
@require_http_methods(["POST"])
def merge(request: HttpRequest, language: str, person: Person, public_id: str) -> HttpResponse:
    """Save the fields of the own text that were chosen; all others stay as the other person saved them."""
    record = opened(person, public_id)
    mine = _mine(request.POST.get("mine", ""))
    seen = pages.number(request.POST.get("edit", ""))
    chosen = {
        name: value for name, value in mine.items() if request.POST.get(f"keep-{name}") == conflict.MINE
    }
    try:
        with transaction.atomic():
            once.use(person, f"merge:{public_id}", request.POST.get("token", ""))
            if chosen:
                workflow.edit(person, public_id, chosen, edit=seen)
    except ConflictError:
        return conflict.both(request, language, person, record, mine, seen)
    except InvalidError as error:
        values = {**record.content, **chosen}
        return editing.refused(request, language, person, record.entity.kind, values, error, record=record)
    except RepeatedError as error:
        return editing.repeated(request, language, error)
    except DeniedError as error:
        return conflict.kept(request, language, person, record, mine, error)
    return pages.led(request, language, f"desk/{public_id}/edit", MERGED)


def _mine(text: str) -> dict[str, Any]:
    try:
        read = json.loads(text)
    except ValueError:
        read = None
    if not isinstance(read, dict):
        raise DeniedError(say(NOTHING_TO_MERGE))
    return read
