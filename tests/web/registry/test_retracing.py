"""What stands beside the records – owners, reasons, reviews, translations, seats – is as the trail says."""

from __future__ import annotations

import pytest
from django.db import connection

from sojourn.web.registry.models import Account, Commitment, Review, Seat, Text
from sojourn.web.registry.models import accounts as role
from sojourn.web.registry.services import accounts, retracing, verifying, wording, workflow

GOOD = "a long walk home at dusk"


@pytest.fixture
def name(hall) -> str:
    """A promise that was published, reviewed, translated, and archived."""
    name = hall.published(title="Lower the cost").public_id
    wording.translate(
        hall.person(role.TRANSLATOR), name, "fr", {"title": "Baisser le coût"}, "unofficial_translation"
    )
    workflow.archive(hall.person(role.MODERATOR), name, "Kept up elsewhere.")
    _, secret = accounts.invite(hall.person(role.ADMINISTRATOR), "ada@example.org", role.REVIEWER)
    accounts.accept(secret, GOOD)
    return str(name)


def found() -> list[str]:
    """What was found, but for the seats and institutions of these tests, which were put there past the program."""
    return [one.what for one in retracing.strayed() if "by nobody" not in one.what]


def tamper(sql: str, *given: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        assert cursor.rowcount > 0


def test_nothing_is_found_where_nothing_was_changed(name):
    assert found() == []


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        (
            "UPDATE registry_record SET owner_id = (SELECT max(record_id) FROM registry_actor) WHERE public_id = %s",
            "institution",
        ),
        ("UPDATE registry_record SET owner_id = NULL WHERE public_id = %s", "institution"),
        ("UPDATE registry_record SET closing_reason = 'Never held' WHERE public_id = %s", "reason"),
    ],
)
def test_a_changed_record_is_found(name, sql, said):
    tamper(sql, name)
    (fault,) = found()
    assert name in fault
    assert said in fault


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda: Review.objects.filter(pk=Review.objects.first().pk).delete(), "a review is gone"),
        (lambda: Review.objects.update(conflict=True), "a review is gone"),
        (lambda: Text.objects.update(text="Le coût monte"), "its title in fr is not the one"),
        (lambda: Text.objects.all().delete(), "its title in fr is gone"),
        (lambda: Commitment.objects.update(stated="completed"), "nobody reported that it is completed"),
        (
            lambda: Seat.objects.filter(account=_ada()).update(role=role.MODERATOR),
            "is not the one that was given",
        ),
        (lambda: Seat.objects.filter(account=_ada()).delete(), "is gone"),
    ],
)
def test_what_was_changed_beside_it_is_found(name, change, said):
    change()
    assert any(said in one for one in found()), found()


def test_a_seat_that_nobody_gave_is_found(name):
    seat = Seat.objects.create(account=_ada(), role=role.ADMINISTRATOR, valid_from="2020-01-01")
    assert f"seat:{seat.pk} (administrator) was given by nobody" in [one.what for one in retracing.strayed()]


def test_the_last_day_of_a_seat_is_that_of_the_trail(hall, name):
    given = Seat.objects.get(account=_ada())
    accounts.end_seat(hall.person(role.ADMINISTRATOR), given.pk, given.valid_from)
    assert found() == []
    Seat.objects.filter(pk=given.pk).update(valid_to="2099-12-31")
    assert found() == [f"seat:{given.pk} was ended on another day"]


def test_a_review_that_nobody_wrote_is_found(name):
    copied = Review.objects.first()
    copied.pk, copied.edit = None, copied.edit + 1
    copied.save()
    assert any("a review that nobody wrote" in one for one in found())


@pytest.mark.parametrize("told", ["{", "[]", "{}", '{"texts": 1, "language": 2}'])
def test_events_that_tell_anything_are_no_error(name, told):
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER an_event_stays")
        cursor.execute("UPDATE registry_event SET told = %s", [told])
    assert any(one.what == "was changed after it was sealed" for one in verifying.faults())


def test_the_shipped_facts_are_as_they_came(loaded):
    assert list(retracing.strayed()) == []


def _ada() -> Account:
    return Account.objects.get(email="ada@example.org")
