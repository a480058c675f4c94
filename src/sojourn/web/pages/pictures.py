"""Pictures of numbers. They come from `present`; where its parts are not installed, the table stands alone.

A picture has an address of its own, so that the page does not wait for it, a browser takes the one that fits
its light or dark mode, and anyone can embed it. Each is a specification, from which come SVG, PNG and the live
chart; each says under itself of which sources and which release it is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from sojourn import areas
from sojourn.discovery import packaged_sources, sources
from sojourn.errors import NotFoundError, SojournError
from sojourn.web import state, words
from sojourn.web.languages import plain

if TYPE_CHECKING:
    from sojourn.present.charts import About, Chart, Projection, Shapes

MEDIA = {"svg": "image/svg+xml", "png": "image/png", "json": "application/json"}
"""Media type by ending; JSON is the Vega-Lite specification."""

THEMES = ("light", "dark", "print")
SIZES = {"wide": (900, 340), "narrow": (460, 300)}
"""Width and height in pixels: for a page, and for a phone, where letters would shrink with the picture."""

ASKED = ("theme", "width")
"""What an address may ask of how a picture is drawn, beside what is drawn."""

_NAMED_SOURCES = 3


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
    """

    meaning: Mapping[str, Any]
    language: str
    theme: str
    size: str
    release: str
    as_of: date
    shapes: str

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
            "There is no such picture", accepted=f"theme {', '.join(THEMES)}; width {', '.join(SIZES)}"
        )
    if not available():
        raise NotFoundError("Pictures cannot be drawn here", advice="The table is on the page.")
    holding = request.holding
    folder = str(Path(settings.SOJOURN_SHAPES).resolve())
    return Order(meaning, language, theme, width, holding.name, holding.release.manifest.as_of, folder)


def painted(
    ending: str, draw: Callable[..., Chart], rows: pl.DataFrame, order: Order, **more: Any
) -> HttpResponse:
    """Answer with a picture, or with its specification; it may stand in any page.

    Args:
        ending: of `MEDIA`.
        draw: one of the functions here.
        rows, order, more: what it is called with.

    Raises:
        NotFoundError: a picture has no such ending.
    """
    if ending not in MEDIA:
        raise NotFoundError("There is no such picture", accepted=", ".join(MEDIA))
    content = state.painter.paint(drawn, ending, draw, rows, order, more)
    response = HttpResponse(content, content_type=MEDIA[ending])
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def drawn(
    ending: str, draw: Callable[..., Chart], rows: pl.DataFrame, order: Order, more: Mapping[str, Any]
) -> bytes:
    """Draw a picture as a file, in whatever process this is called."""
    chart = draw(rows, order, **more)
    if ending == "png":
        return chart.png()
    return (chart.svg() if ending == "svg" else chart.specification).encode()


def shapes(order: Order) -> Shapes | None:
    """Give the shapes of countries; None where they were not fetched, and the site goes without maps."""
    from sojourn.present.charts import shapes as read

    try:
        return read(order.shapes)
    except SojournError:
        return None


def about(rows: pl.DataFrame, order: Order, subtitle: str = "") -> About:
    """Say what a picture of these rows is about: title, unit, target, and where the numbers come from.

    Args:
        rows: what is drawn; its sources are named under the picture.
        order: how.
        subtitle: of whom and when.
    """
    from sojourn.present.charts import About, Target

    meaning = order.meaning
    target = None
    if meaning["target"] is not None:
        target = Target(meaning["target"], str(meaning["target_year"] or ""))
    return About(
        title=meaning["name"],
        unit=plain(order.language, words.UNITS.get(meaning["unit"], meaning["unit"])),
        source=source(rows, order.language),
        release=plain(order.language, "Release {name}, as of {date}.", name=order.release, date=order.as_of),
        subtitle=subtitle,
        better=meaning["better"],
        target=target,
    )


def source(rows: pl.DataFrame, language: str) -> str:
    """Name the sources of some rows with their editions, the most frequent first."""
    titles = {one.name: one.title for one in (*sources(), *packaged_sources())}
    counted: dict[str, dict[str, int]] = {}
    for text, count in rows["source"].value_counts().iter_rows():
        for part in str(text).split("+"):
            name, _, edition = part.partition("@")
            editions = counted.setdefault(titles.get(name, name), {})
            editions[edition] = editions.get(edition, 0) + count
    often = sorted(counted, key=lambda title: (-sum(counted[title].values()), title))
    told = [f"{title} ({_editions(counted[title])})" for title in often[:_NAMED_SOURCES]]
    more = len(often) - _NAMED_SOURCES
    told += [plain(language, "and {count} more", count=more)] if more > 0 else []
    return "; ".join(told)


def _editions(counted: Mapping[str, int]) -> str:
    found = sorted(counted)
    return found[0] if len(found) == 1 else f"{found[0]} … {found[-1]}"


