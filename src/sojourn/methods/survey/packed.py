"""A file packed for repeated questions: the weights of a row side by side, every column as codes, memory-mapped.

The form is an Arrow IPC file that anything can read: `weights` a fixed-size list of the smallest integers that
hold them, and one column of codes per variable, whose sorted values are in the metadata. Reading it costs no
decoding, so a cube takes about as long as reading the weights from memory.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sojourn.errors import SourceError, UsageError
from sojourn.methods.survey import freedom
from sojourn.methods.survey.blocks import KNOWN, VALUE, Block
from sojourn.methods.survey.cube import Cube
from sojourn.methods.survey.design import Design
from sojourn.methods.survey.engine import Cells, check_replicates, weight_columns
from sojourn.methods.survey.kernels import Groups, add_rows
from sojourn.methods.survey.tables import Engine, batches, collected, footers, opened

FORMAT = "sojourn packed microdata 1"
ROWS_AT_ONCE = 100_000
MOST_GROUPS = 5_000_000
MOST_EMPTY = 20_000
"""Cells up to which sums are kept for all that could occur."""
Codes = NDArray[Any]


def pack(
    data: Any, design: Design, columns: Sequence[str], path: str | Path, *, engine: Engine | None = None
) -> Packed:
    """Write the packed form of a file, in pieces of bounded memory, and open it.

    Args:
        data: as for `cube`.
        design: a design with replicates, or weights only.
        columns: the variables that questions will be about.
        path: of the packed file.
        engine: how DuckDB may use the machine.

    Raises:
        UsageError: the design is linearised (its sums are by cluster, for which the cube is the form).
    """
    import pyarrow as pa

    if design.kind == "taylor":
        raise UsageError("The packed form is for replicate weights", advice="Use a cube.")
    target = Path(path)
    draft = target.with_name(f"{target.name}.part")
    with opened(data, engine) as table:
        found = design.found_in(table.columns)
        check_replicates(table, found, footers(data))
        weights = weight_columns(table, found)
        kind = _smallest(table, weights)
        levels = {name: _levels(table, name) for name in columns}
        told = {
            "format": FORMAT,
            "design": asdict(found),
            "freedom": freedom.of_replicates(table, found),
            "levels": {n: {"dtype": str(s.dtype), "values": s.to_list()} for n, s in levels.items()},
        }
        types = {name: _code_type(len(values)) for name, values in levels.items()}
        fields = [pa.field(n, pa.from_numpy_dtype(t)) for n, t in types.items()]
        listed = pa.field("weights", pa.list_(pa.from_numpy_dtype(kind), len(weights)))
        schema = pa.schema([*fields, listed], metadata={"sojourn": json.dumps(told)})
        chosen = {**{n: table[n] for n in columns}, **{f"_w{r}": w for r, w in enumerate(weights)}}
        try:
            with pa.OSFile(str(draft), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
                for batch in batches(table.select(**chosen), ROWS_AT_ONCE):
                    writer.write_batch(_packed_batch(batch, levels, types, kind, schema))
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
    return Packed.open(target)


def _smallest(table: Any, weights: Sequence[Any]) -> np.dtype[Any]:
    if not all(w.type().is_integer() for w in weights):
        return np.dtype(np.float64)
    ends = {f"l{r}": w.min() for r, w in enumerate(weights)} | {
        f"h{r}": w.max() for r, w in enumerate(weights)
    }
    row = collected(table.aggregate(**ends)).to_pylist()[0]
    found = [int(v) for v in row.values() if v is not None] or [0]
    return np.promote_types(
        np.promote_types(np.min_scalar_type(min(*found, -1)), np.int16),
        np.min_scalar_type(-max(*found, 1) - 1),
    )


def _levels(table: Any, name: str) -> pl.Series:
    if name not in table.columns:
        raise UsageError(f"There is no column {name!r}", accepted=", ".join(table.columns[:20]))
    distinct = pl.DataFrame(pl.from_arrow(collected(table.select(_=table[name]).distinct())))["_"]
    return distinct.sort(nulls_last=True).alias(name)


def _code_type(count: int) -> np.dtype[Any]:
    return np.dtype(np.uint8 if count <= 2**8 else np.uint16 if count <= 2**16 else np.uint32)


def _packed_batch(
    batch: Any, levels: Mapping[str, pl.Series], types: Mapping[str, Any], kind: Any, schema: Any
) -> Any:
    import pyarrow as pa

    frame = pl.DataFrame(pl.from_arrow(batch.select(list(levels))))
    arrays = [pa.array(_places(frame[n], values).astype(types[n])) for n, values in levels.items()]
    width = batch.num_columns - len(levels)
    columns = [batch[f"_w{r}"].to_numpy(zero_copy_only=False) for r in range(width)]
    flat = pa.array(np.column_stack(columns).astype(kind).reshape(-1))
    return pa.record_batch([*arrays, pa.FixedSizeListArray.from_arrays(flat, width)], schema=schema)


@dataclass(frozen=True, slots=True)
class Packed:
    """A packed file, open and memory-mapped.

    Attributes:
        design: as it was packed.
        freedom: degrees of freedom of the replicates.
        levels: the sorted values of each variable, missing last.
        pieces: codes of each variable, and weights of shape (rows, 1 + R), piece by piece.
    """

    design: Design
    freedom: float | None
    levels: Mapping[str, pl.Series]
    pieces: tuple[tuple[Mapping[str, NDArray[Any]], NDArray[Any]], ...]

    @classmethod
    def open(cls, path: str | Path) -> Packed:
        """Map a packed file into memory.

        Raises:
            SourceError: there is no such file, or it is of another form.
        """
        import pyarrow as pa

        if not Path(path).is_file():
            raise SourceError("There is no such packed file", where=Path(path))
        try:
            reader = pa.ipc.open_file(pa.memory_map(str(path), "r"))
            told = json.loads((reader.schema.metadata or {})[b"sojourn"])
        except (pa.ArrowInvalid, KeyError) as error:
            raise SourceError(
                "The file is not packed microdata", where=Path(path), accepted=FORMAT
            ) from error
        levels = {
            n: pl.Series(n, v["values"], dtype=getattr(pl, v["dtype"])) for n, v in told["levels"].items()
        }
        pieces = []
        for place in range(reader.num_record_batches):
            batch = reader.get_batch(place)
            lists = batch["weights"]
            weights = lists.flatten().to_numpy().reshape(len(lists), lists.type.list_size)
            pieces.append(({n: batch[n].to_numpy() for n in levels}, weights))
        parts: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in told["design"].items()}
        return cls(Design(**parts), told["freedom"], levels, tuple(pieces))

    def cube(
        self,
        by: Sequence[str],
        measure: str | Mapping[str, pl.Expr],
        where: Sequence[pl.Expr] | pl.Expr = (),
        *,
        keep: str = "values",
    ) -> Cube:
        """Make a replicate cube of one measure.

        Args:
            by: domain columns.
            measure: a column, or name and Polars expression of one column.
            where: Polars conditions of one column each; all must hold.
            keep: "values" or "sums", as for `cube`.

        Returns:
            The cube, as `cube` would make it of the same file.
        """
        name, y = (measure, pl.col(measure)) if isinstance(measure, str) else next(iter(measure.items()))
        conditions = [where] if isinstance(where, pl.Expr) else list(where)
        masks = [_of_levels(self.levels, condition) for condition in conditions]
        column, values = _of_levels(self.levels, y)
        distinct = values.unique().sort(nulls_last=True)
        places = _places(values, distinct)
        by_sums = keep == "sums"
        known = values.is_not_null().to_numpy().astype(np.int64)
        last = (column, known if by_sums else places, 2 if by_sums else len(distinct))
        axes = [(c, np.arange(len(self.levels[c])), len(self.levels[c])) for c in by] + [last]
        amounts = (column, _numbers(values)) if by_sums else None
        size = int(np.prod([width for _, _, width in axes]))
        if size > MOST_GROUPS:
            raise UsageError(
                f"{size:,} cells are too many for the packed form", advice="Ask of fewer columns."
            )
        cells, added = self._added(axes, masks, amounts, size)
        grid = np.unravel_index(cells, [width for _, _, width in axes])
        keys = {c: self.levels[c][g] for c, g in zip(by, grid, strict=False)}
        if by_sums:
            frame = pl.DataFrame({**keys, KNOWN: grid[-1].astype(np.int64)})
        else:
            frame = pl.DataFrame({**keys, VALUE: distinct[grid[-1]]})
        products = {} if added.products is None else {name: added.products}
        block = Cells(frame, added.counts[:, 0], added.counts[:, 1], added.sums, products)
        kind: Any = keep
        return Cube(self.design, tuple(by), (name,), (Block((name,), kind, block),), None, self.freedom)

    def _added(self, axes: Any, masks: Any, amounts: Any, size: int) -> tuple[Codes, Groups]:
        """Add up: the codes of the cells that occur, and their sums."""
        weights = self.pieces[0][1]
        whole = weights.dtype.kind == "i"
        kind = np.int64 if whole else np.float64
        times = np.int64 if whole and (amounts is None or amounts[1].dtype.kind == "i") else np.float64
        # Whole numbers add up to the same in any order; all others are added in the order of the rows.
        alone = kind != np.int64 or times != np.int64 or size > MOST_EMPTY
        threads = 1 if alone else min(4, os.cpu_count() or 1, len(self.pieces))
        with ThreadPoolExecutor(threads) as pool:
            codes = list(pool.map(lambda piece: _codes(piece[0], axes, masks), self.pieces))
        cells: Codes = np.arange(size)
        if size > MOST_EMPTY:  # few of many cells occur: number these first, so that the sums stay small
            there = np.zeros(size + 1, bool)  # the last place serves the code -1
            for code in codes:
                there[code] = True
            cells = np.flatnonzero(there[:size])
            lookup = np.full(size + 1, -1, np.int32)
            lookup[cells] = np.arange(len(cells), dtype=np.int32)
            codes = [lookup[code] for code in codes]
        shape = (len(cells), weights.shape[1])
        with ThreadPoolExecutor(threads) as pool:

            def work(thread: int) -> Groups:
                products = None if amounts is None else np.zeros(shape, times)
                groups = Groups(np.zeros((len(cells), 2), np.int64), np.zeros(shape, kind), products)
                for (piece, rows), code in list(zip(self.pieces, codes, strict=True))[thread::threads]:
                    y = None if amounts is None else amounts[1][piece[amounts[0]]]
                    add_rows(code, rows, groups, y)
                return groups

            groups = reduce(Groups.plus, pool.map(work, range(threads)))
        kept = np.flatnonzero(groups.counts[:, 0])
        products = None if groups.products is None else groups.products[kept]
        return cells[kept], Groups(groups.counts[kept], groups.sums[kept], products)


def _places(values: pl.Series, distinct: pl.Series) -> Codes:
    """Find the place of every value among the distinct ones."""
    table = pl.DataFrame({"_": distinct}).with_row_index("_place")
    joined = values.to_frame("_").join(table, on="_", how="left", nulls_equal=True, maintain_order="left")
    return joined["_place"].to_numpy().astype(np.int64)


def _of_levels(levels: Mapping[str, pl.Series], asked: pl.Expr) -> tuple[str, pl.Series]:
    """Evaluate an expression of one column on the distinct values of that column."""
    roots = asked.meta.root_names()
    if len(set(roots)) != 1 or roots[0] not in levels:
        raise UsageError(
            f"The expression {asked} is about {len(set(roots))} packed columns",
            accepted=f"one of {', '.join(levels)}",
        )
    return roots[0], pl.DataFrame({roots[0]: levels[roots[0]]}).select(_=asked)["_"]


def _codes(piece: Mapping[str, NDArray[Any]], axes: Any, masks: Any) -> Codes:
    code = np.zeros(len(next(iter(piece.values()))), np.int32)
    for column, places, width in axes:
        code *= width
        values = piece[column]
        same = np.array_equal(places, np.arange(len(places)))  # then there is nothing to look up
        code += values if same and values.dtype.itemsize < code.itemsize else places.astype(np.int32)[values]
    for column, mask in masks:
        code[~mask.fill_null(False).to_numpy()[piece[column]]] = -1
    return code


def _numbers(values: pl.Series) -> NDArray[Any]:
    whole = values.dtype.is_integer() or values.dtype == pl.Boolean
    return values.fill_null(0).cast(pl.Int64 if whole else pl.Float64).to_numpy()
