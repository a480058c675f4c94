"""Every page answers in every language, holds the right number, and says what is wrong where something is."""

from __future__ import annotations

import html
import json
import re

import pytest
from django.test import RequestFactory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sojourn.web import words
from sojourn.web.assets import asset
from sojourn.web.languages import NAMES, exact, number
from sojourn.web.pages.rendering import Voice

PAGES = (
    "",
    "goals",
    "goals/10",
    "targets/10.c",
    "indicators",
    "indicators/10.c.1",
    "series/SI_RMT_COST",
    "series/SI_RMT_COST?area=MEX&area=IND&d.AMOUNT=500",
    "series/SI_RMT_COST_BC?counterpart=MEX&area=USA",
    "methods/SI_RMT_COST",
    "number?series=SI_RMT_COST&area=MEX&period=2013-Q3",
    "areas",
    "areas/MEX",
    "areas/001",
    "areas/419",
    "corridors",
    "corridors?series=SI_RMT_COST_BC&origin=USA",
    "corridors/USA/MEX",
    "data",
    "data/differences",
    "data/differences?series=SI_RMT_COST",
    "data/api",
    "search",
    "search?q=remittance+cost",
    "search?q=墨西哥",
)


@pytest.mark.parametrize("language", NAMES)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_in_every_language(reader, language, page):
    answer = reader.get(f"/{language}/{page}")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in text
    assert 'class="untranslated"' not in text
    assert text.count("<h1") == 1
    assert text.count('id="main"') == 1
    assert " style=" not in text
    assert set(re.findall(r"<script[^>]*src=\"([^\"]*)\"[^>]*></script>", text)) <= {asset("live.js")}
    assert text.count("<script") == text.count('<script type="module" src="/static/live.'), "none inline"
    assert not re.search(r'(src|href|action)="https?://(?!www|data|un|unstats|m)[^"]*\.(js|css)"', text)


def test_links_of_a_page_lead_somewhere(reader):
    seen, queue = set(), ["/en/", "/en/series/SI_RMT_COST?area=MEX", "/ar/areas/MEX", "/fr/data"]
    while queue and len(seen) < 220:
        address = queue.pop(0)
        # The registry has a database of its own, and its pages tests of their own.
        if address in seen or "/files/" in address or "/registry" in address or "/account" in address:
            continue
        seen.add(address)
        answer = reader.get(address, headers={"accept": "*/*"})
        assert answer.status_code in (200, 302), address
        if answer.status_code == 200 and "text/html" in answer.headers["Content-Type"]:
            found = re.findall(r'(?:href|src|srcset)="(/[^"]*)"', answer.content.decode())
            own = [one.replace("&amp;", "&") for one in found if one[:4] in ("/en/", "/ar/", "/sta", "/api")]
            queue += [one for one in own if not re.search(r"/\w+\.(svg|png|json)", one)][
                : 60 if len(queue) < 400 else 5
            ]
    assert len(seen) > 100


def test_the_number_of_the_release_stands_on_the_page_with_its_interval(reader, two_releases):
    from sojourn.release import open_release

    row = (
        open_release(two_releases[1])
        .observations(series="SI_RMT_COST", area="MEX", period="2013-Q3", breakdown="", only_headline=True)
        .row(0, named=True)
    )
    text = reader.get("/en/number?series=SI_RMT_COST&area=MEX&period=2013-Q3").content.decode()
    assert f">{number(row['value'])} <span" in re.sub("</bdi>", "", text)
    assert exact(row["value"]) in text
    assert f">{number(row['lower'])} – {number(row['upper'])}</bdi>" in text
    assert row["method"] in text
    files = [one for one in open_release(two_releases[1]).manifest.inputs if one.source == row["source"]]
    assert files
    assert all(one.sha256 in text for one in files), "down to the hash of the file"


def test_an_interval_reads_lower_to_upper_in_arabic(reader):
    text = reader.get("/ar/number?series=SI_RMT_COST&area=MEX&period=2013-Q3").content.decode()
    found = re.search(r'<bdi dir="ltr" class="num">(−?[\d.,]+) – ([\d.,]+)</bdi>', text)
    assert found
    assert float(found[1].replace("−", "-")) < float(found[2])


