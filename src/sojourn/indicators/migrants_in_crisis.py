"""Migrants in countries in crisis: the migrant stock where conflict or disaster displacement is large.

    rate    1000 displaced / population at mid-year
    large   rate >= least_per_thousand, and displaced >= least_displaced
    stock   migrants of the year in a country where displacement is large; of the world: their sum

A country is in crisis by a cause when its new displacements in the year or its people displaced at the end of
the year are large; the note tells which was known and how large it was. A country of which displacement is
known and not large has none of its migrants in a crisis: 0. A country without any figure of displacement has
no number, and is in no sum. By conflict, by disaster, and by either, in which nobody counts twice.

The thresholds are this program's choice, 1 in 100 of the population and 1,000 people, and are parameters: no
body has set one. By share, because by number alone a large country would always be in crisis.

Limits: the number says how many migrants live in such a country, not how many were affected, displaced or in
need: a crisis may be far from where they live, and IDMC does not tell the displaced by nationality. People
displaced decades ago are among those displaced at the end of a year; `new_only` leaves them out. The stock
is at mid-year and the displaced are counted at the year's end. Disaster stocks are known for 2024 only, new
displacements until 2023: years before and after are judged by another measure and do not compare. No error is
known of either part.

Sources: UN DESA, International Migrant Stock, with the population of the same revision; IDMC, Global Internal
Displacement Database, also through UNHCR. Asked for in the 2015 meeting (migrants in crisis); the definition is ours.
"""

from __future__ import annotations

import polars as pl
from pydantic import Field

from sojourn import areas
from sojourn.indicators import internal_displacement
from sojourn.indicators.migrant_stock import once
from sojourn.indicators.model import TOTAL, Dimension, Indicator, Parameters, Series, Tables
from sojourn.sources.migrant_stock_table import ALL_ORIGINS

CODE = "SJ.migrants_in_crisis"
SERIES = "SJ_STOCK_CRISIS"
WORLD = "001"

_CAUSES = {"CONFLICT": "conflict and violence", "DISASTER": "disaster"}
_EITHER = ""
_MEASURES = {"SJ_IDP_FLOW": "new displacements", "SJ_IDP_STOCK": "displaced at the end of the year"}
_FIGURES = ("series", "area", "period", "sex", "age", "breakdown", "value", "source")
_NO_ERROR = "no error is known"
_NOT_AFFECTED = "migrants who live there, not migrants affected"


class CrisisParameters(Parameters):
    """From which displacement on a country is in crisis."""

    section = "crisis"

    least_per_thousand: float = Field(default=10.0, gt=0)
    """Displaced people, or new displacements, per 1,000 of the population."""
    least_displaced: int = Field(default=1_000, ge=1)
    """Displaced people, or new displacements."""
    new_only: bool = False
    """Judge by new displacements alone, so that a crisis of long ago is none now."""


def compute(tables: Tables, parameters: CrisisParameters) -> list[pl.DataFrame]:
    """Give the migrants in each country whose displacement is known, and the world's sum."""
    stock, people = _stock(tables["migrant_stock"])
    judged = _judged(_displaced(tables["internal_displacement"]), people, parameters)
    in_country = stock.join(_with_either(judged), on=["area", "period", "revision"], how="inner").sort(
        "area", "period", "sex", "cause", "revision"
    )
    method = _method(parameters)
    frames = [_countries(in_country, method), _world(in_country, method)]
    return [frame for frame in frames if frame.height]


def _method(parameters: CrisisParameters) -> str:
    judged_by = ", new_only" if parameters.new_only else ""
    return (
        f"stock_where_displaced/1 [least_per_thousand {parameters.least_per_thousand:g}, "
        f"least_displaced {parameters.least_displaced}{judged_by}]"
    )


