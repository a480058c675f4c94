"""Recruitment cost borne by employees (SDG 10.7.1): the third indicator proposed in 2015.

Cost that a worker paid to find a job abroad, as a proportion of the monthly income earned there; cost and
income of the same worker, in months of earnings. Reported as the mean, the median or the fourth quintile of the
workers' ratios; the mean of the ratios, the ratio of two means and the median differ a lot, and reports do not
always say which they print: STATISTIC says which one a figure is, or that the report does not. So do the workers
who paid nothing: ZERO_COST says whether they are in it. Figures with different statistics are not comparable.

The global database's code list has SL_EMP_RCOST, whose name there speaks of *yearly* income. Here

    SJ_RECRUITMENT_COST   months of earnings, published and from rows
    SL_EMP_RCOST          the same cost in per cent of the yearly income: 100 / 12 of the months

from a survey with cost and earnings of each worker, with the errors of its declared design. Which month's earnings
the months are of is a choice (`month`): the last of the first job (metadata of 2018) or the first (Guidelines as
quoted in 2019, and the questionnaire). The yearly income is taken as twelve times that month's. There are no
regional or global aggregates.

Linearisation gives errors of the mean and of the ratio of means only; replicates of all four statistics.

Source: SDG metadata 10.7.1 (ILO and World Bank, 2018); the surveys named in the notes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

import polars as pl

from sojourn.indicators.model import Dimension, Indicator, Parameters, Series, Tables
from sojourn.indicators.published import published
from sojourn.indicators.recruitment_cost_rows import numbers_of, workers_of
from sojourn.indicators.survey_lines import Number, observations_of
from sojourn.indicators.survey_rows import years_of
from sojourn.methods.recruitment_cost import Month
from sojourn.sources.microdata.build import SURVEY_PERSONS, Microdata

CODE = "10.7.1"
MONTHS, YEARLY = "SJ_RECRUITMENT_COST", "SL_EMP_RCOST"


class RecruitmentCostParameters(Parameters):
    """Choices of the recruitment cost.

    Attributes:
        month: month of the first job abroad whose earnings count, "first" or "last".
    """

    section: ClassVar[str] = "recruitment_cost"

    month: Month = "first"


def compute(tables: Tables, parameters: RecruitmentCostParameters) -> list[pl.DataFrame]:
    """Give the published recruitment costs, and compute those of every survey that asks cost and earnings."""
    found = published(tables, CODE, [MONTHS])
    frames = [found] if found.height else []
    for survey in tables.surveys:
        for year in years_of(survey):
            frames += _from_rows(survey, year, parameters.month)
    return frames


def _from_rows(survey: Microdata, year: int, month: Month) -> list[pl.DataFrame]:
    found = workers_of(survey, year, month)
    if found is None:
        return []
    rows, notes = found
    numbers = [line for one in numbers_of(rows, month, notes) for line in (one, _yearly(one))]
    return observations_of(rows, CODE, numbers, _NEEDS)


_NEEDS = ("recruitment_cost", "reference_earnings", "destination")


def _yearly(one: Number) -> Number:
    """Write months of earnings in per cent of twelve months'."""

    def per_cent(value: float | None) -> float | None:
        return None if value is None else 100 * value / 12

    return replace(
        one,
        series=YEARLY,
        unit="PT",
        value=100 * one.value / 12,
        se=per_cent(one.se),
        lower=per_cent(one.lower),
        upper=per_cent(one.upper),
        notes=(*one.notes, "yearly income taken as twelve times that month's"),
    )


_DIMENSIONS = (
    Dimension(
        "STATISTIC",
        "statistic",
        {
            "MEAN_OF_RATIOS": "mean of the workers' ratios",
            "RATIO_OF_MEANS": "mean cost over mean earnings",
            "MEDIAN": "median of the workers' ratios",
            "FOURTH_QUINTILE": "fourth quintile (80th percentile) of the workers' ratios",
            "NOT_STATED": "the report does not say which",
        },
        "not used",
    ),
    Dimension(
        "ZERO_COST",
        "workers who paid nothing",
        {"KEPT": "are in it", "LEFT_OUT": "are not in it"},
        "the report does not say",
    ),
)

INDICATOR = Indicator(
    code=CODE,
    name="Recruitment cost borne by employee as a proportion of monthly income",
    series=(
        Series(
            code=MONTHS,
            name="Migrant recruitment costs in months of earnings",
            definition="Recruitment cost paid by the worker over monthly earnings in the country of destination.",
            unit="MO",
            area_role="sends its workers abroad",
            counterpart_role="country of the first job abroad",
            better="lower",
            dimensions=_DIMENSIONS,
            words=("recruitment cost", "recruitment fees"),
            limits="Statistics differ between countries; recall and proxy answers; workers who returned or stay away.",
            supplier="national statistical office, from the recruitment cost module of ILO and World Bank",
        ),
        Series(
            code=YEARLY,
            name="Migrant recruitment costs in per cent of yearly income",
            definition="Recruitment cost paid by the worker over yearly income in the country of destination, in per "
            "cent.",
            unit="PT",
            area_role="sends its workers abroad",
            counterpart_role="country of the first job abroad",
            better="lower",
            dimensions=_DIMENSIONS,
            words=("recruitment cost of yearly income",),
            limits="Yearly income is twelve times the reference month's earnings.",
            supplier="national statistical office, from the recruitment cost module of ILO and World Bank",
        ),
    ),
    needs=(("published_values", SURVEY_PERSONS),),
    compute=compute,
    parameters=RecruitmentCostParameters,
    explanation=__doc__,
    proposal=3,
)
