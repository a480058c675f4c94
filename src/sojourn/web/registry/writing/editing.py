"""Pages on which a text is begun and changed: saved by a press, or by themselves where JavaScript runs.

Both ways send the same form to the same service. A save by itself is answered in JSON with the next token and count
of saves; whoever has no JavaScript loses nothing but that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_http_methods

from sojourn.errors import NotFoundError
from sojourn.web.languages import N_, plain, translate
from sojourn.web.pages.rendering import only
from sojourn.web.registry.faults import ConflictError, DeniedError, InvalidError, RepeatedError
from sojourn.web.registry.models import KINDS, Actor, Version
from sojourn.web.registry.models import record as state
from sojourn.web.registry.services import attaching, content, once, permissions, workflow
from sojourn.web.registry.services.permissions import Subject
from sojourn.web.registry.services.persons import Person
from sojourn.web.registry.services.reading import visible
from sojourn.web.registry.writing import conflict, pages, sent
from sojourn.web.registry.writing.fields import Form, faults
from sojourn.web.registry.writing.labels import kind_label, kind_meaning
from sojourn.web.registry.writing.lists import Lists
from sojourn.web.registry.writing.opened import Opened, opened
from sojourn.web.said import again, quoted, say

SAVED = N_("Saved at {time} UTC.")
REGISTRY = "registry"
"""What the owner is called on a form where the registry itself answers for the text."""

Given = dict[str, Any]


@pages.of_a_person
@require_http_methods(["GET"])
def choose(request: HttpRequest, language: str, person: Person) -> HttpResponse:
    """Ask what is to be written: the kinds that this person's seats may begin."""
    only(request.GET)
    kinds = [one for one in KINDS if may_begin(person, one)]
    shown = [(one, kind_label(one, language), kind_meaning(one, language)) for one in kinds]
    return pages.drawn(request, language, "choose_kind", {"kinds": shown})


@pages.of_a_person
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, language: str, person: Person, kind: str) -> HttpResponse:
    """Begin a record of a kind."""
    if kind not in KINDS:
        raise NotFoundError(say("There is no kind {kind}", kind=quoted(kind)), accepted=", ".join(KINDS))
    listed = owners(person, kind, pages.institutions(person))
    if not listed:
        raise DeniedError(say(permissions.NOT_YOURS))
    if request.method == "GET":
        links = [one.name for one in content.columns(KINDS[kind]) if one.is_relation]
        only(request.GET, "owner", *links)
        values = _empty(kind, language) | {one: request.GET[one] for one in links if one in request.GET}
        return _form(request, language, person, kind, values, owner=request.GET.get("owner", ""))
    given = sent.text_of(kind, request.POST, person)
    owner = request.POST.get("owner", "")
    if "more" in request.POST:
        return _form(request, language, person, kind, given, owner=owner, more=request.POST["more"])
    try:
        with transaction.atomic():
            form = once.use(person, f"begin:{kind}", request.POST.get("token", ""))
            version = workflow.create(person, kind, given, owner=_owner(listed, owner))
            form.subject = version.record.public_id
            form.save(update_fields=["subject"])
    except InvalidError as error:
        return refused(request, language, person, kind, given, error, owner=owner)
    except RepeatedError as error:
        return repeated(request, language, error)
    return _saved(request, language, person, version)


@pages.of_a_person
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, language: str, person: Person, public_id: str) -> HttpResponse:
    """Change the text in work of a record."""
    record = opened(person, public_id)
    kind = record.entity.kind
    if request.method == "GET":
        only(request.GET)
        if why := record.refusal(person, "edit"):
            raise DeniedError(say(why))
        return _form(request, language, person, kind, record.content, record=record)
    given = sent.text_of(kind, request.POST, person)
    if "more" in request.POST:
        values = {**record.content, **given}
        return _form(request, language, person, kind, values, record=record, more=request.POST["more"])
    return _take(request, language, person, record, given)


def _take(request: HttpRequest, language: str, person: Person, record: Opened, given: Given) -> HttpResponse:
    """Save changes, or show what stands against that."""
    public_id, kind = str(record.entity.public_id), str(record.entity.kind)
    seen = pages.number(request.POST.get("edit", ""))
    try:
        with transaction.atomic():
            once.use(person, f"edit:{public_id}", request.POST.get("token", ""))
            version = workflow.edit(person, public_id, given, edit=seen)
    except InvalidError as error:
        return refused(request, language, person, kind, {**record.content, **given}, error, record=record)
    except RepeatedError as error:
        return repeated(request, language, error)
    except ConflictError:
        if pages.by_itself(request):
            return JsonResponse({"conflict": plain(language, conflict.SAVED_BY_ANOTHER)}, status=409)
        return conflict.both(request, language, person, record, given, seen)
    except DeniedError as error:
        return conflict.kept(request, language, person, record, given, error)
    return _saved(request, language, person, version)


