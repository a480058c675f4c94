"""A file packed for repeated questions: the weights of a row side by side, every column as codes, memory-mapped.

The form is an Arrow IPC file that anything can read: `weights` a fixed-size list of the smallest integers that
hold them, and one column of codes per variable, whose sorted values are in the metadata. Reading it costs no
decoding, so a cube takes about as long as reading the weights from memory.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sojourn.errors import SourceError, UsageError
from sojourn.methods.survey import freedom
from sojourn.methods.survey.adding import added_near, added_up, cell_codes
from sojourn.methods.survey.blocks import KNOWN, VALUE, Block, Kept
from sojourn.methods.survey.checks import check_replicates
from sojourn.methods.survey.cube import Cube
from sojourn.methods.survey.design import Design
from sojourn.methods.survey.engine import Cells, weight_columns
from sojourn.methods.survey.refined import BIN, Refined
from sojourn.methods.survey.tables import Engine, batches, collected, footers, opened

FORMAT = "sojourn packed microdata 1"
ROWS_AT_ONCE = 100_000
MOST_GROUPS = 5_000_000
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
        kind, orderly = _weights_kind(table, weights)
        levels = {name: _levels(table, name) for name in columns}
        told = {
            "format": FORMAT,
            "design": asdict(found),
            "freedom": freedom.of_replicates(table, found),
            "orderly": orderly,
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


def _weights_kind(table: Any, weights: Sequence[Any]) -> tuple[np.dtype[Any], bool]:
    """Find the smallest type that holds the weights, and whether none of them is below zero."""
    ends = {f"l{r}": w.min() for r, w in enumerate(weights)} | {
        f"h{r}": w.max() for r, w in enumerate(weights)
    }
    row = collected(table.aggregate(**ends)).to_pylist()[0]
    found = [v for v in row.values() if v is not None] or [0]
    if not all(w.type().is_integer() for w in weights):
        return np.dtype(np.float64), min(found) >= 0
    low, high = int(min(found)), int(max(found))
    kind = np.promote_types(
        np.promote_types(np.min_scalar_type(min(low, -1)), np.int16), np.min_scalar_type(-max(high, 1) - 1)
    )
    return kind, low >= 0


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
        orderly: whether it is known that no weight is below zero.
    """

    design: Design
    freedom: float | None
    levels: Mapping[str, pl.Series]
    pieces: tuple[tuple[Mapping[str, NDArray[Any]], NDArray[Any]], ...]
    orderly: bool = False

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
        return cls(Design(**parts), told["freedom"], levels, tuple(pieces), told.get("orderly", False))

    def cube(
        self,
        by: Sequence[str],
        measure: str | Mapping[str, pl.Expr],
        where: Sequence[pl.Expr] | pl.Expr = (),
        *,
        keep: Kept | Refined = "values",
    ) -> Cube:
        """Make a replicate cube of one measure.

        Args:
            by: domain columns.
            measure: a column, or name and Polars expression of one column.
            where: Polars conditions of one column each; all must hold.
            keep: "values", "sums" or `Refined`, as for `cube`.

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
        codes = cell_codes(self.pieces, axes, masks)
        near = None
        if isinstance(keep, Refined) and self.orderly and distinct.dtype.is_numeric():
            near = added_near(self.pieces, codes, size, distinct, keep.quantiles)
        cells, added = (near.cells, near.groups) if near else added_up(self.pieces, codes, size, amounts)
        grid = np.unravel_index(cells, [width for _, _, width in axes])
        keys = {c: self.levels[c][g] for c, g in zip(by, grid, strict=False)}
        if near:
            frame = pl.DataFrame({**keys, BIN: near.bins, VALUE: near.values(distinct, grid[-1])})
        elif by_sums:
            frame = pl.DataFrame({**keys, KNOWN: grid[-1].astype(np.int64)})
        else:
            frame = pl.DataFrame({**keys, VALUE: distinct[grid[-1]]})
        products = {} if added.products is None else {name: added.products}
        block = Cells(frame, added.counts[:, 0], added.counts[:, 1], added.sums, products)
        kind: Any = "refined" if near else "sums" if by_sums else "values"
        held = Block((name,), kind, block, keep.quantiles if near and isinstance(keep, Refined) else ())
        return Cube(self.design, tuple(by), (name,), (held,), None, self.freedom)


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


def _numbers(values: pl.Series) -> NDArray[Any]:
    """Give y as numbers, whole ones as narrow as they are: a product of two narrow ones is the quicker."""
    if not (values.dtype.is_integer() or values.dtype == pl.Boolean):
        return values.fill_null(0).cast(pl.Float64).to_numpy()
    whole = values.fill_null(0).cast(pl.Int64).to_numpy()
    narrow = np.abs(whole).max(initial=0) < 2**31
    return whole.astype(np.int32) if narrow else whole
