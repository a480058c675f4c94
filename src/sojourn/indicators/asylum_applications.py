"""Asylum applications: new claims of persons in a year, by country of asylum, by origin and for the world.

Only new claims count (type N), because a repeat or an appeal is of a person who was counted before. Some
countries report cases, of which one may be a family; these stand under COUNTED=CASES and are never added to
persons. Claims of type V, where a country does not tell new ones from appeals, are left out of the count,
and the note says how many they are.

Limits: one person may claim in two countries. A full count has no sampling error; no other error is known.

Source: UNHCR, Refugee Data Finder, asylum applications. What the codes of types mean is from memory.
"""

from __future__ import annotations

import polars as pl

from sojourn.indicators.displacement import HOSTS, SIDE, sums
from sojourn.indicators.model import Dimension, Indicator, Parameters, Series, Tables

CODE = "SJ.asylum_applications"
NEW, UNDIVIDED = "N", "V"

_COUNTED = {"PERSONS": "", "CASES": "COUNTED=CASES"}


def compute(tables: Tables, _: Parameters) -> list[pl.DataFrame]:
    """Sum the new claims, persons and cases apart."""
    applications = tables.get("asylum_applications")
    if applications is None:
        return []
    frames = [_claims(applications.filter(counted=counted), part) for counted, part in _COUNTED.items()]
    return [frame for frame in frames if frame.height]


def _claims(applications: pl.DataFrame, part: str) -> pl.DataFrame:
    claims = applications.with_columns(
        pl.when(pl.col("type") == NEW).then(pl.col("applied")).alias("new"),
        pl.when(pl.col("type") == UNDIVIDED).then(pl.col("applied")).alias("undivided"),
    )
    summed = sums(claims, ["new", "undivided"]).drop_nulls("new")
    of_origin = ";".join(filter(None, (part, "SIDE=ORIGIN")))
    return summed.select(
        pl.lit(CODE).alias("indicator"),
        pl.lit("SJ_ASYLUM_APPLICATIONS").alias("series"),
        "area",
        "period",
        pl.when(pl.col("side") == HOSTS).then(pl.lit(part)).otherwise(pl.lit(of_origin)).alias("breakdown"),
        pl.col("new").alias("value"),
        pl.lit("NUMBER").alias("unit"),
        "source",
        pl.lit("sum_of_rows/1").alias("method"),
        pl.concat_str(
            pl.lit("a full count, without sampling error; no error is known"),
            pl.when(pl.col("undivided") > 0)
            .then(pl.format("; {} claims that are not told apart from appeals are left out", "undivided"))
            .otherwise(pl.lit("")),
        ).alias("note"),
    )


INDICATOR = Indicator(
    code=CODE,
    name="New asylum applications",
    series=(
        Series(
            code="SJ_ASYLUM_APPLICATIONS",
            name="New asylum applications in the year",
            definition="Persons who made a new claim for asylum in the year.",
            unit="NUMBER",
            area_role="receives the claims",
            dimensions=(
                Dimension("COUNTED", "what is counted", {"CASES": "cases; one may be a family"}, "persons"),
                SIDE,
            ),
            words=("asylum applications", "asylum claims", "new asylum seekers"),
            limits="One person may claim in two countries.",
        ),
    ),
    needs=(("asylum_applications",),),
    compute=compute,
    explanation=__doc__,
)
