"""From the cells of a cube to estimates: totals, means, shares, ratios, with replicates or scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from sojourn.errors import UsageError
from sojourn.methods.survey.blocks import VALUE, Block, known
from sojourn.methods.survey.engine import Cells, Sums, grouped, summed
from sojourn.methods.survey.estimates import Estimates
from sojourn.methods.survey.refined import BIN
from sojourn.methods.survey.units import UNIT, Units

Floats = NDArray[np.float64]
MOST_LISTED = 20_000
"""Shares up to which those of zero are listed too."""


@dataclass(frozen=True, slots=True)
class Holdings:
    """The blocks of a cube and the order of its measures: where the sums for a question are found."""

    measures: tuple[str, ...]
    blocks: tuple[Block, ...]
    units: Units | None

    def block(self, measure: str | None) -> Block:
        """Find the block that holds a measure; any block for no measure.

        Raises:
            UsageError: the cube does not hold it.
        """
        for block in self.blocks:
            if measure is None or measure in block.measures:
                return block
        raise UsageError(f"The cube does not hold {measure!r}", accepted=", ".join(self.measures))

    def answered(self, measure: str) -> int:
        """Count the cases of which a measure is known, however it is kept."""
        block = self.block(measure)
        if block.kept == "refined":
            return int(block.cells.n[block.cells.keys[BIN].is_not_null().to_numpy()].sum())
        return int(self.cells(measure, (measure,)).n.sum())

    def cells(self, measure: str | None, needed: Sequence[str]) -> Cells:
        """Give the cells for a measure in which all the needed measures are known."""
        block = self.block(measure)
        if block.kept == "refined" and measure is not None:
            raise UsageError(
                f"{measure} is kept by value near its quantiles at {', '.join(map(str, block.quantiles))} only",
                accepted="these quantiles, under the rules math, school, hf1, hf2, by replicates",
                advice='It needs the files again: make the cube with keep="values", or "sums" for means.',
            )
        cells = block.cells
        places = [self.measures.index(name) for name in needed]
        there = known(cells, places)
        return cells if there.all() else cells.take(there)


def amounts(cells: Cells, measure: str) -> Sums:
    """Give Σ w_r y of every cell, shape (cells, 1 + R)."""
    if measure in cells.products:
        return cells.products[measure]
    return numbers(cells)[:, None] * cells.weights


def numbers(cells: Cells) -> NDArray[Any]:
    """Give the value of y of every cell as a number.

    Raises:
        UsageError: the values are words.
    """
    column = cells.keys[VALUE]
    if not (column.dtype.is_numeric() or column.dtype in (pl.Boolean, pl.Null)):
        raise UsageError(
            f"The values are of the type {column.dtype}", accepted="numbers", advice="Ask for shares of them."
        )
    # Whole numbers times whole weights stay exact as long as they fit.
    whole = column.dtype.is_integer() or column.dtype == pl.Boolean
    return column.cast(pl.Int64 if whole else pl.Float64).to_numpy()


def added(
    cells: Cells, values: Sums, by: Sequence[str], units: Units | None, every: pl.DataFrame | None = None
) -> Estimates:
    """Add up by domain: totals with their replicates, or with one score per sampling unit.

    Args:
        cells: the cells that count.
        values: what is added, shape (cells, 1 + R).
        by: domain columns.
        units: sampling units, for linearised designs.
        every: the domains that are listed, where `cells` may lack some.
    """
    keys, codes = _domains(cells, by, every)
    size = keys.height if by else 1
    scores = members = None
    if units is not None:
        scores = units.scored(cells, values[:, 0].astype(float), codes, size)
        there = cells.weights[:, 0] != 0
        marks = (cells.keys[UNIT].to_numpy()[there], codes[there])
        members = sparse.coo_array((np.ones(there.sum()), marks), shape=(len(units), size)).tocsc()
    return Estimates(
        keys,
        summed(cells.n, codes, size),
        summed(cells.zeros, codes, size),
        summed(values, codes, size).astype(float),
        scores,
        members,
    )


def _domains(
    cells: Cells, by: Sequence[str], every: pl.DataFrame | None
) -> tuple[pl.DataFrame, NDArray[np.intp]]:
    if not by:
        return pl.DataFrame(), np.zeros(len(cells), np.intp)
    if every is None:
        return grouped(cells.keys.select(by))
    distinct, codes = grouped(pl.concat([every.select(by), cells.keys.select(by)]))
    return distinct, codes[every.height :]


def people(held: Holdings, by: Sequence[str]) -> Estimates:
    """Estimate the number of people of each domain: N = Σ w."""
    cells = held.cells(None, ())
    return added(cells, cells.weights, by, held.units)


def totals(held: Holdings, measure: str, by: Sequence[str], needed: Sequence[str] | None = None) -> Estimates:
    """Estimate totals: Y = Σ w y where y (and what else is needed) is known."""
    cells = held.cells(measure, needed or (measure,))
    return added(cells, amounts(cells, measure), by, held.units)


def means(held: Holdings, measure: str, by: Sequence[str]) -> Estimates:
    """Estimate means: Σ w y / Σ w where y is known."""
    cells = held.cells(measure, (measure,))
    values = amounts(cells, measure)
    above = added(cells, values, by, held.units)
    below = added(cells, cells.weights, by, held.units)
    found = above.quotient(below)
    if measure in cells.products:
        return found
    _, codes = _domains(cells, by, None)
    squares = summed(numbers(cells).astype(float) ** 2 * cells.weights[:, 0], codes, len(found.values))
    return replace(found, simple=_simple(found, squares, below.point, cells, codes))


def _simple(
    found: Estimates, squares: Floats, weight: Floats, cells: Cells, codes: NDArray[np.intp]
) -> Floats:
    """Compute the variance under simple random sampling with replacement: S² / n.

    S² = n/(n-1) · Σ w (y - m)² / Σ w over cases of weight. Source: R survey, `deff = "replace"`.
    """
    n = (summed(cells.n, codes, len(found.values)) - found.zeros).astype(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray((squares / weight - found.point**2) / (n - 1))


def ratios(held: Holdings, measure: str, denominator: str, by: Sequence[str]) -> Estimates:
    """Estimate ratios: Σ w y / Σ w x where both are known."""
    both = (measure, denominator)
    return totals(held, measure, by, both).quotient(totals(held, denominator, by, both))


def shares(held: Holdings, measure: str, by: Sequence[str], of: Any = None) -> Estimates:
    """Estimate shares: of what is true (0/1, true/false), of the category `of`, or of every category.

    Raises:
        UsageError: the measure is kept by sums and is not between 0 and 1.
    """
    block = held.block(measure)
    if block.kept == "sums":
        found = means(held, measure, by)
        if of is not None or (found.point > 1 + 1e-12).any() or (found.point < 0).any():
            raise UsageError(f"{measure} is kept by sums and is not 0 or 1", advice="Keep it by values.")
        return replace(found, proportion=True)
    cells = held.cells(measure, (measure,))
    values = cells.keys[VALUE]
    if of is None and _binary(values):
        return replace(means(held, measure, by), proportion=True)
    below = added(cells, cells.weights, by, held.units)
    if of is not None:
        chosen = cells.take((values == of).fill_null(False).to_numpy())
        above = added(chosen, chosen.weights, by, held.units, every=cells.keys)
        return replace(above.quotient(below), n=below.n, zeros=below.zeros, proportion=True)
    return _categories(cells, below, by, held.units)


def _binary(values: pl.Series) -> bool:
    if values.dtype == pl.Boolean:
        return True
    return values.dtype.is_numeric() and bool(((values == 0) | (values == 1)).all())


def _every_category(below: Estimates, keys: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame | None:
    """List every category of every domain: one that nobody of a domain is in has a share of zero there."""
    categories = keys.select("category").unique()
    if below.keys.height * categories.height > MOST_LISTED:
        return None
    return below.keys.join(categories, how="cross") if by else categories


def _categories(cells: Cells, below: Estimates, by: Sequence[str], units: Units | None) -> Estimates:
    """Estimate the share of every category: one row per domain and category."""
    renamed = cells.keys.with_columns(pl.col(VALUE).alias("category"))
    labelled = replace(cells, keys=renamed)
    above = added(
        labelled, cells.weights, [*by, "category"], units, every=_every_category(below, renamed, by)
    )
    if by:
        _, codes = grouped(pl.concat([below.keys, above.keys.select(by)]))
        parents = codes[below.keys.height :]
    else:
        parents = np.zeros(above.keys.height, np.intp)
    whole = below.take(parents)
    found = above.quotient(whole)
    return replace(found, n=whole.n, zeros=whole.zeros, proportion=True)
