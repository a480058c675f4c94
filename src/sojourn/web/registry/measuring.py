"""From the targets of the registry to what a release says of them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from sojourn.observations import parse_breakdown
from sojourn.release.promises import CONTEXT, Join, Terms, join
from sojourn.web.holding import Holding
from sojourn.web.pages.kept import Kept
from sojourn.web.question import in_address
from sojourn.web.registry.dates import last_day
from sojourn.web.registry.models import Actor, Commitment, Target

GIVEN, FIRST_SINCE = "given_period", "first_since_start"
ALONE = "individual"
LEAD = "lead"
SEVERAL = ("collective", "mechanism")
"""Types of actors that stand for many, such as "G8 and G20"; what they promise, the world may be held to."""

FAR = "2030"
"""Deadline of a target that names none: that of the 2030 Agenda."""

_PEOPLE = ("sex", "age", "nativity", "citizenship", "legal_status")
_kept = Kept(2_000)


def terms_of(target: Target, commitment: Commitment) -> Terms:
    """Write a target as plain data, as `release.promises` judges it.

    Args:
        target: the target; another institution's than the promise's own is a context, whatever they wrote.
        commitment: what it belongs to; its form and actors say whose deed it is.
    """
    doers = _doers(commitment)
    area = str(target.area)
    alone = commitment.form == ALONE or (bool(doers) and not any(_stands_for_several(one) for one in doers))
    return Terms(
        key=str(target.public_id),
        series=str(target.series),
        better=str(target.direction),
        due=last_day(str(target.date or commitment.due or FAR)),
        value=None if target.value is None else float(target.value),
        area=area,
        counterpart=str(target.counterpart),
        breakdown=str(target.breakdown),
        people={name: str(getattr(target, name)) for name in _PEOPLE},
        baseline_year=_baseline(target, commitment),
        link=str(target.link_strength) if is_own(target, commitment) else CONTEXT,
        each=bool(target.each),
        alone=alone,
        home=area if area in {one.area for one in doers} else "",
    )


def picture_of(held_to: Join) -> dict[str, str]:
    """Give what a picture of a target is asked: its own numbers, of the release that judged it, and its own target."""
    terms = held_to.terms
    people = {name: code for name, code in terms.people.items() if code not in ("", "_T")}
    codes = in_address(people | parse_breakdown(terms.breakdown))
    promise = {"target": "none"}
    if terms.value is not None:
        promise = {"target": f"{terms.value:.9f}".rstrip("0").rstrip("."), "by": str(terms.due.year)}
    ends = {"area": terms.area, "counterpart": terms.counterpart}
    return {**ends, **codes, **promise, "release": held_to.release}


def is_own(target: Target, commitment: Commitment) -> bool:
    """Whether a target is that of whoever answers for the promise, or of the registry itself, which has no owner."""
    return target.owner_id is None or target.owner_id == commitment.owner_id


def _doers(commitment: Commitment) -> list[Actor]:
    """Give whose deed a promise is: its leads, else all that are named."""
    involved = list(commitment.actors.all())
    leads = [one.actor for one in involved if one.role == LEAD]
    return leads or [one.actor for one in involved]


def _stands_for_several(actor: Actor) -> bool:
    return bool(actor.collective) or actor.type in SEVERAL


def _baseline(target: Target, commitment: Commitment) -> int | None:
    """Give the first year that counts: that of a named period, or of the promise itself."""
    said = {GIVEN: target.baseline_period, FIRST_SINCE: commitment.start}.get(target.baseline_rule, "")
    return int(said[:4]) if said else None


def measured(targets: Iterable[Target], holding: Holding) -> dict[str, Join]:
    """Judge targets by a release; what was judged before is not judged again.

    Args:
        targets: with their commitments and these commitments' actors at hand.
        holding: the release.

    Returns:
        Public id -> join.
    """
    wanted = [terms_of(one, one.commitment) for one in targets]
    return {one.key: _kept.get((holding.name, repr(one)), partial(_judged, one, holding)) for one in wanted}


def _judged(terms: Terms, holding: Holding) -> Join:
    return join([terms], holding)[terms.key]
