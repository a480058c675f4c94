"""The shipped facts come in once, with their certainty, and what people edit is theirs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sojourn import framework
from sojourn.web.registry.loading import load_facts
from sojourn.web.registry.models import (
    Actor,
    Commitment,
    Event,
    Instrument,
    Mainstreaming,
    Membership,
    Note,
    Practice,
    Provision,
    Record,
    Statement,
    Succession,
    Target,
    Term,
    Version,
)
from sojourn.web.registry.models import accounts as role
from sojourn.web.registry.services import audit, wording, workflow
from sojourn.web.registry.services.persons import Held, Person


def test_it_is_loaded_once_on_both_databases(both):
    first = load_facts()
    assert (first.changed, first.same, first.kept) == (0, 0, 0)
    assert first.new == Record.objects.public().count() == Version.objects.filter(state="published").count()
    again = load_facts()
    assert (again.new, again.changed, again.same, again.kept) == (0, 0, first.new, 0)
    assert Event.objects.filter(verb="loaded").count() == first.new
    assert list(audit.broken()) == []


def test_everything_shipped_is_there(loaded):
    facts = framework.load()
    assert Statement.objects.count() == len(facts.meeting) == 68
    in_declaration = Provision.objects.filter(instrument__symbol="A/RES/68/4")
    assert in_declaration.count() == len(facts.declaration) == 20
    assert Provision.objects.filter(instrument__symbol="A/RES/73/195").count() == 23
    assert Note.objects.count() == len(facts.quirks)
    assert Term.objects.filter(is_theme=True).count() == 8 + 9 + 23 + 10 + len(facts.targets) + 18
    assert Instrument.objects.filter(adopted_by="Civil society").count() == 2


def test_every_record_says_where_it_comes_from_and_how_sure_it_is(loaded):
    assert not Record.objects.filter(source="").exists()
    assert not Record.objects.filter(certainty_note="").exists()
    unsure = Record.objects.get(fact="coordination_meetings:5")
    assert (unsure.certainty, unsure.certainty_note) == ("memory", "memory, unsure")
    assert Record.objects.get(fact="milestone:5").certainty == "disputed"


def test_a_provision_whose_number_nobody_checked_has_none(loaded):
    first = Provision.objects.get(fact="provision:declaration_2013:1")
    assert (first.number, first.position) == ("", 1)
    assert "unknown" in first.certainty_note


def test_a_gap_in_the_chair_is_kept_as_a_gap(loaded):
    gaps = Membership.objects.filter(role="chair", actor=None, body__fact="body:gmg")
    assert gaps.count() == 3
    shared = Membership.objects.filter(role="co_chair", body__fact="body:gmg").values_list(
        "actor__title", flat=True
    )
    assert set(shared) == {"IOM", "FAO"}


def test_a_state_has_its_name_in_six_languages(loaded):
    mexico = Actor.objects.get(area="MEX")
    assert {one.language: one.text for one in mexico.texts.all()}["ar"] == "المكسيك"
    assert mexico.texts.count() == 5


def test_three_promises_are_joined_to_what_is_measured(loaded):
    targets = {one.fact: one for one in Target.objects.select_related("commitment")}
    assert {(one.series, one.area, str(one.value).rstrip("0"), one.each) for one in targets.values()} == {
        ("SI_RMT_COST", "001", "3.", False),
        ("SI_RMT_COST", "001", "5.", False),
        ("SI_RMT_COST_BC", "", "5.", True),
    }
    assert all(one.commitment.statement.agenda_item.meeting.number == 13 for one in targets.values())


def test_what_cannot_be_measured_says_why(loaded):
    announced = Commitment.objects.filter(fact__startswith="announced:")
    assert announced.count() == 22
    assert not announced.filter(not_measurable="").exists()
    third = Commitment.objects.get(fact="announced:CM13-049")
    assert third.superseded_by.entity.title == "International Migration Review Forum"
    assert Succession.objects.get(fact="succession:series:hld:series:imrf").later == third.superseded_by


def test_practices_and_plans_come_with_their_source_and_what_is_not_known(loaded):
    facts = framework.load()
    assert Practice.objects.public().count() == len(facts.practices) == 4
    pensions = Practice.objects.get(fact="practice:pension_agreements")
    assert (str(pensions.result_value).rstrip("0"), pensions.result_unit, pensions.source) == (
        "23.3",
        "PT",
        "F6",
    )
    assert "53.2" in pensions.pitfalls
    bangladesh = Mainstreaming.objects.get(fact="mainstreaming:bangladesh_five_year:mention")
    assert (bangladesh.plan.area, bangladesh.plan.first_year, bangladesh.certainty) == (
        "BGD",
        None,
        "unknown",
    )
    fao = Commitment.objects.get(fact="announced:CM13-053")
    assert {one.area for one in fao.areas.all()} == {"ETH", "TUN"}


def test_main_records_have_titles_in_other_languages_and_say_how_sure_they_are(loaded):
    compact = Record.objects.get(fact="instrument:gcm_2018")
    titles = {one.language: (one.text, one.status) for one in compact.texts.filter(field="title")}
    assert titles.keys() == {"ar", "zh", "fr", "ru", "es"}
    assert titles["es"] == ("Pacto Mundial para la Migración Segura, Ordenada y Regular", "official")
    meeting = Record.objects.get(fact="coordination_meetings:13")
    own = meeting.texts.get(field="title", language="fr")
    assert (own.text.endswith("numéro 13"), own.status) == (True, "unofficial_translation")
    forum = Record.objects.get(fact="series:imrf")
    assert not forum.texts.filter(language="ru").exists()


def test_every_name_is_that_of_a_record(loaded):
    for one in framework.load().names:
        stem, star, _ = one.key.partition("*")
        found = Record.objects.filter(**{"fact__startswith" if star else "fact": stem})
        assert found.exists(), one.key


def test_a_title_that_a_person_gave_stays(loaded, hall_people):
    translator = hall_people(role.TRANSLATOR)
    compact = Record.objects.get(fact="instrument:gcm_2018")
    wording.translate(translator, compact.public_id, "es", {"title": "Pacto"})
    load_facts()
    assert compact.texts.get(field="title", language="es").text == "Pacto"


def test_a_fact_that_changed_is_a_new_version(loaded):
    facts = framework.load()
    item = facts.meeting[0].model_copy(update={"label_own_words": "In other words"})
    again = load_facts(replace(facts, meeting=(item, *facts.meeting[1:])))
    assert (again.new, again.changed, again.kept) == (0, 1, 0)
    record = Record.objects.get(fact=f"meeting13_items:{item.id}")
    assert (record.title, record.version, record.versions.count()) == ("In other words", 2, 2)


def test_what_a_person_edits_is_theirs(loaded, hall_people):
    steward = hall_people(role.DATA_STEWARD)
    record = Record.objects.get(fact="meeting13_items:CM13-001")
    draft = workflow.revise(steward, record.public_id)
    workflow.edit(steward, record.public_id, {"summary": "Read again in the source."}, edit=draft.edit)
    again = load_facts()
    assert (again.changed, again.kept) == (0, 1)
    assert workflow.newest(record).content["summary"] == "Read again in the source."


@pytest.fixture
def hall_people():
    from sojourn.web.registry.models import Account, Seat

    def seat(seat_role: str) -> Person:
        account = Account.objects.create_user(f"{seat_role}@example.org")
        made = Seat.objects.create(account=account, role=seat_role, valid_from="2020-01-01")
        return Person(account.pk, (Held(made.pk, seat_role),), True)

    return seat


def test_every_theme_and_term_has_a_label_in_six_languages(loaded):
    for one in Term.objects.filter(active=True):
        assert set(one.labels) == {"ar", "zh", "en", "fr", "ru", "es"}, one
        assert all(text.strip() for text in one.labels.values()), one


def test_what_an_administrator_wrote_of_a_theme_stays(loaded):
    Term.objects.filter(vocabulary="gcm_objectives", code="20").update(
        labels={"en": "Remittances", "fr": "Nos mots"}
    )
    load_facts()
    labels = Term.objects.get(vocabulary="gcm_objectives", code="20").labels
    assert (labels["en"], labels["fr"]) == ("Remittances", "Nos mots")
    assert labels["zh"].startswith("更快")


def test_a_provision_is_as_sure_as_its_text_and_says_that_its_number_is_unknown(loaded):
    grades = {
        one.position: one.certainty
        for one in Provision.objects.filter(instrument__fact="instrument:declaration_2013")
    }
    assert (grades[1], grades[9], grades[13]) == ("verified", "memory", "unknown")
