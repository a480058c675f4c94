"""Transfer one file over HTTP: ask politely, wait as told, and continue where a connection broke.

The bytes go into the part beside the file's place (`ledger.Part`); whether they are what was promised,
and whether the file is needed at all, is decided in `fetch`.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Literal

import httpx

from sojourn import __version__
from sojourn.errors import FetchError
from sojourn.sources.ledger import Entry, Part, Version
from sojourn.sources.model import Download, Source

USER_AGENT = f"sojourn/{__version__} (+migration statistics; respects Retry-After)"
LONGEST_WAIT = 300.0
MOST_REDIRECTS = 10
TRY_LATER = frozenset({429, 500, 502, 503, 504})
_BROKEN = (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError)
_RANGE = re.compile(r"bytes (?:(\d{1,18})-\d+|\*)/(\d{1,18}|\*)")

Outcome = Literal["downloaded", "resumed", "unchanged"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one file is, in bytes; `total` is None where unknown, `note` says why nothing moves."""

    source: str
    file: str
    received: int
    total: int | None
    note: str | None = None


class _PassingError(Exception):
    """A fault that may pass; `after` is how many seconds the server asked to wait."""

    def __init__(self, reason: str, after: float = 0.0) -> None:
        self.after = after
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Job:
    """One file to be fetched, and the means to do it."""

    source: Source
    download: Download
    home: Path
    client: httpx.Client
    progress: Callable[[Progress], None] | None
    sleep: Callable[[float], None]
    attempts: int

    @property
    def url(self) -> str:
        """Its address; empty where it has none, which no client accepts."""
        return self.download.url or ""

    @property
    def path(self) -> Path:
        """Its place on the disk."""
        return self.home / self.download.file

    def tell(self, received: int, total: int | None, note: str | None = None) -> None:
        """Report how far the file is."""
        if self.progress is not None:
            self.progress(Progress(self.source.name, self.download.file, received, total, note))

    def error(self, reason: str, advice: str) -> FetchError:
        """Make the error that names the file and its address."""
        what = f"{self.download.file} of {self.source.name} was not fetched: {reason}"
        return FetchError(what, where=self.url, advice=advice)

    @property
    def may_be_page(self) -> bool:
        """Whether the file itself is a web page, so that getting one is no mistake."""
        return self.path.suffix.lower() in (".html", ".htm")

    def page_error(self) -> FetchError:
        """Make the error for a web page where a file was promised."""
        return self.error(
            "the server sent a web page instead of the file", by_browser(self.source, self.path)
        )


def by_browser(source: Source, path: Path) -> str:
    """Advise a person to fetch the file of a source that lets no program in."""
    return f"Open {source.page} in a browser, download the file and save it as {path}."


def transfer(job: Job, cached: Entry | None) -> tuple[Outcome, Version | None]:
    """Attempt the download until it succeeds, fails for good, or has been tried `job.attempts` times.

    Args:
        job: the file, and the means to get it.
        cached: what the ledger says of the copy that is here; None where it cannot be trusted.

    Returns:
        The outcome, and the version that now lies in the part; None where the server has nothing newer.

    Raises:
        FetchError: the server refuses, or the faults do not pass. What has arrived is kept.
    """
    part = Part(job.path)
    for attempt in range(1, max(job.attempts, 1) + 1):
        try:
            return _attempt(job, part, cached)
        except _PassingError as fault:
            reason, after = str(fault), fault.after
        except _BROKEN as fault:
            reason, after = f"the connection broke ({fault or type(fault).__name__})", 0.0
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            raise job.error(str(fault), by_browser(job.source, job.path)) from fault
        if attempt < job.attempts:
            backoff = 2.0 ** (attempt - 1) * random.uniform(0.5, 1.5)
            delay = min(max(backoff, after), LONGEST_WAIT)
            job.tell(part.size, None, f"{reason}; trying again in {delay:.0f} seconds")
            job.sleep(delay)
    advice = "Try again later: what has arrived is kept, and the download continues from there."
    raise job.error(f"{reason}, after {job.attempts} attempts", advice)


def _attempt(job: Job, part: Part, cached: Entry | None) -> tuple[Outcome, Version | None]:
    """Ask once; return the state and the version that now lies in `part`, None when nothing is newer."""
    version = part.version(job.url)
    offset = part.size if version else 0
    with _answer(job, _headers(cached, version, offset)) as response:
        status = response.status_code
        if status == 304 and cached is not None:
            part.discard()
            return "unchanged", None
        if status == 200:
            version = _version(job, response)
            part.begin(version)
            _receive(job, response, part, version)
            return "downloaded", version
        if version is None or status not in (206, 416):
            raise _refusal(job, response)
        if continued := _continued(response, version, offset):
            if status == 206:
                _receive(job, response, part, continued)
            return "resumed", continued
    part.discard()  # the file changed meanwhile: without a part, the next request asks for all of it
    return _attempt(job, part, cached)


