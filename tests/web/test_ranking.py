"""A ranking sorts by its links, keeps its ranks, and draws bars on the scale of countries."""

from __future__ import annotations

import re

import pytest

from sojourn import areas
from sojourn.release import open_release
from sojourn.web.holding import load
from sojourn.web.pages.ranking import SORTS, Order, ranking

WHERE = {
    **{name: ["_T"] for name in ("sex", "age", "nativity", "citizenship", "legal_status")},
    "breakdown": [""],
}


@pytest.fixture(scope="module")
def told(two_releases):
    holding = load(open_release(two_releases[1]))

    def rank(sort: str, language: str = "en"):
        return ranking(holding.found("SI_RMT_COST", WHERE), Order(WHERE, "", "", sort), language)

    return rank


def test_the_largest_comes_first_unless_told_otherwise(told):
    rows = told("")["countries"]
    values = [one["value"] for one in rows if one["value"] is not None]
    assert len(values) > 2
    assert values == sorted(values, reverse=True)
    assert [one["rank"] for one in rows] == list(range(1, len(rows) + 1))


def test_a_rank_stays_with_its_country_whatever_the_order(told):
    plain = {one["area"]: one["rank"] for one in told("")["countries"]}
    for sort in SORTS:
        assert {one["area"]: one["rank"] for one in told(sort)["countries"]} == plain


def test_names_are_sorted_in_the_language_that_is_read(told):
    french = [areas.name(one["area"], "fr") for one in told("area", "fr")["countries"]]
    assert french == sorted(french, key=areas.spelling.key)
    back = [areas.name(one["area"], "fr") for one in told("-area", "fr")["countries"]]
    assert back == french[::-1]


def test_what_has_no_interval_comes_last_either_way(told):
    for sort in ("interval", "-interval"):
        known = [one["upper"] is not None for one in told(sort)["countries"]]
        assert known == sorted(known, reverse=True)


def test_bars_are_on_the_scale_of_countries(told):
    found = told("")
    reached = [one[name] for one in found["countries"] for name in ("value", "lower", "upper")]
    known = [0.0, *(one for one in reached if one is not None)]
    assert found["scale"] == (min(known), max(known))


def test_the_head_of_a_column_leads_to_the_other_order(reader):
    text = reader.get("/en/series/SI_RMT_COST?area=MEX&area=IND&sort=-value").content.decode()
    head = re.search(r'<th[^>]*aria-sort="descending"><a class="sort" href="([^"]*)#ranking"', text)
    assert head
    address = head[1].replace("&amp;", "&")
    assert "sort=value" in address
    assert "area=MEX&area=IND" in address, "the compared areas stay"
    assert 'aria-sort="ascending"' in reader.get(address).content.decode()


def test_an_order_that_is_none_says_which_are(reader):
    answer = reader.get("/en/series/SI_RMT_COST?sort=beauty")
    assert answer.status_code == 400
    assert "-interval" in answer.content.decode()


def test_no_number_is_not_taken_for_numbers_between_two_areas(reader):
    text = reader.get("/en/series/SI_RMT_COST?period=1950").content.decode()
    assert "There is no number to show." in text
    assert "Every number of this series is between two areas" not in text
