"""Labour-force participation, by migratory status.

    rate = Σ w (employed or unemployed) / Σ w,  ages 15 and over, in per cent

over those whose activity is known.

Limits: where a survey asks activity from 16 years on, those of 15 are not in it. Groups differ in age: compare within
bands of age.

Source: ILO, Resolution concerning statistics of work (2013), from memory.
"""

from __future__ import annotations

import polars as pl

from sojourn.indicators.from_survey import observe
from sojourn.indicators.model import Indicator, Parameters, Series, Tables
from sojourn.indicators.survey_questions import Ages, Measure, Question, coded, with_comparisons
from sojourn.sources.microdata.build import SURVEY_PERSONS

CODE, SERIES = "SJ.labour_participation", "SJ_LABOUR_PARTICIPATION"

QUESTION = Question(
    indicator=CODE,
    needs=("employment", "age"),
    measures=(Measure(SERIES, coded("employment", ["employed", "unemployed"])),),
    ages=Ages(15),
    bands=(Ages(15, 24), Ages(25, 54), Ages(55, 64), Ages(65)),
)


def compute(tables: Tables, _: Parameters) -> list[pl.DataFrame]:
    """Estimate the rate of each group from every survey that asks activity and age."""
    return observe(tables.surveys, QUESTION)


INDICATOR = Indicator(
    code=CODE,
    name="Labour-force participation",
    series=with_comparisons(
        Series(
            code=SERIES,
            name="Labour-force participation",
            definition="Employed and unemployed people in per cent of all aged 15 and over.",
            unit="PT",
            area_role="where they live",
            words=("labour force participation", "participation rate"),
            limits="Groups differ in age: compare within bands of age.",
        )
    ),
    needs=((SURVEY_PERSONS,),),
    compute=compute,
    explanation=__doc__,
)
