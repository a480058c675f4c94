"""Intervals: published values, limits, and that a proportion stays one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sojourn.errors import UsageError
from sojourn.methods.survey.intervals import (
    PROPORTION_METHODS,
    critical_value,
    effective_sample_size,
    proportion_interval,
    wald_interval,
)


def of_counts(cases, n, method, df=np.inf):
    p = cases / n
    ends = proportion_interval(p, np.sqrt(p * (1 - p) / n), method=method, df=df, n=n)
    return [float(end) for end in ends]


def test_the_intervals_of_newcombe():
    # R. G. Newcombe (1998), Statistics in Medicine 17, table I, 81 of 263: simple asymptotic, score,
    # Clopper-Pearson; they are reached where the design adds nothing.
    assert of_counts(81, 263, "wald") == pytest.approx([0.2522, 0.3638], abs=5e-5)
    assert of_counts(81, 263, "wilson") == pytest.approx([0.2553, 0.3662], abs=5e-5)
    assert of_counts(81, 263, "beta", df=262) == pytest.approx([0.2527, 0.3676], abs=5e-5)


def test_beta_with_the_textbook_degrees_of_freedom_is_clopper_and_pearson():
    exact = stats.binomtest(81, 263).proportion_ci(method="exact")
    assert of_counts(81, 263, "beta", df=262) == pytest.approx([exact.low, exact.high], rel=1e-9)
    wilson = stats.binomtest(81, 263).proportion_ci(method="wilson")
    assert of_counts(81, 263, "wilson") == pytest.approx([wilson.low, wilson.high], rel=1e-9)


def test_likelihood_ends_solve_their_equation():
    lower, upper = of_counts(81, 263, "likelihood")
    p = 81 / 263
    for end in (lower, upper):
        deviance = 2 * 263 * (p * np.log(p / end) + (1 - p) * np.log((1 - p) / (1 - end)))
        assert deviance == pytest.approx(stats.chi2.ppf(0.95, 1), rel=1e-9)


def test_no_case_at_all_still_has_an_upper_end():
    # Clopper and Pearson: 1 - 0.025^(1/n); the likelihood: 1 - exp(-c^2 / 2n).
    assert [float(e) for e in proportion_interval(0, 0, method="beta", df=99, n=100)] == pytest.approx(
        [0, 1 - 0.025 ** (1 / 100)]
    )
    upper = float(proportion_interval(0.0, 0.0, method="likelihood", n=100)[1])
    assert upper == pytest.approx(-np.expm1(-(stats.norm.ppf(0.975) ** 2) / 200))
    for method in ("wald", "logit", "xlogit", "asin"):
        assert np.isnan(proportion_interval([0.0, 1.0], [0.0, 0.0], method=method, n=100)).all()


@pytest.mark.parametrize("method", PROPORTION_METHODS)
@given(p=st.floats(0.001, 0.999), effect=st.floats(0.3, 20), n=st.integers(5, 5000), df=st.integers(2, 500))
@settings(max_examples=80, deadline=None)
def test_intervals_hold_their_estimate_within_0_and_1(method, p, effect, n, df):
    se = np.sqrt(effect * p * (1 - p) / n)
    lower, upper = proportion_interval(p, se, method=method, df=df, n=n)
    assert lower <= p <= upper
    if method != "wald":
        assert lower >= 0
        assert upper <= 1
    # Korn and Graubard's n' grows with the level where cases are fewer than degrees of freedom, and the interval
    # of a higher level may then be the narrower one: the formula's own doing.
    if method != "beta" or n > df:
        wider = proportion_interval(p, se, method=method, df=df, n=n, level=0.99)
        assert wider[0] <= lower
        assert wider[1] >= upper
    turned = proportion_interval(1 - p, se, method=method, df=df, n=n)
    np.testing.assert_allclose(turned, (1 - upper, 1 - lower), atol=1e-9)


@pytest.mark.parametrize("method", PROPORTION_METHODS)
def test_arrays_are_their_elements_and_a_fixed_share_is_itself(method):
    p, se, n = np.array([0.1, 0.5, 0.9]), np.array([0.02, 0.0, 0.05]), np.array([300, 20, 50])
    lower, upper = proportion_interval(p, se, method=method, df=40, n=n)
    assert lower[1] == upper[1] == 0.5
    for k in (0, 2):
        alone = proportion_interval(p[k], se[k], method=method, df=40, n=n[k])
        np.testing.assert_allclose([lower[k], upper[k]], alone, rtol=1e-12)


def test_critical_values():
    assert critical_value(0.95, 4) == pytest.approx(2.7764451)  # Student (1908), in every table
    assert np.isnan(critical_value(0.95, [0, np.nan])).all()
    assert effective_sample_size(0.2, 0.02) == pytest.approx(400)
    assert wald_interval(1.0, 0.0) == (1.0, 1.0)


@pytest.mark.parametrize(
    "arguments",
    [
        {"estimate": 0.5, "se": 0.1, "method": "exact"},
        {"estimate": 1.5, "se": 0.1},
        {"estimate": 0.5, "se": -0.1},
        {"estimate": 0.5, "se": 0.1, "method": "beta"},
        {"estimate": 0.5, "se": 0.1, "level": 95},
    ],
)
def test_bad_input_is_named(arguments):
    with pytest.raises(UsageError):
        proportion_interval(**arguments)
