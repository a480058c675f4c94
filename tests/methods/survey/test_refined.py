"""Quantiles by refined bins: equal to those of all values, in bounded memory, and refused where bins are not enough."""

from __future__ import annotations

from unittest.mock import patch

import numpy as np
import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sojourn.errors import SourceError, UsageError
from sojourn.methods.survey import Cube, Design, Refined, cube, estimate, gap, median, refined

REPLICATES = 6
NAMES = [f"w{r}" for r in range(1, REPLICATES + 1)]
DESIGN = Design.sdr("w", NAMES)
LOOSE = Design.brr("f", [f"f{r}" for r in range(1, REPLICATES + 1)])
SHAPES = {
    "skewed": lambda rng, n: np.exp(rng.normal(10, 2, n)),
    "heaped": lambda rng, n: np.where(rng.random(n) < 0.6, 1200, rng.integers(0, 5000, n)),
    "outlier": lambda rng, n: np.where(np.arange(n) == 3, 1e15, rng.normal(0, 1, n)),
    "whole": lambda rng, n: rng.integers(-(10**12), 10**12, n),
    "two scales": lambda rng, n: rng.random(n) * np.where(rng.random(n) < 0.5, 1e-6, 1e9),
    "one value": lambda rng, n: np.full(n, 7.5),
}


@pytest.fixture(autouse=True)
def bins_however_few_the_values(monkeypatch):
    monkeypatch.setattr(refined, "MOST_VALUES", 1)


def a_sample(seed, shape="skewed", size=400):
    rng = np.random.default_rng(seed)
    weight = rng.integers(0, 9, size)
    columns = {"w": weight, "f": weight * 0.37}
    for r in range(1, REPLICATES + 1):
        columns[f"w{r}"] = weight * rng.choice([0, 1, 2], size)
        columns[f"f{r}"] = weight * rng.choice([0.0, 0.9, 1.3], size)
    if seed % 3 == 0:
        columns["w2"] = np.zeros(size, int)  # a replicate without any weight
    y = pl.Series("y", SHAPES[shape](rng, size))
    missing = pl.Series(rng.random(size) < 0.05)
    group = pl.Series(rng.choice(["a", "b", "-"], size, p=[0.5, 0.4, 0.1])).replace("-", None)
    return pl.DataFrame({"g": group, "y": y, **columns}).with_columns(
        y=pl.when(missing).then(None).otherwise(pl.col("y"))
    )


def both(rows, design, q, rule, *, cells, by="g"):
    """The frames from all values and from refined bins, of which there are few."""
    plain = cube(rows, design, by, "y")
    with patch.multiple(refined, MOST_CELLS=cells, LEAST_BINS=2):
        made = cube(rows, design, by, "y", keep=Refined((q,), above=1))
    assert made.blocks[0].kept == "refined"
    return plain.quantile(q, rule=rule), made.quantile(q, rule=rule)


@given(
    seed=st.integers(0, 2**32 - 1),
    shape=st.sampled_from([s for s in SHAPES if s != "one value"]),
    q=st.sampled_from([0.0, 0.001, 0.1, 0.25, 0.5, 0.75, 0.99, 1.0]),
    rule=st.sampled_from(refined.LOCAL_RULES),
    design=st.sampled_from([DESIGN, LOOSE]),
    cells=st.sampled_from([8, 40, 200_000]),
)
@settings(max_examples=40, deadline=None, phases=(Phase.generate,))
def test_refined_quantiles_are_those_of_all_values(seed, shape, q, rule, design, cells):
    plain, found = both(a_sample(seed, shape), design, q, rule, cells=cells)
    assert found.equals(plain)


@given(seed=st.integers(0, 2**32 - 1), q=st.sampled_from([0.25, 0.5]))
@settings(max_examples=15, deadline=None)
def test_exact_ties_between_two_values_are_averaged_alike(seed, q):
    rng = np.random.default_rng(seed)
    rows = pl.DataFrame({"y": rng.permutation(np.arange(40) ** 3), "w": [1] * 40}).with_columns(
        pl.lit(2).alias(name) for name in NAMES
    )
    plain, found = both(rows, DESIGN, q, "school", cells=8, by=None)
    assert found.equals(plain)
    assert found["estimate"][0] == ((q * 40 - 1) ** 3 + (q * 40) ** 3) / 2


