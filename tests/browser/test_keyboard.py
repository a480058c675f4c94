"""Everything by keyboard: the skip link, a visible focus, the order of the page, and its forms."""

from __future__ import annotations

ORDER = """
() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, summary, [tabindex="0"]')]
  .filter(one => one.checkVisibility({visibilityProperty: true}))
  .length
"""
FOCUSED = """
() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
  return {
    tag: one.tagName, text: (one.textContent || one.name || '').trim().slice(0, 60), href: one.getAttribute('href'),
    outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
    place: [...document.querySelectorAll('*')].indexOf(one),
  };
}
"""


def test_the_first_key_offers_to_skip_to_the_content(visit, site, language):
    with visit(site.page(language, "home")) as told:
        page = told.page
        page.keyboard.press("Tab")
        first = page.evaluate(FOCUSED)
        assert (first["href"], first["seen"], first["outlined"]) == ("#main", True, True)
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_each_key_moves_on_in_the_order_of_the_page_and_shows_where_it_is(visit, site):
    with visit(site.page("en", "home")) as told:
        page = told.page
        focusable, visited = page.evaluate(ORDER), []
        for _ in range(focusable):
            page.keyboard.press("Tab")
            visited.append(page.evaluate(FOCUSED))
        assert [one for one in visited if not one["seen"]] == []
        assert [one for one in visited if not one["outlined"]] == []
        places = [one["place"] for one in visited]
        assert places == sorted(places)
        assert len(set(places)) == focusable, "no key is a trap, and nothing is left out"


def test_a_search_is_typed_and_sent_without_a_mouse(visit, site):
    with visit(site.page("en", "home")) as told:
        page = told.page
        page.focus("#q")
        page.keyboard.type("mexico")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.url.endswith("search?q=mexico")
        page.focus("main a[href$='/areas/MEX']")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert page.url.endswith("/en/areas/MEX")


def test_a_form_is_filled_and_sent_without_a_mouse(visit, site):
    with visit(f"{site.address}/en/series/SI_RMT_COST?area=MEX") as told:
        page = told.page
        page.focus("form.choose select[name='area']")
        page.keyboard.type("India")
        page.focus("form.choose button")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert "area=MEX" in page.url
        assert "area=IND" in page.url
        assert page.locator(".chips").inner_text().count("India") == 1


def test_a_table_that_is_too_wide_is_scrolled_by_keys(visit, site):
    with visit(site.page("en", "corridors"), width=390) as told:
        page = told.page
        region = page.locator(".scroll[tabindex='0']").filter(has=page.locator("table.matrix")).first
        if not region.count():
            region = page.locator(".scroll[tabindex='0']").first
        region.focus()
        assert page.evaluate(FOCUSED)["outlined"]
        needed = region.evaluate("one => one.scrollWidth - one.clientWidth")
        assert needed > 0, "on a phone this table is wider than the window"
        page.keyboard.press("ArrowRight")
        # As a function: a string would be evaluated, which the policy of the page refuses.
        page.wait_for_function("() => document.activeElement.scrollLeft > 0")


def test_who_opens_a_chart_by_key_is_in_it_and_its_controls_come_next(visit, site, language):
    with visit(site.page(language, "series")) as told:
        page = told.page
        said = page.get_attribute("#picture-trend img", "alt")
        page.focus("#picture-trend .explore")
        page.keyboard.press("Enter")
        page.wait_for_selector("#picture-trend .still", state="hidden", timeout=90_000)
        chart = page.locator("#picture-trend .live")
        assert chart.evaluate("one => one === document.activeElement")
        assert page.evaluate(FOCUSED)["outlined"]
        named = page.get_attribute("script[data-charts]", "data-chart")
        assert (chart.get_attribute("role"), chart.get_attribute("aria-label")) == ("group", named)
        assert chart.locator("svg[role=img]").get_attribute("aria-label") == said
        assert "Vega" not in page.locator("#picture-trend").evaluate("one => one.outerHTML")
        page.keyboard.press("ArrowRight")
        assert page.inner_text("#picture-trend .told")
        for control in range(3):
            page.keyboard.press("Tab")
            assert page.evaluate(
                "at => document.activeElement === document.querySelectorAll('#picture-trend .tools button')[at]",
                control,
            )
        chart.focus()
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.matches('#picture-trend .explore')")
        assert told.faults == []
