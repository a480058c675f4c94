"""Many at once, on both databases: one of the rivals wins, nobody's own work is lost, and the chain holds."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connections, transaction

from sojourn.web.registry.faults import ConflictError, RepeatedError
from sojourn.web.registry.models import Event, Version
from sojourn.web.registry.models import accounts as role
from sojourn.web.registry.services import audit, once, workflow


def _all_at_once(jobs: list[Callable[[], str]]) -> Counter[str]:
    """Run jobs in a thread each, begun together; each closes its own connection."""
    gate = threading.Barrier(len(jobs))

    def run(job: Callable[[], str]) -> str:
        try:
            gate.wait(timeout=60)
            return job()
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return Counter(pool.map(run, jobs))


def test_of_twelve_rivals_one_wins_and_eleven_get_both_texts(hall_on_both):
    hall = hall_on_both
    writers = [hall.person(role.FOCAL_POINT, hall.ministry) for _ in range(12)]
    name = hall.draft(writers[0]).record.public_id

    def save(number: int) -> str:
        try:
            workflow.edit(writers[number], name, {"summary": f"By {number}"}, edit=0)
        except ConflictError as refused:
            whole = refused.mine == {"summary": f"By {number}"} and refused.theirs["summary"].startswith(
                "By "
            )
            return "conflict" if whole and refused.edit == 1 else "a conflict without both texts"
        return "won"

    told = _all_at_once([lambda number=number: save(number) for number in range(12)])  # type: ignore[misc]
    assert told == {"won": 1, "conflict": 11}
    version = Version.objects.get(record__public_id=name)
    assert version.edit == 1
    assert Event.objects.filter(subject=name, verb="edited").count() == 1
    assert list(audit.broken()) == []


def test_eighty_edits_of_own_records_all_land(hall_on_both):
    hall = hall_on_both
    writers = [hall.person(role.FOCAL_POINT, hall.ministry) for _ in range(8)]
    names = [hall.draft(one).record.public_id for one in writers]

    def save(number: int) -> str:
        for edit in range(10):
            workflow.edit(writers[number], names[number], {"summary": f"Edit {edit}"}, edit=edit)
        return "done"

    told = _all_at_once([lambda number=number: save(number) for number in range(8)])  # type: ignore[misc]
    assert told == {"done": 8}
    assert set(Version.objects.values_list("edit", flat=True)) == {10}
    assert Event.objects.filter(verb="edited").count() == 80
    assert list(audit.broken()) == []


def test_ids_are_never_given_twice(hall_on_both):
    hall = hall_on_both
    writers = [hall.person(role.FOCAL_POINT, hall.ministry) for _ in range(8)]

    def begin(number: int) -> str:
        for _ in range(3):
            hall.draft(writers[number])
        return "done"

    assert _all_at_once([lambda number=number: begin(number) for number in range(8)]) == {"done": 8}  # type: ignore[misc]
    names = sorted(Version.objects.values_list("record__public_id", flat=True))
    assert [int(one.rpartition("-")[2]) for one in names] == list(range(1, 25))


def test_one_form_sent_twelve_times_at_once_begins_one_record(hall_on_both):
    hall = hall_on_both
    writer = hall.person(role.FOCAL_POINT, hall.ministry)
    form = once.token(writer, "begin:commitment")

    def send() -> str:
        try:
            with transaction.atomic():
                once.use(writer, "begin:commitment", form)
                hall.draft(writer)
        except RepeatedError:
            return "sent before"
        return "begun"

    assert _all_at_once([send] * 12) == {"begun": 1, "sent before": 11}
    assert Version.objects.count() == 1
    assert list(audit.broken()) == []