def test_estimate_refines_by_itself_above_a_number_of_values(tmp_path):
    rows = a_sample(1, size=3000)
    rows.write_parquet(tmp_path / "rows.parquet", row_group_size=500)
    passes = []
    real = refined.grouped_pass

    def counted(*given, **options):
        passes.append(real(*given, **options))
        return passes[-1]

    whole = cube(rows, DESIGN, "g", "y", where="y > 100")
    for asked in ("median(y)", "quantile(y, 0.9, school)", "gap(median(y), g)", gap(median("y"), "g")):
        plain = whole.ask(asked, by=[] if "gap" in str(asked) or not isinstance(asked, str) else "g")
        with patch.object(refined, "grouped_pass", counted):
            found = estimate(tmp_path / "rows.parquet", DESIGN, asked, by="g", where="y > 100")
        assert found.equals(plain)
    assert len(passes) == 4 * 2, "two passes each: bins, then values in some"


@pytest.mark.parametrize("shape", ["skewed", "outlier", "two scales"])
def test_the_cells_of_every_pass_are_bounded(shape):
    rows, sizes = a_sample(2, shape, size=20_000), []
    real = refined.grouped_pass

    def counted(*given, **options):
        found = real(*given, **options)
        sizes.append(len(found))
        return found

    most = 600
    with patch.multiple(refined, MOST_CELLS=most, LEAST_BINS=16, grouped_pass=counted):
        made = cube(rows, DESIGN, "g", "y", keep=Refined((0.5,), above=1))
    plain = cube(rows, DESIGN, "g", "y")
    assert max(sizes) <= 2 * most + 10 * refined.MOST_STRETCHES
    assert len(plain.blocks[0].cells) > 10 * max(sizes)
    assert made.quantile(0.5).equals(plain.quantile(0.5))


@pytest.mark.parametrize(
    "rows",
    [
        a_sample(3, "one value"),
        a_sample(4).with_columns(w2=pl.lit(-1)),
        a_sample(5).with_columns(y=pl.lit(None, pl.Float64)),
        a_sample(6).with_columns(y=pl.col("w") > 3),
    ],
    ids=["few values", "a negative replicate", "no known value", "true or false"],
)
def test_where_it_would_not_pay_or_not_be_exact_all_values_are_kept(rows):
    made = cube(rows, DESIGN, "g", "y", keep=Refined((0.5,), above=1))
    assert made.blocks[0].kept == "values"
    assert made.quantile(0.5).equals(cube(rows, DESIGN, "g", "y").quantile(0.5))


def test_a_refined_cube_says_what_it_cannot_answer(tmp_path):
    rows = a_sample(7, size=4000).with_columns(y=pl.col("y") + pl.col("g").eq("b").fill_null(False) * 1e6)
    with patch.multiple(refined, MOST_CELLS=60, LEAST_BINS=2):
        made = cube(rows, DESIGN, "g", "y", keep={"y": Refined((0.5,), above=10)})
    again = Cube.load(made.save(tmp_path / "a.arrow"))
    assert again.quantile(0.5).equals(made.quantile(0.5))
    assert again.blocks[0].quantiles == (0.5,)
    assert again.count().equals(cube(rows, DESIGN, "g").count())
    for ask, words in (
        (lambda: again.quantile(0.05), "needs the files again"),
        (lambda: again.quantile(0.5, by=[]), "needs the files again"),
        (again.mean, "needs the files again"),
        (again.share, "needs the files again"),
        (lambda: again.quantile(0.5, interval="woodruff"), "needs the files again"),
        (lambda: again.quantile(0.5, rule="hf3"), "needs all values"),
        (lambda: again.merge(made), "cannot be merged"),
    ):
        with pytest.raises(UsageError) as refused:
            ask()
        assert words in str(refused.value)


def test_bad_weights_are_named_as_ever():
    rows = a_sample(8)
    for column, words in (
        (pl.lit(None, pl.Int64), "missing"),
        (pl.lit(-1), "negative"),
        (pl.lit("x"), "text"),
    ):
        with pytest.raises(SourceError, match=words):
            cube(rows.with_columns(w=column), DESIGN, "g", "y", keep=Refined((0.5,), above=1))


def test_weights_alone_give_a_point():
    rows = a_sample(9)
    found = cube(rows, Design.weights_only("w"), "g", "y", keep=Refined((0.5,), above=1)).quantile(0.5)
    assert found.equals(cube(rows, Design.weights_only("w"), "g", "y").quantile(0.5))
    assert found["se"].null_count() == found.height
