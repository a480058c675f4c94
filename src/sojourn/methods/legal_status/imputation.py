"""Estimates by legal status from rows without one: multiple imputation, controlled to residuals, with replicates.

    for k = 1 … m:   draw the assumptions                      -> counted irregular residents T_c of every cell
                     draw who is irregular among those who logically may be, until their weights reach T_c
                     under the full and every replicate weight r: scale the drawn rows to T_rc = F_rc - legal_c,
                     the others to F_rc - T_rc, both up by the under-count; compute the estimates
    combine the m estimates and their replicate covariances by Rubin's rules

Re-scaling under every replicate lets the sampling error of F reach the residual once, in the variance within;
assumptions and the draw of persons are in the variance between.

Where a variable has nothing to do with status given the cell, the imputation knows more than the analysis, and
the intervals of its means are wider than they need be (Meng 1994, Statistical Science 9, 538-558).

The imputed status of a person is a device of computation, not a finding about anybody. It never leaves this
module: only sums over at least `minimum` rows come out, and no function returns or takes a status per row.

Source: Rubin (1987); logical editing and control to residual totals after Passel and Cohn (from memory) and
Van Hook, Bachmeier, Coffman and Harel (2015), Demography 52, 329-354, who show that an imputed status must
be conditional on what it is related to: pass `odds`, or differences between statuses shrink to nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.sparse import csr_array

from sojourn.errors import UsageError
from sojourn.methods.legal_status.assumptions import Assumption
from sojourn.methods.legal_status.residual import Assignment, Cells, Floats, irregular, seed_of
from sojourn.methods.survey.imputation import Combined, combine

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
    """

    cell: NDArray[np.int64]
    possible: NDArray[np.bool_]
    weights: Floats
    replicates: Floats
    factors: Floats
    odds: Floats | None = None

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
) -> ByStatus:
    """Estimate totals and means of irregular and of regular foreign-born residents.

    Args:
        cells: their `counted` are the sums of the weights of the persons.
        assumptions: one for every parameter of every cell.
        people: the foreign-born rows.
        measures: what is estimated.
        rng: draws assumptions and persons.
        imputations: m, at least 2.
        minimum: rows who may be irregular that a measure needs: in its universe, and with each of its values
            where it has two, or else with a value other than 0.
        df: of the design; R - 1 where not given.

    Returns:
        Estimates with intervals that contain sampling, imputation and the assumptions.

    Raises:
        UsageError: arrays that do not fit, counts that are not the sums of the weights, a measure of too few
            rows.

    Source: see the module.
    """
    if imputations < 2 or minimum < 3:
        raise UsageError(
            f"{imputations} imputations, minimum {minimum}", accepted="at least 2, and at least 3"
        )
    _check(cells, people, measures, minimum)
    assignment = Assignment(cells, assumptions)
    rows = _Rows(cells, people, measures)
    found = [rows.impute(assignment, rng) for _ in range(imputations)]
    estimates = np.array([one[0][:, 0] for one in found])
    off = [one[0][:, 1:] - one[0][:, :1] for one in found]
    covariances = np.array([(part * people.factors) @ part.T for part in off])
    combined = combine(estimates, covariances, df or max(len(people.factors) - 1.0, 1.0), "satterthwaite")
    unplaced = float(np.mean([one[1] for one in found]))
    return ByStatus(_table(measures, people, combined), combined, tuple(assumptions), unplaced, seed_of(rng))


class _Rows:
    """The persons, arranged for sums by cell; what it imputes stays in local names."""

    def __init__(self, cells: Cells, people: People, measures: Sequence[Measure]):
        self.cells, self.people, self.measures = cells, people, measures
        self.k, n = len(cells.counted), len(people.cell)
        self.weights = np.column_stack([people.weights, people.replicates])
        self.counted = self._sums(np.ones(n))
        self.possible = self._sums(people.possible.astype(float))
        self.order = [np.flatnonzero((people.cell == c) & people.possible) for c in range(self.k)]

    def _sums(self, values: Floats) -> Floats:
        """Sum values times weights by cell, under every weight: shape (k, R + 1)."""
        n = len(values)
        matrix = csr_array((values, (self.people.cell, np.arange(n))), shape=(self.k, n))
        return np.asarray(matrix @ self.weights, np.float64)

    def impute(self, assignment: Assignment, rng: np.random.Generator) -> tuple[Floats, float]:
        """Give the estimates of one imputation, shape (p, R + 1), and the share that had no place."""
        values = assignment.values(rng.random((1, len(assignment.assumptions))))
        _, seen = irregular(self.cells, values, self.counted.T)
        target = np.clip(seen.T, 0, np.maximum(self.possible, 0))
        lost = float(np.abs(seen[0] - target[:, 0]).sum() / max(np.abs(seen[0]).sum(), 1e-300))
        drawn = self._draw(target[:, 0], rng)
        missed = {
            "irregular": values["undercount_irregular"][0],
            "regular": values["undercount_legal"][0],
        }
        results = []
        for status, member, goal in (
            ("irregular", drawn, target),
            ("regular", 1 - drawn, self.counted - target),
        ):
            held = self._sums(member)
            scale = np.divide(goal, held, out=np.zeros_like(goal), where=held > 0)
            scale = scale / (1 - missed[status])[:, None]
            results.append([self._estimate(measure, member, scale) for measure in self.measures])
        ordered = [one for pair in zip(*results, strict=True) for one in pair]
        return np.array(ordered), lost

    def _estimate(self, measure: Measure, member: Floats, scale: Floats) -> Floats:
        inside = member if measure.universe is None else member * measure.universe
        total = (self._sums(inside * measure.values) * scale).sum(axis=0)
        if measure.kind == "total":
            return np.asarray(total, np.float64)
        people = (self._sums(inside) * scale).sum(axis=0)
        mean: Floats = np.full(total.shape, np.nan)
        np.divide(total, people, out=mean, where=people > 0)
        return mean

    def _draw(self, target: Floats, rng: np.random.Generator) -> Floats:
        """Take persons in a random order, the likelier earlier, until their weights reach the target.

        The person on the boundary is taken with the probability that makes the weight right on average; at
        least one is taken where there is a target at all, as the rows are scaled to it afterwards.
        """
        people, drawn = self.people, np.zeros(len(self.people.cell))
        for c, rows in enumerate(self.order):
            if not target[c] > 0:
                continue
            keys = rng.exponential(size=rows.size)
            keys = keys if people.odds is None else keys / people.odds[rows]
            rows = rows[np.argsort(keys, kind="stable")]  # noqa: PLW2901
            w = people.weights[rows]
            before = np.cumsum(w) - w
            share = np.clip((target[c] - before) / np.where(w > 0, w, 1), 0, 1) * (w > 0)
            taken = rng.random() < share
            taken[np.argmax(w > 0)] = True
            drawn[rows] = taken
        return drawn


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


def _table(measures: Sequence[Measure], people: People, combined: Combined) -> pl.DataFrame:
    lower, upper = combined.interval()
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
