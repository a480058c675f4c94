"""Every step against the reference run of COINr 1.1.14 on the ASEM data (outputs only; MIT)."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from sojourn.methods import composite
from sojourn.methods.composite import Alternatives, Choices, Framework, Normalisation
from sojourn.methods.composite.variants import FACTORS

CHOICES = Choices(
    availability=0.9,
    screen_first=False,
    impute="group_mean",
    group="EurAsia_group",
    treat="winsorise_then_log",
)


def framework_of(shared, choices=CHOICES) -> Framework:
    meta = pl.read_csv(shared / "data/composite_asem/ASEM_iMeta.csv", null_values="NA")
    table = meta.filter(pl.col("Type").is_in(["Indicator", "Aggregate"])).select(
        code="iCode",
        parent="Parent",
        kind=pl.col("Type").str.to_lowercase(),
        weight=pl.col("Weight").cast(pl.Float64),
        direction="Direction",
        denominator="Denominator",
        target="Target",
    )
    return Framework.of_table(table, choices, Alternatives(impute=("group_mean", "group_median")))


def data_of(shared) -> pl.DataFrame:
    path = shared / "data/composite_asem/ASEM_iData.csv"
    return pl.read_csv(path, null_values="NA", infer_schema_length=None).rename({"uCode": "area"})


def reference(shared, name: str) -> pl.DataFrame:
    path = shared / f"reference/composite/ref_{name}.csv"
    return pl.read_csv(path, null_values="NA", infer_schema_length=None).rename(
        {"uCode": "area"}, strict=False
    )


@pytest.fixture(scope="module")
def asem(shared):
    return composite.build(framework_of(shared), data_of(shared))


def largest_difference(ours: pl.DataFrame, theirs: pl.DataFrame) -> float:
    assert set(ours["area"]) == set(theirs["area"])
    columns = [name for name in theirs.columns if name != "area"]
    left, right = (
        one.sort("area").select(columns).cast(pl.Float64).fill_null(float("nan")).to_numpy()
        for one in (ours, theirs)
    )
    assert (np.isnan(left) == np.isnan(right)).all()
    return float(np.nanmax(np.abs(left - right)))


@pytest.mark.parametrize("step", ["denominated", "imputed", "treated", "normalised"])
def test_every_step_equals_the_reference(asem, shared, step):
    assert largest_difference(asem.steps[step], reference(shared, step.capitalize())) < 1e-9


def test_every_component_equals_the_reference(asem, shared):
    table = reference(shared, "Aggregated")
    ours = (
        asem.steps["normalised"]
        .join(asem.index.drop("index"), on="area")
        .join(asem.index.select("area", Index="index"), on="area", suffix="_again")
    )
    assert largest_difference(ours, table) < 1e-9


def test_switzerland_the_netherlands_and_denmark_lead(asem):
    # Published with the reference run: 68.38, 64.82, 64.80.
    best = asem.index.head(3).select("area", "rank", pl.col("index").round(2))
    assert best.rows() == [("CHE", 1, 68.38), ("NLD", 2, 64.82), ("DNK", 3, 64.8)]


def test_every_rank_equals_the_reference(asem, shared):
    theirs = reference(shared, "results").select("area", pl.col("Rank").cast(pl.Float64))
    both = asem.index.join(theirs, on="area")
    assert both.height == 51
    assert both["rank"].to_list() == both["Rank"].to_list()


def test_effective_weights_equal_the_reference(asem, shared):
    theirs = reference(shared, "eff_weights")
    both = asem.effective_weights.join(theirs, left_on="code", right_on="iCode")
    assert both.height == 60
    assert (both["effective_weight"] - both["EffWeight"]).abs().max() < 1e-9
    assert both["level"].to_list() == both["Level"].to_list()


@pytest.mark.parametrize(
    ("method", "name"), [("arithmetic", "amean"), ("geometric", "gmean"), ("harmonic", "hmean")]
)
def test_means_on_a_scale_from_1_to_100_equal_the_reference(shared, method, name):
    choices = Choices(
        screen_first=False,
        impute="group_mean",
        group="EurAsia_group",
        normalise=Normalisation("min_max", lower=1, upper=100),
        aggregate=method,
    )
    ours = composite.build(framework_of(shared, choices), data_of(shared)).index
    theirs = reference(shared, f"index_minmax1_100_a_{name}").rename({"Index": "index"})
    assert largest_difference(ours, theirs) < 1e-9


def test_an_index_is_never_without_components_and_rank_interval(asem):
    assert {"rank_lower", "rank_upper", "Conn", "Sust", "Physical"} <= set(asem.index.columns)
    ranked = asem.index
    assert (ranked["rank_lower"] <= ranked["rank_upper"]).all()
    assert (ranked["rank_upper"] > ranked["rank_lower"]).any()


def test_the_imputed_cells_are_listed(asem, shared):
    gaps = reference(shared, "Denominated").drop("area").null_count().sum_horizontal()[0]
    assert asem.imputed.height == gaps > 0


def test_the_same_generator_gives_the_same_ranks(asem):
    first, again = (asem.uncertainty(200, np.random.default_rng(3)) for _ in range(2))
    assert (first.drawn == again.drawn).all()
    assert asem.sensitivity(64).equals(asem.sensitivity(64))


def test_the_choices_explain_the_shift_of_ranks(asem):
    found = asem.sensitivity(512)
    assert found["factor"].to_list() == list(FACTORS)
    total = dict(found.select("factor", "total").rows())
    assert total.pop("goalposts") == 0, "no indicator here has goalposts"
    assert min(total.values()) > 0
    assert found["first_order"].sum() < 1.2
