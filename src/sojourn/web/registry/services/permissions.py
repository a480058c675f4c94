"""Who may do what: one table, deny by default. A right is a seat, a state and a day.

Nothing here asks the database, so that every cell of the table can be tested. Administrators stand in two lines
only, accounts and lists: they have no right to any text.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sojourn.web.languages import N_
from sojourn.web.registry.models import KINDS
from sojourn.web.registry.models import accounts as role
from sojourn.web.registry.models import record as state
from sojourn.web.registry.services.persons import READ, WRITE, Held, Person

ANYONE, SIGNED_IN = "anyone", "signed_in"

OWN, ANY, NAMED = "own", "any", "named"
"""Whose record: the seat's institution owns it; anybody's; one that names the seat's institution."""

WRITERS = (role.FOCAL_POINT, role.ALTERNATE, role.SECRETARIAT, role.DATA_STEWARD)
APPROVERS = (role.VALIDATOR, role.DATA_STEWARD)
IN_WORK = (state.DRAFT, state.RETURNED)

DECISIONS = frozenset(
    {"endorse", "return", "review", "publish", "withdraw", "archive", "manage_accounts", "manage_lists"}
)
"""What a program may never do, and a person only with a second factor."""

_READING = frozenset({"view", "compare", "audit"})
_OWN_WORDS = frozenset({"progress_report", "reply"})
_OF_THE_REGISTRY = frozenset({"actor", "crosswalk", "milestone", "note"})
_OF_BODIES = frozenset({"body", "membership", "succession", "series", "meeting", "agenda_item", "statement"})

MAY_CREATE: dict[str, frozenset[str]] = {
    role.FOCAL_POINT: frozenset(KINDS) - _OF_THE_REGISTRY - _OF_BODIES - {"reply"},
    role.ALTERNATE: frozenset(KINDS) - _OF_THE_REGISTRY - _OF_BODIES - {"reply"},
    role.SECRETARIAT: frozenset(KINDS) - _OF_THE_REGISTRY - {"reply"},
    role.DATA_STEWARD: frozenset(KINDS) - _OWN_WORDS,
}
"""Kinds that a role may begin. A reply is begun by the right of reply alone."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is acted on, as far as rights go.

    Attributes:
        state: of the version acted on; for what concerns the public text, of the record.
        owner: number of the institution; None: the registry itself, whose stewards stand in for one.
        named: institutions that the text names.
        writers, endorsers: accounts that wrote and endorsed it.
    """

    kind: str = ""
    state: str = ""
    owner: int | None = None
    named: frozenset[int] = frozenset()
    writers: frozenset[int] = frozenset()
    endorsers: frozenset[int] = frozenset()


NOTHING = Subject()
"""The subject of what concerns no record."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table: these roles, on whose records, in which states (none named: no record is asked)."""

    action: str
    roles: tuple[str, ...]
    whose: str = ANY
    states: tuple[str, ...] = ()


RULES = (
    Rule("view", (ANYONE,), ANY, state.PUBLIC),
    Rule("view", (*WRITERS, role.VALIDATOR), OWN, state.STATES),
    Rule("view", (role.REVIEWER, role.MODERATOR), ANY, (state.ENDORSED,)),
    Rule("view", (role.AUDITOR,), ANY, state.STATES),
    Rule("create", WRITERS, OWN),
    Rule("edit", WRITERS, OWN, IN_WORK),
    Rule("attach", WRITERS, OWN, IN_WORK),
    Rule("submit", WRITERS, OWN, IN_WORK),
    Rule("discard", WRITERS, OWN, IN_WORK),
    Rule("endorse", APPROVERS, OWN, (state.SUBMITTED,)),
    Rule("return", APPROVERS, OWN, (state.SUBMITTED,)),
    Rule("return", (role.MODERATOR,), ANY, (state.ENDORSED,)),
    Rule("review", (role.REVIEWER,), ANY, (state.ENDORSED,)),
    Rule("publish", (role.MODERATOR,), ANY, (state.ENDORSED,)),
    Rule("revise", WRITERS, OWN, (state.PUBLISHED,)),
    Rule("withdraw", APPROVERS, OWN, state.PUBLIC),
    Rule("withdraw", (role.MODERATOR,), ANY, state.PUBLIC),
    Rule("archive", APPROVERS, OWN, (state.PUBLISHED,)),
    Rule("archive", (role.MODERATOR,), ANY, (state.PUBLISHED,)),
    Rule("reply", (role.FOCAL_POINT, role.ALTERNATE), NAMED, state.PUBLIC),
    Rule("translate", (role.TRANSLATOR,), ANY, state.PUBLIC),
    Rule("translate", (role.FOCAL_POINT, role.ALTERNATE), OWN, state.PUBLIC),
    Rule("annotate", (role.SECRETARIAT, role.DATA_STEWARD), ANY, state.PUBLIC),
    Rule("compare", (*WRITERS, role.VALIDATOR), OWN, state.PUBLIC),
    Rule("compare", (role.DATA_STEWARD, role.MODERATOR, role.AUDITOR), ANY, state.PUBLIC),
    Rule("subscribe", (SIGNED_IN,), ANY, state.PUBLIC),
    Rule("audit", (role.AUDITOR,), ANY, state.STATES),
    Rule("audit", (role.VALIDATOR,), OWN, state.STATES),
    Rule("manage_accounts", (role.ADMINISTRATOR,)),
    Rule("manage_lists", (role.ADMINISTRATOR,)),
)
ACTIONS = tuple(dict.fromkeys(one.action for one in RULES))

