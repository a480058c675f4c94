"""What a cube stores of one pass: cells by domain, by which measures are known, by value or by cluster.

A measure is kept in one of four ways. By *values*: one cell per distinct value of y, from which everything
follows, quantiles too. By *sums*: Σ w y, enough for totals, means and ratios, and smaller. By *rows*: every case,
in the order of the file, for the rules of quantiles that depend on that order. *Refined*: by value near some
quantiles and by bin elsewhere, for a measure with very many distinct values (`refined`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sojourn.errors import UsageError
from sojourn.methods.survey import bracketed, refined
from sojourn.methods.survey.design import Design
from sojourn.methods.survey.engine import Cells, grouped_pass
from sojourn.methods.survey.tables import Table, ibis_module
from sojourn.methods.survey.units import UNIT, Units, unit_keys

Kept = Literal["values", "sums", "rows", "refined"]
VALUE, KNOWN, INSIDE = refined.VALUE, "_known", "_inside"
"""Columns of ours among the keys: value of y, bits of the known measures, whether in scope."""
KNOWN_BITS = 62


@dataclass(frozen=True, slots=True)
class Block:
    """The cells of one pass.

    Attributes:
        measures: names of the measures whose sums or values it holds.
        kept: how it holds them.
        cells: keys are the domains, then KNOWN, VALUE (by values and rows), UNIT (linearised designs).
        quantiles: those that a refined measure was made for.
    """

    measures: tuple[str, ...]
    kept: Kept
    cells: Cells
    quantiles: tuple[float, ...] = ()


def read_blocks(
    table: Table,
    design: Design,
    by: Mapping[str, Any],
    measures: Mapping[str, Any],
    where: Any,
    kept: Mapping[str, Kept | refined.Refined],
) -> tuple[tuple[Block, ...], Units | None]:
    """Run the passes that a cube needs: one for all sums, one for each measure kept by value or row.

    Args:
        table: Ibis table.
        design: the design, found in the table.
        by: name and expression of each domain column.
        measures: name and expression of each measure.
        where: Boolean expression of the rows in scope, or None.
        kept: how each measure is kept.

    Returns:
        The blocks, and the sampling units of a linearised design (None for others).
    """
    if len(measures) > KNOWN_BITS:
        raise UsageError(f"{len(measures)} measures in one cube", accepted=f"up to {KNOWN_BITS}")
    linear = design.kind == "taylor"
    scope = table if where is None or linear else table.filter(where)
    keys = dict(by)
    if len(measures) > 1 or "sums" in kept.values():  # a single value tells itself whether it is known
        bits = [
            expression.notnull().cast("int64") * (1 << place)
            for place, expression in enumerate(measures.values())
        ]
        keys[KNOWN] = reduce(lambda a, b: a + b, bits)
    if linear:
        keys |= unit_keys(table, design)
        everyone = ibis_module().literal(True)
        keys[INSIDE] = everyone if where is None else where.fill_null(False)
    single = linear and not design.clusters
    blocks = []
    sums = {name: measures[name] for name in measures if kept[name] == "sums"}
    if sums or not measures:
        cells = grouped_pass(scope, design, keys, sums, rows=single)
        blocks.append(Block(tuple(sums), "sums", cells))
    for name in measures:
        if kept[name] != "sums":
            blocks.append(_block(table, scope, design, keys, name, measures[name], kept[name]))
    return _with_units(blocks, design, list(by)) if linear else (tuple(blocks), None)


def _block(
    table: Table,
    scope: Table,
    design: Design,
    keys: Mapping[str, Any],
    name: str,
    y: Any,
    way: Kept | refined.Refined,
) -> Block:
    """Keep one measure by value, by row, or refined where that pays."""
    if isinstance(way, refined.Refined):
        cells = _near_quantiles(table, scope, design, keys, y, way)
        if cells is not None:
            return Block((name,), "refined", cells, way.quantiles)
        way = "values"
    rows = way == "rows" or (design.kind == "taylor" and not design.clusters)
    return Block((name,), way, grouped_pass(scope, design, {**keys, VALUE: y}, rows=rows))


def _near_quantiles(
    table: Table, scope: Table, design: Design, keys: Mapping[str, Any], y: Any, wanted: refined.Refined
) -> Cells | None:
    """Keep values near some quantiles only: by brackets where values are few, by bins where they are very many.

    Weights below zero would let sums of weights fall from one value to the next; then all values are kept.
    """
    spread = refined.spread_of(scope, design, y)
    if spread is None or spread.values <= wanted.above:
        return None
    # All rows first: of a Parquet file that costs nothing, while a filter has every row in scope read.
    if refined.any_negative(table, design) and refined.any_negative(scope, design):
        return None
    if spread.values > refined.MOST_VALUES:
        return refined.refined_cells(scope, design, keys, y, wanted, spread)
    return bracketed.bracketed_cells(scope, design, keys, y, wanted.quantiles)


def _with_units(
    blocks: Sequence[Block], design: Design, by: list[str]
) -> tuple[tuple[Block, ...], Units | None]:
    """Replace strata and clusters by the number of the unit, and leave out what is not in scope."""
    units: Units | None = None
    found = []
    for block in blocks:
        units, codes = Units.found(block.cells.keys, design)
        names = [name for name in (*by, KNOWN, VALUE) if name in block.cells.keys.columns]
        keys = block.cells.keys.select(names).with_columns(pl.Series(UNIT, codes.astype(np.int64)))
        inside = block.cells.keys[INSIDE].to_numpy()
        cells = block.cells.take(np.arange(len(block.cells)), keys).take(inside)
        found.append(Block(block.measures, block.kept, cells))
    return tuple(found), units


def known(cells: Cells, places: Sequence[int]) -> NDArray[np.bool_]:
    """Say which cells have all of some measures known, by the places of these among the cube's measures."""
    if not places:
        return np.ones(len(cells), bool)
    if KNOWN not in cells.keys.columns:
        return cells.keys[VALUE].is_not_null().to_numpy()
    needed = sum(1 << place for place in places)
    return np.asarray((cells.keys[KNOWN].to_numpy() & needed) == needed)


def merged_blocks(first: Block, second: Block, units: Mapping[str, NDArray[np.intp]] | None) -> Block:
    """Add up two blocks of the same measures, cell by cell; exact where sums are integers."""
    parts = []
    for part, block in (("first", first), ("second", second)):
        keys = block.cells.keys
        if units is not None:
            keys = keys.with_columns(pl.Series(UNIT, units[part][keys[UNIT].to_numpy()].astype(np.int64)))
        parts.append((keys, block.cells))
    keys = pl.concat([keys for keys, _ in parts], how="vertical_relaxed")
    cells = [cells for _, cells in parts]
    joined = Cells(
        keys,
        np.concatenate([c.n for c in cells]),
        np.concatenate([c.zeros for c in cells]),
        np.concatenate([c.weights for c in cells]),
        {name: np.concatenate([c.products[name] for c in cells]) for name in first.cells.products},
    )
    return Block(first.measures, first.kept, joined if first.kept == "rows" else joined.regrouped(keys))
