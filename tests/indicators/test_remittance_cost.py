"""10.c.1 from real service rows against the World Bank's own figures (see reference/acceptance_checks.csv).

Real: service rows 2011-Q1 to 2014-Q2 in the layout up to 2016-Q1, published averages, matrices. The later
layout is tested in tests/sources/test_rpw.py on a built file.
"""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl
import pytest

from sojourn import discovery, observations
from sojourn.indicators import remittance_cost
from sojourn.indicators.model import Tables
from sojourn.indicators.price_rules import PriceParameters
from sojourn.release import Release
from sojourn.sources.files import describe
from sojourn.sources.recognise import recognise


def computed(
    release: Release, series: str, area: str, period: str, breakdown: str = "", counterpart: str = ""
) -> float:
    found = release.observations(series=series, area=area, period=period, breakdown=breakdown)
    found = found.filter(observations.basis() == observations.COMPUTED, counterpart=counterpart)
    return found["value"].item()


def pairs(release: Release, series: str, source: str, year: str = "", breakdown: str = "") -> pl.DataFrame:
    found = release.differences().filter(series=series, breakdown=breakdown)
    return found.filter(
        pl.col("published_source").str.starts_with(source), pl.col("period").str.starts_with(year)
    )


def test_corridor_averages_equal_the_databank_in_all_2167_corridor_quarters(real):
    corridors = pairs(real, "SI_RMT_COST_BC", "rpw_databank@").filter(pl.col("period").str.contains("Q"))
    largest = corridors["difference"].abs().max()
    print(f"largest difference {largest:.2e} points")
    assert corridors.height == 2167
    assert largest < 0.05
    # Far nearer than asked: the publisher stores single precision.
    assert largest < 2e-6


@pytest.mark.parametrize(
    ("breakdown", "year", "compared", "agree"),
    [
        # Publisher differences of 2012 and 2013 stay as they are: acceptance_checks.csv, kind DIFF.
        ("", "2011", 85, 85),
        ("", "2012", 87, 67),
        ("", "2013", 88, 78),
        ("DIRECTION=OUTBOUND", "2011", 31, 31),
        ("DIRECTION=OUTBOUND", "2012", 32, 28),
        ("DIRECTION=OUTBOUND", "2013", 32, 32),
    ],
)
def test_countries_against_wdi(real, breakdown, year, compared, agree):
    found = pairs(real, "SI_RMT_COST", "wdi@2023-05-10", year, breakdown)
    assert (found.height, int(found["agrees"].sum())) == (compared, agree)
    assert (found.filter("agrees")["difference"].abs() <= 0.01).all()


@pytest.mark.parametrize(
    ("quarter", "published"),
    [
        ("2011-Q3", 9.30),
        ("2013-Q1", 9.05),
        ("2013-Q3", 8.93),
        ("2013-Q4", 8.58),
        ("2014-Q1", 8.36),
        ("2014-Q2", 8.14),
    ],
)
def test_global_average_to_two_decimals(real, quarter, published):
    assert round(computed(real, "SI_RMT_COST", "001", quarter), 2) == published


def test_global_average_of_2013_q2_is_an_open_difference(real):
    assert computed(real, "SI_RMT_COST", "001", "2013-Q2") == pytest.approx(8.851, abs=5e-4)
    found = pairs(real, "SI_RMT_COST", "published_figures", "2013-Q2").filter(area="001")
    assert found["published"].item() == 8.88
    assert not found["agrees"].item()


@pytest.mark.parametrize(
    ("region", "published"),
    [("WB_EAS", 8.52), ("WB_ECS", 6.49), ("WB_LCN", 6.21), ("WB_MEA", 8.32), ("WB_SAS", 6.56)],
)
def test_regional_averages_of_2014_q1(real, region, published):
    assert computed(real, "SI_RMT_COST", region, "2014-Q1") == pytest.approx(published, abs=0.01)


