"""Rows of a survey's persons for measures that sums by group cannot give, with the declared design.

Decompositions, ratios of two columns and comparisons of several indicators at once need each person's answers.
The rows in scope are read with the columns that are asked for, together with the weight and the replicates, or with
the strata and clusters of *all* persons: a domain is no smaller survey, so that those outside it keep their place
with influence zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sojourn.methods.paygap import Sampling
from sojourn.methods.survey import Design
from sojourn.methods.survey.linearization import linearized_covariance, sampling_stages
from sojourn.sources.microdata.build import Microdata
from sojourn.sources.microdata.concepts import WEIGHT, YEAR
from sojourn.surveys.designs import of_mapping

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Persons in scope of one year of a survey.

    Attributes:
        survey, year: where they are from.
        frame: the columns that were asked for, a row per person in scope.
        design: as declared.
        weights: shape (n,);  replicates: shape (n, R), none without replicates.
        strata, clusters, fpc: per stage, of everybody of the year; none without linearisation.
        place: where the persons in scope stand among everybody, shape (n,).
    """

    survey: Microdata
    year: int
    frame: pl.DataFrame
    design: Design
    weights: Floats
    replicates: Floats | None
    everybody: tuple[list[NDArray[np.generic]], ...]
    place: NDArray[np.int64]

    @property
    def weighted(self) -> bool:
        """Whether the survey declares a weight."""
        return self.survey.standard.design.kind != "none"

    @property
    def has_errors(self) -> bool:
        """Whether an error can be computed: replicates, or linearisation, were declared."""
        return self.design.replicated or self.design.kind == "taylor"

    @property
    def factors(self) -> Floats:
        """Give f_r of V = sum f_r (t_r - c)(t_r - c)'."""
        count = len(self.design.replicates)
        own = np.ones(count) if self.design.rscales is None else np.asarray(self.design.rscales, float)
        return np.asarray((self.design.scale or 0.0) * own, np.float64)

    def sampling(self, keep: Flags | None = None) -> Sampling:
        """Give the design of some of the rows; all where not stated."""
        used = np.ones(self.frame.height, bool) if keep is None else keep
        weights = self.weights[used]
        if self.replicates is not None:
            return Sampling(
                weights=weights,
                replicates=self.replicates[used],
                factors=self.factors,
                df=self.design.df,
                center=self.design.center,
            )
        if self.design.kind == "taylor":
            return Sampling(weights=weights, linearised=self._linearised(self.place[used]))
        # Without a declared design nothing of the error that this gives is shown.
        return Sampling(weights=weights)

    def _linearised(self, place: NDArray[np.int64]) -> Callable[[Floats], tuple[Floats, float]]:
        strata, clusters, fpc = (list(part) or None for part in self.everybody[:3])
        every = int(self.everybody[3][0][0])
        first = sampling_stages(every, strata, clusters, fpc)[0]
        df = self.design.df or float(len(first.stratum_of_unit) - len(first.sampled))

        def covariance(influence: Floats) -> tuple[Floats, float]:
            scores = np.zeros((every, influence.shape[1]))
            scores[place] = influence
            lonely = self.design.lonely
            found = linearized_covariance(scores, strata, clusters, fpc, lonely)  # type: ignore[arg-type]
            return found, df

        return covariance


def years_of(survey: Microdata) -> list[int]:
    """List the years of a survey."""
    found = survey.standard.frame.select(pl.col(YEAR).unique()).collect(engine="streaming")[YEAR]
    return sorted(found.drop_nulls().to_list())


def rows_of(survey: Microdata, year: int, columns: Mapping[str, pl.Expr], where: pl.Expr) -> Rows | None:
    """Read the persons of one year who are in scope.

    Args:
        survey: in standard columns.
        year: of the data.
        columns: name -> expression of the standard columns.
        where: who is in scope; null: not.

    Returns:
        Their rows; None where nobody is in scope.
    """
    design = of_mapping(survey.standard.design)
    frame = survey.standard.frame.filter(pl.col(YEAR) == year)
    if not survey.standard.design.weight:
        frame = frame.with_columns(pl.lit(1.0).alias(WEIGHT))
    scoped = where.fill_null(False)
    own = [expression.alias(name) for name, expression in columns.items()]
    weights = (design.weight, *design.replicates)
    found = (
        frame.filter(scoped).select(*own, *(pl.col(name).alias(f"__{name}") for name in weights)).collect()
    )
    if not found.height:
        return None
    number = [found[f"__{name}"].cast(pl.Float64).to_numpy() for name in weights]
    replicates = np.column_stack(number[1:]) if design.replicates else None
    everybody, place = _everybody(frame, scoped, design)
    return Rows(survey, year, found.select(list(columns)), design, number[0], replicates, everybody, place)


def _everybody(
    frame: pl.LazyFrame, scoped: pl.Expr, design: Design
) -> tuple[tuple[list[NDArray[np.generic]], ...], NDArray[np.int64]]:
    if design.kind != "taylor":
        return ((), (), (), ()), np.zeros(0, np.int64)  # type: ignore[return-value]
    parts = (design.strata, design.clusters, design.fpc)
    names = [name for part in parts for name in part]
    table = frame.select(*(pl.col(name) for name in names), scoped.alias("__in")).collect()
    arrays = tuple([table[name].to_numpy() for name in part] for part in parts)
    size = [np.array([table.height])]
    return (*arrays, size), np.flatnonzero(table["__in"].to_numpy())