def _headers(cached: Entry | None, version: Version | None, offset: int) -> dict[str, str]:
    """Ask for bytes as they are, only if newer than `cached`, and only from `offset` if still `version`."""
    wanted = {
        "User-Agent": USER_AGENT,
        "Accept-Encoding": "identity",
        "If-None-Match": cached and cached.etag,
        "If-Modified-Since": cached and cached.last_modified,
        "Range": f"bytes={offset}-" if version else None,
        "If-Range": version and version.validator,
    }
    return {name: value for name, value in wanted.items() if value}


@contextmanager
def _answer(job: Job, headers: dict[str, str]) -> Iterator[httpx.Response]:
    """Send one request and follow redirects, whatever the client would do, over http and https alone."""
    request: httpx.Request | None = job.client.build_request("GET", job.url, headers=headers)
    for _ in range(MOST_REDIRECTS + 1):
        if request is None or request.url.scheme not in ("http", "https"):
            address = request and request.url
            raise job.error(f"{address} is not a web address", by_browser(job.source, job.path))
        response = job.client.send(request, stream=True, follow_redirects=False)
        try:
            if response.next_request is None:
                yield response
                return
            request = response.next_request
        finally:
            response.close()
    raise job.error(f"redirected more than {MOST_REDIRECTS} times", by_browser(job.source, job.path))


def _version(job: Job, response: httpx.Response) -> Version:
    """Read from the headers which version is coming; refuse what is clearly not the file."""
    media = response.headers.get("Content-Type", "").lower()
    if media.startswith(("text/html", "application/xhtml")) and not job.may_be_page:
        raise job.page_error()
    encoding = response.headers.get("Content-Encoding", "identity").lower()
    if encoding != "identity" and not job.path.name.endswith(".gz"):  # some call a .gz file "encoded"
        raise job.error(f"the server sent it packed ({encoding}) unasked", by_browser(job.source, job.path))
    length = response.headers.get("Content-Length", "")
    return Version(
        url=job.url,
        etag=response.headers.get("ETag"),
        last_modified=response.headers.get("Last-Modified"),
        size=int(length) if length.isdecimal() else None,
    )


def _continued(response: httpx.Response, version: Version, offset: int) -> Version | None:
    """Return the version that a 206 or 416 continues, its size now known; None when it is another."""
    found = _RANGE.fullmatch(response.headers.get("Content-Range", ""))
    if found is None or response.headers.get("ETag", version.etag) != version.etag:
        return None
    start, total = found[1], int(found[2]) if found[2] != "*" else version.size
    # 416 for a start right at the end: everything had arrived before the last crash.
    fits = int(start) == offset if start else total == offset
    return version.model_copy(update={"size": total}) if fits and version.size in (None, total) else None


def _receive(job: Job, response: httpx.Response, part: Part, version: Version) -> None:
    """Append the body to the part; a body that ends early counts as a broken connection."""
    received = part.size
    with part.path.open("ab") as stream:
        for chunk in response.iter_raw():
            stream.write(chunk)
            received += len(chunk)
            job.tell(received, version.size)
        stream.flush()
        os.fsync(stream.fileno())
    if version.size is not None and received != version.size:
        if received > version.size:
            part.discard()
        raise _PassingError(f"{received} bytes came instead of {version.size}")


def _refusal(job: Job, response: httpx.Response) -> Exception:
    """Return the error for a status that brings no file."""
    status = f"the server answered {response.status_code} {response.reason_phrase}".rstrip()
    if response.status_code in TRY_LATER:
        return _PassingError(status, _retry_after(response.headers.get("Retry-After", "")))
    if response.status_code in (401, 403):
        return job.error(f"{status}; it does not let programs in", by_browser(job.source, job.path))
    advice = f"The publisher may have moved it. {by_browser(job.source, job.path)}"
    return job.error(status, advice)


def _retry_after(text: str) -> float:
    """Read how long to wait, as seconds or as an HTTP date; 0 when the server did not say.

    >>> _retry_after("120"), _retry_after("Thu, 01 Jan 2015 00:00:00 GMT"), _retry_after("soon")
    (120.0, 0.0, 0.0)
    """
    if text.strip().isdecimal():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
