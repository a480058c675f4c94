"""Where groups stand in the national distribution of income, by migratory status.

The national quintiles are cut at the weighted quantiles y_1 … y_4 (at 20, 40, 60, 80 per cent) of the income of all
people of whom it is known, a separate cut each year:

    share of a quintile = Σ w (y_(k-1) < income <= y_k) / Σ w of the group, in per cent

beside them the quintile bounds of each group's own incomes. Everyone has 20 per cent in each quintile, but for people
of equal income at a cut.

Limits: errors of the shares take the national cuts as known, which they are not: they are somewhat too large for large
groups. Income is as the survey's mapping reads it, of persons or households, not adjusted to size.

Source: the usual quintile analysis, codes of the SDG list CL_QUANTILE.
"""

from __future__ import annotations

import polars as pl

from sojourn.indicators.from_survey import answered, cube_of, missing, observe
from sojourn.indicators.model import Dimension, Indicator, Parameters, Series, Tables
from sojourn.indicators.survey_questions import Ages, Measure, Question, with_comparisons
from sojourn.methods.survey import Cube
from sojourn.sources.microdata.build import SURVEY_PERSONS, Microdata
from sojourn.sources.microdata.concepts import YEAR

CODE = "SJ.income_quintiles"
SHARES, BOUNDS = "SJ_INCOME_QUINTILE", "SJ_INCOME_QUINTILE_BOUND"
CUTS = (0.2, 0.4, 0.6, 0.8)
POOREST, RICHEST = 1, len(CUTS) + 1
KNOWN_CUTS = "the errors take the national cuts as known"
QUINTILES = {
    f"Q{number}": f"quintile {number}" + {POOREST: " (poorest)", RICHEST: " (richest)"}.get(number, "")
    for number in range(POOREST, RICHEST + 1)
}
INCOME = pl.col("income")


def compute(tables: Tables, _: Parameters) -> list[pl.DataFrame]:
    """Estimate shares in national quintiles, and quintile bounds of each group, from surveys that ask income."""
    frames: list[pl.DataFrame] = []
    for survey in tables.surveys:
        if missing(survey, BOUNDS_QUESTION):
            continue
        made = cube_of(survey, BOUNDS_QUESTION)
        if made is not None:
            frames += answered(made, survey, BOUNDS_QUESTION)
            frames += observe([survey], _shares(_national(made), survey))
    return frames


BOUNDS_QUESTION = Question(
    indicator=CODE,
    needs=("income",),
    measures=tuple(
        Measure(BOUNDS, INCOME, "quantile", "CUR_LCU", q=cut, breakdown=f"QUANTILE=Q{place}")
        for place, cut in enumerate(CUTS, 1)
    ),
)


def _national(made: Cube) -> dict[int, list[float]]:
    """Find the cuts of each year."""
    found: dict[int, list[float]] = {}
    for cut in CUTS:
        for year, bound in (
            made.quantile(cut, "m0", by=YEAR).drop_nulls(YEAR).select(YEAR, "estimate").iter_rows()
        ):
            found.setdefault(int(year), []).append(float(bound))
    return found


def _shares(cuts: dict[int, list[float]], survey: Microdata) -> Question:
    number = pl.lit(None, pl.Int32)
    for year, bounds in cuts.items():
        above = pl.sum_horizontal((bound < INCOME).cast(pl.Int32) for bound in bounds) + POOREST
        number = pl.when(pl.col(YEAR) == year, INCOME.is_not_null()).then(above).otherwise(number)
    aged = "age" in survey.standard.concepts
    return Question(
        indicator=CODE,
        needs=("income",),
        measures=tuple(
            Measure(SHARES, (number == place).cast(pl.Int8), breakdown=f"QUANTILE=Q{place}", note=KNOWN_CUTS)
            for place in range(POOREST, RICHEST + 1)
        ),
        bands=(Ages(15, 24), Ages(25, 64), Ages(65)) if aged else (),
    )


def _dimension(label: str) -> Dimension:
    return Dimension("QUANTILE", label, QUINTILES, "not used")


INDICATOR = Indicator(
    code=CODE,
    name="Income quintiles",
    series=with_comparisons(
        Series(
            code=SHARES,
            name="Share of people in a national income quintile",
            definition="People of the group whose income lies in a quintile of the country's incomes, in per cent.",
            unit="PT",
            area_role="where they live",
            dimensions=(_dimension("quintile of the country"),),
            words=("income quintile", "income quintiles"),
            limits="Errors take the national cuts as known.",
        ),
        Series(
            code=BOUNDS,
            name="Upper bound of an income quintile of the group",
            definition="Income that a fifth, two, three, four fifths of the group do not exceed.",
            unit="CUR_LCU",
            area_role="where they live",
            dimensions=(_dimension("quintile of the group"),),
            words=("income quantile", "income distribution"),
            limits="Income as the survey has it, of persons or households, not adjusted to size.",
        ),
    ),
    needs=((SURVEY_PERSONS,),),
    compute=compute,
    explanation=__doc__,
)
