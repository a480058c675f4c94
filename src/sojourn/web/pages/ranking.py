"""The ranking of a series: sorted by a link, drawn beside its numbers, and kept for all who compare other areas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.http import HttpRequest
from markupsafe import Markup

from sojourn import areas
from sojourn.areas.spelling import key
from sojourn.web.corridors import countries, ends
from sojourn.web.holding import as_text
from sojourn.web.pages.kept import Kept, shared
from sojourn.web.pages.rendering import part

MOST = 300
SORTS = ("value", "area", "interval", "period")
"""What a ranking may be sorted by; with a minus before it the other way round."""

_kept = Kept(200)


@dataclass(frozen=True)
class Order:
    """Which numbers are ranked, and how.

    Attributes:
        where: columns and values that every number has.
        counterpart: the other end; empty: none, or all.
        period: empty: the newest of each area.
        sort: of `SORTS`; empty: the largest first.
    """

    where: Mapping[str, Sequence[str]]
    counterpart: str
    period: str
    sort: str


def ranked(request: HttpRequest, language: str, code: str, order: Order) -> dict[str, Any]:
    """Give the ranking with its rows as they stand in the page: the same, whoever is compared above it."""
    holding, meaning = request.holding, request.holding.series[code]
    asked = (
        *(holding.name, code, language, bool(request.pinned)),
        *(repr(order.where), order.counterpart, order.period, order.sort),
    )

    def make() -> dict[str, Any]:
        found = holding.found(code, order.where)
        told = ranking(found, order, language)
        rows = part(request, language, "ranking.html", {"order": order, "ends": ends(meaning), **told})
        regions = part(request, language, "ranking_regions.html", told) if told["regions"] else ""
        return {name: told[name] for name in ("total", "corridors")} | {
            "count": len(told["countries"]),
            "rows": rows,
            "regions": regions,
        }

    def written() -> dict[str, Any]:
        told = shared(holding.name, asked, make)
        return told | {name: Markup(told[name]) for name in ("rows", "regions")}

    return _kept.get(asked, written)


def ranking(found: pl.DataFrame, order: Order, language: str) -> dict[str, Any]:
    """Rank areas by the newest or the chosen period; corridors where there is no total.

    Args:
        found: coded headline rows of the chosen breakdown.
        order: which of them, and sorted by what.
        language: of the names of areas, by which they may be sorted.

    Returns:
        countries (each with `rank`), their total, regions, whether they are corridors, and the scale of bars.
    """
    rows = found.filter(pl.col("period") == order.period) if order.period else found.filter(pl.col("latest"))
    totals = rows.filter(pl.col("counterpart") == order.counterpart)
    # Where there is no number at all, nothing can be said of what the numbers are about.
    corridors = rows.height > 0 and not totals.height and not order.counterpart
    table = as_text(rows if corridors else totals)
    table = table.sort("value", "area", "counterpart", descending=[True, False, False], nulls_last=True)
    is_country = pl.col("area").is_in(countries())
    own, others = table.filter(is_country), table.filter(~is_country)
    own = own.with_row_index("rank", offset=1)
    return {
        "countries": _sorted(own, order.sort, language).head(MOST).to_dicts(),
        "total": own.height,
        "regions": others.head(MOST).to_dicts(),
        "corridors": corridors,
        "scale": _scale(own),
    }


def _sorted(table: pl.DataFrame, sort: str, language: str) -> pl.DataFrame:
    """Sort by a name of `SORTS`, the other way round after a minus; what has no such thing comes last."""
    name = sort.removeprefix("-")
    if not name:
        return table
    names = {one: key(areas.name(one, language)) for one in table["area"].unique()}
    by = {
        "value": pl.col("value"),
        "area": pl.col("area").replace_strict(names, return_dtype=pl.String),
        "period": pl.col("period"),
        "interval": pl.col("upper") - pl.col("lower"),
    }[name]
    return table.sort(by, "rank", descending=[sort.startswith("-"), False], nulls_last=True)


def _scale(table: pl.DataFrame) -> tuple[float, float]:
    """Give the ends of the scale of bars: zero, and what countries reach; the world would dwarf them."""
    top = [one for one in (table["upper"].max(), table["value"].max()) if isinstance(one, float)]
    low = [one for one in (table["lower"].min(), table["value"].min(), 0.0) if isinstance(one, float)]
    return min(low), max([*top, 0.0])
