"""Amount of remittances spent on transfer costs: the first of the five indicators proposed in 2015.

No official series exists. For the flow R_ij from i to j and the average cost c_ij of its corridor in the
third quarter of the same year,

    spent   S = sum R_ij c_ij / 100
    saving  V = sum R_ij max(0, c_ij - ceiling) / 100       at ceilings of 3 and 5 per cent

Corridors without a surveyed price take the average of their receiving country, then of its World Bank region,
then of the world – the publisher's averages over services, or means over corridors where only published
corridor averages are at hand. Where no bilateral flows are at hand, the inflow that a country
reports is priced the same way (method `spent_by_receiver`); with them, that stands beside it. What share of
the flow has a price of its own (SJ_RMT_COVERAGE) and what share of the amount is imputed (SJ_RMT_IMPUTED) is
printed beside it, and the sum over priced corridors alone stands under COVERAGE=PRICED.

The range is no probability interval (`level` is empty). It spans the results under the stated doubts: the
price as the mean, the median or the SmaRT average of the corridor; the flow as the amount sent, or as the
amount received, net of the exchange rate margin (with published averages alone, of any margin up to the whole
cost). Doubts it does not span: flows are modelled, not counted;
prices are not weighted by market share; informal transfers are in neither.

Sources: flows, World Bank / KNOMAD bilateral matrices (Ratha and Shaw 2007); prices, Remittance Prices
Worldwide; where service rows are absent, the World Bank's published corridor averages.
"""

from __future__ import annotations

import polars as pl

from sojourn import areas
from sojourn.indicators.corridor_prices import corridor_prices, priced
from sojourn.indicators.model import Dimension, Indicator, Series, Tables
from sojourn.indicators.price_rules import PriceParameters, regions, rule
from sojourn.indicators.vintages import newest
from sojourn.methods import transfer_cost
from sojourn.sums import ordered_sum

CODE = "10.c.1"
_MILLIONS = "CU_USD_M"

_PRICES = ("mean", "median", "smart")
_BASES = ("sent", "received")


def compute(tables: Tables, rules: PriceParameters) -> list[pl.DataFrame]:
    """Compute spent amounts, savings, coverage and imputed shares for each year with flows and prices."""
    frames: list[pl.DataFrame] = []
    for price_source, prices in corridor_prices(tables, rules).items():
        for method, flows in _flows(tables).items():
            known = flows.filter(pl.col("period").is_in(prices.years))
            if known.height:
                amounts = _amounts(priced(known, prices))
                both = (pl.col("source") + pl.lit(f"+{price_source}")).alias("source")
                frames += _results(amounts.with_columns(both), f"{method}/1{rule(rules)}")
    return frames


def _flows(tables: Tables) -> dict[str, pl.DataFrame]:
    """Give the flows by method: between two countries, and into each country where only that is known."""
    found = {}
    if (bilateral := tables.get("remittance_flows")) is not None:
        found["spent_by_corridor"] = bilateral.select("period", "sending", "receiving", "value", "source")
    if (values := tables.get("development_indicators")) is not None and (inflows := _inflows(values)).height:
        found["spent_by_receiver"] = inflows
    return found


def _inflows(values: pl.DataFrame) -> pl.DataFrame:
    """Give each country's inflow in millions of US dollars, from wherever it comes in; newest vintage only.

    Where no file has the inflow in dollars, it is the published share of GDP times GDP.
    """
    direct = values.filter(code="BX.TRF.PWKR.CD.DT").select("area", "period", "value", "source")
    share = values.filter(code="BX.TRF.PWKR.DT.GD.ZS")
    gdp = values.filter(code="NY.GDP.MKTP.CD").select(
        "area", "period", "source", pl.col("value").alias("gdp")
    )
    implied = share.join(gdp, on=["area", "period", "source"], how="inner", maintain_order="left").select(
        "area", "period", pl.col("value") * pl.col("gdp") / 100, "source"
    )
    inflows = direct if direct.height else implied
    countries = areas.table().filter(kind="country")
    return (
        newest(inflows)
        .join(countries, on="area", how="semi", maintain_order="left")
        .select(
            "period",
            pl.lit("").alias("sending"),
            pl.col("area").alias("receiving"),
            pl.col("value") / 1e6,
            "source",
        )
    )


