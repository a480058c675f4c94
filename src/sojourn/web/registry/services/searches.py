"""Searches that a signed-in person keeps: what was asked, and what is new in it since they last looked.

A search is kept as its words, kind and theme. Whoever keeps it finds by it what everybody finds: nothing in work.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from sojourn.errors import NotFoundError
from sojourn.web.languages import N_
from sojourn.web.registry.faults import InvalidError
from sojourn.web.registry.models import Record, SavedSearch, Term
from sojourn.web.registry.services.finding import search
from sojourn.web.registry.services.persons import Person
from sojourn.web.registry.services.shelving import THEMES

MOST = 50
"""Searches that one person keeps."""

LOOKED_AT = 500
"""Records that hold every word, the best first, among which what is new is looked for."""

LONGEST_NAME, LONGEST_QUESTION = 100, 200
NO_NAME = N_("Give the search a name of at most 100 letters.")
NO_WORDS = N_("There is nothing to search for.")
KNOWN_NAME = N_("You keep a search of this name already.")
TOO_MANY = N_("You keep as many searches as one person can; remove one first.")


@dataclass(frozen=True, slots=True)
class Question:
    """What is searched for."""

    q: str
    kind: str = ""
    theme: str = ""

    @property
    def given(self) -> dict[str, str]:
        """The same as the names and values of an address; nothing that is empty."""
        return {name: value for name in ("q", "kind", "theme") if (value := getattr(self, name))}


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept search, and how many records are in it that were published since it was last looked at."""

    search: SavedSearch
    question: Question
    new: int


def keep(person: Person, name: str, question: Question, moment: datetime | None = None) -> SavedSearch:
    """Keep a search for the person who asks; what is there at this moment is not new.

    Raises:
        InvalidError: it has no name or no words, or the person keeps another of this name, or too many.
    """
    named = " ".join(name.split())
    if not named or len(named) > LONGEST_NAME:
        raise InvalidError({"name": NO_NAME})
    if not question.q.strip() or len(question.q) > LONGEST_QUESTION:
        raise InvalidError({"q": NO_WORDS})
    own = SavedSearch.objects.filter(account=person.account)
    if own.count() >= MOST:
        raise InvalidError({"name": TOO_MANY})
    now = moment or timezone.now()
    try:
        with transaction.atomic():
            return SavedSearch.objects.create(
                account_id=person.account, name=named, query=question.given, at=now, seen=now
            )
    except IntegrityError as error:
        raise InvalidError({"name": KNOWN_NAME}) from error


def forget(person: Person, number: int) -> None:
    """Remove a search of one's own; that of somebody else is not found."""
    _own(person, number).delete()


def whats_new(person: Person, number: int) -> tuple[Kept, list[Any]]:
    """Give what is new in a search of one's own, the newest first.

    Raises:
        NotFoundError: the person keeps no such search.
    """
    kept = _own(person, number)
    question = question_of(kept)
    found = news(question, kept.seen or kept.at)
    return Kept(kept, question, len(found)), found


def mark_seen(person: Person, number: int, moment: datetime | None = None) -> None:
    """Let what is in a search of one's own at this moment be new no more."""
    SavedSearch.objects.filter(pk=_own(person, number).pk).update(seen=moment or timezone.now())


def kept_by(person: Person, language: str) -> list[Kept]:
    """List the searches of a person by name, each with how much is new."""
    own = SavedSearch.objects.filter(account=person.account)
    asked = [(one, question_of(one)) for one in own]
    return [Kept(one, question, len(news(question, one.seen or one.at, language))) for one, question in asked]


def news(question: Question, since: datetime | None = None, language: str = "en") -> list[Any]:
    """Give the records that hold every word of a question, the newest first.

    Args:
        question: what is searched for.
        since: only those published after this moment.
    """
    theme = None
    if question.theme:
        theme = (
            Term.objects.filter(vocabulary=THEMES, code=question.theme).values_list("pk", flat=True).first()
        )
        if theme is None:
            return []
    found = search(question.q, language, kind=question.kind, theme=theme, most=LOOKED_AT)
    keys = found.keys[: len(found.keys) - found.some]
    rows = Record.objects.public().filter(pk__in=keys)
    if since is not None:
        rows = rows.filter(published_at__gt=since)
    return list(rows.select_related("owner").order_by("-published_at", "-pk"))


def question_of(kept: SavedSearch) -> Question:
    """Read what a kept search asks."""
    return Question(
        **{name: str(value) for name, value in kept.query.items() if name in ("q", "kind", "theme")}
    )


def _own(person: Person, number: int) -> SavedSearch:
    found = SavedSearch.objects.filter(account=person.account, pk=number).first() if person.account else None
    if found is None:
        raise NotFoundError("You keep no such search")
    return found
