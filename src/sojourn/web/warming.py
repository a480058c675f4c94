"""Asks the site for a few of its own pages before anyone else does.

Names of areas in six languages, templates and facts are loaded on first use; fifty readers who come at once
would all wait for that, and for one another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.util import setup_testing_defaults

from django.conf import settings

from sojourn.web.languages import NAMES

PATHS = (
    "",
    "goals",
    "indicators",
    "areas",
    "areas/001",
    "areas/MEX",
    "series/SJ_MIGRANT_STOCK",
    "search",
    "data",
)

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def warm(application: Application) -> None:
    """Ask for the pages of `PATHS` in every language; what they answer is nobody's concern."""
    for language in NAMES:
        for path in PATHS:
            ask(application, f"/{language}/{path}")


def ask(application: Application, path: str) -> None:
    """Ask for one page, as a reader of this machine would."""
    environ: dict[str, Any] = {"PATH_INFO": path, "HTTP_HOST": (settings.ALLOWED_HOSTS or ["localhost"])[0]}
    setup_testing_defaults(environ)
    answer = application(environ, lambda *_: None)
    for _ in answer:
        pass
    close = getattr(answer, "close", None)
    if close is not None:
        close()
