"""What this process holds for all requests: store, shelf, painter and seals, and what it does while nobody asks."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from sojourn import project
from sojourn.web.idle import Watch
from sojourn.web.painter import Painter
from sojourn.web.sealed import Seals
from sojourn.web.shelf import Shelf
from sojourn.web.store import Store

_opened: dict[str, Store] = {}
_opening = threading.Lock()

painter = Painter()
"""The process that draws this process' pictures; it starts with the first of them."""

seals = Seals()
"""What this process knows of the files that it hands out."""


@dataclass
class Progress:
    """How many pages a process has been through that are made before anybody asks, of how many; 0 before it began."""

    made: int = 0
    of: int = 0


ahead = Progress()
"""What this process does while nobody asks."""

watch = Watch()
"""Knows whether this process has readers just now."""


@cache
def shelf() -> Shelf:
    """Give the shelf that the processes of the site share, where the settings name a folder for it."""
    return Shelf(Path(settings.SOJOURN_MADE) if settings.SOJOURN_MADE else None)


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
