"""Estimates by legal status from rows without one: imputation controlled to residuals, with replicates.

    for k = 1 … m:   draw the assumptions                      -> counted irregular residents T_c of every cell
                     every person who logically may be irregular counts with the chance p_i of being so
                     under the full and every replicate weight r: p_i anew, so that sum w_r p = T_rc = F_rc - legal_c;
                     irregular rows weigh w p, regular ones w (1 - p), both up by the under-count
    variance         W (sampling): mean over k of sum f_r (t_rk - t_k)(t_rk - t_k)'
                     B (assumptions): covariance of the t_k;   V = W + B
    interval         quantiles of the mixture over k of t_k + sqrt(W) T(df)

    logit p_i = a_c + log odds_i,   a_c such that the chances of cell c add up to T_c

This is multiple imputation in the limit of infinitely many draws of persons for each draw of the assumptions
(fully efficient fractional imputation). Drawing persons and combining by Rubin's rules gives the same
estimates with intervals that are too wide wherever a variable has nothing to do with status given the cell:
the imputation then knows more than the analysis (Meng 1994). Imputing anew under every replicate weight
measures the variance of the estimate itself and needs no congenial analysis; and as most assumptions are
bounded, normal intervals would be too wide for totals, which the mixture is not.

No person gets a status, not even inside this module: only chances that are the same for everybody alike. Only
sums over at least `minimum` rows come out, and no function returns or takes a status per row.

Source: Kim and Fuller (2004), Biometrika 91, 559-578 (fractional imputation); Shao and Sitter (1996), Journal
of the American Statistical Association 91, 1278-1288 (imputation anew in every replicate); Meng (1994),
Statistical Science 9, 538-558; Bartlett and Hughes (2020), Statistical Methods in Medical Research 29, 3533-3546
(intervals under uncongenial imputation). Logical editing and control to residual totals after Passel and Cohn
(from memory) and Van Hook, Bachmeier, Coffman and Harel (2015), Demography 52, 329-354, who show that an imputed
status must be conditional on what it is related to: pass `odds`, or differences between statuses shrink.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sojourn.errors import UsageError
from sojourn.methods.legal_status.assumptions import Assumption
from sojourn.methods.legal_status.chances import Groups, chances, mixture_interval, sums_by_group
from sojourn.methods.legal_status.residual import Assignment, Cells, Floats, irregular, seed_of
from sojourn.methods.survey.imputation import Combined

STATUSES = ("irregular", "regular")


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """Foreign-born persons of a survey.

    Attributes:
        cell: index of each person's cell, shape (n,).
        possible: whether a person may be irregular; False where an answer rules it out (citizenship by birth or
            naturalisation, a permit, public employment, a benefit for legal residents only …).
        weights: shape (n,);  replicates: shape (n, R);  factors: f_r of V = sum f_r (t_r - t)(t_r - t)'.
        odds: relative odds of being irregular among those who may be; equal where not given.
        center: what replicates are compared with: the full "estimate", or their own "mean".
    """

    cell: NDArray[np.int64]
    possible: NDArray[np.bool_]
    weights: Floats
    replicates: Floats
    factors: Floats
    odds: Floats | None = None
    center: Literal["estimate", "mean"] = "estimate"

    def __post_init__(self) -> None:
        n = len(self.cell)
        shapes = {np.shape(part) for part in (self.possible, self.weights, self.cell)}
        if shapes != {(n,)} or np.shape(self.replicates) != (n, len(self.factors)):
            raise UsageError("the arrays of the persons do not fit", accepted="one row per person")
        if not np.isfinite(self.replicates).all() or not np.isfinite(self.weights).all():
            raise UsageError("weights that are not known", accepted="numbers")
        if np.any(self.weights < 0) or self.possible.dtype != np.bool_:
            raise UsageError("negative weights, or a flag that is no bool", accepted="weights from 0, bool")
        odds = self.odds
        if odds is not None and (np.shape(odds) != (n,) or np.any(~(odds > 0)) or np.any(np.isinf(odds))):
            raise UsageError("odds that are not positive", accepted=f"({n},) numbers above 0")


@dataclass(frozen=True, slots=True, eq=False)
class Measure:
    """What is estimated by status: the total of a variable, or its mean in a universe of persons."""

    name: str
    values: Floats
    kind: Literal["total", "mean"] = "mean"
    universe: NDArray[np.bool_] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ByStatus:
    """Estimates by legal status; there is no status of a person in it.

    Attributes:
        table: measure, kind, status, estimate, se, lower, upper (95 per cent), df, missing_share, n (rows in
            the universe, whatever their status).
        combined: the same with all covariances, in the order of the table.
        assumptions: what it rests on; to be shown with every number.
        unplaced: mean share of the counted irregular residents for whom no row was possible, or who were
            negative in a cell; they are in no estimate.
        seed: entropy of the generator.
    """

    table: pl.DataFrame
    combined: Combined
    assumptions: tuple[Assumption, ...]
    unplaced: float
    seed: int | None


def estimates_by_status(
    cells: Cells,
    assumptions: Sequence[Assumption],
    people: People,
    measures: Sequence[Measure],
    rng: np.random.Generator,
    imputations: int = 20,
    minimum: int = 30,
    df: float | None = None,
    draws: int = 2000,
) -> ByStatus:
    """Estimate totals and means of irregular and of regular foreign-born residents.

    Args:
        cells: their `counted` are the sums of the weights of the persons.
        assumptions: one for every parameter of every cell.
        people: the foreign-born rows.
        measures: what is estimated.
        rng: draws assumptions.
        imputations: draws of the assumptions under which all replicates are imputed, at least 2.
        minimum: rows who may be irregular that a measure needs: in its universe, and with each of its values
            where it has two, or else with a value other than 0.
        df: of the design; R - 1 where not given.
        draws: of the assumptions under the full weight, for the estimate and its interval.

    Returns:
        Estimates with intervals that contain sampling, imputation and the assumptions.

    Raises:
        UsageError: arrays that do not fit, counts that are not the sums of the weights, a measure of too few
            rows.

    Source: see the module.
    """
    if imputations < 2 or minimum < 3 or draws < 100:
        raise UsageError(
            f"{imputations} imputations, minimum {minimum}, {draws} draws",
            accepted="at least 2, at least 3, and at least 100",
        )
    _check(cells, people, measures, minimum)
    assignment = Assignment(cells, assumptions)
    rows = _Rows(cells, people, measures)
    uniforms = rng.random((draws, len(assignment.assumptions)))
    every, lost = rows.estimates(assignment.values(uniforms), full=True)
    within = np.mean([rows.within(assignment, row) for row in uniforms[:imputations]], axis=0)
    nu = df or max(len(people.factors) - 1.0, 1.0)
    combined = _combined(every, within, nu)
    bounds = mixture_interval(every, np.sqrt(np.diagonal(within)), nu)
    return ByStatus(
        _table(measures, people, combined, bounds), combined, tuple(assumptions), lost, seed_of(rng)
    )


class _Rows:
    """The persons as sums by group: of one cell, of equal odds, and all possibly irregular or none."""

    def __init__(self, cells: Cells, people: People, measures: Sequence[Measure]):
        self.cells, self.people, self.measures = cells, people, measures
        n = len(people.cell)
        weights = np.column_stack([people.weights, people.replicates])
        odds = np.ones(n) if people.odds is None else people.odds
        self.groups = Groups.of(people.cell, np.where(people.possible, odds, 0.0), len(cells.counted))
        self.size = sums_by_group(self.groups, np.ones(n), weights)
        self.sums = []
        for measure in measures:
            inside = np.ones(n) if measure.universe is None else measure.universe.astype(float)
            values = sums_by_group(self.groups, inside * measure.values, weights)
            number = None if measure.kind == "total" else sums_by_group(self.groups, inside, weights)
            self.sums.append((values, number))

    def estimates(self, values: Mapping[str, Floats], *, full: bool) -> tuple[Floats, float]:
        """Give the estimates, shape (B, p), and the mean share that had no place.

        B are draws of the assumptions under the full weight, or the weights under one draw.
        """
        at = np.s_[:1] if full else np.s_[:]
        size = self.size[at]
        counted, possible = self.groups.by_cell(size), self.groups.by_cell(size * self.groups.possible)
        _, seen = irregular(self.cells, values, counted)
        target = np.clip(seen, 0, np.maximum(possible, 0))
        lost = np.abs(seen - target).sum(axis=1) / np.maximum(np.abs(seen).sum(axis=1), 1e-300)
        chance = chances(self.groups, target, np.maximum(size, 0))
        found = []
        for part, missed in (
            (chance, values["undercount_irregular"]),
            (1 - chance, values["undercount_legal"]),
        ):
            scaled = part / (1 - missed)[:, self.groups.cell]
            found.append([_quotient(scaled, sums[at], _at(number, at)) for sums, number in self.sums])
        ordered = [one for pair in zip(*found, strict=True) for one in pair]
        return np.stack(ordered, axis=1), float(lost.mean())

    def within(self, assignment: Assignment, uniforms: Floats) -> Floats:
        """Give the sampling covariance under one draw of the assumptions, shape (p, p)."""
        found, _ = self.estimates(assignment.values(uniforms[None, :]), full=False)
        centre = found[0] if self.people.center == "estimate" else found[1:].mean(axis=0)
        off = found[1:] - centre
        return np.asarray((off * self.people.factors[:, None]).T @ off, np.float64)


def _at(sums: Floats | None, at: slice) -> Floats | None:
    return None if sums is None else sums[at]


def _quotient(scaled: Floats, values: Floats, number: Floats | None) -> Floats:
    """Add a measure up over the groups, and divide it by the people where it is a mean."""
    total = np.einsum("bs,bs->b", scaled, np.broadcast_to(values, scaled.shape))
    if number is None:
        return np.asarray(total, np.float64)
    people = np.einsum("bs,bs->b", scaled, np.broadcast_to(number, scaled.shape))
    mean: Floats = np.full(total.shape, np.nan)
    np.divide(total, people, out=mean, where=people > 0)
    return mean


def _combined(every: Floats, within: Floats, df: float) -> Combined:
    if not np.isfinite(every).all() or not np.isfinite(within).all():
        raise UsageError(
            "under some draws of the assumptions nobody has one of the statuses",
            accepted="assumptions that leave irregular and regular residents in the universe of each mean",
        )
    between = np.atleast_2d(np.cov(every, rowvar=False))
    covariance = within + between
    variance = np.diagonal(covariance)
    share = np.divide(np.diagonal(between), variance, out=np.zeros(len(variance)), where=variance > 0)
    inverse = (1 - share) ** 2 / df + share**2 / (len(every) - 1)
    return Combined(every.mean(axis=0), covariance, within, between, 1 / inverse, share)


def _check(cells: Cells, people: People, measures: Sequence[Measure], minimum: int) -> None:
    k, n = len(cells.counted), len(people.cell)
    if n == 0 or people.cell.min() < 0 or people.cell.max() >= k:
        raise UsageError("persons of cells that do not exist, or no persons", accepted=f"cells 0 to {k - 1}")
    sums = np.bincount(people.cell, weights=people.weights, minlength=k)
    if not np.allclose(sums, cells.counted, rtol=1e-6, atol=1e-6):
        raise UsageError(
            "the counts of the cells are not the sums of the persons' weights", accepted="both equal"
        )
    if not measures:
        raise UsageError("nothing is to be estimated", accepted="at least one measure")
    for measure in measures:
        if np.shape(measure.values) != (n,) or not np.isfinite(measure.values).all():
            raise UsageError(f"{measure.name}: values {np.shape(measure.values)}", accepted=f"({n},), known")
        universe = np.ones(n, bool) if measure.universe is None else measure.universe
        values = measure.values[universe & people.possible & (people.weights > 0)]
        groups = np.unique(values, return_counts=True)
        few = groups[1].min(initial=n) if groups[0].size == 2 else np.count_nonzero(values)
        if values.size < minimum or few < minimum:
            raise UsageError(
                f"{measure.name}: fewer than {minimum} rows who may be irregular stand behind it",
                accepted="a coarser measure, so that nobody's imputed status can be inferred",
            )


def _table(
    measures: Sequence[Measure], people: People, combined: Combined, bounds: tuple[Floats, Floats]
) -> pl.DataFrame:
    lower, upper = bounds
    lines = [(measure, status) for measure in measures for status in STATUSES]
    inside = [len(people.cell) if one.universe is None else int(one.universe.sum()) for one, _ in lines]
    return pl.DataFrame(
        {
            "measure": [measure.name for measure, _ in lines],
            "kind": [measure.kind for measure, _ in lines],
            "status": [status for _, status in lines],
            "estimate": combined.estimate,
            "se": combined.standard_error,
            "lower": lower,
            "upper": upper,
            "df": combined.df,
            "missing_share": combined.missing_share,
            "n": inside,
        }
    )
