"""IASC criteria from a survey: differences as the cube gives them, verdicts by hand, choices, few cases."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from pydantic import ValidationError

from sojourn.indicators.idp_criteria import INDICATOR, Criterion, IdpParameters
from sojourn.methods.survey import Design, estimate, gap, mean

MAPPING = """
title = "test"
area = "COL"
years = [2021, 2021]
[design]
{design}
[concepts.displaced]
column = "idp"
codes = {{ never = [0], displaced = [1], solved = [2] }}
[concepts.safe]
column = "safe"
codes = {{ yes = [1], no = [0] }}
unknown = [9]
[concepts.employment]
column = "work"
codes = {{ employed = [1], outside = [0] }}
[concepts.age]
column = "age"
[concepts.poverty_ratio]
column = "income"
"""
TAYLOR = 'kind = "taylor"\nweight = "w"\nclusters = ["c"]'


def households(n: int = 1200, seed: int = 3, safe: float = 0.9) -> pl.DataFrame:
    """Clusters hold displaced people and others, so that the two shares covary."""
    rng = np.random.default_rng(seed)
    cluster = np.arange(n) // 10
    mood = rng.normal(0, 0.15, n)[cluster]
    idp = (rng.random(n) < 0.35).astype(int) + 2 * (rng.random(n) < 0.02)
    level = np.where(idp == 1, safe - 0.2, safe)
    return pl.DataFrame(
        {
            "idp": np.minimum(idp, 2),
            "safe": (rng.random(n) < level + mood).astype(int),
            "work": (rng.random(n) < 0.7).astype(int),
            "age": rng.integers(10, 80, n),
            "income": rng.integers(50, 200, n),
            "w": rng.integers(5, 20, n),
            "c": cluster,
        }
    )


def of(frame: pl.DataFrame, series: str, breakdown: str) -> dict:
    return frame.filter(pl.col("series") == series, pl.col("breakdown") == breakdown).row(0, named=True)


def test_differences_have_the_error_of_the_design_with_covariance(opened, observed) -> None:
    rows = households()
    found = observed(INDICATOR, opened(rows, MAPPING.format(design=TAYLOR)))
    design = Design.taylor("w", clusters="c")
    for criterion, column, sign in (("SAFETY", "safe", 1), ("LIVING", "poor", -1)):
        coded = rows.with_columns(poor=(pl.col("income") < 100).cast(pl.Int8))
        expected = estimate(coded, design, gap(mean(column), "idp", levels=(1, 0)))
        row = of(found, "SJ_IDP_DIFFERENCE", f"BENCHMARK=NEVER;CRITERION={criterion}")
        assert row["value"] == pytest.approx(sign * 100 * expected["estimate"].item())
        assert row["se"] == pytest.approx(100 * expected["se"].item(), rel=1e-8)
    shares = [
        of(found, "SJ_IDP_CRITERION", f"CRITERION=SAFETY;POPULATION={who}") for who in ("DISPLACED", "NEVER")
    ]
    safety = of(found, "SJ_IDP_DIFFERENCE", "BENCHMARK=NEVER;CRITERION=SAFETY")
    assert safety["value"] == pytest.approx(shares[0]["value"] - shares[1]["value"])
    # Clusters shared by both make the difference more certain, or less, than two independent shares.
    assert safety["se"] != pytest.approx(np.hypot(shares[0]["se"], shares[1]["se"]), rel=1e-3)


def test_verdicts(opened, observed) -> None:
    found = observed(INDICATOR, opened(households(), MAPPING.format(design=TAYLOR)))
    safety = of(found, "SJ_IDP_DIFFERENCE", "BENCHMARK=NEVER;CRITERION=SAFETY")
    assert safety["upper"] < 0
    assert safety["note"].startswith("gap (margin 5 points)")
    work = of(found, "SJ_IDP_DIFFERENCE", "BENCHMARK=NEVER;CRITERION=LIVELIHOOD")
    verdict = "within margin" if work["lower"] >= -5 else "cannot tell"
    assert work["note"].startswith(verdict)
    count = found.filter(series="SJ_IDP_CRITERIA").row(0, named=True)
    within = found.filter(
        pl.col("series") == "SJ_IDP_DIFFERENCE", pl.col("note").str.starts_with("within margin")
    )
    assert count["value"] == within.height
    assert "all together: gap; measured: 3 of 8 criteria" in count["note"]


def test_margin_benchmark_and_criteria_are_choices(opened, observed) -> None:
    survey = opened(households(), MAPPING.format(design=TAYLOR))
    wide = IdpParameters(
        criteria=(Criterion(criterion="SAFETY", concept="safe", answers=("yes",), margin=60),),
        benchmark="all",
    )
    found = observed(INDICATOR, survey, parameters=wide)
    row = of(found, "SJ_IDP_DIFFERENCE", "BENCHMARK=ALL;CRITERION=SAFETY")
    assert row["note"].startswith("within margin (margin 60 points)")
    narrow = of(observed(INDICATOR, survey), "SJ_IDP_DIFFERENCE", "BENCHMARK=NEVER;CRITERION=SAFETY")
    # The displaced are part of everybody: the difference is smaller.
    assert narrow["value"] < row["value"] < 0
    twice = (Criterion(criterion="SAFETY", concept="safe", answers=("yes",)),) * 2
    with pytest.raises(ValidationError, match="each criterion at most once"):
        IdpParameters(criteria=twice)


def test_without_a_design_nothing_is_judged(opened, observed) -> None:
    found = observed(INDICATOR, opened(households(), MAPPING.format(design='kind = "weights"\nweight = "w"')))
    differences = found.filter(series="SJ_IDP_DIFFERENCE")
    assert differences["se"].null_count() == differences.height
    assert differences["note"].str.contains("not judged without an error").all()
    assert found.filter(series="SJ_IDP_CRITERIA").height == 0


def test_few_displaced_people_are_withheld(opened, observed) -> None:
    rows = households().filter((pl.col("idp") != 1) | (pl.int_range(pl.len()) < 60))
    found = observed(INDICATOR, opened(rows, MAPPING.format(design=TAYLOR)))
    assert set(found["status"]) == {"Q"}
    assert found["value"].null_count() == found.height


def test_unknown_answers_are_no_answers(opened, observed) -> None:
    rows = households().with_columns(safe=pl.when(pl.int_range(pl.len()) % 7 == 0).then(9).otherwise("safe"))
    found = observed(INDICATOR, opened(rows, MAPPING.format(design=TAYLOR)))
    row = of(found, "SJ_IDP_CRITERION", "CRITERION=SAFETY;POPULATION=DISPLACED")
    assert row["n"] == rows.filter(pl.col("idp") == 1, pl.col("safe") != 9).height


def test_surveys_that_do_not_ask_displacement_give_nothing(simulated, observed) -> None:
    assert observed(INDICATOR, simulated).height == 0
