"""International migrant stock: how many people live in a country that is not theirs, and where they are from.

    stock                   migrants in a destination, of all origins or of one
    share                   100 stock / population
    women's share           100 stock of women / stock
    emigrants of an origin  = sum of its people over all destinations

Migrants are counted by birth (data type B) or, where a country has no such data, by citizenship (C). The
columns `nativity` and `citizenship` therefore stay `_T`: a series whose rows were foreign-born here and
foreign citizens there could neither be compared across countries nor stand for a region, which mixes both.
The note of each row says which it is, and whether refugees were added (R); `status` is I where the figure
was imputed (I), else E.

Regions stand as published; sums are over countries only. "Others", whose origin is not told, are part of a
destination's stock: they stand under ORIGIN=OTHERS without counterpart. Where a copy leaves them out, they are the
published stock less all known origins; a copy without totals gives ORIGIN=KNOWN, a part of the stock. The Channel
Islands are no area of ours: as an origin they are ORIGIN=CHANNEL_ISLANDS, as a destination they count in sums only.

Revisions stand side by side and differ for the same year; shares use the population of their own revision. Where
that is of another territory than the stock (Bonaire and others, 2019: 432 per cent) the share stands beside the
published one and is no headline: this shows what the revision contradicts itself in.
Limits: estimates at mid-year; no error is published. Pairs are given of the newest revisions only
(`pair_revisions`), sums over pairs of all.

Source: UN DESA, Population Division, International Migrant Stock.
"""

from __future__ import annotations

import polars as pl
from pydantic import Field

from sojourn import areas
from sojourn.indicators.migrant_stock_series import SERIES
from sojourn.indicators.model import Indicator, Parameters, Tables
from sojourn.sources.migrant_stock_table import ALL_ORIGINS, CHANNEL_ISLANDS, KEY, ORIGINAL, OTHERS

CODE = "SJ.migrant_stock"

SUM_OF_SEXES = "as_published/1 [women and men added]"
"""Both parts are published and nothing is estimated, so that the sum still counts as published."""

KNOWN = "KNOWN"
"""All origins that are told, without the others."""

ROUNDED = 1e-6
"""Shares are printed with nine decimals."""

_PLACE = ("period", "sex", "source")
_NO_ERROR = "no error is published"


class StockParameters(Parameters):
    """How much of the stock by origin a release holds."""

    section = "migrant_stock"

    pair_revisions: int = Field(default=2, ge=0)
    """Revisions, from the newest on, of which each pair of origin and destination is given."""


def compute(tables: Tables, parameters: StockParameters) -> list[pl.DataFrame]:
    """Give stocks, shares and emigrants as published, and what their parts add up to."""
    table = tables["migrant_stock"]
    total = once(table.filter(pl.col("origin") == ALL_ORIGINS))
    stock = total.filter(measure="stock")
    pairs = _pairs(table)
    bilateral = pairs.filter(pl.col("destination") != "001")
    newest = sorted(set(bilateral["source"]), reverse=True)[: parameters.pair_revisions]
    given = bilateral.filter(pl.col("source").is_in(newest))
    sums, others = _over_origins(bilateral, stock)
    known = _known_alone(bilateral, stock)
    others = others.filter(pl.col("source").is_in(newest))
    share, women = total.filter(measure="share"), total.filter(measure="women_share")
    frames = [
        _observed(stock, "SJ_MIGRANT_STOCK", "PS", stock),
        _observed(_unless_equal(sums, stock, 0), "SJ_MIGRANT_STOCK", "PS", stock, "sum_over_origins/1"),
        _observed(given.filter(~pl.col("summed")), "SJ_MIGRANT_STOCK", "PS", stock),
        _observed(given.filter("summed"), "SJ_MIGRANT_STOCK", "PS", stock, SUM_OF_SEXES),
        _observed(others, "SJ_MIGRANT_STOCK", "PS", stock, "stock_less_origins/1"),
        _observed(known, "SJ_MIGRANT_STOCK", "PS", stock, "sum_over_origins/1"),
        _observed(share, "SJ_MIGRANT_STOCK_SHARE", "PT", stock),
        _observed(
            _unless_equal(_share(total), share, ROUNDED),
            "SJ_MIGRANT_STOCK_SHARE",
            "PT",
            stock,
            "stock_over_population/1",
        ),
        _observed(women, "SJ_MIGRANT_STOCK_WOMEN", "PT", stock),
        _observed(
            _unless_equal(_women(stock), women, ROUNDED),
            "SJ_MIGRANT_STOCK_WOMEN",
            "PT",
            stock,
            "women_over_stock/1",
        ),
        *_emigrants(pairs.filter(destination="001"), bilateral),
    ]
    return [frame for frame in frames if frame.height]


