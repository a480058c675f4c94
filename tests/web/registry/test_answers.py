"""Answers that need more than one record: whole in six languages, honest where nothing is recorded, hidden where they must be."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client

from sojourn.web.languages import NAMES
from sojourn.web.registry.answers import overlaps
from sojourn.web.registry.answers.funding import PAID, PLEDGED, Entry, stability
from sojourn.web.registry.models import (
    Account,
    Actor,
    Adoption,
    Body,
    Commitment,
    Funding,
    Involvement,
    Practice,
    Record,
    Target,
    Term,
)
from sojourn.web.registry.models import accounts as role
from sojourn.web.registry.services import indexing

ANSWERS = ("", "/same-work", "/same-work?year=2015", "/funding", "/practices", "/practices?q=pensions")


def get(reader: Client, path: str, language: str = "en"):
    return reader.get(f"/{language}/registry/answers{path}")


def bare(response) -> str:
    assert response.status_code == 200, response.status_code
    inline = re.sub(r"</?(?:bdi|span|a|abbr|strong|code)\b[^>]*>", "", response.content.decode())
    return " ".join(re.sub(r"<[^>]+>", " ", inline).split())


def entry(stage: str, amount: int, *, on: str = "", years: tuple[int, int] = (2014, 2014), donor=1, **more):
    given = {"currency": "USD", "earmarked": False, **more}
    return Entry(stage, Decimal(amount), given["currency"], donor, on, *years, earmarked=given["earmarked"])


class TestMoney:
    def test_nothing_recorded_gives_no_measure(self):
        assert stability([]) == ()

    def test_each_year_of_a_pledge_is_ahead_or_not(self):
        (one,) = stability([entry(PLEDGED, 300, on="2013-06", years=(2014, 2016))])
        assert one.ahead == pytest.approx(2 / 3)
        (one,) = stability([entry(PLEDGED, 300, on="2012-12-31", years=(2014, 2014))])
        assert one.ahead == 1
        (one,) = stability([entry(PLEDGED, 300, on="2013-01-01", years=(2014, 2014))])
        assert one.ahead == 0

    def test_a_year_means_its_last_day(self):
        (one,) = stability([entry(PLEDGED, 300, on="2013", years=(2014, 2014))])
        assert one.ahead == 0

    def test_a_pledge_without_a_day_is_neither_early_nor_late(self):
        (one,) = stability([entry(PLEDGED, 100, on="2010"), entry(PLEDGED, 900)])
        assert (one.ahead, one.undated) == (1, 900)
        (one,) = stability([entry(PLEDGED, 900)])
        assert one.ahead is None

    def test_the_largest_donor_is_a_share_of_all_that_is_pledged(self):
        given = [entry(PLEDGED, 60, donor=7), entry(PLEDGED, 20, donor=8), entry(PLEDGED, 120, donor=None)]
        (one,) = stability(given)
        assert (one.donor, one.largest) == (7, pytest.approx(0.3))
        (one,) = stability([entry(PLEDGED, 120, donor=None)])
        assert (one.donor, one.largest) == (None, None)

    def test_currencies_are_kept_apart(self):
        found = stability([entry(PLEDGED, 100), entry(PAID, 50, currency="SEK")])
        assert [(one.currency, one.pledged, one.paid, one.paid_share) for one in found] == [
            ("SEK", 0, 50, None),
            ("USD", 100, 0, 0),
        ]

    def test_what_is_for_one_purpose_only_is_told(self):
        (one,) = stability([entry(PLEDGED, 100), entry(PLEDGED, 300, earmarked=True)])
        assert one.earmarked == pytest.approx(0.75)


@pytest.mark.usefixtures("loaded")
class TestPages:
    @pytest.mark.parametrize("language", NAMES)
    def test_every_answer_is_whole_in_every_language(self, reader, language):
        for path in ANSWERS:
            page = get(reader, path, language)
            assert page.status_code == 200, path
            assert 'class="untranslated"' not in page.content.decode(), path
            assert page.content.count(b"<h1") == 1

    def test_no_answer_asks_the_database_more_than_ten_times(self, reader):
        asked: list[str] = []

        def count(execute, sql, params, many, context):
            asked.append(sql)
            return execute(sql, params, many, context)

        for path in (*ANSWERS, "/same-work?year=2015&theme=eight_point_2013:7"):
            asked.clear()
            with connection.execute_wrapper(count):
                assert get(reader, path).status_code == 200
            assert len(asked) <= 10, (path, len(asked))

    def test_they_are_found_from_the_first_page(self, reader):
        page = reader.get("/en/registry").content.decode()
        links = set(re.findall(r'href="(/en/registry/(?:answers|records)[^"]*)"', page))
        declaration = Record.objects.get(fact="instrument:declaration_2013").public_id
        for path in ("answers", "answers/same-work", "answers/funding", f"records/{declaration}"):
            assert f"/en/registry/{path}" in links, path
        assert "/en/registry/records/M-2015-0001" in links
        assert "/en/registry/answers/practices?q=portability+of+pensions" in links
        for one in links:
            assert reader.get(one.replace("&amp;", "&")).status_code == 200, one

    def test_what_was_announced_and_what_came_of_it_is_counted(self, reader):
        page = bare(get(reader, ""))
        assert re.search(r"number 13 2015-02-12 68 32 22 0", page)
        assert re.search(
            r"High-level Dialogue on International Migration and Development 2013-10-03 20 20", page
        )

    def test_a_report_counts_as_something_that_came_of_it(self, reader):
        Commitment.objects.filter(fact="announced:CM13-009").update(stated="completed")
        assert re.search(r"number 13 2015-02-12 68 32 22 1", bare(get(reader, "")))

    def test_what_is_known_of_pensions_is_told_with_what_is_not(self, reader):
        for language, q in (("en", "portability of pensions"), ("es", "portabilidad de las pensiones")):
            page = bare(reader.get(f"/{language}/registry/answers/practices", {"q": q}))
            assert "23.3 per cent" in page
            assert "53.2 per cent" in page
        assert "Nobody has filed that they did." in bare(get(reader, "/practices?q=portability+of+pensions"))

    def test_what_is_asked_wrongly_is_refused(self, reader):
        for path, status in (
            ("/same-work?year=x", 400),
            ("/same-work?year=99999", 400),
            ("/same-work?theme=gfmd_themes:nothing", 404),
            ("/funding?body=x", 400),
            ("/nothing", 404),
        ):
            assert get(reader, path).status_code == status, path

    def test_a_body_without_funding_says_so(self, reader):
        page = bare(get(reader, "/funding"))
        bodies = Body.objects.public().count()
        assert page.count("no data recorded") == bodies
        assert f"Of {bodies}, no pledge and no payment is recorded for {bodies}." in page

    def test_money_that_is_recorded_is_measured(self, reader):
        body = Body.objects.get(fact="body:gmg")
        sweden = Actor.objects.get(fact="actor:Sweden")
        _publish(
            Funding,
            "F-2014-0001",
            recipient=body,
            donor=sweden,
            stage="pledged",
            amount=300,
            currency="SEK",
            pledged_on="2013-06",
            first_year=2014,
            last_year=2016,
        )
        page = bare(get(reader, "/funding"))
        assert re.search(r"Global Migration Group 2014 – 2016 300 SEK 66\.\d+ % 100 % Sweden 0 % 0 %", page)


class TestSameWork:
    @pytest.fixture
    def theme(self, hall) -> Term:
        Term.objects.update(is_theme=True)
        return Term.objects.get(vocabulary="gfmd_themes", code="skills")

    def two(self, hall, **more):
        made = []
        for title, actor in (("Recognize diplomas", hall.ministry), ("Train nurses", hall.other)):
            given = {
                "start": "2020",
                "due": "2030-06",
                "themes": ["gfmd_themes:skills"],
                "areas": ["ETH"],
                "actors": [{"actor": actor.public_id, "role": "lead"}],
                **more,
            }
            made.append(hall.published(title=title, **given))
        return made

    def test_two_actors_on_the_same_theme_in_the_same_country_are_found(self, hall, theme, reader):
        first, second = self.two(hall)
        assert overlaps.overlaps(2026) == [overlaps.Overlap("gfmd_themes", "skills", "ETH", 2, 2)]
        assert overlaps.at_work(2026, theme, "ETH") == {hall.ministry: [first], hall.other: [second]}
        assert overlaps.at_work(2026, theme, "") == {}
        page = bare(get(reader, "/same-work?year=2026&theme=gfmd_themes:skills&area=ETH"))
        assert "Ethiopia 2 2" in page
        assert "Recognize diplomas" in page

    @pytest.mark.parametrize(("year", "there"), [(2019, 0), (2020, 1), (2030, 1), (2031, 0)])
    def test_years_count_from_the_start_to_the_deadline(self, hall, theme, year, there):
        self.two(hall)
        assert len(overlaps.overlaps(year)) == there

    @pytest.mark.parametrize(
        ("start", "due", "years"), [("2020", "", {2020}), ("", "2022-03", {2022}), ("", "", set())]
    )
    def test_one_date_alone_counts_in_its_year_alone(self, hall, theme, start, due, years):
        self.two(hall, start=start, due=due)
        assert {one for one in range(2018, 2025) if overlaps.overlaps(one)} == years

    def test_one_actor_twice_is_no_overlap(self, hall, theme):
        self.two(hall, actors=[{"actor": hall.ministry.public_id, "role": "lead"}])
        assert overlaps.overlaps(2026) == []

    def test_a_collective_is_no_single_actor(self, hall, theme):
        self.two(hall)
        Actor.objects.filter(pk=hall.other.pk).update(collective=True)
        assert overlaps.overlaps(2026) == []

    def test_a_draft_is_not_counted(self, hall, theme):
        first, _ = self.two(hall)
        Record.objects.filter(pk=first.pk).update(state="draft")
        assert overlaps.overlaps(2026) == []
        assert overlaps.to_go_by(2026).records == 1

    def test_both_databases_agree(self, hall_on_both):
        Term.objects.update(is_theme=True)
        self.two(hall_on_both)
        assert overlaps.overlaps(2026) == [overlaps.Overlap("gfmd_themes", "skills", "ETH", 2, 2)]
        assert overlaps.to_go_by(2026) == overlaps.Running(2, 2, 2)
        assert overlaps.years() == [2030, 2020]


def _publish(model, name: str, **given):
    """Put a record there, published, as the workflow would leave it."""
    made = model(
        kind=model.KIND,
        public_id=name,
        state="published",
        published_version=1,
        created="2020-01-01T00:00Z",
        changed="2020-01-01T00:00Z",
        **{"title": name, **given},
    )
    made.save(force_insert=True)
    indexing.index(made)
    return made


def test_practices_are_found_with_who_took_them_over_and_what_went_wrong(hall, reader):
    origin = _publish(
        Practice,
        "PR-2014-0001",
        title="Pensions are paid abroad",
        type="agreement",
        summary="An agreement on portability of pensions.",
        pitfalls="Two registers did not fit.",
    )
    other = _publish(Practice, "PR-2016-0001", title="The same for carers", type="agreement")
    _publish(Adoption, "AD-2016-0001", origin=origin, adopted=other, outcome="Took two years.", date="2016")
    Involvement.objects.create(record=origin, actor=hall.ministry, role="implementer")
    page = bare(get(reader, "/practices?q=portability+of+pensions"))
    assert "Found: 1. Practices on file: 2." in page
    for told in ("Two registers did not fit.", "Took two years.", "The same for carers", "Ministry"):
        assert told in page
    assert "Pensions are paid abroad" in bare(get(reader, "/practices?q=portabilidad+pensiones"))
    assert "No practice on file holds these words" in bare(get(reader, "/practices?q=locusts"))
    Record.objects.filter(pk=other.pk).update(state="draft")
    assert "The same for carers" not in bare(get(reader, "/practices?q=portability"))


class TestDifferences:
    """Who may know that a report and a measurement differ: editors and the owner, and nobody else."""

    @pytest.fixture
    def promise(self, hall) -> Commitment:
        made = hall.published(form="common", start="2011")
        Commitment.objects.filter(pk=made.pk).update(stated="on_track")
        promise = Commitment.objects.get(pk=made.pk)
        _publish(
            Target,
            "T-2015-0001",
            commitment=promise,
            series="SI_RMT_COST",
            area="001",
            direction="lower",
            value=3,
            date="2030",
            basis="in_text",
            link_strength="direct",
        )
        return promise

    def signed_in(self, person) -> Client:
        client = Client(SERVER_NAME="localhost", raise_request_exception=False)
        account = Account.objects.get(pk=person.account)
        client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    @pytest.mark.usefixtures("reader")
    @pytest.mark.parametrize(
        ("seat", "at", "status", "sees"),
        [
            (role.FOCAL_POINT, "ministry", 200, True),
            (role.VALIDATOR, "ministry", 200, True),
            (role.FOCAL_POINT, "other", 200, False),
            (role.MODERATOR, None, 200, True),
            (role.DATA_STEWARD, None, 200, True),
            (role.AUDITOR, None, 200, True),
            (role.REVIEWER, "board", 404, False),
            (role.TRANSLATOR, None, 404, False),
            (role.ADMINISTRATOR, None, 404, False),
        ],
    )
    def test_a_seat_sees_what_it_should(self, hall, promise, seat, at, status, sees):
        client = self.signed_in(hall.person(seat, getattr(hall, at) if at else None))
        answer = get(client, "/differences")
        assert answer.status_code == status
        assert (promise.title in answer.content.decode()) is sees
        if sees:
            assert "Measured as too slow though reported on track" in bare(answer)
            assert "no-store" in answer.headers["Cache-Control"]

    def test_nobody_else_sees_it_or_is_led_there(self, hall, promise, reader):
        answer = get(reader, "/differences")
        assert answer.status_code == 404
        assert promise.title not in answer.content.decode()
        assert "answers/differences" not in get(reader, "").content.decode()

    @pytest.mark.usefixtures("reader")
    def test_an_editor_is_led_there(self, hall, promise):
        client = self.signed_in(hall.person(role.MODERATOR))
        assert "answers/differences" in get(client, "").content.decode()
