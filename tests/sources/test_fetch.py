"""Fetching: against a real server on the loopback interface that breaks in every way that was seen.

Nothing here waits: `sleep` writes down how long it was asked to. Nothing here leaves the machine.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest

import sojourn
from sojourn.errors import FetchError
from sojourn.sources.fetch import Fetched, Progress, fetch, instructions
from sojourn.sources.ledger import Part, Version
from sojourn.sources.model import Download, Source

from .http_server import Fault, Server, serving

CHECKOUT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("SOJOURN_SHARED", CHECKOUT.parent / "shared"))
CONTENT = random.Random(1).randbytes(300_000)
DROPPED = Fault(drop_after=100_000)
PAGE = b"\n<!DOCTYPE html><html><body>Please accept our cookies</body></html>"


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=5, trust_env=False) as one:
        yield one


class Fetcher:
    """`fetch` as these tests use it: into a temporary folder, with a clock that only takes notes."""

    def __init__(self, folder: Path, client: httpx.Client) -> None:
        self.folder, self.client = folder, client
        self.waits: list[float] = []
        self.told: list[Progress] = []

    def __call__(self, source: Source, **options: object) -> Fetched:
        usual: dict[str, object] = {
            "client": self.client,
            "sleep": self.waits.append,
            "progress": self.told.append,
        }
        (fetched,) = fetch(source, self.folder, **(usual | options))  # type: ignore[arg-type]
        return fetched

    @property
    def path(self) -> Path:
        return self.folder / "prices" / "prices.bin"

    @property
    def part(self) -> Part:
        return Part(self.path)

    @property
    def ledger(self) -> dict[str, dict[str, object]]:
        return json.loads((self.folder / "prices" / "fetched.json").read_text())  # type: ignore[no-any-return]

    def leave_part(self, content: bytes, **facts: object) -> None:
        """Leave what an earlier, broken fetch would have left."""
        self.path.parent.mkdir(parents=True)
        self.part.begin(Version(**facts))  # type: ignore[arg-type]
        self.part.path.write_bytes(content)


@pytest.fixture
def fetcher(tmp_path: Path, client: httpx.Client) -> Fetcher:
    return Fetcher(tmp_path, client)


def source_of(
    url: str | None, file: str = "prices.bin", sha256: str | None = None, **facts: object
) -> Source:
    return Source(
        name="prices",
        title="Prices",
        publisher="An office",
        licence="CC BY 4.0",
        citation="",
        page="https://office.example/prices",
        table="prices",
        downloads=(Download(file, url, sha256=sha256),),
        **facts,  # type: ignore[arg-type]
    )


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def etag_of(server: Server, name: str = "a") -> str | None:
    return server.files["/" + name].etag


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "waited for too long"
        time.sleep(0.01)


# --- a download that works -----------------------------------------------------------------------


def test_downloads_checks_and_records(server: Server, fetcher: Fetcher) -> None:
    url = server.offer("a", CONTENT)
    fetched = fetcher(source_of(url, sha256=sha256(CONTENT)))
    assert fetched == Fetched(
        "prices", "prices.bin", fetcher.path, "downloaded", len(CONTENT), sha256(CONTENT), "downloaded"
    )
    assert fetcher.path.read_bytes() == CONTENT
    entry = fetcher.ledger["prices.bin"]
    assert (entry["url"], entry["size"], entry["sha256"]) == (url, len(CONTENT), sha256(CONTENT))
    assert (entry["etag"], entry["last_modified"]) == (etag_of(server), "Sat, 01 Feb 2020 00:00:00 GMT")
    moment = datetime.fromisoformat(str(entry["fetched_at"]))
    assert timedelta(0) <= datetime.now(UTC) - moment < timedelta(minutes=1)
    assert {each.name for each in fetcher.path.parent.iterdir()} - {".lock"} == {"prices.bin", "fetched.json"}
    assert fetcher.waits == []


def test_says_who_it_is_and_asks_for_plain_bytes(server: Server, fetcher: Fetcher) -> None:
    fetcher(source_of(server.offer("a", CONTENT)))
    headers = server.log[0].headers
    assert (
        headers["User-Agent"]
        == f"sojourn/{sojourn.__version__} (+migration statistics; respects Retry-After)"
    )
    assert headers["Accept-Encoding"] == "identity"
    assert "Range" not in headers


def test_own_client_and_several_files_one_after_another(server: Server, tmp_path: Path) -> None:
    downloads = tuple(Download(f"{name}.bin", server.offer(name, name.encode())) for name in "abc")
    fetched = fetch(Source("three", "", "", "", "", "", "", downloads=downloads), tmp_path)
    assert [each.path.read_bytes() for each in fetched] == [b"a", b"b", b"c"]
    assert [asked.path for asked in server.log] == ["/a", "/b", "/c"]


def test_progress_counts_to_the_end(server: Server, fetcher: Fetcher) -> None:
    fetcher(source_of(server.offer("a", CONTENT)))
    counts = [told.received for told in fetcher.told]
    assert counts == sorted(counts)
    assert fetcher.told[-1] == Progress("prices", "prices.bin", len(CONTENT), len(CONTENT))


def test_length_unknown(server: Server, fetcher: Fetcher) -> None:
    untold = Fault(headers={"Content-Length": None, "Connection": "close"}, drop_after=len(CONTENT))
    assert fetcher(source_of(server.offer("a", CONTENT, untold))).sha256 == sha256(CONTENT)
    assert fetcher.told[-1].total is None


def test_a_reader_never_sees_half_a_file(server: Server, fetcher: Fetcher) -> None:
    source = source_of(server.offer("a", CONTENT))
    fetcher(source)
    server.offer("a", CONTENT[::-1])
    seen = set()
    fetcher(source, progress=lambda _: seen.add(sha256(fetcher.path.read_bytes())))
    assert seen == {sha256(CONTENT)}
    assert fetcher.path.read_bytes() == CONTENT[::-1]


@pytest.mark.parametrize("name", ["rpw/wdi_SI.RMT.COST.IB.ZS.csv.gz", "wdi/ny.gdp.mktp.cd.csv.gz"])
def test_real_files_survive_a_break(server: Server, fetcher: Fetcher, name: str) -> None:
    path = SHARED / "data" / name
    if not path.is_file():
        pytest.skip(f"{path} is absent: set SOJOURN_SHARED to the folder that holds data/")
    content = path.read_bytes()
    url = server.offer("a", content, Fault(drop_after=len(content) // 3))
    fetched = fetcher(source_of(url, file=path.name))
    assert (fetched.state, fetched.sha256) == ("resumed", sha256(content))


# --- what is here already ------------------------------------------------------------------------


@pytest.mark.parametrize("facts", [{}, {"etag": None}, {"last_modified": None}, {"etag": 'W/"1"'}])
def test_unchanged_is_not_downloaded(server: Server, fetcher: Fetcher, facts: dict[str, str | None]) -> None:
    source = source_of(server.offer("a", CONTENT, **facts))
    fetcher(source)
    fetched = fetcher(source)
    assert (fetched.state, fetched.sha256, fetched.size) == ("unchanged", sha256(CONTENT), len(CONTENT))
    assert server.statuses == [200, 304]


def test_changed_is_downloaded(server: Server, fetcher: Fetcher) -> None:
    source = source_of(server.offer("a", CONTENT))
    fetcher(source)
    server.offer("a", b"new")
    fetched = fetcher(source)
    assert (fetched.state, fetched.path.read_bytes()) == ("downloaded", b"new")
    assert "had changed" in fetched.message


def test_same_bytes_under_another_etag_are_told(server: Server, fetcher: Fetcher) -> None:
    source = source_of(server.offer("a", CONTENT))
    fetcher(source)
    server.offer("a", CONTENT, etag='"2"')
    assert "same as before" in fetcher(source).message


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def halve(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


@pytest.mark.parametrize("damage", [flip, halve])
def test_damaged_copy_is_downloaded_again(
    server: Server, fetcher: Fetcher, damage: Callable[[Path], None]
) -> None:
    source = source_of(server.offer("a", CONTENT))
    fetcher(source)
    damage(fetcher.path)
    fetched = fetcher(source)
    assert (fetched.state, fetched.sha256) == ("downloaded", sha256(CONTENT))
    assert "could not be trusted" in fetched.message
    assert server.statuses == [200, 200]


@pytest.mark.parametrize("ledger", [b"{", b"[]", b'{"prices.bin": {}}', b"\xff\xfe", b""])
def test_garbled_ledger(server: Server, fetcher: Fetcher, ledger: bytes) -> None:
    source = source_of(server.offer("a", CONTENT))
    fetcher(source)
    (fetcher.path.parent / "fetched.json").write_bytes(ledger)
    with pytest.raises(FetchError, match="cannot be read"):
        fetcher(source, offline=True)
    assert fetcher(source).state == "downloaded"
    assert fetcher.ledger["prices.bin"]["sha256"] == sha256(CONTENT)


def test_another_address_is_asked_without_conditions(server: Server, fetcher: Fetcher) -> None:
    fetcher(source_of(server.offer("a", CONTENT)))
    assert fetcher(source_of(server.offer("b", CONTENT))).state == "downloaded"
    assert "If-None-Match" not in server.log[-1].headers


def test_frozen_file_that_is_here_is_not_asked_for(server: Server, fetcher: Fetcher) -> None:
    source = source_of(server.offer("a", CONTENT), sha256=sha256(CONTENT))
    fetcher(source)
    assert fetcher(source).state == "cached"
    assert len(server.log) == 1


def test_file_put_there_by_a_person_is_left_alone(server: Server, fetcher: Fetcher) -> None:
    source = source_of(server.offer("a", CONTENT))
    fetcher.path.parent.mkdir()
    fetcher.path.write_bytes(b"mine")
    for offline in (False, True):
        fetched = fetcher(source, offline=offline)
        assert (fetched.state, fetched.sha256) == ("by hand", sha256(b"mine"))
    assert fetcher.path.read_bytes() == b"mine"
    assert server.log == []
    with pytest.raises(FetchError, match="not the file that the publisher froze"):
        fetcher(source_of(server.address("a"), sha256=sha256(CONTENT)))


# --- offline ---------------------------------------------------------------------------------------


def test_offline_vouches_for_the_cache(server: Server, fetcher: Fetcher) -> None:
    source = source_of(server.offer("a", CONTENT))
    fetcher(source)
    fetched = fetcher(source, offline=True)
    assert (fetched.state, fetched.sha256) == ("cached", sha256(CONTENT))
    assert len(server.log) == 1


def test_offline_refuses_missing_and_damaged(server: Server, fetcher: Fetcher) -> None:
    source = source_of(server.offer("a", CONTENT))
    with pytest.raises(FetchError, match="has not been fetched yet") as missing:
        fetcher(source, offline=True)
    assert "without the offline option" in str(missing.value.advice)
    assert list(fetcher.folder.iterdir()) == [], "offline writes nothing"
    fetcher(source)
    flip(fetcher.path)
    with pytest.raises(FetchError, match="damaged"):
        fetcher(source, offline=True)


# --- resuming --------------------------------------------------------------------------------------


def test_broken_connection_is_resumed(server: Server, fetcher: Fetcher) -> None:
    fetched = fetcher(source_of(server.offer("a", CONTENT, DROPPED, DROPPED)))
    assert (fetched.state, fetched.sha256) == ("resumed", sha256(CONTENT))
    assert server.statuses == [200, 206, 206]
    assert server.log[1].headers["Range"] == "bytes=100000-"
    assert server.log[1].headers["If-Range"] == etag_of(server)
    assert len(fetcher.waits) == 2
    assert any("the connection broke" in (told.note or "") for told in fetcher.told)


def test_resumed_by_the_next_fetch(server: Server, fetcher: Fetcher) -> None:
    source = source_of(server.offer("a", CONTENT, DROPPED))
    with pytest.raises(FetchError, match="after 1 attempts") as broken:
        fetcher(source, attempts=1)
    assert "continues from there" in str(broken.value.advice)
    assert fetcher.part.size == 100_000
    assert not fetcher.path.exists()
    assert fetcher(source).state == "resumed"
    assert fetcher.path.read_bytes() == CONTENT


def test_server_that_ignores_ranges_starts_anew(server: Server, fetcher: Fetcher) -> None:
    fetched = fetcher(source_of(server.offer("a", CONTENT, DROPPED, Fault(ignore_range=True))))
    assert (fetched.state, fetched.sha256) == ("downloaded", sha256(CONTENT))
    assert server.statuses == [200, 200]


def test_changed_between_attempts_starts_anew(server: Server, fetcher: Fetcher) -> None:
    source = source_of(server.offer("a", CONTENT, DROPPED))
    with pytest.raises(FetchError):
        fetcher(source, attempts=1)
    server.offer("a", CONTENT[::-1])
    assert fetcher(source).state == "downloaded"
    assert fetcher.path.read_bytes() == CONTENT[::-1]


@pytest.mark.parametrize(
    "lie",
    [
        {"ETag": '"other"'},
        {"Content-Range": "bytes 5-299999/300000"},
        {"Content-Range": "bytes 100000-300008/300009"},
        {"Content-Range": "lines 1-2"},
    ],
)
def test_continuation_of_something_else_starts_anew(
    server: Server, fetcher: Fetcher, lie: dict[str, str | None]
) -> None:
    fetched = fetcher(source_of(server.offer("a", CONTENT, DROPPED, Fault(headers=lie))))
    assert (fetched.state, fetched.sha256) == ("downloaded", sha256(CONTENT))
    assert server.statuses == [200, 206, 200]


@pytest.mark.parametrize("note", [b"", b'{"url": "htt', b"\x00\xff", b"[1]", b'{"url": 5}'])
def test_garbled_note_starts_anew(server: Server, fetcher: Fetcher, note: bytes) -> None:
    url = server.offer("a", CONTENT)
    fetcher.leave_part(b"wrong bytes", url=url, etag=etag_of(server))
    fetcher.part.note.write_bytes(note)
    assert fetcher(source_of(url)).sha256 == sha256(CONTENT)
    assert "Range" not in server.log[0].headers


@pytest.mark.parametrize(
    "facts",
    [
        {"url": "http://127.0.0.1/elsewhere"},
        {"size": 5},
        {"etag": None},
        {"etag": 'W/"weak"'},
    ],
)
def test_part_that_cannot_be_continued_starts_anew(
    server: Server, fetcher: Fetcher, facts: dict[str, object]
) -> None:
    url = server.offer("a", CONTENT)
    fetcher.leave_part(b"wrong bytes", **({"url": url, "etag": etag_of(server)} | facts))
    assert fetcher(source_of(url)).sha256 == sha256(CONTENT)
    assert "Range" not in server.log[0].headers


def test_part_without_note_or_larger_than_the_file_now(server: Server, fetcher: Fetcher) -> None:
    url = server.offer("a", CONTENT)
    fetcher.leave_part(CONTENT + b"more", url=url, etag=etag_of(server))
    assert fetcher(source_of(url)).sha256 == sha256(CONTENT)
    assert server.statuses == [416, 200]
    fetcher.path.unlink()
    fetcher.part.path.write_bytes(b"wrong")
    assert fetcher(source_of(url)).sha256 == sha256(CONTENT)


def test_part_that_was_complete_is_installed(server: Server, fetcher: Fetcher) -> None:
    url = server.offer("a", CONTENT)
    fetcher.leave_part(CONTENT, url=url, etag=etag_of(server), size=len(CONTENT))
    assert fetcher(source_of(url)).state == "resumed"
    assert server.statuses == [416]
    assert fetcher.path.read_bytes() == CONTENT


def test_old_copy_and_newer_part_together(server: Server, fetcher: Fetcher) -> None:
    source = source_of(server.offer("a", CONTENT))
    fetcher(source)
    server.offer("a", CONTENT[::-1], DROPPED)
    with pytest.raises(FetchError):
        fetcher(source, attempts=1)
    assert fetcher.path.read_bytes() == CONTENT
    assert fetcher(source).state == "resumed"
    assert fetcher.path.read_bytes() == CONTENT[::-1]


def test_short_body_is_a_broken_connection(server: Server, fetcher: Fetcher) -> None:
    short = Fault(headers={"Content-Length": str(len(CONTENT))}, body=CONTENT[:1000], drop_after=1000)
    assert fetcher(source_of(server.offer("a", CONTENT, short))).state == "resumed"
    assert fetcher.path.read_bytes() == CONTENT


def test_wrong_length_for_ever_gives_up_and_installs_nothing(server: Server, fetcher: Fetcher) -> None:
    long = Fault(headers={"Content-Length": "300005"}, drop_after=300_000, ignore_range=True)
    with pytest.raises(FetchError, match="after 3 attempts"):
        fetcher(source_of(server.offer("a", CONTENT, *[long] * 3)), attempts=3)
    assert not fetcher.path.exists()


def test_more_than_there_is_starts_anew(server: Server, fetcher: Fetcher) -> None:
    lie = {"Content-Range": "bytes 100000-299999/300000", "Content-Length": None, "Connection": "close"}
    more = Fault(headers=lie, body=CONTENT + b"more", drop_after=len(CONTENT))
    fetched = fetcher(source_of(server.offer("a", CONTENT, DROPPED, more)))
    assert (fetched.state, fetched.sha256) == ("downloaded", sha256(CONTENT))
    assert server.statuses == [200, 206, 200]


# --- hashes ----------------------------------------------------------------------------------------


def test_pinned_hash_that_differs(server: Server, fetcher: Fetcher) -> None:
    with pytest.raises(FetchError, match="SHA-256"):
        fetcher(source_of(server.offer("a", CONTENT), sha256="0" * 64))
    assert not fetcher.path.exists()
    assert fetcher.part.size == 0
    assert not (fetcher.path.parent / "fetched.json").exists()


def test_pinned_hash_that_differs_keeps_the_old_copy(server: Server, fetcher: Fetcher) -> None:
    url = server.offer("a", CONTENT)
    fetcher(source_of(url))
    with pytest.raises(FetchError, match="SHA-256"):
        fetcher(source_of(url, sha256="0" * 64))
    assert fetcher.path.read_bytes() == CONTENT


# --- manners ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_passing_faults_are_tried_again_after_longer_and_longer_waits(
    server: Server, fetcher: Fetcher, status: int
) -> None:
    fetched = fetcher(source_of(server.offer("a", CONTENT, *[Fault(status)] * 4)))
    assert fetched.state == "downloaded"
    assert len(fetcher.waits) == 4
    for number, wait in enumerate(fetcher.waits):
        assert 0.5 * 2**number <= wait <= 1.5 * 2**number
    assert str(status) in str(fetcher.told[0].note)


def test_fault_for_ever_gives_up(server: Server, fetcher: Fetcher) -> None:
    with pytest.raises(FetchError, match=r"500.*after 5 attempts"):
        fetcher(source_of(server.offer("a", CONTENT, *[Fault(500)] * 9)))
    assert len(server.log) == 5
    assert len(fetcher.waits) == 4


@pytest.mark.parametrize(
    ("asked", "least", "most"),
    [
        ("7", 7, 7),
        ("100000", 300, 300),
        (timedelta(seconds=200), 150, 200),
        (timedelta(days=2), 300, 300),
        ("Thu, 01 Jan 2015 00:00:00 GMT", 0.5, 1.5),
        ("soon", 0.5, 1.5),
    ],
)
def test_retry_after_is_honoured(
    server: Server, fetcher: Fetcher, asked: str | timedelta, least: float, most: float
) -> None:
    if isinstance(asked, timedelta):
        asked = format_datetime(datetime.now(UTC) + asked, usegmt=True)
    fetcher(source_of(server.offer("a", CONTENT, Fault(503, {"Retry-After": asked}))))
    (wait,) = fetcher.waits
    assert least <= wait <= most


@pytest.mark.parametrize("status", [400, 404, 410, 418, 501])
def test_final_answers_are_not_tried_again(server: Server, fetcher: Fetcher, status: int) -> None:
    with pytest.raises(FetchError, match=str(status)):
        fetcher(source_of(server.offer("a", CONTENT, Fault(status))))
    assert len(server.log) == 1
    assert fetcher.waits == []


@pytest.mark.parametrize("status", [401, 403])
def test_refused_says_what_a_person_can_do(server: Server, fetcher: Fetcher, status: int) -> None:
    with pytest.raises(FetchError, match=str(status)) as refused:
        fetcher(source_of(server.offer("a", CONTENT, Fault(status))))
    assert "https://office.example/prices" in str(refused.value.advice)
    assert str(fetcher.path) in str(refused.value.advice)
    assert len(server.log) == 1


def test_nobody_listens(fetcher: Fetcher) -> None:
    with serving() as gone:
        url = gone.address("a")
    with pytest.raises(FetchError, match="the connection broke"):
        fetcher(source_of(url))
    assert len(fetcher.waits) == 4


def test_silence_is_a_passing_fault(server: Server, fetcher: Fetcher) -> None:
    url = server.offer("a", CONTENT, Fault(drop_after=1000, hold=True))
    with httpx.Client(timeout=0.2, trust_env=False) as hasty:
        assert fetcher(source_of(url), client=hasty).state == "resumed"
    assert fetcher.path.read_bytes() == CONTENT


# --- answers that are not the file -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "media"),
    [
        (CONTENT, "text/html; charset=utf-8"),
        (PAGE, "text/csv"),
        (b"\xef\xbb\xbf<HTML lang='en'>", "application/zip"),
        (b'<?xml version="1.0"?>\n<!-- x --><!doctype HTML>', "text/xml"),
    ],
)
def test_web_page_instead_of_the_file(server: Server, fetcher: Fetcher, body: bytes, media: str) -> None:
    with pytest.raises(FetchError, match="the server sent a web page"):
        fetcher(source_of(server.offer("a", body, media=media)))
    assert not fetcher.path.exists()
    assert fetcher.part.size == 0
    assert fetcher.waits == []


def test_web_page_keeps_what_had_arrived(server: Server, fetcher: Fetcher) -> None:
    page = Fault(200, {"Content-Type": "text/html"}, PAGE)
    source = source_of(server.offer("a", CONTENT, DROPPED, page))
    with pytest.raises(FetchError, match="web page"):
        fetcher(source)
    assert fetcher(source).state == "resumed"


def test_page_that_should_be_one(server: Server, fetcher: Fetcher) -> None:
    source = source_of(server.offer("a", PAGE, media="text/html"), file="table.html")
    assert fetcher(source).path.read_bytes() == PAGE


def test_xml_is_not_a_page(server: Server, fetcher: Fetcher) -> None:
    source = source_of(server.offer("a", b'<?xml version="1.0"?><htmlish/>'))
    assert fetcher(source).state == "downloaded"


def test_packed_unasked(server: Server, fetcher: Fetcher) -> None:
    packed = Fault(headers={"Content-Encoding": "gzip"})
    url = server.offer("a", CONTENT, packed, packed)
    with pytest.raises(FetchError, match=r"packed \(gzip\) unasked"):
        fetcher(source_of(url))
    fetched = fetcher(source_of(url, file="prices.csv.gz"))
    assert fetched.path.read_bytes() == CONTENT, "bytes as sent, not unpacked"


# --- redirects and names ---------------------------------------------------------------------------


def test_redirects_are_followed_and_resumed(server: Server, fetcher: Fetcher) -> None:
    server.offer("b", CONTENT, DROPPED)
    moved = Fault(302, {"Location": "/b"})
    fetched = fetcher(source_of(server.offer("a", b"", moved, moved)))
    assert (fetched.state, fetched.sha256) == ("resumed", sha256(CONTENT))
    assert server.statuses == [302, 200, 302, 206]


@pytest.mark.parametrize(("rounds", "works"), [(10, True), (11, False)])
def test_at_most_ten_redirects(server: Server, fetcher: Fetcher, rounds: int, works: bool) -> None:
    source = source_of(server.offer("a", CONTENT, *[Fault(301, {"Location": "/a"})] * rounds))
    if works:
        assert fetcher(source).state == "downloaded"
    else:
        with pytest.raises(FetchError, match="redirected more than 10 times"):
            fetcher(source)


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/a"])
def test_redirect_out_of_the_web(server: Server, fetcher: Fetcher, target: str) -> None:
    with pytest.raises(FetchError, match="not a web address"):
        fetcher(source_of(server.offer("a", b"", Fault(302, {"Location": target}))))
    assert len(server.log) == 1


@pytest.mark.parametrize("url", ["file:///etc/passwd", "prices.csv", "http://127.0.0.1:port/a", ""])
def test_address_that_is_none(fetcher: Fetcher, url: str) -> None:
    with pytest.raises(FetchError):
        fetcher(source_of(url))
    assert fetcher.waits == []


@pytest.mark.parametrize(
    "file",
    [
        "../a",
        "/etc/a",
        "a/../../b",
        "..",
        "",
        ".",
        "C:\\a",
        "..\\a",
        "a\nb",
        "fetched.json",
        ".lock",
        "a.part",
        "a.part.json",
    ],
)
def test_names_that_escape(server: Server, fetcher: Fetcher, file: str) -> None:
    with pytest.raises(FetchError, match="refused"):
        fetcher(source_of(server.offer("a", CONTENT), file=file))
    assert server.log == []


def test_link_that_leads_out(server: Server, fetcher: Fetcher, tmp_path: Path) -> None:
    fetcher.folder = tmp_path / "data"
    (fetcher.folder / "prices").mkdir(parents=True)
    (fetcher.folder / "prices" / "out").symlink_to(tmp_path)
    with pytest.raises(FetchError, match="refused"):
        fetcher(source_of(server.offer("a", CONTENT), file="out/a.bin"))


@pytest.mark.parametrize("name", ["", "..", "a/b", "/a"])
def test_source_names_that_escape(tmp_path: Path, name: str) -> None:
    with pytest.raises(FetchError, match="cannot name a folder"):
        fetch(Source(name, "", "", "", "", "", ""), tmp_path)


def test_file_in_a_folder_below(server: Server, fetcher: Fetcher) -> None:
    source = source_of(server.offer("a", CONTENT), file="2020/prices.bin")
    assert fetcher(source).path == fetcher.folder / "prices" / "2020" / "prices.bin"
    assert fetcher(source).state == "unchanged"


# --- by hand ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"by_hand": "Its terms forbid programs."}, "Its terms forbid programs"),
        ({"registration": True}, "registration"),
        ({"url": None}, "no address"),
    ],
)
def test_by_hand_sends_nothing(server: Server, fetcher: Fetcher, facts: dict[str, object], why: str) -> None:
    source = source_of(**({"url": server.offer("a", CONTENT)} | facts))  # type: ignore[arg-type]
    for offline in (False, True):
        fetched = fetcher(source, offline=offline)
        assert (fetched.state, fetched.path, fetched.sha256) == ("by hand", fetcher.path, None)
        assert fetched.message == instructions(source, fetcher.folder)
    for part in (why, source.page, str(fetcher.path)):
        assert part in fetched.message
    assert server.log == []
    fetcher.path.parent.mkdir(exist_ok=True)
    fetcher.path.write_bytes(CONTENT)
    assert fetcher(source).sha256 == sha256(CONTENT)


def test_by_hand_without_named_files(tmp_path: Path) -> None:
    source = Source("survey", "Survey", "", "", "", "https://x.example", "", registration=True)
    (fetched,) = fetch(source, tmp_path)
    assert (fetched.state, fetched.file, fetched.path) == ("by hand", "", tmp_path / "survey")
    assert fetch(Source("packaged", "", "", "", "", "", ""), tmp_path) == []


def test_one_file_by_hand_beside_another(server: Server, tmp_path: Path, client: httpx.Client) -> None:
    downloads = (Download("a.bin", server.offer("a", CONTENT)), Download("b.bin", None))
    source = Source("two", "Two", "", "", "", "https://x.example", "", downloads=downloads)
    assert [each.state for each in fetch(source, tmp_path, client=client)] == ["downloaded", "by hand"]
    assert "a.bin" not in instructions(source, tmp_path)


# --- trouble on this side --------------------------------------------------------------------------


def test_disk_full_keeps_the_part(server: Server, fetcher: Fetcher) -> None:
    resource = pytest.importorskip("resource", reason="limits on file size are a matter of POSIX systems")
    source = source_of(server.offer("a", CONTENT))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))  # the kernel then refuses, as a full disk does
    try:
        with pytest.raises(FetchError, match=r"prices\.bin cannot be written.*MB are free"):
            fetcher(source)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert fetcher.part.size == 100_000
    assert fetcher.waits == []
    assert fetcher(source).state == "resumed"
    assert fetcher.path.read_bytes() == CONTENT


def test_folder_that_cannot_be_made(server: Server, fetcher: Fetcher) -> None:
    (fetcher.folder / "prices").write_text("in the way")
    with pytest.raises(FetchError, match="cannot be written"):
        fetcher(source_of(server.offer("a", CONTENT)))


def test_interrupted_by_a_person(server: Server, fetcher: Fetcher) -> None:
    source = source_of(server.offer("a", CONTENT))

    def interrupt(told: Progress) -> None:
        if told.received > 150_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetcher(source, progress=interrupt)
    assert not fetcher.path.exists()
    assert 150_000 < fetcher.part.size < len(CONTENT)
    assert fetcher(source).state == "resumed"
    assert fetcher.path.read_bytes() == CONTENT


def test_crash_between_ledger_and_rename(
    server: Server, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = source_of(server.offer("a", CONTENT))
    fetcher(source)
    server.offer("a", CONTENT[::-1])

    def crash(_: Part) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Part, "install", crash)
        with pytest.raises(KeyboardInterrupt):
            fetcher(source)
    assert fetcher.path.read_bytes() == CONTENT, "the old file is still whole"
    assert fetcher(source).state == "resumed"
    assert fetcher.path.read_bytes() == CONTENT[::-1]


# --- other processes -------------------------------------------------------------------------------

PROGRAM = """
import sys
from pathlib import Path
from sojourn.sources.fetch import fetch
from sojourn.sources.model import Download, Source
source = Source("prices", "", "", "", "", "", "", downloads=(Download("prices.bin", sys.argv[1]),))
print(fetch(source, Path(sys.argv[2]))[0].state)
"""


def start(url: str, folder: Path) -> subprocess.Popen[str]:
    places = os.pathsep.join(sys.path)
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    command = [sys.executable, "-c", PROGRAM, url, str(folder)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=environment | {"PYTHONPATH": places}
    )


def test_killed_in_the_middle_and_resumed(server: Server, fetcher: Fetcher) -> None:
    url = server.offer("a", CONTENT, Fault(drop_after=200_000, hold=True))
    with start(url, fetcher.folder) as process:
        wait_for(lambda: fetcher.part.size >= 190_000)
        process.send_signal(signal.SIGKILL)
        assert process.wait(10) == -signal.SIGKILL
    assert not fetcher.path.exists()
    had = fetcher.part.size
    fetched = fetcher(source_of(url), patience=0)
    assert (fetched.state, fetched.sha256) == ("resumed", sha256(CONTENT))
    assert server.log[-1].headers["Range"] == f"bytes={had}-"


def test_second_process_gives_up_in_time_or_waits(server: Server, fetcher: Fetcher) -> None:
    url = server.offer("a", CONTENT, Fault(hold=True, drop_after=200_000))
    with start(url, fetcher.folder) as process:
        wait_for(lambda: fetcher.part.size > 0)
        with pytest.raises(FetchError, match="Another process"):
            fetcher(source_of(url), patience=0.1)
        assert "waiting for it" in str(fetcher.told[0].note)
        threading.Timer(0.1, server.released.set).start()
        assert fetcher(source_of(url), patience=10).state == "unchanged"
        assert process.stdout is not None
        assert process.stdout.read() == "resumed\n"
        assert process.wait(10) == 0
    assert server.statuses == [200, 206, 304]


def test_lock_is_free_after_failure(server: Server, fetcher: Fetcher) -> None:
    source = source_of(server.offer("a", CONTENT, Fault(404)))
    with pytest.raises(FetchError):
        fetcher(source)
    assert fetcher(source, patience=0).state == "downloaded"
