"""Internally displaced people who returned: returns, not proof of a solution.

The IASC Framework (2010) calls a solution durable when displaced people have no longer any needs for
assistance and protection that are linked to their displacement, and enjoy their rights without
discrimination because of it – by return, by integration where they are, or elsewhere in the country. UNHCR
counts returns only. A return says nothing of safety, housing or livelihood at home, and people who
integrated elsewhere are not in it; so the count is no lower bound on solutions either.

The criteria themselves need answers of persons (International Recommendations on IDP Statistics, 2020).

Sources: UNHCR, Refugee Data Finder; IASC, Framework on Durable Solutions for Internally Displaced Persons
(2010).
"""

from __future__ import annotations

import polars as pl

from sojourn.indicators.displacement import HOSTS, sums
from sojourn.indicators.model import Indicator, Parameters, Series, Tables

CODE = "SJ.idp_solutions"
NOTE = "returns, not proof of a solution; no error is known"


def compute(tables: Tables, _: Parameters) -> list[pl.DataFrame]:
    """Sum the returned internally displaced people by country and for the world."""
    solutions = tables.get("refugee_solutions")
    if solutions is None:
        return []
    returned = sums(solutions, ["returned_idps"]).filter(side=HOSTS).drop_nulls("returned_idps")
    frame = returned.select(
        pl.lit(CODE).alias("indicator"),
        pl.lit("SJ_IDP_SOLUTIONS").alias("series"),
        "area",
        "period",
        pl.col("returned_idps").alias("value"),
        pl.lit("NUMBER").alias("unit"),
        "source",
        pl.lit("sum_of_rows/1").alias("method"),
        pl.lit(NOTE).alias("note"),
    )
    return [frame] if frame.height else []


INDICATOR = Indicator(
    code=CODE,
    name="Internally displaced people who returned",
    series=(
        Series(
            code="SJ_IDP_SOLUTIONS",
            name="Internally displaced people who returned in the year",
            definition="Internally displaced people who went back in the year, as far as UNHCR knows; "
            "returns, not proof of a solution.",
            unit="NUMBER",
            area_role="within which people were displaced",
            words=("idp solutions", "returned idps", "internally displaced returns"),
            limits="A return is not proof of a solution; local integration and settlement elsewhere are not in it.",
        ),
    ),
    needs=(("refugee_solutions",),),
    compute=compute,
    explanation=__doc__,
)
