"""Who is the origin and who the destination, which pairs are the largest, and pages of corridors and pairs."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import polars as pl
import pytest
from django.test import RequestFactory

from sojourn.discovery import indicators
from sojourn.release import open_release
from sojourn.web import words
from sojourn.web.api.corridors import corridor
from sojourn.web.corridors import ORIGINS, direction, ends, pairs, series_between
from sojourn.web.holding import load
from sojourn.web.pages import corridors


@pytest.fixture(scope="module")
def holding(two_releases):
    return load(open_release(two_releases[1]))


TOTALS = {
    **{name: ["_T"] for name in ("sex", "age", "nativity", "citizenship", "legal_status")},
    "breakdown": [""],
}


def test_every_series_with_a_counterpart_says_which_end_is_the_origin():
    known = [one for indicator in indicators() for one in indicator.series if one.counterpart_role]
    between = [one for one in known if not one.code.startswith("SJ_PROGRESS_")]
    assert between
    for one in between:
        assert len({one.area_role, one.counterpart_role} & ORIGINS) == 1, one.code
        assert {one.area_role, one.counterpart_role} <= set(words.ROLES), one.code


def test_a_sender_is_the_origin_and_a_host_the_destination():
    price = ends({"area_role": "sends", "counterpart_role": "receives"})
    stock = ends({"area_role": "hosts", "counterpart_role": "is the origin"})
    assert (price.origin, price.destination) == ("area", "counterpart")
    assert (stock.origin, stock.destination) == ("counterpart", "area")
    assert stock.destination_role == "hosts"


def test_progress_is_no_series_between_areas_of_its_own(holding):
    known = series_between(holding)
    assert "SI_RMT_COST_BC" in known
    assert "SJ_RMT_FLOW" in known
    assert not [one for one in known if one.startswith("SJ_PROGRESS_")]


def test_pairs_are_ranked_once_each_and_only_between_countries(holding):
    found = pairs(holding, "SI_RMT_COST_BC", TOTALS)
    assert found.rows.select("origin", "destination").is_duplicated().sum() == 0
    values = found.rows["value"].drop_nulls().to_list()
    assert values == sorted(values, reverse=True)
    assert not found.additive, "prices are never added up"
    assert found.of("USA", "MEX").height == 1
    assert found.of("MEX", "USA").height == 0


def test_what_may_be_added_is_sized_by_its_sum_and_what_may_not_by_its_pairs(holding):
    flows, prices = (pairs(holding, code, TOTALS) for code in ("SJ_RMT_FLOW", "SI_RMT_COST_BC"))
    sums = (
        flows.rows.group_by("origin")
        .agg(pl.col("value").sum())
        .sort("value", "origin", descending=[True, False])
    )
    assert flows.largest("origin", 2) == sums["origin"].head(2).to_list()
    counted = prices.rows.group_by("origin").len().sort("len", "origin", descending=[True, False])
    assert prices.largest("origin", 2) == counted["origin"].head(2).to_list()


def test_a_direction_has_its_history_in_order_and_no_number_of_the_way_back(holding):
    there = direction(holding, "SI_RMT_COST_BC", "USA", "MEX")
    assert [one["period"] for one in there.history] == [
        "2011-Q3",
        "2011",
        "2012-Q3",
        "2012",
        "2013-Q3",
        "2013",
    ]
    assert there.newest["area"] == "USA"
    assert all(one["counterpart"] == "MEX" for one in (*there.history, *there.parts))
    assert all(one["breakdown"] for one in there.parts)
    assert direction(holding, "SI_RMT_COST_BC", "MEX", "USA").newest is None


def test_a_page_ranks_and_crosses_the_corridors_of_a_series(reader):
    text = reader.get("/en/corridors?series=SI_RMT_COST_BC").content.decode()
    assert 'href="/en/corridors/USA/MEX"' in text
    assert 'class="matrix"' in text
    assert re.search(r'<td class="shade-\d"><a href="/en/corridors/GBR/IND">', text)
    assert "sender ↓ · receiver" in text


def test_a_page_of_one_origin_shows_no_other(reader):
    text = reader.get("/en/corridors?series=SI_RMT_COST_BC&origin=GBR").content.decode()
    assert 'href="/en/corridors/GBR/IND"' in text
    assert 'href="/en/corridors/USA/MEX"' not in text
    assert '<option value="GBR" selected>' in text


def test_a_pair_names_roles_and_both_directions(reader):
    text = reader.get("/en/corridors/USA/MEX").content.decode()
    assert "United States: sender · Mexico: receiver" in text
    assert "Mexico: sender · United States: receiver" in text
    assert "series=SI_RMT_COST_BC&amp;area=USA&amp;counterpart=MEX" in text, "the number explains itself"
    back = reader.get("/en/corridors/MEX/USA").content.decode()
    assert back.index("Mexico: sender") < back.index("United States: sender")


def test_a_pair_is_found_by_names_too(reader):
    assert reader.get("/en/corridors/mexique/usa").headers["Location"] == "/en/corridors/MEX/USA"


@pytest.mark.parametrize(
    ("address", "status", "told"),
    [
        ("corridors?series=SI_RMT_COST", 404, "SI_RMT_COST_BC"),
        ("corridors?size=11", 400, "10 · 15 · 25"),
        ("corridors?period=2013-Q9", 400, "2015-Q3"),
        ("corridors?foo=1", 400, "origin"),
        ("corridors/MEX/Atlantis", 404, "No area is called"),
    ],
)
def test_what_no_corridor_page_can_show_says_what_can_be(reader, address, status, told):
    answer = reader.get(f"/en/{address}")
    assert answer.status_code == status
    assert told in re.sub(r"</?(a|bdi)\b[^>]*>", "", answer.content.decode())


def test_a_combination_without_numbers_offers_others(reader):
    text = reader.get("/en/corridors?series=SI_RMT_COST_BC&origin=MEX&destination=IND").content.decode()
    assert "No number of this lies between these two" in text
    assert 'class="matrix"' not in text
    text = reader.get("/en/corridors?series=SI_RMT_COST_BC&sex=F").content.decode()
    assert "No number has this combination" in text


def test_a_pair_without_any_number_says_so(reader):
    text = reader.get("/en/corridors/TUV/NRU").content.decode()
    assert "The release has no number between Tuvalu and Nauru." in text


def test_the_largest_corridors_are_drawn(reader):
    pictures = pytest.importorskip("sojourn.web.pages.pictures")
    if not pictures.available():
        pytest.skip("pictures cannot be drawn here")
    address = "/en/corridors/flows.svg?series=SI_RMT_COST_BC&origin=GBR"
    answer = reader.get(address)
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert "India" in answer.content.decode()
    assert reader.get(f"{address}&destination=MEX").status_code == 404
    page = reader.get("/en/corridors?series=SI_RMT_COST_BC&origin=GBR").content.decode()
    assert (address in page.replace("&amp;", "&")) == pictures.maps(), "on the page only as a map"


@pytest.fixture
def within(holding):
    """The same release, with what the United States send to Mexico within the United States."""
    other = pl.col("counterpart").cast(pl.String).str.replace("^MEX$", "USA").cast(pl.Categorical)
    return replace(holding, coded=holding.coded.with_columns(other))


def _asked(within, path):
    request = RequestFactory().get(path, headers={"host": "localhost"})
    request.holding, request.pinned = within, False
    return request


def test_a_country_that_is_both_ends_is_shown_once(reader, within):
    text = corridors.pair(_asked(within, "/en/corridors/USA/USA"), "en", "USA", "USA").content.decode()
    assert "Within United States" in text
    assert "The other way round" not in text
    once = text.count("<h3>United States → United States</h3>")
    assert once == text.count('<section class="between">') > 0, "one direction of each series"
    assert ">1,000</bdi>" in text


def test_numbers_within_a_country_are_answered_once(reader, within):
    answer = corridor(_asked(within, "/api/v1/corridors/USA/USA"), "USA", "USA")
    rows = json.loads(answer.content)["items"]
    keys = [(one["series"], one["period"], one["breakdown"]) for one in rows]
    assert len(keys) == len(set(keys)) > 0


def test_the_key_of_the_matrix_is_said_in_words_of_each_language(reader):
    """A sign such as ≥ lands behind its number where numbers hold Arabic letters."""
    text = reader.get("/ar/corridors?series=SI_RMT_COST_BC").content.decode()
    key = text.partition('class="shades')[2].partition("</p>")[0]
    assert "فأكثر" in key
    assert "≥" not in text
