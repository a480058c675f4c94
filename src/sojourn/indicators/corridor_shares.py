"""Corridors above and below 5 per cent (second test of SDG target 10.c), and the aim "5x5".

The share counts corridors, each by its average over services; the reading of the target by SmaRT averages
stands beside it (AVERAGE=SMART). All corridors of the round count, those from Russia too.

"5x5": the G8 (2009) and then the G20 meant to lower the global average by five percentage *points*, from 10
to 5 per cent, in five years. The report of the 2015 coordination meeting says "five percent", which would
be half a point. `SJ_RMT_5X5` gives the points achieved since 10 per cent; 5 means reached.

A share of a complete list of corridors has no sampling error; how near corridors lie to the threshold is
seen in SI_RMT_COST_BC with its own errors.

Sources: SDG metadata 10.c.1 (World Bank, 2018); World Bank, Remittance Prices Worldwide, issue 47 (17 % of
corridors below 5 % in 2009-Q1, 37 % in 2023-Q3).
"""

from __future__ import annotations

import polars as pl

from sojourn.indicators.model import Dimension, Indicator, Series, Tables
from sojourn.indicators.price_rules import PriceParameters, by_source, counted, qualifying, rule, smart_rule
from sojourn.indicators.published import published
from sojourn.methods import price_averages
from sojourn.methods.coded import Coded

CODE = "10.c.1"
_THRESHOLD = 5.0
_START_OF_5X5 = 10.0
_COMPLETE = "no sampling error: all corridors of the round are counted"


def compute(tables: Tables, rules: PriceParameters) -> list[pl.DataFrame]:
    """Compute the shares of corridors and the points of 5x5 achieved, for USD 200."""
    frames = [published(tables, CODE, [series.code for series in SERIES])]
    quotes = tables.get("remittance_prices")
    if quotes is not None:
        for source, own in by_source(quotes.filter(amount=200)).items():
            shares = [*_shares(own, rules), _five_by_five(own, rules)]
            frames += [frame.with_columns(pl.lit(source).alias("source")) for frame in shares]
    return [frame for frame in frames if frame.height]


def _shares(quotes: pl.DataFrame, rules: PriceParameters) -> list[pl.DataFrame]:
    by = ["period", "sending", "receiving"]
    cells = price_averages.cells(_coded(counted(quotes, rules)), ["period"])
    mean = price_averages.mean(cells, by, rules.level)
    smart = price_averages.smart(qualifying(quotes, rules), by, rules.smart_services)
    frames = []
    for corridors, breakdown, which in ((mean, "", rule(rules)), (smart, "AVERAGE=SMART", smart_rule(rules))):
        for series, far in (
            ("SJ_RMT_CORRIDORS_GT5", pl.col("value") > _THRESHOLD),
            ("SJ_RMT_CORRIDORS_LT5", pl.col("value") < _THRESHOLD),
        ):
            counted_ = corridors.group_by("period").agg(
                (100 * far.sum() / pl.len()).alias("value"), pl.len().cast(pl.Int64).alias("n")
            )
            frames.append(
                counted_.sort("period").with_columns(
                    pl.lit(CODE).alias("indicator"),
                    pl.lit(series).alias("series"),
                    pl.lit("001").alias("area"),
                    pl.lit(breakdown).alias("breakdown"),
                    pl.lit("PT").alias("unit"),
                    pl.lit("share_of_corridors/1" + which).alias("method"),
                    pl.lit(_COMPLETE).alias("note"),
                )
            )
    return frames


def _coded(quotes: pl.DataFrame) -> Coded:
    return Coded.of(quotes, ["period", *price_averages.CLUSTER], ["cost"])


def _five_by_five(quotes: pl.DataFrame, rules: PriceParameters) -> pl.DataFrame:
    world = _coded(counted(quotes, rules)).without("sending", rules.world_excludes_senders)
    mean = price_averages.mean(price_averages.cells(world, ["period"]), ["period"], rules.level)
    return mean.select(
        "period",
        (_START_OF_5X5 - pl.col("value")).alias("value"),
        "se",
        (_START_OF_5X5 - pl.col("upper")).alias("lower"),
        (_START_OF_5X5 - pl.col("lower")).alias("upper"),
        "n",
        pl.when(pl.col("lower").is_not_null()).then(pl.lit(rules.level)).alias("level"),
        pl.lit(CODE).alias("indicator"),
        pl.lit("SJ_RMT_5X5").alias("series"),
        pl.lit("001").alias("area"),
        pl.lit("PP").alias("unit"),
        pl.lit("points_from_ten/1" + rule(rules, world=True)).alias("method"),
        pl.lit("percentage points since 10 %; the report of 2015 says five percent").alias("note"),
    )


_AVERAGE = Dimension(
    "AVERAGE", "average that is compared", {"SMART": "SmaRT average of the corridor"}, "mean over services"
)

SERIES = (
    Series(
        code="SJ_RMT_CORRIDORS_GT5",
        name="Share of remittance corridors with a cost above 5 per cent",
        definition="Corridors whose average cost of sending USD 200 is above 5 %, in per cent of all surveyed.",
        unit="PT",
        area_role="all corridors of the world",
        better="lower",
        target=0.0,
        target_year=2030,
        dimensions=(_AVERAGE,),
        tolerance=0.5,
        words=("corridors above five percent", "expensive corridors"),
        of_countries=False,
    ),
    Series(
        code="SJ_RMT_CORRIDORS_LT5",
        name="Share of remittance corridors with a cost below 5 per cent",
        definition="Corridors whose average cost of sending USD 200 is below 5 %, in per cent of all surveyed.",
        unit="PT",
        area_role="all corridors of the world",
        better="higher",
        target=100.0,
        target_year=2030,
        dimensions=(_AVERAGE,),
        tolerance=0.5,
        words=("corridors under five percent", "cheap corridors"),
        of_countries=False,
    ),
    Series(
        code="SJ_RMT_5X5",
        name="5x5: percentage points of the global average cost saved since 10 per cent",
        definition="10 minus the Global Average; the G8 and G20 aimed at 5 points within five years of 2009.",
        unit="PP",
        area_role="the world",
        better="higher",
        target=5.0,
        target_year=2014,
        words=("5x5", "five by five", "g20 target"),
        of_countries=False,
        limits="The report of the 2015 coordination meeting says 'five percent'; the aim was five points.",
    ),
)

INDICATOR = Indicator(
    code=CODE,
    name="Corridors by cost, and the 5x5 aim",
    series=SERIES,
    needs=(("remittance_prices",),),
    uses=("published_values",),
    compute=compute,
    parameters=PriceParameters,
    explanation=__doc__,
    proposal=1,
)
