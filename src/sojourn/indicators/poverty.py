"""Below the national poverty line, by migratory status: SDG 1.2.1.

    share = Σ w (income of the household below 100 per cent of its poverty line) / Σ w, in per cent

over the people whose ratio of income to the line is known. The line is the one that the survey's office uses: the
concept `poverty_ratio` is income in per cent of it. Where a survey has income but no line, nothing is computed.

Limits: national lines differ in kind (absolute or relative, by income or consumption), so levels of countries must
not be compared. People outside households are mostly not assessed and are then not in it.

Source: SDG metadata 1.2.1 (World Bank), from memory.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from sojourn.indicators.from_survey import observe
from sojourn.indicators.model import Indicator, Parameters, Series, Tables
from sojourn.indicators.survey_questions import Ages, Measure, Question, with_comparisons
from sojourn.sources.microdata.build import SURVEY_PERSONS

CODE, SERIES = "1.2.1", "SI_POV_NAHC"

LINE = 100.0
"""Income below it, in per cent of the poverty line, is poverty."""

QUESTION = Question(
    indicator=CODE,
    needs=("poverty_ratio",),
    measures=(Measure(SERIES, (pl.col("poverty_ratio") < LINE).cast(pl.Int8)),),
)
BANDS = (Ages(0, 17), Ages(18, 64), Ages(65))


def compute(tables: Tables, _: Parameters) -> list[pl.DataFrame]:
    """Estimate the share of each group from every survey that has income in per cent of the poverty line."""
    frames: list[pl.DataFrame] = []
    for survey in tables.surveys:
        bands = BANDS if "age" in survey.standard.concepts else ()
        frames += observe([survey], replace(QUESTION, bands=bands))
    return frames


INDICATOR = Indicator(
    code=CODE,
    name="Below the national poverty line",
    series=with_comparisons(
        Series(
            code=SERIES,
            name="People below the national poverty line",
            definition="People in households below the country's own poverty line, in per cent of them all.",
            unit="PT",
            area_role="where they live",
            better="lower",
            words=("poverty", "poor"),
            limits="National lines differ: levels of countries must not be compared.",
        )
    ),
    needs=((SURVEY_PERSONS,),),
    compute=compute,
    explanation=__doc__,
)
