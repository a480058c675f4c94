"""Where nothing stands a page says which part of the question nothing has, and leads to what is nearest."""

from __future__ import annotations

import re
from html import unescape

import polars as pl
import pytest

from sojourn.web.combinations import Combination
from sojourn.web.pages.absent import absent, near

THERE = (Combination({}, 4, 2, "2011", "2014"), Combination({"sex": "F"}, 2, 1, "2011", "2012"))
ROWS = pl.DataFrame({"period": ["2011", "2012", "2012-Q3", "2014"]})


def test_the_first_part_that_nothing_has_is_named():
    assert absent(THERE, {"sex": "M"}, ROWS, "1950").what == "combination"
    assert absent(THERE, {}, ROWS.clear(), "1950").what == "ends"
    assert absent(THERE, {}, ROWS, "1950").what == "period"
    assert absent(THERE, {}, ROWS, "2012") is None
    assert absent(THERE, {}, ROWS, "") is None


def test_what_is_nearest_stands_beside_it():
    assert absent(THERE, {"sex": "M"}, ROWS, "").combinations[0].codes == {}
    assert absent(THERE, {}, ROWS, "2013").periods == ("2011", "2012-Q3", "2012", "2014")
    assert near(["2011", "2012-Q3", "2012", "2014"], "2012-Q1", 1) == ("2012-Q3",), "of the same length first"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("series/SI_RMT_COST?area=MEX&period=2014", "Mexico has no number of 2014. The nearest:"),
        ("series/SI_RMT_COST?area=MEX&sex=F", "No number has this combination. These have:"),
        ("series/SI_RMT_COST?area=MEX&counterpart=FRA", "No number of this lies between these two."),
        ("corridors?series=SI_RMT_COST_BC&period=2024", "No number here is of this period."),
        ("corridors?series=SI_RMT_COST_BC&origin=MEX", "No number of this lies between these two."),
    ],
)
def test_every_way_out_leads_to_numbers(reader, asked, told):
    text = reader.get(f"/en/{asked}").content.decode()
    assert told in re.sub(r"<[^>]*>", "", text)
    part = text[text.index('<div class="notice"') :] if '<div class="notice"' in text else text
    link = re.search(r'href="(/en/(?:series|corridors)[^"]*)"', part)
    assert link
    there = reader.get(link[1].replace("&amp;", "&"))
    assert there.status_code == 200
    assert '<div class="notice"' not in there.content.decode()


def test_a_year_without_numbers_is_no_year_of_corridors(reader):
    """Where there is no number at all, nothing can be said of what the numbers are about."""
    text = reader.get("/en/series/SI_RMT_COST?area=MEX&period=2024").content.decode()
    assert "choose both ends below" not in text
    assert "There is no number to show." in text


def test_a_period_that_nothing_has_offers_those_of_the_series(reader):
    page = reader.get("/en/series/SI_RMT_COST?period=1066")
    assert page.status_code == 404
    offered = re.findall(r'href="[^"]*period=([^"&]+)"', page.content.decode())
    held = reader.get("/api/v1/series/SI_RMT_COST").json()["item"]["periods"]
    assert offered
    # The links to other languages ask the same again.
    assert set(offered) - {"1066"} <= set(held)
    assert {"2011", "2013-Q3"} <= set(offered)


def test_a_period_is_kept_in_the_download_of_all_areas(reader):
    page = unescape(reader.get("/en/series/SI_RMT_COST?period=2013-Q3").content.decode())
    assert re.search(r'href="[^"]*observations\.csv\?[^"]*period=2013-Q3[^"]*"', page)
