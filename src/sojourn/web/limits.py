"""How many requests one address may send: a bucket that fills evenly, kept in memory."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable


class Bucket:
    """Tokens of many addresses.

    Args:
        a_minute: tokens an address gets in a minute, and the most it can save up.
        now: the clock, in seconds.
        most: addresses kept in mind; the one not seen for longest is forgotten first.

    >>> bucket = Bucket(2, now=lambda: 0.0)
    >>> [bucket.take("203.0.113.5") for _ in range(3)]
    [0.0, 0.0, 30.0]
    """

    def __init__(
        self, a_minute: int, *, now: Callable[[], float] = time.monotonic, most: int = 10_000
    ) -> None:
        self._a_minute, self._now, self._most = a_minute, now, most
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, address: str) -> float:
        """Take one token; give the seconds to wait, 0 where there was one."""
        moment, rate = self._now(), self._a_minute / 60
        with self._lock:
            left, since = self._left.pop(address, (float(self._a_minute), moment))
            left = min(float(self._a_minute), left + (moment - since) * rate)
            wait = 0.0 if left >= 1 else (1 - left) / rate
            self._left[address] = (left - 1 if wait == 0 else left, moment)
            while len(self._left) > self._most:
                self._left.popitem(last=False)
        return wait
