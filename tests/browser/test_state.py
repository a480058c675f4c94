"""The address is the state of a page: back and reload restore it; what is read in Arabic reads lower to upper."""

from __future__ import annotations

import pytest


def _chosen(page) -> tuple[str, str]:
    return page.locator(".chips").inner_text(), page.locator(
        "form.choose select[name='period']"
    ).input_value()


def test_back_and_reload_restore_what_was_chosen(visit, site):
    with visit(f"{site.address}/en/series/SI_RMT_COST?area=MEX") as told:
        page = told.page
        first = _chosen(page)
        page.select_option("form.choose select[name='area']", "IND")
        page.select_option("form.choose select[name='period']", "2020-Q4")
        with page.expect_navigation():
            page.click("form.choose button:not([type=button])")
        second, address = _chosen(page), page.url
        assert second != first
        assert second[1] == "2020-Q4"
        page.reload()
        assert (_chosen(page), page.url) == (second, address)
        page.go_back()
        assert _chosen(page) == first
        page.go_forward()
        assert (_chosen(page), page.url) == (second, address)


def test_another_language_shows_the_same_state(visit, site):
    with visit(f"{site.address}/en/series/SI_RMT_COST?area=MEX&area=IND&period=2020-Q4") as told:
        page = told.page
        with page.expect_navigation():
            page.click(".languages a[hreflang='ar']")
        assert page.url.endswith("/ar/series/SI_RMT_COST?area=MEX&area=IND&period=2020-Q4")
        assert page.locator("html").get_attribute("dir") == "rtl"
        assert _chosen(page)[1] == "2020-Q4"


PLACES = """
all => all.map(one => {
  const text = one.firstChild;
  const [lower, upper] = text.data.split(' – ');
  const at = (from, to) => { const range = document.createRange(); range.setStart(text, from); range.setEnd(text, to);
                             return range.getBoundingClientRect(); };
  const low = at(0, lower.length), up = at(lower.length + 3, text.length);
  return {lower, upper, low: low.left, up: up.left, line: Math.abs(low.top - up.top), size: low.width};
}).filter(one => one.size > 0)
"""


def _number(text: str) -> float:
    return float(text.replace(",", "").replace("−", "-"))


@pytest.mark.parametrize("name_of", ["series", "country", "number", "corridor"])
def test_an_interval_is_seen_lower_to_upper_in_arabic(visit, site, name_of):
    with visit(site.page("ar", name_of)) as told:
        page = told.page
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        seen = page.locator("bdi.num", has_text=" – ").evaluate_all(PLACES)
    assert seen, "this page shows intervals"
    for one in seen:
        assert _number(one["lower"]) <= _number(one["upper"]), one
        assert one["line"] < 2, f"not broken over two lines: {one}"
        assert one["low"] < one["up"], f"the lower bound stands on the left: {one}"
