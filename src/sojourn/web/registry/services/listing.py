"""Keeps the lists: administrators word their terms in six languages, add some, and say which may still be chosen.

A term is never removed, and its code never changes: what used it keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from sojourn.errors import NotFoundError
from sojourn.web.languages import N_
from sojourn.web.registry.faults import DeniedError, InvalidError
from sojourn.web.registry.models import Term
from sojourn.web.registry.models.fields import LANGUAGES
from sojourn.web.registry.services import audit, content
from sojourn.web.registry.services.permissions import refusal, seat_for
from sojourn.web.registry.services.persons import Held, Person
from sojourn.web.said import quoted, say

LONGEST = 200
"""Letters of a label."""

BAD_CODE = N_("A code is up to 60 small letters, digits, dots, hyphens and underscores.")
_CODE = re.compile(r"[a-z0-9][a-z0-9_.-]{0,59}")


@dataclass(frozen=True, slots=True)
class Wording:
    """What is said of a term.

    Attributes:
        labels: language -> label, in all six.
        meanings: language -> what it means, shown beside fields; a language may be missing.
        active: it may still be chosen.
    """

    labels: Mapping[str, str]
    meanings: Mapping[str, str]
    active: bool = True


def vocabularies() -> list[str]:
    """Name the lists that there are."""
    return sorted(set(Term.objects.order_by().values_list("vocabulary", flat=True)))


def terms(vocabulary: str) -> list[Term]:
    """Give the terms of a list in its order.

    Raises:
        NotFoundError: there is no such list.
    """
    found = list(Term.objects.filter(vocabulary=vocabulary))
    if not found:
        raise NotFoundError(
            say("There is no list {name}", name=quoted(vocabulary)), accepted=", ".join(vocabularies())
        )
    return found


@transaction.atomic
def add(person: Person, vocabulary: str, code: str, wording: Wording) -> Term:
    """Add a term to a list, as its last.

    Raises:
        DeniedError: they do not keep the lists.
        NotFoundError: there is no such list.
        InvalidError: a label is missing, or the code does not fit.
    """
    seat = _keeping(person)
    there = terms(vocabulary)
    problems = _problems(wording)
    if not _CODE.fullmatch(code):
        problems["code"] = BAD_CODE
    elif code in {one.code for one in there}:
        problems["code"] = content.TWICE
    if problems:
        raise InvalidError(problems)
    made = Term(
        vocabulary=vocabulary,
        code=code,
        position=max(one.position for one in there) + 1,
        is_theme=there[0].is_theme,
    )
    return _saved("term added", made, wording, person, seat)


@transaction.atomic
def word(person: Person, vocabulary: str, code: str, wording: Wording) -> Term:
    """Word a term anew, and say whether it may still be chosen.

    Raises:
        DeniedError, NotFoundError, InvalidError: as `add`.
    """
    seat = _keeping(person)
    found = Term.objects.select_for_update().filter(vocabulary=vocabulary, code=code).first()
    if found is None:
        raise NotFoundError(say("There is no term {code}", code=quoted(code)), where=vocabulary[:60])
    if problems := _problems(wording):
        raise InvalidError(problems)
    return _saved("term worded", found, wording, person, seat)


def _saved(verb: str, term: Term, wording: Wording, person: Person, seat: Held) -> Term:
    term.labels = {one: wording.labels[one].strip() for one in LANGUAGES}
    term.help = {one: text.strip() for one, text in wording.meanings.items() if text.strip()}
    term.active = wording.active
    term.save()
    told = {"term": str(term), "labels": term.labels, "meanings": term.help, "active": term.active}
    audit.note(verb, f"term:{term.pk}", account=person.account, seat=seat.seat, told=told)
    return term


def _problems(wording: Wording) -> dict[str, str]:
    problems = {}
    for one in LANGUAGES:
        label = wording.labels.get(one, "").strip()
        if not label or len(label) > LONGEST:
            problems[f"label-{one}"] = content.TOO_LONG if label else content.NEEDED
        if len(wording.meanings.get(one, "")) > content.LONGEST:
            problems[f"meaning-{one}"] = content.TOO_LONG
    return problems


def _keeping(person: Person) -> Held:
    why, seat = refusal(person, "manage_lists"), seat_for(person, "manage_lists")
    if why or seat is None:
        raise DeniedError(say(why or "Sign in to do this"))
    return seat
