"""Files of a release as they are handed out: known to be, byte for byte, what was published.

Pages read memory, whose numbers were checked when they were loaded; a file that is downloaded comes from the disk,
where somebody may have changed it since. So it is hashed before it goes out: once for each state of the file on the
disk, because hashing it for each download would read everything twice.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterable, Iterator
from io import BufferedReader
from pathlib import Path

from sojourn.errors import IntegrityError
from sojourn.release.manifest import Output

PIECE = 256 * 1024
"""Bytes that go out at once."""

ADVICE = (
    "Pages go on from memory. Put the folder of the release back from a copy; 'sojourn verify' checks it."
)

State = tuple[int, ...]


class Seals:
    """Remembers the hash of each file by the state that it had on the disk; nothing is kept open."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[State, str]] = {}
        self._hashing = threading.Lock()

    def open(self, folder: Path, published: Output) -> BufferedReader:
        """Open a file of a release, once it is known to be as published.

        Args:
            folder: the release's.
            published: name and SHA-256 of the file, from the manifest.

        Raises:
            IntegrityError: it is gone, or differs from what was published.
        """
        path = folder / published.file
        try:
            stream = path.open("rb")
            try:
                found = self._hash(path, stream)
                if found != published.sha256:
                    raise IntegrityError(f"{published.file} differs from what was published", advice=ADVICE)
            except BaseException:
                stream.close()
                raise
        except OSError as error:
            raise IntegrityError(f"{published.file} cannot be read from the disk", advice=ADVICE) from error
        return stream

    def faults(self, folder: Path, published: Iterable[Output]) -> list[str]:
        """List what is wrong with the files of a release now; those that have not changed are not read again."""
        found = []
        for one in published:
            try:
                self.open(folder, one).close()
            except IntegrityError as error:
                found.append(error.what)
        return found

    def _hash(self, path: Path, stream: BufferedReader) -> str:
        """Give the hash of an open file; of two who ask at once for a new state one reads it."""
        state = state_of(stream)
        known = self._known.get(path)
        if known is None or known[0] != state:
            with self._hashing:
                known = self._known.get(path)
                if known is None or known[0] != state:
                    known = state, hashlib.file_digest(stream, "sha256").hexdigest()
                    self._known[path] = known
                    stream.seek(0)
        return known[1]


def state_of(stream: BufferedReader) -> State:
    """Tell one state of an open file from another without reading it.

    The time at which its entry changed is part of it: that of its content can be set back by whoever changes it.
    """
    now = os.fstat(stream.fileno())
    return now.st_dev, now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns


class Pieces:
    """A file piece by piece; it is closed at its end, or by whoever reads no further, or not at all."""

    def __init__(self, stream: BufferedReader) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        """Give the pieces.

        Raises:
            IntegrityError: the file was changed while it was read. The last piece is kept back, so that a reader who
                was told its length sees that it broke off.
        """
        with self._stream as stream:
            before = state_of(stream)
            ready = stream.read(PIECE)
            while ready:
                piece, ready = ready, stream.read(PIECE)
                if not ready and state_of(stream) != before:
                    raise IntegrityError("The file was changed while it was read", advice=ADVICE)
                yield piece

    def close(self) -> None:
        """Close the file."""
        self._stream.close()
