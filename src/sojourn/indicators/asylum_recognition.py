"""Asylum recognition rates: of the claims decided on substance, how many were granted.

    refugee status rate    = 100 recognised / (recognised + complementary + rejected)
    total protection rate  = 100 (recognised + complementary) / (recognised + complementary + rejected)

Claims closed without a decision on substance are in neither part. Persons only: some countries report
cases, of which one may be a family, and the two are never added. Where a country reports cases, their rates
stand under COUNTED=CASES. All levels are together, first instance and appeal, as in UNHCR's own totals; one
person may be in both, so rates of the first instance stand beside (LEVEL=FIRST_INSTANCE).

Limits: rates of countries differ by who comes as much as by how is decided; decisions of a year are on
claims of several years. A full count has no sampling error; no other error is known.

Source: UNHCR, Refugee Data Finder, asylum decisions. The two rates are UNHCR's definitions (from memory).
"""

from __future__ import annotations

import polars as pl

from sojourn.indicators.displacement import HOSTS, SIDE, sums
from sojourn.indicators.model import Dimension, Indicator, Parameters, Series, Tables

CODE = "SJ.asylum_recognition"
NOTE = "a full count, without sampling error; no error is known"

_PARTS = ["recognised", "complementary", "rejected"]
_COUNTED = {"PERSONS": "", "CASES": "COUNTED=CASES"}
_LEVELS = {"": None, "LEVEL=FIRST_INSTANCE": "FI"}


def compute(tables: Tables, _: Parameters) -> list[pl.DataFrame]:
    """Compute both rates by country of asylum, by origin and for the world."""
    decisions = tables.get("asylum_decisions")
    if decisions is None:
        return []
    frames = []
    for counted, counted_part in _COUNTED.items():
        for level_part, level in _LEVELS.items():
            own = decisions.filter(counted=counted)
            own = own if level is None else own.filter(level=level)
            frames += _rates(sums(own, _PARTS), [counted_part, level_part])
    return [frame for frame in frames if frame.height]


def _rates(decided: pl.DataFrame, parts: list[str]) -> list[pl.DataFrame]:
    # A part that nobody reported is not known, and neither is a rate of it.
    decided = decided.with_columns(pl.sum_horizontal(_PARTS, ignore_nulls=False).alias("decided"))
    decided = decided.filter(pl.col("decided") > 0)
    granted = {
        "REFUGEE_STATUS": pl.col("recognised"),
        "TOTAL_PROTECTION": pl.col("recognised") + pl.col("complementary"),
    }
    return [_shape(decided, rate, number, parts) for rate, number in granted.items()]


def _shape(decided: pl.DataFrame, rate: str, granted: pl.Expr, parts: list[str]) -> pl.DataFrame:
    hosts = ";".join(part for part in (*parts, f"RATE={rate}") if part)
    return decided.select(
        pl.lit(CODE).alias("indicator"),
        pl.lit("SJ_ASYLUM_RECOGNITION").alias("series"),
        "area",
        "period",
        pl.when(pl.col("side") == HOSTS)
        .then(pl.lit(hosts))
        .otherwise(pl.lit(f"{hosts};SIDE=ORIGIN"))
        .alias("breakdown"),
        (100 * granted / pl.col("decided")).alias("value"),
        pl.lit("PT").alias("unit"),
        pl.col("decided").alias("n"),
        "source",
        pl.lit("recognition_rate/1").alias("method"),
        pl.lit(NOTE).alias("note"),
    )


INDICATOR = Indicator(
    code=CODE,
    name="Asylum recognition rates",
    series=(
        Series(
            code="SJ_ASYLUM_RECOGNITION",
            name="Asylum recognition rate",
            definition="Claims granted in per cent of the claims decided on substance in the year.",
            unit="PT",
            area_role="decides",
            dimensions=(
                Dimension(
                    "RATE",
                    "rate",
                    {
                        "REFUGEE_STATUS": "refugee status rate",
                        "TOTAL_PROTECTION": "total protection rate: refugee status or other protection",
                    },
                    "not used",
                ),
                Dimension("COUNTED", "what is counted", {"CASES": "cases; one may be a family"}, "persons"),
                Dimension("LEVEL", "level", {"FIRST_INSTANCE": "first instance"}, "all levels together"),
                SIDE,
            ),
            words=("recognition rate", "asylum recognition", "protection rate"),
            limits="Who comes differs by country as much as how claims are decided.",
        ),
    ),
    needs=(("asylum_decisions",),),
    compute=compute,
    explanation=__doc__,
)
