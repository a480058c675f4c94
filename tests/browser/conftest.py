"""A real server over a small release, and a real browser that reads it.

Chromium is looked for in SOJOURN_CHROMIUM, else where Debian's package puts it; without it these tests skip, loudly.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from sojourn import demo
from sojourn.simulate import Country
from sojourn.web.languages import NAMES

CHROMIUM = os.environ.get("SOJOURN_CHROMIUM", "/usr/bin/chromium")
QUIET = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--hide-scrollbars")

PAGES = {
    "home": "",
    "goals": "goals",
    "goal": "goals/10",
    "target": "targets/10.c",
    "indicators": "indicators",
    "indicator": "indicators/10.c.1",
    "series": "series/SI_RMT_COST?area=MEX&area=IND",
    "series of persons": "series/SL_TLF_UEM?nativity=FOREIGN",
    "embedded": "series/SI_RMT_COST/embed?area=MEX",
    "method": "methods/SI_RMT_COST",
    "number": "number?series=SI_RMT_COST&area=MEX&period=2025-Q3",
    "areas": "areas",
    "country": "areas/MEX",
    "region": "areas/001",
    "corridors": "corridors",
    "corridor": "corridors/USA/MEX",
    "data": "data",
    "changes": "data/changes?before={release}&after={release}",
    "differences": "data/differences",
    "api": "data/api",
    "search": "search?q=remittance",
    "nothing": "series/SI_RMT",
}
"""One address of every type of page; a test holds this list to the addresses of the site."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every page, in every language, where a test asks for `name` or `language`."""
    if "name" in metafunc.fixturenames:
        metafunc.parametrize("name", PAGES)
    if "language" in metafunc.fixturenames:
        metafunc.parametrize("language", NAMES)


@pytest.fixture(scope="session")
def pages() -> dict[str, str]:
    """One address of every type of page."""
    return PAGES


@dataclass(frozen=True)
class Site:
    """A server that answers.

    Attributes:
        address: without a slash at the end.
        release: the name of the release that it shows.
        releases: the folder that it is in.
    """

    address: str
    release: str
    releases: Path

    def page(self, language: str, name: str) -> str:
        """Give the address of a page of `PAGES`."""
        return f"{self.address}/{language}/{PAGES[name].format(release=self.release)}"


@dataclass
class Visit:
    """A page in the browser, and what it did that no page should do."""

    page: Any
    faults: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """`sojourn serve` on a free port of the loopback, over the demonstration with fewer persons."""
    if not Path(CHROMIUM).is_file():
        pytest.skip(
            f"there is no Chromium ({CHROMIUM}; SOJOURN_CHROMIUM names another): pages are NOT read in a browser"
        )
    place = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo, "COUNTRY", Country(households=3_000))
        built = demo.build_demo(place)
    with serving(place / "releases", place / "log") as address:
        yield Site(address, built.path.name, place / "releases")


@contextmanager
def serving(releases: Path, log_file: Path, **environment: str) -> Iterator[str]:
    """Run `sojourn serve` on a free port of the loopback, and give its address."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "sojourn",
        "serve",
        "--workers",
        "1",
        "--releases",
        str(releases),
        "--port",
        str(port),
    ]
    with log_file.open("wb") as log:
        started = subprocess.Popen(
            command,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env=os.environ | {"SOJOURN_REQUESTS": "1000000"} | environment,
        )
    try:
        _wait(f"http://127.0.0.1:{port}/health", started, log_file)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(started.pid, signal.SIGTERM)
        started.wait(timeout=60)


def _wait(address: str, started: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 240
    while time.monotonic() < until and started.poll() is None:
        try:
            with urlopen(address, timeout=10):
                return
        except (URLError, TimeoutError, ConnectionError):
            time.sleep(0.1)
    raise AssertionError(f"the server did not start:\n{log.read_text()}")


# Not for the session: as long as it is open, other tests of this process would seem to run in its event loop.
@pytest.fixture(scope="package")
def browser(site: Site) -> Iterator[Any]:
    """Chromium, without a window."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as played:
        opened = played.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield opened
        opened.close()


@dataclass(frozen=True)
class Registry:
    """A site with a registry, and people who are signed in to it.

    Attributes:
        address: without a slash at the end.
        sessions: person -> the key of their session, as their browser holds it.
        password: of the one who signs in by hand, with their address.
    """

    address: str
    sessions: dict[str, str]
    password: tuple[str, str]


@pytest.fixture(scope="session")
def registry(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """The same releases with a registry that holds the shipped facts, and a person in each seat."""
    place = tmp_path_factory.mktemp("registry")
    environment = {"SOJOURN_REGISTRY": str(place), "SOJOURN_SECRET_KEY": "only-for-tests"}
    script = Path(__file__).with_name("people.py")
    made = subprocess.run(
        [sys.executable, str(script)],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    told = json.loads(made.stdout)
    with serving(site.releases, place / "log", **environment) as address:
        yield Registry(address, told["sessions"], tuple(told["password"]))


Open = Callable[..., Any]


@pytest.fixture
def visit(browser: Any, site: Site) -> Open:
    """Open an address as a reader with a certain device; see `opened`."""

    @contextmanager
    def opened(
        address: str, *, width: int = 1280, zoom: int = 1, theme: str = "light", scripts: bool = True
    ) -> Iterator[Visit]:
        """Open a page.

        Args:
            address: of the page.
            width: of the window, in pixels of the device.
            zoom: how many pixels of the device are one of the page: 2 is a zoom of 200 %.
            theme: light or dark.
            scripts: whether JavaScript runs.
        """
        context = browser.new_context(
            viewport={"width": width // zoom, "height": 900 // zoom},
            device_scale_factor=zoom,
            color_scheme=theme,
            java_script_enabled=scripts,
            reduced_motion="reduce",
        )
        page = context.new_page()
        told = Visit(page)
        own = urlsplit(site.address).netloc
        page.on(
            "request",
            lambda one: (
                one.url.startswith("data:")
                or urlsplit(one.url).netloc == own
                or told.faults.append(f"asks another host: {one.url}")
            ),
        )
        page.on(
            "console",
            lambda one: one.type in ("error", "warning") and told.faults.append(f"{one.type}: {one.text}"),
        )
        page.on("pageerror", lambda one: told.faults.append(f"error: {one}"))
        try:
            page.goto(address, wait_until="load")
            yield told
        finally:
            context.close()

    return opened
