"""The pages of a commitment and of a target: what is measured by the release beside what is reported."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpRequest

from sojourn.web.pages import pictures
from sojourn.web.registry.measuring import measured, picture_of
from sojourn.web.registry.models import Commitment, Involvement, ProgressReport, Record, Target
from sojourn.web.registry.public.told import Told, linked, passed, themes
from sojourn.web.registry.services.attribution import no_unnamed_statement
from sojourn.web.registry.writing import labels

_REPORTS = 200
_RELEASES = 20
"""Releases of which a target's page says what they found, the newest first."""


def commitment(found: Any, told: Told, request: HttpRequest) -> tuple[str, dict[str, Any]]:
    """Show the promise beside what is measured and what is reported."""
    _name_actors(found)
    targets = list(Target.objects.public().filter(commitment=found).select_related("owner"))
    for one in targets:
        one.commitment = found
    joins = measured(targets, request.holding)
    reports = _reports(found)
    actors = [one for one in found.actors.all() if one.actor.is_public]
    keys = (found.provision_id, found.statement_id, found.superseded_by_id)
    origin = linked(*keys, may_be=no_unnamed_statement())
    reporting = [one.owner for one in (*reports, *targets) if one.owner]
    told.know([found, *targets, *(one.actor for one in actors), *origin, *reporting])
    by_pk = {one.pk: one for one in origin}
    return "commitment", {
        "promise": found,
        "targets": [(one, joins[str(one.public_id)]) for one in targets],
        "picture_of": picture_of,
        "reports": reports,
        "actors": actors,
        "provision": by_pk.get(found.provision_id),
        "statement": by_pk.get(found.statement_id),
        "superseded_by": by_pk.get(found.superseded_by_id),
        "themes": themes(found),
        "passed": passed,
        "drawn": pictures.available(),
    }


def target(found: Any, told: Told, request: HttpRequest) -> tuple[str, dict[str, Any]] | None:
    """Show what is measured of a target beside what is reported on its commitment, and what each release said.

    Returns:
        Template and context; None where the commitment, which says whose deed it is, is not public: nothing is
        measured then.
    """
    promise = Commitment.objects.public().filter(pk=found.commitment_id).select_related("owner").first()
    if promise is None:
        return None
    _name_actors(promise)
    found.commitment = promise
    join = measured([found], request.holding)[str(found.public_id)]
    reports = _reports(promise)
    told.know([found, promise, *(one.owner for one in (*reports, found) if one.owner)])
    return "target", {
        "promise": promise,
        "targets": [(found, join)],
        "picture_of": picture_of,
        "reports": reports,
        "passed": passed,
        "drawn": pictures.available(),
        "label": lambda field: labels.label(Target.KIND, field, told.language),
        "states": list(found.states.order_by("-at", "-pk")[:_RELEASES]),
    }


def _name_actors(promise: Commitment) -> None:
    """Have at hand whose deed a promise is, hidden actors too: what gives a state hangs on all of them."""
    prefetch_related_objects(
        [promise], Prefetch("actors", queryset=Involvement.objects.select_related("actor"))
    )


def _reports(promise: Record) -> list[ProgressReport]:
    rows = ProgressReport.objects.public().filter(about=promise).select_related("owner")
    return list(rows.order_by("-period_end", "-pk")[:_REPORTS])
