"""Linearised errors after calibration: cells of a cube against the residuals of the rows."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sojourn.errors import UsageError
from sojourn.methods.survey import Cube, Design, calibration, cube, influence
from sojourn.methods.survey.linearization import linearized_covariance

SEX = {"F": 60.0, "M": 40.0}
AGE = {0: 30.0, 1: 45.0, 2: 25.0}
DESIGN = Design.taylor("w", "stratum", "cluster")
METHODS = ("rake", "linear", "raking", "logit", "poststratify")


def a_sample(seed, size=90):
    rng = np.random.default_rng(seed)
    weight = rng.integers(1, 6, size) * 0.25
    weight[rng.random(size) < 0.1] = 0.0
    y = rng.integers(0, 5, size)
    return pl.DataFrame(
        {
            "sex": rng.permutation(np.array(["F", "M"])[np.arange(size) % 2]),
            "age": rng.permutation(np.arange(size) % 3),
            "nat": rng.choice(["native", "foreign"], size, p=[0.7, 0.3]),
            "stratum": np.arange(size) % 3,
            "cluster": rng.permutation(np.arange(size) % 30) // 3,
            "y": pl.Series(np.where(rng.random(size) < 0.1, -1, y)).replace(-1, None),
            "x": rng.integers(1, 4, size),
            "w": weight,
        }
    )


def by_rows(rows, method):
    """The calibrated weights of the rows, and the function from scores to a standard error."""
    d = rows["w"].to_numpy()
    sex, age = (rows["sex"] == "M").to_numpy().astype(int), rows["age"].to_numpy()
    sides = [np.array(list(SEX.values())), np.array(list(AGE.values()))]
    x = calibration.indicators(sex, age)
    if method == "rake":
        w = calibration.rake(d, [(sex, sides[0]), (age, sides[1])])
    elif method == "poststratify":
        x = calibration.indicators(sex * 3 + age)
        w = calibration.post_stratify(d, sex * 3 + age, np.outer(sides[0], sides[1]).ravel() / 100)
    else:
        bounds = (0.02, 60.0) if method == "logit" else None
        w = calibration.calibrate(d, x, np.concatenate(sides), distance=method, bounds=bounds)
    regression = "equal" if method == "rake" else "design"

    def error(scores):
        left = influence.calibrated_scores(scores, w, d, x, regression=regression)
        parts = linearized_covariance(left, rows["stratum"].to_numpy(), rows["cluster"].to_numpy())
        return float(np.sqrt(parts[0, 0]))

    return w, error


def by_cube(rows, method, keep="values"):
    made = cube(rows, DESIGN, ["sex", "age", "nat"], ["y", "x"], keep=keep)
    if method == "poststratify":
        cells = {(s, a): SEX[s] * AGE[a] / 100 for s in SEX for a in AGE}
        return made.poststratify(cells, ["sex", "age"])
    options = {"bounds": (0.02, 60.0)} if method == "logit" else {}
    return made.rake({"sex": SEX, "age": AGE}, method=method, **options)


@given(
    seed=st.integers(0, 2**32 - 1), method=st.sampled_from(METHODS), keep=st.sampled_from(["values", "sums"])
)
@settings(max_examples=40, deadline=None)
def test_cells_give_the_errors_of_the_rows(seed, method, keep):
    rows = a_sample(seed)
    weight, error = by_rows(rows, method)
    made = by_cube(rows, method, "values" if method == "rake" else keep)
    known = rows["y"].is_not_null().to_numpy()
    y, x = rows["y"].fill_null(0).to_numpy().astype(float), rows["x"].to_numpy().astype(float)
    foreign = (rows["nat"] == "foreign").to_numpy()
    parts = {nat: influence.mean(y, weight, known & (foreign == flag)) for nat, flag in GROUPS.items()}
    cases = {
        "total": (made.total("y", by="nat"), influence.total(y, weight, known & foreign)),
        "mean": (made.mean("y", by="nat"), parts["foreign"]),
        "ratio": (made.ratio("y", "x", by="nat"), influence.ratio(y, x, weight, known & foreign)),
    }
    for name, (frame, expected) in cases.items():
        row = frame.row(by_predicate=pl.col("nat") == "foreign", named=True)
        assert row["estimate"] == pytest.approx(expected.estimate[0], rel=1e-9), name
        assert row["se"] == pytest.approx(error(expected.scores), rel=1e-8, abs=1e-9), name
    gap = made.gap("mean(y)", between="nat", by="nat").row(0, named=True)
    assert gap["estimate"] == pytest.approx(parts["foreign"].estimate[0] - parts["native"].estimate[0])
    assert gap["se"] == pytest.approx(error(parts["foreign"].scores - parts["native"].scores), rel=1e-8)


GROUPS = {"foreign": True, "native": False}


@given(seed=st.integers(0, 2**32 - 1), method=st.sampled_from(METHODS))
@settings(max_examples=15, deadline=None)
def test_known_totals_have_no_error(seed, method):
    counted = by_cube(a_sample(seed), method).count(by="sex")
    np.testing.assert_allclose(counted["estimate"].to_numpy(), [60, 40], rtol=1e-9)
    assert counted["se"].max() < 1e-6


def test_a_calibrated_median_has_the_interval_of_its_share():
    rows = a_sample(3, 900)
    plain = cube(rows, DESIGN, ["sex", "age", "nat"], "x").quantile(0.5, by=[]).row(0, named=True)
    found = by_cube(rows, "raking").quantile(0.5, "x", by=[]).row(0, named=True)
    assert found["lower"] <= found["estimate"] <= found["upper"]
    assert found["n"] == plain["n"] == 900


def test_rows_as_clusters_are_calibrated_too():
    rows = a_sample(4).with_columns(stratum=pl.lit(0), cluster=pl.int_range(90))
    margins = {"sex": SEX, "age": AGE}
    for keep in ("values", "sums"):
        alone = cube(rows, Design.taylor("w"), ["sex", "age"], "y", keep=keep).rake(margins).mean(by=[])
        units = by_cube(rows, "rake").mean("y", by=[])
        assert alone["se"][0] == pytest.approx(units["se"][0], rel=1e-9)


def test_what_a_calibrated_cube_cannot_do(tmp_path):
    rows = a_sample(5)
    found = by_cube(rows, "linear")
    with pytest.raises(UsageError, match="calibrated once"):
        found.rake({"sex": SEX})
    with pytest.raises(UsageError, match="cannot be merged"):
        found.merge(found)
    with pytest.raises(UsageError, match="before it is calibrated"):
        found.save(tmp_path / "a.arrow")
    assert not list(tmp_path.iterdir())
    with pytest.raises(UsageError, match="needs the values"):
        by_cube(rows, "rake", "sums").mean("y", by=[])
    with pytest.raises(UsageError, match="nothing but a weight"):
        cube(rows, Design.weights_only("w"), "sex", "y").rake({"sex": SEX})
    stored = cube(rows, DESIGN, ["sex", "age", "nat"], ["y", "x"]).save(tmp_path / "a.arrow")
    again = Cube.load(stored).rake({"sex": SEX, "age": AGE}, method="linear")
    assert again.mean("y", by="nat").equals(found.mean("y", by="nat"))
