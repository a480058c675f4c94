"""Live charts in a real browser: what they weigh, that nothing is broken for anyone, and what keys and time do.

Needs Chromium (Debian: `apt-get install chromium`); without one these tests are skipped.
"""

from __future__ import annotations

import shutil
import socketserver
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote, unquote
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import override_settings

FIRST, AFTER = 150_000, 420_000
"""Bytes on the wire of a page with its pictures, and of the same page with every chart of it live."""

pytestmark = [pytest.mark.slow]
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
BROWSER = ["--no-sandbox", "--disable-background-networking"]


class _Server(socketserver.ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(scope="module")
def site(two_releases):
    with override_settings(
        SOJOURN_RELEASES=str(two_releases[0].parent), SOJOURN_RELEASE=None, SOJOURN_REQUESTS=1_000_000
    ):
        server = _Server(("127.0.0.1", 0), _Quiet)
        server.set_app(get_wsgi_application())
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        pytest.skip("no Chromium here: what live charts do is not tested")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as made:
        opened = made.chromium.launch(executable_path=CHROMIUM, args=BROWSER)
        yield opened
        opened.close()


class Visit:
    """One reader's page, with what came over the wire and what the browser complained of."""

    def __init__(self, browser, **settings):
        self._context = browser.new_context(**settings)
        self.page = self._context.new_page()
        self.complaints, self.bytes = [], 0
        self.page.on("console", lambda one: self.complaints.append(one.text))
        self.page.on("pageerror", lambda one: self.complaints.append(str(one)))
        wire = self._context.new_cdp_session(self.page)
        wire.send("Network.enable")
        wire.on("Network.loadingFinished", self._count)

    def _count(self, event):
        self.bytes += event["encodedDataLength"]

    def go(self, address):
        self.page.goto(address)
        # A reader who scrolls to the end sees them all.
        self.page.evaluate("document.querySelectorAll('img').forEach((one) => { one.loading = 'eager'; })")
        self.until("[...document.images].every((one) => one.complete)")
        return self.page

    def until(self, holds, seconds=90):
        """Wait until something holds; asked from outside, because the policy lets no page evaluate a text."""
        end = time.monotonic() + seconds
        while not self.page.evaluate(holds):
            assert time.monotonic() < end, holds
            self.page.wait_for_timeout(50)

    def explore(self, kind):
        self.page.click(f"#picture-{kind} .explore")
        self.page.wait_for_selector(f"#picture-{kind} .live svg[role=img]", timeout=90_000)
        self.page.wait_for_selector(f"#picture-{kind} .still", state="hidden")

    def violations(self):
        from axe_playwright_python.sync_playwright import Axe

        return [
            (one["id"], one["nodes"][0]["html"][:200]) for one in Axe().run(self.page).response["violations"]
        ]

    def close(self):
        self._context.close()


@pytest.fixture
def visit(browser):
    opened = []

    def made(**settings):
        opened.append(Visit(browser, **settings))
        return opened[-1]

    yield made
    for one in opened:
        one.close()


@pytest.mark.parametrize(
    ("language", "look", "width"), [("en", "light", 1200), ("ar", "dark", 390), ("zh", "light", 600)]
)
def test_a_page_is_light_and_clean_before_and_after_every_chart_is_live(site, visit, language, look, width):
    reader = visit(viewport={"width": width, "height": 900}, color_scheme=look)
    page = reader.go(f"{site}/{language}/series/SI_RMT_COST?area=MEX")
    first = reader.bytes
    assert reader.violations() == []
    kinds = [
        one.removeprefix("picture-")
        for one in page.eval_on_selector_all("figure", "all => all.map((one) => one.id)")
    ]
    assert {"trend", "ranking"} <= set(kinds)
    for kind in kinds:
        reader.explore(kind)
    page.wait_for_timeout(300)
    print(f"{language}: first {first:,} bytes, {reader.bytes:,} with {', '.join(kinds)} live")
    assert first <= FIRST
    assert reader.bytes <= AFTER
    assert reader.violations() == []
    assert reader.complaints == [], "the policy forbids nothing that is done, and nothing warns"
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_a_press_nothing_of_the_library_is_loaded(site, visit):
    page = visit().go(f"{site}/en/series/SI_RMT_COST?area=MEX")
    assert page.evaluate("typeof window.sojournChart") == "undefined"
    assert page.locator("script").count() == 1


def test_keys_go_from_number_to_number_and_change_the_size(site, visit):
    reader = visit()
    page = reader.go(f"{site}/en/series/SI_RMT_COST?area=MEX")
    page.focus("#picture-ranking .explore")
    page.keyboard.press("Enter")
    page.wait_for_selector("#picture-ranking .live svg[role=img]", timeout=90_000)
    page.focus("#picture-ranking .live")
    page.keyboard.press("ArrowRight")
    first = page.inner_text("#picture-ranking .told")
    page.keyboard.press("ArrowRight")
    assert "Country or area: " in first
    assert "Value: " in first
    assert page.inner_text("#picture-ranking .told") != first

    def width():
        return page.evaluate("document.querySelector('#picture-ranking .live svg').viewBox.baseVal.width")

    whole = width()
    page.keyboard.press("+")
    assert width() == pytest.approx(whole / 1.5, rel=0.01)
    page.keyboard.press("Escape")
    assert width() == whole
    page.click("#picture-ranking .explore")
    page.wait_for_selector("#picture-ranking .still", state="visible")
    assert page.locator("#picture-ranking .live").count() == 0


def test_a_pointer_is_told_what_a_mark_stands_for(site, visit):
    reader = visit()
    page = reader.go(f"{site}/en/series/SI_RMT_COST?area=MEX")
    reader.explore("trend")
    mark = page.evaluate_handle(
        "[...document.querySelectorAll('#picture-trend .live path')].filter((one) => one.__data__?.tooltip)[1]"
    ).as_element()
    mark.evaluate("one => one.scrollIntoView({ block: 'center', behavior: 'instant' })")
    box = mark.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2 + 9, box["y"] + box["height"] / 2 + 9)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=9)
    page.wait_for_selector("#vg-tooltip-element.visible")
    assert "Mexico" in page.inner_text("#vg-tooltip-element")


