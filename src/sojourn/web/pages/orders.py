"""Orders for pictures: read from an address, handed to the process that draws, answered as a file.

A picture has an address of its own, so that the page does not wait for it, a browser takes the one that fits
its light or dark mode, and anyone can embed it. Each is a specification, from which come SVG, PNG and the live
chart.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from sojourn.errors import NotFoundError, SojournError
from sojourn.web import state
from sojourn.web.hosts import site_of
from sojourn.web.said import say

if TYPE_CHECKING:
    from sojourn.present.charts import Chart, Shapes

MEDIA = {"svg": "image/svg+xml", "png": "image/png", "json": "application/json"}
"""Media type by ending; JSON is the Vega-Lite specification."""

THEMES = ("light", "dark", "print")
SIZES = {"wide": (900, 340), "narrow": (400, 280)}
"""Width and height in pixels: for a page, and for a phone, where letters would shrink with the picture."""

ASKED = ("theme", "width", "shapes")
"""What an address may ask of how a picture is drawn; `shapes=no` leaves them to a page that has them already."""


@dataclass(frozen=True)
class Order:
    """How a picture is to be drawn, and of what release; handed to the process that draws.

    Attributes:
        meaning: what the series means.
        language: one of six.
        theme: of `THEMES`.
        size: of `SIZES`.
        release, as_of: name and day of the release that the rows are of.
        shapes: folder with the shapes of countries.
        bare: leave the shapes out of the specification.
        address: of the page that shows the same numbers, of this release.
    """

    meaning: Mapping[str, Any]
    language: str
    theme: str
    size: str
    release: str
    as_of: date
    shapes: str
    bare: bool = False
    address: str = ""

    @property
    def width(self) -> int:
        """Pixels from side to side."""
        return SIZES[self.size][0]


@cache
def available() -> bool:
    """Tell whether pictures can be drawn here."""
    return all(find_spec(name) is not None for name in ("altair", "vl_convert"))


def maps() -> bool:
    """Tell whether maps can be drawn here: the shapes of countries were fetched."""
    places = ("world/110m.json", "package/world/110m.json", "110m.json")
    return available() and any((Path(settings.SOJOURN_SHAPES) / one).is_file() for one in places)


def order(request: HttpRequest, language: str, meaning: Mapping[str, Any]) -> Order:
    """Read from an address how a picture is to be drawn.

    Raises:
        NotFoundError: there is no such picture, or nothing to draw with.
    """
    theme, width = request.GET.get("theme") or THEMES[0], request.GET.get("width") or "wide"
    if theme not in THEMES or width not in SIZES:
        raise NotFoundError(
            say("There is no such picture"), accepted=f"theme {', '.join(THEMES)}; width {', '.join(SIZES)}"
        )
    if not available():
        raise NotFoundError(say("Pictures cannot be drawn here"), advice=say("The table is on the page."))
    holding = request.holding
    folder = str(Path(settings.SOJOURN_SHAPES).resolve())
    bare = request.GET.get("shapes") == "no"
    return Order(
        meaning=meaning,
        language=language,
        theme=theme,
        size=width,
        release=holding.name,
        as_of=holding.release.manifest.as_of,
        shapes=folder,
        bare=bare,
        address=_address(request),
    )


def _address(request: HttpRequest) -> str:
    """Give the address of the page that a picture belongs to: what the picture shows, of the release that it shows."""
    asked = request.GET.copy()
    for name in ASKED:
        asked.pop(name, None)
    asked["release"] = request.holding.name
    return f"{site_of(request)}{request.path.rpartition('/')[0]}?{asked.urlencode()}"


def painted(
    ending: str, draw: Callable[..., Chart], rows: pl.DataFrame, order: Order, **more: Any
) -> HttpResponse:
    """Answer with a picture, or with its specification; it may stand in any page.

    Args:
        ending: of `MEDIA`.
        draw: a function of `pictures`.
        rows, order, more: what it is called with.

    Raises:
        NotFoundError: a picture has no such ending.
    """
    if ending not in MEDIA:
        raise NotFoundError(say("There is no such picture"), accepted=", ".join(MEDIA))
    content = state.painter.paint(drawn, ending, draw, rows, order, more)
    response = HttpResponse(content, content_type=MEDIA[ending])
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def drawn(
    ending: str, draw: Callable[..., Chart], rows: pl.DataFrame, order: Order, more: Mapping[str, Any]
) -> bytes:
    """Draw a picture as a file, in whatever process this is called."""
    from altair.utils.schemapi import debug_mode

    # Altair checks each part of a specification against its schema, which the tests of the charts see to.
    with debug_mode(False):
        chart = draw(rows, order, **more)
    if ending == "png":
        return chart.png()
    if ending == "svg":
        return chart.svg().encode()
    return _bare(chart.specification).encode() if order.bare else chart.specification.encode()


def _bare(specification: str) -> str:
    """Take the shapes out of a specification."""
    found = json.loads(specification)
    found["datasets"].pop("world", None)
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def shapes(order: Order) -> Shapes | None:
    """Give the shapes of countries; None where they were not fetched, and the site goes without maps."""
    from sojourn.present.charts import shapes as read

    try:
        return read(order.shapes)
    except SojournError:
        return None
