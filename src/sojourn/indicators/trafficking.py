"""Detected victims of human trafficking (towards SDG 16.2.2): the second indicator proposed in 2015.

The indicator asks for detected and undetected victims per 100,000 people. How to count the undetected is
still open, so the SDG database carries detected victims only. They measure enforcement and reporting as
much as trafficking; so does our rate

    100,000 x detected victims / population at mid-year

More detected victims may mean better work, and a trend in them is no trend in crime.

Countries report to UNODC, whose file hides every count below five. A country with a hidden count has no
number here, but a status; a sum over countries is the least it can be, with S the sum of the printed counts,

    value = lower = S + a k,   upper = S + 4 k,   k = countries with a hidden count, a = 0

a = `[parameters.trafficking] least_hidden`: UNODC prints no zero either, and differences of printed totals and
parts show that zeros are hidden too. The range is no probability interval. World 2022: S = 75,128 over 112
countries that reported, 12 of them hidden, so 75,128 to 75,176. Which countries report changes every year.

By sex, age, form of exploitation (a series each, as in the SDG database; UNODC counts the removal of organs
under other forms) and citizenship (`counterpart`; one's own citizens are the country itself).
No error is published.

Sources: UNODC, Global Report on Trafficking in Persons; UNSD, Global SDG Indicators Database (VC_HTF_DETV).
"""

from __future__ import annotations

import re
from typing import ClassVar

import polars as pl
from pydantic import Field

from sojourn import areas
from sojourn.indicators.model import Indicator, Parameters, Series, Tables
from sojourn.indicators.published import published
from sojourn.indicators.vintages import newest
from sojourn.sources.unodc_glotip import MOST_HIDDEN

CODE = "16.2.2"
WORLD = "001"

FORMS = {"SEXUAL": "VC_HTF_DETVSX", "LABOUR": "VC_HTF_DETVFL", "OTHER": "VC_HTF_DETVOP"}
PUBLISHED = ("VC_HTF_DETV", "VC_HTF_DETVSX", "VC_HTF_DETVFL", "VC_HTF_DETVOG", "VC_HTF_DETVOP")
LIMITS = "Measures enforcement as much as trafficking; a trend in it is no trend in crime."

_ENFORCEMENT = "detected victims measure enforcement as much as trafficking; no error is known"
_CELL = ("series", "period", "counterpart", "sex", "age", "source")


class TraffickingParameters(Parameters):
    """What the mark "<5" stands for at least: 0, or 1 for who takes it that zeros are not hidden."""

    section: ClassVar[str] = "trafficking"

    least_hidden: int = Field(default=0, ge=0, le=1)


def compute(tables: Tables, parameters: Parameters) -> list[pl.DataFrame]:
    """Give detected victims as published and as UNODC's rows have them, and their rate."""
    least = parameters.least_hidden if isinstance(parameters, TraffickingParameters) else 0
    found = published(tables, CODE, PUBLISHED)
    frames = [found] if found.height else []
    if (reported := tables.get("trafficking_victims")) is not None:
        victims = _victims(reported)
        frames += [_countries(victims), _sums(victims, least)]
    population = tables.get("population")
    if population is not None:
        frames += [_rate(_totals(frame), population) for frame in frames if frame.height]
    return [frame for frame in frames if frame.height]


def _victims(reported: pl.DataFrame) -> pl.DataFrame:
    """Keep detected victims, once where two files hold the same export, as series with their codes."""
    victims = reported.filter(
        pl.col("measure") == "VICTIMS",
        pl.col("dimension") != "REPATRIATION",
        pl.col("category").is_not_null(),
    )
    once = _each_export_once(victims)
    citizens = pl.col("dimension") == "CITIZENSHIP"
    return once.with_columns(
        pl.when(pl.col("dimension") == "EXPLOITATION")
        .then(pl.col("category").replace_strict(FORMS, default=None, return_dtype=pl.String))
        .otherwise(pl.lit("VC_HTF_DETV"))
        .alias("series"),
        pl.when(citizens).then(pl.col("category")).otherwise(pl.lit("")).alias("counterpart"),
        pl.col("value").cast(pl.Float64),
    ).sort("area", *_CELL)


def _each_export_once(victims: pl.DataFrame) -> pl.DataFrame:
    """Drop a file that holds, row for row, what another file of the same edition holds: workbook and CSV."""
    content = [name for name in victims.columns if name not in ("source", "row")]
    seen: dict[str, list[pl.DataFrame]] = {}
    kept = []
    for source in victims["source"].unique().sort():
        own = victims.filter(source=source).sort(content)
        earlier = seen.setdefault(re.sub(r"-[0-9a-f]{8}$", "", source), [])
        if not any(own.select(content).equals(one) for one in earlier):
            earlier.append(own.select(content))
            kept.append(own)
    return pl.concat([victims.clear(), *kept])


