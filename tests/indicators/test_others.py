"""The other indicators of a first release against published figures."""

from __future__ import annotations

import polars as pl
import pytest

from sojourn import observations
from sojourn.indicators import durable_solutions, human_mobility, remittances_received, trafficking
from sojourn.indicators.model import Parameters, Tables


def test_solutions_rate_of_2023(real):
    # (1,126,551 + 158,591 + 30,655) / 29,429,078 = 4.471 %: acceptance_checks.csv, own reference
    rate = real.observations(series="SJ_REFG_SOLUTIONS_RATE", area="001", period="2023")
    # one from the cited figures, one from UNHCR's rows
    assert rate["value"].to_list() == pytest.approx([4.471078, 4.471078], abs=1e-6)


def test_openness_of_the_world(real):
    # 0.21 + 0.7 x 0.14 + 0.5 x 0.18 = 0.398: methods text, section 6
    assert real.observations(series="SJ_ENTRY_OPENNESS")["value"].item() == pytest.approx(0.398)


def test_another_weight_gives_another_openness(real):
    values = pl.DataFrame(
        {
            "series": ["SJ_ENTRY"] * 4,
            "area": ["001"] * 4,
            "counterpart": [""] * 4,
            "period": ["2023"] * 4,
            "breakdown": [f"ENTRY={kind}" for kind in ("VISA_FREE", "ON_ARRIVAL", "E_VISA", "VISA_REQUIRED")],
            "value": [20.0, 10.0, 0.0, 70.0],
            "unit": ["PT"] * 4,
            "nature": ["G"] * 4,
            "note": [""] * 4,
            "source": ["s@1"] * 4,
        }
    )
    frames = human_mobility.compute(
        Tables({"published_values": values}), human_mobility.MobilityParameters(on_arrival=0.8)
    )
    assert frames[-1]["value"].item() == pytest.approx(0.28)
    assert "on_arrival 0.8" in frames[-1]["method"].item()
    # Three of four shares do not make an openness.
    parts = human_mobility.compute(
        Tables({"published_values": values.head(3)}), human_mobility.MobilityParameters()
    )
    assert {name for frame in parts for name in frame["series"]} == {"SJ_ENTRY"}


def test_trafficking_rate_divides_by_the_population_of_the_year(real):
    rate = real.observations(series="SJ_HTF_DETV_RATE", area="NOR", period="2020")
    rate = rate.filter(pl.col("source").str.starts_with("published_figures@"))
    victims = real.observations(series="VC_HTF_DETV", area="NOR", period="2020").filter(
        pl.col("source").str.starts_with("published_figures@")
    )
    assert victims["value"].item() == 254
    # Norway had 5.38 million inhabitants in mid-2020 (WPP 2024).
    assert rate["value"].item() == pytest.approx(254 / 5.38e6 * 1e5, rel=0.01)


@pytest.mark.parametrize(
    ("year", "published", "near"),
    # UNSD BX_TRF_PWKR, World. Vintages move in the third digit, and GDP of recent years has been revised upwards.
    [("2005", 0.5362, 0.01), ("2010", 0.63916, 0.01), ("2015", 0.75299, 0.01), ("2020", 0.78455, 0.03)],
)
def test_remittances_to_gdp_of_the_world(real, year, published, near):
    found = real.observations(series="BX_TRF_PWKR", area="001", period=year)
    computed = found.filter(observations.basis() == observations.COMPUTED)
    assert computed["value"].item() == pytest.approx(published, abs=near)
    assert computed["n"].item() > 150


def test_two_published_vintages_stand_beside_the_computed_ratio(real):
    # WDI of May 2023 prints 0.79058 % for the world in 2020.
    found = real.observations(series="BX_TRF_PWKR", area="001", period="2020")
    assert found.filter(source="wdi@2023-05-10")["value"].item() == pytest.approx(0.79058, abs=1e-5)


def test_remittances_beside_aid_and_investment_only_where_a_file_holds_them():
    row = {"area": "MEX", "period": "2023", "source": "wdi@2026-01-01"}
    codes = {"BX.TRF.PWKR.CD.DT": 60e9, "DT.ODA.ALLD.CD": 1e9, "BX.KLT.DINV.CD.WD": 30e9}
    values = pl.DataFrame([row | {"code": code, "value": value} for code, value in codes.items()])
    frames = remittances_received.compute(Tables({"development_indicators": values}), Parameters())
    found = {
        (series, value) for frame in frames for series, value in frame.select("series", "value").iter_rows()
    }
    assert {("SJ_RMT_TO_ODA", 6000.0), ("SJ_RMT_TO_FDI", 200.0)} <= found
    assert ("SJ_EXTERNAL_FINANCE", 60_000.0) in found
    without = values.filter(pl.col("code") == "BX.TRF.PWKR.CD.DT")
    frames = remittances_received.compute(Tables({"development_indicators": without}), Parameters())
    assert {name for frame in frames for name in frame["series"]} == {"SJ_EXTERNAL_FINANCE"}


def test_a_ratio_to_negative_investment_is_no_number():
    row = {"area": "MEX", "period": "2023", "source": "wdi@1"}
    values = pl.DataFrame(
        [
            row | {"code": "BX.TRF.PWKR.CD.DT", "value": 1.0},
            row | {"code": "BX.KLT.DINV.CD.WD", "value": -5.0},
        ]
    )
    frames = remittances_received.compute(Tables({"development_indicators": values}), Parameters())
    assert {name for frame in frames for name in frame["series"]} == {"SJ_EXTERNAL_FINANCE"}


@pytest.mark.parametrize("module", [durable_solutions, trafficking, human_mobility])
def test_no_published_values_give_no_rows(module):
    parameters = module.INDICATOR.parameters()
    assert module.compute(Tables({}), parameters) == []


def test_recruitment_costs_say_which_statistic_they_are(real):
    found = real.observations(series="SJ_RECRUITMENT_COST").select("area", "breakdown", "value").rows()
    assert ("BGD", "STATISTIC=RATIO_OF_MEANS", 17.6) in found
    assert ("LAO", "STATISTIC=MEAN_OF_RATIOS", 0.33) in found


def test_five_by_five_counts_points(real):
    found = real.observations(series="SJ_RMT_5X5", period="2014-Q2")
    assert found["value"].item() == pytest.approx(10 - 8.141199, abs=1e-6)
    assert "five percent" in found["note"].item()
