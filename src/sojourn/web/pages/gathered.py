"""What every area's page shows, found for all areas at once: numbers of rows of the release, area by area.

A page about one area asks some sixty questions of a million rows; asked for all areas together, they are a dozen.
The rules are those that `pages.profile` states.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sojourn import areas, observations
from sojourn.release.country import PROGRESS
from sojourn.release.periods import end_of
from sojourn.web.corridors import ADDITIVE, countries, is_total, series_between
from sojourn.web.holding import HEADLINE, LATEST, Holding, as_text
from sojourn.web.pages.kept import Kept
from sojourn.web.question import PERSONS

WORLD = "001"
MOST_PAIRS = 5
PROVISIONAL = "P"

_ABOUT = (*PERSONS, "breakdown")
_THING = ("area", "series")
_kept = Kept(2)

Rows = NDArray[np.uint32]


@dataclass(frozen=True)
class Cut:
    """A table cut by area.

    Attributes:
        table: its rows, those of one area together.
        places: area -> (first, count).
    """

    table: pl.DataFrame
    places: Mapping[str, tuple[int, int]]

    def of(self, code: str) -> pl.DataFrame:
        """Give the rows of an area."""
        return self.table.slice(*self.places.get(code, (0, 0)))


@dataclass(frozen=True)
class Gathered:
    """Numbers of rows in `Holding.coded`.

    Attributes:
        newest: `row` of the newest number of each series by area, in the order of the series; `region` and `world`, the
            rows of the same thing there, not later; `breakdowns`, how many the series has for the area.
        courses: `row` of the periods of those series.
        largest: `row` of the largest other ends by area, with `series`, `mine` – the column that
            the area is in –, `total`, the count of other ends.
        counts: how many numbers between the area and others each `series` has, as `count`.
    """

    newest: Cut
    courses: Cut
    largest: Cut
    counts: Cut


def gathered(holding: Holding) -> Gathered:
    """Give what the areas' pages show of a release, gathered when it is first asked for."""
    return _kept.get(holding.name, lambda: gather(holding))


def gather(holding: Holding) -> Gathered:
    """Gather what the areas' pages show."""
    rows = holding.coded.with_row_index("row")
    own = _placed(rows.filter(pl.col(HEADLINE), pl.col("counterpart") == ""))
    first = pl.col("_order") == pl.col("_order").min().over(_THING)
    shown = own.with_columns(pl.col("_order").n_unique().over(_THING).alias("breakdowns")).filter(first)
    newest = _newest(shown, _ended(holding))
    whole = shown.filter(pl.col("status") != PROVISIONAL).select("area", "row")
    between = rows.filter(pl.col(HEADLINE), pl.col("counterpart") != "")
    return Gathered(
        _cut(_beside(newest, own).select("area", "row", "region", "world", "breakdowns"), "row"),
        _cut(whole, "row"),
        _cut(_largest(holding, between), "series", "mine", "_place"),
        _cut(_counts(between), "series"),
    )


def _placed(rows: pl.DataFrame) -> pl.DataFrame:
    """Keep what chooses between rows: `_order`, the place of their breakdown, that with the fewest parts first."""
    apart = pl.col("breakdown").str.count_matches("=", literal=True) + sum(
        (pl.col(name) != "_T").cast(pl.Int64) for name in PERSONS
    )
    breakdowns = rows.select(_ABOUT).unique()
    told = breakdowns.with_columns(pl.col(name).cast(pl.String) for name in _ABOUT).with_row_index("_of")
    order = told.with_columns(apart.alias("_apart")).sort("_apart", *_ABOUT)["_of"]
    numbered = breakdowns[order].with_row_index("_order")
    plain = rows.filter(~pl.col("series").cast(pl.String).str.starts_with(PROGRESS))
    placed = plain.join(numbered, on=list(_ABOUT), how="left", maintain_order="left")
    known = pl.col("value").is_not_null()
    told_of = (pl.col("status") == observations.SUPPRESSED) | known
    return placed.select(
        "row", *_THING, "period", "status", "_order", known.alias("_known"), told_of.alias("_told")
    )


def _ended(holding: Holding) -> pl.DataFrame:
    """Number the periods that have ended: `_rank` by their last day, the shorter last, `_text` as they are written."""
    ended = [one for one in holding.codes_of("period") if end_of(one) <= holding.release.manifest.as_of]
    ranked = sorted(ended, key=lambda one: (end_of(one), len(one), one))
    schema = pl.Schema({"period": holding.coded.schema["period"], "_rank": pl.Int32()})
    return pl.DataFrame({"period": ranked, "_rank": range(len(ranked))}, schema=schema)


