"""Quantiles of a measure with few distinct values in many domains: one cheap look, then one pass near the quantile.

Keeping every value of every domain under every replicate takes (values x domains x (1 + R)) sums, most of them far
from any quantile. The full weight alone, read first, costs two columns instead of 1 + R, and tells where to look:

1. weights are summed by (domain, value) under the full weight;
2. for each domain a bracket of values is chosen in which the quantile of every replicate is to be expected,

       q ∓ WIDE √(q (1 - q) / n)     of the distribution function,

   WIDE standard errors of a share under simple random sampling (a replicate strays from the estimate by less than
   the error of the design, so there is room for a design effect of four and more);
3. weights are summed once more for all replicates, by value within the bracket, as one sum below and one above it;
4. a domain in which a replicate's quantile is found outside gets a wider bracket, and the third step runs again.

What is found is, value for value, the quantile of all values; a bracket that is too narrow costs time, never truth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sojourn.methods.survey.design import Design
from sojourn.methods.survey.engine import Cells, grouped, grouped_pass
from sojourn.methods.survey.refined import BIN, VALUE, bins_of_domain
from sojourn.methods.survey.tables import Table, beside, ibis_module

WIDE = 12.0
FEW_CELLS = 5_000
"""Cells by value up to which keeping all of them is quicker than a second pass."""
BELOW, WITHIN, ABOVE = 0, 1, 2
LOW, HIGH, DOMAIN = "_low", "_high", "_domain"
MOST_PASSES = 4


def bracketed_cells(
    table: Table, design: Design, keys: Mapping[str, Any], y: Any, quantiles: tuple[float, ...]
) -> Cells | None:
    """Run the passes that some quantiles need; None where keeping all values is as well.

    Args:
        table: Ibis table of the rows in scope.
        design: with replicates none of which is below zero, found in the table.
        keys: name and expression of what is to be kept apart.
        y: expression of the measure, a number.
        quantiles: the probabilities that can be asked for.

    Returns:
        Cells with the keys, the bin (below, within, above; missing where y is), and the value of y within.
    """
    first = grouped_pass(table, replace(design, replicates=()), {**keys, VALUE: y})
    known = first.take(first.keys[VALUE].is_not_null().to_numpy())
    if len(known) <= FEW_CELLS:
        return None
    domains, codes = (
        grouped(known.keys.select(list(keys))) if keys else (pl.DataFrame(), np.zeros(len(known), np.intp))
    )
    wide = np.full(max(domains.height, 1), WIDE)
    for _ in range(MOST_PASSES):
        ends = _brackets(known, codes, quantiles, wide)
        cells = _near(table, design, keys, y, domains, ends)
        strayed = _strayed(cells, domains, quantiles)
        if not len(strayed):
            return cells
        wide[strayed] *= 8
    return None


def bracket(weights: NDArray[Any], n: int, quantiles: tuple[float, ...], wide: float) -> tuple[int, int]:
    """Choose the places of the first and the last value of a domain that are kept, by its full weight.

    Args:
        weights: on the values in ascending order, shape (v,).
        n: cases of the domain.
        quantiles: probabilities.
        wide: standard errors of a share to either side.
    """
    share = np.cumsum(weights, dtype=float)
    share /= share[-1] if share[-1] > 0 else 1.0
    first, last = len(share) - 1, 0
    for q in quantiles:
        room = wide * np.sqrt(max(q * (1 - q), 1 / max(n, 1)) / max(n, 1))
        first = min(first, int(np.searchsorted(share, q - room)))
        # One more: the rules that take the mean of two values ask for the next one.
        last = max(last, int(np.searchsorted(share, q + room, side="right")) + 1)
    return first, min(last, len(share) - 1)


def _brackets(
    cells: Cells, codes: NDArray[np.intp], quantiles: tuple[float, ...], wide: NDArray[np.float64]
) -> pl.DataFrame:
    """Choose the least and the largest value that each domain keeps."""
    values = cells.keys[VALUE].to_numpy()
    order = np.lexsort((values, codes))
    ends = []
    for rows in np.split(order, np.flatnonzero(np.diff(codes[order])) + 1):
        n = int(cells.n[rows].sum())
        first, last = bracket(cells.weights[rows, 0], n, quantiles, wide[codes[rows[0]]])
        ends.append((values[rows[first]], values[rows[last]]))
    kind = cells.keys[VALUE].dtype
    return pl.DataFrame(ends, schema={LOW: kind, HIGH: kind}, orient="row")


def _near(
    table: Table, design: Design, keys: Mapping[str, Any], y: Any, domains: pl.DataFrame, ends: pl.DataFrame
) -> Cells:
    """Sum by value within the bracket of the row's domain, and by side outside."""
    names = {f"{DOMAIN}{place}": name for place, name in enumerate(keys)}
    own = table.mutate(**{DOMAIN + VALUE: y}, **{mark: keys[name] for mark, name in names.items()})
    if not keys:
        low, high = (ibis_module().literal(ends[name][0], y.type()) for name in (LOW, HIGH))
        return grouped_pass(own, design, _placed(own, low, high))
    listed = domains.rename({name: f"_of{mark}" for mark, name in names.items()})
    with beside(table, pl.concat([listed, ends], how="horizontal").to_arrow()) as brackets:
        own = own.left_join(brackets, [own[mark].identical_to(brackets[f"_of{mark}"]) for mark in names])
        domain = {name: own[mark] for mark, name in names.items()}
        return grouped_pass(own, design, domain | _placed(own, own[LOW], own[HIGH]))


def _placed(own: Table, low: Any, high: Any) -> dict[str, Any]:
    """Express the side of a bracket on which y lies, and y where it lies within."""
    ibis = ibis_module()
    number = own[DOMAIN + VALUE]
    side = ibis.cases(
        (number.isnull(), ibis.null("int64")),
        (number < low, ibis.literal(BELOW, "int64")),
        (number > high, ibis.literal(ABOVE, "int64")),
        else_=ibis.literal(WITHIN, "int64"),
    )
    return {
        BIN: side,
        VALUE: ibis.ifelse((number >= low) & (number <= high), number, ibis.null(number.type())),
    }


def _strayed(cells: Cells, domains: pl.DataFrame, quantiles: tuple[float, ...]) -> NDArray[np.intp]:
    """List the domains in which a quantile of some column of weights lies where only a side is kept."""
    known = cells.take(cells.keys[BIN].is_not_null().to_numpy())
    codes = np.zeros(len(known), np.intp)
    if domains.width:
        _, both = grouped(pl.concat([domains, known.keys.select(domains.columns)]))
        codes = both[domains.height :]
    bins = known.keys[BIN].to_numpy()
    order = np.lexsort((bins, codes))
    strayed = []
    for rows in np.split(order, np.flatnonzero(np.diff(codes[order])) + 1):
        sides = np.unique(bins[rows], return_index=True)
        weights = np.add.reduceat(known.weights[rows].astype(float), sides[1], axis=0)
        if bins_of_domain(sides[0], weights, quantiles) - {WITHIN}:
            strayed.append(codes[rows[0]])
    return np.array(strayed, np.intp)
