"""Without JavaScript: tables, choices, pictures and downloads work, and nothing is offered that would not."""

from __future__ import annotations

import csv
import io
from urllib.request import urlopen

import pytest


@pytest.fixture
def series(site) -> str:
    return f"{site.address}/en/series/SI_RMT_COST?area=MEX"


def test_a_choice_is_sent_and_answered(visit, series):
    with visit(series, scripts=False) as told:
        page = told.page
        page.select_option("form.choose select[name='area']", "IND")
        with page.expect_navigation():
            page.click("form.choose button:not([type=button])")
        assert "area=IND" in page.url
        assert page.locator(".chips").inner_text().count("India") == 1
        assert told.faults == []


def test_tables_hold_the_numbers_of_the_pictures(visit, series):
    with visit(series, scripts=False) as told:
        page = told.page
        page.locator("summary").first.click()
        rows = page.locator("details table tbody tr")
        assert rows.count() > 20
        assert "Mexico" in rows.first.inner_text()
        assert page.locator("table.ranking tbody tr").count() > 5


def test_pictures_are_there_and_have_a_text(visit, series):
    with visit(series, scripts=False) as told:
        page = told.page
        pictures = page.locator("main picture img")
        assert pictures.count() >= 1
        for number in range(pictures.count()):
            one = pictures.nth(number)
            one.scroll_into_view_if_needed()
            page.wait_for_function("one => one.complete && one.naturalWidth > 0", arg=one.element_handle())
            assert len(one.get_attribute("alt") or "") > 10


def test_downloads_are_files_with_what_is_seen(visit, series, site):
    with visit(series, scripts=False) as told:
        links = told.page.eval_on_selector_all(
            "a[download][href*='observations.csv']", "all => all.map(one => one.href)"
        )
    assert len(links) >= 2
    with urlopen(links[0]) as answer:
        rows = list(csv.DictReader(io.StringIO(answer.read().decode())))
    assert {one["area"] for one in rows} == {"MEX"}
    assert {one["release"] for one in rows} == {site.release}


def test_nothing_that_needs_a_script_is_offered_without_one(visit, series):
    with visit(series, scripts=False) as told:
        shown = told.page.locator("button[type=button]:visible")
        assert [shown.nth(number).inner_text() for number in range(shown.count())] == []
