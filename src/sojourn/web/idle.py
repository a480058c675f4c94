"""Whether a process has readers just now, and by what name they come: for what is done while nobody asks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

QUIET = 0.5
"""Seconds without a reader after which a process counts as idle."""


class Watch:
    """Counts the readers of a process.

    Attributes:
        came_by: scheme and host by which the last reader came whom the site answered; empty until one has come.

    >>> watch = Watch()
    >>> watch.idle(), watch.came_by
    (True, ('', ''))
    """

    def __init__(self) -> None:
        self.came_by = "", ""
        self._readers = 0
        self._last = float("-inf")
        self._counting = threading.Lock()

    def idle(self, quiet: float = QUIET) -> bool:
        """Tell whether nobody is being answered, and nobody was for so many seconds."""
        return not self._readers and time.monotonic() - self._last >= quiet

    def watched(self, application: Application) -> Application:
        """Count those who ask an application; who looks after its health is no reader."""

        def answered(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            if environ.get("PATH_INFO") == "/health":
                return application(environ, start_response)
            with self._counting:
                self._readers += 1

            def started(status: str, *rest: Any) -> Any:
                # A name that is not the site's is refused, and nothing is made for it.
                if status.startswith("200"):
                    self.came_by = environ["wsgi.url_scheme"], environ.get("HTTP_HOST", "")
                return start_response(status, *rest)

            try:
                return application(environ, started)
            finally:
                with self._counting:
                    self._readers -= 1
                    self._last = time.monotonic()

        return answered
