"""Chances that add up to their targets, whatever the odds; intervals of mixtures against known quantiles."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm, t

from sojourn.methods.legal_status import estimates_by_status
from sojourn.methods.legal_status.chances import Groups, chances, mixture_interval, sums_by_group

from . import simulated


@given(st.integers(0, 2**32 - 1), st.floats(0, 1))
@settings(max_examples=40, deadline=None)
def test_chances_add_up_to_the_target_and_keep_the_odds(seed: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    cell, odds = rng.integers(0, 3, 60), rng.choice([0.0, 1.0, 2.5, 8.0], 60)
    groups = Groups.of(cell, odds, 3)
    size = sums_by_group(groups, np.ones(60), rng.uniform(0.1, 5, (60, 2)))
    target = share * groups.by_cell(size * groups.possible)
    p = chances(groups, target, size)
    assert np.all((p >= 0) & (p <= 1))
    assert np.all(p[:, groups.odds == 0] == 0)
    assert groups.by_cell(size * p) == pytest.approx(target, abs=1e-9)
    if 0.01 < share < 0.99:
        own = (p / (1 - p))[:, groups.odds > 0] / groups.odds[groups.odds > 0]
        for c in range(3):
            inside = own[:, groups.cell[groups.odds > 0] == c]
            if inside.shape[1]:
                assert inside == pytest.approx(np.repeat(inside[:, :1], inside.shape[1], axis=1), rel=1e-6)


def test_mixtures_of_one_and_of_many() -> None:
    low, high = mixture_interval(np.full((5, 1), 3.0), np.array([2.0]), 10)
    assert (low[0], high[0]) == pytest.approx((3 - 2 * t.ppf(0.975, 10), 3 + 2 * t.ppf(0.975, 10)))
    # A normal mixture of normals is normal with the sum of the variances.
    centres = norm.ppf((np.arange(20_000) + 0.5) / 20_000)[:, None]
    low, high = mixture_interval(centres, np.array([1.0]), 1e9)
    assert high[0] == pytest.approx(1.959964 * 2**0.5, rel=1e-3)
    # Bounded assumptions alone have no normal tails: 95 per cent of a uniform end before its ends.
    uniform = np.linspace(0, 1, 10_001)[:, None]
    low, high = mixture_interval(uniform, np.array([0.0]), 79)
    assert (low[0], high[0]) == pytest.approx((0.025, 0.975))


def test_the_error_is_that_of_the_mean_where_status_is_unrelated() -> None:
    """Pay that the cell alone decides is known from all possible rows, not only from those drawn (Meng 1994)."""
    said, errors = [], []
    for seed in range(40):
        rng = np.random.default_rng(900 + seed)
        fixed = simulated.fixed()
        truth = {one.parameter: one.values["value"] for one in fixed}
        cells, people, measures = simulated.survey(rng, truth, 600, 20)
        found = estimates_by_status(cells, fixed, people, measures[2:], rng, 2, draws=100).table
        true = simulated.IRREGULAR @ np.array([10, 11, 12, 13.0]) / simulated.IRREGULAR.sum()
        said.append(found["se"][0])
        errors.append(found["estimate"][0] - true)
    assert np.mean(said) == pytest.approx(np.sqrt(np.mean(np.square(errors))), rel=0.25)


def test_replicates_centred_on_their_mean_have_a_smaller_variance() -> None:
    rng = np.random.default_rng(5)
    cells, people, measures = simulated.survey(rng, simulated.truth_of(rng, simulated.fixed()))
    own, mean = (
        estimates_by_status(
            cells, simulated.fixed(), dataclasses.replace(people, center=center), measures[1:2],
            np.random.default_rng(1), 2, draws=100,
        ).table["se"][0]
        for center in ("estimate", "mean")
    )  # fmt: skip
    assert mean < own
    assert mean == pytest.approx(own, rel=0.1)
