"""Population at mid-year: the denominator of rates, by sex.

Estimates only; the projections that the same files hold are forecasts and stay out of observations.

Source: UN DESA, Population Division, World Population Prospects; World Bank, SP.POP.TOTL.
"""

from __future__ import annotations

import polars as pl

from sojourn.indicators.model import Indicator, Parameters, Series, Tables

CODE = "SJ.population"


def compute(tables: Tables, _: Parameters) -> list[pl.DataFrame]:
    """Give the population estimates of every revision as observations."""
    frames = []
    if (population := tables.get("population")) is not None:
        estimates = population.filter(variant="estimates")
        frames.append(estimates.select("area", "period", "sex", "value", "source"))
    if (values := tables.get("development_indicators")) is not None:
        own = values.filter(code="SP.POP.TOTL").with_columns(pl.lit("_T").alias("sex"))
        frames.append(own.select("area", "period", "sex", "value", "source"))
    return [
        frame.unique(["area", "period", "sex", "source"], keep="first", maintain_order=True).with_columns(
            pl.lit(CODE).alias("indicator"),
            pl.lit("SJ_POPULATION").alias("series"),
            pl.lit("PS").alias("unit"),
            pl.lit("E").alias("status"),
            pl.lit("as_published/1").alias("method"),
            pl.lit("no error is published for estimates").alias("note"),
        )
        for frame in frames
        if frame.height
    ]


INDICATOR = Indicator(
    code=CODE,
    name="Population at mid-year",
    series=(
        Series(
            code="SJ_POPULATION",
            name="Population at mid-year",
            definition="Persons resident on 1 July, estimates.",
            unit="PS",
            area_role="residents",
            tolerance=0.5,
            words=("population", "inhabitants"),
        ),
    ),
    needs=(("population", "development_indicators"),),
    compute=compute,
    explanation=__doc__,
)
