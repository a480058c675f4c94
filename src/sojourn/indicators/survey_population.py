"""People by nativity, citizenship and legal status, as a census or survey file has them.

    people = Σ w

over everybody, by migratory status, sex and broad age; and the foreign-born among them once more under a series of
their own, which `sojourn compare` lays beside the migrant stock of the United Nations.

Limits: the weights say whom the file stands for: a file of some regions, or of a part of the sample, stands for no
whole country. Household surveys leave out most camps, institutions and people who arrived a short time ago. Without
weights there is no number of people at all.

Source: United Nations, Principles and Recommendations for Population and Housing Censuses, Revision 3 (2017):
country of birth and citizenship are core topics.
"""

from __future__ import annotations

import polars as pl

from sojourn.indicators.from_survey import observe
from sojourn.indicators.model import TOTAL, Indicator, Parameters, Series, Tables
from sojourn.indicators.survey_questions import Ages, Measure, Question
from sojourn.sources.microdata.build import SURVEY_PERSONS, Microdata

CODE, SERIES, STOCK = "SJ.survey_population", "SJ_SURVEY_POPULATION", "SJ_SURVEY_MIGRANT_STOCK"

BANDS = (Ages(0, 14), Ages(15, 24), Ages(25, 64), Ages(65))
NOTE = "people that the weights of the file stand for: of a part of the country, if the file is of a part"


def compute(tables: Tables, _: Parameters) -> list[pl.DataFrame]:
    """Add up the weights of every survey that asks for nativity or citizenship."""
    frames: list[pl.DataFrame] = []
    for survey in tables.surveys:
        people = observe([survey], _question(survey))
        frames += people
        frames += [_stock(one) for one in people]
    return [one for one in frames if one.height]


def _question(survey: Microdata) -> Question:
    asked = survey.standard.concepts
    return Question(
        indicator=CODE,
        needs=("nativity",) if "nativity" in asked else ("citizenship",),
        measures=(Measure(SERIES, pl.lit(1, pl.Int8), "total", "PS", note=NOTE, compared=False),),
        bands=BANDS if "age" in asked else (),
    )


def _stock(people: pl.DataFrame) -> pl.DataFrame:
    """Give the foreign-born of all ages under the key that the migrant stock has."""
    others = ("age", "citizenship", "legal_status")
    born = people.filter(pl.col("nativity") == "FOREIGN", *(pl.col(name) == TOTAL for name in others))
    return born.with_columns(
        pl.lit(STOCK).alias("series"),
        pl.lit(TOTAL).alias("nativity"),
        pl.concat_str(pl.lit("foreign-born; "), "note").alias("note"),
    )


_LIMITS = "Household surveys leave out most camps, institutions and recent arrivals."

INDICATOR = Indicator(
    code=CODE,
    name="People by migratory status, from surveys",
    series=(
        Series(
            code=SERIES,
            name="People by migratory status, in a census or survey file",
            definition="People that the weights of the file stand for, by nativity, citizenship and legal status.",
            unit="PS",
            area_role="where they live",
            words=("population by migratory status", "population by nativity", "population by citizenship"),
            limits=_LIMITS,
        ),
        Series(
            code=STOCK,
            name="Foreign-born people, in a census or survey file",
            definition="People born abroad that the weights of the file stand for.",
            unit="PS",
            area_role="hosts",
            words=("foreign-born in surveys",),
            limits=_LIMITS,
        ),
    ),
    needs=((SURVEY_PERSONS,),),
    compute=compute,
    explanation=__doc__,
)
