"""Parts of pages that many readers share, made once for each release: a ranking is the same whoever is compared."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar

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
