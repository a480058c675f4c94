"""Asks the site for some of its own pages before anyone else does, of each release before it is shown.

Names of areas in six languages, templates, facts and the parts that draw are loaded on first use; fifty readers
who come at once would all wait for that, and for one another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from wsgiref.util import setup_testing_defaults

from django.conf import settings

from sojourn.web import live
from sojourn.web.holding import Holding
from sojourn.web.languages import NAMES
from sojourn.web.middleware import HANDED

PATHS = (
    "",
    "goals",
    "indicators",
    "areas",
    "areas/001",
    "areas/MEX",
    "series/SJ_MIGRANT_STOCK",
    "corridors",
    "corridors/MEX/USA",
    "search?q=migrant",
    "data",
    "data/differences",
    "data/api",
    "targets/10.c",
    "indicators/10.c.1",
    "methods/SJ_MIGRANT_STOCK",
)
ONCE = (
    "/en/series/SJ_MIGRANT_STOCK/trend.svg",
    "/api/v1/indicators",
    "/api/v1/series",
    "/api/v1/series/SJ_MIGRANT_STOCK",
    "/api/v1/areas",
    "/api/v1/areas/MEX",
    "/api/v1/corridors",
    "/api/v1/corridors/USA/MEX",
    "/api/v1/observations?area=MEX",
    "/api/v1/openapi.json",
)
"""Addresses that speak no language, and one picture, with which the process that draws them starts."""

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def warm(application: Application, holding: Holding) -> None:
    """Ask for the pages of `PATHS` in every language, and for `ONCE`; what they answer is nobody's concern."""
    addresses = [f"/{language}/{path}" for language in NAMES for path in PATHS]
    for address in (*addresses, *ONCE, *filter(None, (live.address(),))):
        ask(application, holding, address)


def ask(application: Application, holding: Holding, address: str, host: str = "", **marks: object) -> bytes:
    """Ask for one page of a release, as a browser would that came through a name of the site.

    Args:
        application: that answers.
        holding: the release.
        address: of the page.
        host: the name; empty: the first of the site.
        marks: what is told to the application beside, by names that no reader can send.

    Returns:
        The answer as a browser gets it, packed.
    """
    path, _, query = address.partition("?")
    environ: dict[str, Any] = {
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_HOST": host or (settings.ALLOWED_HOSTS or ["localhost"])[0],
        "HTTP_ACCEPT_ENCODING": "gzip",
        **(marks or {HANDED: holding}),
    }
    setup_testing_defaults(environ)
    answer = application(environ, lambda *_: None)
    body = b"".join(answer)
    close = getattr(answer, "close", None)
    if close is not None:
        close()
    return body
