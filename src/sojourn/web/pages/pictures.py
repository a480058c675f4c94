"""Pictures of numbers: what each is called with, and what it says of itself.

They come from `present`; where its parts are not installed, the table stands alone. Each says under itself of
which sources and which release it is. How one is asked for and answered stands in `orders`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

import polars as pl

from sojourn import observations
from sojourn.discovery import packaged_sources, sources
from sojourn.web import words
from sojourn.web.corridors import ADDITIVE, countries, ends
from sojourn.web.languages import N_, direction, plain, plain_area
from sojourn.web.pages.orders import (
    ASKED,
    MEDIA,
    SIZES,
    THEMES,
    Order,
    available,
    maps,
    order,
    painted,
    shapes,
)
from sojourn.web.terms import plain_term

if TYPE_CHECKING:
    from sojourn.present.charts import About, Chart

__all__ = [
    "ASKED",
    "MEDIA",
    "SIZES",
    "THEMES",
    "Order",
    "about",
    "available",
    "distribution",
    "flow_map",
    "isolated",
    "maps",
    "order",
    "painted",
    "ranking",
    "source",
    "trend",
    "world_map",
]

_NAMED_SOURCES = 3
_MORE = N_("and {count} more")


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
        title=plain_term(order.language, meaning["name"]),
        unit=plain(order.language, words.UNITS.get(meaning["unit"], meaning["unit"])),
        source=source(rows, order.language),
        release=plain(
            order.language,
            "Release {name}, as of {date}.",
            name=isolated(order.release, order.language),
            date=isolated(str(order.as_of), order.language),
        ),
        subtitle=subtitle,
        address=order.address,
        licence=licence(rows),
        sources=_titles(),
        better=meaning["better"],
        target=target,
    )


def isolated(text: str, language: str) -> str:
    """Keep names and dates in their order in a line that is read from the right."""
    return f"\u2066{text}\u2069" if text and direction(language) == "rtl" else text


def source(rows: pl.DataFrame, language: str) -> str:
    """Name the sources of some rows with their editions, the most frequent first."""
    titles = _titles()
    counted: dict[str, dict[str, int]] = {}
    for text, count in rows["source"].value_counts().iter_rows():
        for part in str(text).split("+"):
            name, _, edition = part.partition("@")
            editions = counted.setdefault(titles.get(name, name), {})
            editions[edition] = editions.get(edition, 0) + count
    often = sorted(counted, key=lambda title: (-sum(counted[title].values()), title))
    told = [f"{title} ({_editions(counted[title])})" for title in often[:_NAMED_SOURCES]]
    more = len(often) - _NAMED_SOURCES
    told += [plain(language, _MORE, count=more)] if more > 0 else []
    return "; ".join(told)


def titled(names: Collection[str]) -> str:
    """Name sources without their editions, as their publishers do."""
    titles = _titles()
    return " + ".join(titles.get(one, one) for one in names)


def _titles() -> dict[str, str]:
    return {one.name: one.title for one in (*sources(), *packaged_sources())}


def licence(rows: pl.DataFrame) -> str:
    """Name the licences of the sources of some rows, each with its source."""
    known = {one.name: one for one in (*sources(), *packaged_sources())}
    names = sorted({name for text in rows["source"].unique() for name in observations.editions(str(text))})
    return "; ".join(f"{known[one].title}: {known[one].licence}" for one in names if one in known)


def _editions(counted: Mapping[str, int]) -> str:
    found = sorted(counted)
    return found[0] if len(found) == 1 else f"{found[0]} … {found[-1]}"


def trend(
    rows: pl.DataFrame,
    order: Order,
    *,
    by: str = "area_name",
    ahead: pl.DataFrame | None = None,
    level: float = 0.95,
    chance: float | None = None,
) -> Chart:
    """Draw numbers over time with what is not certain about them, and the target.

    Args:
        rows: observations of one series and breakdown.
        order: how.
        by: column whose values are the lines; `named` joins area_name and counterpart_name.
        ahead: where the line goes if nothing changes: period, value, lower, upper.
        level, chance: of its interval, and of meeting the target.
    """
    from sojourn.present.charts import Projection
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
        projection=None if ahead is None else Projection(ahead, level, chance),
    )


def world_map(rows: pl.DataFrame, order: Order, *, subtitle: str = "", over: Sequence[float] = ()) -> Chart:
    """Draw one number for each country on a map of the world.

    Args:
        rows: one observation for each area.
        order: how.
        subtitle: of when.
        over: the numbers by which classes are made, so that a colour means the same at each time.

    Raises:
        NoShapesError: the shapes of countries were not fetched.
    """
    from sojourn.present.charts import choropleth as draw

    return draw(
        named(rows, order.language),
        about(rows, order, subtitle),
        shapes(order),
        language=order.language,
        theme=order.theme,
        width=order.width,
        over=over,
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


def flow_map(rows: pl.DataFrame, order: Order, *, subtitle: str = "") -> Chart:
    """Draw corridors on a map: from each origin to its destination, as wide as the amount.

    Numbers that do not add up (prices, shares) are told by colour instead. Which end is the origin, the series
    says. Without the shapes of countries the corridors are ranked; the chart's `kind` is `flows` or `ranking`.

    Args:
        rows: observations of one series, breakdown and period, one for each pair; those without a counterpart,
            and of regions, are left out.
        order: how.
        subtitle: of when, of whom.

    Example, in a view:
        order = pictures.order(request, language, meaning)
        return pictures.painted(ending, pictures.flow_map, rows, order, subtitle=period)
    """
    from sojourn.present.charts import flows as draw

    known = sorted(countries())
    between = rows.filter(pl.col("area").is_in(known), pl.col("counterpart").is_in(known))
    of = ends(order.meaning)
    return draw(
        named(between, order.language),
        about(between, order, subtitle),
        shapes(order),
        origin=of.origin,
        destination=of.destination,
        amounts=order.meaning["unit"] in ADDITIVE,
        language=order.language,
        theme=order.theme,
        width=order.width,
    )


def named(rows: pl.DataFrame, language: str) -> pl.DataFrame:
    """Join the names that a picture writes."""
    names = {one: plain_area(one, language) for one in _codes(rows)}
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
    """Names of the chosen areas; of corridors none, because one area begins a hundred of them."""
    names: list[str] = rows.filter(pl.col("area").is_in(list(codes)))["place_name"].to_list()
    return names if len(names) <= len(codes) else []


def _codes(rows: pl.DataFrame) -> Sequence[str]:
    return sorted({*rows["area"], *rows["counterpart"]} - {""})
