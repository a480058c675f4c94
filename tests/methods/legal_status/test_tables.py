"""Cells from a table, and results with their assumptions beside them."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from sojourn.errors import UsageError
from sojourn.methods import legal_status

from . import simulated

CELLS = pl.DataFrame(
    {
        **simulated.KEYS,
        "counted": [60_000.0] * 4,
        "counted_se": [900.0] * 4,
        "admitted": simulated.ADMITTED,
        "years": simulated.YEARS,
        "mortality": simulated.MORTALITY,
        "emigration": simulated.EMIGRATION,
        "temporary": simulated.TEMPORARY,
    }
)


def test_a_number_never_comes_without_its_interval_and_assumptions() -> None:
    cells = legal_status.cells_from_table(CELLS, ["arrival", "sex"])
    declared = simulated.assumptions()
    found = legal_status.residual(cells, declared, np.random.default_rng(12), 500)
    table = legal_status.residual_table(found, ["sex", "arrival"])
    assert table["variable"].to_list() == ["(total)", "sex", "sex", "arrival", "arrival"]
    assert table["estimate"][0] == pytest.approx(table["estimate"][1:3].sum())
    assert (table["lower"] < table["estimate"]).all()
    assert (table["estimate"] < table["upper"]).all()
    assert table["seed"].unique().to_list() == [12]
    assert all(one.name in table["note"][0] for one in declared)
    lines = legal_status.sensitivity(cells, declared, np.random.default_rng(1), 256)
    assert legal_status.sensitivity_table(lines).height == 7


@pytest.mark.parametrize(
    "broken",
    [
        CELLS.drop("years"),
        CELLS.drop("counted_se"),
        pl.concat([CELLS, CELLS]),
        CELLS.with_columns(pl.lit(None, pl.Float64).alias("admitted")),
        CELLS.with_columns(pl.lit(-1.0).alias("mortality")),
    ],
)
def test_cells_that_are_refused(broken) -> None:
    with pytest.raises(UsageError):
        legal_status.cells_from_table(broken, ["arrival", "sex"])
