"""Pay gap between migrants and others, from a survey's rows: raw, among people alike, decomposed.

Companions of the published series SJ_PAY_GAP, by nativity and by citizenship:

    SJ_PAY_GAP_RAW         100 (1 - f(w_migrant) / f(w_other)), f the mean or the median of hourly pay
    SJ_PAY_GAP_WEIGHTED    the same within groups alike in every factor, weighted by their share of wage earners
    SJ_PAY_GAP_PARTS       Oaxaca–Blinder decomposition of the gap of log hourly pay: two-fold, three-fold, and
                           two-fold at quantiles by recentred influence functions (RIF)

In the decomposition a part is given as a whole, and what a variable explains for that variable; what single
variables leave unexplained depends on the omitted categories and is not given. Reference coefficients, omitted
categories and bandwidths stand in method and note. Errors follow the survey's own design: replicates (centred as
declared), or linearisation with strata and clusters. A RIF decomposition is linearised with quantile and density
taken as known; under replicates both are estimated anew.

Where hourly pay is not asked, it is derived from earnings and hours; where hours are not asked, differences in
working time stay in the gap, and the note says so. Self-employed people are left out where status in employment is
asked. Gaps compare people who have pay, and not those who found no work.

Source: ILO, The Migrant Pay Gap (2020), and Global Wage Report 2018/19 (factor-weighted gap); Jann (2008), Stata
Journal 8, 453-479; Firpo, Fortin and Lemieux (2009), Econometrica 77, 953-973.
"""

from __future__ import annotations

from typing import ClassVar

import polars as pl
from pydantic import Field

from sojourn.indicators.model import Dimension, Indicator, Parameters, Series, Tables
from sojourn.indicators.pay_gap_measures import PARTS, RAW, WEIGHTED, gaps_of
from sojourn.indicators.survey_lines import observations_of
from sojourn.indicators.survey_questions import BETWEEN, COMPARED, STATUSES
from sojourn.indicators.survey_rows import Rows, rows_of, years_of
from sojourn.methods.paygap import Reference
from sojourn.sources.microdata.build import SURVEY_PERSONS, Microdata
from sojourn.sources.microdata.concepts import NOT_IN_UNIVERSE, UNKNOWN

CODE = "SJ.pay_gap"


class PayGapParameters(Parameters):
    """Choices of the pay gap.

    Attributes:
        reference: coefficients of the two-fold decomposition.
        numbers: regressors used as they are: age, age_squared (or a number that the mapping has).
        categories: categorical regressors and the category of each that is left out; where it does not occur, the
            first that does.
        factors: what people must have in common to be alike; age_group are decades.
        youngest, oldest: ages of wage earners.
        quantiles: where the distribution is decomposed.
        bandwidth: of the kernel of the densities, in log points; None: Silverman's rule, stated.
    """

    section: ClassVar[str] = "pay_gap"

    reference: Reference = "native"
    numbers: tuple[str, ...] = ("age", "age_squared")
    categories: dict[str, str] = Field(default={"sex": "male", "education": "3"})
    factors: tuple[str, ...] = ("sex", "education", "age_group")
    youngest: int = 15
    oldest: int = 64
    quantiles: tuple[float, ...] = (0.1, 0.5, 0.9)
    bandwidth: float | None = None


_PAY = (
    (("hourly_earnings",), pl.col("hourly_earnings"), ""),
    (
        ("annual_earnings", "hours_per_week", "weeks_per_year"),
        pl.col("annual_earnings") / (pl.col("hours_per_week") * pl.col("weeks_per_year")),
        "possible with less: hourly pay derived from yearly earnings, weeks and usual hours",
    ),
    (
        ("monthly_earnings", "hours_per_week"),
        pl.col("monthly_earnings") * 12 / (52 * pl.col("hours_per_week")),
        "possible with less: hourly pay derived from monthly earnings and usual hours",
    ),
    (
        ("annual_earnings",),
        pl.col("annual_earnings"),
        "possible with less: pay of a year; no hours: differences in working time stay in the gap",
    ),
    (
        ("monthly_earnings",),
        pl.col("monthly_earnings"),
        "possible with less: pay of a month; no hours: differences in working time stay in the gap",
    ),
)
"""Ways to pay per hour, best first: concepts needed, expression, what is lost."""


def compute(tables: Tables, parameters: PayGapParameters) -> list[pl.DataFrame]:
    """Compute the gaps of every survey that asks pay and nativity or citizenship."""
    found = []
    for survey in tables.surveys:
        for status in ("nativity", "citizenship"):
            way = _way(survey)
            if way is None or status not in survey.standard.concepts:
                continue
            for year in years_of(survey):
                rows = _rows(survey, year, status, way[1], parameters)
                if rows is not None:
                    found += _observed(rows, status, way[2], parameters)
    return found


