"""Each step alone: normalisers against their formulas, means and outranking against worked values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from scipy import stats

from sojourn.errors import UsageError
from sojourn.methods.composite import Normalisation
from sojourn.methods.composite.aggregate import copeland, generalised_mean, outranking
from sojourn.methods.composite.normalise import METHODS, normalise
from sojourn.methods.composite.prepare import availability, carry, denominate, impute
from sojourn.methods.composite.ranks import rank_down
from sojourn.methods.composite.reliability import correlations, cronbach_alpha, principal_components
from sojourn.methods.composite.treat import is_outlying, kurtosis, skewness, treat
from sojourn.methods.composite.weights import equal_importance_weights, principal_component_weights

X = [2.0, 4.0, np.nan, 12.0, 4.0]


@pytest.mark.parametrize(
    ("how", "more", "less"),
    [
        (Normalisation("min_max"), [0, 20, 100, 20], [100, 80, 0, 80]),
        (Normalisation("min_max", lower=1, upper=11), [1, 3, 11, 3], [11, 9, 1, 9]),
        (Normalisation("scaled", lower=0, upper=20), [10, 20, 60, 20], [90, 80, 40, 80]),
        (Normalisation("distance_to_maximum"), [0, 0.2, 1, 0.2], [1, 0.8, 0, 0.8]),
        (Normalisation("rank"), [1, 2, 4, 2], [4, 2, 1, 2]),
        (Normalisation("borda"), [0, 1, 3, 1], [3, 1, 0, 1]),
        (Normalisation("percentile_rank"), [0, 1 / 3, 1, 1 / 3], [1, 1 / 3, 0, 1 / 3]),
        (Normalisation("goalposts", scale=10), [0, 1.25, 10, 1.25], [10, 8.75, 0, 8.75]),
        (Normalisation("goalposts", floor=0.1), [0.1, 0.125, 1, 0.125], [1, 0.875, 0.1, 0.875]),
        (Normalisation("distance_to_target"), [0, 0.25, 1.25, 0.25], [5, 4, 0, 4]),
        (Normalisation("distance_to_target", capped=True), [0, 0.25, 1, 0.25], [1, 1, 0, 1]),
    ],
)
def test_normalisers_give_what_their_formulas_say(how, more, less):
    """Worked by hand for 2, 4, 12, 4 with goalposts 3 and 11 and target 10."""
    fixed = (3.0, 11.0)
    for direction, expected in ((1, more), (-1, less)):
        found = normalise(X, how, direction, None, 10.0, fixed)
        assert np.isnan(found[2])
        assert found[[0, 1, 3, 4]] == pytest.approx(expected)


def test_the_other_normalisers():
    z = normalise(X, Normalisation("z_score", mean=50, deviation=10))
    known = z[~np.isnan(z)]
    assert (known.mean(), known.std(ddof=1)) == (pytest.approx(50), pytest.approx(10))
    assert normalise(X, Normalisation("fraction_of_maximum"))[0] == pytest.approx(1 / 6)
    to_reference = normalise(X, Normalisation("distance_to_reference", reference="B"), reference=1)
    assert to_reference[[0, 1, 3]] == pytest.approx([0, 1, 5])


def test_normalisers_refuse_what_they_cannot_do():
    with pytest.raises(UsageError, match="same value"):
        normalise([3.0, 3.0], Normalisation())
    with pytest.raises(UsageError, match="without a single value"):
        normalise([np.nan], Normalisation("rank"))
    with pytest.raises(UsageError, match="needs them"):
        normalise([1.0, 2.0], Normalisation("goalposts"))
    with pytest.raises(UsageError, match="target"):
        normalise([1.0, 2.0], Normalisation("distance_to_target"))
    with pytest.raises(UsageError, match="needs an area"):
        normalise([1.0, 2.0], Normalisation("distance_to_reference"))
    with pytest.raises(UsageError, match="divides by zero"):
        normalise([1.0, 2.0], Normalisation("distance_to_target"), target=1.0)
    with pytest.raises(UsageError, match="less is better or a value is negative"):
        normalise([1.0, 2.0], Normalisation("fraction_of_maximum"), direction=-1)
    for bad in ({"method": "cube"}, {"lower": 2.0, "upper": 1.0}, {"floor": 1.0}):
        with pytest.raises(UsageError):
            Normalisation(**bad)


values = arrays.arrays(float, st.integers(3, 12), elements=st.integers(-1000, 1000), unique=True)


@given(values, st.sampled_from(sorted(set(METHODS) - {"fraction_of_maximum"})), st.sampled_from([1, -1]))
def test_no_normaliser_turns_the_order_around(x, method, direction):
    how = Normalisation(method, lower=-2000, upper=2000, reference="best")
    best = int((direction * x).argmax())
    found = normalise(x, how, direction, best, float(direction * 2000), (-1000.0, 1000.0))
    steps = np.diff(found[np.argsort(direction * x)])
    assert (steps >= 0).all()


def test_means_of_one_and_four():
    """Textbook: 2.5, 2, 1.6, root of 8.5."""
    pair, equal = [[1.0], [4.0]], [[1.0, 1.0]]
    found = [generalised_mean(pair, equal, power).item() for power in (1, 0, -1, 2)]
    assert found == pytest.approx([2.5, 2.0, 1.6, 8.5**0.5])


rows = arrays.arrays(float, st.tuples(st.integers(1, 5), st.integers(2, 6)), elements=st.floats(0.5, 100))


@given(rows, st.data())
def test_means_lie_between_and_in_order(x, data):
    w = data.draw(arrays.arrays(float, (1, len(x)), elements=st.floats(0.1, 10)))
    harmonic, geometric, arithmetic, quadratic = (generalised_mean(x, w, p)[0] for p in (-1, 0, 1, 2))
    slack = 1e-9 * x.max()
    assert (x.min(axis=0) <= harmonic + slack).all()
    assert (harmonic <= geometric + slack).all()
    assert (geometric <= arithmetic + slack).all()
    assert (arithmetic <= quadratic + slack).all()
    assert (quadratic <= x.max(axis=0) + slack).all()


def test_the_weight_of_an_unknown_child_goes_to_the_others():
    found = generalised_mean([[1.0, np.nan], [3.0, np.nan], [np.nan, np.nan]], [[1.0, 3.0, 9.0]])
    assert found[0, 0] == 2.5
    assert np.isnan(found[0, 1])


def test_a_geometric_mean_refuses_zero():
    with pytest.raises(UsageError, match="above zero"):
        generalised_mean([[0.0], [1.0]], [[1.0, 1.0]], 0)


def test_copeland_of_a_condorcet_cycle_is_a_tie():
    """Condorcet (1785): A before B before C, B before C before A, C before A before B."""
    assert copeland([[3.0, 2, 1], [1, 3, 2], [2, 1, 3]], [[1.0, 1, 1]]).tolist() == [[0, 0, 0]]


def test_copeland_follows_the_heavier_children_and_does_not_compensate():
    children = [[1.0, 2.0], [1000.0, 3.0], [1.0, 2.0]]
    assert copeland(children, [[1.0, 1.0, 1.0]]).tolist() == [[-1, 1]]
    assert copeland(children, [[1.0, 3.0, 1.0]]).tolist() == [[1, -1]]
    unknown = copeland([[1.0, np.nan, 2.0]], [[1.0]])[0]
    assert np.isnan(unknown[1])
    assert unknown[[0, 2]].tolist() == [-1, 1]


@given(rows, st.data())
def test_outranking_shares_and_scores_cancel(x, data):
    w = data.draw(arrays.arrays(float, (2, len(x)), elements=st.floats(0.1, 10)))
    o = outranking(x, w)
    assert np.allclose(o + o.transpose(0, 2, 1), 1)
    assert np.allclose(copeland(x, w).sum(axis=1), 0)
    # Only the order within a child counts.
    assert (copeland(x, w) == copeland(x**3, w)).all()


def test_principal_component_weights_of_a_known_matrix():
    """Correlations 1/2 among three: first eigenvector 1/root 3 each, variance 2. A lone member weighs 1."""
    mixed = np.linalg.cholesky(np.full((3, 3), 0.5) + np.eye(3) / 2)
    basis = np.linalg.qr(np.column_stack([np.ones(8), np.random.default_rng(1).normal(size=(8, 3))]))[0]
    x = basis[:, 1:] @ mixed.T
    found = principal_components(x)
    assert found.variance == pytest.approx([2, 0.5, 0.5])
    assert found.share.sum() == pytest.approx(1)
    assert found.loadings[:, 0] == pytest.approx([(2 / 3) ** 0.5] * 3)
    assert principal_component_weights(x) == pytest.approx([1 / 3] * 3)
    assert principal_component_weights(x[:, :1]).tolist() == [1.0]
    with pytest.raises(UsageError, match="three complete areas"):
        principal_component_weights(np.ones((5, 2)))


@given(st.integers(0, 1000))
def test_principal_component_weights_do_not_know_units(seed):
    x = np.random.default_rng(seed).normal(size=(20, 4))
    found = principal_component_weights(x)
    assert found.sum() == pytest.approx(1)
    assert found == pytest.approx(principal_component_weights(x * [1, 10, 100, 0.1] + 7))


def test_equal_importance_weights_make_correlations_as_wished():
    rng = np.random.default_rng(4)
    x = rng.normal(size=(60, 3)) @ np.array([[1, 0.5, 0.1], [0, 1, 0.4], [0, 0, 3.0]])
    for wished in (None, [2.0, 1.5, 1.8]):
        mean = x @ equal_importance_weights(x, wished)
        reached = np.array([np.corrcoef(mean, x[:, k])[0, 1] for k in range(3)])
        assert reached / reached[0] == pytest.approx(np.array(wished or [1, 1, 1]) / (wished or [1])[0])


def test_equal_importance_weights_refuse_what_cannot_be():
    x = np.arange(6.0)
    with pytest.raises(UsageError, match="members that vary"):
        equal_importance_weights(np.column_stack([x, np.ones(6)]))
    with pytest.raises(UsageError, match="one number above 0"):
        equal_importance_weights(np.column_stack([x, x**2]), [1.0, 0.0])


@given(values)
def test_moments_equal_those_of_scipy(x):
    assert skewness(x) == pytest.approx(stats.skew(x, bias=False), abs=1e-9)
    if len(x) > 3:
        assert kurtosis(x) == pytest.approx(stats.kurtosis(x, bias=False), abs=1e-9)


@given(arrays.arrays(float, st.integers(4, 40), elements=st.floats(-1e6, 1e6).map(lambda v: round(v, 3))))
def test_treatment_keeps_the_order_and_leaves_ordinary_shapes_alone(x):
    for method in ("winsorise", "log", "winsorise_then_log"):
        found = treat(x, method)
        if not is_outlying(x):
            assert (found.values == x).all()
            assert found.action == "none"
        assert (np.diff(found.values[np.argsort(x, kind="stable")]) >= -1e-9).all()
        assert found.points <= 5


def test_preparation_by_hand():
    assert np.isnan(denominate([[1.0, 2.0]], [[0.0, -1.0]])).all()
    assert availability([[np.nan, np.nan]]).tolist() == [0.0]
    x = [[1.0], [np.nan], [5.0], [np.nan]]
    assert impute(x, "median")[:, 0].tolist() == [1, 3, 5, 3]
    by_group = impute(x, "group_mean", [0, 0, 1, -1])[:, 0]
    assert by_group[:3].tolist() == [1, 1, 5]
    assert np.isnan(by_group[3])
    filled, age = carry([[1.0], [np.nan], [np.nan]], [7, 7, 7], [2000, 2004, 2015], limit=10)
    assert filled[:2, 0].tolist() == [1, 1]
    assert np.isnan(filled[2, 0])
    assert age[1, 0] == 4


@given(values)
def test_ranks_down_are_those_of_scipy(x):
    assert rank_down(x).tolist() == stats.rankdata(-x, method="min").tolist()


def test_reliability_by_hand():
    # Two members with correlation r and equal variance: alpha = 2 r / (1 + r).
    a, b = np.array([[1.0, 2], [2, 1], [3, 4], [4, 3]]).T
    r = correlations(np.column_stack([a, b]))[0, 1]
    assert r == pytest.approx(0.6)
    assert cronbach_alpha(np.column_stack([a, b])) == pytest.approx(2 * r / (1 + r))
    assert np.isnan(cronbach_alpha([[1.0], [2.0]]))
    ranked = correlations(np.column_stack([a, np.exp(b)]), "spearman")
    assert ranked[0, 1] == pytest.approx(0.6)
    assert np.isnan(correlations([[1.0, 2.0], [2.0, 2.0], [3.0, 2.0]])[0, 1])
    with pytest.raises(UsageError):
        correlations([[1.0]], "kendall")
