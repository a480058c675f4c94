"""Review by peers: two who neither wrote nor endorsed, from other institutions, each declaring their interests."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from sojourn.errors import UsageError
from sojourn.web.languages import N_
from sojourn.web.registry.faults import InvalidError
from sojourn.web.registry.models import Review, Version
from sojourn.web.registry.services import audit, content
from sojourn.web.registry.services.persons import Person
from sojourn.web.registry.services.steps import take
from sojourn.web.said import say

NEEDED = 2
"""Reviews in favour, without a conflict of interest, that a text needs."""

PUBLISH, RETURN = "publish", "return"

NO_CONFLICT = "No conflict of interest."
"""What is kept of a reviewer who declares none by a choice, and not in words."""

CRITERIA = ("clear", "evidence", "measurable")
"""What reviewers score from 1 to 5."""

_OUT_OF_RANGE = N_("Scores are whole numbers from 1 to 5.")


@transaction.atomic
def review(
    person: Person,
    public_id: str,
    *,
    edit: int,
    conflict: bool,
    conflict_statement: str,
    advice: str,
    scores: Mapping[str, int] | None = None,
    remarks: str = "",
) -> Review:
    """Review an endorsed text.

    Args:
        edit: count of saves of the text that was read.
        conflict: there is a conflict of interest; the review is kept and does not count.
        conflict_statement: what it is, or that there is none. It cannot be left empty.
        advice: `publish` or `return`.
        scores: criterion -> 1 to 5.
        remarks: to the writers.

    Raises:
        InvalidError: the declaration is missing, or a score or the advice does not fit.
        UsageError: they have reviewed this text already.
    """
    version, seat = take(person, public_id, "review", edit)
    _check(conflict_statement, advice, scores or {})
    if version.reviews.filter(account_id=person.account, edit=version.edit).exists():
        raise UsageError(say("You have reviewed this text already"))
    made: Review = version.reviews.create(
        account_id=person.account,
        seat_id=seat.seat,
        conflict=conflict,
        conflict_statement=conflict_statement.strip(),
        advice=advice,
        scores=dict(scores or {}),
        remarks=remarks.strip(),
        edit=version.edit,
        at=timezone.now(),
    )
    audit.note(
        "reviewed",
        version.record.public_id,
        account=person.account,
        seat=seat.seat,
        version=version.number,
        told={"edit": version.edit, "advice": advice, "conflict": conflict},
    )
    return made


def in_favour(version: Version) -> int:
    """Count the reviews that let a version be published: of the text as it stands, in favour, without conflict."""
    count: int = version.reviews.filter(edit=version.edit, advice=PUBLISH, conflict=False).count()
    return count


def _check(conflict_statement: str, advice: str, scores: Mapping[str, int]) -> None:
    problems = {}
    if not conflict_statement.strip():
        problems["conflict_statement"] = content.NEEDED
    if advice not in (PUBLISH, RETURN):
        problems["advice"] = content.NOT_IN_LIST
    if set(scores) - set(CRITERIA):
        problems["scores"] = content.UNKNOWN_FIELD
    elif any(type(one) is not int or not 1 <= one <= 5 for one in scores.values()):
        problems["scores"] = _OUT_OF_RANGE
    if problems:
        raise InvalidError(problems)
