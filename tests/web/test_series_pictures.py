"""Pictures of a series: each kind as picture and specification, through time, without shapes, in other sites."""

from __future__ import annotations

import html
import json
import re
from types import SimpleNamespace

import polars as pl
import pytest
from django.test import override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sojourn.web import words
from sojourn.web.languages import NAMES
from sojourn.web.pages import pictures, showing
from sojourn.web.pages.series import Chosen

SQUARE = {
    "type": "Topology",
    "transform": {"scale": [1, 1], "translate": [0, 0]},
    "arcs": [
        [[-104, 18], [10, 0], [0, 10], [-10, 0], [0, -10]],
        [[75, 18], [10, 0], [0, 10], [-10, 0], [0, -10]],
    ],
    "objects": {
        "countries": {
            "type": "GeometryCollection",
            "geometries": [
                {"type": "Polygon", "arcs": [[0]], "id": "484", "properties": {}},
                {"type": "Polygon", "arcs": [[1]], "id": "356", "properties": {}},
            ],
        }
    },
}
ADDRESS = "/en/series/SI_RMT_COST"
CORRIDORS = "/en/series/SI_RMT_COST_BC"


@pytest.fixture
def with_shapes(tmp_path):
    """Two squares for countries, so that maps can be drawn wherever the tests run."""
    (tmp_path / "110m.json").write_text(json.dumps(SQUARE), encoding="utf-8")
    with override_settings(SOJOURN_SHAPES=str(tmp_path)):
        yield


