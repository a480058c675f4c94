"""Regressions and tests of independence through the public functions, against R's tables and rows of our own."""

from __future__ import annotations

import gzip

import numpy as np
import polars as pl
import pytest

from sojourn.errors import UsageError
from sojourn.methods.survey import Design, cube, estimate, independence, regress

SDR = Design.sdr("PWGTP", "PWGTP1..80")
TAYLOR = Design.taylor("PWGTP", "ST", "SERIALNO", lonely="adjust")
DESIGNS = {"SDR": SDR, "TAYLOR": TAYLOR}


@pytest.fixture(scope="module")
def people(shared):
    path = shared / "data/microdata/acs2011_person_sample.csv.gz"
    acs = pl.read_csv(gzip.decompress(path.read_bytes()), infer_schema_length=None, null_values=["NA", ""])
    return acs.with_columns(
        nat=pl.when(pl.col("NATIVITY") == 2).then(pl.lit("foreign")).otherwise(pl.lit("native")),
        sx=pl.when(pl.col("SEX") == 1).then(pl.lit("M")).otherwise(pl.lit("F")),
        emp=pl.col("ESR").is_in([1, 2, 4, 5]).fill_null(False).cast(pl.Int8),
        ba=(pl.col("SCHL") >= 21).fill_null(False).cast(pl.Int8),
        logwage=pl.when(pl.col("WAGP") > 0).then((pl.col("WAGP") * pl.col("ADJINC") / 1e6).log()),
    )


@pytest.fixture(scope="module")
def tables(shared):
    return pl.read_csv(shared / "reference/survey/reference_survey4.5.csv", null_values=["NA"])


def of(tables, name):
    return tables.filter(pl.col("table") == name)


COVARIATES = {"nat": "nat", "sx": "sx", "age": "AGEP", "square": "AGEP * AGEP / 100"}


@pytest.mark.parametrize("name", DESIGNS)
def test_logistic_regression_of_the_reference(people, tables, name):
    found = regress(
        people,
        DESIGNS[name],
        "emp",
        COVARIATES,
        family="binomial",
        where="AGEP >= 25 and AGEP < 65",
        reference={"nat": "native", "sx": "M"},
        solution="scoring",
    )
    expected = of(tables, f"{name}.glm_logit")
    np.testing.assert_allclose(found["estimate"], expected["estimate"], rtol=1e-9)
    np.testing.assert_allclose(found["se"], expected["se"], rtol=1e-8)


@pytest.mark.parametrize("name", DESIGNS)
def test_linear_regression_of_the_reference(people, tables, name):
    covariates = COVARIATES | {"ba": "ba"}
    first = {"nat": "native", "sx": "M"}
    found = regress(people, DESIGNS[name], "logwage", covariates, reference=first)
    expected = of(tables, f"{name}.glm_gauss")
    np.testing.assert_allclose(found["estimate"], expected["estimate"], rtol=1e-9)
    np.testing.assert_allclose(found["se"], expected["se"], rtol=1e-8)
    assert found["n"][0] == people["logwage"].count()


@pytest.mark.parametrize("name", DESIGNS)
def test_independence_of_the_reference(people, tables, name):
    found = independence(people, DESIGNS[name], "nat", "ba", where="AGEP >= 25")
    f, p = of(tables, f"{name}.chisq_F").rows(named=True)[0], found["p_value"][0]
    assert found["f"][0] == pytest.approx(f["estimate"], rel=1e-9)
    assert 0 < p < 1


def test_a_regression_on_a_category_is_its_means(people):
    found = regress(people, SDR, "AGEP", "nat", reference={"nat": "native"})
    gap = estimate(people, SDR, "gap(mean(AGEP), nat)")  # foreign less native
    assert found["estimate"][1] == pytest.approx(gap["estimate"][0], rel=1e-9)
    assert found["se"][1] == pytest.approx(gap["se"][0], rel=1e-9)
    assert found["term"].to_list() == ["(intercept)", "nat=foreign"]


def test_models_need_a_design_and_known_categories(people):
    with pytest.raises(UsageError, match="needs a design"):
        regress(people, Design.weights_only("PWGTP"), "AGEP", "nat")
    with pytest.raises(UsageError, match="needs a design"):
        independence(people, Design.weights_only("PWGTP"), "nat", "ba")
    with pytest.raises(UsageError, match="no category 'Native'"):
        regress(people, SDR, "AGEP", "nat", reference={"nat": "Native"})


def test_columns_that_differ_in_capitals_are_told_apart():
    rows = pl.DataFrame({"CIT": [1, 1, 5, 5, 4], "y": [1, 2, 3, 4, 5], "w": [1, 1, 1, 1, 2]})
    rows = rows.with_columns(cit=pl.when(pl.col("CIT") == 5).then(pl.lit("non")).otherwise(pl.lit("citizen")))
    only = Design.weights_only("w")
    found = estimate(rows, only, "mean(y)", by="cit", where="cit = 'non' or CIT = 4")
    assert found.select("cit", "estimate").rows() == [("citizen", 5.0), ("non", 3.5)]
    with pytest.raises(UsageError, match="capitals"):
        estimate(rows, only, "mean(y)", by=["cit", "CIT"])


def test_a_contrast_over_the_only_domain():
    rows = pl.DataFrame({"k": ["a", "a", "b", "b"], "y": [1, 3, 4, 8], "w": [1] * 4, "w1": [2, 0, 1, 1]})
    found = cube(rows, Design.brr("w", ["w1"], df=1), "k", "y").contrast("mean(y)", "k", {"a": -1, "b": 1})
    assert found["estimate"].to_list() == [4.0]


def test_quantiles_of_grouped_jackknives_take_their_error_from_the_share(people):
    groups = Design.jackknife("PWGTP", "PWGTP1..80", delete_one=False)
    plain, woodruff = (estimate(people, groups, "median(AGEP)", **o) for o in ({}, {"interval": "woodruff"}))
    assert plain.equals(woodruff)
    with pytest.raises(UsageError, match="jackknife"):
        estimate(people, groups, "gap(median(AGEP), nat)")