def _amounts(flows: pl.DataFrame) -> pl.DataFrame:
    """Add to each flow what it loses under every combination of price and basis, and what it would save.

    Where the margin is not known it is at most the whole cost, which bounds the amount from above.
    """
    flow = flows["value"]
    margin = flows["mean"] if flows["margin"].null_count() == flows.height else flows["margin"]
    columns = {}
    for price in _PRICES:
        cost = flows[price]
        columns[f"{price}_sent"] = transfer_cost.spent(flow, cost)
        columns[f"{price}_received"] = transfer_cost.spent_on_received(flow, cost, margin)
    for ceiling in (3, 5):
        columns[f"saving_{ceiling}"] = transfer_cost.saving(flow, flows["mean"], ceiling)
    return flows.with_columns(pl.Series(name, values).fill_nan(None) for name, values in columns.items())


def _results(amounts: pl.DataFrame, method: str) -> list[pl.DataFrame]:
    surveyed = amounts.filter(~pl.col("imputed"))
    world, outbound = pl.lit("001"), pl.lit("DIRECTION=OUTBOUND")
    by_region = amounts.join(regions(), on="receiving", how="inner", maintain_order="left")
    sent = amounts.filter(pl.col("sending") != "")
    frames = [
        *_sums(surveyed, world, pl.lit("COVERAGE=PRICED"), method),
        *_sums(amounts, world, pl.lit(""), method),
        *_sums(amounts, pl.col("receiving"), pl.lit(""), method),
        *_sums(sent, pl.col("sending"), outbound, method),
        *_sums(by_region, pl.col("region"), pl.lit(""), method),
        *_shares(amounts, world, pl.lit(""), method),
        *_shares(amounts, pl.col("receiving"), pl.lit(""), method),
    ]
    return [frame for frame in frames if frame.height]


def _sums(amounts: pl.DataFrame, area: pl.Expr, breakdown: pl.Expr, method: str) -> list[pl.DataFrame]:
    """Sum the amounts by area; the range is what the combinations of price and basis span."""
    key = amounts.select("period", area.alias("area"), breakdown.alias("breakdown"), "source")
    frames = []
    for series, headline, alternatives in (
        ("SJ_RMT_COST_SPENT", "mean_sent", [f"{price}_{basis}" for price in _PRICES for basis in _BASES]),
        ("SJ_RMT_SAVING_3", "saving_3", []),
        ("SJ_RMT_SAVING_5", "saving_5", []),
    ):
        known = [name for name in alternatives if amounts[name].null_count() < amounts.height]
        keyed = pl.concat([key, amounts.select({headline, *known})], how="horizontal")
        summed = _summed(keyed, [headline, *(name for name in known if name != headline)])
        low, high = (
            (pl.min_horizontal(known), pl.max_horizontal(known))
            if len(known) > 1
            else (pl.lit(None), pl.lit(None))
        )
        frames.append(
            _shape(
                summed.with_columns(pl.col(headline).alias("value"), low.alias("lower"), high.alias("upper")),
                series,
                _MILLIONS,
                method,
                "range over the known prices (mean, median, SmaRT) and over sent or received flows; no probability"
                if len(known) > 1
                else "no error is known",
            )
        )
    return frames


