"""Every type of page, in every language, light and dark, on a phone and at 200 % zoom: no violation of WCAG 2.2 AA.

The same visits hold that nothing is asked of another host, that the console stays silent and the policy is kept, that
the page says its language and direction, and that it fits the width of the window.
"""

from __future__ import annotations

import json
from functools import cache

import pytest

DEVICES = {
    "at 200 %, light": (640, "light"),
    "phone, dark": (390, "dark"),
    "at 200 %, dark": (640, "dark"),
    "phone, light": (390, "light"),
}
"""Width in pixels of the page – a window of 1,280 has 640 at 200 % – and theme."""

FIRST_TWO = tuple(DEVICES)[:2]
"""They show each theme and each width once; English and Arabic are looked at on all four."""

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
    found = page.evaluate(f"axe.run(document, {json.dumps(RULES)})")
    return [
        f"{one['id']} ({one['impact']}): {one['help']}: "
        + "; ".join(each["html"][:160] for each in one["nodes"][:3])
        for one in found["violations"]
    ]


@pytest.mark.slow
def test_a_page_is_accessible_and_keeps_to_itself(visit, site, name, language):
    with visit(site.page(language, name), zoom=2) as told:
        page = told.page
        assert page.locator("html").get_attribute("lang") == language
        direction = page.evaluate("getComputedStyle(document.body).direction")
        assert direction == ("rtl" if language == "ar" else "ltr")
        page.evaluate(_axe())
        faults = []
        for device in DEVICES if language in ("en", "ar") else FIRST_TWO:
            width, theme = DEVICES[device]
            page.set_viewport_size({"width": width, "height": 450})
            page.emulate_media(color_scheme=theme)
            faults += [f"{device}: {one}" for one in violations(page)]
            needed = page.evaluate("document.documentElement.scrollWidth")
            faults += [f"{device}: {needed} pixels do not fit into {width}"] if needed > width else []
        # That the address of nothing does not exist, the browser itself tells.
        faults += [one for one in told.faults if not (name == "nothing" and "404" in one)]
        assert faults == []


def test_axe_would_find_something(visit, site):
    with visit(site.page("en", "home")) as told:
        told.page.evaluate(
            "document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=x><p><a href=x></a>')"
        )
        told.page.evaluate(_axe())
        assert {one.partition(" ")[0] for one in violations(told.page)} == {"image-alt", "link-name"}


def test_every_type_of_page_is_looked_at(site, pages):
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sojourn.web.settings")
    import django

    django.setup()
    from django.urls import get_resolver, resolve

    known = get_resolver().url_patterns
    # Pictures are no pages; what leads to further addresses is none itself.
    shown = {
        one.callback
        for one in known
        if str(one.pattern).startswith("<language:language>/")
        and "<str:ending>" not in str(one.pattern)
        and not str(one.pattern).endswith(".svg")
        and getattr(one, "callback", None)
    }
    looked_at = {resolve(f"/en/{path.partition('?')[0]}").func for path in pages.values()}
    assert {f"{one.__module__}.{one.__name__}" for one in shown - looked_at} == set()
