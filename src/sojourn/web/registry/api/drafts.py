"""Writing with a personal key: begin a record, change a text in work, begin a next version, submit.

The services decide, as they do for the pages: the right of the key's seat, the text that was seen, the event in the
same transaction. Deciding – endorsing, reviewing, publishing – is for people, and has no address here."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from sojourn.errors import UsageError
from sojourn.web.pages.rendering import only
from sojourn.web.registry.api import schemas
from sojourn.web.registry.api.answers import answer
from sojourn.web.registry.api.keys import WRITES, beginner, writer
from sojourn.web.registry.api.records import router as _router
from sojourn.web.registry.api.records import written
from sojourn.web.registry.models import KINDS
from sojourn.web.registry.services import workflow

router = _router
"""That of reading: what is read and what is written have the same addresses."""

_DONE: dict[int, Any] = {200: schemas.Written, **schemas.WRITING}


@router.post(
    "/records", response={201: schemas.Written, **schemas.WRITING}, auth=WRITES, summary="Begin a record"
)
def begin(request: HttpRequest, begun: schemas.Begun) -> HttpResponse:
    """Begin a record as a draft, for the institution in which the key's seat is held."""
    only(request.GET)
    person = beginner(request)
    if begun.kind not in KINDS:
        raise UsageError(f"There is no kind {begun.kind[:40]!r}", where="kind", accepted=", ".join(KINDS))
    version = workflow.create(person, begun.kind, begun.content, owner=person.seats[0].actor)
    made = written(version)
    response = answer(made, 201)
    response.headers["Location"] = made["href"]
    return response


@router.patch("/records/{public_id}", response=_DONE, auth=WRITES, summary="Change a text in work")
def edit(request: HttpRequest, public_id: str, edited: schemas.Edited) -> HttpResponse:
    """Change a draft, or a text that was returned. Where somebody else has saved since, nothing is written."""
    only(request.GET)
    return answer(written(workflow.edit(writer(request), public_id, edited.content, edit=edited.edit)))


@router.post("/records/{public_id}/revise", response=_DONE, auth=WRITES, summary="Begin the next version")
def revise(request: HttpRequest, public_id: str) -> HttpResponse:
    """Begin the next version of a published text, beside it."""
    only(request.GET)
    return answer(written(workflow.revise(writer(request), public_id)))


@router.post("/records/{public_id}/submit", response=_DONE, auth=WRITES, summary="Submit a text")
def submit(request: HttpRequest, public_id: str, seen: schemas.Seen) -> HttpResponse:
    """Hand a text to the validator of the own institution."""
    only(request.GET)
    return answer(written(workflow.submit(writer(request), public_id, edit=seen.edit)))
