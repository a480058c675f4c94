"""Administrators keep the lists: in six languages, without taking a term from the texts that use it."""

from __future__ import annotations

import re

import pytest

from sojourn.web.languages import NAMES
from sojourn.web.registry.faults import DeniedError, InvalidError
from sojourn.web.registry.models import Event, Term
from sojourn.web.registry.models import accounts as role
from sojourn.web.registry.services import audit, listing, retracing
from sojourn.web.registry.services.listing import Wording

LABELS = {one: f"Skills {one}" for one in NAMES}
LISTS = "/en/account/lists"


@pytest.fixture
def administrator(hall):
    return hall.person(role.ADMINISTRATOR)


class TestService:
    def test_a_term_is_added_as_the_last_and_worded_anew(self, hall, administrator):
        made = listing.add(
            administrator, "gfmd_themes", "visas", Wording(LABELS, {"en": "What lets people in"})
        )
        assert (made.position > 0, made.active, made.label("ar")) == (True, True, "Skills ar")
        listing.word(
            administrator, "gfmd_themes", "visas", Wording({**LABELS, "fr": "Visas"}, {}, active=False)
        )
        term = Term.objects.get(code="visas")
        assert (term.label("fr"), term.help, term.active) == ("Visas", {}, False)
        verbs = Event.objects.filter(subject=f"term:{made.pk}").order_by("number")
        assert [one.verb for one in verbs] == ["term added", "term worded"]
        assert list(audit.broken()) == []
        assert not [one for one in retracing.strayed() if "term" in one.what]
        Term.objects.filter(code="visas").update(active=True)
        assert [one.what for one in retracing.strayed() if "term" in one.what] == [
            "the term gfmd_themes:visas is not worded as it was written"
        ]

    @pytest.mark.parametrize("code", ["", "Skills", "../x", "a b", "x" * 61, "skills"])
    def test_a_code_that_does_not_fit_is_refused(self, administrator, code):
        with pytest.raises(InvalidError) as refused:
            listing.add(administrator, "gfmd_themes", code, Wording(LABELS, {}))
        assert "code" in refused.value.problems

    @pytest.mark.parametrize("label", ["", "  ", "x" * 201])
    def test_every_language_needs_a_label(self, administrator, label):
        with pytest.raises(InvalidError) as refused:
            listing.word(administrator, "gfmd_themes", "skills", Wording({**LABELS, "zh": label}, {}))
        assert list(refused.value.problems) == ["label-zh"]
        assert not Event.objects.exists()

    @pytest.mark.parametrize("seat", [role.MODERATOR, role.DATA_STEWARD, role.AUDITOR])
    def test_nobody_else_keeps_them(self, hall, seat):
        with pytest.raises(DeniedError):
            listing.word(hall.person(seat), "gfmd_themes", "skills", Wording(LABELS, {}))


class TestPage:
    def test_an_administrator_words_a_term_and_forms_offer_it(self, town):
        keeper = town.enter(role.ADMINISTRATOR)
        assert "gfmd_themes" in keeper.get(LISTS).content.decode()
        page = keeper.get(f"{LISTS}/gfmd_themes?term=skills").content.decode()
        assert page.count('required maxlength="200"') == 6
        sent = {f"label-{one}": text for one, text in LABELS.items()}
        done = keeper.post(f"{LISTS}/gfmd_themes", {**sent, "term": "skills", "active": "1"})
        assert done["Location"] == f"{LISTS}/gfmd_themes"
        writer = town.enter(role.FOCAL_POINT, town.hall.ministry)
        assert "Skills fr" in writer.get("/fr/registry/desk/new/commitment").content.decode()
        keeper.post(f"{LISTS}/gfmd_themes", {**sent, "term": "skills"})
        assert "Skills fr" not in writer.get("/fr/registry/desk/new/commitment").content.decode()

    def test_what_does_not_fit_comes_back_with_its_problem(self, town):
        keeper = town.enter(role.ADMINISTRATOR)
        sent = {f"label-{one}": "<script>" for one in NAMES if one != "ru"}
        answer = keeper.post(f"{LISTS}/gfmd_themes", {**sent, "code": "visas", "active": "1"})
        page = answer.content.decode()
        assert (answer.status_code, page.count('class="problem"')) == (400, 1)
        assert re.search(r'id="label-ru-problem"', page)
        assert "<script>" not in page.replace('<script src="', "")
        assert not Term.objects.filter(code="visas").exists()

    @pytest.mark.parametrize("language", NAMES)
    def test_it_is_whole_in_every_language(self, town, language):
        keeper = town.enter(role.ADMINISTRATOR)
        for path in ("lists", "lists/gfmd_themes", "lists/gfmd_themes?term=skills"):
            page = keeper.get(f"/{language}/account/{path}").content.decode()
            assert 'class="untranslated"' not in page

    def test_it_is_there_for_administrators_alone(self, town):
        for seat in (role.MODERATOR, role.REVIEWER, role.AUDITOR):
            assert town.enter(seat).get(LISTS).status_code == 404
            assert town.enter(seat).post(f"{LISTS}/gfmd_themes", {"term": "skills"}).status_code == 404
        weak = town.enter(role.ADMINISTRATOR, second_factor=False)
        assert weak.get(LISTS).status_code == 403
        assert town.enter(role.ADMINISTRATOR).get(f"{LISTS}/nothing").status_code == 404
        assert town.enter(role.ADMINISTRATOR).get(f"{LISTS}/gfmd_themes?term=nothing").status_code == 404
