"""How long an answer may be in the making; whoever asks for more is told what to narrow.

Work on many rows is done in batches, and between two of them somebody looks at the clock: a table in memory cannot be
interrupted, and a batch takes a fraction of a second. What is streamed has no such limit once it has begun, because
then the reader's line decides how long it takes.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from sojourn.web.faults import SlowError
from sojourn.web.said import say

Check = Callable[[], None]
"""Raises `SlowError` where the time is over."""


def endless() -> None:
    """Let whoever asks go on for as long as it takes."""


class Deadline:
    """The moment by which an answer has to be ready.

    Args:
        seconds: from now.
        now: the clock.

    >>> Deadline(20).check()
    """

    def __init__(self, seconds: float, *, now: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._now, self._end = seconds, now, now() + seconds

    def check(self) -> None:
        """Go on, if there is time.

        Raises:
            SlowError: there is none left.
        """
        if self._now() > self._end:
            raise SlowError(
                say("The answer was not ready within {seconds} seconds", seconds=f"{self._seconds:g}"),
                advice=say(
                    "Ask for less: fewer series, areas or years. Whole releases are at /api/v1/releases."
                ),
            )
