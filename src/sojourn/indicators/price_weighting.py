"""SmaRT and flow-weighted averages of remittance prices: averages of corridors, not of services."""

from __future__ import annotations

import polars as pl

from sojourn.indicators.price_observations import NO_ERROR_SMART, as_area, shape
from sojourn.indicators.price_rules import PriceParameters, parts, qualifying, regions, rule, smart_rule
from sojourn.methods import price_averages

NO_ERROR_FLOWS = "no error is known: the flows that weight it are modelled"


def smart_averages(quotes: pl.DataFrame, rules: PriceParameters) -> list[pl.DataFrame]:
    """SmaRT averages by corridor, and their simple means by receiving country, region and world."""
    fit = qualifying(quotes, rules)
    by = ["period", "amount"]
    corridor = price_averages.smart(fit, [*by, "sending", "receiving"], rules.smart_services)
    method = "smart/1" + smart_rule(rules)
    few = pl.when(pl.col("n") < rules.smart_services)
    own = shape(
        corridor, "SI_RMT_COST_SC", "sending", "receiving", parts({}, {}), method, rules
    ).with_columns(
        few.then(pl.lit("U")).otherwise(pl.lit("A")).alias("status"),
        few.then(pl.format("only {} qualifying services; " + NO_ERROR_SMART, "n"))
        .otherwise(pl.lit(NO_ERROR_SMART))
        .alias("note"),
    )
    average = parts({"AVERAGE": "SMART"}, {})
    mean = price_averages.simple_mean
    by_region = corridor.join(regions(), on="receiving", how="inner", maintain_order="left")
    world = corridor.filter(~pl.col("sending").is_in(list(rules.world_excludes_senders)))
    return [
        own,
        shape(
            mean(corridor, "value", [*by, "receiving"]),
            "SI_RMT_COST",
            "receiving",
            "",
            average,
            method,
            rules,
        ),
        shape(mean(by_region, "value", [*by, "region"]), "SI_RMT_COST", "region", "", average, method, rules),
        shape(
            as_area(mean(world, "value", by), "001"),
            "SI_RMT_COST",
            "area",
            "",
            average,
            "smart/1" + smart_rule(rules, world=True),
            rules,
        ),
    ]


def flow_weighted(corridors: pl.DataFrame, flows: pl.DataFrame, rules: PriceParameters) -> list[pl.DataFrame]:
    """Weight corridor averages by flow matrices, those of each source apart.

    A quarter takes the newest matrix that is not newer than it; a quarter before the first matrix takes
    that, and says so in its method.

    Args:
        corridors: means with period, amount, sending, receiving and value.
        flows: period (year), sending, receiving, value and source.
    """
    prices = corridors.select("period", "amount", "sending", "receiving", pl.col("value").alias("cost"))
    weights = flows.select(
        pl.col("period").alias("year"),
        "sending",
        "receiving",
        pl.col("value").alias("flow"),
        pl.col("source").alias("flow_source"),
    )
    matched = prices.join(
        _matrix_of_quarter(prices["period"], flows["period"]), on="period", maintain_order="left"
    ).join(weights, on=["year", "sending", "receiving"], how="inner", maintain_order="left")
    if not matched.height:
        return []
    by = ["period", "amount", "matrix", "flow_source"]
    average = parts({"AVERAGE": "FLOW_WEIGHTED"}, {})
    method = pl.concat_str(pl.lit("flow_weighted/1 ["), "matrix", pl.lit("; all senders]" + rule(rules)))
    shaped = []
    for area, rows in (
        ("world", matched.with_columns(pl.lit("001").alias("world"))),
        ("region", matched.join(regions(), on="receiving", how="inner", maintain_order="left")),
        ("receiving", matched),
    ):
        means = price_averages.weighted_mean(rows, "cost", "flow", [*by, area])
        observed = shape(means, "SI_RMT_COST", area, "", average, method, rules)
        shaped.append(observed.with_columns(means["flow_source"], pl.lit(NO_ERROR_FLOWS).alias("note")))
    return shaped


def _matrix_of_quarter(quarters: pl.Series, years: pl.Series) -> pl.DataFrame:
    """Say which year's matrix weights each quarter: columns period, year and matrix (in words)."""
    known = sorted(years.unique())
    rows = []
    for quarter in sorted(quarters.unique()):
        year = max((one for one in known if one <= quarter[:4]), default=known[0])
        words = f"flows of {year}" + (", the first there are" if year > quarter[:4] else "")
        rows.append((quarter, year, words))
    return pl.DataFrame(rows, schema=["period", "year", "matrix"], orient="row")
