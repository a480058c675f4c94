"""Youth not in education, employment or training, by migratory status: SDG 8.6.1.

    share = Σ w (neither employed nor attending school or training) / Σ w,  ages 15 to 24, in per cent

over those of whom both answers are known. Sexes, nativity, citizenship and, where asked, legal status; the gap and the
ratio between migrants and others.

Limits: where a survey asks activity from 16 years on, as the American Community Survey does, those of 15 are not
in it. Short courses outside of schools are training only if the survey asks for them.

Source: SDG metadata 8.6.1 (ILO); ages from memory.
"""

from __future__ import annotations

import polars as pl

from sojourn.indicators.from_survey import observe
from sojourn.indicators.model import Indicator, Parameters, Series, Tables
from sojourn.indicators.survey_questions import Ages, Measure, Question, coded, known, with_comparisons
from sojourn.sources.microdata.build import SURVEY_PERSONS

CODE, SERIES = "8.6.1", "SL_TLF_NEET"

IDLE = 1 - pl.max_horizontal(coded("employment", ["employed"]), coded("school_attendance", ["yes"]))

QUESTION = Question(
    indicator=CODE,
    needs=("employment", "school_attendance", "age"),
    measures=(Measure(SERIES, pl.when(known("employment") & known("school_attendance")).then(IDLE)),),
    ages=Ages(15, 24),
    bands=(Ages(15, 17), Ages(18, 24)),
)


def compute(tables: Tables, _: Parameters) -> list[pl.DataFrame]:
    """Estimate the share of each group from every survey that asks activity, schooling and age."""
    return observe(tables.surveys, QUESTION)


INDICATOR = Indicator(
    code=CODE,
    name="Youth not in education, employment or training",
    series=with_comparisons(
        Series(
            code=SERIES,
            name="Youth not in education, employment or training",
            definition="People aged 15 to 24 who neither work nor attend school or training, in per cent of them all.",
            unit="PT",
            area_role="where they live",
            better="lower",
            words=("neet", "idle youth"),
            limits="Where activity is asked from 16 years on, those of 15 are not in it.",
        )
    ),
    needs=((SURVEY_PERSONS,),),
    compute=compute,
    explanation=__doc__,
)
