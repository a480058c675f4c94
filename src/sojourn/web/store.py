"""Which release the site shows: the newest sound one, changed in one step, and never taken away.

A request asks once for the current holding and reads from that alone. A newer release is checked against its
checksums and loaded aside, by one thread, while readers go on with the old one; then one assignment puts it in
its place. A folder that is missing, half-copied, damaged or still under embargo changes nothing.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sojourn.errors import EmbargoError, IntegrityError, NotFoundError, Place, ReleaseError, SojournError
from sojourn.release import folder, verify
from sojourn.release.gate import open_release
from sojourn.web.holding import Holding, load
from sojourn.web.said import offer, quoted, say

EVERY = 2.0
"""Seconds after which the folder is looked at again."""

_log = logging.getLogger("sojourn.web")


def _clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A release that was not taken, and why."""

    name: str
    why: str


class Store:
    """The releases of a folder, as the site sees them.

    Args:
        root: folder of releases, or one release folder.
        pinned: a release's name: show this one, whatever is published later.
        now: the clock by which embargoes are judged.
        every: seconds between two looks at the folder.

    Attributes:
        prepare: called with a newer release before it is put in place, so that its first readers do not wait.
    """

    def __init__(
        self,
        root: Path,
        pinned: str | None = None,
        *,
        now: Callable[[], datetime] = _clock,
        every: float = EVERY,
    ) -> None:
        self._root, self._pinned, self._now, self._every = root, pinned, now, every
        self._current: Holding | None = None
        self._older: Holding | None = None
        self._refusals: dict[str, tuple[object, Refusal]] = {}
        self._looked = float("-inf")
        self._loading = threading.Lock()
        self._loading_older = threading.Lock()
        self.prepare: Callable[[Holding], None] = lambda _: None

    def current(self) -> Holding:
        """Give the holding that a request is to read from.

        Raises:
            ReleaseError: no release could be opened yet.
        """
        if self._current is None:
            self.refresh()
        elif time.monotonic() - self._looked > self._every:
            self._looked = time.monotonic()
            threading.Thread(target=self.refresh, name="sojourn-refresh", daemon=True).start()
        if self._current is None:
            raise ReleaseError(
                say("There is no release here that can be shown"),
                where=Place(self._root.name),
                advice="; ".join(f"{one.name}: {one.why}" for one in self.refusals)
                or say("Make one with 'sojourn build'; this page answers as soon as it is there."),
            )
        return self._current

    def refresh(self) -> None:
        """Look for the newest sound release, load it and put it in place; one thread at a time."""
        with self._loading:
            self._looked = time.monotonic()
            candidates = self._candidates()
            self._forget(candidates)
            for path in candidates:
                if self._current is not None and path == self._current.release.path:
                    return
                taken = self._try(path)
                if taken is not None:
                    # Where nothing is shown yet, a page that was not prepared is better than none.
                    self._current = self._current or taken
                    self.prepare(taken)
                    # Pages of the one before are still open, and ask for their pictures.
                    self._older = self._current if self._current is not taken else self._older
                    self._current = taken
                    _log.info("showing release %s", taken.name)
                    return

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """Releases that were not taken, newest first."""
        return tuple(refusal for _, refusal in reversed(self._refusals.values()))

    def names(self) -> list[str]:
        """List the releases that may be read, newest first, without loading them."""
        found = []
        for path in reversed(self._folders()):
            try:
                found.append(open_release(path, now=self._now()).name)
            except (SojournError, OSError):
                continue
        current = self._current
        return found if current is None or current.name in found else [current.name, *found]

    def named(self, name: str) -> Holding:
        """Give a certain release; the one shown before, or the last older one asked for, stays in memory.

        Another process may show a newer one already, whose pages ask this one for their pictures.

        Raises:
            NotFoundError: no release that may be read has this name.
            IntegrityError: it is damaged.
        """
        current = self.current()
        if name == current.name:
            return current
        by_name = {one.name: one for one in self._folders()}
        if self._pinned is None and name == next(reversed(by_name), None):
            self.refresh()
            if (newest := self.current()).name == name:
                return newest
        readable = self.names()
        # An embargoed release is not told apart from one that does not exist.
        if name not in by_name or name not in readable:
            raise NotFoundError(
                say("No release is called {name}", name=quoted(name)), accepted=offer(readable, "?release={}")
            )
        with self._loading_older:
            if self._older is None or self._older.name != name:
                self._older = self._checked(by_name[name])
            return self._older

    def _folders(self) -> list[Path]:
        try:
            return [self._root] if folder.is_release(self._root) else folder.releases(self._root)
        except OSError:
            return []

    def _candidates(self) -> list[Path]:
        found = list(reversed(self._folders()))
        if self._pinned is None:
            return found
        return [one for one in found if one.name.startswith(self._pinned)]

    def _forget(self, candidates: list[Path]) -> None:
        """Forget why a release was refused once its folder is gone or has changed: it may be another by now."""
        states = {one.name: _state(one) for one in candidates if one.name in self._refusals}
        self._refusals = {
            name: refused
            for name, refused in self._refusals.items()
            if name in states and refused[0] in (None, states[name])
        }

    def _try(self, path: Path) -> Holding | None:
        """Load a release, or remember why not; what has not changed since is not tried again."""
        state = _state(path)
        before = self._refusals.get(path.name)
        if before is not None and before[0] == state:
            return None
        try:
            taken = self._checked(path)
        except SojournError as error:
            if not folder.is_release(path):
                _log.warning("release %s went away while it was checked", path.name)
                return None
            # An embargo ends by itself, without a change of the folder.
            remembered = None if isinstance(error, EmbargoError) else state
            self._refusals[path.name] = (remembered, Refusal(path.name, error.what))
            _log.warning("release %s is not shown: %s", path.name, error.what)
            return None
        self._refusals.pop(path.name, None)
        return taken

    def _checked(self, path: Path) -> Holding:
        """Open, verify and load a release.

        Raises:
            SojournError: it is damaged, under embargo, or gone.
        """
        try:
            opened = open_release(path, now=self._now())
            verdict = verify(path)
            if not verdict.sound:
                raise IntegrityError("; ".join(verdict.faults[:3]), where=Place(path.name))
            return load(opened)
        except SojournError:
            raise
        except OSError as error:
            raise IntegrityError(
                f"The release cannot be read from the disk ({error.strerror or error})"
            ) from error
        except Exception as error:
            # Checksums can agree with files that another program wrote: whatever is wrong with a newer release,
            # readers keep the one that they have.
            _log.warning("release %s cannot be read", path.name, exc_info=error)
            raise IntegrityError("The release cannot be read", where=Place(path.name)) from error


def _state(path: Path) -> object:
    """Tell one state of a folder from another without reading its files."""
    try:
        return tuple(sorted((one.name, one.stat().st_size, one.stat().st_mtime_ns) for one in path.iterdir()))
    except OSError:
        return None
