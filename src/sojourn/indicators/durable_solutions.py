"""Refugees who found a durable solution: the fourth indicator proposed in 2015.

Return, resettlement and naturalisation (as a proxy of local integration) in a year. Our solutions rate

    rate_t = 100 (returns + resettled + naturalised)_t / refugees at the end of t - 1

is a definition of this program, not an official one. The count of solutions is a flow and need not be
permanent; naturalisation is badly under-reported, so the rate is a lower bound on what is reported.
SDG 10.7.4, adopted later, measures something else: the proportion of a population who are refugees.

With UNHCR's rows all of it is computed for the world, by country of origin (SIDE=ORIGIN) and by host.
Resettlement is counted where people arrive; so a host's rate leaves it out. The stock-flow line

    R_t = R_(t-1) + recognitions - solutions + unexplained

says how much of a year's change the reported flows explain: recognitions are individual (persons only),
so that group recognition, births, deaths, corrections and breaks (China after 2021) are unexplained.
The resettlement gap, needs less places, cannot be given: UNHCR reports needs, and its service does not hold them.
Published figures, of UNHCR itself and of the World Bank, stand beside the computed ones. The World Bank's
refugees by country of asylum also hold Palestine refugees registered with UNRWA: 5.34 million of 22.52 in 2016.

Source: UNHCR, Refugee Data Finder.
"""

from __future__ import annotations

import polars as pl

from sojourn.indicators.displacement import SIDE
from sojourn.indicators.model import Dimension, Indicator, Parameters, Series, Tables
from sojourn.indicators.published import published, published_indicators
from sojourn.indicators.solutions_from_rows import from_rows
from sojourn.sums import ordered_sum

CODE = "SJ.durable_solutions"


def compute(tables: Tables, _: Parameters) -> list[pl.DataFrame]:
    """Compute solutions from rows; give the published counts, and the rate where both its parts are there."""
    counts = published(tables, CODE, ["SJ_REFG_SOLUTIONS", "SJ_REFUGEES"])
    world_bank = {"SM.POP.REFG": ("SJ_REFUGEES", ""), "SM.POP.REFG.OR": ("SJ_REFUGEES", "SIDE=ORIGIN")}
    frames = [
        counts,
        _published_rate(counts) if counts.height else counts,
        published_indicators(tables, CODE, world_bank, "NUMBER"),
        *from_rows(tables, CODE),
    ]
    return [frame for frame in frames if frame.height]


def _published_rate(counts: pl.DataFrame) -> pl.DataFrame:
    solutions = (
        counts.filter(series="SJ_REFG_SOLUTIONS")
        .group_by("area", "period", "source", maintain_order=True)
        # A rate of one solution alone would pass for the rate of all three.
        .agg(ordered_sum("value"), pl.col("breakdown").n_unique().alias("solutions"))
        .filter(pl.col("solutions") == 3)
        .drop("solutions")
    )
    stock = counts.filter(series="SJ_REFUGEES").select(
        "area",
        "source",
        (pl.col("period").cast(pl.Int32) + 1).cast(pl.String).alias("period"),
        pl.col("value").alias("refugees"),
    )
    return solutions.join(stock, on=["area", "period", "source"], how="inner").select(
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


_SOLUTION = Dimension(
    "SOLUTION",
    "solution",
    {
        "RETURN": "voluntary return",
        "RESETTLEMENT": "resettlement in a third country",
        "NATURALISATION": "naturalisation, proxy of local integration",
    },
    "all three",
)
_COMPONENT = Dimension(
    "COMPONENT",
    "component",
    {
        "OPENING": "refugees at the end of the year before",
        "RECOGNITIONS": "persons recognised as refugees one by one",
        "SOLUTIONS": "returned, resettled and naturalised",
        "UNEXPLAINED": "arrivals in groups, births, deaths, corrections and breaks",
        "CLOSING": "refugees at the end of the year",
    },
    "not used",
)

INDICATOR = Indicator(
    code=CODE,
    name="Refugees with a durable solution",
    series=(
        Series(
            code="SJ_REFG_SOLUTIONS",
            name="Durable solutions of refugees in the year",
            definition="Refugees who returned, were resettled or were naturalised in the year.",
            unit="NUMBER",
            area_role="host countries of the area (of resettlement: where people arrive)",
            better="higher",
            dimensions=(_SOLUTION, SIDE),
            words=("durable solutions", "return", "resettlement"),
        ),
        Series(
            code="SJ_REFG_SOLUTIONS_RATE",
            name="Durable solutions per 100 refugees",
            definition="Returns, resettlements and naturalisations over refugees at the end of the year before.",
            unit="PT",
            area_role="host countries of the area",
            better="higher",
            dimensions=(SIDE,),
            words=("durable solutions rate",),
            limits="Own definition; naturalisation is under-reported.",
        ),
        Series(
            code="SJ_REFG_SOLUTIONS_SHARE",
            name="Share of each durable solution",
            definition="Each solution in per cent of the three in the year, as far as reported.",
            unit="PT",
            area_role="the world, or the origin",
            dimensions=(_SOLUTION, SIDE),
            words=("share of solutions",),
            limits="Naturalisation is under-reported.",
        ),
        Series(
            code="SJ_REFG_STOCK_FLOW",
            name="Refugees: how the stock of a year became the next",
            definition="Opening stock, recognitions, solutions, the unexplained rest, and closing stock.",
            unit="NUMBER",
            area_role="the world, or the origin",
            dimensions=(_COMPONENT, SIDE),
            words=("stock and flow of refugees", "stock-flow"),
            limits="A consistency check; the unexplained part is not an error of measurement.",
        ),
        Series(
            code="SJ_REFUGEES",
            name="Refugees under UNHCR's mandate, end of year",
            definition="Refugees and people in refugee-like situations, at the end of the year.",
            unit="NUMBER",
            area_role="hosts",
            dimensions=(SIDE,),
            words=("refugees", "refugee stock"),
            limits="Palestine refugees under UNRWA are not in it; the World Bank's figures hold them.",
        ),
    ),
    needs=(("published_values", "refugee_solutions", "displaced_population"),),
    uses=("asylum_decisions", "development_indicators"),
    compute=compute,
    explanation=__doc__,
    proposal=4,
)
