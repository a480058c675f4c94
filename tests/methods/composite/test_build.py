"""The whole engine on small tables: properties that hold whatever the data, and what it refuses."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sojourn.errors import UsageError
from sojourn.methods.composite import (
    Aggregate,
    Alternatives,
    Choices,
    Framework,
    Indicator,
    Normalisation,
    build,
)

INDICATORS = (
    Indicator("a", "first", weight=2.0),
    Indicator("b", "first"),
    Indicator("c", "second", direction=-1),
    Indicator("d", "second"),
)
AGGREGATES = (Aggregate("first", "all"), Aggregate("second", "all", weight=3.0), Aggregate("all"))


def framework(draws: int = 50, **choices: object) -> Framework:
    return Framework(INDICATORS, AGGREGATES, Choices(**choices), draws=draws)


def table(seed: int, height: int = 12) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    columns = {name: rng.gamma(3.0, 2.0, height) for name in "abcd"}
    return pl.DataFrame({"area": [f"A{i:02}" for i in range(height)], **columns})


@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_the_order_of_the_rows_means_nothing(seed, random):
    data = table(seed)
    order = list(range(data.height))
    random.shuffle(order)
    ours, theirs = (build(framework(), one).index for one in (data, data[order]))
    # Sums over areas run in another order, so the last bits may differ, and with them the drawn ties.
    assert ours["area"].to_list() == theirs["area"].to_list()
    assert ours["rank"].to_list() == theirs["rank"].to_list()
    assert np.allclose(ours["index"], theirs["index"])


@given(st.integers(0, 10_000), st.sampled_from("abcd"), st.floats(0.01, 100))
@settings(max_examples=25, deadline=None)
def test_the_unit_of_an_indicator_means_nothing(seed, name, factor):
    data = table(seed)
    ours, theirs = (build(framework(), one).index for one in (data, data.with_columns(pl.col(name) * factor)))
    assert ours["area"].to_list() == theirs["area"].to_list()
    assert np.allclose(ours["index"], theirs["index"])


@given(st.integers(0, 10_000), st.sampled_from(["arithmetic", "geometric", "harmonic", "quadratic"]))
@settings(max_examples=25, deadline=None)
def test_who_is_best_in_everything_is_first(seed, how):
    data = table(seed)
    best = pl.DataFrame({"area": ["BEST"], "a": [1e3], "b": [1e3], "c": [0.0], "d": [1e3]})
    choices = {"aggregate": how, "normalise": Normalisation("min_max", lower=1, upper=100)}
    found = build(framework(**choices), pl.concat([data, best])).index
    assert found.row(0, named=True)["area"] == "BEST"
    assert found["rank_lower"][0] == found["rank_upper"][0] == 1


@pytest.mark.parametrize("weights", ["stated", "equal", "principal_component", "equal_importance"])
@pytest.mark.parametrize("how", ["arithmetic", "copeland", ("copeland", "arithmetic")])
def test_effective_weights_of_a_level_sum_to_one(weights, how):
    found = build(framework(weights=weights, aggregate=how), table(3)).effective_weights
    sums = found.group_by("level").agg(pl.col("effective_weight").sum()).sort("level")
    assert sums["effective_weight"].to_list() == pytest.approx([1, 1, 1])


def test_effective_weights_by_hand():
    found = dict(build(framework(), table(3)).effective_weights.select("code", "effective_weight").rows())
    expected = {"a": 1 / 6, "b": 1 / 12, "c": 3 / 8, "d": 3 / 8, "first": 1 / 4, "second": 3 / 4, "all": 1}
    assert found == pytest.approx(expected)


def test_screened_areas_are_listed_and_gaps_shared():
    data = table(3).with_columns(pl.when(pl.col("area") == "A03").then(None).otherwise("b").alias("b"))
    gap = build(framework(availability=0.75), data)
    assert gap.left_out.is_empty()
    assert gap.imputed.is_empty()
    strict = build(framework(availability=0.8), data)
    assert strict.left_out.rows() == [("A03", 0.75)]
    assert "A03" not in set(strict.index["area"])
    filled = build(framework(impute="mean"), data).imputed
    assert filled.rows() == [("A03", "b", pytest.approx(data["b"].mean()))]


def test_an_area_without_any_value_has_no_rank_and_no_stability():
    data = table(3).with_columns(
        pl.when(pl.col("area") == "A03").then(None).otherwise(name).alias(name) for name in "abcd"
    )
    found = build(framework(), data)
    last = found.index.row(-1, named=True)
    assert (last["area"], last["rank"], last["rank_lower"], last["index"]) == ("A03", None, None, None)
    ranks = found.uncertainty(20, np.random.default_rng(1)).ranks
    assert ranks.filter(area="A03")["same_rank"].item() is None


def test_without_alternatives_no_rank_moves():
    fixed = Alternatives((), (), (), (), weight_noise=0.0)
    found = build(Framework(INDICATORS, AGGREGATES, alternatives=fixed, draws=20), table(5))
    assert (found.index["rank_lower"] == found.index["rank_upper"]).all()
    assert found.sensitivity(16)["total"].null_count() == 6


def test_only_the_choice_that_varies_has_a_sobol_index():
    weights_alone = Alternatives((), (), (), (), weight_noise=0.5)
    found = build(Framework(INDICATORS, AGGREGATES, alternatives=weights_alone, draws=20), table(5))
    total = dict(found.sensitivity(128).select("factor", "total").rows())
    assert [total[name] for name in ("imputation", "treatment", "normalisation", "aggregation")] == [0] * 4
    assert total["weights"] == pytest.approx(1, abs=0.2)


def test_the_parts_of_a_component_are_described():
    found = build(framework(), table(3))
    assert found.reliability()["members"].to_list() == [2, 2, 2]
    assert found.correlations().height == 21
    assert found.principal_components("first").variance.sum() == pytest.approx(2)
    with pytest.raises(UsageError, match="No component"):
        found.principal_components("third")
    with pytest.raises(UsageError, match="at least 1"):
        found.uncertainty(0, np.random.default_rng(1))


@pytest.mark.parametrize("name", ["index", "rank", "rank_lower", "rank_upper", "area"])
def test_no_part_may_be_called_like_a_column_of_the_result(name):
    # Such a component would be dropped from the table, or would overwrite the ranks.
    with pytest.raises(UsageError, match="column of every result"):
        Framework((Indicator("a", name),), (Aggregate(name, "all"), Aggregate("all")))
    with pytest.raises(UsageError, match="column of every result"):
        Framework((Indicator(name, "all"),), (Aggregate("all"),))


def test_the_index_may_be_called_index():
    of_two = Framework((Indicator("a", "index"), Indicator("b", "index")), (Aggregate("index"),), draws=5)
    assert build(of_two, table(1)).index.columns == ["area", "rank", "rank_lower", "rank_upper", "index"]


@pytest.mark.parametrize(
    ("indicators", "aggregates", "what"),
    [
        ((Indicator("a", "x"), Indicator("a", "x")), (Aggregate("x"),), "twice"),
        ((Indicator("a", "x"),), (Aggregate("x"), Aggregate("y")), "2 aggregates without parent"),
        ((Indicator("a", "z"),), (Aggregate("x"),), "no aggregate"),
        ((Indicator("a", "x"),), (Aggregate("x"), Aggregate("y", "x")), "without children"),
        (
            (Indicator("a", "x"),),
            (Aggregate("x"), Aggregate("y", "z"), Aggregate("z", "y")),
            "contain each other",
        ),
        ((Indicator("a", "x", weight=0.0),), (Aggregate("x"),), "weight"),
        ((Indicator("a", "x", weight=float("nan")),), (Aggregate("x"),), "weight"),
        ((Indicator("a", "x", weight=float("inf")),), (Aggregate("x"),), "weight"),
        ((Indicator("a", "x", direction=0),), (Aggregate("x"),), "direction"),
        ((Indicator("a", "x", goalposts=(5.0, 1.0)),), (Aggregate("x"),), "goalposts"),
    ],
)
def test_a_broken_framework_is_refused(indicators, aggregates, what):
    with pytest.raises(UsageError, match=what):
        Framework(indicators, aggregates)


def test_a_broken_choice_is_refused():
    for bad in (
        {"impute": "guess"},
        {"treat": "cut"},
        {"weights": "mine"},
        {"aggregate": "sum"},
        {"impute": "group_mean"},
        {"availability": 1.5},
    ):
        with pytest.raises(UsageError):
            Choices(**bad)
    for bad in ({"impute": ("guess",)}, {"treat": ("cut",)}, {"aggregate": ("sum",)}, {"weight_noise": 1.0}):
        with pytest.raises(UsageError):
            Alternatives(**bad)
    with pytest.raises(UsageError, match="2 levels"):
        build(framework(aggregate=("arithmetic",) * 3), table(1))


def test_broken_data_are_refused_by_name():
    data = table(1)
    with pytest.raises(UsageError, match="no column d"):
        build(framework(), data.drop("d"))
    with pytest.raises(UsageError, match="stand once; twice: A00"):
        build(framework(), pl.concat([data, data[:1]]))
    with pytest.raises(UsageError, match="'b' is String"):
        build(framework(), data.with_columns(pl.col("b").cast(pl.String)))
    with pytest.raises(UsageError, match="infinite"):
        build(framework(), data.with_columns(b=pl.lit(float("inf"))))
    with pytest.raises(UsageError, match="b: All areas have the same value"):
        build(framework(), data.with_columns(b=pl.lit(1.0)))
    with pytest.raises(UsageError, match="No area has 100%"):
        build(framework(availability=1.0), data.with_columns(b=pl.lit(None, pl.Float64)))


def test_goalposts_alone_may_move_the_ranks():
    """Under a geometric mean X beats Y on the wide goalposts, sqrt(.3 .3) > sqrt(.9 .05), and on others not.

    Moved outwards by half their range, 0 to 1 becomes -1/2 to 3/2: X .4 x .4 = .16, Y .7 x .275 = .1925.
    """
    indicators = tuple(Indicator(code, "index", goalposts=(0.0, 1.0)) for code in "ab")
    alone = Alternatives((), (), (), (), goalposts=(0.0, -0.5), weight_noise=0.0)
    of_two = Framework(
        indicators,
        (Aggregate("index"),),
        Choices(treat="none", normalise=Normalisation("goalposts"), aggregate="geometric"),
        alone,
    )
    data = pl.DataFrame({"area": ["X", "Y"], "a": [0.3, 0.9], "b": [0.3, 0.05]})
    found = build(of_two, data)
    assert found.index.select("area", "rank", "rank_lower", "rank_upper").rows() == [
        ("X", 1, 1, 2),
        ("Y", 2, 1, 2),
    ]
    moves = dict(found.sensitivity(256).select("factor", "total").rows())
    assert moves["goalposts"] == pytest.approx(1, abs=0.1)
    assert moves["weights"] == 0


def test_goalposts_that_would_meet_are_refused():
    with pytest.raises(UsageError, match="meet"):
        Alternatives(goalposts=(0.5,))
