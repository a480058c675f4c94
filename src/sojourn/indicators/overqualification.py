"""Over-qualification of employed graduates by migratory status, from rows; part of the indicator on decent work.

    share = Σ w (ISCO-08 group 4 to 9) / Σ w,  employed people aged 20 to 64 with tertiary education (ISCED 5-8)

in per cent, over those whose occupation is known. Same series as the published figures beside it; here the group
stands in nativity, citizenship or legal status, not in the breakdown of the publisher. That groups 4 to 9 lie below a
graduate's level is from memory; armed forces (0) are counted as not below.

Limits: nothing where a survey's occupations are not in ISCO-08, such as the American Community Survey's, for which
no crosswalk is at hand.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from sojourn.indicators.from_survey import observe
from sojourn.indicators.survey_questions import Ages, Measure, Question, coded
from sojourn.sources.microdata.build import Microdata


def from_rows(surveys: Iterable[Microdata], indicator: str, series: str) -> list[pl.DataFrame]:
    """Estimate over-qualification from every survey that asks activity, education, occupation and age.

    Args:
        surveys: surveys in standard columns.
        indicator, series: codes that the observations carry.

    Returns:
        Frames of observations, the gap and the ratio between groups among them.
    """
    graduate = (coded("education", "5678") == 1) & (coded("employment", ["employed"]) == 1)
    question = Question(
        indicator=indicator,
        needs=("education", "occupation", "employment", "age"),
        measures=(Measure(series, pl.when(graduate).then(coded("occupation", "456789"))),),
        ages=Ages(20, 64),
        bands=(Ages(20, 34), Ages(35, 64)),
    )
    return observe(surveys, question)
