"""Where a report and a measurement differ: a page for editors and for the owner, and for nobody else.

Whoever may not see it is told that there is no such page, as of a draft.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from sojourn.errors import NotFoundError
from sojourn.web.pages.rendering import only, render
from sojourn.web.registry.contradictions import Contradiction
from sojourn.web.registry.models import Target
from sojourn.web.registry.models.record import PUBLISHED
from sojourn.web.registry.public.told import Told
from sojourn.web.registry.services.judging import to_look_at
from sojourn.web.registry.services.permissions import Subject, may
from sojourn.web.registry.services.persons import Person, person_of

ON_TRACK, TOO_SLOW = "on_track", "too slow"


def differences(request: HttpRequest, language: str) -> HttpResponse:
    """List the promises that are measured as too slow though reported on track, then all others that differ."""
    only(request.GET)
    person = person_of(request.user)
    if not sees_any(person):
        raise NotFoundError(f"There is no page {request.path[:80]!r}")
    found = to_look_at(request.holding)
    targets = {
        str(one.public_id): one
        for one in Target.objects.filter(public_id__in=[one.key for one in found]).select_related(
            "commitment__owner"
        )
    }
    seen = [(one, targets[one.key]) for one in found if sees(person, targets[one.key].commitment)]
    told = Told(language, [target.commitment for _, target in seen])
    told.know(target.commitment.owner for _, target in seen if target.commitment.owner)
    asked = [row for row in seen if _is_asked(row[0])]
    context = {"asked": asked, "others": [row for row in seen if row not in asked], "told": told}
    return render(request, language, "registry/answers/differences.html", context)


def _is_asked(one: Contradiction) -> bool:
    return (one.stated, one.measured) == (ON_TRACK, TOO_SLOW)


def sees(person: Person, commitment: Any) -> bool:
    """Tell whether somebody may see how the reports on a promise compare with its numbers."""
    return may(person, "compare", Subject("commitment", commitment.state, commitment.owner_id))


def sees_any(person: Person) -> bool:
    """Tell whether there is any promise of which somebody might see that."""
    owners = {None, *(one.actor for one in person.seats)}
    return any(may(person, "compare", Subject("commitment", PUBLISHED, owner)) for owner in owners)