def test_a_slider_moves_pictures_live_charts_table_and_address(site, visit):
    reader = visit()
    page = reader.go(f"{site}/en/series/SI_RMT_COST?area=MEX")
    reader.explore("ranking")
    page.focus("form.time input[type=range]")
    page.keyboard.press("Home")
    page.wait_for_url("**period=2011-Q3**", timeout=30_000)
    assert page.inner_text("form.time output") == "2011-Q3"
    assert page.get_attribute("form.time input[type=range]", "aria-valuetext") == "2011-Q3"
    assert "period=2011-Q3" in page.get_attribute("#picture-ranking img", "src")
    assert "period=" not in page.get_attribute("#picture-trend img", "src"), "what is over time stays"
    reader.until("document.querySelector('#ranking h2').textContent.includes('2011-Q3')")
    reader.until("document.querySelector('#picture-ranking .live svg').textContent.includes('2011-Q3')")
    page.reload()
    assert page.evaluate("document.querySelector('form.time output').textContent") == "2011-Q3"
    assert reader.violations() == []


def test_back_undoes_the_slider(site, visit):
    reader = visit()
    page = reader.go(f"{site}/en/series/SI_RMT_COST?area=MEX")

    def shows(told):
        reader.until(f"document.querySelector('form.time output').textContent.includes('{told}')")
        reader.until(f"document.querySelector('main > .cards').textContent.includes('{told}')")

    newest = page.inner_text("form.time output")
    page.focus("form.time input[type=range]")
    page.keyboard.press("Home")
    page.wait_for_url("**period=2011-Q3**", timeout=30_000)
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_url("**period=2012**", timeout=30_000)
    reader.until("document.querySelector('.languages a[hreflang=ar]').href.includes('period=2012')")
    page.go_back()
    shows("2011-Q3")
    reader.until("document.querySelector('#ranking h2').textContent.includes('2011-Q3')")
    assert "period=2011-Q3" in page.get_attribute("#picture-ranking img", "src")
    assert page.input_value("form.choose select[name=period]") == "2011-Q3"
    page.go_back()
    shows(newest if newest[0].isdigit() else "")
    assert "period=" not in page.get_attribute("#picture-ranking img", "src")
    page.go_forward()
    shows("2011-Q3")
    assert reader.complaints == []


