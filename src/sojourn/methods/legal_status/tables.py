"""The residual method from a table of cells, and its results as tables."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from sojourn.errors import UsageError
from sojourn.methods.legal_status.residual import Cells, Residual
from sojourn.methods.legal_status.sensitivity import Sensitivity

NUMBERS = ("counted", "admitted", "years", "mortality", "emigration", "temporary")


def cells_from_table(table: pl.DataFrame, keys: Sequence[str], covariance: ArrayLike | None = None) -> Cells:
    """Make cells of a table.

    Args:
        table: one row per cell: the keys (sex, age, arrival, origin …), counted, admitted, years, mortality,
            emigration, temporary (see `Cells`), and counted_se where no covariance is given.
        keys: columns that tell the cells apart.
        covariance: of counted, cells x cells; where not given the cells are taken as independent.

    Raises:
        UsageError: a column is missing, a cell repeats, or a number is negative or not known.

    >>> table = pl.DataFrame({"sex": ["F"], "counted": [100], "counted_se": [2.0], "admitted": [80], "years": [10],
    ...                       "mortality": [0.01], "emigration": [0.02], "temporary": [5]})
    >>> cells_from_table(table, ["sex"]).covariance.tolist()
    [[4.0]]
    """
    needed = [*keys, *NUMBERS, *(["counted_se"] if covariance is None else [])]
    if missing := [name for name in needed if name not in table.columns]:
        raise UsageError(f"the table of cells lacks the columns {missing}", accepted=", ".join(needed))
    if keys and table.select(keys).is_duplicated().any():
        raise UsageError("a cell is given twice", accepted="one row per cell")
    numbers = {
        name: table[name].cast(pl.Float64).fill_null(float("nan")).to_numpy()
        for name in needed
        if name not in keys
    }
    errors = numbers.pop("counted_se", None)
    matrix = np.diag(errors**2) if errors is not None else np.asarray(covariance, float)
    codes = {name: tuple(table[name].cast(pl.String).to_list()) for name in keys}
    return Cells(codes, covariance=matrix, **numbers)


def residual_table(found: Residual, by: Sequence[str] = (), level: float = 0.95) -> pl.DataFrame:
    """Give irregular residents, in total and by variables of the cells, with intervals and what they rest on.

    Args:
        found: of `residual`.
        by: variables.
        level: of the intervals.

    Returns:
        variable, code, estimate, lower, upper, level, draws, seed, note. The note says that the interval
        contains the assumptions, and names them.
    """
    lines = [("(total)", "", found.total(level))]
    lines += [(name, code, numbers) for name in by for code, numbers in found.by(name, level).items()]
    names = "; ".join(f"{one.name} ({one.source})" for one in found.assumptions)
    return pl.DataFrame(
        {
            "variable": [variable for variable, _, _ in lines],
            "code": [code for _, code, _ in lines],
            "estimate": [numbers[0] for _, _, numbers in lines],
            "lower": [numbers[1] for _, _, numbers in lines],
            "upper": [numbers[2] for _, _, numbers in lines],
            "level": [level] * len(lines),
            "draws": [len(found.draws)] * len(lines),
            "seed": [found.seed] * len(lines),
            "note": [f"the interval contains sampling error and the assumptions: {names}"] * len(lines),
        },
        schema_overrides={"seed": pl.Int128},
    )


def sensitivity_table(lines: Sequence[Sensitivity]) -> pl.DataFrame:
    """Give the sensitivity as a table: assumption, low, high, first_order, total.

    >>> sensitivity_table([Sensitivity("missed", 1.0, 2.0, 0.5, 0.6)]).rows()
    [('missed', 1.0, 2.0, 0.5, 0.6)]
    """
    return pl.DataFrame(
        [(line.name, line.low, line.high, line.first_order, line.total) for line in lines],
        schema={
            "assumption": pl.String,
            "low": pl.Float64,
            "high": pl.Float64,
            "first_order": pl.Float64,
            "total": pl.Float64,
        },
        orient="row",
    )
