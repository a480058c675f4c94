"""Remittance costs as a proportion of the amount remitted (SDG 10.c.1).

The price of a transfer is its fee plus the margin of the applied over the interbank exchange rate, in per
cent of the amount sent. Averages are simple means over **services** that disclose their exchange rate – in
a country or region too, not means of corridors. The Global Average leaves out services sent from Russia;
regional, sending-country and corridor averages keep them. The value of a year is its third quarter. All
four rules are the World Bank's, found by matching its own figures; each is a parameter.

The target has two tests: a global average of at most 3 %, and no corridor whose SmaRT average (the three
cheapest fast and accessible services) is above 5 %, by 2030. The older aim "5x5" of the G8 and G20 meant
five percentage *points*, from 10 to 5 per cent; the report of the 2015 coordination meeting says "five
percent".

The standard error is clustered by firm within corridor. Services are a quasi-census of the market (firms
with at least 80 per cent of it), so the error measures how much an average hangs on single firms; with a
single firm it is not known. SmaRT and flow-weighted averages have no known error: the first is an order
statistic of few services, the second rests on modelled flows.

Limits: prices are not weighted by the market share of services; corridors are chosen by the publisher;
SmaRT's accessibility thresholds and the composition of the MTO and digital indices are from memory and
await confirmation. Negative costs (promotions) are kept.

Sources: SDG metadata 10.c.1 (World Bank, 2018); World Bank, Remittance Prices Worldwide.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import chain

import polars as pl

from sojourn import areas
from sojourn.indicators.model import Indicator, Series, Tables
from sojourn.indicators.price_index import index_averages
from sojourn.indicators.price_observations import annual, as_area, shape
from sojourn.indicators.price_rules import (
    AMOUNT,
    AVERAGE,
    BREAKDOWNS,
    DIRECTION,
    SERVICE_DIMENSIONS,
    PriceParameters,
    by_source,
    counted,
    parts,
    regions_of,
    rule,
)
from sojourn.indicators.price_weighting import flow_weighted, smart_averages
from sojourn.indicators.published import published, published_indicators
from sojourn.methods import price_averages
from sojourn.methods.coded import Coded

CODE = "10.c.1"
UNIT = "PT"

_KEYS = ("period", "amount", *price_averages.CLUSTER, *BREAKDOWNS.values())


def compute(tables: Tables, rules: PriceParameters) -> list[pl.DataFrame]:
    """Compute all averages of 10.c.1, and give the published ones beside them."""
    frames = [
        published(tables, CODE, [series.code for series in SERIES]),
        published_indicators(
            tables,
            CODE,
            {
                "SI.RMT.COST.IB.ZS": ("SI_RMT_COST", ""),
                "SI.RMT.COST.OB.ZS": ("SI_RMT_COST", "DIRECTION=OUTBOUND"),
            },
            UNIT,
        ),
    ]
    quotes = tables.get("remittance_prices")
    if quotes is not None:
        for source, own in by_source(quotes).items():
            computed = _of_one_source(own, tables.get("remittance_flows"), rules)
            frames += [_sourced(frame, source) for frame in computed]
    return [frame for frame in frames if frame.height]


def _sourced(frame: pl.DataFrame, source: str) -> pl.DataFrame:
    """Name the source of the prices, and of the flows where they weight them."""
    if "flow_source" in frame.columns:
        both = pl.lit(f"{source}+") + pl.col("flow_source")
        return frame.with_columns(both.alias("source")).drop("flow_source")
    return frame.with_columns(pl.lit(source).alias("source"))


def _of_one_source(
    quotes: pl.DataFrame, flows: pl.DataFrame | None, rules: PriceParameters
) -> list[pl.DataFrame]:
    quotes = counted(quotes, rules)
    used = Coded.of(quotes, _KEYS, ["cost"])
    with ThreadPoolExecutor() as pool:
        # Threads change no bit: each result is summed by one of them, in the order of the rows.
        narrow = [pool.submit(_narrow, used, *part, rules) for part in BREAKDOWNS.items()]
        smart, indices = (
            pool.submit(smart_averages, quotes, rules),
            pool.submit(index_averages, quotes, rules),
        )
        cells = price_averages.cells(used, ["period", "amount"])
        corridors = price_averages.mean(cells, ["period", "amount", "sending", "receiving"], rules.level)
        simple = _levels(cells, rules, {})
    weighted = flow_weighted(corridors, flows, rules) if flows is not None else []
    quarterly = [*simple, *smart.result(), *indices.result(), *weighted]
    return [
        *quarterly,
        *chain.from_iterable(one.result() for one in narrow),
        *(annual(frame, rules) for frame in quarterly),
    ]


def _narrow(used: Coded, dimension: str, column: str, rules: PriceParameters) -> list[pl.DataFrame]:
    """Average by one more dimension, where the file knows it."""
    known = used.known(column)
    if not len(known.values["cost"]):
        return []
    return _levels(price_averages.cells(known, ["period", "amount", column]), rules, {dimension: column})


def _levels(cells: Coded, rules: PriceParameters, columns: dict[str, str]) -> list[pl.DataFrame]:
    """Average cells at every level: corridor first, then countries, regions, G20 senders, the world."""
    by = ["period", "amount", *columns.values()]
    inbound, outbound = parts({}, columns), parts({"DIRECTION": "OUTBOUND"}, columns)
    method = "mean_of_services/1" + rule(rules)

    def at(
        series: str, own: Coded, area: str, counterpart: str = "", direction: pl.Expr = inbound
    ) -> pl.DataFrame:
        means = price_averages.mean(own, [*by, *(key for key in (area, counterpart) if key)], rules.level)
        return shape(means, series, area, counterpart, direction, method, rules)

    def over_all(own: Coded, area: str, direction: pl.Expr, method: str) -> pl.DataFrame:
        means = price_averages.mean(own, by, rules.level)
        return shape(as_area(means, area), "SI_RMT_COST", "area", "", direction, method, rules)

    world = cells.without("sending", rules.world_excludes_senders)
    return [
        at("SI_RMT_COST_BC", cells, "sending", "receiving"),
        at("SI_RMT_COST", cells, "receiving"),
        at("SI_RMT_COST", cells, "sending", direction=outbound),
        *(
            at("SI_RMT_COST", cells.mapped("receiving", "region", own), "region")
            for own in regions_of().values()
        ),
        over_all(cells.only("sending", areas.members("G20")), "G20", outbound, method),
        over_all(world, "001", inbound, "mean_of_services/1" + rule(rules, world=True)),
    ]


SERIES = (
    Series(
        code="SI_RMT_COST",
        name="Remittance costs as a proportion of the amount remitted",
        definition="Average total cost of sending USD 200 to the area, in per cent of the amount sent.",
        unit=UNIT,
        area_role="receives (sends, where DIRECTION=OUTBOUND)",
        better="lower",
        target=3.0,
        target_year=2030,
        dimensions=(AMOUNT, AVERAGE, DIRECTION, *SERVICE_DIMENSIONS),
        words=("remittance cost", "transfer cost", "price of remittances", "cost of sending money"),
    ),
    Series(
        code="SI_RMT_COST_BC",
        name="Corridor remittance costs as a proportion of the amount remitted",
        definition="Average total cost of sending USD 200 through one corridor, in per cent of the amount sent.",
        unit=UNIT,
        area_role="sends",
        counterpart_role="receives",
        better="lower",
        target=5.0,
        target_year=2030,
        dimensions=(AMOUNT, *SERVICE_DIMENSIONS),
        words=("corridor cost", "corridor price"),
    ),
    Series(
        code="SI_RMT_COST_SC",
        name="SmaRT corridor remittance costs as a proportion of the amount remitted",
        definition="Mean total cost of the three cheapest fast and accessible services of one corridor, in per cent.",
        unit=UNIT,
        area_role="sends",
        counterpart_role="receives",
        better="lower",
        target=5.0,
        target_year=2030,
        dimensions=(AMOUNT,),
        words=("smart corridor", "smart average"),
    ),
)

INDICATOR = Indicator(
    code=CODE,
    name="Remittance costs as a proportion of the amount remitted",
    series=SERIES,
    needs=(("remittance_prices", "published_values", "development_indicators"),),
    uses=("remittance_prices", "remittance_flows"),
    compute=compute,
    parameters=PriceParameters,
    explanation=__doc__,
    proposal=1,
)
