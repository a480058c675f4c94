"""Cover by health insurance, by migratory status.

    share = Σ w (covered by a health insurance or scheme) / Σ w, in per cent

over those whose answer is known. It stands beside SDG target 3.8, whose indicators measure services and spending,
not insurance.

Limits: being covered is not being treated; where care is free for residents, the question says little.

Source: the question of the American Community Survey, and of household surveys like it.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from sojourn.indicators.from_survey import observe
from sojourn.indicators.model import Indicator, Parameters, Series, Tables
from sojourn.indicators.survey_questions import Ages, Measure, Question, coded, with_comparisons
from sojourn.sources.microdata.build import SURVEY_PERSONS

CODE, SERIES = "SJ.health_insurance", "SJ_HEALTH_INSURANCE"

QUESTION = Question(
    indicator=CODE,
    needs=("insurance",),
    measures=(Measure(SERIES, coded("insurance", ["yes"])),),
)
BANDS = (Ages(0, 17), Ages(18, 64), Ages(65))


def compute(tables: Tables, _: Parameters) -> list[pl.DataFrame]:
    """Estimate the share of each group from every survey that asks for health insurance."""
    frames: list[pl.DataFrame] = []
    for survey in tables.surveys:
        bands = BANDS if "age" in survey.standard.concepts else ()
        frames += observe([survey], replace(QUESTION, bands=bands))
    return frames


INDICATOR = Indicator(
    code=CODE,
    name="Health-insurance cover",
    series=with_comparisons(
        Series(
            code=SERIES,
            name="Covered by health insurance",
            definition="People who are covered by a health insurance or scheme, in per cent of them all.",
            unit="PT",
            area_role="where they live",
            better="higher",
            words=("health insurance", "insured"),
            limits="Being covered is not being treated.",
        )
    ),
    needs=((SURVEY_PERSONS,),),
    compute=compute,
    explanation=__doc__,
)