def test_the_state_of_a_page_is_in_its_address(reader):
    text = reader.get("/en/series/SI_RMT_COST?area=IND&d.AMOUNT=500&period=2013-Q3").content.decode()
    assert '<input type="hidden" name="area" value="IND">' in text
    assert '<option value="500" selected>' in text
    assert "<option selected>2013-Q3</option>" in text


def test_downloads_of_a_page_are_of_its_own_release(reader, two_releases):
    text = reader.get("/en/series/SI_RMT_COST?area=MEX").content.decode()
    links = re.findall(r'href="(/api/v1/observations\.[^"]*)"', text)
    assert len(links) == 15
    assert all(f"release={two_releases[1].name}" in one for one in links)
    assert {reader.get(one.replace("&amp;", "&")).status_code for one in links} == {200}


def test_an_older_release_is_shown_whole_when_asked_for(reader, two_releases):
    first, second = two_releases
    address = "/en/number?series=SI_RMT_COST&area=MEX&period=2013-Q3"
    old = reader.get(f"{address}&release={first.name}")
    assert "5 <span" in re.sub(r"</?bdi[^>]*>", "", old.content.decode())
    assert old.headers["Sojourn-Release"] == first.name
    assert f"release={first.name}" in old.content.decode()
    assert reader.get(address).headers["Sojourn-Release"] == second.name


def test_what_changed_between_two_releases(reader, two_releases):
    text = reader.get(
        f"/en/data/changes?before={two_releases[0].name}&after={two_releases[1].name}"
    ).content.decode()
    assert "file changed: prices.csv" in text
    assert "SI_RMT_COST" in text
    before = re.findall(rf'href="(/en/number[^"]*release={two_releases[0].name})"', text)
    assert before
    assert reader.get(before[0].replace("&amp;", "&")).status_code == 200, "each number explains itself"


def test_a_method_says_definition_formula_sources_limits_choices_and_code(reader, two_releases):
    from sojourn.release import open_release

    release = open_release(two_releases[1])
    meaning = release.series()["SI_RMT_COST"]
    text = html.unescape(re.sub(r"<[^>]*>", "", reader.get("/en/methods/SI_RMT_COST").content.decode()))
    assert meaning["definition"] in text
    assert meaning["limits"] in text
    assert release.manifest.code in text
    assert "sojourn.indicators.remittance_cost" in text
    assert all(name in text for name in release.manifest.parameters["prices"])
    used = {row["source"] for row in release.observations(series="SI_RMT_COST").to_dicts()}
    assert all(one.sha256 in text for one in release.manifest.inputs if one.source in used)


def test_a_method_shows_its_formulas(reader, two_releases):
    from sojourn.release import open_release
    from sojourn.web.pages.prose import paragraphs

    known = open_release(two_releases[1]).series()
    formulas = {
        code: [part for kind, part in paragraphs(one["explanation"]) if kind == "formula"]
        for code, one in known.items()
    }
    code = next(code for code, own in formulas.items() if own)
    text = html.unescape(reader.get(f"/en/methods/{code}").content.decode())
    assert all(f'<pre class="formula" tabindex="0">{own}</pre>' in text for own in formulas[code])


def test_two_releases_are_chosen_on_the_page_itself(reader, two_releases):
    text = reader.get("/en/data/changes").content.decode()
    before, after = (one.name for one in two_releases)
    form = text.partition('<select name="before">')[2]
    assert f"<option selected>{before}</option>" in form.partition("</select>")[0]
    assert f"<option selected>{after}</option>" in form.partition("</select>")[2]


