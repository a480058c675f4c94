"""Numbers between two areas: who is the origin, who the destination, which pairs are the largest.

A price has the sender as its area, a stock the host: the same two columns, the other way round. Each series
says in words who its two ends are; here these words are read, once for all pages.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import polars as pl

from sojourn import areas
from sojourn.release.periods import end_of
from sojourn.web.holding import Holding, as_text
from sojourn.web.question import PERSONS

ORIGINS = frozenset(
    {
        "sends",
        "is the origin",
        "origin",
        "sends its workers abroad",
        "whose citizens the victims are",
    }
)
"""How series call the end that people or money come from."""

ADDITIVE = frozenset({"PS", "NUMBER", "CU_USD_M"})
"""Units whose numbers may be added up over areas."""

WORLD = "001"
PROGRESS = "SJ_PROGRESS_"
TOTAL: Mapping[str, Sequence[str]] = {**dict.fromkeys(PERSONS, ("_T",)), "breakdown": ("",)}


@dataclass(frozen=True, slots=True)
class Ends:
    """Which column of a series holds the origin, which the destination, and how the series calls them."""

    origin: str
    destination: str
    origin_role: str
    destination_role: str


def ends(meaning: Mapping[str, Any]) -> Ends:
    """Tell the two ends of a series apart.

    Args:
        meaning: metadata of a series with a counterpart.

    >>> ends({"area_role": "hosts", "counterpart_role": "is the origin"}).origin
    'counterpart'
    """
    if meaning["counterpart_role"] in ORIGINS:
        return Ends("counterpart", "area", meaning["counterpart_role"], meaning["area_role"])
    return Ends("area", "counterpart", meaning["area_role"], meaning["counterpart_role"])


def series_between(holding: Holding) -> tuple[str, ...]:
    """List the series with numbers between two areas, those with most pairs first; progress stands apart."""
    own = [code for code in holding.corridors if not code.startswith(PROGRESS)]
    return tuple(sorted(own, key=lambda code: (-holding.places[code][1], code)))


@cache
def countries() -> frozenset[str]:
    """Give the codes of countries, today's and former."""
    return frozenset(areas.table().filter(pl.col("kind").is_in(["country", "former"]))["area"])


@dataclass(frozen=True, slots=True)
class Pairs:
    """The numbers of one series between countries, one for each pair.

    Attributes:
        code: the series.
        ends: its two ends.
        rows: observations with `origin` and `destination`, the largest first.
        additive: whether they may be added up.
    """

    code: str
    ends: Ends
    rows: pl.DataFrame
    additive: bool

    def of(self, origin: str = "", destination: str = "") -> pl.DataFrame:
        """Give the rows of one origin, of one destination, or of both."""
        asked = {"origin": origin, "destination": destination}
        return self.rows.filter(*(pl.col(name) == code for name, code in asked.items() if code))

    def largest(self, end: str, most: int) -> list[str]:
        """List the largest origins or destinations: by their sum, else by the number of their pairs."""
        size = pl.col("value").sum() if self.additive else pl.col("value").count()
        sized = self.rows.group_by(end).agg(size.alias("size"))
        return sized.sort(["size", end], descending=[True, False])[end].head(most).to_list()


def pairs(holding: Holding, code: str, where: Mapping[str, Sequence[str]], period: str = "") -> Pairs:
    """Gather the numbers between countries.

    Args:
        holding: the release.
        code: a series with numbers between areas.
        where: column -> values; people and breakdown.
        period: of that period; empty: the newest of each pair.
    """
    asked = dict(where) | ({"period": [period]} if period else {})
    found = as_text(holding.found(code, asked, only_latest=not period))
    own, both = ends(holding.series[code]), sorted(countries())
    rows = (
        found.filter(pl.col("area").is_in(both), pl.col("counterpart").is_in(both))
        .with_columns(pl.col(own.origin).alias("origin"), pl.col(own.destination).alias("destination"))
        .sort(["value", "origin", "destination"], descending=[True, False, False], nulls_last=True)
    )
    return Pairs(code, own, rows, holding.series[code]["unit"] in ADDITIVE)


@dataclass(frozen=True, slots=True)
class Direction:
    """One series in one direction between two areas.

    Attributes:
        origin, destination: the two areas.
        ends: how the series calls them.
        history: total by period, the earliest first.
        shares: of all from the origin, of all at the destination, in per cent; None where that is not known.
        parts: newest numbers of the breakdowns.
    """

    origin: str
    destination: str
    ends: Ends
    history: tuple[dict[str, Any], ...]
    shares: tuple[float | None, float | None]
    parts: tuple[dict[str, Any], ...]

    @property
    def newest(self) -> dict[str, Any] | None:
        """Give the newest total."""
        return self.history[-1] if self.history else None


def direction(holding: Holding, code: str, origin: str, destination: str) -> Direction:
    """Gather what a series says of one direction between two areas.

    Args:
        holding: the release.
        code: a series with numbers between areas.
        origin, destination: areas; regions too.
    """
    own = ends(holding.series[code])
    at = {own.origin: origin, own.destination: destination}
    rows = holding.found(None, {"series": [code], **{name: [one] for name, one in at.items()}})
    totals = _totals(rows)
    parts = as_text(rows.filter(pl.col("latest"))).filter(~is_total())
    history = sorted(totals.to_dicts(), key=lambda one: (end_of(one["period"]), len(one["period"])))
    return Direction(
        origin,
        destination,
        own,
        tuple(history),
        _shares(holding, code, own, history[-1] if history else None),
        tuple(parts.to_dicts()),
    )


def is_total() -> pl.Expr:
    """Tell whether a row is about everybody and everything."""
    return pl.all_horizontal(pl.col(name) == values[0] for name, values in TOTAL.items())


def _totals(rows: pl.DataFrame) -> pl.DataFrame:
    return as_text(rows.filter(is_total()))


def _shares(
    holding: Holding, code: str, own: Ends, newest: Mapping[str, Any] | None
) -> tuple[float | None, float | None]:
    """Divide by all from the origin, and by all at the destination, as the same series gives them."""
    if newest is None or newest["value"] is None or holding.series[code]["unit"] not in ADDITIVE:
        return None, None
    of_area = _value(holding, code, newest["area"], "", newest["period"])
    of_counterpart = _value(holding, code, WORLD, newest["counterpart"], newest["period"])
    by_column = {"area": of_area, "counterpart": of_counterpart}
    return tuple(  # type: ignore[return-value]
        100 * newest["value"] / by_column[column] if by_column[column] else None
        for column in (own.origin, own.destination)
    )


def _value(holding: Holding, code: str, area: str, counterpart: str, period: str) -> float | None:
    asked = {"series": [code], "area": [area], "counterpart": [counterpart], "period": [period]}
    values = holding.found(None, {**asked, **TOTAL})["value"].drop_nulls()
    return float(values[0]) if values.len() else None
