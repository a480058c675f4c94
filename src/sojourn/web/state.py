"""What this process holds for all requests: the store, opened from the settings on first use, painter and seals."""

from __future__ import annotations

import threading
from pathlib import Path

from django.conf import settings

from sojourn import project
from sojourn.web.painter import Painter
from sojourn.web.sealed import Seals
from sojourn.web.store import Store

_opened: dict[str, Store] = {}
_opening = threading.Lock()

painter = Painter()
"""The process that draws this process' pictures; it starts with the first of them."""

seals = Seals()
"""What this process knows of the files that it hands out."""


def store() -> Store:
    """Give the store of the folder that the settings name."""
    root = settings.SOJOURN_RELEASES or str(project.load().releases)
    key = f"{root}\0{settings.SOJOURN_RELEASE}"
    with _opening:
        if key not in _opened:
            # One folder a process; a test that names another is handed that one.
            _opened.clear()
            _opened[key] = Store(Path(root), settings.SOJOURN_RELEASE)
        return _opened[key]
