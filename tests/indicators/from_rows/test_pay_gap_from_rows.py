"""The pay gap from a survey's rows: what R printed on the same file, errors by the declared design, few cases."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from sojourn.indicators.pay_gap_from_rows import INDICATOR, PayGapParameters
from sojourn.methods.survey import Design, estimate, gap, mean
from sojourn.observations import parse_breakdown
from sojourn.sources.microdata.build import microdata

MAPPING = """
title = "test"
area = "AUT"
years = [2020, 2020]
[design]
{design}
[concepts.nativity]
column = "nat"
codes = {{ native = [0], foreign = [1] }}
[concepts.sex]
column = "sex"
codes = {{ male = [1], female = [2] }}
[concepts.age]
column = "age"
[concepts.education]
column = "edu"
codes = {{ 3 = [3], 6 = [6] }}
unknown = [9]
[concepts.{pay}]
column = "pay"
"""


def people(n: int = 400, seed: int = 1) -> pl.DataFrame:
    rng = np.random.default_rng(seed)
    nat, sex, edu = rng.integers(0, 2, n), rng.integers(1, 3, n), rng.choice([3, 6], n)
    pay = np.exp(2 + 0.3 * (edu == 6) - 0.2 * nat - 0.1 * (sex == 2) + rng.normal(0, 0.3, n)).round(6)
    frame = pl.DataFrame({"nat": nat, "sex": sex, "edu": edu, "pay": pay, "age": rng.integers(20, 60, n)})
    factors = rng.choice([0.5, 1.5], (n, 8))
    weights = {f"r{r + 1}": 10 * factors[:, r] for r in range(8)}
    return frame.with_columns(
        w=pl.lit(10.0), h=pl.Series(np.arange(n) % 5), c=pl.Series(np.arange(n) // 4),
        **{name: pl.Series(column) for name, column in weights.items()},
    )  # fmt: skip


def part(frame: pl.DataFrame, **codes: str) -> dict:
    """The one observation whose breakdown is of exactly these codes, or of them and who is compared."""
    wanted = {"COMPARED": "FOREIGN_NATIVE", **codes}
    found = [row for row in frame.iter_rows(named=True) if parse_breakdown(row["breakdown"]) == wanted]
    assert len(found) == 1, wanted
    return found[0]


def test_real_wages_through_a_mapping(shared, observed, tmp_path) -> None:
    file = shared / "data" / "wage_gap" / "chicago_cps_org_2013.csv"
    if not file.exists():
        pytest.skip(f"{file} is absent: the pay gap is NOT checked on real wages")
    survey = microdata([file], "cps_org_2013", cache=tmp_path)
    chosen = PayGapParameters(numbers=("age",), factors=("sex", "education"), youngest=0, oldest=120)
    found = observed(INDICATOR, survey, parameters=chosen)
    raw, weighted = (found.filter(series=f"SJ_PAY_GAP_{name}") for name in ("RAW", "WEIGHTED"))
    # R oaxaca 0.1.5 on the same rows
    assert part(raw, STATISTIC="MEAN")["value"] == pytest.approx(17.15, abs=0.005)
    assert part(raw, STATISTIC="MEDIAN")["value"] == pytest.approx(16.80, abs=0.005)
    assert weighted["value"].item() == pytest.approx(1.94, abs=0.005)
    parts = found.filter(series="SJ_PAY_GAP_PARTS")
    expected = {
        "GAP": 0.1433657,
        "ENDOWMENTS": 0.07694359,
        "COEFFICIENTS": 0.12222967,
        "INTERACTION": -0.05580754,
    }
    for name, value in expected.items():
        assert part(parts, AT="MEAN", FOLDS="THREE", PART=name)["value"] == pytest.approx(value, abs=5e-8)
    two = {"EXPLAINED": 0.02113605, "UNEXPLAINED": 0.12222967}
    for name, value in two.items():
        assert part(parts, AT="MEAN", FOLDS="TWO", PART=name)["value"] == pytest.approx(value, abs=5e-8)
    # The file declares no weights: its persons are no population, and no error is made up.
    assert set(found["status"]) == {"U"}
    assert found["se"].null_count() == found.height
    assert found["note"].str.contains("no error is known").all()
    assert found.filter(pl.col("breakdown").str.contains("P50"))["note"].str.contains("bandwidths").all()


def test_the_error_of_the_raw_gap_is_that_of_the_cube(opened, observed) -> None:
    frame = people()
    for center in ("estimate", "mean"):
        design = f'kind = "sdr"\nweight = "w"\nreplicates = "r{{1..8}}"\ncentre = "{center}"'.replace(
            "{{", "{"
        ).replace("}}", "}")
        survey = opened(frame, MAPPING.format(design=design, pay="hourly_earnings"))
        found = observed(INDICATOR, survey)
        row = part(found.filter(series="SJ_PAY_GAP_RAW"), STATISTIC="MEAN")
        ratio = estimate(
            frame,
            Design.sdr("w", "r1..8", center=center),  # type: ignore[arg-type]
            gap(mean("pay"), "nat", compare="ratio", levels=(1, 0)),
        )
        assert row["value"] == pytest.approx(100 * (1 - ratio["estimate"].item()))
        assert row["se"] == pytest.approx(100 * ratio["se"].item())
        assert row["level"] == 0.95


def test_linearised_errors_follow_strata_and_clusters(opened, observed) -> None:
    frame = people()
    design = 'kind = "taylor"\nweight = "w"\nstrata = ["h"]\nclusters = ["c"]'
    frame = frame.with_columns(h=pl.col("c") % 4)
    survey = opened(frame, MAPPING.format(design=design, pay="hourly_earnings"))
    row = part(observed(INDICATOR, survey).filter(series="SJ_PAY_GAP_RAW"), STATISTIC="MEAN")
    ratio = estimate(
        frame, Design.taylor("w", "h", "c"), gap(mean("pay"), "nat", compare="ratio", levels=(1, 0))
    )
    assert row["se"] == pytest.approx(100 * ratio["se"].item(), rel=1e-8)
    assert "taylor" in row["method"]


def test_parts_add_up_and_say_their_reference(opened, observed) -> None:
    design = 'kind = "sdr"\nweight = "w"\nreplicates = "r{1..8}"'
    survey = opened(people(), MAPPING.format(design=design, pay="hourly_earnings"))
    parts = observed(INDICATOR, survey).filter(series="SJ_PAY_GAP_PARTS")
    for at in ("MEAN", "P10", "P50", "P90"):
        gap_, explained, rest = (
            part(parts, AT=at, FOLDS="TWO", PART=name)["value"]
            for name in ("GAP", "EXPLAINED", "UNEXPLAINED")
        )
        assert gap_ == pytest.approx(explained + rest)
        by_variable = [
            part(parts, AT=at, FOLDS="TWO", PART="EXPLAINED", VARIABLE=name)["value"]
            for name in ("AGE", "AGE_SQUARED", "SEX", "EDUCATION")
        ]
        assert sum(by_variable) == pytest.approx(explained)
    assert (
        parts.filter(pl.col("breakdown").str.contains("FOLDS=TWO"))["method"]
        .str.contains("reference native")
        .all()
    )
    assert parts["se"].null_count() == 0


def test_pay_without_hours_is_possible_with_less(opened, observed) -> None:
    survey = opened(people(), MAPPING.format(design='kind = "weights"\nweight = "w"', pay="annual_earnings"))
    found = observed(INDICATOR, survey)
    assert found.height > 0
    assert found["note"].str.contains("possible with less").all()
    assert found["note"].str.contains("no error is known").all()
    assert found["se"].null_count() == found.height


def test_few_cases_are_withheld(opened, observed) -> None:
    frame = people(400).with_columns(nat=(pl.int_range(pl.len()) < 20).cast(pl.Int64))
    survey = opened(frame, MAPPING.format(design='kind = "weights"\nweight = "w"', pay="hourly_earnings"))
    found = observed(INDICATOR, survey)
    assert found["status"].to_list() == ["Q"]
    assert found.select(pl.all_horizontal(pl.col("value", "se", "n").is_null())).item()


def test_unknown_answers_are_left_out_and_counted(opened, observed) -> None:
    frame = people().with_columns(edu=pl.when(pl.int_range(pl.len()) < 7).then(9).otherwise("edu"))
    survey = opened(frame, MAPPING.format(design='kind = "weights"\nweight = "w"', pay="hourly_earnings"))
    found = observed(INDICATOR, survey).filter(series="SJ_PAY_GAP_WEIGHTED")
    assert "7 wage earners with unknown answers are left out" in found["note"].item()


def test_the_simulated_country_by_nativity_and_citizenship(simulated, observed) -> None:
    found = observed(INDICATOR, simulated)
    assert set(found["area"]) == {"XSJ"}
    assert found["note"].str.contains("simulated").all()
    assert found["source"].str.contains("simulated").all()
    assert {parse_breakdown(text)["COMPARED"] for text in found["breakdown"]} == {
        "FOREIGN_NATIVE",
        "FOREIGNER_CITIZEN",
    }
    unexplained = part(found.filter(series="SJ_PAY_GAP_PARTS"), AT="MEAN", FOLDS="TWO", PART="UNEXPLAINED")
    # The country takes 0.15 exp(-stay / 12) log points off migrants' pay: well above 0, below 0.15.
    assert unexplained["lower"] > 0
    assert unexplained["upper"] < 0.15


def test_without_pay_there_is_no_number(opened, observed) -> None:
    text = MAPPING.format(design='kind = "weights"\nweight = "w"', pay="hourly_earnings")
    survey = opened(people(), text[: text.index("[concepts.hourly")])
    assert observed(INDICATOR, survey).height == 0
