"""A new release is taken in once; a state that it changes is logged with both releases."""

from __future__ import annotations

import pytest
from django.db import DatabaseError

from sojourn import framework
from sojourn.methods.progress import states
from sojourn.release.gate import open_release
from sojourn.web.holding import load
from sojourn.web.registry.contradictions import TAKES_A_STAND
from sojourn.web.registry.measuring import measured, picture_of
from sojourn.web.registry.models import Actor, Commitment, Event, Involvement, MeasuredState, Record, Target
from sojourn.web.registry.services import audit, judging


@pytest.fixture(scope="module")
def holdings(two_releases):
    return [load(open_release(one)) for one in two_releases]


@pytest.fixture
def target(hall) -> Target:
    """A published target of a published promise."""
    promise = hall.published(form="common", start="2015")
    made = Target(
        title="Average cost",
        kind="target",
        commitment=Commitment.objects.get(pk=promise.pk),
        series="SI_RMT_COST",
        area="001",
        direction="lower",
        value=3,
        date="2030",
        basis="in_text",
        link_strength="direct",
        public_id="T-2015-0001",
        created=promise.created,
        changed=promise.changed,
        state="published",
        published_version=1,
    )
    made.save()
    return made


def test_what_a_release_says_is_written_once(target, holdings):
    assert judging.take_release(holdings[0]) == ()
    assert judging.take_release(holdings[0]) == ()
    (kept,) = MeasuredState.objects.all()
    assert (kept.release, kept.state, kept.previous) == (holdings[0].name, "too_slow", None)
    assert kept.figures["value"] == pytest.approx(6.36)
    assert kept.figures["assessment"]["points"] > 3


def test_a_changed_state_is_logged_with_both_releases(target, holdings):
    judging.take_release(holdings[0])
    Target.objects.filter(pk=target.pk).update(value=9)
    (change,) = judging.take_release(holdings[1])
    assert (change.key, change.before, change.after) == ("T-2015-0001", "too_slow", "met")
    assert (change.old, change.new) == (holdings[0].name, holdings[1].name)
    event = Event.objects.get(verb="measured")
    assert (event.subject, holdings[0].name in event.told, holdings[1].name in event.told) == (
        "T-2015-0001",
        True,
        True,
    )
    assert list(audit.broken()) == []
    assert MeasuredState.objects.get(release=holdings[1].name).previous.release == holdings[0].name


def test_the_same_state_is_no_change(target, holdings):
    judging.take_release(holdings[0])
    assert judging.take_release(holdings[1]) == ()
    assert MeasuredState.objects.count() == 2
    assert not Event.objects.filter(verb="measured").exists()


def test_a_context_gets_no_state(target, holdings):
    Target.objects.filter(pk=target.pk).update(link_strength="context")
    judging.take_release(holdings[0])
    assert MeasuredState.objects.get().state == "context"


def test_the_deed_of_one_actor_gets_no_state_from_the_world(target, holdings):
    Commitment.objects.update(form="individual")
    judging.take_release(holdings[0])
    assert MeasuredState.objects.get().state == "context"


def _named(target, actor):
    Involvement.objects.create(record_id=target.commitment_id, actor=actor, role="lead")


def test_the_world_judges_no_named_actor_whatever_the_form_says(hall, target, holdings):
    _named(target, hall.ministry)
    Commitment.objects.update(stated="completed")
    assert judging.to_look_at(holdings[0]) == ()
    _named(target, hall.other)
    judging.take_release(holdings[0])
    assert MeasuredState.objects.get().state == "context", "two are not the world either"


@pytest.mark.parametrize("several", [{"collective": True}, {"type": "mechanism"}])
def test_an_actor_that_stands_for_several_is_held_to_the_world(hall, target, holdings, several):
    _named(target, hall.ministry)
    Actor.objects.filter(pk=hall.ministry.pk).update(**several)
    judging.take_release(holdings[0])
    assert MeasuredState.objects.get().state == "too_slow"


def test_a_named_actor_is_held_to_the_number_of_its_own_area(hall, target, holdings):
    _named(target, hall.ministry)
    Actor.objects.filter(pk=hall.ministry.pk).update(area="001")
    judging.take_release(holdings[0])
    assert MeasuredState.objects.get().state == "too_slow"