@pytest.fixture
def without_shapes(tmp_path):
    with override_settings(SOJOURN_SHAPES=str(tmp_path / "nowhere")):
        yield


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        (ADDRESS, "trend"),
        (ADDRESS, "map"),
        (ADDRESS, "ranking"),
        (ADDRESS, "distribution"),
        (CORRIDORS, "flows"),
    ],
)
@pytest.mark.parametrize("ending", ["svg", "png", "json"])
def test_every_kind_is_a_picture_and_its_specification(reader, with_shapes, address, kind, ending):
    answer = reader.get(f"{address}/{kind}.{ending}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == pictures.MEDIA[ending]
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    if ending == "json":
        assert json.loads(answer.content)["$schema"].startswith("https://vega.github.io/schema/vega-lite/")
    elif ending == "png":
        assert answer.content.startswith(b"\x89PNG")
    else:
        text = answer.content.decode()
        assert 'role="img"' in text
        assert "style=" not in text


def test_a_picture_names_its_sources_with_their_editions_and_the_release(reader, two_releases):
    text = reader.get(f"{ADDRESS}/ranking.svg").content.decode()
    assert re.search(r"Source: [^<]+\([^)]+\)", text)
    assert f"Release {two_releases[1].name}, as of " in text


def test_the_page_shows_each_picture_with_words_downloads_and_the_table(reader, with_shapes):
    text = reader.get(f"{ADDRESS}?area=MEX").content.decode()
    for kind in ("trend", "map", "ranking"):
        figure = re.search(rf'<figure class="picture {kind}".*?</figure>', text, re.DOTALL).group()
        assert re.search(r'alt="[^"]{40,}"', figure)
        for ending in ("svg", "png", "json"):
            (address,) = set(re.findall(rf'href="([^"]*\.{ending}\?[^"]*)" download', figure))
            assert reader.get(address.replace("&amp;", "&")).status_code == 200
        assert "Explore this chart" in figure
    assert text.count("do not imply official endorsement") == 1
    assert 'id="ranking"' in text


def test_without_shapes_everything_but_the_map_is_there_and_the_page_says_so(reader, without_shapes):
    text = reader.get(f"{ADDRESS}?area=MEX&period=2013-Q3").content.decode()
    assert "This site has no maps" in text
    assert "picture-ranking" in text
    assert "picture-map" not in text
    # Addresses that no other test asks for: with shapes, the answer would have been remembered.
    answer = reader.get(f"{ADDRESS}/map.svg?period=2013-Q3&area=IND")
    assert answer.status_code == 404
    assert "make shapes" in answer.content.decode()
    ranked = reader.get(f"{CORRIDORS}/flows.svg?period=2013-Q3&area=IND").content.decode()
    assert "United States → Mexico" in ranked, "corridors are ranked instead"


def test_time_is_chosen_by_a_form_and_by_links(reader, with_shapes):
    text = reader.get(f"{ADDRESS}?area=MEX&period=2012-Q3").content.decode()
    form = re.search(r'<form class="time".*?</form>', text, re.DOTALL).group()
    assert "<option selected>2012-Q3</option>" in form
    assert '<input type="hidden" name="area" value="MEX">' in form
    before, after = re.findall(r'rel="(?:prev|next)" href="([^"]*)"', form)
    for address, period in ((before, "2011"), (after, "2012")):
        assert f"period={period}" in address
        assert reader.get(address.replace("&amp;", "&")).status_code == 200


def test_colours_of_a_map_mean_the_same_at_every_time(reader, with_shapes):
    def key(period):
        text = reader.get(f"{ADDRESS}/map.svg?period={period}").content.decode()
        return re.findall(r">((?:Under )?[\d.]+(?:–[\d.]+| or more)?)</text>", text)

    assert key("2012-Q3") == key("2013-Q3")
    assert key("2012-Q3")
    text = reader.get(f"{ADDRESS}/map.svg?period=2012-Q3").content.decode()
    assert "Each colour holds about as many countries, by their newest numbers." in text, (
        "and the key says so"
    )


def test_the_classes_of_a_map_are_made_of_the_newest_number_of_each_country(two_releases):
    from sojourn.release import open_release
    from sojourn.web.holding import load

    holding = load(open_release(two_releases[1]))
    where = {name: ["_T"] for name in ("sex", "age", "nativity", "citizenship", "legal_status")} | {
        "breakdown": [""]
    }
    chosen = Chosen("SI_RMT_COST", (), "", "2011-Q3", {}, {})
    values = showing.values_now(holding.found("SI_RMT_COST", where), chosen)
    newest = holding.numbers("SI_RMT_COST", where | {"counterpart": [""]}, only_latest=True)
    countries = newest.filter(~newest["area"].str.contains(r"^\d|_")).drop_nulls("value")
    assert sorted(values) == sorted(countries["value"])
    assert values


def test_a_live_map_can_leave_its_shapes_to_a_page_that_has_them(reader, with_shapes):
    whole = json.loads(reader.get(f"{ADDRESS}/map.json").content)
    bare = json.loads(reader.get(f"{ADDRESS}/map.json?shapes=no").content)
    assert whole["datasets"].pop("world")["type"] == "Topology"
    assert whole == bare


@pytest.mark.parametrize("language", NAMES)
@pytest.mark.parametrize("kind", ["trend", "map", "ranking"])
def test_an_embedded_picture_may_stand_in_any_frame_and_leads_back(reader, with_shapes, language, kind):
    answer = reader.get(f"/{language}/series/SI_RMT_COST/embed?area=MEX&kind={kind}")
    text = answer.content.decode()
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert "X-Frame-Options" not in answer.headers
    assert "Set-Cookie" not in answer.headers
    assert "<script" not in text
    assert f'<html lang="{language}"' in text
    assert text.count("<h1") == 1
    assert 'class="untranslated"' not in text
    assert f'href="/{language}/series/SI_RMT_COST?area=MEX' in text
    (picture,) = re.findall(r'<img src="([^"]*)"', text)
    assert reader.get(picture.replace("&amp;", "&")).status_code == 200


def test_no_other_page_may_be_framed(reader):
    for address in ("/en/", ADDRESS, f"{ADDRESS}/ranking.svg", "/en/series/NONE/embed"):
        answer = reader.get(address)
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_an_embedded_picture_is_framed_again_from_what_is_remembered(reader):
    first, second = (reader.get(f"{ADDRESS}/embed?area=IND") for _ in range(2))
    assert first.content == second.content
    for name in ("Content-Security-Policy", "Cross-Origin-Resource-Policy"):
        assert first.headers[name] == second.headers[name]
    assert "X-Frame-Options" not in second.headers


def test_the_page_gives_one_line_to_embed_for_each_picture(reader, with_shapes):
    text = reader.get(f"{ADDRESS}?area=MEX&period=2013-Q3").content.decode()
    lines = re.findall(r"&lt;iframe src=&#34;|&lt;iframe src=\"([^\"]*)\"", text)
    assert lines
    for line in lines:
        assert line.startswith("http://localhost/en/series/SI_RMT_COST/embed?")
        assert reader.get(line.removeprefix("http://localhost").replace("&amp;", "&")).status_code == 200


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(["trend", "map", "ranking", "distribution", "flows", "pie", "..", "a b"]),
    ending=st.sampled_from(["svg", "json", "exe", ""]),
    query=st.dictionaries(
        st.sampled_from(
            ["area", "period", "theme", "width", "shapes", "kind", "d.AMOUNT", "counterpart", "x"]
        ),
        st.one_of(
            st.text(max_size=20), st.sampled_from(["MEX", "2013-Q3", "<svg onload=x>", "dark", "narrow"])
        ),
        max_size=4,
    ),
)
def test_no_query_breaks_a_picture(reader, kind, ending, query):
    for address in (f"{ADDRESS}/{kind}.{ending}", f"{ADDRESS}/embed"):
        answer = reader.get(address, query)
        assert answer.status_code in (200, 302, 400, 404)
        assert b"onload=x>" not in answer.content


def test_a_series_without_numbers_has_no_picture_and_no_frame_of_one(reader):
    holding = "SG_REG_BRTH"
    text = reader.get(f"/en/series/{holding}").content.decode()
    assert "<figure" not in text
    assert "<script" not in text
    assert reader.get(f"/en/series/{holding}/trend.svg").status_code == 404
    assert "There is no number to show." in reader.get(f"/en/series/{holding}/embed").content.decode()


