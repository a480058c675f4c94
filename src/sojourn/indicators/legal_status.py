"""Residents in irregular and in regular stay, whom no survey tells apart: residuals and what follows from them.

A survey gives the foreign-born by cell, a file of assumptions what an office knows besides: legal admissions,
mortality, emigration, temporary residents and under-count, each with a distribution and a source
(`sources.legal_status_assumptions`). Without that file there is no number; nor without an error of the survey, as
nothing here is ever given without an interval that contains sampling and assumptions.

    SJ_IRREGULAR_RESIDENTS     foreign-born less legally resident, by the residual method, with the variables of cells
    SJ_IRREGULAR_SENSITIVITY   the total with one assumption at its low (2.5 %) and high (97.5 %) quantile
    SJ_IRREGULAR_VARIANCE      share of the total's variance that each assumption makes, alone and with interactions
    SJ_LEGAL_STATUS_JOBLESS    unemployment rate of the foreign-born in irregular and in regular stay
    SJ_LEGAL_STATUS_PAY        their mean hourly pay, in the survey's currency

Rates and means by status are imputed: every foreign-born person who is no citizen counts with a chance of being in
irregular stay that is the same for everybody of the cell (and of equal odds, where odds are stated), anew under every
replicate weight and draw of the assumptions. Where no odds are stated, differences between people of one cell cannot
be seen, and statuses look more alike than they are. No person gets a status, here or in any output.

Source: see `methods.legal_status`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import polars as pl
from numpy.typing import NDArray
from pydantic import Field

from sojourn.errors import UsageError
from sojourn.indicators.earnings import CURRENCY
from sojourn.indicators.legal_status_cells import Declared, cells_of, condition, declared, placed, replicated
from sojourn.indicators.legal_status_numbers import (
    JOBLESS,
    PAY,
    RESIDENTS,
    SERIES,
    by_status,
    residents,
    sensitivities,
)
from sojourn.indicators.model import Indicator, Parameters, Tables
from sojourn.indicators.survey_lines import Number, observations_of
from sojourn.indicators.survey_rows import Rows, rows_of, years_of
from sojourn.indicators.vintages import newest
from sojourn.methods.legal_status import Cells, People
from sojourn.sources.microdata.build import SURVEY_PERSONS, Microdata
from sojourn.sources.microdata.concepts import NOT_IN_UNIVERSE

CODE = "SJ.legal_status"
KIND = "legal_status_assumptions"


class LegalStatusParameters(Parameters):
    """Choices of the computation; the assumptions themselves are in their file.

    Attributes:
        seed: of the draws.
        draws: of the residual, and of the assumptions under the full weight.
        imputations: draws of the assumptions under which every replicate is imputed.
        sensitivity_draws: size of each base sample of the sensitivity.
    """

    section: ClassVar[str] = "legal_status"

    seed: int = 2030
    draws: int = Field(default=5000, ge=500)
    imputations: int = Field(default=20, ge=2)
    sensitivity_draws: int = Field(default=4096, ge=256)


@dataclass(frozen=True, slots=True, eq=False)
class Studied:
    """The foreign-born of a survey with their cells: what the numbers are made of."""

    rows: Rows
    keep: NDArray[np.bool_]
    stated: Declared
    cells: Cells
    people: People
    notes: tuple[str, ...]


def compute(tables: Tables, parameters: LegalStatusParameters) -> list[pl.DataFrame]:
    """Estimate irregular residents, and rates and means by legal status, for surveys with assumptions."""
    table = tables.get(KIND)
    frames: list[pl.DataFrame] = []
    for survey in tables.surveys:
        if table is None or not {"nativity", "citizenship"} <= set(survey.standard.concepts):
            continue
        for year in years_of(survey):
            own = table.filter(area=survey.area, period=str(year))
            if own.height:
                frames += _of_year(survey, year, newest(own), parameters)
    return frames


def _of_year(
    survey: Microdata, year: int, table: pl.DataFrame, parameters: LegalStatusParameters
) -> list[pl.DataFrame]:
    stated = declared(table)
    rows = _foreign_born(survey, year, stated)
    if rows is None:
        return []
    if not rows.has_errors:
        why = "the survey declares no design with errors, and nothing is given without an interval"
        numbers: list[Number] = [Number(RESIDENTS, "PS", 0.0, 0, "residual_method/1", missing=why)]
    else:
        numbers = list(_numbers(_studied(rows, stated, parameters), parameters))
    frames = observations_of(rows, CODE, numbers, ("nativity", "citizenship", *stated.concepts()))
    file = table["source"][0]
    return [frame.with_columns(source=pl.col("source") + f"+{file}") for frame in frames]


def _foreign_born(survey: Microdata, year: int, stated: Declared) -> Rows | None:
    asked = set(survey.standard.concepts)
    if absent := sorted(set(stated.concepts()) - asked):
        raise UsageError(
            f"the assumptions on legal status name {', '.join(absent)}, which {survey.label} does not have",
            accepted=", ".join(sorted(asked)),
        )
    kinds = {name: survey.standard.mapping.concept(name).kind for name in asked}
    numbers = [name for name, kind in kinds.items() if kind == "number"]
    columns = {f"cell_{at}": condition(text, numbers) for at, text in enumerate(stated.cells)}
    columns |= {f"odds_{at}": condition(text, numbers) for at, (text, _) in enumerate(stated.odds)}
    # Whose citizenship is not known may be no citizen.
    columns["possible"] = ~pl.col("citizenship").is_in(["citizen", NOT_IN_UNIVERSE])
    if {"employment", "age"} <= asked:
        active = pl.col("employment").is_in(["employed", "unemployed"]) & (pl.col("age") >= 15)
        columns["jobless"] = pl.when(active).then((pl.col("employment") == "unemployed").cast(pl.Float64))
    if "hourly_earnings" in asked:
        pay = pl.col("hourly_earnings")
        columns["pay"] = pl.when(pay.is_finite() & (pay > 0)).then(pay)
    return rows_of(survey, year, columns, pl.col("nativity") == "foreign")


def _studied(rows: Rows, stated: Declared, parameters: LegalStatusParameters) -> Studied:
    cell = placed(rows, len(stated.cells))
    keep = cell >= 0
    if not keep.any():
        raise UsageError(
            "no foreign-born person is in a cell of the assumptions", accepted="cells of this survey"
        )
    replicates, factors, word = replicated(rows, np.random.default_rng(parameters.seed))
    weights, replicates = rows.weights[keep], replicates[keep]
    center = rows.design.center if rows.replicates is not None else "estimate"
    cells = cells_of(stated, cell[keep], weights, replicates, factors, center)
    odds = np.ones(int(keep.sum()))
    for at, (_, times) in enumerate(stated.odds):
        met = rows.frame[f"odds_{at}"].fill_null(False).to_numpy().astype(bool)[keep]
        odds *= np.where(met, times, 1.0)
    possible = rows.frame["possible"].fill_null(False).to_numpy().astype(bool)[keep]
    people = People(cell[keep], possible, weights, replicates, factors, odds if stated.odds else None, center)
    left = 100 * rows.weights[~keep].sum() / rows.weights.sum()
    notes = (
        word,
        *((f"{left:.1f} per cent of the foreign-born are in no cell, and left out",) if left > 0 else ()),
    )
    return Studied(rows, keep, stated, cells, people, notes)


def _numbers(studied: Studied, parameters: LegalStatusParameters) -> Iterator[Number]:
    cells, assumptions = studied.cells, studied.stated.assumptions
    seed = parameters.seed
    yield from residents(cells, assumptions, studied.people, studied.notes, seed, parameters.draws)
    n = int(studied.people.possible.sum())
    yield from sensitivities(cells, assumptions, n, seed, parameters.sensitivity_draws)
    for column, series, unit, factor in (("jobless", JOBLESS, "PT", 100.0), ("pay", PAY, CURRENCY, 1.0)):
        if column in studied.rows.frame.columns:
            values = studied.rows.frame[column].fill_null(float("nan")).to_numpy()[studied.keep]
            odds = tuple(f"{text} times {times:g}" for text, times in studied.stated.odds)
            yield from by_status(
                (series, unit, factor),
                cells,
                assumptions,
                studied.people,
                values,
                (
                    *studied.notes,
                    f"odds: {', '.join(odds) if odds else 'none stated: the cell alone decides'}",
                ),
                (seed, parameters.imputations, parameters.draws),
            )


INDICATOR = Indicator(
    code=CODE,
    name="Residents by legal status, estimated",
    series=SERIES,
    needs=((SURVEY_PERSONS,), (KIND,)),
    compute=compute,
    parameters=LegalStatusParameters,
    explanation=__doc__,
)
