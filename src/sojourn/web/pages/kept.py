"""Parts of pages that many readers share, made once for each release: a ranking is the same whoever is compared."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sojourn.release.identity import code_version
from sojourn.web import state

_Part = TypeVar("_Part")


class Kept:
    """The parts asked for last.

    Args:
        most: parts kept; the one not asked for longest is forgotten first.

    >>> kept = Kept(1)
    >>> [kept.get("a", lambda: 1), kept.get("a", lambda: 2), kept.get("b", lambda: 3), kept.get("a", lambda: 4)]
    [1, 1, 3, 4]
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._parts: OrderedDict[Hashable, object] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], _Part]) -> _Part:
        """Give a part, made now where it is not kept; two who ask at once may both make it."""
        with self._lock:
            if key in self._parts:
                self._parts.move_to_end(key)
                return self._parts[key]  # type: ignore[return-value]
        made = make()
        with self._lock:
            self._parts[key] = made
            while len(self._parts) > self._most:
                self._parts.popitem(last=False)
        return made


def shared(release: str, asked: Hashable, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Give a part that the processes of the site share, as JSON keeps it: markup comes back as text.

    Args:
        release: its name.
        asked: all that the part hangs on.
        make: makes it where nobody has.
    """
    key = hashlib.sha256(f"{code_version()}\0{asked!r}".encode()).hexdigest()[:32]
    if (content := state.shelf().get(release, key)) is not None:
        found: dict[str, Any] = json.loads(content)
        return found
    made = make()
    state.shelf().put(release, key, json.dumps(made).encode())
    return made
