"""What a download leaves on the disk, and how far it can be trusted.

    <folder>/<source>/
      prices.csv            the file, whole and checked: it appears by one atomic rename
      prices.csv.part       the bytes that have arrived so far
      prices.csv.part.json  which version of which address those bytes belong to
      fetched.json          the ledger: for every file its address, version, size, SHA-256 and time
      .lock                 held by the process that is fetching

The ledger is written *before* the file is renamed into place. A crash between the two leaves an entry
that does not fit its file, which the next fetch notices; never a file that has no entry. A file
without an entry was therefore put there by a person, and belongs to that person.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

from pydantic import AwareDatetime, BaseModel, TypeAdapter, ValidationError

from sojourn.errors import FetchError

LEDGER = "fetched.json"
LOCK = ".lock"
_OWN_ENDINGS = (".part", ".part.json", ".new")


class Version(BaseModel, frozen=True):
    """Which version of which address: what the server said about the bytes it sent."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    size: int | None = None

    @property
    def validator(self) -> str | None:
        """What `If-Range` may carry: a strong ETag, else the date; a weak ETag promises too little.

        >>> Version(url="http://a/b", etag='W/"1"', last_modified="Sat, 01 Feb 2020 00:00:00 GMT").validator
        'Sat, 01 Feb 2020 00:00:00 GMT'
        """
        strong = self.etag is not None and not self.etag.startswith("W/")
        return self.etag if strong else self.last_modified


class Entry(Version, frozen=True):
    """One line of the ledger: a version, and the bytes that were installed for it."""

    sha256: str
    fetched_at: AwareDatetime


_ENTRIES = TypeAdapter(dict[str, Entry])


@dataclass(frozen=True, slots=True)
class Ledger:
    """The files that were fetched into one source folder, by name.

    `readable` is false when the ledger exists but cannot be understood: no file beside it can then
    be trusted, nor be taken for one that a person put there.
    """

    entries: Mapping[str, Entry]
    readable: bool = True

    @classmethod
    def read(cls, home: Path) -> Ledger:
        """Return the ledger of the source folder `home`; empty when nothing was fetched yet."""
        try:
            return cls(_ENTRIES.validate_json((home / LEDGER).read_bytes()))
        except FileNotFoundError:
            return cls({})
        except ValidationError:
            return cls({}, readable=False)


def record(home: Path, file: str, entry: Entry) -> None:
    """Write `entry` for `file` into the ledger of `home`, atomically, leaving the others as they are."""
    entries = {**Ledger.read(home).entries, file: entry}
    write_whole(home / LEDGER, _ENTRIES.dump_json(dict(sorted(entries.items())), indent=2) + b"\n")


@dataclass(frozen=True, slots=True)
class Part:
    """The bytes of `target` that have arrived so far, and the note that says what they are."""

    target: Path

    @property
    def path(self) -> Path:
        """Where the bytes lie."""
        return self.target.with_name(self.target.name + ".part")

    @property
    def note(self) -> Path:
        """Where it is written which version they belong to."""
        return self.target.with_name(self.target.name + ".part.json")

    @property
    def size(self) -> int:
        """How many bytes have arrived."""
        return self.path.stat().st_size if self.path.is_file() else 0

    def version(self, url: str) -> Version | None:
        """Return the version that can be continued from `url`; None when the download must start anew.

        That is so when nothing has arrived, the note is missing or garbled, speaks of another address
        or gives the server nothing to recognise the version by, or when more has arrived than there is.
        """
        try:
            version = Version.model_validate_json(self.note.read_bytes())
        except (FileNotFoundError, ValidationError):
            return None
        too_large = version.size is not None and self.size > version.size
        usable = self.size > 0 and version.url == url and version.validator is not None and not too_large
        return version if usable else None

    def begin(self, version: Version) -> None:
        """Drop what has arrived, and note that bytes of `version` follow."""
        self.discard()
        write_whole(self.note, version.model_dump_json(indent=2).encode())

    def discard(self) -> None:
        """Remove the bytes and the note; the bytes first, so that they never stand under a wrong note."""
        self.path.unlink(missing_ok=True)
        self.note.unlink(missing_ok=True)

    def install(self) -> None:
        """Rename the bytes, already on the disk, to the target in one step."""
        self.path.replace(self.target)
        self.note.unlink(missing_ok=True)
        _sync_folder(self.target.parent)


def home_of(folder: Path, source: str) -> Path:
    """Return the folder of `source` below the data folder.

    Raises FetchError when the name is not that of a plain folder.
    """
    if len(PureWindowsPath(source).parts) != 1 or not _stays_inside(source):
        raise FetchError(f"{source!r} cannot name a folder", accepted="a plain name without slashes")
    return folder / source


def place_of(home: Path, file: str) -> Path:
    """Return the path of `file` in the source folder `home`.

    Raises FetchError when the name leads out of the folder, also by a link, or collides with the
    files that are kept there for bookkeeping.

    >>> place_of(Path("data/rpw"), "2020/prices.csv").as_posix()
    'data/rpw/2020/prices.csv'
    >>> place_of(Path("data/rpw"), "../prices.csv")
    Traceback (most recent call last):
    ...
    sojourn.errors.FetchError: The file name '../prices.csv' is refused
      where:    data/rpw
      accepted: a relative name that stays inside this folder and is not one of its own
        (fetched.json, .lock, *.part)
    """
    reserved = file in (LEDGER, LOCK) or file.endswith(_OWN_ENDINGS)
    inside = _stays_inside(file) and (home / file).parent.resolve().is_relative_to(home.resolve())
    if reserved or not inside:
        raise FetchError(
            f"The file name {file!r} is refused",
            where=home,
            accepted="a relative name that stays inside this folder and is not one of its own "
            f"({LEDGER}, {LOCK}, *.part)",
        )
    return home / file


def _stays_inside(name: str) -> bool:
    # Windows' rules are the stricter ones: both slashes separate, and a drive letter is absolute.
    path = PureWindowsPath(name)
    return bool(path.parts) and not path.anchor and ".." not in path.parts and name.isprintable()


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of the bytes of `path`, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` to `path` so that a reader sees the old bytes or the new ones, never half of them."""
    new = path.with_name(path.name + ".new")
    with new.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    new.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":  # elsewhere a folder cannot be opened, and renames are durable by themselves
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
