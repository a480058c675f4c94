"""Pictures of a series. They come from `present`; where its parts are not installed, the table stands alone.

A picture has an address of its own, so that the page does not wait for it, a browser takes the one that fits
its light or dark mode, and anyone can embed it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import polars as pl

from sojourn import areas
from sojourn.web import words
from sojourn.web.languages import plain

if TYPE_CHECKING:
    from sojourn.present.charts import Chart

MEDIA = {"svg": "image/svg+xml", "png": "image/png"}
THEMES = ("light", "dark", "print")
SIZES = {"wide": (900, 340), "narrow": (460, 300)}
"""Width and height in pixels: for a page, and for a phone, where letters would shrink with the picture."""


@cache
def available() -> bool:
    """Tell whether pictures can be drawn here."""
    return all(find_spec(name) is not None for name in ("altair", "vl_convert"))


def drawn(ending: str, *arguments: Any) -> bytes:
    """Draw a trend as a file: `ending` is of `MEDIA`, the rest is what `trend` is called with."""
    chart = trend(*arguments)
    return chart.svg().encode() if ending == "svg" else chart.png()


def trend(
    rows: pl.DataFrame, meaning: Mapping[str, Any], language: str, theme: str, size: str, of: tuple[str, date]
) -> Chart:
    """Draw numbers over time with what is not certain about them, and the target.

    Args:
        rows: observations of one series and breakdown.
        meaning: what the series means.
        language: one of six.
        theme: light, dark or print.
        size: of `SIZES`.
        of: name and day (`as_of`) of the release that the rows are of.
    """
    from sojourn.present.charts import About, Target
    from sojourn.present.charts import trend as draw

    target = None
    if meaning["target"] is not None:
        target = Target(meaning["target"], str(meaning["target_year"] or ""))
    unit = words.UNITS.get(meaning["unit"], meaning["unit"])
    about = About(
        title=meaning["name"],
        unit=plain(language, unit),
        source=plain(language, "Release {name}, as of {date}.", name=of[0], date=of[1]),
        better=meaning["better"],
        target=target,
    )
    width, height = SIZES[size]
    return draw(named(rows, language), about, language=language, theme=theme, width=width, height=height)


def named(rows: pl.DataFrame, language: str) -> pl.DataFrame:
    """Join the names that a picture writes."""
    names = {one: areas.name(one, language) for one in _codes(rows)}
    told = pl.col("area").replace_strict(names, default="", return_dtype=pl.String)
    other = pl.col("counterpart").replace_strict(names, default="", return_dtype=pl.String)
    return rows.with_columns(told.alias("area_name"), other.alias("counterpart_name"))


def _codes(rows: pl.DataFrame) -> Sequence[str]:
    return sorted({*rows["area"], *rows["counterpart"]} - {""})
