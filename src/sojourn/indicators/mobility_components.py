"""The four parts of the mobility index, each from one table; helper of `mobility_index`.

Every function gives area, value (in its own measure), note and source: one row per country where the part is
known, nothing where it is not.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from sojourn import areas
from sojourn.indicators.model import Tables

SCHEMA = pl.Schema({"area": pl.String, "value": pl.Float64, "note": pl.String, "source": pl.String})
NOTHING = pl.DataFrame(schema=SCHEMA)
CATEGORIES = (1.0, 2.0, 3.0, 4.0)
_CHANNEL_ISLANDS = "830"
"""No area of ours, and yet where some emigrants live."""
_STOCK_COLUMNS = {"measure", "destination", "origin", "period", "sex", "age", "value", "source"}


def freedom(matrix: pl.DataFrame, weights: Mapping[str, float], side: str, other: str) -> pl.DataFrame:
    """Average the weights of the permissions that a country's citizens need, or that it asks of others.

        O_c = sum_r w_r n_cr / sum_r n_cr

    Args:
        matrix: kind `visa_matrix` of one source and period.
        weights: w, by requirement.
        side: `passport` for outward freedom, `destination` for inward openness.
        other: what is counted on the other side, in words.

    >>> one = {"passport": "AAA", "source": "x"}
    >>> matrix = pl.DataFrame([one | {"requirement": "E_VISA"}, one | {"requirement": "VISA_FREE"}])
    >>> freedom(matrix, {"VISA_FREE": 1.0, "E_VISA": 0.5}, "passport", "countries")["value"].to_list()
    [0.75]
    """
    counts = (
        matrix.filter(pl.col("requirement").is_in(list(weights)))
        .group_by(side, "source")
        .agg(*((pl.col("requirement") == name).sum().cast(pl.Int64).alias(name) for name in weights))
        .sort(side)
    )
    n = pl.sum_horizontal(list(weights))
    # Whole numbers are counted; only these few products are floats, added in the order of the weights.
    reached = sum((weight * pl.col(name) for name, weight in weights.items()), pl.lit(0.0))
    return counts.select(
        pl.col(side).alias("area"),
        (reached / n).alias("value"),
        pl.format("unweighted mean over {} {}", n, pl.lit(other)).alias("note"),
        "source",
    )


def realised(tables: Tables, year: int, oldest: int, least: float) -> pl.DataFrame:
    """Measure how many have moved: the logarithm of the share of immigrants, and of emigrants if known.

        M_c = ln max(immigrants / population, least)
        M_c = (that + ln max(emigrants / (population + emigrants), least)) / 2

    the second form where kind `migrant_stock` tells origins, the first from the World Development Indicators.

    Args:
        tables: the build's tables.
        year: latest year that counts.
        oldest: how many years earlier a figure may be.
        least: share that is taken for any smaller one.
    """
    stocks = tables.get("migrant_stock")
    if stocks is not None and set(stocks.columns) >= _STOCK_COLUMNS:
        found = _both_ways(stocks, year, oldest, least)
        if found.height:
            return found
    values = tables.get("development_indicators")
    if values is None:
        return NOTHING
    people = values.filter(pl.col("value") > 0, code="SP.POP.TOTL")
    moved = values.filter(pl.col("value") >= 0, code="SM.POP.TOTL")
    both = moved.join(
        _one_source(people).select("area", "period", pl.col("value").alias("people"), from_="source"),
        on=["area", "period"],
        maintain_order="left",
    ).with_columns(_joined(pl.col("source"), pl.col("from_")).alias("source"))
    found = latest(both, year, oldest).with_columns(share=pl.col("value") / pl.col("people"))
    return _logged(
        found,
        ["share"],
        least,
        pl.format(
            "immigrants {} % of the population in {}; emigrants not known here",
            (100 * pl.col("share")).round(2),
            "period",
        ),
    )


def _both_ways(stocks: pl.DataFrame, year: int, oldest: int, least: float) -> pl.DataFrame:
    """Use origins too: who lives in a country, who left it for anywhere, over its people."""
    total = stocks.filter(sex="_T", age="_T")
    key = ["area", "period", "source"]

    def take(measure: str, area: str, other: str, code: str) -> pl.DataFrame:
        own = total.filter(pl.col(other) == code, pl.col("value") >= 0, measure=measure)
        return own.select(
            pl.col(area).alias("area"), "period", "source", pl.col("value").alias(other)
        ).unique(key, keep="first", maintain_order=True)

    people = take("population", "destination", "origin", "").rename({"origin": "people"})
    both = (
        take("stock", "destination", "origin", "")
        .rename({"origin": "value"})
        .join(_emigrants(stocks), on=key, maintain_order="left")
        .join(people.filter(pl.col("people") > 0), on=key, maintain_order="left")
    )
    found = latest(both, year, oldest).with_columns(
        came=pl.col("value") / pl.col("people"), went=pl.col("left") / (pl.col("people") + pl.col("left"))
    )
    note = pl.format(
        "immigrants {} % of the population, emigrants {} % of population and emigrants in {}",
        (100 * pl.col("came")).round(2),
        (100 * pl.col("went")).round(2),
        "period",
    )
    return _logged(found, ["came", "went"], least, note)


def _emigrants(stocks: pl.DataFrame) -> pl.DataFrame:
    """Give those who left, to anywhere: as published for the world, else summed over countries of destination.

    A revision that gives pairs by sex alone is summed over women and men. People whose origin is not told
    are in neither.
    """
    countries = areas.table().filter(pl.col("kind").is_in(["country", "former"]))["area"].to_list()
    pairs = stocks.filter(pl.col("origin") != "", pl.col("value") >= 0, measure="stock", age="_T")
    pairs = pairs.select("origin", "destination", "period", "sex", "source", "value").unique(
        ["origin", "destination", "period", "sex", "source"], keep="first", maintain_order=True
    )
    single = pairs.filter(pl.col("destination").is_in([*countries, _CHANNEL_ISLANDS]))
    told = single.filter(sex="_T")["source"].unique().to_list()
    whole = pl.col("source").is_in(told)
    key = ["origin", "period", "source"]
    summed = (
        single.filter((whole & (pl.col("sex") == "_T")) | (~whole & pl.col("sex").is_in(["M", "F"])))
        .group_by(key)
        # People are whole numbers, whose sum has no order.
        .agg(pl.col("value").round().cast(pl.Int64).sum().cast(pl.Float64))
        .sort(key)
    )
    published = pairs.filter(destination="001", sex="_T").select(*key, "value")
    both = pl.concat([published, summed]).unique(key, keep="first", maintain_order=True)
    return both.rename({"origin": "area", "value": "left"})


def _logged(found: pl.DataFrame, shares: list[str], least: float, note: pl.Expr) -> pl.DataFrame:
    if not found.height:
        return NOTHING
    logs = np.mean([np.log(np.maximum(found[name].to_numpy(), least)) for name in shares], axis=0)
    return found.select("area", pl.Series("value", logs), note.alias("note"), "source")


def protected(tables: Tables, year: int, oldest: int) -> pl.DataFrame:
    """Take the published category of a country's migration policies (SDG 10.7.2), 1 to 4.

    Args:
        tables, year, oldest: as in `realised`.
    """
    values = tables.get("published_values")
    if values is None:
        return NOTHING
    categories = values.filter(pl.col("value").is_in(CATEGORIES), series="SG_CPA_MIGRS", breakdown="")
    return latest(categories, year, oldest).select(
        "area",
        "value",
        pl.format("category {} in {}", pl.col("value").cast(pl.Int64), "period").alias("note"),
        "source",
    )


def latest(values: pl.DataFrame, year: int, oldest: int) -> pl.DataFrame:
    """Keep the latest figure of every area that is not too old, all from one source.

    Args:
        values: with area, period and source.
        year: latest year that counts.
        oldest: how many years earlier a figure may be.
    """
    when = pl.col("period").str.slice(0, 4).cast(pl.Int64, strict=False)
    usable = _one_source(values.filter(when.is_between(year - oldest, year)))
    return usable.sort("area", "period", descending=[False, True]).unique(
        "area", keep="first", maintain_order=True
    )


def _one_source(values: pl.DataFrame) -> pl.DataFrame:
    """Keep one source, whole: of those with at least half as many areas as any, the one that reaches furthest.

    A country's own file, or a table of a few areas, does not stand in for all.
    """
    order = (
        values.group_by("source")
        .agg(pl.col("area").n_unique().alias("areas"), pl.col("period").max())
        .filter(2 * pl.col("areas") >= pl.col("areas").max())
        .sort("period", "source", descending=True)
    )
    return values.filter(pl.col("source").is_in(order["source"].head(1).to_list()))


def _joined(first: pl.Expr, second: pl.Expr) -> pl.Expr:
    return pl.when(first == second).then(first).otherwise(first + "+" + second)