def _countries(victims: pl.DataFrame) -> pl.DataFrame:
    """Each country's own figures; a hidden count is a status, not a number."""
    hidden = pl.col("hidden")
    return victims.select(
        pl.lit(CODE).alias("indicator"),
        "series",
        "area",
        *(name for name in _CELL if name != "series"),
        "value",
        pl.lit("NUMBER").alias("unit"),
        pl.when(hidden).then(pl.lit("Q")).otherwise(pl.lit("A")).alias("status"),
        pl.lit("detected_as_reported/1").alias("method"),
        pl.when(hidden)
        .then(pl.lit(f"printed as <5: 0 to {MOST_HIDDEN}; no error is known"))
        .otherwise(pl.lit(_ENFORCEMENT))
        .alias("note"),
    )


def _sums(victims: pl.DataFrame, least: int) -> pl.DataFrame:
    """World and regions: the sum of what is printed, and the range that the hidden counts leave."""
    groups = pl.concat([areas.memberships("m49"), areas.memberships("sdg")]).unique()
    sums = (
        victims.join(groups, on="area", how="inner")
        .with_columns(pl.col("value").cast(pl.Int64))
        .group_by("group", *_CELL)
        .agg(
            pl.col("value").sum().alias("printed"),
            pl.col("hidden").sum().cast(pl.Int64).alias("marks"),
            pl.len().cast(pl.Int64).alias("countries"),
        )
        .sort("group", *_CELL)
    )
    return sums.select(
        pl.lit(CODE).alias("indicator"),
        "series",
        pl.col("group").alias("area"),
        *(name for name in _CELL if name != "series"),
        (pl.col("printed") + least * pl.col("marks")).cast(pl.Float64).alias("value"),
        (pl.col("printed") + least * pl.col("marks")).cast(pl.Float64).alias("lower"),
        (pl.col("printed") + MOST_HIDDEN * pl.col("marks")).cast(pl.Float64).alias("upper"),
        pl.lit("NUMBER").alias("unit"),
        pl.lit(f"sum_of_reported/1 [least_hidden {least}]").alias("method"),
        pl.format(
            "{} countries reported, {} of them as <5: a lower bound; other countries in other years; {}",
            "countries",
            "marks",
            pl.lit(_ENFORCEMENT),
        ).alias("note"),
    )


def _totals(frame: pl.DataFrame) -> pl.DataFrame:
    """All victims of a country and year: no part, no citizenship, nothing hidden, no sum over reporters."""
    rows = frame.filter(pl.col("series") == "VC_HTF_DETV", pl.col("value").is_not_null())
    for name, total in (("counterpart", ""), ("sex", "_T"), ("age", "_T"), ("breakdown", "")):
        if name in rows.columns:
            rows = rows.filter(pl.col(name) == total)
    return rows if "lower" not in rows.columns else rows.clear()


def _rate(victims: pl.DataFrame, population: pl.DataFrame) -> pl.DataFrame:
    people = newest(population.filter(sex="_T", variant="estimates"))
    people = people.select(
        "area", "period", pl.col("value").alias("people"), pl.col("source").alias("people_source")
    )
    joined = victims.join(people, on=["area", "period"], how="inner", maintain_order="left")
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


def _form(code: str, form: str, note: str = "") -> Series:
    return Series(
        code=code,
        name=f"Detected victims of human trafficking for {form}",
        definition=f"Victims of trafficking for {form} whom the authorities detected in the year.{note}",
        unit="NUMBER",
        area_role="detects",
        counterpart_role="whose citizens the victims are",
        better="lower",
        words=(f"trafficking for {form}",),
        limits=LIMITS,
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
            counterpart_role="whose citizens the victims are",
            better="lower",
            words=("trafficking", "victims", "human trafficking"),
            limits=LIMITS,
        ),
        _form("VC_HTF_DETVSX", "sexual exploitation"),
        _form("VC_HTF_DETVFL", "forced labour"),
        _form("VC_HTF_DETVOG", "the removal of organs"),
        _form("VC_HTF_DETVOP", "other purposes", " UNODC's own file counts organs here."),
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
    needs=(("published_values", "trafficking_victims"),),
    uses=("population",),
    compute=compute,
    parameters=TraffickingParameters,
    explanation=__doc__,
    proposal=2,
)
