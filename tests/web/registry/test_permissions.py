"""Every action × state × owner × role, against a table written by hand; and what no seat gives."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from sojourn.web.registry.models import accounts as role
from sojourn.web.registry.models import record as state
from sojourn.web.registry.models.accounts import OF_AN_INSTITUTION, ROLES
from sojourn.web.registry.services import reading, workflow
from sojourn.web.registry.services.permissions import ACTIONS, DECISIONS, Subject, may
from sojourn.web.registry.services.persons import ANONYMOUS, Held, Person, person_of

from .permission_table import HERE, NAMED, OWNERS, SEATS, TABLE

ACCOUNT = 50


def _person(name: str) -> Person:
    if name == "anonymous":
        return ANONYMOUS
    seat = SEATS[name]
    return Person(ACCOUNT, (Held(9, *seat),) if seat else (), True)


PEOPLE = {name: _person(name) for name in SEATS}


def test_the_table_has_every_cell():
    assert set(TABLE) == set(product(ACTIONS, OWNERS, state.STATES))


@pytest.mark.parametrize(("action", "owner", "of_state"), sorted(TABLE), ids="-".join)
def test_a_cell(action, owner, of_state):
    subject = Subject("commitment", of_state, OWNERS[owner], frozenset({NAMED}))
    allowed = {name for name, person in PEOPLE.items() if may(person, action, subject)}
    assert allowed == TABLE[action, owner, of_state]


@pytest.mark.parametrize("action", sorted({"endorse", "review", "publish"}))
@pytest.mark.parametrize("of_state", state.STATES)
def test_who_wrote_it_decides_nothing_in_any_seat(action, of_state):
    subject = Subject("commitment", of_state, HERE, writers=frozenset({ACCOUNT}))
    assert not [name for name, person in PEOPLE.items() if may(person, action, subject)]


@pytest.mark.parametrize("action", sorted({"review", "publish"}))
def test_who_endorsed_it_neither_reviews_nor_publishes(action):
    subject = Subject("commitment", state.ENDORSED, HERE, endorsers=frozenset({ACCOUNT}))
    assert not [name for name, person in PEOPLE.items() if may(person, action, subject)]


@pytest.mark.parametrize("action", sorted(DECISIONS))
@pytest.mark.parametrize("of_state", state.STATES)
def test_nobody_decides_without_a_second_factor_or_by_a_program(action, of_state):
    subject = Subject("commitment", of_state, HERE, frozenset({NAMED}))
    for person in PEOPLE.values():
        assert not may(Person(person.account, person.seats, False), action, subject)
        assert not may(
            Person(person.account, person.seats, True, frozenset({"read", "write"})), action, subject
        )


def test_a_program_does_what_its_scopes_name():
    subject = Subject("commitment", state.DRAFT, HERE)
    seats = PEOPLE["focal_point"].seats
    reads = Person(ACCOUNT, seats, False, frozenset({"read"}))
    writes = Person(ACCOUNT, seats, False, frozenset({"write"}))
    assert (may(reads, "view", subject), may(reads, "edit", subject)) == (True, False)
    assert (may(writes, "view", subject), may(writes, "edit", subject)) == (False, True)


def test_an_administrator_may_do_nothing_to_any_text():
    of_lists = {"manage_accounts", "manage_lists"}
    for action, owner, of_state in product(
        set(ACTIONS) - of_lists - {"view", "subscribe"}, OWNERS.values(), state.STATES
    ):
        assert not may(PEOPLE["administrator"], action, Subject("commitment", of_state, owner))


def test_own_words_are_begun_by_their_owner_only():
    for kind in ("progress_report", "reply"):
        subject = Subject(kind, state.DRAFT, None)
        assert not [name for name, person in PEOPLE.items() if may(person, "create", subject)]
    assert not may(PEOPLE["focal_point"], "create", Subject("actor", state.DRAFT, HERE))
    assert not may(PEOPLE["focal_point"], "create", Subject("reply", state.DRAFT, HERE))


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "held"),
    [
        ("2026-01-01", None, True),
        ("2026-06-15", "2026-06-15", True),
        ("2026-06-16", None, False),
        ("2020-01-01", "2026-06-14", False),
    ],
)
def test_a_seat_counts_on_its_days_only(hall, valid_from, valid_to, held):
    from sojourn.web.registry.models import Account, Seat

    person = hall.person(role.FOCAL_POINT, hall.ministry)
    Seat.objects.filter(account=person.account).update(valid_from=valid_from, valid_to=valid_to)
    account = Account.objects.get(pk=person.account)
    assert bool(person_of(account, date(2026, 6, 15)).seats) is held
    account.is_active = False
    account.save()
    assert person_of(account, date(2026, 6, 15)).account is None


def test_lists_show_what_the_table_allows_and_nothing_else(hall):
    """`reading.visible` is the same table as a query: every record × person must agree with it."""
    writer = hall.person(role.FOCAL_POINT, hall.ministry)
    names = [hall.draft(writer).record.public_id for _ in range(4)]
    validator = hall.person(role.VALIDATOR, hall.ministry)
    for name in names[1:]:
        workflow.submit(writer, name, edit=0)
    for name in names[2:]:
        workflow.endorse(validator, name, edit=0)
    hall.published(writer)
    hall.person(role.AUDITOR)
    people = [
        ANONYMOUS,
        writer,
        validator,
        *(
            hall.person(one, hall.other if one in OF_AN_INSTITUTION else None)
            for one in ROLES
            if one != "reader"
        ),
    ]
    from sojourn.web.registry.models import Record, Version

    for person in people:
        listed = set(reading.visible(person).values_list("public_id", flat=True))
        allowed = {
            one.public_id for one in Record.objects.all() if may(person, "view", reading.subject_of(one))
        }
        assert listed == allowed
        in_work = set(reading.in_work(person).values_list("pk", flat=True))
        assert in_work == {
            one.pk
            for one in Version.objects.exclude(state="published")
            if may(person, "view", reading.subject_of(one.record, one))
        }
