"""The cube against sums over rows, against itself in parts, and through its file; packed microdata alike."""

from __future__ import annotations

import duckdb
import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from sojourn.errors import UsageError
from sojourn.methods.survey import Cube, Design, Engine, cube, estimate
from sojourn.methods.survey import kernels as kernels_module
from sojourn.methods.survey.packed import Packed, pack

REPLICATES = 8
DESIGN = Design.sdr("w", f"w[1-{REPLICATES}]")


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(20150115)
    size = 3000
    weight = rng.integers(1, 90, size).astype(np.int16)
    factors = rng.choice([0.3, 1.0, 1.7], (size, REPLICATES))
    return pl.DataFrame(
        {
            "sex": rng.choice(["F", "M"], size),
            "nat": rng.integers(1, 3, size).astype(np.int8),
            "age": rng.integers(0, 95, size).astype(np.int8),
            "y": rng.integers(0, 50, size) * 1000,
            "x": rng.random(size),
            "w": weight,
            **{f"w{r + 1}": np.rint(weight * factors[:, r]).astype(np.int16) for r in range(REPLICATES)},
        }
    ).with_columns(pl.when(pl.col("age") > 80).then(None).otherwise(pl.col("y")).alias("y"))


def oracle(rows, statistic, domain):
    """The estimate and its error, row by row in NumPy."""
    part = rows.filter(domain & pl.col("y").is_not_null())
    y = part["y"].to_numpy().astype(float)
    values = []
    for name in ("w", *(f"w{r + 1}" for r in range(REPLICATES))):
        w = part[name].to_numpy().astype(float)
        if statistic == "total":
            values.append(float(w @ y))
        elif statistic == "mean":
            values.append(float(w @ y / w.sum()))
        else:
            order = np.argsort(y, kind="stable")
            place = np.searchsorted(np.cumsum(w[order]), w.sum() / 2 - 1e-9)
            values.append(float(y[order][place]))
    t = np.array(values)
    return t[0], float(np.sqrt(4 / REPLICATES * ((t[1:] - t[0]) ** 2).sum()))


@pytest.mark.parametrize("statistic", ["total", "mean", "median"])
def test_estimates_equal_sums_over_rows(rows, statistic):
    found = estimate(rows, DESIGN, f"{statistic}(y)", by=["sex", "nat"], where="age >= 15")
    assert found.columns == ["sex", "nat", "estimate", "se", "lower", "upper", "df", "n", "cv", "flag"]
    for row in found.iter_rows(named=True):
        domain = (pl.col("sex") == row["sex"]) & (pl.col("nat") == row["nat"]) & (pl.col("age") >= 15)
        value, se = oracle(rows, statistic, domain)
        assert row["estimate"] == pytest.approx(value, rel=1e-12)
        assert row["se"] == pytest.approx(se, rel=1e-10, abs=1e-12)


@pytest.mark.parametrize("keep", ["values", "sums"])
def test_parts_add_up_to_the_whole(rows, keep):
    whole = cube(rows, DESIGN, ["sex", "nat"], "y", keep=keep)
    parts = [
        cube(rows[a:b], DESIGN, ["sex", "nat"], "y", keep=keep)
        for a, b in ((0, 700), (700, 701), (701, 3000))
    ]
    merged = parts[0].merge(*parts[1:])
    assert_frame_equal(merged.blocks[0].cells.keys, whole.blocks[0].cells.keys)
    assert (merged.blocks[0].cells.weights == whole.blocks[0].cells.weights).all()
    assert merged.mean().equals(whole.mean())
    assert (parts[0] + parts[1]).n == 701


def test_a_margin_is_the_cube_of_fewer_columns(rows):
    whole = cube(rows, DESIGN, ["sex", "nat"], "y")
    assert whole.over("sex").mean().equals(cube(rows, DESIGN, "sex", "y").mean())
    assert whole.mean(by="sex").equals(whole.over("sex").mean())
    assert whole.quantile(0.5, by=[]).equals(estimate(rows, DESIGN, "median(y)"))


@pytest.mark.parametrize("design", [DESIGN, Design.taylor("w", "sex", "age")])
def test_a_cube_comes_back_from_its_file(rows, design, tmp_path):
    made = cube(rows, design, ["nat"], "y")
    again = Cube.load(made.save(tmp_path / "made.arrow"))
    assert again.design == made.design
    assert again.mean().equals(made.mean())
    assert [path.name for path in tmp_path.iterdir()] == ["made.arrow"]


def test_linearised_parts_add_up_too(rows):
    design = Design.taylor("w", "sex", "age")
    whole = cube(rows, design, "nat", "y").mean()
    merged = (cube(rows[:1000], design, "nat", "y") + cube(rows[1000:], design, "nat", "y")).mean()
    np.testing.assert_allclose(merged["se"].to_numpy(), whole["se"].to_numpy(), rtol=1e-12)


def test_different_designs_are_not_merged(rows):
    other = Design.sdr("w", f"w[1-{REPLICATES}]", center="mean")
    with pytest.raises(UsageError, match="different designs"):
        cube(rows, DESIGN, "sex", "y").merge(cube(rows, other, "sex", "y"))