def _stock(table: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give the stock of each country by sex, and its population, of every revision."""
    countries = areas.table().filter(pl.col("kind") == "country").select("area")
    whole = table.filter(pl.col("origin") == ALL_ORIGINS, pl.col("age") == TOTAL)
    own = (
        once(whole)
        .rename({"destination": "area", "source": "revision"})
        .join(countries, on="area", how="semi", maintain_order="left")
    )
    stock = own.filter(measure="stock").select("area", "period", "sex", "revision", "value")
    people = own.filter(pl.col("value") > 0, measure="population", sex=TOTAL)
    return stock.drop_nulls(), people.select("area", "period", "revision", pl.col("value").alias("people"))


def _displaced(table: pl.DataFrame) -> pl.DataFrame:
    """Give displacement by country, year, cause and measure; IDMC's own file goes before UNHCR's copy."""
    measured = internal_displacement.compute(Tables({"internal_displacement": table}), Parameters())
    nothing = pl.DataFrame(schema=dict.fromkeys(_FIGURES, pl.String) | {"value": pl.Float64})
    figures = pl.concat(
        [nothing, *(frame.select(_FIGURES).cast({"value": pl.Float64}) for frame in measured)]
    )
    causes = {f"CAUSE={code}": code for code in _CAUSES}
    return (
        figures.filter(
            pl.col("breakdown").is_in(list(causes)),
            pl.col("area") != WORLD,
            pl.col("value").is_not_null(),
            sex=TOTAL,
            age=TOTAL,
        )
        .with_columns(
            pl.col("breakdown").replace_strict(causes, return_dtype=pl.String).alias("cause"),
            pl.col("source").str.starts_with("idmc@").alias("own"),
        )
        .sort("own", "source", descending=True)
        .unique(["area", "period", "cause", "series"], keep="first", maintain_order=True)
        .select("area", "period", "cause", "series", pl.col("value").alias("displaced"), "source")
        .sort("area", "period", "cause", "series")
    )


def _judged(displaced: pl.DataFrame, people: pl.DataFrame, parameters: CrisisParameters) -> pl.DataFrame:
    """Say by country, year, cause and revision whether displacement is large, and by what it was judged."""
    rate = 1000 * pl.col("displaced") / pl.col("people")
    words = pl.col("series").replace_strict(_MEASURES, return_dtype=pl.String)
    large = (pl.col("rate") >= parameters.least_per_thousand) & (
        pl.col("displaced") >= parameters.least_displaced
    )
    return (
        displaced.filter(pl.lit(not parameters.new_only) | (pl.col("series") == "SJ_IDP_FLOW"))
        .join(people, on=["area", "period"], how="inner")
        .with_columns(rate.alias("rate"))
        .with_columns(
            large.alias("crisis"),
            pl.concat_str(
                pl.col("cause").str.to_lowercase(),
                pl.lit(": "),
                words,
                pl.lit(" "),
                pl.col("rate").round(1).cast(pl.String),
                pl.lit(" per 1,000"),
            ).alias("basis"),
        )
        .sort("area", "period", "cause", "revision", "series")
        .group_by("area", "period", "cause", "revision", maintain_order=True)
        .agg(pl.col("crisis").any(), pl.col("basis").str.join(", "), pl.col("source").unique().sort())
    )


def _with_either(judged: pl.DataFrame) -> pl.DataFrame:
    """Add the verdict over both causes, in which a country in two crises stands once."""
    either = judged.group_by("area", "period", "revision", maintain_order=True).agg(
        pl.lit(_EITHER).alias("cause"),
        pl.col("crisis").any(),
        pl.col("basis").str.join("; "),
        pl.col("source").explode().unique().sort(),
    )
    return pl.concat([judged, either.select(judged.columns)])


def _countries(in_country: pl.DataFrame, method: str) -> pl.DataFrame:
    verdict = pl.when("crisis").then(pl.lit("in crisis")).otherwise(pl.lit("displacement known, not large"))
    return in_country.select(
        "area",
        pl.when("crisis").then("value").otherwise(0.0).alias("value"),
        pl.lit(None, pl.Int64).alias("n"),
        *_common(method),
        (verdict + " (" + pl.col("basis") + f"); {_NOT_AFFECTED}; {_NO_ERROR}").alias("note"),
    )


def _world(in_country: pl.DataFrame, method: str) -> pl.DataFrame:
    """Sum over the countries in crisis; `n` is how many they are."""
    # Whole persons add exactly in any order.
    summed = (
        in_country.group_by("period", "sex", "cause", "revision", maintain_order=True)
        .agg(
            pl.col("value").filter("crisis").round(0).cast(pl.Int64).sum().cast(pl.Float64),
            pl.col("crisis").sum().cast(pl.Int64).alias("n"),
            pl.len().alias("judged"),
            pl.col("source").explode().unique().sort(),
        )
        .sort("period", "sex", "cause", "revision")
    )
    counted = pl.format("{} countries in crisis of {} whose displacement is known", "n", "judged")
    return summed.select(
        pl.lit(WORLD).alias("area"),
        "value",
        "n",
        *_common(method),
        (counted + f"; {_NOT_AFFECTED}; {_NO_ERROR}").alias("note"),
    )


def _common(method: str) -> tuple[pl.Expr, ...]:
    by_cause = pl.col("cause") != _EITHER
    return (
        pl.lit(CODE).alias("indicator"),
        pl.lit(SERIES).alias("series"),
        pl.col("period"),
        pl.col("sex"),
        pl.when(by_cause).then("CRISIS=" + pl.col("cause")).otherwise(pl.lit("")).alias("breakdown"),
        pl.lit("PS").alias("unit"),
        pl.lit("E").alias("status"),
        pl.lit("E").alias("nature"),
        (pl.col("revision") + "+" + pl.col("source").list.join("+")).alias("source"),
        pl.lit(method).alias("method"),
    )


INDICATOR = Indicator(
    code=CODE,
    name="Migrants in countries in crisis",
    series=(
        Series(
            code=SERIES,
            name="Migrants who live in a country in crisis",
            definition="Migrant stock of countries where displacement by conflict or disaster is large.",
            unit="PS",
            area_role="hosts",
            dimensions=(
                Dimension("CRISIS", "kind of crisis", _CAUSES, "conflict or disaster, each country once"),
            ),
            words=("migrants in crisis", "migrants in countries in crisis", "countries in crisis"),
            limits="Migrants who live in such a country, not migrants affected; the thresholds are ours.",
        ),
    ),
    needs=(("migrant_stock",), ("internal_displacement",)),
    compute=compute,
    parameters=CrisisParameters,
    explanation=__doc__,
)