NOT_YOURS = N_("Your seats do not give you this right in this state.")
OWN_TEXT = N_("You wrote this text; somebody else must decide on it.")
OWN_ENDORSEMENT = N_("You endorsed this text; somebody else must decide on it.")
OWN_INSTITUTION = N_("You hold a seat in the institution that owns this text.")
NO_SECOND_FACTOR = N_("Deciding needs a second factor: set one up in your account.")
NO_SCOPE = N_("This key is not meant for that.")


def may(person: Person, action: str, subject: Subject = NOTHING) -> bool:
    """Tell whether somebody may do something.

    Args:
        person: who asks, with the seats of the day.
        action: one of `ACTIONS`.
        subject: what is acted on; none for accounts and lists.

    Example:
        >>> [may(Person(), "view", Subject("commitment", state)) for state in ("published", "draft")]
        [True, False]
    """
    return refusal(person, action, subject) is None


def refusal(person: Person, action: str, subject: Subject = NOTHING) -> str | None:
    """Give the reason why somebody may not do something; None: they may."""
    if seat_for(person, action, subject) is None and not _open_to(person, action, subject):
        return NOT_YOURS
    if person.scopes is not None and not _in_scope(person.scopes, action):
        return NO_SCOPE
    if action in DECISIONS and not person.second_factor:
        return NO_SECOND_FACTOR
    return _partial(person, action, subject)


def _partial(person: Person, action: str, subject: Subject) -> str | None:
    """Give the reason why somebody is too near to a text to decide on it; None: they are not."""
    if action in ("endorse", "review", "publish") and person.account in subject.writers:
        return OWN_TEXT
    if action in ("review", "publish"):
        if person.account in subject.endorsers:
            return OWN_ENDORSEMENT
        if _of_the_owner(person, subject):
            return OWN_INSTITUTION
    return None


def seat_for(person: Person, action: str, subject: Subject = NOTHING) -> Held | None:
    """Give the seat by which somebody may do something, as far as the table goes; None: by none."""
    rules = list(_rules(action, subject))
    for seat in person.seats:
        for rule in rules:
            if (
                seat.role in rule.roles
                and _about(seat, rule.whose, subject)
                and _begins(seat, action, subject)
            ):
                return seat
    return None


def _begins(seat: Held, action: str, subject: Subject) -> bool:
    return action != "create" or subject.kind in MAY_CREATE[seat.role]


def _rules(action: str, subject: Subject) -> Iterable[Rule]:
    return (one for one in RULES if one.action == action and (not one.states or subject.state in one.states))


def _about(seat: Held, whose: str, subject: Subject) -> bool:
    if whose == ANY:
        return True
    if whose == NAMED:
        return seat.actor in subject.named and seat.actor != subject.owner
    if seat.role == role.DATA_STEWARD:
        return subject.owner is None
    return seat.actor is not None and seat.actor == subject.owner


def _of_the_owner(person: Person, subject: Subject) -> bool:
    """Tell whether somebody sits in the institution that owns a text; stewards stand in for the registry."""
    if subject.owner is None:
        return any(one.role == role.DATA_STEWARD for one in person.seats)
    return any(one.actor == subject.owner for one in person.seats)


def _open_to(person: Person, action: str, subject: Subject) -> bool:
    """Tell whether no seat is needed."""
    return any(
        ANYONE in rule.roles or (SIGNED_IN in rule.roles and person.account is not None)
        for rule in _rules(action, subject)
    )


def _in_scope(scopes: frozenset[str], action: str) -> bool:
    if action in DECISIONS:
        return False
    return READ in scopes if action in _READING else WRITE in scopes
