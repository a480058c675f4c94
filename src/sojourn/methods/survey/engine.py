"""The one grouped pass: rows in, sums of weights out, as one Ibis expression for any engine.

    GROUP BY (domains, value of y)  →  n, Σ w_0, Σ w_1, … Σ w_R      (and Σ w_r y where values are not kept)

Sums are exact, so that they are the same on any number of threads and can be added up again: integers are
added as 64-bit integers (small ones would overflow). All other numbers are first multiplied by a power of two
that lets the largest of them, summed over all rows, just fit into a decimal of 38 digits, are rounded there once
(to less than 10^-24 of the largest), added as whole numbers, and turned back at the end.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sojourn.errors import SourceError, UsageError
from sojourn.methods.survey.design import Design
from sojourn.methods.survey.repeated import collected_for_all, repeatable
from sojourn.methods.survey.tables import Table, collected

Sums = NDArray[Any]
"""Sums of weights, shape (cells, 1 + R): int64 where weights are integers, else float64."""
WHOLE = "decimal(38, 0)"
LARGEST = 2.0**122
"""Below 10^37: one digit of the 38 is left for replicates that are larger than their weight."""


@dataclass(frozen=True, slots=True)
class Cells:
    """What a grouped pass gives: keys of the cells, cases, cases of zero weight, and sums.

    Attributes:
        keys: one row per cell, sorted.
        n: cases in the cell, shape (cells,).
        zeros: cases whose full weight is zero, shape (cells,).
        weights: Σ w_r, shape (cells, 1 + R); the first column is the full weight.
        products: Σ w_r y by the name of y, same shape; empty where the value of y is among the keys.
    """

    keys: pl.DataFrame
    n: NDArray[np.int64]
    zeros: NDArray[np.int64]
    weights: Sums
    products: Mapping[str, Sums] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.n)

    def take(self, rows: NDArray[Any], keys: pl.DataFrame | None = None) -> Cells:
        """Keep some cells, by number or mask, under the same or other keys."""
        places = np.flatnonzero(rows) if rows.dtype == bool else rows
        products = {name: values[places] for name, values in self.products.items()}
        chosen = self.keys if keys is None else keys
        kept = chosen[places] if chosen.width else chosen
        return Cells(kept, self.n[places], self.zeros[places], self.weights[places], products)

    def regrouped(self, keys: pl.DataFrame) -> Cells:
        """Add up the cells that have the same new keys (one row of `keys` per cell), in sorted order."""
        groups, codes = grouped(keys) if keys.width else (keys, np.zeros(len(self), np.intp))
        size = groups.height if keys.width else 1
        products = {name: summed(sums, codes, size) for name, sums in self.products.items()}
        return Cells(
            groups,
            summed(self.n, codes, size),
            summed(self.zeros, codes, size),
            summed(self.weights, codes, size),
            products,
        )


def grouped(keys: pl.DataFrame) -> tuple[pl.DataFrame, NDArray[np.intp]]:
    """Number the distinct rows of a frame in sorted order: the distinct rows, and the number of each row."""
    distinct = keys.unique(maintain_order=True).sort(keys.columns, nulls_last=True)
    numbered = distinct.with_row_index("_number")
    joined = keys.join(numbered, on=keys.columns, how="left", nulls_equal=True, maintain_order="left")
    return distinct, joined["_number"].to_numpy().astype(np.intp)


def summed(values: Sums, codes: NDArray[np.intp], groups: int) -> Sums:
    """Add up rows by group, in the order of the rows, exactly for integers."""
    order = np.argsort(codes, kind="stable")
    ordered = codes[order]
    found = np.zeros((groups, *values.shape[1:]), values.dtype)
    if not len(values):
        return found
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    taken = values if np.array_equal(order, np.arange(len(order))) else values[order]
    found[ordered[starts]] = np.add.reduceat(taken, starts, axis=0)
    return found


def weight_columns(table: Table, design: Design) -> list[Any]:
    """Express the full weight and the replicates as numbers that add up exactly."""
    full = _number(table, design.weight)
    replicates = [_number(table, name) for name in design.replicates]
    if design.combined_weights:
        return [full, *replicates]
    return [full, *(_wide(r) * _wide(full) for r in replicates)]


def _wide(column: Any) -> Any:
    """Give whole numbers 64 bits before they are multiplied."""
    return column.cast("int64") if column.type().is_integer() else column


def _number(table: Table, name: str) -> Any:
    column = table[name]
    kind = column.type()
    if kind.is_signed_integer():
        return column  # as narrow as it is: a sum has 64 bits in every engine, and adds narrow numbers faster
    if kind.is_boolean() or kind.is_integer():
        return column.cast("int64")
    if kind.is_numeric():
        return column.cast("float64")
    text = table.filter(column.notnull() & column.try_cast("float64").isnull())
    raise SourceError(
        f"The weight {name} is not a number: {collected(text.count()).as_py():,} of its values are text",
        where=f"column {name}",
        accepted="numbers",
        advice="Convert the column, or read the file with its codebook.",
    )


def grouped_pass(
    table: Table,
    design: Design,
    keys: Mapping[str, Any],
    products: Mapping[str, Any] | None = None,
    *,
    rows: bool = False,
) -> Cells:
    """Run the grouped pass over a table.

    Args:
        table: Ibis table.
        design: the design, its columns found in the table.
        keys: name and Ibis expression of what to group by.
        products: name and expression of every y of which Σ w_r y is wanted.
        rows: keep every row as a cell of its own, in the order of the file.

    Raises:
        SourceError: weights are text, missing, negative or infinite; there are no rows.
    """
    given = products or {}
    for name, product in given.items():
        _require_number(name, product)
    prefixes = {"_w_": "", **{f"_p{place}_": name for place, name in enumerate(given)}}
    if rows:
        return _every_row(table, design, keys, _columns(weight_columns(table, design), given), prefixes)
    at_once = repeatable(table, design, given)
    weights = weight_columns(table, replace(design, replicates=()) if at_once else design)
    columns = _columns(weights, given)
    shifts = _shifts(table, columns, prefixes)
    asked = _aggregate(table, weights[0], keys, columns, shifts)
    answer = collected_for_all(asked, design, list(prefixes)) if at_once else collected(asked)
    size = 1 + len(design.replicates)
    sums = {name: _array(answer, p, size, shifts.get(p)) for p, name in prefixes.items()}
    counts = {name: _integers(answer[name]) for name in ("_n", "_weighed", "_negative", "_zero")}
    n = int(counts["_n"].sum())
    _complain(design, n, n - int(counts["_weighed"].sum()), int(counts["_negative"].sum()))
    frame = _frame(answer, keys)
    full = sums.pop("")
    cells = Cells(frame, counts["_n"], counts["_zero"], full, sums)
    if not frame.width:
        return cells if n else cells.take(np.zeros(0, np.intp))
    order = frame.with_row_index("_row").sort(frame.columns, nulls_last=True)["_row"].to_numpy()
    return cells.take(order.astype(np.intp))


def _columns(weights: Sequence[Any], products: Mapping[str, Any]) -> dict[str, Any]:
    """Express w_r, and w_r y of every y, by the names of the sums."""
    columns = {f"_w_{r}": weight for r, weight in enumerate(weights)}
    for place, product in enumerate(products.values()):
        y = product.cast("int64" if _whole(product) else "float64")
        columns |= {f"_p{place}_{r}": _wide(weight) * y for r, weight in enumerate(weights)}
    return columns


def _require_number(name: str, product: Any) -> None:
    kind = product.type()
    if not (kind.is_numeric() or kind.is_boolean() or kind.is_null()):
        raise UsageError(
            f"The values of {name} are of the type {kind}",
            accepted="numbers",
            advice="Ask for shares of them.",
        )


def _every_row(
    table: Table,
    design: Design,
    keys: Mapping[str, Any],
    columns: Mapping[str, Any],
    prefixes: Mapping[str, str],
) -> Cells:
    columns = {name: _wide(column) for name, column in columns.items()}
    answer = collected(table.select(**keys, **columns))
    size = 1 + len(design.replicates)
    sums = {name: _array(answer, p, size, None) for p, name in prefixes.items()}
    full = sums.pop("")
    missing = answer["_w_0"].null_count
    _complain(design, len(answer), missing, int((full[:, 0] < 0).sum()))
    zeros = (full[:, 0] == 0).astype(np.int64)
    return Cells(_frame(answer, keys), np.ones(len(answer), np.int64), zeros, full, sums)


def _whole(column: Any) -> bool:
    kind = column.type()
    return bool(kind.is_integer() or kind.is_boolean())


def _frame(answer: Any, keys: Mapping[str, Any]) -> pl.DataFrame:
    if not keys:
        return pl.DataFrame()
    return pl.DataFrame(pl.from_arrow(answer.select(list(keys))))


def _shifts(table: Table, columns: Mapping[str, Any], prefixes: Mapping[str, str]) -> dict[str, int]:
    """Find the power of two by which each family of floating-point numbers is multiplied before it is added."""
    loose = [p for p in prefixes if not all(_whole(columns[n]) for n in columns if n.startswith(p))]
    if not loose:
        return {}
    sizes = {p: columns[f"{p}0"].cast("float64").abs().max() for p in loose}
    found = collected(table.aggregate(**sizes, _n=table.count())).to_pylist()[0]
    shifts = {}
    for prefix in loose:
        largest = float(found[prefix] or 1.0) * max(int(found["_n"]), 1) * 2.0**8
        if not np.isfinite(largest):
            raise SourceError("A weight or a value is infinite or not a number", accepted="finite numbers")
        shifts[prefix] = int(np.floor(np.log2(LARGEST / largest)))
    return shifts


def _aggregate(
    table: Table,
    weight: Any,
    keys: Mapping[str, Any],
    columns: Mapping[str, Any],
    shifts: Mapping[str, int],
) -> Any:
    sums: dict[str, Any] = {"_n": table.count(), "_weighed": weight.count()}
    sums |= {"_negative": (weight < 0).cast("int64").sum(), "_zero": (weight == 0).cast("int64").sum()}
    for name, column in columns.items():
        shift = shifts.get(name[: name.rindex("_") + 1])
        if shift is None:
            sums[name] = column.sum()
        else:
            sums[name] = (column.cast("float64") * 2.0**shift).cast(WHOLE).sum().cast("float64")
    return table.group_by(**keys).aggregate(**sums) if keys else table.aggregate(**sums)


def _array(answer: Any, prefix: str, size: int, shift: int | None) -> Sums:
    names = [f"{prefix}{r}" for r in range(size)]
    whole = all(str(answer.schema.field(name).type) == "int64" for name in names)
    found = np.zeros((len(answer), len(names)), np.int64 if whole else np.float64)
    for place, name in enumerate(names):
        column = answer[name]
        values = column.fill_null(0) if column.null_count else column
        found[:, place] = values.combine_chunks().to_numpy(zero_copy_only=False)
    return found if shift is None else np.ldexp(found, -shift)


def _integers(column: Any) -> NDArray[np.int64]:
    return np.asarray(pl.Series(pl.from_arrow(column)).fill_null(0).cast(pl.Int64).to_numpy(), np.int64)


def _complain(design: Design, n: int, missing: int, negative: int) -> None:
    for count, word in ((missing, "missing"), (negative, "negative")):
        if count:
            raise SourceError(
                f"The weight {design.weight} is {word} in {count:,} of {n:,} rows",
                where=f"column {design.weight}",
                accepted="numbers from 0",
                advice="Give these rows their weight, or leave them out with `where` if they are not in scope.",
            )
