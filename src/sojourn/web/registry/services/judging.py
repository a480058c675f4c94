"""Takes a new release in: what it says of each target is written down once, and each change is logged with both names.

The pages judge by the release that they show. This keeps the history: which release said what, and when a state
changed. The site does it when it begins to show a release; doing it again changes nothing.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.db import DatabaseError, connections, transaction
from django.utils import timezone

from sojourn.errors import SojournError
from sojourn.release.promises import Change, Join
from sojourn.web.holding import Holding
from sojourn.web.registry.contradictions import TAKES_A_STAND, Contradiction, contradictions
from sojourn.web.registry.measuring import measured
from sojourn.web.registry.models import MeasuredState, Target
from sojourn.web.registry.models.record import PUBLIC
from sojourn.web.registry.services import audit

CONTEXT = "context"
"""What is written for a target that gives no state: a figure around a promise, and not of it."""

_AT_ONCE = 25
"""Targets of one transaction; judging one takes some hundredths of a second."""

_log = logging.getLogger("sojourn.web")


def take_in(holding: Holding) -> None:
    """Take a release in beside the readers, in a thread of its own; what goes wrong is logged, and tried anew later.

    Several processes may do so at once: who comes second finds it done.
    """
    try:
        changed = take_release(holding)
    except (DatabaseError, SojournError) as error:
        _log.warning("targets were not judged by release %s: %s", holding.name, error)
    else:
        _log.info("targets are judged by release %s; %d states changed", holding.name, len(changed))
    finally:
        connections.close_all()


def take_release(holding: Holding) -> tuple[Change, ...]:
    """Judge every public target by a release, and write down what changed: few targets in one transaction, so that
    nobody who writes has to wait for all of them.

    Args:
        holding: the release.

    Returns:
        The states that differ from the release before, in the order of the targets; none where the release was
        taken in before.
    """
    open_still = _public().exclude(states__release=holding.name).order_by("public_id")
    keys = list(open_still.values_list("pk", flat=True))
    parts = (keys[first : first + _AT_ONCE] for first in range(0, len(keys), _AT_ONCE))
    return tuple(change for part in parts for change in _take(part, holding))


@transaction.atomic
def _take(keys: Sequence[int], holding: Holding) -> list[Change]:
    """Judge a few targets, but for those that another process has judged meanwhile."""
    targets = [one for one in _targets(pk__in=keys) if not one.states.filter(release=holding.name).exists()]
    joins = measured(targets, holding)
    changed = []
    for target in targets:
        join = joins[str(target.public_id)]
        before = target.states.order_by("-at", "-pk").first()
        now = MeasuredState.objects.create(
            target=target,
            release=holding.name,
            as_of=join.as_of,
            state=code_of(join.state),
            figures=_figures(join),
            previous=before,
            at=timezone.now(),
        )
        if before is not None and before.state != now.state:
            change = Change(
                str(target.public_id),
                before.state,
                now.state,
                before.release,
                now.release,
                before.figures.get("value"),
                now.figures.get("value"),
            )
            changed.append(change)
            audit.note("measured", target.public_id, version=target.version, told=asdict(change))
    return changed


def to_look_at(holding: Holding) -> tuple[Contradiction, ...]:
    """List where report and measurement disagree: for editors and owners alone. The caller checks who asks."""
    targets = _targets(commitment__stated__in=TAKES_A_STAND)
    stated = {str(one.public_id): str(one.commitment.stated) for one in targets}
    return contradictions(measured(targets, holding), stated)


def code_of(state: str | None) -> str:
    """Write a state as the vocabulary `measured_state` does.

    >>> code_of("too slow"), code_of(None)
    ('too_slow', 'context')
    """
    return CONTEXT if state is None else state.replace(" ", "_")


def _public(**narrowed: Any) -> Any:
    return Target.objects.public().filter(commitment__state__in=PUBLIC, **narrowed)


def _targets(**narrowed: Any) -> list[Target]:
    found = (
        _public(**narrowed)
        .select_related("commitment")
        .prefetch_related("commitment__actors__actor")
        .order_by("public_id")
    )
    return list(found)


def _figures(join: Join) -> dict[str, object]:
    """Keep what the page shows, as plain values: a later reader needs no release to read them."""
    whole = json.loads(join.text())
    latest = whole["course"][-1] if whole["course"] else {}
    kept = {
        name: latest.get(name) for name in ("value", "lower", "upper", "level", "period", "unit", "source")
    }
    return {**kept, "assessment": whole["assessment"], "spread": whole["spread"], "lack": whole["lack"]}
