"""Unemployment rate by migratory status: SDG 8.5.2.

    rate = Σ w (unemployed) / Σ w (employed or unemployed), ages 15 and over, in per cent

by sex, age, nativity, citizenship (citizen, foreigner, stateless) and, where a survey asks it, legal status, with
the gap and the ratio between migrants and others. Who is employed and who unemployed is as the survey's mapping
reads it; the ILO's resolution asks for work for pay in a reference week, search and availability.

Limits: people outside the labour force are not in it; surveys of households miss those who live in barracks and
where they work, among whom migrants are many. Errors are the sampling errors of the declared design.

Source: SDG metadata 8.5.2 (ILO); ages 15 and over from memory.
"""

from __future__ import annotations

import polars as pl

from sojourn.indicators.from_survey import observe
from sojourn.indicators.model import Indicator, Parameters, Series, Tables
from sojourn.indicators.survey_questions import Ages, Measure, Question, coded, with_comparisons
from sojourn.sources.microdata.build import SURVEY_PERSONS

CODE, SERIES = "8.5.2", "SL_TLF_UEM"

ACTIVE = pl.col("employment").is_in(["employed", "unemployed"])

QUESTION = Question(
    indicator=CODE,
    needs=("employment", "age"),
    measures=(Measure(SERIES, pl.when(ACTIVE).then(coded("employment", ["unemployed"]))),),
    ages=Ages(15),
    bands=(Ages(15, 24), Ages(25)),
)


def compute(tables: Tables, _: Parameters) -> list[pl.DataFrame]:
    """Estimate the unemployment rate of each group from every survey that asks activity and age."""
    return observe(tables.surveys, QUESTION)


INDICATOR = Indicator(
    code=CODE,
    name="Unemployment rate",
    series=with_comparisons(
        Series(
            code=SERIES,
            name="Unemployment rate",
            definition="Unemployed people in per cent of the labour force, ages 15 and over.",
            unit="PT",
            area_role="where they live",
            better="lower",
            words=("unemployment", "unemployment rate"),
            limits="Those who stopped looking for work are not in it.",
        )
    ),
    needs=((SURVEY_PERSONS,),),
    compute=compute,
    explanation=__doc__,
)
