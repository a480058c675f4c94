"""Earnings of employees by migratory status: SDG 8.5.1, with medians and yearly wages beside it.

    mean   = Σ w y / Σ w      median: the smallest y below or at which half of Σ w lies

of hourly earnings y above 0, ages 15 and over, by sex; only employees where the survey asks status in employment.
Hourly earnings are asked, or derived by the mapping from pay and hours. Beside them wage or salary of the past 12
months of those who had any, whatever their hours. In the currency of the country and the prices of the survey's year.

The ratio of migrants' to others' mean is one less the raw pay gap; unlike people are compared (see `methods.paygap`
for what can be held constant).

Limits: hours and weeks are often classes or usual ones; derived hourly earnings have wild tails, which the median
does not mind. No occupation is told apart.

Source: SDG metadata 8.5.1 (ILO), from memory; series SL_EMP_EARN of the global data structure.
"""

from __future__ import annotations

import polars as pl

from sojourn.indicators.from_survey import observe
from sojourn.indicators.model import Indicator, Parameters, Series, Tables
from sojourn.indicators.survey_questions import Ages, Measure, Question, coded, with_comparisons
from sojourn.sources.microdata.build import SURVEY_PERSONS, Microdata

CODE = "8.5.1"
HOURLY, HOURLY_MEDIAN = "SL_EMP_EARN", "SJ_EMP_EARN_MEDIAN"
YEARLY, YEARLY_MEDIAN = "SJ_EARN_YEAR", "SJ_EARN_YEAR_MEDIAN"
CURRENCY = "CUR_LCU"

ADULTS = Ages(15)
BANDS = (Ages(15, 24), Ages(25, 54), Ages(55))


def compute(tables: Tables, _: Parameters) -> list[pl.DataFrame]:
    """Estimate hourly and yearly earnings of each group from every survey that has them."""
    frames: list[pl.DataFrame] = []
    for survey in tables.surveys:
        frames += observe([survey], hourly(survey)) + observe([survey], yearly())
    return frames


def hourly(survey: Microdata) -> Question:
    """Ask for hourly earnings, of employees where they can be told."""
    status = "status_in_employment"
    told = status in survey.standard.concepts
    pay = pl.col("hourly_earnings")
    paid = pl.when((pay > 0) & (coded(status, ["employee"]) == 1 if told else pl.lit(True))).then(pay)
    note = "" if told else "all who have hourly earnings: employees cannot be told apart"
    return _question("hourly_earnings", paid, (HOURLY, HOURLY_MEDIAN), note, (status,) if told else ())


def yearly() -> Question:
    """Ask for wage or salary of the past 12 months, of those who had any."""
    pay = pl.col("annual_earnings")
    return _question("annual_earnings", pl.when(pay > 0).then(pay), (YEARLY, YEARLY_MEDIAN), "", ())


def _question(
    concept: str, values: pl.Expr, series: tuple[str, str], note: str, more: tuple[str, ...]
) -> Question:
    mean, median = series
    return Question(
        indicator=CODE,
        needs=(concept, "age", *more),
        measures=(
            Measure(mean, values, "mean", CURRENCY, note=note),
            Measure(median, values, "quantile", CURRENCY, q=0.5, note=note),
        ),
        ages=ADULTS,
        bands=BANDS,
    )


def _series(code: str, name: str, of: str, words: tuple[str, ...]) -> Series:
    return Series(
        code=code,
        name=name,
        definition=f"{name} {of}, in the country's currency.",
        unit=CURRENCY,
        area_role="where they work",
        words=words,
        limits="In prices of the survey's year; hours are often usual ones or classes.",
    )


INDICATOR = Indicator(
    code=CODE,
    name="Earnings of employees",
    series=with_comparisons(
        _series(
            HOURLY, "Mean hourly earnings", "of employees aged 15 and over", ("hourly earnings", "wages")
        ),
        _series(
            HOURLY_MEDIAN,
            "Median hourly earnings",
            "of employees aged 15 and over",
            ("median hourly earnings",),
        ),
        _series(YEARLY, "Mean yearly wage or salary", "of those who had any", ("yearly earnings",)),
        _series(
            YEARLY_MEDIAN, "Median yearly wage or salary", "of those who had any", ("median yearly earnings",)
        ),
    ),
    needs=((SURVEY_PERSONS,),),
    compute=compute,
    explanation=__doc__,
)
