"""Quantiles from brackets: equal to those of all values, however narrow the first bracket was."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sojourn.methods.survey import Design, Refined, adding, bracketed, cube, estimate, refined
from sojourn.methods.survey.packed import pack

REPLICATES = 6
DESIGN = Design.sdr("w", [f"w{r}" for r in range(1, REPLICATES + 1)])


def a_sample(seed: int, size: int = 600, values: int = 60) -> pl.DataFrame:
    """Rows of a skewed, heaped measure, with missing values and domains, and replicates that stray far."""
    rng = np.random.default_rng(seed)
    weight = rng.integers(0, 9, size)
    columns = {"w": weight} | {
        f"w{r}": weight * rng.choice([0, 1, 5], size) for r in range(1, REPLICATES + 1)
    }
    y = pl.Series("y", rng.choice(np.round(np.exp(rng.normal(6, 2, values))).astype(int), size))
    gone = pl.Series(rng.random(size) < 0.05)
    group = pl.Series(rng.choice(["a", "b", "-"], size, p=[0.6, 0.39, 0.01])).replace("-", None)
    return pl.DataFrame({"g": group, "h": rng.integers(0, 3, size), "y": y, **columns}).with_columns(
        y=pl.when(gone).then(None).otherwise("y")
    )


@given(
    seed=st.integers(0, 2**32 - 1),
    q=st.sampled_from([0.0, 0.001, 0.1, 0.5, 0.75, 0.99, 1.0]),
    rule=st.sampled_from(refined.LOCAL_RULES),
    wide=st.sampled_from([0.0, 0.05, 1.0, 12.0]),
    by=st.sampled_from([[], ["g"], ["g", "h"]]),
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_quantiles_are_those_of_all_values(tmp_path, seed, q, rule, wide, by):
    rows = a_sample(seed)
    plain = cube(rows, DESIGN, by, "y").quantile(q, rule=rule)
    file = pack(rows, DESIGN, ["g", "h", "y"], tmp_path / f"{seed}.packed")
    keep = Refined((q,), above=1)
    with (
        patch.multiple(bracketed, FEW_CELLS=0, WIDE=wide, MOST_PASSES=8),
        patch.multiple(adding, FEW_CELLS=0, WIDE=wide, MOST_PASSES=8),
    ):
        made, quick = cube(rows, DESIGN, by, "y", keep=keep), file.cube(by, "y", keep=keep)
    if wide:
        assert made.blocks[0].kept == quick.blocks[0].kept == "refined"
    assert made.quantile(q, rule=rule).equals(plain)
    assert quick.quantile(q, rule=rule).equals(plain)
    assert quick.count().equals(made.count())


def test_few_cells_are_kept_where_values_are_many():
    rows = a_sample(1, size=60_000, values=3_000)
    with patch.object(bracketed, "FEW_CELLS", 1_000):
        near = cube(rows, DESIGN, "g", "y", keep=Refined((0.5,), above=10))
    whole = cube(rows, DESIGN, "g", "y")
    assert len(near.blocks[0].cells) < len(whole.blocks[0].cells) / 3
    assert near.quantile(0.5).equals(whole.quantile(0.5))
    with patch.object(bracketed, "FEW_CELLS", 1_000):
        assert estimate(rows, DESIGN, "median(y)", by="g").equals(whole.quantile(0.5))


@pytest.mark.parametrize("negative", ["in scope", "out of scope"])
def test_a_replicate_below_zero_keeps_all_values(tmp_path, negative):
    rows = a_sample(2).with_columns(w3=pl.when(pl.col("h") == 2).then(-1).otherwise("w3"))
    where = "h < 2" if negative == "out of scope" else "h < 3"
    with patch.object(bracketed, "FEW_CELLS", 0), patch.object(adding, "FEW_CELLS", 0):
        made = cube(rows, DESIGN, "g", "y", where=where, keep=Refined((0.5,), above=1))
        file = pack(rows, DESIGN, ["g", "y"], tmp_path / "a.packed")
        assert file.cube(["g"], "y", keep=Refined((0.5,))).blocks[0].kept == "values"
    assert made.blocks[0].kept == ("values" if negative == "in scope" else "refined")
    assert made.quantile(0.5).equals(cube(rows, DESIGN, "g", "y", where=where).quantile(0.5))
