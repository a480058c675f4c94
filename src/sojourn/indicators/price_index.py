"""The World Bank's price indices: international operators, digital services, digital-only operators.

Membership is worked out from the quotes of each round, because the publisher does not print it:

* an international money transfer operator is one that serves at least 85 % of the round's corridors;
* a digital service is funded by other means than cash and paid out by other means than cash;
* a digital-only operator is a money transfer operator without any service funded in cash in that round.

All three are from memory of the quarterly reports and await confirmation. The digital indices need the
payment instrument, which the files hold from the second quarter of 2016.
"""

from __future__ import annotations

import polars as pl

from sojourn.indicators.price_rules import PriceParameters, parts, rule
from sojourn.methods import price_averages
from sojourn.methods.coded import Coded

_USED = ("period", "amount", *price_averages.CLUSTER, "provider", "instrument", "pickup", "cost")
_OPERATOR = pl.col("provider").str.contains("MTO", literal=True).fill_null(False)
_CASHLESS_IN = ~pl.col("instrument").str.contains("CASH", literal=True)
_CASHLESS_OUT = ~pl.col("pickup").str.contains("CASH", literal=True)


def index_averages(quotes: pl.DataFrame, rules: PriceParameters) -> list[pl.DataFrame]:
    """Compute the three indices for the world, as observations of SI_RMT_COST without a source.

    Args:
        quotes: the quotes that count.
        rules: presence asked of an international operator, excluded senders, level.
    """
    world = quotes.select(_USED).filter(~pl.col("sending").is_in(list(rules.world_excludes_senders)))
    digital = world.filter(_CASHLESS_IN & _CASHLESS_OUT)
    chosen = {
        "MTO_INDEX": international_operators(world, rules.index_presence),
        "DIGITAL": digital,
        "DIGITAL_MTO": _digital_only(digital, world),
    }
    return [_average(own, name, rules) for name, own in chosen.items() if own.height]


def international_operators(quotes: pl.DataFrame, presence: float) -> pl.DataFrame:
    """Keep the quotes of operators that serve at least the given share of the corridors of a round.

    presence_f = corridors served by firm f / corridors surveyed, in one quarter
    """
    pair = pl.struct("sending", "receiving")
    corridors = quotes.group_by("period").agg(pair.n_unique().alias("corridors"))
    operators = quotes.filter(_OPERATOR)
    served = operators.group_by("period", "firm").agg(pair.n_unique().alias("served"))
    wide = served.join(corridors, on="period").filter(pl.col("served") >= presence * pl.col("corridors"))
    return operators.join(wide.select("period", "firm"), on=["period", "firm"], how="semi")


def _digital_only(digital: pl.DataFrame, all_quotes: pl.DataFrame) -> pl.DataFrame:
    cash = all_quotes.filter(~_CASHLESS_IN).select("period", "firm").unique()
    return digital.filter(_OPERATOR).join(cash, on=["period", "firm"], how="anti")


def _membership(name: str, rules: PriceParameters) -> str:
    return f" [in {rules.index_presence:.0%} of corridors]" if name == "MTO_INDEX" else ""


def _average(quotes: pl.DataFrame, name: str, rules: PriceParameters) -> pl.DataFrame:
    by = ["period", "amount"]
    coded = Coded.of(quotes, [*by, *price_averages.CLUSTER], ["cost"])
    means = price_averages.mean(price_averages.cells(coded, by), by, rules.level)
    known = pl.col("se").is_not_null()
    return means.select(
        pl.lit("10.c.1").alias("indicator"),
        pl.lit("SI_RMT_COST").alias("series"),
        pl.lit("001").alias("area"),
        pl.lit("").alias("counterpart"),
        "period",
        parts({"AVERAGE": name}, {}),
        "value",
        "se",
        "lower",
        "upper",
        "n",
        pl.lit("PT").alias("unit"),
        pl.when(known).then(pl.lit(rules.level)).alias("level"),
        pl.when(known)
        .then(pl.lit("membership of the index is not confirmed"))
        .otherwise(pl.lit("no error is known: a single firm"))
        .alias("note"),
        pl.lit(f"{name.lower()}/1{_membership(name, rules)}{rule(rules, world=True)}").alias("method"),
    )
