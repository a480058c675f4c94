"""Progress in a release: which numbers count, what is frozen, the real world's remittance cost."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from sojourn import discovery, observations
from sojourn.indicators.model import Series
from sojourn.indicators.progress import CODE, STATE_CODES, ProgressParameters
from sojourn.methods.progress import STATES
from sojourn.release import Options, build, open_release
from sojourn.release.progress import middle_of, never_mixed, one_a_year, progress

COST = Series("X_COST", "cost", "Cost.", "PT", "receives", better="lower", target=3.0, target_year=2030)
AIM = Series("X_AIM", "aim", "Aim.", "PT", "receives", better="lower")
NEITHER = Series("X_STOCK", "stock", "Stock.", "PS", "hosts")
KNOWN = {one.code: one for one in (COST, AIM, NEITHER)}


def rows(values, series="X_COST", area="001", **more):
    return observations.complete(
        pl.DataFrame(
            {
                "indicator": "X",
                "series": series,
                "area": area,
                "period": list(values),
                "value": list(values.values()),
                "unit": "PT",
                "source": "here@1",
                "method": "as_published/1",
                **more,
            }
        )
    )


WORLD = rows({"2015": 7.52, "2016-Q4": 7.4, "2017": 7.21, "2018": 6.94, "2019": 6.84, "2021": 6.3})


def measured(frame, as_of=date(2022, 12, 31)):
    found = progress(observations.validate(frame), KNOWN, ProgressParameters(), as_of)
    return {row["series"].removeprefix("SJ_PROGRESS_"): row for row in found.iter_rows(named=True)}


def test_every_measure_of_one_series():
    found = measured(WORLD)
    assert set(found) == {
        "DISTANCE", "REQUIRED_PACE", "OBSERVED_PACE", "PROJECTION", "PROBABILITY", "TWO_POINT", "STATE",
    }  # fmt: skip
    assert found["DISTANCE"]["value"] == pytest.approx(-3.3)
    assert found["STATE"]["value"] == STATE_CODES["too slow"]
    assert found["STATE"]["note"].startswith("too slow; observations since 2015: 6")
    assert found["PROJECTION"]["period"] == "2030"
    assert found["STATE"]["period"] == "2021"
    assert found["STATE"]["breakdown"] == "SERIES=X_COST"
    assert found["OBSERVED_PACE"]["lower"] < found["OBSERVED_PACE"]["upper"] < 0


def test_the_states_of_the_release_are_those_of_the_method():
    assert tuple(STATE_CODES) == STATES
    assert list(STATE_CODES.values()) == list(range(1, 9))


def test_a_quarter_that_stands_for_its_year_counts_once():
    frame = rows({"2015": 7.5, "2015-Q3": 7.5, "2015-Q4": 7.3, "2016-Q1": 7.2, "2016-Q2": 7.1})
    kept = one_a_year(frame, date(2016, 12, 31))
    assert kept["period"].to_list() == ["2015", "2016-Q2"]
    assert kept["time"].to_list() == [2015.5, 2016.375]
    assert one_a_year(frame, date(2016, 5, 1))["period"].to_list() == ["2015", "2016-Q1"]


@pytest.mark.parametrize(
    ("period", "middle"),
    [
        ("2015-07", 2015 + 6.5 / 12),
        ("2015-07-31", 2015 + 6.5 / 12),
        ("2015/P6M", 2015.25),
        ("2015-S2", 2015.75),
    ],
)
def test_the_middle_of_a_period(period, middle):
    assert middle_of(period) == pytest.approx(middle)


def test_breakdowns_sexes_and_unknown_values_do_not_count():
    extra = [
        rows({"2022": 1.0}, breakdown="DIRECTION=OUTBOUND"),
        rows({"2022": 1.0}, sex="F"),
        rows({"2022": None}, status="O"),
        rows({"2023": 1.0}),
    ]
    assert measured(pl.concat([WORLD, *extra])) == measured(WORLD)


def test_no_target_and_no_direction():
    found = measured(rows({"2015": 4.0, "2016": 3.0}, "X_AIM"))
    assert set(found) == {"STATE"}
    assert found["STATE"]["value"] == STATE_CODES["not measurable"]
    assert not measured(rows({"2015": 4.0, "2016": 3.0}, "X_STOCK"))


def test_only_sources_that_count_are_named():
    old = rows({"2011": 9.3}).with_columns(pl.lit("old@1").alias("source"))
    assert measured(pl.concat([WORLD, old]))["STATE"]["source"] == "here@1"


def test_too_few_and_too_old_are_no_data():
    few = measured(rows({"2020": 7.0, "2021": 6.5}))
    assert few["STATE"]["value"] == STATE_CODES["no data"]
    assert set(few) == {"STATE", "DISTANCE"}
    old = measured(WORLD, date(2027, 12, 31))
    assert old["STATE"]["value"] == STATE_CODES["no data"]


def test_a_build_freezes_progress_and_its_day(small_data, tmp_path):
    path = build(small_data, tmp_path / "one", Options(as_of=date(2014, 6, 30))).path
    release = open_release(path)
    assert release.manifest.as_of == date(2014, 6, 30)
    found = release.observations(CODE)
    assert set(found.filter(series="SJ_PROGRESS_STATE")["value"]) <= {7.0, 8.0}
    (outcome,) = [one for one in release.manifest.indicators if one.indicator == CODE]
    assert outcome.observations == found.height > 0
    again = build(small_data, tmp_path / "two", Options(as_of=date(2014, 6, 30))).path
    assert again.name == path.name


def test_a_projection_does_not_move_the_day_of_a_release(small_data, tmp_path):
    release = open_release(build(small_data, tmp_path / "one").path)
    assert "2030" in release.observations(CODE)["period"].to_list()
    assert release.manifest.as_of < date(2030, 1, 1)


@pytest.fixture(scope="module")
def real(shared, tmp_path_factory):
    return open_release(build(shared / "data", tmp_path_factory.mktemp("real")).path)


def test_the_real_world_is_too_slow(real):
    found = real.observations(CODE, "001", breakdown="SERIES=SI_RMT_COST")
    state = found.filter(series="SJ_PROGRESS_STATE")
    assert state["note"].item().startswith("too slow")
    assert found.filter(series="SJ_PROGRESS_PROBABILITY")["value"].item() < 5
    # Latest published: 6.36 per cent in 2025-Q3 (Remittance Prices Worldwide).
    assert found.filter(series="SJ_PROGRESS_DISTANCE")["value"].item() == pytest.approx(3 - 6.36)


def test_progress_says_where_no_error_is_known_and_declares_its_series(real):
    found = real.observations(CODE)
    silent = found.filter(pl.col("se").is_null(), pl.col("lower").is_null())
    assert silent.filter(~pl.col("note").str.contains("no error is known")).height == 0
    assert found.select(observations.basis())["basis"].unique().to_list() == [observations.COMPUTED]
    declared = {one.code for one in next(i for i in discovery.indicators() if i.code == CODE).series}
    assert set(found["series"]) == declared


def test_progress_of_simulated_numbers_says_so_on_every_row():
    invented = WORLD.with_columns(pl.lit("rpw@simulated-1").alias("source"))
    assert all("of simulated numbers" in row["note"] for row in measured(invented).values())
    assert not any("simulated" in row["note"] for row in measured(WORLD).values())


def test_simulated_numbers_never_mix_with_real_ones():
    def row(area: str, source: str) -> dict[str, object]:
        return {
            "indicator": "x",
            "series": "S",
            "area": area,
            "period": "2020",
            "value": 1.0,
            "unit": "PT",
        } | {
            "source": source,
            "method": "m/1",
        }

    rows = [row("MEX", "rpw@simulated-1"), row("MEX", "wdi@1"), row("FRA", "rpw@simulated-1")]
    kept = never_mixed(observations.complete(pl.DataFrame(rows)))
    assert sorted(kept.select("area", "source").rows()) == [("FRA", "rpw@simulated-1"), ("MEX", "wdi@1")]
