"""10.7.3 from four snapshots of the incident records, against the figures of the United Nations."""

from __future__ import annotations

import polars as pl
import pytest

from sojourn import observations
from sojourn.indicators import migrant_deaths
from sojourn.indicators.model import Parameters, Tables

SNAPSHOT_2020 = "missing_migrants@to-2020-01-13"


def total(release, period: str, source: str, area: str = "001") -> float:
    found = release.observations(series="SM_DTH_MIGR", area=area, period=period, breakdown="")
    return found.filter(source=source, sex="_T", age="_T")["value"].item()


@pytest.mark.parametrize(("period", "published"), [("2015", 6584), ("2017", 6279), ("2018", 4937)])
def test_the_world_of_january_2020_is_the_published_one(real, period, published):
    # UNSD SM_DTH_MIGR, release of October 2020.
    assert total(real, period, SNAPSHOT_2020) == published
    assert total(real, period, "unsdg@to-2019") == published
    pair = real.differences().filter(
        series="SM_DTH_MIGR", area="001", period=period, breakdown="", computed_source=SNAPSHOT_2020
    )
    assert pair.filter(sex="_T", age="_T")["agrees"].to_list() == [True]


def test_open_differences_of_2014_2016_and_2019_stay_in_sight(real):
    # The snapshot has 5,289 and 8,070 where 5,290 and 8,072 were published; its 2019 was taken too early.
    pairs = real.differences().filter(
        series="SM_DTH_MIGR", area="001", breakdown="", sex="_T", age="_T", computed_source=SNAPSHOT_2020
    )
    assert dict(pairs.select("period", "difference").iter_rows()) == {
        "2014": -1.0, "2015": 0.0, "2016": -2.0, "2017": 0.0, "2018": 0.0, "2019": -1869.0,
    }  # fmt: skip


def test_three_snapshots_give_three_values_for_2018_and_the_revision_says_so(real):
    # Shared data README, section 1: 2018 is 4,937, 4,987, 5,016 in three snapshots.
    editions = ("to-2020-01-13", "to-2021-12-31", "to-2025-03-08")
    assert [total(real, "2018", f"missing_migrants@{one}") for one in editions] == [4937, 4987, 5016]
    revision = real.observations(series="SJ_DTH_MIGR_REVISION", period="2018").row(0, named=True)
    assert revision["value"] == 80
    assert "4937 (2020-01-13), 4987 (2021-12-31), 5009 (2023-07), 5016 (2025-03-08)" in revision["note"]


def test_every_partition_adds_up_to_the_total(real):
    found = real.observations(series="SM_DTH_MIGR", area="001").filter(
        observations.basis() == observations.COMPUTED, age="_T"
    )
    totals = found.filter(breakdown="", sex="_T").select("source", "period", whole="value")
    parts = found.filter((pl.col("breakdown") != "") | (pl.col("sex") != "_T"), pl.col("value").is_not_null())
    dimension = (
        pl.when(pl.col("breakdown") == "")
        .then(pl.lit("SEX"))
        .otherwise(pl.col("breakdown").str.extract("^([A-Z_]+)="))
    )
    sums = parts.group_by("source", "period", dimension.alias("dimension")).agg(pl.col("value").sum())
    joined = sums.join(totals, on=["source", "period"], how="left")
    # The coded copy does not tell the dead from the missing; some old rows tell neither.
    whole = joined.filter(pl.col("dimension") != "OUTCOME")
    assert set(whole["dimension"]) == {"CAUSE", "INCIDENT_TYPE", "ORIGIN", "REGION", "ROUTE", "SEX"}
    assert whole.filter(pl.col("value") != pl.col("whole")).is_empty()
    outcomes = joined.filter(dimension="OUTCOME", source="missing_migrants@to-2025-03-08")
    assert (outcomes["value"] == outcomes["whole"]).all()


def test_countries_come_near_the_published_of_2018(real):
    # UNSD 2018: Libya 1,548, Mexico 135, Niger 195, Yemen 162; the snapshot is seven years younger.
    found = {
        area: total(real, "2018", "missing_migrants@to-2025-03-08", area)
        for area in ("LBY", "MEX", "NER", "YEM")
    }
    assert found == {"LBY": 1550, "MEX": 135, "NER": 195, "YEM": 156}


