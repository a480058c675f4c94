"""School attendance, by migratory status.

    share = Σ w (attends school) / Σ w,  ages 6 to 17, in per cent

over those whose answer is known.

Limits: attendance at the time of the survey, or in the months before it, as the survey asks; nothing of the level or
of what is learned. The ages are this program's; compulsory schooling differs between countries.

Source: the question of censuses and household surveys (UN Principles and Recommendations, Revision 3).
"""

from __future__ import annotations

import polars as pl

from sojourn.indicators.from_survey import observe
from sojourn.indicators.model import Indicator, Parameters, Series, Tables
from sojourn.indicators.survey_questions import Ages, Measure, Question, coded, with_comparisons
from sojourn.sources.microdata.build import SURVEY_PERSONS

CODE, SERIES = "SJ.school_attendance", "SJ_SCHOOL_ATTENDANCE"

QUESTION = Question(
    indicator=CODE,
    needs=("school_attendance", "age"),
    measures=(Measure(SERIES, coded("school_attendance", ["yes"])),),
    ages=Ages(6, 17),
    bands=(Ages(6, 14), Ages(15, 17)),
)


def compute(tables: Tables, _: Parameters) -> list[pl.DataFrame]:
    """Estimate the share of each group from every survey that asks attendance and age."""
    return observe(tables.surveys, QUESTION)


INDICATOR = Indicator(
    code=CODE,
    name="School attendance",
    series=with_comparisons(
        Series(
            code=SERIES,
            name="Children attending school",
            definition="People aged 6 to 17 who attend school, in per cent of them all.",
            unit="PT",
            area_role="where they live",
            better="higher",
            words=("school attendance", "children in school"),
            limits="Attendance as the survey asks it; compulsory ages differ between countries.",
        )
    ),
    needs=((SURVEY_PERSONS,),),
    compute=compute,
    explanation=__doc__,
)