def _summed(keyed: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """Add up in the order of the rows, so that the same flows give the same bits."""
    keys = ["period", "area", "breakdown", "source"]
    return (
        keyed.sort(keys, maintain_order=True)
        .group_by(keys, maintain_order=True)
        .agg(*(ordered_sum(name) for name in columns), pl.len().cast(pl.Int64).alias("n"))
    )


def _shares(amounts: pl.DataFrame, area: pl.Expr, breakdown: pl.Expr, method: str) -> list[pl.DataFrame]:
    keyed = amounts.with_columns(
        area.alias("area"),
        breakdown.alias("breakdown"),
        pl.when(~pl.col("imputed")).then(pl.col("value")).otherwise(0.0).alias("priced_flow"),
        pl.when(pl.col("imputed")).then(pl.col("mean_sent")).otherwise(0.0).alias("imputed_amount"),
    )
    summed = _summed(keyed, ["value", "priced_flow", "imputed_amount", "mean_sent"])
    shares = (
        ("SJ_RMT_COVERAGE", 100 * pl.col("priced_flow") / pl.col("value")),
        ("SJ_RMT_IMPUTED", 100 * pl.col("imputed_amount") / pl.col("mean_sent")),
    )
    return [
        _shape(
            summed.with_columns(share.alias("value")).filter(pl.col("value").is_finite()),
            series,
            "PT",
            method,
            "describes the data; it has no error of its own",
        )
        for series, share in shares
    ]


def _shape(summed: pl.DataFrame, series: str, unit: str, method: str, note: str) -> pl.DataFrame:
    bounds = [name for name in ("lower", "upper") if name in summed.columns]
    return summed.select(
        pl.lit(CODE).alias("indicator"),
        pl.lit(series).alias("series"),
        "area",
        "period",
        "breakdown",
        "value",
        *bounds,
        "n",
        pl.lit(unit).alias("unit"),
        pl.lit("E").alias("status"),
        pl.lit("M").alias("nature"),
        "source",
        pl.lit(method).alias("method"),
        pl.lit(note).alias("note"),
    )


_COVERAGE = Dimension(
    "COVERAGE", "corridors", {"PRICED": "corridors with a surveyed price only"}, "all corridors"
)
_DIRECTION = Dimension("DIRECTION", "direction", {"OUTBOUND": "sent from the area"}, "received by the area")
_PREFERRED = ("spent_by_corridor", "spent_by_receiver")
_ROLE = "receives (sends, where DIRECTION=OUTBOUND)"

SERIES = (
    Series(
        code="SJ_RMT_COST_SPENT",
        name="Remittances spent on transfer costs",
        definition="Estimated remittance flows times the average cost of their corridor.",
        unit=_MILLIONS,
        area_role=_ROLE,
        better="lower",
        dimensions=(_COVERAGE, _DIRECTION),
        words=("money lost to transfer costs", "amount spent on transfer", "cost of remittances in dollars"),
        limits="Flows are modelled; prices are not weighted by market share.",
        headline=_PREFERRED,
    ),
    Series(
        code="SJ_RMT_SAVING_3",
        name="Saving if no corridor cost more than 3 per cent",
        definition="What senders and receivers would keep if every cost above 3 % fell to 3 %.",
        unit=_MILLIONS,
        area_role=_ROLE,
        dimensions=(_COVERAGE, _DIRECTION),
        words=("potential saving",),
        headline=_PREFERRED,
    ),
    Series(
        code="SJ_RMT_SAVING_5",
        name="Saving if no corridor cost more than 5 per cent",
        definition="What senders and receivers would keep if every cost above 5 % fell to 5 %.",
        unit=_MILLIONS,
        area_role=_ROLE,
        dimensions=(_COVERAGE, _DIRECTION),
        words=("potential saving",),
        headline=_PREFERRED,
    ),
    Series(
        code="SJ_RMT_COVERAGE",
        name="Share of estimated remittance flows with a surveyed price",
        definition="Flow through corridors with a price of their own, in per cent of the whole flow.",
        unit="PT",
        area_role="receives",
        words=("coverage of remittance prices",),
        headline=_PREFERRED,
    ),
    Series(
        code="SJ_RMT_IMPUTED",
        name="Share of the amount spent on transfer costs that is imputed",
        definition="Amount on corridors priced by their receiving country, region or the world, in per cent.",
        unit="PT",
        area_role="receives",
        words=("imputed share",),
        headline=_PREFERRED,
    ),
)

INDICATOR = Indicator(
    code=CODE,
    name="Remittances spent on transfer costs",
    series=SERIES,
    needs=(
        ("remittance_prices", "published_values"),
        ("remittance_flows", "development_indicators"),
    ),
    uses=("remittance_prices", "remittance_flows"),
    compute=compute,
    parameters=PriceParameters,
    explanation=__doc__,
    proposal=1,
)
