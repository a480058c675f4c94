"""Durable solutions of internally displaced persons by the criteria of the IASC Framework, from a survey.

For each criterion that the survey can measure, the share of displaced people and of a benchmark population who meet
it, and the difference with its design-based error: the covariance of the two shares is that of the sample, whether
they share clusters, households or persons.

    d_j = s_j (displaced_j - benchmark_j)    negative where the displaced are worse off, per cent points

A difference is judged "within margin", "gap" or "cannot tell" (`methods.durable_solutions`): not to have shown a
difference is not to have none. The verdict stands in the note of each difference, and that of all criteria together in
the note of SJ_IDP_CRITERIA, whose value counts criteria within their margin.

Criteria, answers that meet them, ages, margins and the benchmark are choices, with these defaults:

    SAFETY       safe = yes                                higher is better
    LIVING       poverty_ratio below 100                   lower is better
    LIVELIHOOD   employment = employed, ages 15 to 64      higher is better
    PROPERTY     tenure = owner                            higher is better
    DOCUMENTS    documentation = yes                       higher is better

Each is one indicator of a criterion that has more sides; the margins (5 points) are our own. The benchmark is people
who were never displaced, or everybody.

Source: IASC (2010), Framework on Durable Solutions for Internally Displaced Persons; EGRIS (2020), International
Recommendations on IDP Statistics (five key criteria, from memory).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Literal

import numpy as np
import polars as pl
from pydantic import BaseModel, ConfigDict, Field, field_validator

from sojourn.indicators.idp_criteria_series import COUNT, DIFFERENCE, SERIES, SHARE
from sojourn.indicators.model import Indicator, Parameters, Tables
from sojourn.indicators.survey_lines import LEVEL, Number, observations_of
from sojourn.indicators.survey_rows import Rows, rows_of, years_of
from sojourn.methods.durable_solutions import WITHIN, compare_table
from sojourn.methods.paygap.linearised import Estimates, Floats, Linearised, estimate, joined, mean
from sojourn.methods.survey.safety import Safety
from sojourn.observations import breakdown
from sojourn.sources.microdata.build import SURVEY_PERSONS, Microdata
from sojourn.sources.microdata.concepts import NOT_IN_UNIVERSE, UNKNOWN

CODE = "SJ.idp_criteria"


class Criterion(BaseModel):
    """How one criterion is measured.

    Attributes:
        criterion: code of the IASC criterion.
        concept: of the survey.
        answers: codes that count; empty for a number.
        below: of a number: values below it count.
        better: whether a higher or a lower share is better.
        margin: how many points worse counts as no worse.
        ages: first and last completed year; empty: all.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    criterion: Literal[
        "SAFETY", "LIVING", "LIVELIHOOD", "PROPERTY", "DOCUMENTS", "FAMILY", "PARTICIPATION", "REMEDIES"
    ]
    concept: str
    answers: tuple[str, ...] = ()
    below: float | None = None
    better: Literal["higher", "lower"] = "higher"
    margin: float = Field(default=5.0, ge=0)
    ages: tuple[int, int] | tuple[()] = ()

    @property
    def meets(self) -> pl.Expr:
        """Give 1 where it counts, 0 where not, null where not known, not asked or not of these ages."""
        value = pl.col(self.concept)
        if self.below is not None:
            found = pl.when(value.is_finite()).then(value < self.below)
        else:
            found = pl.when(~value.is_in([UNKNOWN, NOT_IN_UNIVERSE])).then(value.is_in(list(self.answers)))
        numbers = found.cast(pl.Float64)
        return pl.when(pl.col("age").is_between(*self.ages)).then(numbers) if self.ages else numbers


_DEFAULTS = (
    Criterion(criterion="SAFETY", concept="safe", answers=("yes",)),
    Criterion(criterion="LIVING", concept="poverty_ratio", below=100, better="lower"),
    Criterion(criterion="LIVELIHOOD", concept="employment", answers=("employed",), ages=(15, 64)),
    Criterion(criterion="PROPERTY", concept="tenure", answers=("owner",)),
    Criterion(criterion="DOCUMENTS", concept="documentation", answers=("yes",)),
)


class IdpParameters(Parameters):
    """Choices of the comparison.

    Attributes:
        criteria: how each criterion is measured; each criterion at most once.
        benchmark: people who were never displaced, or everybody (the displaced among them).
    """

    section: ClassVar[str] = "idp_criteria"

    criteria: tuple[Criterion, ...] = _DEFAULTS
    benchmark: Literal["never", "all"] = "never"

    @field_validator("criteria")
    @classmethod
    def _each_once(cls, given: tuple[Criterion, ...]) -> tuple[Criterion, ...]:
        if len({one.criterion for one in given}) < len(given):
            raise ValueError("each criterion at most once")
        return given


def compute(tables: Tables, parameters: IdpParameters) -> list[pl.DataFrame]:
    """Compare displaced people with the benchmark in every survey that asks displacement and a criterion."""
    frames: list[pl.DataFrame] = []
    for survey in tables.surveys:
        asked = set(survey.standard.concepts)
        used = [
            one for one in parameters.criteria if one.concept in asked and (not one.ages or "age" in asked)
        ]
        if "displaced" in asked and used:
            for year in years_of(survey):
                frames += _compared(survey, year, used, parameters)
    return frames


def _compared(
    survey: Microdata, year: int, used: list[Criterion], parameters: IdpParameters
) -> list[pl.DataFrame]:
    displaced = pl.col("displaced") == "displaced"
    benchmark = pl.col("displaced") == "never"
    if parameters.benchmark == "all":
        benchmark = ~pl.col("displaced").is_in([UNKNOWN, NOT_IN_UNIVERSE])
    columns = {one.criterion: one.meets for one in used} | {"displaced": displaced, "benchmark": benchmark}
    rows = rows_of(survey, year, columns, displaced | benchmark)
    if rows is None:
        return []
    needs = ("displaced", *(one.concept for one in used))
    return observations_of(rows, CODE, list(_numbers(rows, used, parameters)), needs)