def test_the_last_year_of_a_snapshot_is_provisional_and_no_note_allows_a_trend(real):
    found = real.observations(series="SM_DTH_MIGR", area="001", breakdown="").filter(sex="_T", age="_T")
    last = found.filter(source=SNAPSHOT_2020, period="2020")
    assert (last["value"].item(), last["status"].item()) == (92, "P")
    computed = found.filter(observations.basis() == observations.COMPUTED)
    assert computed["note"].str.contains("not to be used to identify trends").all()


def test_identification_is_stated_as_not_recorded(real):
    found = real.observations(series="SM_DTH_MIGR", breakdown="IDENTIFICATION=IDENTIFIED")
    assert found["value"].null_count() == found.height == 6
    assert set(found["status"]) == {"L"}


def incidents(**columns: list[object]) -> pl.DataFrame:
    height = len(columns["total"])
    defaults: dict[str, object] = {
        "source": "missing_migrants@to-2021-05-01", "period": "2020", "type": "INCIDENT", "cause": "DROWNING",
        "route": "CENTRAL_MEDITERRANEAN", "region": "MEDITERRANEAN", "origin": "UNKNOWN",
    }  # fmt: skip
    nothing = ("dead", "missing", "females", "males", "children", "identified", "aboard")
    frame = pl.DataFrame({name: [value] * height for name, value in defaults.items()})
    frame = frame.with_columns(pl.lit(None, pl.Int64).alias(name) for name in nothing)
    frame = frame.with_columns(pl.lit(None, pl.String).alias(name) for name in ("area", "grouping"))
    return frame.with_columns(pl.Series(name, values) for name, values in columns.items())


def test_deaths_per_attempt_only_where_attempts_are_recorded():
    deaths = incidents(total=[30, 20, 7], route=["CENTRAL_MEDITERRANEAN", "CENTRAL_MEDITERRANEAN", "DARIEN"])
    tables = {"migrant_deaths": deaths}
    found = pl.concat(migrant_deaths.compute(Tables(tables), Parameters()), how="diagonal")
    uncounted = found.filter(series="SJ_DTH_MIGR_PER_ATTEMPT")
    assert uncounted["value"].to_list() == [None]
    assert "cannot be computed, because no file counts the attempted crossings" in uncounted["note"].item()
    attempts = pl.DataFrame(
        {
            "route": ["CENTRAL_MEDITERRANEAN"],
            "period": ["2020"],
            "value": [25_000],
            "counted": ["arrivals and interceptions"],
            "source": ["crossing_attempts@to-2020"],
        }
    )
    found = pl.concat(
        migrant_deaths.compute(Tables(tables | {"crossing_attempts": attempts}), Parameters()), how="diagonal"
    )
    rates = found.filter(series="SJ_DTH_MIGR_PER_ATTEMPT")
    assert rates.select("breakdown", "value").rows() == [("ROUTE=CENTRAL_MEDITERRANEAN", 2.0)]
    assert "arrivals and interceptions" in rates["note"].item()


def test_recorded_identifications_are_summed():
    deaths = incidents(total=[3, 5], identified=[1, None])
    found = pl.concat(
        migrant_deaths.compute(Tables({"migrant_deaths": deaths}), Parameters()), how="diagonal"
    )
    assert found.filter(breakdown="IDENTIFICATION=IDENTIFIED")["value"].to_list() == [1.0]


def test_nothing_gives_nothing():
    assert migrant_deaths.compute(Tables({}), Parameters()) == []


@pytest.mark.parametrize("indicator", ["10.7.3", "16.2.2", "8.8.1", "10.7.2"])
def test_real_breakdowns_use_declared_codes(real, indicator):
    series = real.series()
    pairs = real.observations(indicator=indicator).select("series", "breakdown").unique()
    for code, text in pairs.filter(pl.col("breakdown") != "").iter_rows():
        declared = {one["name"]: one for one in series[code]["dimensions"]}
        for dimension, value in observations.parse_breakdown(text).items():
            assert declared[dimension]["open_codes"] or value in declared[dimension]["codes"], (code, text)
