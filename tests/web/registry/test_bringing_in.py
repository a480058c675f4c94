"""A table brought in as drafts: every problem by row, all rows or none, and the same workflow as any text."""

from __future__ import annotations

import csv as tables
import io

import pytest

from sojourn.errors import UsageError
from sojourn.web.registry.faults import DeniedError
from sojourn.web.registry.models import Account, Actor, Commitment, Event, Seat, Version
from sojourn.web.registry.models.accounts import FOCAL_POINT
from sojourn.web.registry.services import audit
from sojourn.web.registry.services.bringing_in import bring_in, columns, given, planned
from sojourn.web.registry.services.persons import ANONYMOUS, Held, Person

HEADER = ("title", "summary", "form", "nature", "due", "areas", "actors")


def csv_of(*rows: tuple[str, ...], header: tuple[str, ...] = HEADER) -> bytes:
    text = io.StringIO()
    tables.writer(text).writerows([header, *rows])
    return text.getvalue().encode()


@pytest.fixture
def focal_point(loaded):
    """Somebody with a seat in an institution of the shipped facts."""
    account = Account.objects.create_user("ada@example.org", name="Ada")
    actor = Actor.objects.public().first()
    seat = Seat.objects.create(account=account, actor=actor, role=FOCAL_POINT, valid_from="2020-01-01")
    return Person(account.pk, (Held(seat.pk, FOCAL_POINT, actor.pk),), True)


def said(plan):
    return [(one.row, one.column, one.value) for one in plan.problems]


def test_columns_are_those_of_the_kind(loaded):
    known = {one.name: one for one in columns("commitment")}
    assert {"title", "summary", "due", "form", "actors", "areas", "themes"} <= known.keys()
    assert known["title"].required
    assert "individual" in known["form"].codes
    assert not {"state", "owner", "public_id", "due_day"} & known.keys(), "bookkeeping is nobody's to write"
    with pytest.raises(UsageError, match="no kind"):
        columns("promise")


def test_every_problem_is_listed_and_nothing_written(loaded, focal_point):
    before = Event.objects.count()
    table = csv_of(
        ("Halve the cost", "", "individual", "", "2030", "NOR; BGD", ""),
        ("", "", "individual", "", "2030", "", ""),
        ("Lower fees", "", "nonsense", "", "next year", "NOR", ""),
        ("Publish data", "", "individual", "", "", "XXX", "A-1900-0001"),
    )
    plan, _ = planned(focal_point, "commitment", table)
    assert said(plan) == [
        (3, "title", ""),
        (4, "form", "nonsense"),
        (4, "due", "next year"),
        (5, "areas", "XXX"),
        (5, "actors", "A-1900-0001"),
    ]
    with pytest.raises(UsageError, match="nothing was written"):
        bring_in(focal_point, "commitment", plan, owner=focal_point.seats[0].actor)
    assert Event.objects.count() == before


def test_rows_become_drafts_with_an_event_each(loaded, focal_point):
    before = Event.objects.count()
    actor = Actor.objects.public().first().public_id
    table = csv_of(
        ("Halve the cost", "=1+1", "individual", "financial", "2030", "NOR; BGD", actor),
        ("Lower fees", "", "", "", "2027-06", "", ""),
    )
    plan, lookup = planned(focal_point, "commitment", table)
    assert said(plan) == []
    made = bring_in(focal_point, "commitment", plan, owner=focal_point.seats[0].actor, lookup=lookup)
    first, second = (Commitment.objects.get(public_id=one) for one in made)
    assert (first.title, first.summary, first.state, first.due) == ("Halve the cost", "=1+1", "draft", "2030")
    assert [one.area for one in first.areas.all()] == ["NOR", "BGD"]
    assert [one.actor.public_id for one in first.actors.all()] == [actor]
    assert (second.form, second.owner_id) == ("individual", focal_point.seats[0].actor)
    assert Event.objects.count() == before + 2
    assert list(audit.broken()) == []
    assert [one.content["title"] for one in Version.objects.filter(record__public_id__in=made)] == [
        "Halve the cost",
        "Lower fees",
    ]


def test_who_may_not_write_brings_nothing_in(loaded, focal_point):
    plan, lookup = planned(ANONYMOUS, "commitment", csv_of(("Halve the cost", "", "", "", "", "", "")))
    with pytest.raises(DeniedError):
        bring_in(ANONYMOUS, "commitment", plan, owner=None, lookup=lookup)
    assert not Commitment.objects.filter(title="Halve the cost").exists()


def test_a_missing_column_is_one_problem_and_not_one_of_every_row(loaded, focal_point):
    plan, _ = planned(focal_point, "commitment", csv_of(("a",), ("b",), header=("summary",)))
    assert said(plan) == [(1, "title", "")]


def test_an_empty_cell_says_nothing():
    from sojourn.web.registry.importing import Row

    assert given(Row(2, {"title": "T", "areas": " ; ", "due": ""})) == {"title": "T", "areas": []}
