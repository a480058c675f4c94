"""The page of a record in work – its text, where it stands, what can be done – and the page of each step."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from sojourn.errors import NotFoundError
from sojourn.web.languages import plain
from sojourn.web.pages.rendering import only
from sojourn.web.registry.faults import ConflictError, DeniedError, InvalidError, RepeatedError
from sojourn.web.registry.models import KINDS, Version
from sojourn.web.registry.services import attaching, content, once, reviewing
from sojourn.web.registry.services.persons import Person
from sojourn.web.registry.writing import editing, pages
from sojourn.web.registry.writing.labels import kind_label
from sojourn.web.registry.writing.lists import ABOUT_ANY
from sojourn.web.registry.writing.opened import Opened, opened
from sojourn.web.registry.writing.saying import Saying
from sojourn.web.registry.writing.steps import REPLY, Step, offered, step_of
from sojourn.web.said import say


@pages.of_a_person
@require_http_methods(["GET"])
def work(request: HttpRequest, language: str, person: Person, public_id: str) -> HttpResponse:
    """Show a record as whoever works on it sees it."""
    only(request.GET)
    record = opened(person, public_id)
    kind = str(record.entity.kind)
    context = {
        "record": record,
        "kind_label": kind_label(kind, language),
        "groups": Saying(kind, person, language, record.content).groups(record.content, "title", "summary"),
        "offered": offered(person, record),
        "may_edit": record.refusal(person, "edit") is None,
        "may_attach": record.refusal(person, "attach") is None,
        "may_translate": record.refusal(person, "translate") is None,
        "files": attaching.files_of(person, record.entity),
        "token": pages.token(person, f"file:{public_id}"),
        "reviews": _reviews(record.version),
        "endorsements": list(record.version.endorsements.select_related("seat__actor")),
        "in_favour": reviewing.in_favour(record.version),
        "needed": reviewing.NEEDED,
        "more": _more(person, kind, language),
        "owner": record.entity.owner,
        "second_factor": person.second_factor,
    }
    return pages.drawn(request, language, "work", context)


def _reviews(version: Version) -> list[Any]:
    return list(version.reviews.filter(edit=version.edit).select_related("seat__actor"))


def _more(person: Person, kind: str, language: str) -> list[tuple[str, str, str]]:
    """List what can be written about a record of a kind: kind, its name, and the field that links it."""
    found = []
    for other, model in KINDS.items():
        for column in content.columns(model):
            to_this = column.is_relation and not column.blank and column.remote_field.model is KINDS[kind]
            about_this = kind in ABOUT_ANY.get((other, column.name), ()) and not column.blank
            if (to_this or about_this) and editing.may_begin(person, other):
                found.append((other, kind_label(other, language), column.name))
                break
    return found


@pages.of_a_person
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, language: str, person: Person, public_id: str, name: str) -> HttpResponse:
    """Say what a step does, ask what it needs, and take it."""
    taken = step_of(name)
    record = opened(person, public_id)
    if request.method == "GET":
        only(request.GET)
        if why := record.refusal(person, taken.action):
            raise DeniedError(say(why))
        return _asked(request, language, person, record, taken)
    given = {one: request.POST[one] for one in request.POST}
    seen = pages.number(given.get("edit", ""))
    try:
        with transaction.atomic():
            form = once.use(person, f"{name}:{public_id}", given.get("token", ""))
            made = taken.take(person, public_id, seen, given)
            form.subject = made.record.public_id if taken.asks == REPLY else public_id
            form.save(update_fields=["subject"])
    except InvalidError as error:
        return _asked(request, language, person, record, taken, given, error.problems)
    except ConflictError:
        return pages.drawn(request, language, "changed", {"record": opened(person, public_id)}, 409)
    except RepeatedError as error:
        return editing.repeated(request, language, error)
    return _led_on(request, language, person, form.subject, taken)


def _led_on(request: HttpRequest, language: str, person: Person, public_id: str, taken: Step) -> HttpResponse:
    """Lead to the record, if the person may still see it; else to their desk."""
    told = plain(language, taken.done)
    try:
        opened(person, public_id)
    except NotFoundError:
        return pages.led(request, language, "desk", told)
    return pages.led(request, language, f"desk/{public_id}", told)


def _asked(
    request: HttpRequest,
    language: str,
    person: Person,
    record: Opened,
    taken: Step,
    given: dict[str, str] | None = None,
    problems: dict[str, str] | None = None,
) -> HttpResponse:
    name = str(record.entity.public_id)
    saying = Saying(str(record.entity.kind), person, language, record.content)
    context = {
        "record": record,
        "groups": saying.groups(record.content, "title"),
        "step": taken,
        "given": given or ({"annotation": record.entity.annotation} if taken.asks == "annotation" else {}),
        "problems": problems or {},
        "token": pages.token(person, f"{taken.name}:{name}"),
        "edit": record.version.edit,
        "criteria": reviewing.CRITERIA,
    }
    return pages.drawn(request, language, "step", context, 400 if problems else 200)
