"""Lists are read from shelves: in order, forwards and backwards, with counts that are never counted."""

from __future__ import annotations

import pytest

from sojourn.web.registry.models import Commitment, Meeting, Record, Shelf, Standing
from sojourn.web.registry.models import accounts as role
from sojourn.web.registry.services import indexing, shelving, workflow


def counts() -> dict[tuple[str, str, str], int]:
    return {(one.kind, one.theme, one.type): one.records for one in Shelf.objects.all() if one.records}


def test_a_record_stands_on_a_shelf_for_each_way_to_narrow_its_list(hall_on_both):
    hall = hall_on_both
    hall.published(themes=["gfmd_themes:skills", "gfmd_themes:remittances"])
    hall.published()
    assert counts() == {
        ("commitment", "", ""): 2,
        ("commitment", "", "pledge"): 2,
        ("commitment", "skills", ""): 1,
        ("commitment", "skills", "pledge"): 1,
        ("commitment", "remittances", ""): 1,
        ("commitment", "remittances", "pledge"): 1,
    }
    assert shelving.themes_of("commitment") == [("remittances", 1), ("skills", 1)]
    assert shelving.types_of("commitment") == [("pledge", 2)]
    assert shelving.kinds() == {"commitment": 2}


def test_what_is_withdrawn_or_filed_elsewhere_comes_off(hall):
    record = hall.published(themes=["gfmd_themes:skills"])
    writer = hall.person(role.FOCAL_POINT, hall.ministry)
    version = workflow.revise(writer, record.public_id)
    assert counts()["commitment", "skills", ""] == 1
    workflow.edit(writer, record.public_id, {"themes": ["gfmd_themes:remittances"]}, edit=version.edit)
    hall.publish(record.public_id)
    assert ("commitment", "skills", "") not in counts()
    assert counts()["commitment", "remittances", ""] == 1
    workflow.withdraw(hall.person(role.MODERATOR), record.public_id, "Entered twice.")
    assert counts() == {}
    assert not Standing.objects.exists()


def test_a_draft_stands_nowhere(hall):
    hall.draft(hall.person(role.FOCAL_POINT, hall.ministry))
    assert counts() == {}


def test_counts_are_those_of_counting(loaded):
    for kind, count in shelving.kinds().items():
        assert count == Record.objects.public().filter(kind=kind).count(), kind
    before = counts(), set(Standing.objects.values_list("shelf__kind", "key", "record"))
    indexing.rebuild()
    assert before == (counts(), set(Standing.objects.values_list("shelf__kind", "key", "record")))


@pytest.mark.parametrize("most", [1, 3, 7, 1000])
def test_forwards_and_backwards_every_record_is_met_once(hall_on_both, most):
    hall = hall_on_both
    due = ["", "2020", "2020-12-31", "2019-05", "2020-06-30", "", "2021"]
    writer = hall.person(role.FOCAL_POINT, hall.ministry)
    entities = []
    for day in due:
        name = hall.draft(writer, due=day).record.public_id
        Record.objects.filter(public_id=name).update(state="published", published_version=1)
        entities.append(Commitment.objects.get(public_id=name))
    indexing.index_many(entities)
    shelf = shelving.shelf_of("commitment")
    forwards, part = [], shelving.stretch(shelf, most)
    assert not part.before
    forwards += part.keys
    while part.after:
        part = shelving.stretch(shelf, most, after=part.last)
        assert part.before
        forwards += part.keys
    wanted = sorted(entities, key=lambda one: (shelving.key_of(one), one.pk))
    assert forwards == [one.pk for one in wanted]
    assert [one.due for one in wanted][-2:] == ["", ""]
    backwards = list(part.keys)
    while part.before:
        part = shelving.stretch(shelf, most, before=part.first)
        assert part.after
        backwards = [*part.keys, *backwards]
    assert backwards == forwards


def test_the_newest_meeting_comes_first(loaded):
    part = shelving.stretch(shelving.shelf_of("meeting"), 500)
    starts = [Meeting.objects.get(pk=one).start for one in part.keys]
    assert starts == sorted(starts, reverse=True)
    assert len(starts) == Meeting.objects.public().count()


def test_a_shelf_that_was_never_there_is_empty():
    assert shelving.stretch(None, 5) == shelving.Stretch((), None, None, False, False)


def test_a_list_leads_from_page_to_page_and_back(loaded, reader, monkeypatch):
    monkeypatch.setattr("sojourn.web.registry.public.listing.PAGE", 9)
    seen: list[str] = []
    address = "/en/registry/commitments"
    while address:
        page = reader.get(address).content.decode()
        listed = [one.partition('"')[0] for one in page.split("/en/registry/records/")[1:]]
        assert 0 < len(listed) <= 9
        seen += listed
        address = _linked(page, "next")
        last = page
    assert len(seen) == len(set(seen)) == Commitment.objects.public().count()
    back = reader.get(_linked(last, "prev")).content.decode()
    assert _linked(back, "next")
    assert seen[-len(listed) - 1] in back


def _linked(page: str, rel: str) -> str:
    found = page.partition(f'rel="{rel}" href="')[2].partition('"')[0]
    return found.replace("&amp;", "&")
