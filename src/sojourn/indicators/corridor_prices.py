"""Prices by corridor and year, and a price for corridors that have none; shared by the 10.c indicators."""

from __future__ import annotations

import polars as pl

from sojourn import areas
from sojourn.indicators.model import Tables
from sojourn.indicators.price_rules import PriceParameters, by_source, counted, qualifying
from sojourn.methods import price_averages

MEASURES = ("mean", "median", "smart", "margin")
_CORRIDOR = ["period", "sending", "receiving"]


def corridor_prices(tables: Tables, rules: PriceParameters) -> dict[str, pl.DataFrame]:
    """Give the price of each corridor in the quarter that stands for its year, by source.

    Service rows give mean, median, SmaRT average and mean margin. Published corridor averages give the mean
    only, and serve the years for which no service rows are there.

    Returns:
        Source -> columns period (year), sending, receiving, mean, median, smart, margin (per cent).
    """
    found: dict[str, pl.DataFrame] = {}
    covered: set[str] = set()
    quotes = tables.get("remittance_prices")
    if quotes is not None:
        ours = quotes.filter(amount=200).filter(pl.col("period").str.ends_with(f"-Q{rules.annual_quarter}"))
        ours = ours.with_columns(pl.col("period").str.slice(0, 4))
        for source, own in by_source(ours).items() if ours.height else ():
            found[source] = _of_services(own, rules)
            covered |= set(own["period"])
    published = tables.get("published_values")
    if published is not None:
        theirs = published.filter(series="SI_RMT_COST_BC", breakdown="").filter(
            pl.col("period").str.ends_with(f"-Q{rules.annual_quarter}")
        )
        theirs = theirs.with_columns(pl.col("period").str.slice(0, 4))
        theirs = theirs.filter(~pl.col("period").is_in(sorted(covered)))
        for key, own in theirs.partition_by("source", as_dict=True, maintain_order=True).items():
            found[str(key[0])] = own.select(
                "period",
                pl.col("area").alias("sending"),
                pl.col("counterpart").alias("receiving"),
                pl.col("value").alias("mean"),
                *(pl.lit(None, pl.Float64).alias(name) for name in MEASURES[1:]),
            )
    return found


def _of_services(quotes: pl.DataFrame, rules: PriceParameters) -> pl.DataFrame:
    used = counted(quotes, rules)
    mean = price_averages.simple_mean(used, "cost", _CORRIDOR).drop("n").rename({"value": "mean"})
    margin = price_averages.simple_mean(used.drop_nulls("margin"), "margin", _CORRIDOR).drop("n")
    median = price_averages.median(used, _CORRIDOR).rename({"value": "median"})
    smart = price_averages.smart(qualifying(quotes, rules), _CORRIDOR, rules.smart_services).drop("n")
    for other in (median, smart.rename({"value": "smart"}), margin.rename({"value": "margin"})):
        mean = mean.join(other, on=_CORRIDOR, how="left", maintain_order="left")
    # A corridor without a qualifying service has no SmaRT average; its mean stands in, so that sums over
    # corridors compare like with like.
    return mean.with_columns(pl.col("smart").fill_null(pl.col("mean")))


def impute(flows: pl.DataFrame, prices: pl.DataFrame) -> pl.DataFrame:
    """Give every flow a price: its corridor's, else the mean to its receiving country, region, the world.

    Args:
        flows: period, sending, receiving and value; sending may be empty where it is not known.
        prices: as `corridor_prices` gives them; every priced corridor counts in the means, with a flow or
            without.

    Returns:
        The flows with `MEASURES` filled (a measure that no corridor has stays null), and `imputed`.
    """
    region = areas.memberships("worldbank_region").rename({"area": "receiving", "group": "region"})
    flows = flows.join(prices, on=_CORRIDOR, how="left", maintain_order="left")
    flows = flows.with_columns(pl.col("mean").is_null().alias("imputed"))
    flows = flows.join(region, on="receiving", how="left", maintain_order="left")
    pool = prices.join(region, on="receiving", how="left", maintain_order="left")
    for by in (["period", "receiving"], ["period", "region"], ["period"]):
        for measure in MEASURES:
            known = pool.drop_nulls([measure, *by])
            if not known.height:
                continue
            means = price_averages.simple_mean(known, measure, by).drop("n").rename({"value": "stand_in"})
            flows = (
                flows.join(means, on=by, how="left", maintain_order="left")
                .with_columns(pl.coalesce(measure, "stand_in").alias(measure))
                .drop("stand_in")
            )
    return flows.drop("region")