@pytest.mark.parametrize(
    ("address", "status", "told"),
    [
        ("/xx/", 404, "ar · zh · en · fr · ru · es"),
        ("/?language=de", 404, "ar · zh · en · fr · ru · es"),
        ("/en/nowhere", 404, "There is no page"),
        ("/en/areas/Atlantis", 404, "No area is called"),
        ("/en/areas/Mexco", 404, "Mexico"),
        ("/en/series/SI_RMT", 404, "SI_RMT_COST"),
        ("/en/series/SI_RMT_COST?area=Atlantis", 404, "No area is called"),
        ("/en/series/SI_RMT_COST?d.AMOUNT=7", 404, "500"),
        ("/en/series/SI_RMT_COST?period=13", 400, "2015-Q3"),
        ("/en/series/SI_RMT_COST?period=1913", 404, "2013-Q3"),
        ("/en/series/SI_RMT_COST?foo=1", 400, "counterpart"),
        ("/en/series/SI_RMT_COST?release=9999-deadbeef", 404, "0002-"),
        ("/en/indicators/99.9", 404, "10.c.1"),
        ("/en/goals/18", 404, "1 to 17"),
        ("/en/targets/99.9", 404, "10.c"),
        ("/en/number", 400, "at least series, area and period"),
        ("/en/number?series=SI_RMT_COST&area=MEX&period=2012-Q1", 404, "What is possible"),
        ("/en/data/changes?before=0001-00000000&after=0002-00000000", 404, "0001-"),
        ("/en/series/SI_RMT_COST/trend.gif", 404, "svg, png, json"),
        ("/en/series/SI_RMT_COST/pie.svg", 404, "trend"),
        ("/en/series/SI_RMT_COST/trend.svg?theme=neon", 404, "theme light, dark, print"),
        ("/en/series/SI_RMT_COST/embed?kind=pie", 404, "trend"),
    ],
)
def test_what_does_not_exist_says_what_does(reader, address, status, told):
    answer = reader.get(address)
    assert answer.status_code == status
    assert told in re.sub(r"</?(a|bdi)\b[^>]*>", "", answer.content.decode())
    assert "/tmp" not in answer.content.decode(), "no path of the machine"


def test_an_impossible_combination_offers_possible_ones(reader):
    text = reader.get(
        "/en/series/SI_RMT_COST?d.AMOUNT=500&d.DIRECTION=OUTBOUND&d.AVERAGE=SMART"
    ).content.decode()
    assert "No number has this combination" in text
    offered = re.findall(r'<li><a href="(/en/series/SI_RMT_COST[^"]*d\.[^"]*)">', text)
    assert offered
    assert (
        "No number has this combination" not in reader.get(offered[0].replace("&amp;", "&")).content.decode()
    )


@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(
        ["/en/series/SI_RMT_COST", "/ar/search", "/en/number", "/en/areas/MEX", "/zh/data/changes"]
    ),
    query=st.dictionaries(
        st.one_of(
            st.sampled_from(["area", "q", "period", "series", "d.AMOUNT", "release", "sex"]),
            st.text(max_size=12),
        ),
        st.one_of(
            st.text(max_size=40),
            st.sampled_from(["<script>alert(1)</script>", "../../etc/passwd", "' OR 1=1"]),
        ),
        max_size=4,
    ),
)
def test_no_query_breaks_a_page(reader, path, query):
    answer = reader.get(path, query)
    assert answer.status_code in (200, 302, 400, 404)
    assert answer.content.count(b"<script") == answer.content.count(
        b'<script type="module" src="/static/live.'
    )


@pytest.mark.parametrize(
    "path",
    [
        "/en/%00",
        "/en/areas/%2e%2e%2f%2e%2e",
        "/en/" + "a" * 5000,
        "/\\evil",
        "/static/../settings.py",
    ],
)
def test_no_path_breaks_the_site_or_leads_away(reader, path):
    answer = reader.get(path)
    assert answer.status_code in (400, 404)


def test_headers_keep_a_browser_safe(reader):
    headers = reader.get("/en/").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"]
    assert "Set-Cookie" not in headers


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_nothing_can_be_written(reader, method):
    assert getattr(reader, method)("/en/").status_code == 405


def test_a_foreign_host_is_refused(reader):
    assert reader.get("/en/", headers={"host": "evil.example"}).status_code == 400


def test_the_language_of_the_browser_opens_the_site(reader):
    assert reader.get("/", headers={"accept-language": "fr-CA, en;q=0.5"}).headers["Location"] == "/fr/"
    assert reader.get("/?language=ar").headers["Location"] == "/ar/"


