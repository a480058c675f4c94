"""Every type of page, in every language, light and dark, on a phone and at 200 % zoom: no violation of WCAG 2.2 AA.

The same visits hold that nothing is asked of another host, that the console stays silent and the policy is kept, that
the page says its language and direction, and that it fits the width of the window.
"""

from __future__ import annotations

import json
from functools import cache

import pytest

DEVICES = {
    "zoomed, light": {"width": 1280, "zoom": 2, "theme": "light"},
    "phone, dark": {"width": 390, "theme": "dark"},
    "zoomed, dark": {"width": 1280, "zoom": 2, "theme": "dark"},
    "phone, light": {"width": 390, "theme": "light"},
}
FIRST_TWO = tuple(DEVICES)[:2]
"""Two devices show each theme and each width once; English and Arabic are looked at on all four."""

RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}


@cache
def _axe() -> str:
    from axe_playwright_python.base import AXE_SCRIPT

    return str(AXE_SCRIPT)


def violations(page) -> list[str]:
    """Ask axe, and tell each violation with the first elements that it is about."""
    page.evaluate(_axe())
    found = page.evaluate(f"axe.run(document, {json.dumps(RULES)})")
    return [
        f"{one['id']} ({one['impact']}): {one['help']}: "
        + "; ".join(each["html"][:160] for each in one["nodes"][:3])
        for one in found["violations"]
    ]


@pytest.mark.slow
def test_a_page_is_accessible_and_keeps_to_itself(visit, site, name, language):
    for device in DEVICES if language in ("en", "ar") else FIRST_TWO:
        with visit(site.page(language, name), **DEVICES[device]) as told:
            page = told.page
            assert page.locator("html").get_attribute("lang") == language
            assert page.evaluate("getComputedStyle(document.body).direction") == (
                "rtl" if language == "ar" else "ltr"
            )
            assert violations(page) == [], device
            inner, needed = page.evaluate(
                "[document.documentElement.clientWidth, document.documentElement.scrollWidth]"
            )
            assert needed <= inner, f"{device}: {needed} pixels do not fit into {inner}"
            # The browser itself tells that the address of a page that does not exist does not exist.
            own = [one for one in told.faults if not (name == "nothing" and "404" in one)]
            assert own == [], device


def test_axe_would_find_something(visit, site):
    with visit(site.page("en", "home")) as told:
        told.page.evaluate(
            "document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=x><p><a href=x></a>')"
        )
        assert {one.partition(" ")[0] for one in violations(told.page)} == {"image-alt", "link-name"}


def test_every_type_of_page_is_looked_at(site, pages):
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sojourn.web.settings")
    import django

    django.setup()
    from django.urls import get_resolver, resolve

    known = get_resolver().url_patterns
    shown = {one.callback for one in known if str(one.pattern).startswith("<language:language>/")}
    without = {one for one in shown if one.__name__ == "picture"}
    looked_at = {resolve(f"/en/{path.partition('?')[0]}").func for path in pages.values()}
    assert {f"{one.__module__}.{one.__name__}" for one in shown - without - looked_at} == set()