def _numbers(rows: Rows, used: list[Criterion], parameters: IdpParameters) -> Iterator[Number]:
    cases: dict[str, tuple[int, int]] = {one.criterion: _cases(rows, one) for one in used}
    enough = [one for one in used if min(cases[one.criterion]) >= Safety().minimum_n]
    for one in used:
        if one not in enough and min(cases[one.criterion]) > 0:
            code = breakdown(BENCHMARK=parameters.benchmark.upper(), CRITERION=one.criterion)
            yield Number(DIFFERENCE, "PT", 0.0, min(cases[one.criterion]), _METHOD, breakdown=code)
    if not enough:
        return
    found = _shares(rows, enough)
    yield from _share_numbers(found, enough, cases, parameters)
    yield from _differences(rows, found, enough, cases, parameters)


_METHOD = "iasc_criteria/1"


def _cases(rows: Rows, one: Criterion) -> tuple[int, int]:
    known = pl.col(one.criterion).is_not_null()
    found = rows.frame.select((known & pl.col(name)).sum().alias(name) for name in ("displaced", "benchmark"))
    return int(found["displaced"][0]), int(found["benchmark"][0])


def _shares(rows: Rows, used: list[Criterion]) -> Estimates:
    """Estimate the shares of displaced people, then of the benchmark, with all covariances."""
    sides = [rows.frame[name].to_numpy() for name in ("displaced", "benchmark")]
    answers = [rows.frame[one.criterion].fill_null(float("nan")).to_numpy() for one in used]

    def both(w: Floats) -> Linearised:
        return joined(
            [
                mean(np.nan_to_num(answer)[:, None], w * side * np.isfinite(answer))
                for side in sides
                for answer in answers
            ]
        )

    names = [f"{side}:{one.criterion}" for side in ("displaced", "benchmark") for one in used]
    with np.errstate(divide="ignore", invalid="ignore"):
        return estimate(both, names, rows.frame.height, rows.sampling())


def _share_numbers(
    found: Estimates, used: list[Criterion], cases: dict[str, tuple[int, int]], parameters: IdpParameters
) -> Iterator[Number]:
    lower, upper = found.interval()
    for at, name in enumerate(found.names):
        side, _, criterion = name.partition(":")
        yield Number(
            SHARE,
            "PT",
            100 * float(found.value[at]),
            cases[criterion][int(side == "benchmark")],
            _METHOD,
            se=100 * float(found.standard_error[at]),
            # A share has no interval beyond 0 and 100.
            lower=max(0.0, 100 * float(lower[at])),
            upper=min(100.0, 100 * float(upper[at])),
            breakdown=breakdown(
                CRITERION=criterion,
                POPULATION="DISPLACED" if side == "displaced" else parameters.benchmark.upper(),
            ),
            notes=(_meaning(next(one for one in used if one.criterion == criterion)),),
        )


def _meaning(one: Criterion) -> str:
    what = f"below {one.below:g}" if one.below is not None else " or ".join(one.answers)
    ages = f", ages {one.ages[0]} to {one.ages[1]}" if one.ages else ""
    return f"{one.concept}: {what}{ages}; {one.better} is better"


def _differences(
    rows: Rows,
    found: Estimates,
    used: list[Criterion],
    cases: dict[str, tuple[int, int]],
    parameters: IdpParameters,
) -> Iterator[Number]:
    p = len(used)
    judged = rows.has_errors and bool(np.isfinite(found.covariance).all())
    table = pl.DataFrame(
        {
            "criterion": [one.criterion for one in used],
            "indicator": [one.concept for one in used],
            "better": [one.better for one in used],
            "margin": [one.margin for one in used],
            "displaced": 100 * found.value[:p],
            "benchmark": 100 * found.value[p:],
        }
    )
    covariance = 1e4 * found.covariance if judged else np.zeros((2 * p, 2 * p))
    lines, verdicts = compare_table(
        table, covariance=covariance, df=found.df if judged else np.inf, level=LEVEL
    )
    who = parameters.benchmark.upper()
    for one, line in zip(used, lines.iter_rows(named=True), strict=True):
        verdict = (
            f"{line['verdict']} (margin {one.margin:g} points)" if judged else "not judged without an error"
        )
        yield Number(
            DIFFERENCE,
            "PT",
            line["difference"],
            min(cases[one.criterion]),
            _METHOD,
            se=line["se"] if judged else None,
            lower=line["lower"],
            upper=line["upper"],
            breakdown=breakdown(BENCHMARK=who, CRITERION=one.criterion),
            notes=(verdict, _meaning(one)),
        )
    if judged:
        own = verdicts.filter(pl.col("criterion") != "ALL")
        whole = verdicts.filter(criterion="ALL").row(0, named=True)
        yield Number(
            COUNT,
            "NUMBER",
            float(own.filter(verdict=WITHIN).height),
            min(min(cases[one.criterion]) for one in used),
            _METHOD,
            breakdown=breakdown(BENCHMARK=who),
            notes=(f"all together: {whole['verdict']}; measured: {whole['name']}",),
            certain=True,
        )


INDICATOR = Indicator(
    code=CODE,
    name="Internally displaced people and the criteria of durable solutions",
    series=SERIES,
    needs=((SURVEY_PERSONS,),),
    compute=compute,
    parameters=IdpParameters,
    explanation=__doc__,
)
