"""Sums repeated from the expression of one replicate are those that Ibis writes out one by one."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from sojourn.methods.survey import Design, cube, repeated

REPLICATES = 6


def rows(weight: type = np.int16, replicate: type = np.int16) -> pl.DataFrame:
    rng = np.random.default_rng(4)
    columns = {f"w{r}": rng.integers(0, 300, 200).astype(replicate) for r in range(1, REPLICATES + 1)}
    return pl.DataFrame(
        {
            "nat": pl.Series(rng.choice(["native", "foreign", "-"], 200)).replace("-", None),
            "y": pl.Series(
                [
                    None if gone else y
                    for gone, y in zip(
                        rng.random(200) < 0.1, rng.integers(0, 90_000, 200).tolist(), strict=True
                    )
                ],
                dtype=pl.Int32,
            ),
            "w": rng.integers(1, 300, 200).astype(weight),
            **columns,
        }
    )


DESIGN = Design.sdr("w", f"w1..{REPLICATES}")


@pytest.mark.parametrize(
    "types", [(np.int16, np.int16), (np.int64, np.int8), (np.float64, np.float64), (np.float64, np.int16)]
)
@pytest.mark.parametrize("measures", [{"y": "y"}, {"y": "y", "z": "y * 2"}, {"heavy": "y * w"}])
def test_equals_the_sums_written_one_by_one(monkeypatch, types, measures):
    frame = rows(*types)
    for name in (f"w{r}" for r in range(1, REPLICATES + 1)):
        if types[1] is np.int8:
            frame = frame.with_columns(pl.col(name) // 3)
    quick = cube(frame, DESIGN, "nat", measures, where="y > 100", keep="sums")
    monkeypatch.setattr(repeated, "FEW", 99)
    slow = cube(frame, DESIGN, "nat", measures, where="y > 100", keep="sums")
    for first, second in zip(quick.blocks, slow.blocks, strict=True):
        assert first.cells.keys.equals(second.cells.keys)
        assert first.cells.weights.dtype == second.cells.weights.dtype
        np.testing.assert_array_equal(first.cells.weights, second.cells.weights)
        for name, sums in first.cells.products.items():
            np.testing.assert_array_equal(sums, second.cells.products[name])


def test_is_not_used_where_a_name_cannot_stand_for_another():
    def asked(frame: pl.DataFrame, design: Design, measure: str) -> bool:
        from sojourn.methods.survey.expressions import named
        from sojourn.methods.survey.tables import opened

        with opened(frame) as table:
            return repeated.repeatable(table, design, named({"m": measure}, table))

    assert asked(rows(), DESIGN, "y")
    assert not asked(rows(), DESIGN, "y * w"), "a measure made of the weight would be made of the replicate"
    assert not asked(rows(np.float64), DESIGN, "y"), "whole numbers and others are added in different ways"
    factors = Design.sdr("w", f"w1..{REPLICATES}", combined_weights=False)
    assert not asked(rows(), factors, "y"), "factors are multiplied by the weight"