def test_sub_saharan_africa_2014_q1_is_an_open_difference(real):
    assert computed(real, "SI_RMT_COST", "WB_SSF", "2014-Q1") == pytest.approx(11.75, abs=0.005)
    found = pairs(real, "SI_RMT_COST", "rpw_databank@", "2014-Q1").filter(area="WB_SSF")
    assert found["published"].item() == 11.71
    assert not found["agrees"].item()


@pytest.mark.parametrize(("quarter", "published"), [("2014-Q1", 8.31), ("2014-Q2", 8.12)])
def test_g20_senders(real, quarter, published):
    assert round(computed(real, "SI_RMT_COST", "G20", quarter, "DIRECTION=OUTBOUND"), 2) == published


@pytest.mark.parametrize(
    ("quarter", "published"),
    # Office for National Statistics (UK), 10.c.1 by quarter
    [("2013-Q1", 7.96), ("2013-Q2", 7.69), ("2013-Q3", 8.40), ("2013-Q4", 8.38), ("2014-Q1", 7.86)],
)
def test_united_kingdom_as_sender(real, quarter, published):
    assert computed(real, "SI_RMT_COST", "GBR", quarter, "DIRECTION=OUTBOUND") == pytest.approx(
        published, abs=0.006
    )


def test_without_the_exclusion_of_russia_the_global_average_would_be_wrong(real):
    with_russia = real.observations(series="SI_RMT_COST_BC", area="RUS", period="2013-Q1", breakdown="")
    assert with_russia.height > 0
    method = real.observations(series="SI_RMT_COST", area="001", period="2013-Q1", breakdown="")[
        "method"
    ].to_list()
    assert any("senders without RUS" in one for one in method)


def test_global_weighted_average_with_the_matrix_of_2011(real):
    # Our own reference values: the World Bank used a later matrix (published 5.91 and 5.85).
    breakdown = "AVERAGE=FLOW_WEIGHTED"
    assert computed(real, "SI_RMT_COST", "001", "2014-Q1", breakdown) == pytest.approx(5.988213, abs=1e-6)
    assert computed(real, "SI_RMT_COST", "001", "2014-Q2", breakdown) == pytest.approx(5.927711, abs=1e-6)


