"""`sojourn fetch`, then `sojourn build`: real files behind a local server, through the command."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.sources.http_server import Fault, Server, serving

from sojourn import discovery
from sojourn.release import open_release
from sojourn.sources.model import Download, Source

REAL = {
    # file below shared/data, under the name that a fetch gives it
    "wdi/bx.trf.pwkr.cd.dt.csv.gz": "bx.trf.pwkr.cd.dt.csv.gz",
    "wdi/ny.gdp.mktp.cd.csv.gz": "ny.gdp.mktp.cd.csv.gz",
}


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def offered(server: Server, shared: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    """The source `wdi` with its addresses on the local server; the first answer breaks off half-way."""
    downloads = []
    for path, name in REAL.items():
        content = (shared / "data" / path).read_bytes()
        url = server.offer(name, content, Fault(drop_after=len(content) // 2))
        downloads.append(Download(name, url, size=len(content)))
    sources = tuple(
        replace(one, downloads=tuple(downloads)) if one.name == "wdi" else one for one in discovery.sources()
    )

    def known() -> tuple[Source, ...]:
        return sources

    monkeypatch.setattr(discovery, "sources", known)
    return server


def test_fetch_resumes_and_what_was_fetched_can_be_built(run, offered, shared):
    answer = run("fetch", "wdi", "--json")
    assert answer.code == 0, answer.err
    fetched = json.loads(answer.out)
    assert {one["state"] for one in fetched} <= {"downloaded", "resumed"}
    for path, name in REAL.items():
        assert Path("data/wdi", name).read_bytes() == (shared / "data" / path).read_bytes()
    assert run("build").code == 0
    ratio = open_release("releases").observations(series="BX_TRF_PWKR", area="TJK", period="2020")
    assert ratio.height == 1


def test_fetching_again_downloads_nothing_and_offline_asks_nobody(run, offered):
    run("fetch", "wdi")
    asked = len(offered.log)
    assert {one["state"] for one in json.loads(run("fetch", "wdi", "--json").out)} == {"unchanged"}
    assert {one.status for one in offered.log[asked:]} == {304}
    asked = len(offered.log)
    assert {one["state"] for one in json.loads(run("fetch", "wdi", "--offline", "--json").out)} == {"cached"}
    assert len(offered.log) == asked


def test_a_server_that_refuses_says_which_page_to_open(run, offered):
    for name in REAL.values():
        offered.faults["/" + name].clear()
        offered.faults["/" + name].append(Fault(403))
    answer = run("fetch", "wdi")
    assert answer.code == 1
    assert "https://data.worldbank.org/" in "".join(answer.err.split())
