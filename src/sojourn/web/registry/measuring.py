"""From the targets of the registry to what a release says of them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from sojourn.observations import parse_breakdown
from sojourn.release.promises import Join, Terms, join
from sojourn.web.holding import Holding
from sojourn.web.pages.kept import Kept
from sojourn.web.question import PREFIX
from sojourn.web.registry.dates import last_day
from sojourn.web.registry.models import Commitment, Target
from sojourn.web.registry.services.publishing import PROMISING

GIVEN, FIRST_SINCE = "given_period", "first_since_start"
ALONE = "individual"
LEAD = "lead"
FAR = "2030"
"""Deadline of a target that names none: that of the 2030 Agenda."""

_PEOPLE = ("sex", "age", "nativity", "citizenship", "legal_status")
_kept = Kept(2_000)


def terms_of(target: Target, commitment: Commitment) -> Terms:
    """Write a target as plain data, as `release.promises` judges it.

    Args:
        target: the target.
        commitment: what it belongs to; its form and leads say whose deed it is.
    """
    doers = [one.actor for one in commitment.actors.all() if one.role in PROMISING]
    # Whatever the form says: a promise of one country alone is the deed of one.
    alone = commitment.form == ALONE or (len(doers) == 1 and bool(doers[0].area))
    leads = [one.actor for one in commitment.actors.all() if one.role == LEAD] or doers
    homes = {one.area for one in leads} if alone else set()
    return Terms(
        key=str(target.public_id),
        series=str(target.series),
        better=str(target.direction),
        due=last_day(str(target.date or commitment.due or FAR)),
        value=None if target.value is None else float(target.value),
        area=str(target.area),
        counterpart=str(target.counterpart),
        breakdown=str(target.breakdown),
        people={name: str(getattr(target, name)) for name in _PEOPLE},
        baseline_year=_baseline(target, commitment),
        link=str(target.link_strength),
        each=bool(target.each),
        alone=alone,
        home=homes.pop() if len(homes) == 1 else "",
    )


def picture_of(held_to: Join) -> dict[str, str]:
    """Give what a picture of a target is asked: its own numbers, of the release that judged it, and its own target."""
    terms = held_to.terms
    people = {name: code for name, code in terms.people.items() if code not in ("", "_T")}
    parts = {PREFIX + name: code for name, code in parse_breakdown(terms.breakdown).items()}
    promise = {"target": "none"}
    if terms.value is not None:
        promise = {"target": f"{terms.value:.9f}".rstrip("0").rstrip("."), "by": str(terms.due.year)}
    ends = {"area": terms.area, "counterpart": terms.counterpart}
    return {**ends, **people, **parts, **promise, "release": held_to.release}


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
