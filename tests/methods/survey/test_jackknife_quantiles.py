"""Quantiles under a delete-one jackknife: refused with the reason, by every way of asking; Woodruff's is allowed."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sojourn.errors import UsageError
from sojourn.methods.survey import Design, cube, estimate, gap, median, quantile
from sojourn.methods.survey.packed import pack
from sojourn.methods.survey.replication import jackknife

from .harness import Replicates, woodruff_row

CLUSTERS = 12
NAMES = [f"r{k}" for k in range(CLUSTERS)]
REASON = "no consistent variance of a"


def a_sample(seed, size=120):
    rng = np.random.default_rng(seed)
    cluster = np.arange(size) % CLUSTERS
    made = jackknife(np.full(size, 2.0), np.zeros(size, int), cluster)
    rows = pl.DataFrame({"g": rng.choice(["a", "b"], size), "y": rng.integers(0, 400, size)})
    weights = pl.DataFrame(made.weights, schema=["w", *NAMES])
    design = Design.jackknife("w", NAMES, "JKn", rscales=made.rscales, center="estimate")
    return rows.hstack(weights), design, made


QUESTIONS = [
    median("y"),
    quantile("y", 0.2),
    quantile("y", 0.2, "hf7"),
    gap(median("y"), "g"),
    "median(y)",
    "quantile(y, 0.9, school)",
    "gap(median(y), g)",
    "gap(quantile(y, 0.25), between=g)",
]


@pytest.mark.parametrize("asked", QUESTIONS, ids=str)
@pytest.mark.parametrize("options", [{}, {"interval": "wald"}])
def test_every_question_is_refused_with_the_reason(asked, options, tmp_path):
    rows, design, _ = a_sample(1)
    made = cube(rows, design, "g", "y", keep="rows" if "hf7" in str(asked) else "values")
    packed = pack(rows, design, ["g", "y"], tmp_path / "a.arrow").cube(["g"], "y")
    for ask in (
        lambda: estimate(rows, design, asked, **options),
        lambda: made.ask(asked, **options),
        lambda: packed.ask(asked, **options),
    ):
        with pytest.raises(UsageError, match=REASON) as refused:
            ask()
        assert "woodruff" in str(refused.value)
        assert "bootstrap" in str(refused.value)


def test_methods_and_contrasts_are_refused_too():
    rows, design, _ = a_sample(2)
    made = cube(rows, design, "g", "y")
    for ask in (
        lambda: made.quantile(0.5),
        lambda: made.gap(median("y"), between="g"),
        lambda: made.gap(median("y"), between="g", interval="woodruff"),
        lambda: made.contrast(median("y"), "g", {"a": 1, "b": -1}),
        lambda: made.contrast("median(y)", "g", {"a": 1, "b": -1}, independent=True),
    ):
        with pytest.raises(UsageError, match=f"{REASON} (median|quantile)"):
            ask()


def test_it_is_refused_before_the_file_is_read(tmp_path):
    _, design, _ = a_sample(3)
    with pytest.raises(UsageError, match=REASON):
        estimate(tmp_path / "none.parquet", design, "median(y)")


def test_smooth_statistics_and_groups_left_out_are_answered():
    rows, design, _ = a_sample(4)
    for asked in ("mean(y)", "total(y)", "share(y > 100)", "gap(mean(y), g)", "ratio(y, w)"):
        assert estimate(rows, design, asked)["se"][0] > 0
    groups = Design.jackknife("w", NAMES, "JKn", rscales=design.rscales, delete_one=False)
    assert estimate(rows, groups, "median(y)")["se"][0] >= 0


@given(seed=st.integers(0, 2**32 - 1), q=st.sampled_from([0.1, 0.25, 0.5, 0.75]))
@settings(max_examples=20, deadline=None)
def test_woodruff_asks_for_the_error_of_a_share(seed, q):
    rows, design, made = a_sample(seed)
    found = estimate(rows, design, quantile("y", q), interval="woodruff").row(0, named=True)
    values = rows["y"].to_numpy().astype(float)
    order = np.argsort(values, kind="stable")
    rowwise = Replicates(made.weights, made.scale, made.rscales)
    expected = woodruff_row(rowwise, values, np.ones(len(rows), bool), order, q)
    assert found["estimate"] == expected.estimate
    np.testing.assert_allclose(
        [found["se"], found["lower"], found["upper"]],
        [expected.se, expected.lower, expected.upper],
        rtol=1e-9,
    )
