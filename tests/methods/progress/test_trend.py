"""The trend with noise: against closed forms, an independent multivariate normal, and flat noise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal, norm

from sojourn.methods.progress import trend

NAN = float("nan")


def arrays(times, values, errors=None):
    known = np.full(len(times), NAN) if errors is None else np.array(errors, float)
    return np.array([times], float), np.array([values], float), known[None]


def test_each_component_is_the_exact_posterior():
    """Every number again by one multivariate normal over all points, without a filter."""
    times, values, errors = [2015.5, 2016.5, 2019.5, 2023.6], [7.5, 7.4, 6.8, 6.2], [0.1, NAN, 0.2, NAN]
    fitted = trend.fit(*arrays(times, values, errors))
    t, y = np.array(times), np.array(values)
    size = np.sqrt(np.mean(np.diff(y) ** 2 / np.diff(t)))
    grid = [(w, e, d) for w in trend.WALKS for e in trend.ERRORS for d in trend.DRIFTS]
    logs = []
    for place, (walk, error, drift) in enumerate(grid):
        noise = np.where(np.isnan(errors), error * size, errors) ** 2
        gap = t - t[0]
        # Given the first observation, level(t) = y0 - e0 + drift gap + walk W(gap), the first level flat.
        level = (
            noise[0]
            + (drift * size) ** 2 * np.outer(gap, gap)
            + (walk * size) ** 2 * np.minimum.outer(gap, gap)
        )
        of_y = (level + np.diag(noise))[1:, 1:]
        logs.append(multivariate_normal.logpdf(y[1:], np.full(3, y[0]), of_y))
        to_last, to_first = level[-1, 1:], level[0, 1:]
        assert fitted.level[0, place] == pytest.approx(
            y[0] + to_last @ np.linalg.solve(of_y, y[1:] - y[0]), rel=1e-9
        )
        assert fitted.first[0, place] == pytest.approx(
            y[0] + to_first @ np.linalg.solve(of_y, y[1:] - y[0]), rel=1e-9
        )
        assert fitted.level_variance[0, place] == pytest.approx(
            level[-1, -1] - to_last @ np.linalg.solve(of_y, to_last), rel=1e-7
        )
        assert fitted.first_covariance[0, place] == pytest.approx(
            level[0, -1] - to_first @ np.linalg.solve(of_y, to_last), rel=1e-6, abs=1e-12
        )
        to_drift = (drift * size) ** 2 * gap[1:]
        assert fitted.drift[0, place] == pytest.approx(
            to_drift @ np.linalg.solve(of_y, y[1:] - y[0]), rel=1e-9
        )
    weight = np.exp(np.array(logs) - max(logs))
    assert fitted.weight[0] == pytest.approx(weight / weight.sum(), rel=1e-7)


def test_a_projection_grows_in_width_with_the_horizon():
    fitted = trend.fit(*arrays([2015, 2017, 2020, 2021], [5.0, 4.0, 4.5, 3.0]))
    widths = [
        float((fitted.at(year).quantile(0.975) - fitted.at(year).quantile(0.025))[0])
        for year in (2021.0, 2023.0, 2025.0, 2030.0)
    ]
    assert widths == sorted(widths)
    observed = fitted.at(2025.0, observed=True)
    assert observed.deviation()[0] > fitted.at(2025.0).deviation()[0]


def test_quantiles_of_one_normal_are_those_of_the_normal():
    one = trend.Mixture(np.array([[1.0]]), np.array([[2.0]]), np.array([[3.0]]))
    for probability in (0.025, 0.5, 0.9):
        assert one.quantile(probability)[0] == pytest.approx(norm.ppf(probability, 2, 3), abs=1e-9)
    assert one.below(2.0)[0] == pytest.approx(0.5)


@given(
    st.lists(st.floats(-50, 50), min_size=3, max_size=10),
    st.floats(0.01, 100),
    st.floats(-1000, 1000),
)
@settings(max_examples=60, deadline=None)
def test_units_and_origin_do_not_matter(values, factor, shift):
    if max(values) - min(values) < 1e-2:
        return
    times = 2015.5 + np.arange(len(values))
    one = trend.fit(*arrays(times, values))
    other = trend.fit(*arrays(times, [factor * value + shift for value in values]))
    scale = factor * (max(values) - min(values))
    assert other.at(2030.0).average() == pytest.approx(
        factor * one.at(2030.0).average() + shift, abs=1e-5 * scale
    )
    assert other.pace().below(0.0) == pytest.approx(one.pace().below(0.0), abs=1e-5)


def test_a_shorter_series_beside_a_longer_one_changes_nothing():
    long, short = [7.0, 6.5, 6.4, 6.0, 5.0], [3.0, 3.5, 3.4]
    times = 2015.5 + np.arange(5.0)
    alone = trend.fit(*arrays(times[:3], short))
    padded = np.array([long, [*short, NAN, NAN]])
    stamps = np.array([times, [*times[:3], NAN, NAN]])
    both = trend.fit(stamps, padded, np.full_like(padded, NAN))
    assert both.at(2030.0).average()[1] == pytest.approx(alone.at(2030.0).average()[0], rel=1e-12)
    assert both.pace().average()[1] == pytest.approx(alone.pace().average()[0], rel=1e-12)


def test_known_errors_are_used():
    times, values = [2015, 2016, 2017, 2018], [10.0, 9.5, 9.4, 9.0]
    sure = trend.fit(*arrays(times, values, [0.05] * 4)).pace().below(0.0)[0]
    unsure = trend.fit(*arrays(times, values, [2.0] * 4)).pace().below(0.0)[0]
    assert sure > 0.99
    assert unsure < 0.8


def test_a_series_that_never_moved_is_sure_of_its_level():
    fitted = trend.fit(*arrays([2015, 2016, 2017], [4.0, 4.0, 4.0]))
    assert fitted.at(2030.0).average()[0] == pytest.approx(4.0)
    assert fitted.pace().below(0.0)[0] == pytest.approx(0.5)


@pytest.mark.parametrize("points", [3, 5, 8, 12])
@pytest.mark.parametrize("known", [True, False])
def test_flat_noise_is_called_wrong_way_in_at_most_ten_of_a_hundred(points, known):
    """Error 5 % of the baseline, truth flat: the simulation that the rule's limits came from."""
    rng = np.random.default_rng(20150115)
    runs = 4000
    values = rng.normal(100.0, 5.0, (runs, points))
    times = np.tile(2015.5 + np.arange(points), (runs, 1))
    errors = np.full_like(values, 5.0 if known else NAN)
    better = trend.fit(times, values, errors).pace().below(0.0)
    simulation_error = 2 * np.sqrt(0.1 * 0.9 / runs)
    assert (better <= 0.1).mean() <= 0.1 + simulation_error
    assert (better >= 0.9).mean() <= 0.1 + simulation_error


@pytest.mark.parametrize(
    ("times", "values"),
    [
        ([[2015.0]], [[1.0]]),
        ([[2016.0, 2015.0, 2017.0]], [[1.0, 2.0, 3.0]]),
        ([[2015.0, NAN, 2017.0]], [[1.0, NAN, 3.0]]),
        ([[2015.0, 2016.0, 2017.0]], [[1.0, NAN, 3.0]]),
        ([2015.0, 2016.0], [1.0, 2.0]),
    ],
)
def test_bad_input_is_refused(times, values):
    with pytest.raises(ValueError, match=r"points|rise|shape"):
        trend.fit(np.array(times), np.array(values), np.full_like(np.array(values), NAN))
