"""Detected victims of human trafficking (towards SDG 16.2.2): the second indicator proposed in 2015.

The indicator asks for detected and undetected victims per 100,000 people. How to count the undetected is
still open, so the SDG database carries detected victims only. They measure enforcement and reporting as
much as trafficking; so does our rate

    100,000 x detected victims / population at mid-year

More detected victims may mean better work, and a trend in them is no trend in crime.
No error is published.

Source: UNODC through the UNSD Global SDG Indicators Database (series VC_HTF_DETV).
"""

from __future__ import annotations

import polars as pl

from sojourn.indicators.model import Indicator, Parameters, Series, Tables
from sojourn.indicators.published import published
from sojourn.indicators.vintages import newest

CODE = "16.2.2"


def compute(tables: Tables, _: Parameters) -> list[pl.DataFrame]:
    """Give the published numbers of detected victims, and their rate where the population is known."""
    found = published(tables, CODE, ["VC_HTF_DETV"])
    frames = [found] if found.height else []
    population = tables.get("population")
    if found.height and population is not None:
        frames.append(_rate(found, population))
    return [frame for frame in frames if frame.height]


def _rate(victims: pl.DataFrame, population: pl.DataFrame) -> pl.DataFrame:
    people = newest(population.filter(sex="_T", variant="estimates"))
    people = people.select(
        "area", "period", pl.col("value").alias("people"), pl.col("source").alias("people_source")
    )
    joined = victims.filter(breakdown="").join(
        people, on=["area", "period"], how="inner", maintain_order="left"
    )
    return joined.select(
        "indicator",
        pl.lit("SJ_HTF_DETV_RATE").alias("series"),
        "area",
        "period",
        (1e5 * pl.col("value") / pl.col("people")).alias("value"),
        pl.lit("PER_100000_POP").alias("unit"),
        (pl.col("source") + "+" + pl.col("people_source")).alias("source"),
        pl.lit("detected_per_population/1").alias("method"),
        pl.lit("undetected victims are not in it; no error is known").alias("note"),
    )


INDICATOR = Indicator(
    code=CODE,
    name="Victims of human trafficking",
    series=(
        Series(
            code="VC_HTF_DETV",
            name="Detected victims of human trafficking",
            definition="Victims whom the authorities detected in the year; undetected victims are not in it.",
            unit="NUMBER",
            area_role="detects",
            better="lower",
            words=("trafficking", "victims", "human trafficking"),
            limits="Measures enforcement as much as trafficking.",
        ),
        Series(
            code="SJ_HTF_DETV_RATE",
            name="Detected victims of human trafficking per 100,000 people",
            definition="Detected victims over the mid-year population, times 100,000; the detected part of 16.2.2.",
            unit="PER_100000_POP",
            area_role="detects",
            better="lower",
            words=("trafficking rate",),
            limits="Measures enforcement as much as trafficking.",
        ),
    ),
    needs=(("published_values",),),
    uses=("population",),
    compute=compute,
    explanation=__doc__,
    proposal=2,
)
