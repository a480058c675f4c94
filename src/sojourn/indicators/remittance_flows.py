"""Estimated remittance flows between two countries, as the World Bank and KNOMAD publish them.

The flows are modelled: the inflow that a country reports is split over the countries where its migrants
live, by migrant stocks and incomes (Ratha and Shaw 2007). Counted transfers between two countries hardly
exist. No error is published.

Source: World Bank / KNOMAD, Bilateral Remittance Matrices.
"""

from __future__ import annotations

import polars as pl

from sojourn.indicators.model import Indicator, Parameters, Series, Tables

CODE = "SJ.remittance_flows"


def compute(tables: Tables, _: Parameters) -> list[pl.DataFrame]:
    """Give each bilateral flow as an observation, sending country first."""
    return [
        tables["remittance_flows"].select(
            pl.lit(CODE).alias("indicator"),
            pl.lit("SJ_RMT_FLOW").alias("series"),
            pl.col("sending").alias("area"),
            pl.col("receiving").alias("counterpart"),
            "period",
            "value",
            pl.lit("CU_USD_M").alias("unit"),
            pl.lit("E").alias("status"),
            pl.lit("M").alias("nature"),
            "source",
            pl.lit("as_published/1").alias("method"),
            pl.lit("modelled by the publisher; no error is known").alias("note"),
        )
    ]


INDICATOR = Indicator(
    code=CODE,
    name="Estimated remittance flows between countries",
    series=(
        Series(
            code="SJ_RMT_FLOW",
            name="Estimated bilateral remittance flow",
            definition="Remittances from one country to another, in millions of US dollars, modelled.",
            unit="CU_USD_M",
            area_role="sends",
            counterpart_role="receives",
            words=("bilateral remittances", "remittance matrix", "remittance flow"),
            limits="Modelled from migrant stocks and incomes, not counted.",
        ),
    ),
    needs=(("remittance_flows",),),
    compute=compute,
    explanation=__doc__,
)