def _pairs(table: pl.DataFrame) -> pl.DataFrame:
    """Give the stock by origin of countries and of the world; regions would count people twice."""
    countries = areas.table().filter(pl.col("kind").is_in(["country", "former"]))["area"].to_list()
    wanted = pl.col("destination").is_in([*countries, CHANNEL_ISLANDS, "001"])
    pairs = table.filter(pl.col("origin") != ALL_ORIGINS, wanted, measure="stock")
    if pairs.select("source", "form").unique().height > pairs["source"].n_unique():
        pairs = once(pairs)
    return _with_both_sexes(pairs)


def once(table: pl.DataFrame) -> pl.DataFrame:
    """Keep each figure of a revision once; the publisher's own file goes before a copy."""
    copies = (~pl.col("form").is_in(ORIGINAL)).alias("copy")
    ordered = table.with_columns(copies).sort("copy", maintain_order=True)
    return ordered.unique([*KEY, "source"], keep="first", maintain_order=True).drop("copy")


def _unless_equal(computed: pl.DataFrame, published: pl.DataFrame, tolerance: float) -> pl.DataFrame:
    """Keep what a revision does not publish, and what differs from what it publishes.

    Where both agree the published figure says it all; beside another revision the computed one would only
    show once more that revisions differ.
    """
    same = published.filter(age="_T").select("destination", *_PLACE, pl.col("value").alias("published"))
    beside = computed.join(same, on=["destination", *_PLACE], how="left", maintain_order="left")
    apart = (pl.col("value") - pl.col("published")).abs() > tolerance
    return beside.filter(apart | pl.col("published").is_null()).drop("published")


def _with_both_sexes(pairs: pl.DataFrame) -> pl.DataFrame:
    """Add women and men where a revision gives no totals of pairs; `summed` marks these."""
    key = ["destination", "origin", "period", "source"]
    given = pairs.select(*key, "value", "sex", pl.lit(value=False).alias("summed"))
    told = given.filter(sex="_T")["source"].unique().to_list()
    sexes = given.filter(~pl.col("source").is_in(told))
    women = sexes.filter(sex="F").select(*key, pl.col("value").alias("women"))
    both = (
        sexes.filter(sex="M")
        .join(women, on=key, maintain_order="left")
        .select(
            *key,
            pl.col("value") + pl.col("women"),
            pl.lit("_T").alias("sex"),
            pl.lit(value=True).alias("summed"),
        )
    )
    return pl.concat([given, both])