def may_begin(person: Person, kind: str) -> list[int | None]:
    """List for which institutions somebody may begin a record of a kind, by number; None: for the registry itself."""
    found = (
        seat.actor
        for seat in person.seats
        if permissions.may(replace(person, seats=(seat,)), "create", Subject(kind, state.DRAFT, seat.actor))
    )
    return list(dict.fromkeys(found))


def owners(person: Person, kind: str, known: Mapping[int, Actor]) -> list[tuple[str, int | None]]:
    """Name the institutions for which somebody may begin a record of a kind: name on the form, and number.

    Args:
        known: the institutions in which they have a seat, by number.
    """
    return [(REGISTRY if one is None else str(known[one].public_id), one) for one in may_begin(person, kind)]


def _owner(listed: list[tuple[str, int | None]], named: str) -> int | None:
    """Give the number of the institution that a form names; the only one, where it names none.

    Raises:
        DeniedError: it is none of those for which the person may write.
    """
    if not named and len(listed) == 1:
        return listed[0][1]
    for name, numbered in listed:
        if name == named:
            return numbered
    raise DeniedError(say(permissions.NOT_YOURS))


def _empty(kind: str, language: str) -> Given:
    values: Given = {one.name: one.get_default() for one in content.columns(KINDS[kind])}
    return values | {"original_language": language}


def _form(
    request: HttpRequest,
    language: str,
    person: Person,
    kind: str,
    values: Given,
    *,
    record: Opened | None = None,
    owner: str = "",
    problems: dict[str, str] | None = None,
    more: str = "",
) -> HttpResponse:
    holding = request.holding
    form = Form(
        kind,
        language,
        Lists(person, language),
        values,
        problems or {},
        files=attaching.files_of(person, record.entity) if record else (),
        more=more,
        series={code: str(one["name"]) for code, one in holding.series.items()} if kind == "target" else {},
    )
    groups = form.groups()
    known = pages.institutions(person)
    listed = [
        (name, known[numbered].title if numbered else "") for name, numbered in owners(person, kind, known)
    ]
    purpose = f"edit:{record.entity.public_id}" if record else f"begin:{kind}"
    context = {
        "kind": kind,
        "kind_label": kind_label(kind, language),
        "kind_meaning": kind_meaning(kind, language),
        "groups": groups,
        "suggested": form.suggested,
        "faults": faults(groups),
        "record": record,
        "owners": [] if record else listed,
        "owner": owner,
        "token": pages.token(person, purpose),
        "edit": pages.number(request.POST["edit"]) if "edit" in request.POST else None,
        "more": more,
    }
    return pages.drawn(request, language, "form", context, 400 if problems else 200)


def refused(
    request: HttpRequest,
    language: str,
    person: Person,
    kind: str,
    values: Given,
    error: InvalidError,
    *,
    record: Opened | None = None,
    owner: str = "",
) -> HttpResponse:
    """Show the form again, with what cannot be saved as it is beside each field."""
    problems = sent.cells(values, error.problems, content.Lookup(visible(person)))
    if pages.by_itself(request):
        told = translate(language, NOT_SAVED, count=len(error.problems)).striptags()
        return JsonResponse({"problems": told}, status=400)
    return _form(request, language, person, kind, values, record=record, owner=owner, problems=problems)


NOT_SAVED = N_("Not saved yet: fields that need you: {count}")


def _saved(request: HttpRequest, language: str, person: Person, version: Version) -> HttpResponse:
    name = version.record.public_id
    if pages.by_itself(request):
        answer = {
            "address": f"/{language}/registry/desk/{name}/edit",
            "edit": version.edit,
            "token": pages.token(person, f"edit:{name}"),
        }
        return JsonResponse(answer)
    told = translate(language, SAVED, time=pages.clock())
    on = f"desk/{name}/edit" if "stay" in request.POST else f"desk/{name}"
    return pages.led(request, language, on, told.striptags())


def repeated(request: HttpRequest, language: str, error: RepeatedError) -> HttpResponse:
    """Tell that a form was taken before, and lead to what it wrote."""
    if pages.by_itself(request):
        return JsonResponse({"conflict": again(language, error.what).striptags()}, status=409)
    return pages.drawn(request, language, "sent_before", {"subject": error.subject}, 409)
