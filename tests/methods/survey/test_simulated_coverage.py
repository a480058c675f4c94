"""The coverage study of bench/survey_coverage.py: the public functions give its intervals, and these hold the truth."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from sojourn.methods.survey import Design, estimate
from sojourn.methods.survey.replication import half_samples, jackknife, successive_differences

sys.path.insert(0, str(Path(__file__).parents[3] / "bench"))
import survey_coverage as study

WORDS = {
    "total": ("total(pay)", {}),
    "mean": ("mean(pay)", {"where": "earns"}),
    "proportion": ("share(foreign)", {"interval": "logit"}),
    "ratio": ("ratio(pay, hours)", {"where": "earns"}),
    "median": ("median(pay)", {"where": "earns"}),
    "gap": ("gap(mean(pay), foreign)", {"where": "earns"}),  # native (0) less foreign (1)
}


@pytest.fixture(scope="module")
def frame():
    return study.Frame(study.draw_country(6_000))


def rows(sample):
    columns = {name: getattr(sample.people, name) for name in ("pay", "hours", "earns", "foreign")}
    drawn = {"unit": sample.unit, "stratum": sample.stratum, "w": sample.weight}
    if sample.fpc is not None:
        drawn["fpc"] = sample.fpc
    return pl.DataFrame({**columns, **drawn}).with_columns(foreign=pl.col("foreign").cast(pl.Int8))


def with_replicates(sample, made):
    weights = pl.DataFrame(made.weights[:, 1:], schema=[f"r{r}" for r in range(1, made.weights.shape[1])])
    return rows(sample).hstack(weights)


def cases(frame):
    """A sample by every kind of design: its rows, its declared design, and the intervals of the study."""
    rng = np.random.default_rng(1)
    sample = frame.systematic(3, 20)
    made = successive_differences(sample.weight, sample.unit)
    sdr = Design.sdr("w", "r1..80")
    yield with_replicates(sample, made), sdr, study.by_replicates(sample, made, 79, "estimate", "wald")
    sample = frame.stratified(rng, 2)
    for fay in (0.0, 0.5):
        made = half_samples(sample.weight, sample.stratum, sample.unit, fay)
        design = Design.fay("w", "r", fay, df=40)
        yield (
            with_replicates(sample, made),
            design,
            study.by_replicates(sample, made, 40, "mean", "wald"),
        )
    yield rows(sample), Design.taylor("w", "stratum", "unit"), study.by_linearization(sample, 40)
    made = jackknife(sample.weight, None, sample.unit % 16)
    design = Design.jackknife("w", "r", scale=1.0, rscales=made.rscales, delete_one=False, df=15)
    yield (
        with_replicates(sample, made),
        design,
        study.by_replicates(sample, made, 15, "mean", "woodruff"),
    )
    sample = frame.stratified(rng, 4, of=10)
    design = Design.taylor("w", "stratum", "unit", "fpc")
    yield rows(sample), design, study.by_linearization(sample, 120)


def test_the_public_functions_give_the_intervals_of_the_study(frame):
    compared = 0
    for data, design, expected in cases(frame):
        for name, (lower, upper) in expected.items():
            words, options = WORDS[name]
            df = design.df
            if design.kind == "taylor":
                # Domains count their own clusters; the study takes those of the design.
                df = len(data["unit"].unique()) - len(data["stratum"].unique())
            found = estimate(data, design, words, **options, df=df)
            ends = (found["lower"][0], found["upper"][0])
            np.testing.assert_allclose(ends, (lower, upper), rtol=1e-9)
            compared += 1
    assert compared == 6 * 6


def test_a_delete_one_jackknife_has_no_median(frame):
    sample = frame.simple(np.random.default_rng(2), 30)
    made = jackknife(sample.weight, None, sample.unit)
    assert "median" not in study.by_replicates(sample, made, 29, "mean", None)


@pytest.mark.slow
@pytest.mark.parametrize("design", list(study.studies()))
def test_intervals_hold_the_truth_of_the_simulated_country(design):
    """With 200 samples the share has an error of 1.5 points: 93 to 97 within three of them."""
    found = study.study(study.Frame(study.draw_country(80_000)), design, 200)
    for statistic, row in found.items():
        assert 0.93 - 3 * 0.018 <= row["share"] <= 1, (design, statistic, row)
    held = np.mean([row["share"] for row in found.values()])
    assert 0.92 <= held <= 0.985, (design, held)
