"""Prices by corridor and year, and a price for flows that have none; shared by the 10.c indicators."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sojourn import areas
from sojourn.indicators.model import Tables
from sojourn.indicators.price_rules import PriceParameters, by_source, counted, qualifying
from sojourn.methods import price_averages

MEASURES = ("mean", "median", "smart", "margin")
_CORRIDOR = ("period", "sending", "receiving")
_RECEIVER = ("period", "receiving")
_REGION = ("period", "region")
_WORLD = ("period",)
_LEVELS: tuple[tuple[str, ...], ...] = (_CORRIDOR, _RECEIVER, _REGION, _WORLD)


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices of one source at four levels, each a frame with its keys and `MEASURES` (per cent).

    `by` maps the keys of a level – corridor, receiving country, World Bank region, world – to its frame.
    """

    by: dict[tuple[str, ...], pl.DataFrame]

    @property
    def years(self) -> list[str]:
        """Years for which there are prices."""
        return self.by[_WORLD]["period"].to_list()


def corridor_prices(tables: Tables, rules: PriceParameters) -> dict[str, Prices]:
    """Give prices in the quarter that stands for its year, by source.

    Service rows give means over services at every level, as the publisher's own country, regional and
    global averages (the world without the excluded senders). Published corridor averages give means over
    corridors, and serve the years for which no service rows are there.
    """
    found: dict[str, Prices] = {}
    covered: set[str] = set()
    quotes = tables.get("remittance_prices")
    if quotes is not None:
        ours = _annual(quotes.filter(amount=200), rules)
        for source, own in by_source(ours).items() if ours.height else ():
            found[source] = _of_services(own, rules)
            covered |= set(own["period"])
    published = tables.get("published_values")
    if published is not None:
        theirs = _annual(published.filter(series="SI_RMT_COST_BC", breakdown=""), rules)
        theirs = theirs.filter(~pl.col("period").is_in(sorted(covered)))
        for key, own in theirs.partition_by("source", as_dict=True, maintain_order=True).items():
            found[str(key[0])] = _of_corridors(own)
    return found


def _annual(rows: pl.DataFrame, rules: PriceParameters) -> pl.DataFrame:
    chosen = rows.filter(pl.col("period").str.ends_with(f"-Q{rules.annual_quarter}"))
    return chosen.with_columns(pl.col("period").str.slice(0, 4))


def _of_services(quotes: pl.DataFrame, rules: PriceParameters) -> Prices:
    used, fit = _in_regions(counted(quotes, rules)), _in_regions(qualifying(quotes, rules))
    corridors = price_averages.smart(fit, _CORRIDOR, rules.smart_services)
    smart = _in_regions(corridors.select(*_CORRIDOR, "value"))
    levels: dict[tuple[str, ...], pl.DataFrame] = {}
    for keys in _LEVELS:
        rows, cheap = used, smart
        if keys == _WORLD:
            excluded = pl.col("sending").is_in(list(rules.world_excludes_senders))
            rows, cheap = used.filter(~excluded), smart.filter(~excluded)
        levels[keys] = _measured(rows.drop_nulls(list(keys)), cheap.drop_nulls(list(keys)), keys)
    return Prices(levels)


def _measured(services: pl.DataFrame, smart: pl.DataFrame, keys: tuple[str, ...]) -> pl.DataFrame:
    mean = price_averages.simple_mean(services, "cost", keys).drop("n").rename({"value": "mean"})
    for name, measure in (
        ("median", price_averages.median(services, keys)),
        ("smart", price_averages.simple_mean(smart, "value", keys).drop("n")),
        ("margin", price_averages.simple_mean(services.drop_nulls("margin"), "margin", keys).drop("n")),
    ):
        mean = mean.join(measure.rename({"value": name}), on=keys, how="left", maintain_order="left")
    # A corridor without a qualifying service has no SmaRT average; its mean stands in, so that sums over
    # corridors compare like with like.
    return mean.with_columns(pl.col("smart").fill_null(pl.col("mean")))


def _of_corridors(published: pl.DataFrame) -> Prices:
    corridors = _in_regions(
        published.select(
            "period", pl.col("area").alias("sending"), pl.col("counterpart").alias("receiving"), "value"
        )
    )
    unknown = [pl.lit(None, pl.Float64).alias(name) for name in MEASURES[1:]]
    levels: dict[tuple[str, ...], pl.DataFrame] = {}
    for keys in _LEVELS:
        mean = price_averages.simple_mean(corridors.drop_nulls(list(keys)), "value", keys).drop("n")
        levels[keys] = mean.rename({"value": "mean"}).with_columns(unknown)
    return Prices(levels)


def _in_regions(rows: pl.DataFrame) -> pl.DataFrame:
    region = areas.memberships("worldbank_region").rename({"area": "receiving", "group": "region"})
    return rows.join(region, on="receiving", how="left", maintain_order="left")


def priced(flows: pl.DataFrame, prices: Prices) -> pl.DataFrame:
    """Give every flow a price: its own, else that of its receiving country, its region, the world.

    Args:
        flows: period, sending, receiving and value. Where `sending` is empty the flow is a country's whole
            inflow, and the price of its receiving country is its own.
        prices: of one source.

    Returns:
        The flows with `MEASURES` filled (a measure that no corridor has stays null), and `imputed`: true
        where the price is not the flow's own.
    """
    whole = (flows["sending"] == "").all()
    own = _RECEIVER if whole else _CORRIDOR
    found = _in_regions(flows).join(prices.by[own], on=own, how="left", maintain_order="left")
    found = found.with_columns(pl.col("mean").is_null().alias("imputed"))
    for keys in (_RECEIVER, _REGION, _WORLD):
        found = found.join(prices.by[keys], on=keys, how="left", maintain_order="left", suffix="_wider")
        found = found.with_columns(pl.coalesce(name, f"{name}_wider").alias(name) for name in MEASURES)
        found = found.drop(f"{name}_wider" for name in MEASURES)
    return found.drop("region")
