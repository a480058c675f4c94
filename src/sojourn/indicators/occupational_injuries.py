"""Occupational injuries by migratory status: SDG 8.8.1.

Fatal and non-fatal injuries per 100,000 workers, as published, by sex and migratory status. The two are
different events with different reporting and are never added. Beside them the rate of migrants relative to that
of non-migrants of the same country, year and sex,

    ratio = rate of migrants / rate of non-migrants,

which says how much more often migrants are injured at work, and nothing where non-migrants have a rate of 0.

Migratory status stands in `breakdown` (`MIGRATORY_STATUS`, codes of the global data structure) and not in nativity or
citizenship: the offices that produce the figures use country of birth, citizenship or recent arrival, and the
database does not say which.

Limits: cases are those that insurance or inspection record, so undocumented workers are mostly missing; the
numerator and the employment of migrants in the denominator may come from different sources; coverage differs
between countries, so levels must not be compared without reading it. No error is published.

Source: ILO through the UNSD Global SDG Indicators Database (SL_EMP_INJUR, SL_EMP_FTLINJUR).
"""

from __future__ import annotations

import polars as pl

from sojourn.indicators.model import Dimension, Indicator, Parameters, Series, Tables
from sojourn.indicators.published import published

CODE = "8.8.1"
RATIOS = {"SL_EMP_FTLINJUR": "SJ_EMP_FTLINJUR_RATIO", "SL_EMP_INJUR": "SJ_EMP_INJUR_RATIO"}
KIND = {"SL_EMP_FTLINJUR": "fatal", "SL_EMP_INJUR": "non-fatal"}
STATUS = {
    "MS_MIGRANT": "migrants",
    "MS_NOMIGRANT": "non-migrants",
    "MS_EUMIGRANT": "migrants from the European Union",
    "MS_NONEUMIGRANT": "migrants from outside the European Union",
}

_PREFIX = "MIGRATORY_STATUS="
_PLACE = ["series", "area", "period", "sex", "source"]


def compute(tables: Tables, _: Parameters) -> list[pl.DataFrame]:
    """Give the published rates, and migrants' rates relative to those of non-migrants."""
    rates = published(tables, CODE, RATIOS)
    if not rates.height:
        return []
    return [frame for frame in (rates, _ratios(rates)) if frame.height]


def _ratios(rates: pl.DataFrame) -> pl.DataFrame:
    of_all = rates if "sex" in rates.columns else rates.with_columns(pl.lit("_T").alias("sex"))
    natives = of_all.filter(breakdown=f"{_PREFIX}MS_NOMIGRANT").select(
        *_PLACE, pl.col("value").alias("natives")
    )
    migrants = of_all.filter(
        pl.col("breakdown").str.starts_with(_PREFIX), pl.col("breakdown") != f"{_PREFIX}MS_NOMIGRANT"
    )
    joined = migrants.join(natives.filter(pl.col("natives") > 0), on=_PLACE, how="inner").sort(
        *_PLACE, "breakdown"
    )
    return joined.select(
        "indicator",
        pl.col("series").replace_strict(RATIOS, return_dtype=pl.String),
        "area",
        "period",
        "sex",
        "breakdown",
        (pl.col("value") / pl.col("natives")).alias("value"),
        pl.lit("RO").alias("unit"),
        "source",
        pl.lit("rate_ratio/1").alias("method"),
        pl.lit("recorded cases only; few cases make it jump; no error is known").alias("note"),
    )


_STATUS = Dimension("MIGRATORY_STATUS", "migratory status", STATUS, "all workers")
_LIMITS = "Recorded cases only; coverage and source of migrants' employment differ between countries."


def _rate(code: str) -> Series:
    return Series(
        code=code,
        name=f"{KIND[code].capitalize()} occupational injuries per 100,000 workers",
        definition=f"{KIND[code].capitalize()} injuries at work in the year per 100,000 workers of the same group.",
        unit="PER_100000_EMP",
        area_role="where they work",
        better="lower",
        dimensions=(_STATUS,),
        words=(f"{KIND[code]} injuries", f"{KIND[code]} occupational injuries"),
        limits=_LIMITS,
    )


def _ratio(code: str) -> Series:
    return Series(
        code=RATIOS[code],
        name=f"{KIND[code].capitalize()} injuries of migrants relative to non-migrants",
        definition=f"Rate of {KIND[code]} injuries of migrants over that of non-migrants, same country, year and sex.",
        unit="RO",
        area_role="where they work",
        better="lower",
        dimensions=(_STATUS,),
        words=(f"{KIND[code]} injury ratio of migrants",),
        limits=_LIMITS,
    )


INDICATOR = Indicator(
    code=CODE,
    name="Occupational injuries",
    series=tuple(make(code) for code in RATIOS for make in (_rate, _ratio)),
    needs=(("published_values",),),
    compute=compute,
    explanation=__doc__,
)