def test_the_target_of_another_institution_gives_no_state_and_bears_its_name(hall, target, holdings, reader):
    Target.objects.filter(pk=target.pk).update(owner=hall.ministry)
    Commitment.objects.update(stated="completed")
    assert len(judging.to_look_at(holdings[0])) == 1
    page = f"/en/registry/records/{target.commitment.public_id}"
    assert "another institution" not in reader.get(page).content.decode()
    Target.objects.filter(pk=target.pk).update(owner=hall.other)
    assert judging.to_look_at(holdings[0]) == ()
    shown = reader.get(page).content.decode()
    assert "Target of another institution:</strong> Other ministry" in shown
    assert "context: gives no state" in shown
    assert "too slow" not in shown
    assert "too slow" not in reader.get("/en/registry").content.decode()


def test_the_page_of_one_actors_deed_shows_the_world_and_gives_it_no_state(target, reader):
    page = f"/en/registry/records/{target.commitment.public_id}"
    together = reader.get(page).content.decode()
    assert "too slow" in together
    Commitment.objects.update(form="individual", stated="completed")
    alone = reader.get(page).content.decode()
    assert "6.36" in alone
    assert "context: gives no state" in alone
    assert "too slow" not in alone
    assert "too slow" not in reader.get("/en/registry").content.decode()


def test_a_context_disagrees_with_no_report(target, holdings):
    Commitment.objects.update(form="individual", stated="on_track")
    assert judging.to_look_at(holdings[0]) == ()
    Commitment.objects.update(form="common")
    assert [one.measured for one in judging.to_look_at(holdings[0])] == ["too slow"]


def test_every_state_that_can_be_reported_or_measured_is_in_its_vocabulary():
    terms = {(one.vocabulary, one.code) for one in framework.load().labels}
    stands = TAKES_A_STAND - {"met"}
    assert {("implementation_state", one) for one in stands} <= terms
    measured = {judging.code_of(one) for one in (*states.STATES, None)}
    assert {("measured_state", one) for one in measured} <= terms


def test_what_is_not_public_is_not_judged(target, holdings):
    Record.objects.filter(pk=target.commitment_id).update(state="withdrawn")
    judging.take_release(holdings[0])
    assert not MeasuredState.objects.exists()


def test_disagreement_is_listed_and_agreement_is_not(target, holdings):
    assert judging.to_look_at(holdings[0]) == ()
    Commitment.objects.update(stated="completed")
    (one,) = judging.to_look_at(holdings[0])
    assert (one.key, one.stated, one.measured) == ("T-2015-0001", "completed", "too slow")


def test_nobody_is_told_of_a_disagreement_on_a_public_page(target, holdings, reader):
    Commitment.objects.update(stated="completed")
    name = target.commitment.public_id
    page = reader.get(f"/en/registry/records/{name}").content.decode().lower()
    assert "too slow" in page
    assert "contradict" not in page


def test_many_are_judged_a_few_at_a_time(target, holdings, monkeypatch):
    for number in range(2, 8):
        target.pk = target.id = None
        target.public_id = f"T-2015-{number:04d}"
        target.save(force_insert=True)
    monkeypatch.setattr(judging, "_AT_ONCE", 2)
    assert judging.take_release(holdings[0]) == ()
    assert MeasuredState.objects.filter(release=holdings[0].name).count() == Target.objects.count()
    assert judging.take_release(holdings[0]) == ()


def test_what_cannot_be_judged_is_logged_and_stops_nobody(holdings, monkeypatch, caplog):
    def locked(holding):
        raise DatabaseError("database is locked")

    monkeypatch.setattr(judging, "take_release", locked)
    monkeypatch.setattr(judging.connections, "close_all", lambda: None)
    judging.take_in(holdings[0])
    assert "database is locked" in caplog.text


def test_a_picture_is_asked_for_the_target_itself(target, holdings):
    (join,) = measured([target], holdings[0]).values()
    asked = {name: one for name, one in picture_of(join).items() if one}
    assert asked == {"area": "001", "target": "3", "by": "2030", "release": holdings[0].name}


def test_what_one_country_promised_gets_no_state_from_the_world_whatever_its_form(target, holdings, hall):
    hall.ministry.area = "SWE"
    hall.ministry.save()
    target.commitment.actors.create(actor=hall.ministry, role="lead")
    judging.take_release(holdings[0])
    assert MeasuredState.objects.get().state == "context"
