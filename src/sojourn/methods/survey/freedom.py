"""Degrees of freedom of replicate weights: their rank less one."""

from __future__ import annotations

from typing import Any

import numpy as np

from sojourn.methods.survey.design import Design
from sojourn.methods.survey.engine import weight_columns
from sojourn.methods.survey.tables import batches
from sojourn.methods.survey.variance import replicate_degrees_of_freedom

ROWS_AT_ONCE = 50_000


def of_replicates(table: Any, design: Design) -> float | None:
    """Find the degrees of freedom of a design; None where they follow from the domain or are not known.

    R - 1 for successive differences, whose replicates come from a Hadamard matrix of order R; otherwise the rank
    of the weights less one, from all rows in pieces. Source: R survey, `degf`.
    """
    if design.df is not None:
        return design.df
    if not design.replicates:
        return None
    if design.kind == "SDR":
        return float(len(design.replicates) - 1)
    columns = {f"_{r}": w.cast("float64") for r, w in enumerate(weight_columns(table, design)[1:])}
    size = len(columns)
    kept = np.zeros((0, size))
    for batch in batches(table.select(**columns), ROWS_AT_ONCE):
        rows = np.column_stack([column.to_numpy(zero_copy_only=False) for column in batch.columns])
        # The triangular factor of the rows so far has their rank, and at most R rows.
        kept = np.asarray(np.linalg.qr(np.vstack([kept, np.nan_to_num(rows)]), mode="r"))
    return float(replicate_degrees_of_freedom(kept))