def _newest(shown: pl.DataFrame, ended: pl.DataFrame) -> pl.DataFrame:
    """Choose the newest number of each series; one that is missing yields to an older one, a withheld one does not."""
    ranked = shown.join(ended, on="period", how="inner").sort("_told", "_rank")
    return ranked.unique(_THING, keep="last", maintain_order=True)


def _beside(newest: pl.DataFrame, own: pl.DataFrame) -> pl.DataFrame:
    """Add the rows of the region and of the world: of the same period, else the newest before."""
    regions = pl.DataFrame(
        list(_regions().items()),
        schema={"area": newest.schema["area"], "_region": newest.schema["area"]},
        orient="row",
    )
    asked = newest.join(regions, on="area", how="left").with_columns(
        pl.lit(WORLD).cast(newest.schema["area"]).alias("_world")
    )
    for column in ("region", "world"):
        asked = asked.join(_found(asked, own, f"_{column}", column), on=_THING, how="left")
    return asked


def _found(asked: pl.DataFrame, own: pl.DataFrame, wider: str, named: str) -> pl.DataFrame:
    there = own.select(
        pl.col("area").alias(wider),
        "series",
        "_order",
        pl.col("row").alias(named),
        pl.col("period").cast(pl.String).alias("_there"),
        pl.col("_known").alias("_known_there"),
    )
    sought = asked.filter(pl.col(wider) != pl.col("area"))
    pairs = sought.join(there, on=[wider, "series", "_order"], how="inner")
    earlier = pairs.filter(pl.col("_there") <= pl.col("period").cast(pl.String))
    last = earlier.sort("_known_there", "_there").unique(_THING, keep="last")
    return last.select(*_THING, named)


@cache
def _regions() -> Mapping[str, str]:
    """Give the region that each area stands in; the world is no region."""
    told = (
        areas.table()
        .select("area", "sdg_region")
        .drop_nulls()
        .filter(~pl.col("sdg_region").is_in(["", WORLD]))
    )
    return dict(told.iter_rows())


def _largest(holding: Holding, between: pl.DataFrame) -> pl.DataFrame:
    """Rank the other ends of each area that are countries, in series that `is_ranked`."""
    ranked_here = [one for one in series_between(holding) if is_ranked(holding.series[one])]
    newest = as_text(
        between.filter(pl.col(LATEST), is_total(), pl.col("value").is_not_null()).select(
            "row", "series", "area", "counterpart", "value"
        )
    ).filter(pl.col("series").is_in(ranked_here))
    told = []
    for mine, other in (("area", "counterpart"), ("counterpart", "area")):
        rows = newest.filter(pl.col(other).is_in(sorted(countries())), pl.col(other) != pl.col(mine))
        ranked = rows.sort("value", other, descending=[True, False])
        place = pl.int_range(pl.len()).over(mine, "series")
        first = ranked.with_columns(
            place.alias("_place"),
            pl.len().over(mine, "series").alias("total"),
            pl.lit(mine).alias("mine"),
        ).filter(pl.col("_place") < MOST_PAIRS)
        told.append(first.select(pl.col(mine).alias("area"), "series", "mine", "row", "total", "_place"))
    return pl.concat(told)


def is_ranked(meaning: Mapping[str, Any]) -> bool:
    """Tell whether the other ends of an area are ranked in a series.

    The largest of what may be added up are those that count. Of rates, the highest are of interest where something was
    promised of them, as it was of the cost of each corridor of remittances.
    """
    return meaning["unit"] in ADDITIVE or meaning["target"] is not None


def _counts(between: pl.DataFrame) -> pl.DataFrame:
    """Count the numbers between each area and others; one between an area and itself has two ends there."""
    sides = [between.select(pl.col(mine).alias("area"), "series") for mine in ("area", "counterpart")]
    return as_text(pl.concat(sides).group_by("area", "series").agg(pl.len().alias("count")))


def _cut(table: pl.DataFrame, *order: str) -> Cut:
    """Lay the rows of each area together, in an order of their own."""
    laid = table.sort("area", *order)
    runs = laid["area"].cast(pl.String).rle()
    lengths = runs.struct.field("len")
    firsts = lengths.cum_sum() - lengths
    areas_in = runs.struct.field("value")
    return Cut(laid, dict(zip(areas_in, zip(firsts, lengths, strict=True), strict=True)))


def rows_of(holding: Holding, numbers: pl.Series, columns: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Give rows of the release as text, in the order asked for."""
    found = holding.coded.select(columns)[numbers] if columns else holding.coded[numbers]
    return as_text(found).to_dicts()
