"""Reminders: each step once, the newest one after a pause, and by the reader's own day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sojourn.web.registry.reminders import Deadline, current_step, day_of, due_steps

DUE = date(2015, 9, 30)
ONE = Deadline("C-2015-0001", DUE)


def noon(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def run(first, last, sent=None, every=1):
    """Run the job on each day and give what it sent, with the days until the deadline."""
    sent = set() if sent is None else sent
    told, day = [], first
    while day <= last:
        for step in due_steps([ONE], noon(day), sent):
            sent.add(step.key)
            told.append((step.name, step.days))
        day += timedelta(days=every)
    return told


def test_a_job_that_runs_every_day_sends_every_step_on_its_day():
    assert run(date(2015, 1, 1), date(2016, 4, 30)) == [
        ("90_before", 90),
        ("30_before", 30),
        ("7_before", 7),
        ("7_after", -7),
        ("14_after", -14),
        ("21_after", -21),
        ("30_after", -30),
        ("90_after", -90),
        ("digest_2016-01", -93),
        ("digest_2016-02", -124),
        ("digest_2016-03", -153),
        ("digest_2016-04", -184),
    ]


def test_a_job_that_crashed_and_runs_again_sends_nothing_twice():
    sent = set()
    first = run(date(2015, 9, 1), date(2015, 10, 10), sent)
    assert first
    assert run(date(2015, 10, 10), date(2015, 10, 10), sent) == []


def test_a_job_that_stood_still_sends_the_newest_step_alone():
    assert run(date(2015, 10, 22), date(2015, 10, 22)) == [("21_after", -22)]
    assert run(date(2015, 9, 29), date(2015, 9, 29)) == [("7_before", 1)]


def test_another_deadline_is_another_reminder():
    sent = {("C-2015-0001", "7_before", DUE)}
    moved = Deadline("C-2015-0001", date(2015, 10, 6))
    assert [step.name for step in due_steps([moved], noon(date(2015, 9, 30)), sent)] == ["7_before"]


def test_what_is_settled_is_left_alone():
    assert due_steps([Deadline("C-1", DUE, settled=True)], noon(DUE), ()) == []


def test_nothing_is_due_long_before():
    assert current_step(ONE, date(2015, 7, 1)) is None
    assert current_step(ONE, date(2015, 7, 2)).name == "90_before"


def test_a_leap_day_has_its_week_before_and_after():
    leap = Deadline("C-1", date(2024, 2, 29))
    assert current_step(leap, date(2024, 2, 22)).name == "7_before"
    assert current_step(leap, date(2024, 2, 29)).name == "7_before"
    assert current_step(leap, date(2024, 3, 7)).name == "7_after"
    assert current_step(leap, date(2023, 12, 1)).name == "90_before"


def test_a_day_begins_where_the_reader_is():
    moment = datetime(2015, 10, 6, 22, 30, tzinfo=UTC)
    east = Deadline("C-1", DUE, "Asia/Dhaka")
    west = Deadline("C-2", DUE, "America/New_York")
    assert [(one.target, one.name) for one in due_steps([west, east], moment, ())] == [
        ("C-1", "7_after"),
        ("C-2", "7_before"),
    ]


def test_an_unknown_zone_counts_as_utc_and_a_moment_without_one_is_refused():
    assert day_of(datetime(2015, 9, 30, 23, tzinfo=UTC), "Nowhere/At_All") == DUE
    assert day_of(datetime(2015, 9, 30, 23, tzinfo=UTC), "../../etc/passwd") == DUE
    with pytest.raises(ValueError, match="time zone"):
        day_of(datetime(2015, 9, 30), "UTC")


def test_steps_are_sorted_by_deadline():
    later = Deadline("A", DUE + timedelta(days=1))
    assert [one.target for one in due_steps([later, ONE], noon(DUE), ())] == ["C-2015-0001", "A"]


def test_only_the_late_ones_go_into_the_digest():
    assert not current_step(ONE, date(2015, 12, 29)).in_digest
    assert current_step(ONE, date(2016, 1, 1)).in_digest


@given(st.dates(date(2000, 1, 1), date(2060, 12, 31)), st.lists(st.integers(-200, 400), max_size=60))
def test_however_the_job_runs_no_step_is_sent_twice_and_none_before_its_time(due, offsets):
    sent = set()
    for offset in sorted(offsets):
        for step in due_steps([Deadline("C", due)], noon(due + timedelta(days=offset)), sent):
            assert step.key not in sent
            sent.add(step.key)
            kind, _, rest = step.name.partition("_")
            if rest == "before":
                assert step.days <= int(kind)
            elif rest == "after":
                assert -step.days >= int(kind)
            else:
                assert -step.days > 90