def test_styles_and_marks_are_kept_for_ever(reader):
    text = reader.get("/en/").content.decode()
    address = re.search(r'href="(/static/site\.[0-9a-f]{12}\.css)"', text)
    assert address
    answer = reader.get(address[1])
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]


def test_a_page_that_did_not_change_is_not_sent_again(reader):
    first = reader.get("/en/areas/MEX")
    again = reader.get("/en/areas/MEX", headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 304
    assert reader.get("/en/areas/MEX").content == first.content


def test_an_empty_folder_is_a_page_and_answers_once_there_is_a_release(tmp_path, two_releases, publish):
    import django
    from django.test import Client, override_settings

    django.setup()
    with override_settings(SOJOURN_RELEASES=str(tmp_path)):
        own = Client(SERVER_NAME="localhost", raise_request_exception=False)
        answer = own.get("/fr/")
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        assert own.get("/health").status_code == 503
        assert own.get("/api/v1/series").json()["error"] == "ReleaseError"
        publish(two_releases[0], tmp_path)
        assert own.get("/fr/").status_code == 200


def test_a_fault_of_ours_is_a_page_that_tells_nothing_of_the_code(client, monkeypatch):
    from sojourn.web.pages import home

    monkeypatch.setattr(home, "coverage", lambda _: 1 / 0)
    answer = client.get("/fr/")
    assert answer.status_code == 500
    assert b"ZeroDivisionError" not in answer.content
    assert "a commis une erreur" in answer.content.decode()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_picture_of_a_series(reader, theme):
    from sojourn.web.pages import pictures

    if not pictures.available():
        pytest.skip("Altair and vl-convert are not installed: pictures are NOT checked")
    answer = reader.get(f"/ar/series/SI_RMT_COST/trend.svg?area=MEX&theme={theme}")
    assert answer.status_code == 200
    assert answer.content.startswith(b"<svg")
    assert "المكسيك" in answer.content.decode()


def test_without_the_parts_that_draw_the_table_stands_alone(client, monkeypatch):
    from sojourn.web.pages import pictures

    monkeypatch.setattr(pictures, "available", lambda: False)
    text = client.get("/en/series/SI_RMT_COST?area=MEX").content.decode()
    assert "<picture>" not in text
    assert "<details open>" in text
    assert client.get("/en/series/SI_RMT_COST/trend.svg?area=MEX").status_code == 404


def test_the_download_of_all_areas_adds_no_pairs_to_totals(reader):
    text = reader.get("/en/series/SI_RMT_COST").content.decode()
    found = re.findall(r'href="(/api/v1/observations\.json\?[^"]*)"', text)
    all_areas = [one.replace("&amp;", "&") for one in found if "area=" not in one and "every=" not in one]
    assert all_areas
    for address in all_areas:
        assert "counterpart=" in address
        rows = json.loads(b"".join(reader.get(address).streaming_content))["observations"]
        assert rows
        assert {row["counterpart"] for row in rows} <= {None, ""}


def test_a_series_without_numbers_says_why_and_offers_no_empty_files(reader):
    text = reader.get("/en/series/SL_TLF_UEM").content.decode()
    assert "This release has no number of this series." in text
    assert "It would be filled by:" in text
    assert "/api/v1/observations." not in text
    assert "<iframe" not in html.unescape(text)
    told = reader.get("/en/indicators/8.5.2").content.decode()
    assert "the rows of a survey or census" in told


@pytest.mark.parametrize("page", ["goals/10", "targets/10.c", "indicators/10.c.1"])
def test_how_sure_a_fact_is_reads_as_a_sentence(reader, page):
    text = reader.get(f"/en/{page}").content.decode()
    assert any(told in text for told in words.CERTAINTY.values())
    assert "memory" not in text


def test_a_chance_is_never_written_as_certain():
    voice = Voice(RequestFactory().get("/fr/"), "fr")
    told = [" ".join(voice.share(one).striptags().split()) for one in (0.0, 0.00034, 0.004, 0.34, 1.0)]
    assert told == ["moins de 0,1 %", "moins de 0,1 %", "0,4 %", "34 %", "plus de 99,9 %"]
