"""Quantiles of a cube: by domain from the cells of distinct values, under all replicates at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sojourn.errors import UsageError
from sojourn.methods.survey.answers import Holdings, added, numbers
from sojourn.methods.survey.blocks import Block
from sojourn.methods.survey.design import Design
from sojourn.methods.survey.engine import Cells, grouped
from sojourn.methods.survey.estimates import Estimates, spread
from sojourn.methods.survey.intervals import critical_value
from sojourn.methods.survey.quantiles import weighted_quantile, woodruff
from sojourn.methods.survey.refined import BIN, VALUE, quantile_of_bins

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ordered:
    """The cells of one domain in the order of their values, and the table of its values and weights.

    Attributes:
        values, weights: the values in ascending order and the weight on each, (v,) and (v, 1 + R); equal values
            stand together, unless rows are kept.
        cells: numbers of the cells of the domain.
        of_cells: value of each of these cells.
    """

    values: Floats
    weights: Floats
    cells: NDArray[np.intp]
    of_cells: Floats


def quantiles(held: Holdings, measure: str, by: Sequence[str], q: float, rule: str) -> Estimates:
    """Estimate a quantile of each domain under the full weight and every replicate.

    Raises:
        UsageError: the measure is kept by sums only.
    """
    block = held.block(measure)
    if block.kept == "refined":
        return _refined(block, by, q, rule)
    cells, apart = _cells(held, measure)
    whole = added(cells, cells.weights, by, held.units)
    values = np.full(whole.values.shape, np.nan)
    for place, domain in _by_domain(cells, by, apart):
        values[place] = weighted_quantile(domain.values, domain.weights, q, rule)
    return Estimates(whole.keys, whole.n, whole.zeros, values, None, whole.members)


def _refined(block: Block, by: Sequence[str], q: float, rule: str) -> Estimates:
    """Estimate a quantile from cells by bin, and by value where it lies."""
    cells = block.cells.take(block.cells.keys[BIN].is_not_null().to_numpy())
    whole = added(cells, cells.weights, by, None)
    values = np.full(whole.values.shape, np.nan)
    codes = grouped(cells.keys.select(by))[1] if by else np.zeros(len(cells), np.intp)
    numeric = cells.keys[VALUE].cast(pl.Float64).fill_null(np.nan).to_numpy()
    order = np.lexsort((numeric, cells.keys[BIN].to_numpy(), codes))
    for rows in np.split(order, np.flatnonzero(np.diff(codes[order])) + 1):
        if len(rows):
            weights = cells.weights[rows].astype(float)
            values[codes[rows[0]]] = quantile_of_bins(numeric[rows], weights, q, rule)
    return Estimates(whole.keys, whole.n, whole.zeros, values, None, whole.members)


def woodruff_ends(
    held: Holdings,
    design: Design,
    measure: str,
    by: Sequence[str],
    q: float,
    rule: str,
    level: float,
    freedom: Floats,
) -> tuple[Floats, Floats, Floats]:
    """Compute errors and intervals of quantiles by Woodruff's method: standard error, lower and upper end.

    The interval of the share of people at or below the quantile, p ∓ c s(p), is carried back through the
    distribution function. Source: Woodruff (1952); Francisco and Fuller (1991).
    """
    cells, apart = _cells(held, measure)
    size = len(added(cells, cells.weights, by, held.units).values)
    ends = np.full((3, size), np.nan)
    for place, domain in _by_domain(cells, by, apart):
        critical = float(critical_value(level, freedom[place]))
        found = woodruff(
            domain.values,
            domain.weights[:, 0],
            q,
            _share_interval(held, design, cells, domain, critical),
            critical=critical,
            rule=rule,
        )
        ends[:, place] = found.se, found.lower, found.upper
    return ends[0], ends[1], ends[2]


def _share_interval(
    held: Holdings, design: Design, cells: Cells, domain: Ordered, critical: float
) -> Callable[[float], tuple[float, float]]:
    def interval(value: float) -> tuple[float, float]:
        below = domain.values <= value
        shares = (domain.weights[below].sum(axis=0) / domain.weights.sum(axis=0))[None, :]
        scores = None
        if held.units is not None:
            full = cells.weights[domain.cells, 0].astype(float)
            part = full * ((domain.of_cells <= value) - shares[0, 0]) / full.sum()
            own = cells.take(domain.cells)
            scores = held.units.scored(own, part, np.zeros(len(own), np.intp), 1)
        error = float(np.sqrt(spread(shares, scores, design, held.units)[0]))
        return shares[0, 0] - critical * error, shares[0, 0] + critical * error

    return interval


def _cells(held: Holdings, measure: str) -> tuple[Cells, bool]:
    block = held.block(measure)
    if block.kept == "sums":
        raise UsageError(
            f"{measure} is kept by sums, from which no quantile follows",
            advice=f'Make the cube with keep={{"{measure}": "values"}}.',
        )
    return held.cells(measure, (measure,)), block.kept == "rows"


def _by_domain(cells: Cells, by: Sequence[str], apart: bool) -> Iterator[tuple[int, Ordered]]:
    values = numbers(cells).astype(float)
    codes = grouped(cells.keys.select(by))[1] if by else np.zeros(len(cells), np.intp)
    order = np.lexsort((np.arange(len(values)), values, codes))
    for rows in np.split(order, np.flatnonzero(np.diff(codes[order])) + 1):
        if len(rows):
            own, weights = values[rows], cells.weights[rows]
            first = np.arange(len(own)) if apart else np.flatnonzero(np.r_[True, own[1:] != own[:-1]])
            sums = np.add.reduceat(weights, first, axis=0).astype(float)
            yield int(codes[rows[0]]), Ordered(own[first], sums, rows, own)
