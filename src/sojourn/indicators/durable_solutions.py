"""Refugees who found a durable solution: the fourth indicator proposed in 2015.

Return, resettlement and naturalisation (as a proxy of local integration) in a year. Our solutions rate

    rate_t = 100 (returns + resettled + naturalised)_t / refugees at the end of t - 1

is a definition of this program, not an official one. The count of solutions is a flow and need not be
permanent; naturalisation is badly under-reported, so the rate is a lower bound on what is reported.
SDG 10.7.4, adopted later, measures something else: the proportion of a population who are refugees.

Source: UNHCR, Refugee Data Finder.
"""

from __future__ import annotations

import polars as pl

from sojourn.indicators.model import Dimension, Indicator, Parameters, Series, Tables
from sojourn.indicators.published import published
from sojourn.sums import ordered_sum

CODE = "SJ.durable_solutions"

_SOLUTIONS = {
    "RETURN": "voluntary return",
    "RESETTLEMENT": "resettlement in a third country",
    "NATURALISATION": "naturalisation, proxy of local integration",
}


def compute(tables: Tables, _: Parameters) -> list[pl.DataFrame]:
    """Give the published counts, and compute the solutions rate where both its parts are there."""
    counts = published(tables, CODE, ["SJ_REFG_SOLUTIONS", "SJ_REFUGEES"])
    if not counts.height:
        return []
    solutions = (
        counts.filter(series="SJ_REFG_SOLUTIONS")
        .group_by("area", "period", "source", maintain_order=True)
        # A rate of one solution alone would pass for the rate of all three.
        .agg(ordered_sum("value"), pl.col("breakdown").n_unique().alias("solutions"))
        .filter(pl.col("solutions") == len(_SOLUTIONS))
        .drop("solutions")
    )
    stock = counts.filter(series="SJ_REFUGEES").select(
        "area",
        "source",
        (pl.col("period").cast(pl.Int32) + 1).cast(pl.String).alias("period"),
        pl.col("value").alias("refugees"),
    )
    rate = solutions.join(stock, on=["area", "period", "source"], how="inner").select(
        pl.lit(CODE).alias("indicator"),
        pl.lit("SJ_REFG_SOLUTIONS_RATE").alias("series"),
        "area",
        "period",
        (100 * pl.col("value") / pl.col("refugees")).alias("value"),
        pl.lit("PT").alias("unit"),
        "source",
        pl.lit("solutions_rate/1").alias("method"),
        pl.lit("own definition; no error is known; naturalisation is under-reported").alias("note"),
    )
    return [frame for frame in (counts, rate) if frame.height]


INDICATOR = Indicator(
    code=CODE,
    name="Refugees with a durable solution",
    series=(
        Series(
            code="SJ_REFG_SOLUTIONS",
            name="Durable solutions of refugees in the year",
            definition="Refugees who returned, were resettled or were naturalised in the year.",
            unit="NUMBER",
            area_role="host countries of the area",
            better="higher",
            dimensions=(
                Dimension(
                    "SOLUTION",
                    "solution",
                    _SOLUTIONS,
                    "all three",
                ),
            ),
            words=("durable solutions", "return", "resettlement"),
        ),
        Series(
            code="SJ_REFG_SOLUTIONS_RATE",
            name="Durable solutions per 100 refugees",
            definition="Returns, resettlements and naturalisations over refugees at the end of the year before.",
            unit="PT",
            area_role="host countries of the area",
            better="higher",
            words=("durable solutions rate",),
            limits="Own definition; naturalisation is under-reported.",
        ),
        Series(
            code="SJ_REFUGEES",
            name="Refugees under UNHCR's mandate, end of year",
            definition="Refugees and people in refugee-like situations, at the end of the year.",
            unit="NUMBER",
            area_role="hosts",
            words=("refugees", "refugee stock"),
        ),
    ),
    needs=(("published_values",),),
    compute=compute,
    explanation=__doc__,
    proposal=4,
)
