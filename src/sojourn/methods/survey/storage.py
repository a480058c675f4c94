"""A cube as one Arrow file: sums and keys as a table, what they mean in its metadata."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sojourn.errors import DamagedError, SourceError, UsageError
from sojourn.methods.survey.blocks import Block
from sojourn.methods.survey.design import Design
from sojourn.methods.survey.disk import unwritten
from sojourn.methods.survey.engine import Cells
from sojourn.methods.survey.units import Units

if TYPE_CHECKING:
    from sojourn.methods.survey.cube import Cube

FORMAT = "sojourn replicate cube 1"


def save(cube: Cube, path: Path) -> Path:
    """Write a cube as one Arrow stream per block, one after the other in one file.

    The first table holds the description and the sampling units; then one table per block. The file appears
    whole or not at all.

    Raises:
        SourceError: it cannot be written; the disk is full. UsageError: a linearised cube is calibrated.
    """
    import pyarrow as pa

    if cube.units is not None and cube.units.fit is not None:
        raise UsageError(
            "A linearised cube is stored before it is calibrated",
            advice="Save the cube as it was made, and calibrate what `Cube.load` gives.",
        )
    description = {
        "format": FORMAT,
        "design": asdict(cube.design),
        "by": cube.by,
        "measures": cube.measures,
        "freedom": cube.freedom,
        "blocks": [{"measures": b.measures, "kept": b.kept, "quantiles": b.quantiles} for b in cube.blocks],
        "units": cube.units is not None,
    }
    units = pl.DataFrame() if cube.units is None else cube.units.frame
    first = units.to_arrow().replace_schema_metadata({"sojourn": json.dumps(description)})
    draft = path.with_name(f"{path.name}.part")
    try:
        with pa.OSFile(str(draft), "wb") as sink:
            for table in (first, *(_table(block.cells) for block in cube.blocks)):
                with pa.ipc.new_stream(sink, table.schema) as writer:
                    writer.write_table(table)
        draft.replace(path)
    except OSError as error:
        raise unwritten("The cube", path, error) from error
    finally:
        draft.unlink(missing_ok=True)
    return path


def load(path: Path) -> dict[str, Any]:
    """Read the parts of a saved cube.

    Raises:
        SourceError: there is no such file, or it holds no cube. DamagedError: it is truncated.
    """
    import pyarrow as pa

    if not path.is_file():
        raise SourceError("There is no such cube", where=path)
    try:
        with pa.OSFile(str(path), "rb") as source:
            head = pa.ipc.open_stream(source).read_all()
            text = (head.schema.metadata or {}).get(b"sojourn")
            if text is None:
                raise SourceError("The file holds no cube", where=path, accepted=FORMAT)
            description = json.loads(text)
            tables = [pa.ipc.open_stream(source).read_all() for _ in description["blocks"]]
    except (pa.ArrowInvalid, OSError) as error:
        raise DamagedError(f"The cube cannot be read to its end: {error}", where=path) from error
    blocks = tuple(
        Block(tuple(told["measures"]), told["kept"], _cells(table), tuple(told.get("quantiles", ())))
        for told, table in zip(description["blocks"], tables, strict=True)
    )
    return {
        "design": _design(description["design"]),
        "by": tuple(description["by"]),
        "measures": tuple(description["measures"]),
        "blocks": blocks,
        "units": Units(pl.DataFrame(pl.from_arrow(head))) if description["units"] else None,
        "freedom": description["freedom"],
    }


def _design(told: dict[str, Any]) -> Design:
    parts: dict[str, Any] = {name: tuple(v) if isinstance(v, list) else v for name, v in told.items()}
    return Design(**parts)


def _table(cells: Cells) -> Any:
    import pyarrow as pa

    keys = pl.DataFrame({"_n": cells.n, "_zeros": cells.zeros}).hstack(cells.keys.get_columns())
    table = keys.to_arrow()
    sums = {"_w": cells.weights, **{f"_p_{name}": sums for name, sums in cells.products.items()}}
    for name, values in sums.items():
        flat = pa.array(np.ascontiguousarray(values).reshape(-1))
        table = table.append_column(name, pa.FixedSizeListArray.from_arrays(flat, values.shape[1]))
    return table


def _cells(table: Any) -> Cells:
    sums = {name: _matrix(table[name]) for name in table.column_names if name.startswith(("_w", "_p_"))}
    keys = pl.DataFrame(pl.from_arrow(table.drop_columns(list(sums))))
    n, zeros = keys["_n"].to_numpy(), keys["_zeros"].to_numpy()
    weights = sums.pop("_w")
    products = {name.removeprefix("_p_"): values for name, values in sums.items()}
    return Cells(keys.drop("_n", "_zeros"), n, zeros, weights, products)


def _matrix(column: Any) -> NDArray[Any]:
    whole = column.combine_chunks()
    width = whole.type.list_size
    return np.asarray(whole.flatten().to_numpy(zero_copy_only=False)).reshape(len(whole), width)
