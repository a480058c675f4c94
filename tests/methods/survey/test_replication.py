"""Replicate weights: those of R, and the variance they must give for a total."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sojourn.errors import UsageError
from sojourn.methods.survey.linearization import linearized_covariance
from sojourn.methods.survey.replication import (
    bootstrap,
    hadamard,
    half_samples,
    jackknife,
    successive_difference_factors,
    successive_differences,
)
from sojourn.methods.survey.variance import replicate_covariance

seeds = st.integers(0, 2**32 - 1).map(np.random.default_rng)


def variance_of_total(made, y):
    totals = made.weights.T @ y
    return replicate_covariance(
        totals[:1], totals[1:], scale=made.scale, rscales=made.rscales, center=made.center
    )[0, 0]


@pytest.mark.parametrize("order", [1, 2, 4, 8, 12, 16, 20, 24, 32, 40, 48, 80, 160])
def test_hadamard_matrices_are_orthogonal(order):
    matrix = hadamard(order)
    assert (matrix @ matrix.T == order * np.eye(order)).all()
    assert (matrix[0] == 1).all()


@given(rng=seeds)
@settings(max_examples=20, deadline=None)
def test_half_samples_and_the_jackknife_give_the_stratified_variance_of_a_total(rng):
    strata, units = np.repeat(np.arange(9), 6), np.tile([0, 0, 0, 1, 1, 1], 9)
    y, weight = rng.normal(size=54), rng.uniform(1, 3, 54)
    expected = linearized_covariance(weight * y, strata, units)[0, 0]
    for made in (half_samples(weight, strata, units), half_samples(weight, strata, units, 0.3)):
        assert variance_of_total(made, y) == pytest.approx(expected)
    assert variance_of_total(jackknife(weight, strata, units), y) == pytest.approx(expected)


def test_successive_differences_of_a_total_are_the_sum_of_squared_differences():
    # Fay and Train: V = 1/2 (sum (z_i - z_{i+1})^2 + (z_n - z_1)^2) for 79 units or fewer in one cycle.
    rng = np.random.default_rng(1)
    y, weight = rng.normal(size=79), rng.uniform(1, 3, 79)
    z = weight * y
    expected = ((z - np.roll(z, -1)) ** 2).sum() / 2
    assert variance_of_total(successive_differences(weight, np.arange(79)), y) == pytest.approx(expected)


def test_the_bootstrap_comes_near_the_variance_of_a_total():
    rng = np.random.default_rng(2)
    strata, y, weight = np.repeat([0, 1], 20), rng.normal(size=40), np.ones(40)
    made = bootstrap(weight, strata, None, replicates=4000, rng=rng)
    expected = linearized_covariance(weight * y, strata)[0, 0]
    assert variance_of_total(made, y) == pytest.approx(expected, rel=0.1)


@pytest.mark.parametrize(("kind", "source"), [("j1", "apiclus1"), ("jn", "apistrat")])
def test_jackknife_weights_are_those_of_r(kind, source, survey_folder):
    frame = pl.read_csv(survey_folder / f"{source}.csv", null_values="NA", infer_schema_length=None)
    theirs = pl.read_csv(survey_folder / f"api_{kind}_repweights.csv.gz", infer_schema_length=None)
    factors = pl.read_csv(survey_folder / f"api_{kind}_scales.csv")
    strata = frame["stype"].to_numpy() if kind == "jn" else None
    units = None if kind == "jn" else frame["dnum"].to_numpy()
    made = jackknife(frame["pw"].to_numpy(), strata, units, frame["fpc"].to_numpy())
    key = [tuple(column) for column in made.weights[:, 1:].T.round(6)]
    expected = [tuple(column) for column in theirs.to_numpy().astype(float)[:, 1:].T.round(6)]
    assert sorted(key) == sorted(expected)
    of_r = factors["scale"] * factors["rscales"]
    assert sorted(made.rscales) == pytest.approx(sorted(of_r), rel=1e-9)


def test_what_cannot_be_replicated_is_named():
    with pytest.raises(UsageError, match="not two sampling units"):
        half_samples([1.0] * 3, [0, 0, 0], [0, 1, 2])
    with pytest.raises(UsageError, match="single sampling unit"):
        jackknife([1.0] * 3, [0, 0, 1], None)
    with pytest.raises(UsageError, match="single sampling unit"):
        bootstrap([1.0] * 3, [0, 0, 1], None, replicates=2, rng=np.random.default_rng(0))
    with pytest.raises(UsageError, match="order 28"):
        hadamard(28)
    with pytest.raises(UsageError, match="Fay"):
        half_samples([1.0] * 2, [0, 0], [0, 1], 1.0)


def test_factors_of_a_streamed_sample_are_those_of_the_whole():
    whole = successive_difference_factors(np.arange(500))
    parts = [successive_difference_factors(first + np.arange(125)) for first in range(0, 500, 125)]
    assert (np.concatenate(parts) == whole).all()