def _way(survey: Microdata) -> tuple[tuple[str, ...], pl.Expr, str] | None:
    asked = set(survey.standard.concepts)
    return next((way for way in _PAY if set(way[0]) <= asked), None)


def _rows(
    survey: Microdata, year: int, status: str, pay: pl.Expr, parameters: PayGapParameters
) -> Rows | None:
    asked = set(survey.standard.concepts)
    derived = {"age_squared": pl.col("age") ** 2, "age_group": (pl.col("age") // 10).cast(pl.Int64)}
    wanted = dict.fromkeys((*parameters.numbers, *parameters.categories, *parameters.factors))
    columns = {name: pl.col(name) for name in wanted if name in asked}
    if "age" in asked:
        columns |= {name: derived[name] for name in wanted if name in derived}
    for name in columns:
        if name in parameters.categories:
            columns[name] = pl.when(~pl.col(name).is_in([UNKNOWN, NOT_IN_UNIVERSE])).then(pl.col(name))
    codes = {own: code for own, code in STATUSES[status].items() if code in COMPARED[status]}
    where = (pay > 0) & pay.is_finite() & pl.col(status).is_in(list(codes))
    if "age" in asked:
        where &= pl.col("age").is_between(parameters.youngest, parameters.oldest)
    if "status_in_employment" in asked:
        where &= pl.col("status_in_employment") == "employee"
    migrant = (
        pl.col(status).replace_strict(codes, default=None, return_dtype=pl.String) == COMPARED[status][0]
    )
    return rows_of(survey, year, {**columns, "pay": pay, "migrant": migrant}, where)


def _observed(rows: Rows, status: str, lost: str, parameters: PayGapParameters) -> list[pl.DataFrame]:
    between = "_".join(COMPARED[status])
    numbers = gaps_of(rows, between, parameters, (lost,) if lost else ())
    return observations_of(
        rows, CODE, numbers, (status, "hourly_earnings", "annual_earnings", "monthly_earnings")
    )


_LIMITS = "People who found no work have no pay and are in no gap."
_STATISTIC = Dimension("STATISTIC", "statistic", {"MEAN": "of means", "MEDIAN": "of medians"}, "not used")

INDICATOR = Indicator(
    code=CODE,
    name="Pay gap of migrants, from rows",
    series=(
        Series(
            code=RAW,
            name="Raw pay gap of migrants",
            definition="How much less migrants earn per hour than others, in per cent; negative: they earn more.",
            unit="PT",
            area_role="where they work",
            better="lower",
            dimensions=(BETWEEN, _STATISTIC),
            words=("raw pay gap", "pay gap from a survey"),
            limits=f"Unlike people are compared. {_LIMITS}",
        ),
        Series(
            code=WEIGHTED,
            name="Factor-weighted pay gap of migrants",
            definition="Mean of the pay gaps within groups of people alike, weighted by their earners, in per cent.",
            unit="PT",
            area_role="where they work",
            better="lower",
            dimensions=(BETWEEN,),
            words=("factor-weighted pay gap",),
            limits=f"Groups without migrants or without others are left out. {_LIMITS}",
        ),
        Series(
            code=PARTS,
            name="Pay gap of migrants, decomposed",
            definition="Parts of the gap of log hourly pay between others and migrants, in log points.",
            unit="LOG_POINTS",
            area_role="where they work",
            dimensions=(
                BETWEEN,
                Dimension("FOLDS", "decomposition", {"TWO": "two-fold", "THREE": "three-fold"}, "not used"),
                Dimension(
                    "PART",
                    "part",
                    {
                        "GAP": "the whole gap",
                        "EXPLAINED": "by differences of the regressors",
                        "UNEXPLAINED": "the rest",
                        "ENDOWMENTS": "by differences of the regressors, at migrants' coefficients",
                        "COEFFICIENTS": "by differences of the coefficients",
                        "INTERACTION": "by both at once",
                    },
                    "not used",
                ),
                Dimension("AT", "where", {"MEAN": "at the mean"}, "at the mean", open_codes=True),
                Dimension("VARIABLE", "regressor", {}, "all", open_codes=True),
            ),
            words=("oaxaca-blinder", "decomposed pay gap", "unexplained pay gap"),
            limits=f"Unexplained is not discrimination: what is not asked is in it. {_LIMITS}",
        ),
    ),
    needs=((SURVEY_PERSONS,),),
    compute=compute,
    parameters=PayGapParameters,
    explanation=__doc__,
)
