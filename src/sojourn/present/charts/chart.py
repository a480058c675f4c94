"""A chart: one specification, drawn as SVG or PNG on the server, live in a page, and in a notebook."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt
import polars as pl
import vl_convert

from sojourn.present.charts.lettering import drawn
from sojourn.present.charts.png import with_texts
from sojourn.present.charts.svg import normalised

VEGA_LITE = ".".join(alt.SCHEMA_VERSION.removeprefix("v").split(".")[:2])
"""Version of the specification language, as Altair writes and vl-convert reads it."""


@dataclass(frozen=True, slots=True, eq=False)
class Chart:
    """A picture of observations and what it says.

    Attributes:
        kind: trend, ranking, distribution, matrix or choropleth.
        title: its name.
        alt: what it shows, in words, in the language.
        language, theme: how it was drawn.
        specification: Vega-Lite, as JSON text; `spec` gives it as a dict of its own.
        shown: the rows behind the picture, as text, with headings in the language.
    """

    kind: str
    title: str
    alt: str
    language: str
    theme: str
    specification: str
    shown: pl.DataFrame

    @property
    def spec(self) -> dict[str, Any]:
        """The Vega-Lite specification, a copy that may be changed."""
        found: dict[str, Any] = json.loads(self.specification)
        return found

    def svg(self) -> str:
        """Draw as SVG: the same bytes for the same rows, in any process."""
        svg = drawn(self.specification, VEGA_LITE)
        return normalised(svg, self.alt, self.title, self.language)

    def png(self, scale: float = 2.0) -> bytes:
        """Draw as PNG, `scale` device pixels to each pixel of the chart, with title, source and address in the file."""
        drawn = bytes(vl_convert.svg_to_png(self.svg(), scale=scale))
        return with_texts(drawn, self.spec["usermeta"]["about"] | {"Description": self.alt})

    def html(self) -> str:
        """The picture as a piece of a page: figure, picture, and nothing that needs a script."""
        return f'<figure class="chart chart-{self.kind}" dir="ltr">{self.svg()}</figure>'

    def table(self) -> list[dict[str, str]]:
        """The rows as shown, one dict each, headings in the language of the chart."""
        return self.shown.to_dicts()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Mapping[str, Any]:
        """Show in a notebook: live where Vega-Lite is known, as a picture elsewhere."""
        mime = f"application/vnd.vegalite.v{VEGA_LITE.split('.', maxsplit=1)[0]}+json"
        return {mime: self.spec, "image/svg+xml": self.svg(), "text/plain": f"{self.title}. {self.alt}"}


def specified(chart: Mapping[str, Any]) -> str:
    """Write a specification as JSON, keys sorted, so that equal charts are equal texts."""
    return json.dumps(chart, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