def test_years_are_contrasted(rows):
    first = cube(rows[:1500], DESIGN, "sex", "y").labelled(year=2023)
    second = cube(rows[1500:], DESIGN, "sex", "y").labelled(year=2024)
    both = first + second
    change = both.contrast("mean(y)", "year", {2024: 1, 2023: -1}, independent=True)
    levels = {y: both.ask("mean(y)").filter(pl.col("year") == y) for y in (2023, 2024)}
    np.testing.assert_allclose(
        change["estimate"].to_numpy(),
        (levels[2024]["estimate"] - levels[2023]["estimate"]).to_numpy(),
        rtol=1e-12,
    )
    expected = np.hypot(levels[2023]["se"].to_numpy(), levels[2024]["se"].to_numpy())
    np.testing.assert_allclose(change["se"].to_numpy(), expected, rtol=1e-12)
    paired = both.contrast("mean(y)", "year", {2024: 1, 2023: -1})
    gaps = both.gap("mean(y)", between="year", levels=(2024, 2023))
    np.testing.assert_allclose(paired["se"].to_numpy(), gaps["se"].to_numpy(), rtol=1e-12)


def test_every_kind_of_data_gives_the_same(rows, tmp_path):
    parquet, text = tmp_path / "a.parquet", tmp_path / "a.csv"
    rows.write_parquet(parquet)
    rows.write_csv(text)
    expected = estimate(rows, DESIGN, "mean(y)", by="sex")
    relation = duckdb.connect().sql(f"from '{parquet}'")
    for data in (parquet, str(tmp_path / "*.parquet"), [text], rows.lazy(), rows.to_arrow(), relation):
        assert estimate(data, DESIGN, "mean(y)", by="sex").equals(expected)


def test_any_number_of_threads_gives_the_same_bits(rows, tmp_path):
    path = tmp_path / "a.parquet"
    loose = rows.with_columns(pl.col("^w.*$") * 1.1)
    pl.concat([loose] * 50).write_parquet(path, row_group_size=4000)
    found = [
        estimate(path, DESIGN, "mean(x)", by="sex", engine=Engine(threads=threads, folder=tmp_path))
        for threads in (1, 2, 2)
    ]
    assert found[0].equals(found[1])
    assert found[1].equals(found[2])
    assert [p.name for p in tmp_path.iterdir()] == ["a.parquet"]


@pytest.mark.parametrize("compiled", [True, False])
def test_packed_microdata_give_the_same(rows, tmp_path, compiled, monkeypatch):
    if not compiled:
        monkeypatch.setattr(kernels_module, "_compiled", lambda: None)
    packed = pack(rows, DESIGN, ["sex", "nat", "age", "y"], tmp_path / "rows.arrow")
    assert isinstance(packed, Packed)
    adults = pl.col("age") >= 15
    for keep in ("values", "sums"):
        made = cube(rows, DESIGN, ["sex", "nat"], "y", where="age >= 15", keep=keep)
        found = packed.cube(["sex", "nat"], "y", adults, keep=keep)
        assert found.mean().equals(made.mean())
    assert (
        packed.cube(["sex"], {"rich": pl.col("y") > 20000})
        .share()
        .equals(estimate(rows, DESIGN, "share(y > 20000)", by="sex"))
    )


def test_words_and_flags():
    rows = pl.DataFrame({"g": ["a", "a", "b"], "h": [1, 2, 1], "y": [1, 3, 5], "w": [2, 1, 0]})
    found = cube(rows, Design.weights_only("w"), ["g", "h"], "y").mean()
    assert found["estimate"].to_list() == [1.0, 3.0, None, None]
    assert found["se"].null_count() == 4
    assert "no error is known" in found["flag"][0]
    assert "n below 30" in found["flag"][0]
    assert found["flag"][2] == "no cases; 1 cases of zero weight"
    assert found["flag"][3] == "no cases"
    hidden = cube(rows, Design.weights_only("w"), "g", "y").mean(suppress_below=2)
    assert hidden["estimate"].to_list() == [pytest.approx(5 / 3), None]


@pytest.mark.parametrize("point", [[4, 4], [4, 0]])
def test_a_ratio_that_is_infinite_under_a_replicate_has_no_error(point):
    rows = pl.DataFrame({"g": ["a", "b"], "y": [2.0, 2.0], "w": point, "r1": [1, 0], "r2": [1, 3]})
    found = cube(rows, Design.brr("w", ["r1", "r2"]), "g", "y").gap("total(y)", between="g", compare="ratio")
    assert found["se"].to_list() == [None]
    assert found["lower"].to_list() == [None]
    assert "no error is known" in found["flag"][0] or found["estimate"][0] in (None, float("inf"))


def test_errors_of_zero_by_heaping_are_flagged(rows):
    flat = rows.with_columns(y=pl.lit(7))
    assert "zero error" in estimate(flat, DESIGN, "median(y)")["flag"][0]