def test_no_picture_is_blank_on_paper(site, visit):
    reader = visit()
    page = reader.page
    page.goto(f"{site}/en/series/SI_RMT_COST?area=MEX")
    reader.until(
        "[...document.images].every((one) => one.loading !== 'lazy' && one.complete && one.naturalWidth)"
    )
    page.goto(f"{site}/en/areas/MEX")
    folded = "details.goal:not([open])"
    shown = f"getComputedStyle(document.querySelector('{folded}'), '::details-content').contentVisibility"
    assert page.evaluate(shown) == "hidden"
    page.emulate_media(media="print")
    assert page.evaluate(shown) == "visible", "what is folded on the screen is whole on paper"


def test_the_form_does_the_same_without_scripts(site, visit):
    reader = visit(java_script_enabled=False)
    page = reader.page
    page.goto(f"{site}/en/series/SI_RMT_COST?area=MEX")
    assert page.locator("form.time input[type=range]").count() == 0
    assert not page.locator(".explore").first.is_visible()
    page.select_option("form.time select", "2011")
    page.click("form.time button")
    assert "period=2011" in page.url
    assert "area=MEX" in page.url


def test_a_library_that_does_not_come_leaves_the_picture_and_says_so(site, visit):
    reader = visit()
    reader.page.route("**/static/charts.*.js", lambda route: route.abort())
    page = reader.go(f"{site}/en/series/SI_RMT_COST?area=MEX")
    page.click("#picture-trend .explore")
    page.wait_for_selector("#picture-trend .told:has-text('could not be loaded')")
    assert page.locator("#picture-trend .still").is_visible()


def test_on_paper_a_dark_picture_is_light_and_afterwards_all_is_as_it_was(site, visit):
    reader = visit(color_scheme="dark")
    page = reader.go(f"{site}/en/series/SI_RMT_COST?area=MEX")
    reader.explore("trend")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    image = page.locator("#picture-trend img")
    assert image.is_visible()
    assert "theme=dark" in image.evaluate("one => one.currentSrc")
    page.emulate_media(media="print")
    assert "invert" in image.evaluate("one => getComputedStyle(one).filter")
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert image.evaluate("one => one.parentNode.querySelectorAll('source').length") == 3
    assert "turned" not in (image.get_attribute("class") or "")


class _Elsewhere(BaseHTTPRequestHandler):
    """Another site, whose one page is a frame of what its address asks."""

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        inside = unquote(self.path.partition("?")[2])
        self.wfile.write(f'<!doctype html><iframe src="{inside}" width="800" height="700"></iframe>'.encode())

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def elsewhere():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Elsewhere)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_only_an_embedded_picture_shows_in_a_frame_of_another_site(site, elsewhere, visit):
    reader = visit()
    reader.page.goto(f"{elsewhere}/?{quote(f'{site}/en/series/SI_RMT_COST/embed?area=MEX&kind=trend')}")
    frame = reader.page.frame_locator("iframe")
    frame.locator("h1").wait_for()
    assert "Remittance costs" in frame.locator("h1").inner_text()
    assert frame.locator("img").evaluate("one => one.decode().then(() => one.naturalWidth)") > 400
    assert reader.complaints == []
    reader.page.goto(f"{elsewhere}/?{quote(f'{site}/en/series/SI_RMT_COST')}")
    reader.page.wait_for_timeout(500)
    assert any("frame" in one.lower() for one in reader.complaints), "the site itself may not be framed"
