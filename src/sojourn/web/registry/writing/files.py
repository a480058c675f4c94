"""Files of a record: added by a form, taken away again, and handed out to be saved, never to be shown."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods
from markupsafe import Markup

from sojourn.errors import UsageError
from sojourn.web.languages import N_, plain
from sojourn.web.registry import attachments
from sojourn.web.registry.faults import ConflictError, InvalidError, RepeatedError
from sojourn.web.registry.services import attaching, once
from sojourn.web.registry.services.persons import Person, person_of
from sojourn.web.registry.writing import editing, pages
from sojourn.web.registry.writing.opened import opened
from sojourn.web.said import Said, again, say

ADDED, TAKEN_AWAY = N_("The file was added."), N_("The file was taken away.")
NO_FILE = N_("Choose a file first.")


@pages.of_a_person
@require_http_methods(["POST"])
def files(request: HttpRequest, language: str, person: Person, public_id: str) -> HttpResponse:
    """Add a file to a text in work, or take one away."""
    record = opened(person, public_id)
    seen = pages.number(request.POST.get("edit", ""))
    try:
        with transaction.atomic():
            once.use(person, f"file:{public_id}", request.POST.get("token", ""))
            if "remove" in request.POST:
                attaching.detach(person, public_id, pages.number(request.POST["remove"]), edit=seen)
            else:
                sent = request.FILES.get("file")
                if sent is None:
                    raise InvalidError({"file": NO_FILE})
                attaching.attach(person, public_id, sent.name or "", sent.read(), edit=seen)
    except RepeatedError as error:
        return editing.repeated(request, language, error)
    except ConflictError:
        return pages.drawn(request, language, "changed", {"record": opened(person, public_id)}, 409)
    except (InvalidError, attachments.RefusedFileError) as error:
        why = say(error.problems["file"]) if isinstance(error, InvalidError) else error.what
        context = {"record": record, "why": again(language, why), "accepted": _possible(language, error)}
        return pages.drawn(request, language, "file_refused", context, 400)
    told = TAKEN_AWAY if "remove" in request.POST else ADDED
    return pages.led(request, language, f"desk/{public_id}", plain(language, told))


@require_http_methods(["GET"])
def file(request: HttpRequest, language: str, public_id: str, number: int) -> HttpResponse:
    """Hand out a file to whoever may read its record."""
    found, content = attaching.hand_out(person_of(request.user), public_id, number)
    return HttpResponse(content, headers=attachments.headers(found.name, found.media_type))


def _possible(language: str, error: UsageError) -> Markup:
    """Say what a refused file could have been; services tell fields, and no files."""
    if isinstance(error, InvalidError) or not error.accepted:
        return Markup("")
    if isinstance(error.accepted, Said):
        return again(language, error.accepted)
    return Markup('<bdi dir="ltr">{}</bdi>').format(error.accepted)