def test_every_check_value_of_10_c_1_in_the_reference_comes_out(real, shared: Path):
    """The file's own recomputed values: the world, regions, senders, weighted averages."""
    regions = {"EAS", "ECS", "LCN", "MEA", "SAS", "SSF"}
    checked = 0
    with (shared / "reference" / "acceptance_checks.csv").open(encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            words = row["check"].split()
            quarter = next((word for word in words if word[:4].isdigit() and word.endswith("Q")), "")
            if row["indicator"] != "10.c.1" or not quarter:
                continue
            period = f"{quarter[:4]}-Q{quarter[5]}"
            area, breakdown = "001", ""
            if found := regions & set(words):
                area = f"WB_{found.pop()}"
            elif "G20" in words:
                area, breakdown = "G20", "DIRECTION=OUTBOUND"
            elif "UK" in words:
                area, breakdown = "GBR", "DIRECTION=OUTBOUND"
            elif "Weighted" in words:
                breakdown = "AVERAGE=FLOW_WEIGHTED"
            assert computed(real, "SI_RMT_COST", area, period, breakdown) == pytest.approx(
                float(row["recomputed"]), abs=2e-6
            )
            checked += 1
    assert checked == 22


def test_errors_are_null_below_two_firms_and_say_so(real):
    corridors = real.observations(series="SI_RMT_COST_BC").filter(
        observations.basis() == observations.COMPUTED
    )
    unknown = corridors.filter(pl.col("se").is_null())
    assert unknown.height > 0
    assert (unknown["note"] == "no error is known: a single firm").all()
    known = corridors.filter(pl.col("se").is_not_null())
    assert (known["level"] == 0.95).all()
    assert (known["lower"] <= known["value"]).all()


def test_every_computed_number_without_an_error_says_so(real):
    silent = real.observations().filter(
        observations.basis() == observations.COMPUTED, pl.col("se").is_null(), pl.col("lower").is_null()
    )
    said = pl.col("note").str.contains("no error|no sampling error|no probability|describes the data")
    assert silent.filter(~said).height == 0


def test_share_of_corridors_below_five_per_cent(real):
    # Worked out from corridor averages: 20 % in 2011-Q1, 24 % in 2014-Q2 (methods text, section 1.2).
    assert computed(real, "SJ_RMT_CORRIDORS_LT5", "001", "2011-Q1") == pytest.approx(20.1, abs=0.05)
    assert computed(real, "SJ_RMT_CORRIDORS_LT5", "001", "2014-Q2") == pytest.approx(24.4, abs=0.05)
    above = computed(real, "SJ_RMT_CORRIDORS_GT5", "001", "2014-Q2")
    assert above == pytest.approx(100 - 24.4444, abs=0.01)


def test_a_year_is_its_third_quarter(real):
    assert computed(real, "SI_RMT_COST", "MEX", "2013") == computed(real, "SI_RMT_COST", "MEX", "2013-Q3")


def by_corridor(real: Release, series: str, breakdown: str = "", period: str = "2011") -> dict[str, object]:
    found = real.observations(series=series, area="001", period=period, breakdown=breakdown)
    return found.filter(pl.col("method").str.starts_with("spent_by_corridor")).row(0, named=True)


def test_amounts_spent_of_the_reference(real):
    # 2011 matrix x 2011-Q3 costs: acceptance_checks.csv (own reference) and methods text, section 1.5.
    spent = by_corridor(real, "SJ_RMT_COST_SPENT", "COVERAGE=PRICED")
    assert spent["value"] == pytest.approx(15251.356916, abs=1e-4)
    assert spent["n"] == 189
    assert spent["lower"] < spent["value"] < spent["upper"]
    assert spent["level"] is None
    assert by_corridor(real, "SJ_RMT_SAVING_3", "COVERAGE=PRICED")["value"] == pytest.approx(8676, abs=0.5)
    assert by_corridor(real, "SJ_RMT_COVERAGE")["value"] == pytest.approx(44.85, abs=0.01)


def test_corridors_without_a_price_take_the_average_over_services(real):
    """Methods text, section 1.5: the receiving country's average, then the region's, then the world's.

    Worked out apart from this program, from the same files: 37,444 million US dollars for 2011.
    """
    assert by_corridor(real, "SJ_RMT_COST_SPENT")["value"] == pytest.approx(37_444, abs=1)


def test_covered_flow_of_2011(real):
    flows = real.observations(series="SJ_RMT_FLOW", period="2011").select("area", "counterpart", "value")
    prices = real.observations(series="SI_RMT_COST_BC", period="2011", breakdown="")
    prices = prices.filter(observations.basis() == observations.COMPUTED).select("area", "counterpart")
    covered = flows.join(prices, on=["area", "counterpart"], how="semi")
    assert covered.height == 189
    assert covered["value"].sum() == pytest.approx(222_199, abs=1)


def test_the_published_matrix_of_2017_is_priced_by_published_corridors(real):
    spent = by_corridor(real, "SJ_RMT_COST_SPENT", "COVERAGE=PRICED", "2017")
    assert "rpw_databank" in spent["source"]
    # The margin is not published: the amount lies between no margin and a margin that is the whole cost.
    assert spent["lower"] == spent["value"] < spent["upper"]


def test_a_country_with_surveyed_prices_is_covered_where_only_its_inflow_is_known(real):
    found = real.observations(series="SJ_RMT_COVERAGE", area=["MEX", "001"], period="2013")
    found = found.filter(pl.col("method").str.starts_with("spent_by_receiver"))
    covered = dict(found.select("area", "value").iter_rows())
    assert covered["MEX"] == 100
    assert 50 < covered["001"] < 100


def test_averages_by_provider_rest_on_fewer_services_than_the_total(real):
    found = real.observations(series="SI_RMT_COST", area="001", period="2014-Q1")
    found = found.filter(
        pl.col("breakdown").str.contains(r"^(PROVIDER=|$)"), observations.basis() == observations.COMPUTED
    )
    parts, total = found.filter(pl.col("breakdown") != ""), found.filter(breakdown="")
    assert parts.height >= 5
    assert parts["n"].sum() == total["n"].item()


def test_banks_cost_more_than_operators(real):
    # World Bank, Remittance Prices Worldwide: banks are the most expensive type in every issue.
    bank = computed(real, "SI_RMT_COST", "001", "2014-Q1", "PROVIDER=BANK")
    operator = computed(real, "SI_RMT_COST", "001", "2014-Q1", "PROVIDER=MTO")
    assert bank > operator


def test_usd_500_costs_less_than_usd_200(real):
    dear, cheap = (computed(real, "SI_RMT_COST", "001", "2014-Q1", one) for one in ("", "AMOUNT=500"))
    assert cheap < dear


@pytest.mark.parametrize(
    ("setting", "series", "breakdown"),
    [
        ({"transparent_only": False}, "SI_RMT_COST", "AVERAGE=FLOW_WEIGHTED"),
        ({"transparent_only": False}, "SI_RMT_COST_SC", ""),
        ({"smart_coverage": ("HIGH",)}, "SI_RMT_COST", "AVERAGE=SMART"),
        ({"smart_max_days": 1}, "SI_RMT_COST_SC", ""),
        ({"smart_services": 2}, "SI_RMT_COST", "AVERAGE=SMART"),
        ({"annual_quarter": 1}, "SI_RMT_COST", ""),
        ({"index_presence": 0.5}, "SI_RMT_COST", "AVERAGE=MTO_INDEX"),
        ({"world_excludes_senders": ()}, "SI_RMT_COST", ""),
    ],
)
def test_each_result_says_which_rule_made_it(shared, setting, series, breakdown):
    """Another rule gives another method, so that two rules never carry the same key."""
    tables = small_tables(shared)

    def methods(rules: PriceParameters) -> set[str]:
        frames = pl.concat([observations.complete(one) for one in remittance_cost.compute(tables, rules)])
        found = frames.filter(series=series, breakdown=breakdown, period="2011")
        return set(found.filter((pl.col("area") == "001") | (series != "SI_RMT_COST"))["method"])

    usual, other = methods(PriceParameters()), methods(PriceParameters(**setting))
    assert usual
    assert not usual & other


def small_tables(shared: Path) -> Tables:
    """The service rows and the matrix of 2011, as the readers give them."""
    tables = {}
    for kind, file in (
        ("remittance_prices", "rpw/rpw_services_2011Q1_2014Q2.csv.gz"),
        ("remittance_flows", "remittances/wb_bilateral_remittance_matrix_2011.csv.gz"),
    ):
        (found,) = recognise(describe(shared / "data" / file), discovery.sources())
        tables[kind] = found.read().table.with_columns(pl.lit(f"{kind}@1").alias("source"))
    return Tables(tables)


def test_two_copies_of_a_matrix_do_not_mix(shared):
    tables = small_tables(shared)
    flows = tables["remittance_flows"]
    twice = pl.concat([flows, flows.with_columns(pl.lit("copy@1").alias("source"))])
    both = Tables({**tables.by_kind, "remittance_flows": twice})
    weighted = {}
    for name, given in (("one", tables), ("two", both)):
        frames = pl.concat(
            [observations.complete(one) for one in remittance_cost.compute(given, PriceParameters())]
        )
        weighted[name] = frames.filter(area="001", period="2014-Q1", breakdown="AVERAGE=FLOW_WEIGHTED")
    assert weighted["one"]["n"].to_list() == [208]
    assert weighted["two"]["n"].to_list() == [208, 208]
    assert weighted["two"]["source"].n_unique() == 2
