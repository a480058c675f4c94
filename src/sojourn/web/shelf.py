"""What was made once for all processes of a site: on disk, a file each, gone with the release that it was made from.

The processes of a site have no memory in common. A page that one of them made, or that was made ahead while nobody
asked, lies here for all; without a folder nothing is kept, and every process makes its own.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from shutil import rmtree
from urllib.parse import quote

MOST = 512 * 1024 * 1024
"""Bytes of one release that one process adds: its pages in six languages, and half of its pictures, take a third."""


class Shelf:
    """Files by release and key.

    Args:
        folder: where they lie, this user's alone; None: nothing is kept.
        most: bytes of one release that this process adds.

    >>> Shelf(None).get("0001", "a") is None
    True
    """

    def __init__(self, folder: Path | None, most: int = MOST) -> None:
        self._folder, self._most = folder, most
        self._added: dict[str, int] = {}
        self._adding = threading.Lock()

    @property
    def there(self) -> bool:
        """Whether anything is kept."""
        return self._folder is not None

    def get(self, release: str, key: str) -> bytes | None:
        """Give what was made; None where nobody made it yet."""
        if self._folder is None:
            return None
        try:
            return self._place(release, key).read_bytes()
        except OSError:
            return None

    def has(self, release: str, key: str) -> bool:
        """Tell whether something was made."""
        return self._folder is not None and self._place(release, key).is_file()

    def put(self, release: str, key: str, content: bytes) -> None:
        """Keep what was made, in one step; a disk that is full or gone harms nobody, it is made again."""
        if self._folder is None:
            return
        with self._adding:
            size = self._added.get(release, 0) + len(content)
            if size > self._most:
                return
            self._added[release] = size
        place = self._place(release, key)
        aside = place.with_name(f"{place.name}.{os.getpid()}.{threading.get_ident()}")
        try:
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            aside.write_bytes(content)
            aside.replace(place)
        except OSError:
            with suppress(OSError):
                aside.unlink()

    def keep_only(self, releases: Collection[str]) -> None:
        """Forget what was made from other releases."""
        if self._folder is None:
            return
        kept = {_written(one) for one in releases}
        for place in self._folder.glob("*"):
            if place.name not in kept:
                rmtree(place, ignore_errors=True)
        with self._adding:
            self._added = {one: size for one, size in self._added.items() if one in releases}

    def _place(self, release: str, key: str) -> Path:
        assert self._folder is not None
        return self._folder / _written(release) / key


def _written(release: str) -> str:
    """Write a release as the name of a folder that lies in no other."""
    return f"of-{quote(release, safe='')}"
