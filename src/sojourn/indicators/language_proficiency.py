"""Proficiency in the national language, by migratory status: in the spirit of SDG target 4.6.

    share = Σ w (speaks the national language at least so well) / Σ w,  ages 5 and over, in per cent

at two levels: very well (or no other language), and well or better, over those whose answer is known.

Limits: people judge themselves, and one for the others of a household. SDG 4.6.1 asks for tested literacy and
numeracy and is not this.

Source: the question of the American Community Survey (how well does this person speak English?).
"""

from __future__ import annotations

import polars as pl

from sojourn.indicators.from_survey import observe
from sojourn.indicators.model import Dimension, Indicator, Parameters, Series, Tables
from sojourn.indicators.survey_questions import Ages, Measure, Question, coded, with_comparisons
from sojourn.sources.microdata.build import SURVEY_PERSONS

CODE, SERIES = "SJ.language_proficiency", "SJ_LANGUAGE"

LEVELS = {
    "VERY_WELL": ("very well, or no other language", ("only", "very_well")),
    "WELL": ("well or better", ("only", "very_well", "well")),
}

QUESTION = Question(
    indicator=CODE,
    needs=("language_proficiency", "age"),
    measures=tuple(
        Measure(SERIES, coded("language_proficiency", codes), breakdown=f"PROFICIENCY={code}")
        for code, (_, codes) in LEVELS.items()
    ),
    ages=Ages(5),
    bands=(Ages(5, 17), Ages(18, 64), Ages(65)),
)


def compute(tables: Tables, _: Parameters) -> list[pl.DataFrame]:
    """Estimate the shares of each group from every survey that asks how well people speak."""
    return observe(tables.surveys, QUESTION)


INDICATOR = Indicator(
    code=CODE,
    name="Proficiency in the national language",
    series=with_comparisons(
        Series(
            code=SERIES,
            name="Speak the national language",
            definition="People aged 5 and over who speak the national language so well, in per cent of them all.",
            unit="PT",
            area_role="where they live",
            better="higher",
            dimensions=(
                Dimension(
                    "PROFICIENCY",
                    "how well",
                    {code: words for code, (words, _) in LEVELS.items()},
                    "not used",
                ),
            ),
            words=("language", "language proficiency"),
            limits="As people judge themselves; not tested.",
        )
    ),
    needs=((SURVEY_PERSONS,),),
    compute=compute,
    explanation=__doc__,
)