class Frozen:
    """A release that holds one projection and its chance."""

    def __init__(self, chance):
        self.series = {"SJ_PROGRESS_PROJECTION": {}, "SJ_PROGRESS_PROBABILITY": {}}
        row = {"period": "2030", "lower": 2.0, "upper": 6.0, "level": 0.9}
        self._numbers = {"SJ_PROGRESS_PROJECTION": [row | {"value": 4.0}], "SJ_PROGRESS_PROBABILITY": chance}
        self.asked = []

    def numbers(self, series, where):
        self.asked.append(where)
        types = dict.fromkeys(("value", "lower", "upper", "level"), pl.Float64) | {"period": pl.String}
        return pl.DataFrame(self._numbers[series], schema=types)


def _chosen(**more):
    people = dict.fromkeys(("sex", "age", "nativity", "citizenship", "legal_status"), "_T")
    plain = {"series": "X", "areas": ("MEX",), "counterpart": "", "period": "", "people": people, "parts": {}}
    return Chosen(**(plain | more))


def test_a_projection_comes_with_its_interval_and_its_chance():
    told = showing.ahead(Frozen([{"period": "2020", "value": 34.0}]), _chosen())
    assert (told.level, told.chance) == (0.9, 0.34)
    assert told.rows.row(0) == ("2030", 4.0, 2.0, 6.0)
    holding = Frozen([])
    assert showing.ahead(holding, _chosen()).chance is None
    assert holding.asked[0] == {"area": ["MEX"], "counterpart": [""], "breakdown": ["SERIES=X"]}


@pytest.mark.parametrize(
    "chosen",
    [
        _chosen(areas=("MEX", "IND")),
        _chosen(parts={"AMOUNT": "500"}),
        _chosen(people={**_chosen().people, "sex": "F"}),
    ],
)
def test_only_the_total_of_one_area_is_projected(chosen):
    assert showing.ahead(Frozen([]), chosen) is None


def test_a_projection_is_drawn_with_its_chance():
    meaning = {"name": "Cost", "unit": "PT", "better": "lower", "target": 3.0, "target_year": 2030}
    order = pictures.Order(meaning, "en", "light", "wide", "0001-x", SimpleNamespace(), "")
    rows = pl.DataFrame(
        {
            "area": ["MEX"] * 3,
            "counterpart": [""] * 3,
            "period": ["2018", "2019", "2020"],
            "value": [6.0, 5.5, 5.0],
            **dict.fromkeys(("lower", "upper", "level"), pl.Series([None] * 3, dtype=pl.Float64)),
            "status": ["A"] * 3,
            "source": ["rpw@2020"] * 3,
        }
    )
    ahead = pl.DataFrame({"period": ["2030"], "value": [4.0], "lower": [2.0], "upper": [6.0]})
    svg = pictures.trend(rows, order, ahead=ahead, chance=0.34).svg()
    assert "Probability of meeting the target: 34%" in svg
    assert "Projection (95% interval)" in svg
    assert "Projection" not in pictures.trend(rows, order).svg()


def test_a_picture_says_in_its_file_where_it_is_from(reader, two_releases):
    from sojourn.present.charts.png import texts_of

    answer = reader.get("/ar/series/SI_RMT_COST/trend.png?area=MEX&theme=dark")
    told = texts_of(answer.content)
    name = two_releases[1].name
    assert told["Address"] == f"http://localhost/ar/series/SI_RMT_COST?area=MEX&release={name}"
    assert name in told["Release"]
    assert "Remittance Prices Worldwide" in told["Source"]
    assert "Remittance Prices Worldwide" in told["Licence"]
    assert reader.get(told["Address"].removeprefix("http://localhost")).status_code == 200
    spec = reader.get("/ar/series/SI_RMT_COST/trend.json?area=MEX&theme=dark").json()
    assert spec["usermeta"]["about"]["Address"] == told["Address"]


@pytest.mark.parametrize("kind", ["trend", "ranking"])
def test_the_room_that_is_kept_for_a_picture_is_about_its_own(reader, kind):
    drawn = reader.get(f"/en/series/SI_RMT_COST/{kind}.svg").content.decode()
    wide, high = map(float, re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', drawn).groups())
    assert wide == 900
    # A small release has fewer rows to rank and to stack than the room is made for.
    assert high <= 1.3 * words.HEIGHTS[kind]
    frame = reader.get("/en/series/SI_RMT_COST").content.decode()
    assert f'height="{words.HEIGHTS[kind] + words.FRAME}"' in html.unescape(frame)


def test_the_target_of_a_promise_stands_in_the_place_of_that_of_the_series(reader):
    def texts(query):
        picture = reader.get(f"/en/series/SI_RMT_COST/trend.svg?area=001{query}").content.decode()
        return re.sub(r"<[^>]+>", "|", picture)

    assert "Target for 2030: 3" in texts("")
    promised = texts("&target=5&by=2014")
    assert "Target for 2014: 5" in promised
    assert "2030" not in promised
    assert "Probability" not in promised
    assert "Target" not in texts("&target=none")


@pytest.mark.parametrize(
    "query", ["target=five&by=2014", "target=5", "target=1e9&by=2014", "target=5&by=soon"]
)
def test_a_target_that_is_none_is_refused(reader, query):
    assert reader.get(f"/en/series/SI_RMT_COST/trend.svg?{query}").status_code == 400
