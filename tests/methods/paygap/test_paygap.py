"""Pay gaps: identities that hold whatever the data, errors against simulation, and bad input."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sojourn.errors import UsageError
from sojourn.methods import paygap
from sojourn.methods.paygap import oaxaca
from sojourn.methods.paygap.columns import columns
from sojourn.methods.paygap.linearised import cluster_covariance
from sojourn.methods.paygap.rif import recentred, silverman

NAMES = ["constant", "skill", "sex"]


def draw(seed: int, n: int = 120, gap: float = 0.3):
    rng = np.random.default_rng(seed)
    foreign = rng.random(n) < 0.4
    skill = rng.normal(0.5 * ~foreign, 1, n)
    x = np.column_stack([np.ones(n), skill, rng.random(n) < 0.5])
    y = 2 + gap * ~foreign + 0.2 * skill - 0.1 * x[:, 2] + rng.normal(0, 0.4, n)
    return y, foreign, x


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(oaxaca.REFERENCES))
def test_the_parts_add_up_to_the_gap(seed, reference) -> None:
    rows = draw(seed)
    two, three = paygap.two_fold(*rows, NAMES, reference), paygap.three_fold(*rows, NAMES)
    gap = two["gap"][0]
    assert two["explained"][0] + two["unexplained"][0] == pytest.approx(gap)
    assert sum(two[f"explained:{name}"][0] for name in NAMES) == pytest.approx(two["explained"][0])
    assert two["unexplained_native"][0] + two["unexplained_migrant"][0] == pytest.approx(
        two["unexplained"][0]
    )
    assert sum(three[part][0] for part in ("endowments", "coefficients", "interaction")) == pytest.approx(gap)
    # A sum of parts has the error of the whole: the covariance knows what cancels.
    at = [two.names.index(name) for name in ("explained", "unexplained")]
    whole = two.covariance[np.ix_(at, at)].sum()
    assert whole == pytest.approx(two.covariance[0, 0])


def test_the_linearised_errors_agree_with_the_delete_one_jackknife() -> None:
    rows = draw(5, n=80)
    n = rows[0].size
    replicates = (1 - np.eye(n)) * n / (n - 1)
    jackknife = paygap.Sampling(replicates=replicates, factors=np.full(n, (n - 1) / n))
    for reference in oaxaca.REFERENCES:
        linear = paygap.two_fold(*rows, NAMES, reference)
        again = paygap.two_fold(*rows, NAMES, reference, jackknife)
        assert linear.standard_error[:5] == pytest.approx(again.standard_error[:5], rel=0.12)
    groups = (rows[2][:, 2]).astype(int)
    linear = paygap.factor_weighted_gap(np.exp(rows[0]), rows[1], groups).estimates
    again = paygap.factor_weighted_gap(np.exp(rows[0]), rows[1], groups, jackknife).estimates
    assert linear.standard_error == pytest.approx(again.standard_error, rel=0.05)


def test_a_raw_gap_covers_the_truth() -> None:
    # Lognormal wages: means exp(2.3 + s^2/2) and exp(2 + s^2/2), so the gap is 1 - exp(-0.3).
    hits, runs = 0, 300
    for seed in range(runs):
        rng = np.random.default_rng(seed)
        foreign = rng.random(300) < 0.4
        found = paygap.raw_gap(np.exp(rng.normal(2 + 0.3 * ~foreign, 0.5)), foreign)
        lower, upper = found.interval()
        hits += lower[-1] <= 1 - np.exp(-0.3) <= upper[-1]
    assert 0.92 <= hits / runs <= 0.98


def test_clusters_and_strata() -> None:
    # Two strata of two clusters: V = sum_h 2 ((z_h1 - z_h2) / 2)^2 2 = sum_h (z_h1 - z_h2)^2.
    z = np.array([[1.0], [2.0], [-1.0], [0.0], [3.0], [-5.0]])
    strata, clusters = np.array([0, 0, 0, 1, 1, 1]), np.array([0, 0, 1, 0, 0, 1])
    covariance, df = cluster_covariance(z, strata, clusters)
    assert covariance[0, 0] == pytest.approx((3 + 1) ** 2 + (3 + 5) ** 2)
    assert df == 2
    with pytest.raises(UsageError, match="one cluster"):
        cluster_covariance(z, strata, np.zeros(6))


def test_equal_weights_of_any_size_change_nothing() -> None:
    rows = draw(9)
    one = paygap.two_fold(*rows, NAMES)
    many = paygap.two_fold(*rows, NAMES, how=paygap.Sampling(weights=np.full(120, 250.0)))
    assert many.value == pytest.approx(one.value)
    assert many.covariance == pytest.approx(one.covariance)


def test_the_recentred_influence_function() -> None:
    rng = np.random.default_rng(3)
    y = rng.normal(0, 1, 5000)
    rif, q, bandwidth = recentred(y, np.ones(5000), 0.5)
    assert rif.mean() == pytest.approx(q, abs=1e-3)
    assert bandwidth == silverman(y, np.ones(5000))
    # f(0) of a normal is 0.3989: the RIF takes two values, 0.5 / f from the median.
    assert np.ptp(rif) == pytest.approx(1 / 0.39894, rel=0.05)


@pytest.mark.parametrize("probability", [0.1, 0.5, 0.9])
def test_a_shift_is_all_unexplained_at_every_quantile(probability) -> None:
    rng = np.random.default_rng(4)
    n = 4000
    foreign = np.arange(n) % 2 == 0
    x = np.column_stack([np.ones(n), rng.normal(size=n)])
    y = x[:, 1] + 0.5 * ~foreign + rng.normal(size=n)
    found, bandwidths, gap = paygap.quantile_decomposition(y, foreign, x, ["constant", "skill"], probability)
    assert gap == pytest.approx(0.5, abs=0.15)
    assert found["gap"][0] == pytest.approx(gap, abs=0.01)
    assert found["explained"][0] == pytest.approx(0, abs=0.12)
    assert min(bandwidths) > 0
    stated, used, _ = paygap.quantile_decomposition(
        y, foreign, x, ["constant", "skill"], probability, bandwidth=(0.3, 0.4)
    )
    assert used == (0.3, 0.4)
    assert stated["gap"][0] == pytest.approx(found["gap"][0], abs=0.02)


PEOPLE = pl.DataFrame(
    {
        "wage": np.exp(draw(7, 300)[0]),
        "migrant": draw(7, 300)[1],
        "age": draw(7, 300)[2][:, 1],
        "school": np.array(["low", "middle", "high"])[np.arange(300) % 3],
        "w": np.tile([1.0, 2.0, 3.0], 100),
    }
)


def test_normalised_effects_do_not_depend_on_the_omitted_category_and_plain_ones_do() -> None:
    def detail(omitted: str, normalise: bool) -> pl.DataFrame:
        found = paygap.decomposition_table(
            PEOPLE,
            "wage",
            "migrant",
            ["age"],
            {"school": omitted},
            normalise=normalise,
            survey=paygap.Survey(independent=True),
        )
        assert any("omitted category of school" in note for note in found.notes)
        assert any("depends on the omitted category" in note for note in found.notes) == (not normalise)
        return found.table.filter(pl.col("variable") != "")

    one, other = detail("low", True), detail("high", True)
    assert one["value"].to_list() == pytest.approx(other["value"].to_list())
    assert one["se"].to_list() == pytest.approx(other["se"].to_list())
    assert one.filter(component="explained").height == 5
    constant = [
        detail(omitted, False).filter(component="unexplained", variable="(constant)")["value"][0]
        for omitted in ("low", "high")
    ]
    assert abs(constant[0] - constant[1]) > 1e-3
    # What a whole variable explains is the same whatever was left out.
    whole = [
        detail(omitted, False).filter(component="explained", variable="school")["value"].sum()
        for omitted in ("low", "high")
    ]
    assert whole[0] == pytest.approx(whole[1])


def test_the_regressors_are_given_back() -> None:
    found = columns(PEOPLE, ["age"], {"school": "low"}, normalise=True)
    assert found.detail is not None
    assert found.detail[0] @ found.detail[1] == pytest.approx(found.fitted)


def test_rows_that_are_not_known_are_listed_and_used_by_none() -> None:
    broken = PEOPLE.with_columns(
        pl.when(pl.int_range(pl.len()) == 4).then(None).otherwise("wage").alias("wage"),
        pl.when(pl.int_range(pl.len()) == 6).then(None).otherwise("migrant").alias("migrant"),
    )
    found = paygap.raw_gap_table(broken, "wage", "migrant", paygap.Survey(weight="w"), "median")
    assert found.problems.rows() == [(5, "wage", "a known value"), (7, "migrant", "a known value")]
    assert found.n_native + found.n_migrant == 298
    assert found.table["component"].to_list() == ["native", "migrant", "gap"]


def test_without_a_declared_design_there_is_no_error() -> None:
    found = paygap.raw_gap_table(PEOPLE, "wage", "migrant", paygap.Survey(weight="w"))
    assert found.table["se"].null_count() == found.table.height
    assert any("no error is known" in note for note in found.notes)
    stated = paygap.raw_gap_table(PEOPLE, "wage", "migrant", paygap.Survey(weight="w", independent=True))
    assert stated.table["se"].null_count() == 0
    assert stated.table["value"].equals(found.table["value"])


def test_tables_take_replicates_and_quantiles() -> None:
    rng = np.random.default_rng(1)
    copies = {f"r{k}": PEOPLE["w"] * rng.choice([0.5, 1.5], 300) for k in range(12)}
    survey = paygap.Survey("w", replicates=tuple(copies), factors=(4 / 12,) * 12)
    people = PEOPLE.with_columns(**copies)
    found = paygap.decomposition_table(
        people, "wage", "migrant", ["age"], {"school": "low"}, probability=0.5, survey=survey
    )
    assert found.table["df"].unique().to_list() == [11]
    assert any("bandwidths" in note for note in found.notes)
    assert (found.table["se"] >= 0).all()
    three = paygap.decomposition_table(people, "wage", "migrant", ["age"], {}, folds=3, survey=survey)
    assert three.table["component"].to_list()[:4] == ["gap", "endowments", "coefficients", "interaction"]
    lonely = paygap.factor_weighted_gap_table(people, "wage", "migrant", ["school"], survey)
    assert lonely.table["value"].is_between(-1, 1).all()


BOTH = np.array([False, True])


@pytest.mark.parametrize(
    "broken",
    [
        lambda: paygap.raw_gap([1.0, 2.0], np.array([0, 1])),
        lambda: paygap.raw_gap([1.0, 2.0], np.array([True, True])),
        lambda: paygap.raw_gap([1.0, np.nan], BOTH),
        lambda: paygap.raw_gap([-1.0, 2.0], BOTH),
        lambda: paygap.raw_gap([1.0, 2.0], BOTH, paygap.Sampling(weights=np.array([1.0, -1.0]))),
        lambda: paygap.raw_gap([1.0, 2.0], BOTH, paygap.Sampling(weights=np.array([1.0]))),
        lambda: paygap.raw_gap([1.0, 2.0], BOTH, paygap.Sampling(replicates=np.ones((2, 3)))),
        lambda: paygap.raw_gap(
            [1.0, 2.0], BOTH, paygap.Sampling(replicates=np.ones((3, 2)), factors=np.ones(2))
        ),
        lambda: paygap.factor_weighted_gap([1.0, 2.0], BOTH, ["a", "b"]),
        lambda: paygap.two_fold(*draw(1)[:2], np.ones((120, 2)), ["a", "b"]),
        lambda: paygap.two_fold(*draw(1), ["a", "b"]),
        lambda: paygap.two_fold(*draw(1), NAMES, "average"),  # type: ignore[arg-type]
        lambda: paygap.two_fold(*draw(1)[:2], draw(1)[2][:, 1:], ["skill", "sex"]),
        lambda: paygap.quantile_decomposition(*draw(1), NAMES, 1.5),
        lambda: paygap.decomposition_table(PEOPLE, "wage", "migrant", [], {"school": "none"}),
        lambda: paygap.decomposition_table(PEOPLE, "wage", "migrant", ["shoe"], {}),
        lambda: paygap.decomposition_table(PEOPLE, "wage", "age", [], {}),
        lambda: paygap.decomposition_table(PEOPLE, "wage", "migrant", [], {}, folds=4),
        lambda: paygap.raw_gap_table(PEOPLE, "wage", "migrant", statistic="mode"),
    ],
)
def test_what_cannot_be_computed(broken) -> None:
    with pytest.raises(UsageError):
        broken()
