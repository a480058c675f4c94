"""Decent work: every aspect has a series or a reason, and the cited figures come out as published."""

from __future__ import annotations

import polars as pl
import pytest

from sojourn import discovery
from sojourn.errors import ContractError
from sojourn.indicators import decent_work
from sojourn.indicators.model import Parameters, Tables
from sojourn.observations import complete, validate
from sojourn.release.contract import check_declared
from sojourn.sources.packaged import published_figures


@pytest.fixture(scope="module")
def found() -> pl.DataFrame:
    ((_, reading),) = published_figures.read()
    table = reading.table.with_columns(pl.lit("published_figures@1").alias("source"))
    (frame,) = decent_work.compute(Tables({"published_values": table}), Parameters())
    return validate(complete(frame))


def test_the_seven_aspects_of_the_ilo() -> None:
    assert [one.code for one in decent_work.aspects()] == [
        "standards",
        "employment",
        "wages_and_conditions",
        "social_security",
        "skills_recognition",
        "recruitment_cost",
        "social_dialogue",
    ]


@pytest.mark.parametrize("aspect", decent_work.aspects(), ids=lambda aspect: aspect.code)
def test_an_aspect_names_series_that_exist_or_a_reason(aspect: decent_work.Aspect) -> None:
    assert set(aspect.series) <= set(discovery.series())
    if aspect.series:
        assert aspect.says
        assert aspect.limits
    else:
        assert aspect.no_data_because
        assert aspect.source


@pytest.mark.parametrize("parts", [{}, {"series": ("SJ_PAY_GAP",), "no_data_because": "none"}])
def test_an_aspect_with_neither_or_both_is_refused(parts: dict) -> None:
    with pytest.raises(ContractError, match="needs series, or a reason"):
        decent_work.Aspect("x", "X", **parts)


@pytest.mark.parametrize(
    ("year", "citizenship", "value"),
    # Eurostat, European Union, ages 20 to 64.
    [
        ("2023", "NATIONAL", 20.8),
        ("2023", "OTHER_EU", 31.3),
        ("2023", "NON_EU", 39.4),
        ("2024", "OTHER_EU", 30.3),
        ("2024", "NON_EU", 39.6),
    ],
)
def test_over_qualification_by_citizenship(found, year, citizenship, value) -> None:
    rows = found.filter(series="SJ_OVERQUALIFICATION", area="WB_EUU", period=year)
    assert rows.filter(breakdown=f"CITIZENSHIP={citizenship}")["value"].item() == value


def test_pay_gaps(found) -> None:
    # ILO, December 2020: migrants in high-income countries earn nearly 13 per cent less, in the rest 17.3 more.
    gaps = dict(found.filter(series="SJ_PAY_GAP").select("area", "value").rows())
    assert gaps == {
        "AUT": 25, "CYP": 42, "FIN": 11, "IRL": 21, "ITA": 30, "PRT": 29, "SVN": 33,
        "WB_EUU": 9, "WB_HIC": 13, "WB_LMY": -17.3,
    }  # fmt: skip


def test_what_is_given_is_declared_and_cited(found) -> None:
    check_declared(found, {one.code: one for one in decent_work.INDICATOR.series})
    assert found["note"].str.contains("Eurostat|ILO").all()


def test_no_figures_give_no_rows() -> None:
    assert decent_work.compute(Tables({}), Parameters()) == []
