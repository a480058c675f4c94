"""Highest education completed, by migratory status: attainment as in SDG target 4.4.

    share of a level = Σ w (highest level completed is in it) / Σ w,  ages 25 and over, in per cent

by ISCED 2011: up to lower secondary (0-2), upper secondary and post-secondary (3-4), tertiary (5-8), and of these
bachelor or more (6-8), over those whose level is known.

Limits: levels of a national survey are translated to ISCED by its mapping, which says where it is unsure; education
abroad is counted as people report it. The global indicator 4.4.3 has finer, cumulative levels.

Source: ISCED 2011 (UNESCO Institute for Statistics); metadata 4.4.3 from memory.
"""

from __future__ import annotations

import polars as pl

from sojourn.indicators.from_survey import observe
from sojourn.indicators.model import Dimension, Indicator, Parameters, Series, Tables
from sojourn.indicators.survey_questions import Ages, Measure, Question, coded, with_comparisons
from sojourn.sources.microdata.build import SURVEY_PERSONS

CODE, SERIES = "SJ.education_attainment", "SJ_EDUCATION_ATTAINMENT"

LEVELS = {
    "AGG_0T2": ("up to lower secondary (ISCED 0-2)", "012"),
    "AGG_3_4": ("upper secondary and post-secondary non-tertiary (ISCED 3-4)", "34"),
    "AGG_5T8": ("tertiary (ISCED 5-8)", "5678"),
    "AGG_6T8": ("bachelor or more (ISCED 6-8)", "678"),
}
"""Code -> words, ISCED levels. AGG_3_4 and AGG_5T8 are of the SDG list CL_EDUCATION_LEV, the others in its manner."""

QUESTION = Question(
    indicator=CODE,
    needs=("education", "age"),
    measures=tuple(
        Measure(SERIES, coded("education", levels), breakdown=f"EDUCATION_LEV={code}")
        for code, (_, levels) in LEVELS.items()
    ),
    ages=Ages(25),
    bands=(Ages(25, 64), Ages(65)),
)


def compute(tables: Tables, _: Parameters) -> list[pl.DataFrame]:
    """Estimate the share of each level in each group from every survey that asks education and age."""
    return observe(tables.surveys, QUESTION)


INDICATOR = Indicator(
    code=CODE,
    name="Educational attainment",
    series=with_comparisons(
        Series(
            code=SERIES,
            name="Highest education completed",
            definition="People aged 25 and over whose highest education is of a level, in per cent of them all.",
            unit="PT",
            area_role="where they live",
            dimensions=(
                Dimension(
                    "EDUCATION_LEV",
                    "highest level",
                    {code: words for code, (words, _) in LEVELS.items()},
                    "not used",
                ),
            ),
            words=("education", "educational attainment"),
            limits="Levels are translated to ISCED by the survey's mapping, which says where it is unsure.",
        )
    ),
    needs=((SURVEY_PERSONS,),),
    compute=compute,
    explanation=__doc__,
)
