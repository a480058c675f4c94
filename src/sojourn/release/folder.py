"""Where releases lie, and how one gets there: built aside, checked, renamed into place in one step.

    releases/
        0001-3f9a2c1b/          sequence and the first digits of the hash of its checksums
            observations.parquet  series.json  problems.parquet  differences.parquet
            manifest.json  CHANGELOG.md  SHA256SUMS
        .lock                   held while a build writes
        .building-…/            a build in work; left by a crash, removed by the next build

A reader sees a release folder whole or not at all, because a rename is one step. `SHA256SUMS` has the form
that `sha256sum -c` reads.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from sojourn.errors import BusyError, NotFoundError, Place, ReleaseError

CHECKSUMS = "SHA256SUMS"
MANIFEST = "manifest.json"
OBSERVATIONS = "observations.parquet"
PROBLEMS = "problems.parquet"
DIFFERENCES = "differences.parquet"
SERIES = "series.json"
CHANGELOG = "CHANGELOG.md"

_NAME = re.compile(r"^(\d{4,})-([0-9a-f]{8})$")
_STAGING = ".building-"


def releases(root: Path) -> list[Path]:
    """List the release folders below a folder, oldest first."""
    if not root.is_dir():
        return []
    found = [path for path in root.iterdir() if _NAME.match(path.name) and (path / MANIFEST).is_file()]
    return sorted(found, key=sequence)


def sequence(path: Path) -> int:
    """Give the number of a release among its siblings, from its name."""
    match = _NAME.match(path.name)
    return int(match.group(1)) if match else 0


def is_release(path: Path) -> bool:
    """Tell whether a folder is a release, whatever it is called."""
    return (path / MANIFEST).is_file()


def locate(text: str | Path | None, root: Path) -> Path:
    """Find the release that a person means.

    Args:
        text: a release folder, a folder of releases (its newest is meant), a release's name or the
            beginning of it, "latest", or None for the newest.
        root: the folder of releases of the current project.

    Raises:
        NotFoundError: there is no such release; those that exist are named.
    """
    if text is None or str(text) == "latest":
        return _newest(root)
    path = Path(text)
    if is_release(path):
        return path
    if releases(path):
        return _newest(path)
    matches = [
        one for one in releases(root) if one.name.startswith(str(text)) or str(sequence(one)) == str(text)
    ]
    if len(matches) == 1:
        return matches[0]
    names = ", ".join(one.name for one in releases(root)) or "none yet"
    raise NotFoundError(
        f"No release is called {str(text)!r}"
        if not matches
        else f"Several releases begin with {str(text)!r}",
        where=Place(root),
        accepted=f"a release folder, or one of: {names}",
        advice="Run 'sojourn list releases' to see them, or 'sojourn build' to make one.",
    )


def _newest(root: Path) -> Path:
    if found := releases(root):
        return found[-1]
    raise NotFoundError(
        "There is no release here yet",
        where=Place(root),
        advice="Make one with 'sojourn build --data DIR', or see one at once with 'sojourn demo'.",
    )


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Let one build at a time write to a folder of releases, and clear away what a crash left.

    Raises:
        BusyError: another build is at work there.
        ReleaseError: the folder cannot be written.
    """
    with writing(root):
        root.mkdir(parents=True, exist_ok=True)
        lock = FileLock(root / ".lock", timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise BusyError(
                "Another build is writing to this folder",
                where=Place(root),
                advice="Wait until it is done, or build into another folder with --out.",
            ) from error
    try:
        for left in root.glob(f"{_STAGING}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield
    finally:
        lock.release()


@contextmanager
def staging(root: Path) -> Iterator[Path]:
    """Give a folder to build in, on the same file system; it is gone afterwards unless published."""
    with writing(root):
        path = Path(tempfile.mkdtemp(prefix=_STAGING, dir=root))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def publish(built: Path, root: Path, number: int) -> Path:
    """Seal a finished folder and rename it into place.

    Writes `SHA256SUMS`, makes every file durable and read-only, then renames once.

    Returns:
        The folder of the release.
    """
    with writing(root):
        lines = [f"{sha256(path)}  {path.name}" for path in sorted(built.iterdir())]
        content = "\n".join(lines) + "\n"
        (built / CHECKSUMS).write_text(content, encoding="utf-8", newline="\n")
        for path in built.iterdir():
            _make_durable(path)
            path.chmod(0o444)
        target = root / f"{number:04d}-{hashlib.sha256(content.encode()).hexdigest()[:8]}"
        built.chmod(0o755)
        built.rename(target)
        _make_durable(root)
    return target


def sha256(path: Path) -> str:
    """Hash a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _make_durable(path: Path) -> None:
    """Ask the disk to keep what was written; a folder cannot be asked on every system."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except (PermissionError, IsADirectoryError):
        return
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.EBADF, errno.EACCES):
            raise
    finally:
        os.close(handle)


@contextmanager
def writing(root: Path) -> Iterator[None]:
    """Turn a disk that is full or forbidden into an error that says so."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise ReleaseError(
            "The disk is full; nothing was published" if full else f"The release cannot be written ({error})",
            where=Place(error.filename or root),
            advice="Free some space and build again."
            if full
            else "Choose a folder you may write to with --out.",
        ) from error
