"""Mobile students: published counts and rates, numbers abroad, rates by enrolment, and what cannot be said."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sojourn import observations
from sojourn.indicators import student_mobility
from sojourn.indicators.model import Parameters, Tables


def one(release, series: str, area: str, period: str, method: str) -> float:
    found = release.observations(series=series, area=area, period=period)
    return found.filter(pl.col("method").str.starts_with(method), counterpart="")["value"].unique().item()


def test_students_abroad_are_inbound_less_net(real):
    # UIS 26637 and MENF.5T8, United States 2016: 971,417 - 887,178.
    assert one(real, "SJ_STUDENTS_OUTBOUND", "USA", "2016", "inbound_less_net/") == 84_239


@pytest.mark.parametrize(("area", "net_ratio"), [("AUS", 20.7139), ("GBR", 16.41466), ("DEU", 4.39613)])
def test_rates_by_implied_enrolment_give_back_the_published_net_flow_ratio(real, area, net_ratio):
    # UIS net flow ratio of 2017, as published; inbound rate less outbound ratio is the same by definition.
    method = "mobility_by_implied_enrolment/"
    inbound = one(real, "SJ_STUDENTS_INBOUND_RATE", area, "2017", method)
    outbound = one(real, "SJ_STUDENTS_OUTBOUND_RATIO", area, "2017", method)
    assert inbound - outbound == pytest.approx(net_ratio, abs=1e-9)
    assert one(real, "SJ_STUDENTS_NET_RATIO", area, "2017", "as_published/") == pytest.approx(net_ratio)


def test_doubled_copy_stands_apart(real):
    pairs = real.observations(series="SJ_STUDENTS_BY_ORIGIN", area="USA", counterpart="CHN", period="2016")
    apart = pairs.filter(pl.col("source").str.starts_with("oecd_students@"))
    assert apart["breakdown"].unique().to_list() == ["COUNTED=TOTAL_AND_LEVELS"]
    assert apart["status"].unique().to_list() == ["U"]
    once = pairs.filter(breakdown="")["value"].unique().item()
    assert apart["value"].item() == pytest.approx(2 * once, abs=2)


def test_without_enrolment_it_says_why(real):
    found = real.observations(series="SJ_STUDENTS_INBOUND_RATE").filter(pl.col("value").is_null())
    assert found.height > 100
    assert found["area"].is_unique().all()
    assert found["note"].str.starts_with("cannot compute, because").all()


def table(**values: float) -> pl.DataFrame:
    rows = [{"measure": measure, "value": float(value)} for measure, value in values.items()]
    same = {
        "area": "MEX",
        "counterpart": "",
        "period": "2019",
        "estimated": False,
        "source": "uis_students@x",
    }
    return pl.DataFrame(rows).with_columns(pl.lit(value).alias(name) for name, value in same.items())


def results(students: pl.DataFrame, **others: pl.DataFrame) -> dict[tuple[str, str], float]:
    frames = student_mobility.compute(Tables({"mobile_students": students, **others}), Parameters())
    checked = observations.validate(pl.concat([observations.complete(frame) for frame in frames]))
    return {(row["series"], row["method"]): row["value"] for row in checked.iter_rows(named=True)}


def test_rates_by_enrolment_by_hand():
    found = results(table(INBOUND=30, OUTBOUND=50, ENROLMENT=1000))
    method = "mobility_by_enrolment/1"
    assert found["SJ_STUDENTS_INBOUND_RATE", method] == pytest.approx(3)
    assert found["SJ_STUDENTS_OUTBOUND_RATIO", method] == pytest.approx(5)
    assert found["SJ_STUDENTS_NET_RATIO", method] == pytest.approx(-2)


def test_enrolment_from_the_world_bank():
    bank = pl.DataFrame(
        {"code": ["SE.TER.ENRL"], "area": ["MEX"], "period": ["2019"], "value": [500.0], "source": ["wdi@x"]}
    )
    frames = student_mobility.compute(
        Tables({"mobile_students": table(INBOUND=30), "development_indicators": bank}), Parameters()
    )
    (rate,) = [frame for frame in frames if frame["series"][0] == "SJ_STUDENTS_INBOUND_RATE"]
    assert rate.select("value", "source").rows() == [(6.0, "uis_students@x+wdi@x")]


def test_net_flow_above_the_inbound_number_gives_no_number_abroad():
    # The United Arab Emirates 2019 stand so in the publisher's file: 204,942 inbound, 211,987 net.
    found = results(table(INBOUND=204_942, NET=211_987))
    assert not [series for series, _ in found if series == "SJ_STUDENTS_OUTBOUND"]


def test_signs_that_differ_imply_no_enrolment():
    found = results(table(INBOUND=30, NET=10, NET_RATIO=-2))
    assert found["SJ_STUDENTS_INBOUND_RATE", "mobility_by_enrolment/1"] is None


def test_enrolment_of_zero_is_no_denominator():
    found = results(table(INBOUND=30, ENROLMENT=0))
    assert found["SJ_STUDENTS_INBOUND_RATE", "mobility_by_enrolment/1"] is None


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(1, 10**7))
def test_net_ratio_is_the_difference_of_the_rates(inbound, outbound, enrolment):
    found = results(table(INBOUND=inbound, NET=inbound - outbound, ENROLMENT=enrolment))
    method = "mobility_by_enrolment/1"
    difference = found["SJ_STUDENTS_INBOUND_RATE", method] - found["SJ_STUDENTS_OUTBOUND_RATIO", method]
    assert found["SJ_STUDENTS_NET_RATIO", method] == pytest.approx(difference, abs=1e-6)


def test_nothing_gives_nothing():
    assert student_mobility.compute(Tables({}), Parameters()) == []
