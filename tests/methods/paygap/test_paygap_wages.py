"""Pay gaps on real wages: what R's oaxaca 0.1.5 printed on the same rows (CPS ORG 2013, metropolitan Chicago)."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from sojourn.methods.paygap import factor_weighted_gap, oaxaca, raw_gap

TERMS = ["(Intercept)", "age", "female", "LTHS", "some.college", "college", "advanced.degree"]


@pytest.fixture(scope="module")
def people(shared) -> pl.DataFrame:
    file = shared / "data" / "wage_gap" / "chicago_cps_org_2013.csv"
    if not file.exists():
        pytest.skip(f"{file} is absent: the pay gap is NOT checked on real wages")
    return pl.read_csv(file, null_values="NA").drop_nulls("ln.real.wage")


@pytest.fixture(scope="module")
def rows(people):
    x = people.with_columns(pl.lit(1.0).alias("(Intercept)")).select(TERMS).to_numpy()
    return people["ln.real.wage"].to_numpy(), people["foreign.born"].to_numpy() == 1, x


def test_the_three_fold_decomposition(rows) -> None:
    found = oaxaca.three_fold(*rows, TERMS)
    expected = {
        "gap": 0.1433657,
        "endowments": 0.07694359,
        "coefficients": 0.12222967,
        "interaction": -0.05580754,
    }
    for name, value in expected.items():
        assert found[name][0] == pytest.approx(value, abs=5e-8)
    detail = [
        found[f"{kind}:{name}"][0] for name in TERMS for kind in ("endowments", "coefficients", "interaction")
    ]
    # fmt: off
    assert detail == pytest.approx([
        0.00000000, -0.167994227, 0.000000000,
        -0.03706421, 0.319427085, -0.052080622,
        -0.01667487, -0.039354868, -0.008457869,
        0.04544444, -0.004597125, 0.003193002,
        0.03947192, -0.001866322, -0.003497776,
        0.01035304, 0.023877011, 0.013756722,
        0.03541327, -0.007261879, -0.008721002,
    ], abs=5e-9)
    # fmt: on


@pytest.mark.parametrize(
    ("reference", "explained", "unexplained", "native", "migrant"),
    [
        ("foreign", 0.07694359, 0.06642213, 6.642213e-02, 0.0),
        ("native", 0.02113605, 0.12222967, 0.0, 0.12222967),
        ("half", 0.04903982, 0.09432590, 3.321107e-02, 0.06111484),
        ("cotton", 0.05289440, 0.09047133, 3.779878e-02, 0.05267255),
        ("neumark", 0.06825666, 0.07510906, 4.274224e-02, 0.03236682),
        ("jann", 0.05001392, 0.09335181, 0.0, 0.09335181),
    ],
)
def test_the_two_fold_decomposition(rows, reference, explained, unexplained, native, migrant) -> None:
    found = oaxaca.two_fold(*rows, TERMS, reference)
    got = [
        found[name][0] for name in ("explained", "unexplained", "unexplained_native", "unexplained_migrant")
    ]
    assert got == pytest.approx([explained, unexplained, native, migrant], abs=5e-8)


def test_wages_on_their_own_scale(rows, people) -> None:
    y, foreign, x = rows
    wages = np.exp(y)
    found = oaxaca.three_fold(wages, foreign, x, TERMS)
    for name, value in {"gap": 3.015574, "endowments": 1.616534, "coefficients": 2.833326}.items():
        assert found[name][0] == pytest.approx(value, abs=5e-7)
    assert oaxaca.two_fold(wages, foreign, x, TERMS, "cotton")["explained"][0] == pytest.approx(
        0.9984559, abs=5e-8
    )
    mean, median = raw_gap(wages, foreign), raw_gap(wages, foreign, statistic="median")
    assert (mean["native"][0], mean["migrant"][0]) == pytest.approx((17.58282, 14.56725), abs=5e-6)
    assert round(100 * mean["gap"][0], 2) == 17.15
    assert round(100 * median["gap"][0], 2) == 16.80
    education = people.select("LTHS", "high.school", "some.college", "college", "advanced.degree", "female")
    groups = np.array(["".join(map(str, row)) for row in education.rows()])
    weighted = factor_weighted_gap(wages, foreign, groups)
    assert round(100 * weighted.estimates["gap"][0], 2) == 1.94
    assert weighted.dropped_share == 0
