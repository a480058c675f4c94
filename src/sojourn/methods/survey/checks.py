"""What is refused before anything is added up: replicates that are missing in some rows, data without rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sojourn.errors import SourceError, UsageError
from sojourn.methods.survey.design import Design
from sojourn.methods.survey.engine import Cells
from sojourn.methods.survey.tables import Table, collected


def check_replicates(table: Table, design: Design, files: Sequence[Any] | None = None) -> None:
    """Refuse replicate weights that are missing in some rows: a sum would leave those rows out in silence.

    The footers of Parquet files hold the number of missing values; other data are counted.

    Raises:
        SourceError: a replicate is missing, with the number of rows.
    """
    if not design.replicates:
        return
    missing = _missing_in_footers(files, design.replicates) if files else None
    if missing is None:
        counts = {name: table[name].isnull().cast("int64").sum() for name in design.replicates}
        row = collected(table.aggregate(**counts)).to_pylist()[0]
        missing = {name: int(count or 0) for name, count in row.items()}
    broken = {name: count for name, count in missing.items() if count}
    if broken:
        name, count = max(broken.items(), key=lambda item: item[1])
        raise SourceError(
            f"{len(broken)} of {len(design.replicates)} replicate weights are missing in some rows: "
            f"{name} in {count:,}",
            where=f"columns {', '.join(list(broken)[:5])}",
            accepted="a number in every row",
        )


def _missing_in_footers(files: Sequence[Any], names: Sequence[str]) -> dict[str, int] | None:
    import pyarrow.parquet as pq

    missing = dict.fromkeys(names, 0)
    for file in files:
        footer = pq.read_metadata(file)
        places = {footer.schema.column(i).name: i for i in range(footer.num_columns)}
        for group in range(footer.num_row_groups):
            for name in names:
                statistics = footer.row_group(group).column(places[name]).statistics
                if statistics is None or not statistics.has_null_count:
                    return None
                missing[name] += statistics.null_count
    return missing


def require_rows(n: int) -> None:
    """Refuse data without rows.

    Raises:
        UsageError: there are none.
    """
    if not n:
        raise UsageError("The data have no rows", advice="Look whether the file is whole.")


def require_weight(cells: Cells, design: Design) -> None:
    """Refuse data in which no row has any weight.

    Raises:
        SourceError: the weight is zero in all rows.
    """
    if not cells.weights[:, 0].any():
        raise SourceError(
            f"The weight {design.weight} is zero in all {int(cells.n.sum()):,} rows",
            where=f"column {design.weight}",
            accepted="a weight above zero in some row",
        )