def trend(
    rows: pl.DataFrame, order: Order, *, by: str = "area_name", projection: Projection | None = None
) -> Chart:
    """Draw numbers over time with what is not certain about them, and the target.

    Args:
        rows: observations of one series and breakdown.
        order: how.
        by: column whose values are the lines; `named` joins area_name and counterpart_name.
        projection: where the line goes, and the chance that it meets the target.
    """
    from sojourn.present.charts import trend as draw

    width, height = SIZES[order.size]
    return draw(
        named(rows, order.language),
        about(rows, order),
        by=by,
        language=order.language,
        theme=order.theme,
        width=width,
        height=height,
        projection=projection,
    )


def ranking(
    rows: pl.DataFrame, order: Order, *, subtitle: str = "", highlight: Collection[str] = ()
) -> Chart:
    """Draw areas in order, each with its interval; corridors where rows have a counterpart.

    Args:
        rows: one observation for each area, or for each pair.
        order: how.
        subtitle: of when.
        highlight: codes of areas to bring forward.
    """
    from sojourn.present.charts import ranking as draw

    told = pairs_named(named(rows, order.language), order.language)
    return draw(
        told,
        about(rows, order, subtitle),
        by="place_name",
        language=order.language,
        theme=order.theme,
        width=order.width,
        highlight=_names_of(told, highlight),
    )


def distribution(
    rows: pl.DataFrame, order: Order, *, subtitle: str = "", highlight: Collection[str] = ()
) -> Chart:
    """Draw how numbers are spread over areas. The parameters are those of `ranking`."""
    from sojourn.present.charts import distribution as draw

    told = pairs_named(named(rows, order.language), order.language)
    return draw(
        told,
        about(rows, order, subtitle),
        by="place_name",
        language=order.language,
        theme=order.theme,
        width=order.width,
        highlight=_names_of(told, highlight),
    )


def flow_map(rows: pl.DataFrame, order: Order, *, origin: str = "area", subtitle: str = "") -> Chart:
    """Draw corridors on a map: from each origin to its destination, as wide as the amount.

    Numbers that do not add up (prices, shares) are told by colour instead. Without the shapes of countries the
    corridors are ranked; the chart's `kind` says which it is: `flows` or `ranking`.

    Args:
        rows: observations of one series, breakdown and period, one for each pair; those without a counterpart,
            and of regions, are left out.
        order: how.
        origin: which end people or money leave, `area` or `counterpart`.
        subtitle: of when, of whom.

    Example, in a view:
        order = pictures.order(request, language, meaning)
        return pictures.painted(ending, pictures.flow_map, rows, order, origin="counterpart", subtitle=period)
    """
    from sojourn.present.charts import flows as draw

    between = countries(countries(rows.filter(pl.col("counterpart") != "")), "counterpart")
    return draw(
        named(between, order.language),
        about(between, order, subtitle),
        shapes(order),
        origin=origin,
        destination="counterpart" if origin == "area" else "area",
        amounts=order.meaning["unit"] in words.AMOUNTS,
        language=order.language,
        theme=order.theme,
        width=order.width,
    )


def countries(rows: pl.DataFrame, end: str = "area") -> pl.DataFrame:
    """Keep the rows of countries, former ones included; regions and groups are left out."""
    kinds = dict(areas.table().select("area", "kind").iter_rows())
    kind = pl.col(end).cast(pl.String).replace_strict(kinds, default="", return_dtype=pl.String)
    return rows.filter(kind.is_in(["country", "former", "simulated"]))


def named(rows: pl.DataFrame, language: str) -> pl.DataFrame:
    """Join the names that a picture writes."""
    names = {one: areas.name(one, language) for one in _codes(rows)}
    told = pl.col("area").replace_strict(names, default="", return_dtype=pl.String)
    other = pl.col("counterpart").replace_strict(names, default="", return_dtype=pl.String)
    return rows.with_columns(told.alias("area_name"), other.alias("counterpart_name"))


def pairs_named(rows: pl.DataFrame, language: str) -> pl.DataFrame:
    """Add `place_name`: the area, or the corridor in the direction of reading."""
    arrow = "←" if language == "ar" else "→"
    pair = pl.format(f"{{}} {arrow} {{}}", "area_name", "counterpart_name")
    alone = pl.col("counterpart_name") == ""
    return rows.with_columns(pl.when(alone).then("area_name").otherwise(pair).alias("place_name"))


def _names_of(rows: pl.DataFrame, codes: Collection[str]) -> list[str]:
    return rows.filter(pl.col("area").is_in(list(codes)))["place_name"].to_list()


def _codes(rows: pl.DataFrame) -> Sequence[str]:
    return sorted({*rows["area"], *rows["counterpart"]} - {""})
