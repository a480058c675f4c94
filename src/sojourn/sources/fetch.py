"""Download the official files of a source: politely, resumably, and never half.

Publishers change files without notice, break connections and answer with web pages. So every file is
streamed beside its place, checked, and only then renamed into it; what has arrived survives a crash;
what is already here is asked for only if it changed. The files of a source come one after another over
one connection (`transfer`). What stands on the disk in between is told in `ledger`.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import httpx
from filelock import FileLock, Timeout

from sojourn.errors import FetchError
from sojourn.sources.kinds import is_web_page
from sojourn.sources.ledger import (
    LEDGER,
    LOCK,
    Entry,
    Ledger,
    Part,
    Version,
    home_of,
    place_of,
    record,
    sha256_of,
)
from sojourn.sources.model import Download, Source
from sojourn.sources.transfer import Job, Outcome, Progress, by_browser, transfer

__all__ = ["Fetched", "Progress", "State", "fetch", "instructions"]

State = Literal[Outcome, "cached", "by hand"]


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of one file.

    `state` says where the bytes come from: "downloaded" in one go, "resumed" after a break, "unchanged"
    when the server has nothing newer, "cached" when no server was asked, "by hand" when a person puts
    the file there; `size` and `sha256` are None as long as it is not there. `file` is empty where a
    source that is fetched by hand names no file.
    """

    source: str
    file: str
    path: Path
    state: State
    size: int | None
    sha256: str | None
    message: str


def fetch(
    source: Source,
    folder: Path,
    *,
    offline: bool = False,
    client: httpx.Client | None = None,
    progress: Callable[[Progress], None] | None = None,
    sleep: Callable[[float], None] = time.sleep,
    attempts: int = 5,
    patience: float = 600.0,
) -> list[Fetched]:
    """Bring the official files of `source` to `folder/<source.name>/<file>`, and say what became of each.

    Args:
        source: the source; files that a program cannot fetch are reported, not requested.
        folder: the data folder.
        offline: send no request and write nothing; vouch for the files that are here.
        client: a client to use instead of an own one (it is not closed).
        progress: called for every chunk, and before every wait.
        sleep: how to wait between attempts.
        attempts: how often to try each file before giving up.
        patience: seconds to wait for another process that fetches the same source.

    Returns:
        One `Fetched` per file, in the order of `source.downloads`.

    Raises:
        FetchError: a file could not be fetched, is not what was promised, or (offline) is missing or
            damaged. Files before it are installed; what has arrived of it is kept for the next time.
    """
    home = home_of(folder, source.name)
    for download in source.downloads:
        place_of(home, download.file)
    if source.by_hand is not None or source.registration:
        downloads = source.downloads or (Download("", None),)
        return [_by_hand(source, download, home) for download in downloads]
    if offline:
        ledger = Ledger.read(home)
        return [_from_cache(source, download, home, ledger) for download in source.downloads]
    if all(download.url is None for download in source.downloads):
        return [_by_hand(source, download, home) for download in source.downloads]
    with _alone(source, home, patience, progress), _session(client) as session:
        ledger = Ledger.read(home)
        jobs = [Job(source, each, home, session, progress, sleep, attempts) for each in source.downloads]
        return [_fetch_file(job, ledger) for job in jobs]


def instructions(source: Source, folder: Path) -> str:
    """Return what a person reads who has to fetch the files of `source`: why, the page, the place.

    >>> from sojourn.sources.model import Source
    >>> survey = Source("survey", "A survey", "An office", "", "", "https://example.org/survey", "",
    ...                 downloads=(Download("persons.csv", None),), registration=True)
    >>> print(instructions(survey, Path("data")))
    A survey has to be fetched by hand: the publisher asks for a registration.
      open: https://example.org/survey
      put:  data/survey/persons.csv
    """
    home = home_of(folder, source.name)
    whole = source.by_hand is not None or source.registration
    files = [place_of(home, each.file) for each in source.downloads if whole or each.url is None]
    registration = "the publisher asks for a registration" if source.registration else None
    why = source.by_hand or registration or "it has no address that a program may use"
    lines = [f"{source.title} has to be fetched by hand: {why.rstrip('.')}.", f"  open: {source.page}"]
    return "\n".join(lines + [f"  put:  {path}" for path in files or [home]])