def _over_origins(pairs: pl.DataFrame, stock: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add up the origins: to the stock where "others" are among them, else "others" are what is left."""
    known = (
        pairs.group_by("destination", *_PLACE, maintain_order=True)
        .agg(pl.col("value").cast(pl.Int64).sum().cast(pl.Float64))
        .sort("destination", *_PLACE)
    )
    complete = pairs.filter(pl.col("origin").is_in(OTHERS))["source"].unique().to_list()
    whole = pl.col("source").is_in(complete)
    world = known.group_by(*_PLACE, maintain_order=True).agg(
        pl.col("value").cast(pl.Int64).sum().cast(pl.Float64)
    )
    world = world.with_columns(pl.lit("001").alias("destination")).select(known.columns)
    rest = (
        stock.filter(age="_T")
        .join(known.filter(~whole), on=["destination", *_PLACE], suffix="_known", maintain_order="left")
        .with_columns(pl.col("value") - pl.col("value_known"), pl.lit(OTHERS[0]).alias("origin"))
        # Less than nobody cannot be: then the parts are not of this whole, and nothing is said.
        .filter(pl.col("value") >= 0)
    )
    return pl.concat([known, world]).filter(whole), rest


def _known_alone(pairs: pl.DataFrame, stock: pl.DataFrame) -> pl.DataFrame:
    """Add up the origins of a copy that has neither totals nor "others": a part of the stock, and named so."""
    told = {*stock["source"], *pairs.filter(pl.col("origin").is_in(OTHERS))["source"]}
    alone = pairs.filter(~pl.col("source").is_in(sorted(told))).with_columns(pl.lit(KNOWN).alias("origin"))
    world = alone.with_columns(pl.lit("001").alias("destination"))
    return (
        pl.concat([alone, world])
        .group_by("destination", "origin", *_PLACE, maintain_order=True)
        .agg(pl.col("value").cast(pl.Int64).sum().cast(pl.Float64))
        .sort("destination", *_PLACE)
    )


def _share(total: pl.DataFrame) -> pl.DataFrame:
    people = total.filter(pl.col("value") > 0, measure="population").select(
        "destination", *_PLACE, pl.col("value").alias("people")
    )
    stock = total.filter(measure="stock", age="_T")
    joined = stock.join(people, on=["destination", *_PLACE], maintain_order="left")
    return joined.with_columns((100 * pl.col("value") / pl.col("people")).alias("value"))


def _women(stock: pl.DataFrame) -> pl.DataFrame:
    whole = stock.filter(pl.col("value") > 0, sex="_T", age="_T")
    women = stock.filter(sex="F", age="_T").select(
        "destination", "period", "source", pl.col("value").alias("women")
    )
    joined = whole.join(women, on=["destination", "period", "source"], maintain_order="left")
    return joined.with_columns((100 * pl.col("women") / pl.col("value")).alias("value"))


def _emigrants(world: pl.DataFrame, bilateral: pl.DataFrame) -> list[pl.DataFrame]:
    """Give the people of each origin in all destinations: as published, and added up."""
    named = ~pl.col("origin").is_in([*OTHERS, CHANNEL_ISLANDS])
    summed = (
        bilateral.filter(named)
        .group_by("origin", *_PLACE, maintain_order=True)
        .agg(pl.col("value").cast(pl.Int64).sum().cast(pl.Float64))
    )
    published = world.filter(named).select(summed.columns)
    return [
        frame.select(
            pl.lit(CODE).alias("indicator"),
            pl.lit("SJ_EMIGRANT_STOCK").alias("series"),
            pl.col("origin").alias("area"),
            *_PLACE,
            "value",
            pl.lit("PS").alias("unit"),
            pl.lit("E").alias("status"),
            pl.lit("E").alias("nature"),
            pl.lit(method).alias("method"),
            pl.lit(note).alias("note"),
        )
        for frame, method, note in (
            (published, "as_published/1", f"without people of untold origin; {_NO_ERROR}"),
            (summed, "sum_over_destinations/1", "without people of untold origin; no error is known"),
        )
    ]


def _observed(
    figures: pl.DataFrame, series: str, unit: str, stock: pl.DataFrame, method: str = "as_published/1"
) -> pl.DataFrame:
    """Write figures as observations, with the destination's type of data in status and note."""
    flags = stock.drop_nulls("data_type").select("destination", "source", "data_type")
    flags = flags.unique(["destination", "source"], keep="first", maintain_order=True)
    if "origin" not in figures.columns:
        figures = figures.with_columns(pl.lit(ALL_ORIGINS).alias("origin"))
    figures = figures.filter(pl.col("destination") != CHANNEL_ISLANDS)
    if "data_type" in figures.columns:
        figures = figures.drop("data_type")
    told = figures.join(flags, on=["destination", "source"], how="left", maintain_order="left")
    codes = {code: code for code in (*OTHERS, KNOWN)} | {CHANNEL_ISLANDS: "CHANNEL_ISLANDS"}
    coded = pl.col("origin").is_in(list(codes))
    error = _NO_ERROR if method.startswith("as_published") else "no error is known"
    return told.select(
        pl.lit(CODE).alias("indicator"),
        pl.lit(series).alias("series"),
        pl.col("destination").alias("area"),
        pl.when(coded).then(pl.lit("")).otherwise("origin").alias("counterpart"),
        *_PLACE,
        *(("age",) if "age" in told.columns else ()),
        pl.when(coded)
        .then("ORIGIN=" + pl.col("origin").replace(codes))
        .otherwise(pl.lit(""))
        .alias("breakdown"),
        "value",
        pl.lit(unit).alias("unit"),
        pl.when(pl.col("data_type").str.contains("I").fill_null(False))
        .then(pl.lit("I"))
        .otherwise(pl.lit("E"))
        .alias("status"),
        pl.lit("E").alias("nature"),
        pl.lit(method).alias("method"),
        _words(pl.col("data_type"), error).alias("note"),
    )


def _words(flags: pl.Expr, error: str) -> pl.Expr:
    """Say in words what the letters B, C, R and I mean."""
    born, citizens = flags.str.contains("B"), flags.str.contains("C")
    counted = (
        pl.when(born & citizens)
        .then(pl.lit("foreign-born and foreign citizens, by origin or year"))
        .when(born)
        .then(pl.lit("foreign-born"))
        .when(citizens)
        .then(pl.lit("foreign citizens"))
        .when(flags.str.contains("I"))
        .then(pl.lit("imputed without data"))
        .otherwise(pl.lit("type of data not told"))
    )
    added = pl.when(flags.str.contains("R")).then(pl.lit(", refugees added")).otherwise(pl.lit(""))
    return counted + added + "; " + error


INDICATOR = Indicator(
    code=CODE,
    name="International migrant stock",
    series=SERIES,
    needs=(("migrant_stock",),),
    compute=compute,
    parameters=StockParameters,
    explanation=__doc__,
)