@contextmanager
def _alone(
    source: Source, home: Path, patience: float, progress: Callable[[Progress], None] | None
) -> Iterator[None]:
    """Hold the lock of the source folder; wait for another process up to `patience` seconds."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = FileLock(home / LOCK)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            if progress is not None:
                note = f"another process is fetching into {home}; waiting for it"
                progress(Progress(source.name, "", 0, None, note))
            lock.acquire(timeout=patience)
    except Timeout:
        what = f"Another process has been fetching {source.name} for more than {patience:g} seconds"
        advice = "Wait until it is done and try again, or stop it."
        raise FetchError(what, where=home, advice=advice) from None
    except OSError as problem:
        what = f"The folder for {source.name} cannot be written: {problem}"
        raise FetchError(what, where=home, advice="Choose a data folder that you may write to.") from problem
    try:
        yield
    finally:
        lock.release()


def _session(client: httpx.Client | None) -> AbstractContextManager[httpx.Client]:
    if client is not None:
        return nullcontext(client)
    limits = httpx.Limits(max_connections=1)
    return httpx.Client(timeout=httpx.Timeout(60.0, connect=15.0), limits=limits)


def _by_hand(source: Source, download: Download, home: Path, why: str = "") -> Fetched:
    """Report a file that a person puts there, with its hash when it is there."""
    path = home / download.file
    if not path.is_file():
        text = instructions(source, home.parent)
        return Fetched(source.name, download.file, path, "by hand", None, None, text)
    digest = sha256_of(path)
    if download.sha256 not in (None, digest):
        what = f"{download.file} of {source.name} is not the file that the publisher froze"
        advice = f"Remove it. {by_browser(source, path)}"
        raise FetchError(what, where=path, accepted=f"SHA-256 {download.sha256}", advice=advice)
    message = why or "put there by hand"
    return Fetched(source.name, download.file, path, "by hand", path.stat().st_size, digest, message)


def _from_cache(source: Source, download: Download, home: Path, ledger: Ledger) -> Fetched:
    """Vouch for a file without asking the server, by the pinned hash or else by the ledger's."""
    path, entry = home / download.file, ledger.entries.get(download.file)
    advice = "Fetch it again without the offline option."
    if download.url is None:
        return _by_hand(source, download, home)
    if not path.is_file():
        what = f"{download.file} of {source.name} has not been fetched yet"
        raise FetchError(what, where=path, advice=advice)
    digest = sha256_of(path)
    if digest == download.sha256 or (
        download.sha256 is None and entry is not None and digest == entry.sha256
    ):
        message = "here, and its bytes are those recorded; no server was asked"
        return Fetched(source.name, download.file, path, "cached", path.stat().st_size, digest, message)
    if entry is None and ledger.readable:
        return _by_hand(source, download, home, "put there by hand, so that no record vouches for its bytes")
    damage = (
        "its bytes are not those recorded or published"
        if ledger.readable
        else f"{LEDGER} beside it cannot be read"
    )
    raise FetchError(f"{download.file} of {source.name} is damaged: {damage}", where=path, advice=advice)


def _fetch_file(job: Job, ledger: Ledger) -> Fetched:
    """Fetch one file unless what is here will do."""
    download, path = job.download, job.path
    if download.url is None:
        return _by_hand(job.source, download, job.home)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        here = sha256_of(path) if path.is_file() else None
        entry = ledger.entries.get(download.file)
        if here is not None and here == download.sha256:
            return _done(job, "cached", here, "here, and it is the file that the publisher froze")
        if here is not None and entry is None and ledger.readable:
            why = "put there by hand and left alone; remove it to have it fetched"
            return _by_hand(job.source, download, job.home, why)
        sound = entry is not None and here == entry.sha256 and entry.url == job.url and not download.sha256
        state, version = transfer(job, entry if sound else None)
        if version is None:
            return _done(job, state, here, "the server has nothing newer")
        digest = _install(job, version)
    except OSError as problem:
        free = shutil.disk_usage(job.home).free
        what = f"{path} cannot be written: {problem.strerror or problem} ({free / 1e6:,.0f} MB are free)"
        advice = "Make room, or choose another data folder, and try again: what has arrived is kept."
        raise FetchError(what, where=path, advice=advice) from problem
    return _done(job, state, digest, _tale(state, here, digest, sound))


def _tale(state: State, before: str | None, after: str, sound: bool) -> str:
    parts = ["resumed where an earlier attempt broke off" if state == "resumed" else "downloaded"]
    if before is not None and not sound:
        parts.append(
            "the copy that was here could not be trusted: its bytes or address are not those recorded"
        )
    elif before is not None:
        parts.append("it had changed" if before != after else "its bytes are the same as before")
    return "; ".join(parts)


def _done(job: Job, state: State, digest: str | None, message: str) -> Fetched:
    size = job.path.stat().st_size
    return Fetched(job.source.name, job.download.file, job.path, state, size, digest, message)


def _install(job: Job, version: Version) -> str:
    """Check the complete part, write it into the ledger, rename it into place; return its SHA-256."""
    part = Part(job.path)
    with part.path.open("rb") as stream:
        head = stream.read(1024)
    if is_web_page(head) and not job.may_be_page:
        part.discard()
        raise job.page_error()
    digest = sha256_of(part.path)
    if job.download.sha256 not in (None, digest):
        part.discard()
        reason = f"its SHA-256 is {digest}, not {job.download.sha256} as published"
        raise job.error(reason, "Try again; if it stays, the publisher replaced a file that it had frozen.")
    facts = version.model_dump() | {"size": part.size, "sha256": digest}
    record(job.home, job.download.file, Entry(**facts, fetched_at=datetime.now(UTC).replace(microsecond=0)))
    part.install()
    return digest
