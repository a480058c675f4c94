"""Assessments: the states and their order, days, ages, paces by hand, and held-out years of real series."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sojourn.methods.progress import STATES, Target, assess, assess_each, pace, scoring
from sojourn.methods.progress.states import states

# World Bank, global average cost of sending USD 200 (third quarters; Remittance Prices Worldwide, issues 16
# to 53, as listed in the packaged figures): 2015 to 2021.
WORLD = {2015: 7.52, 2016: 7.42, 2017: 7.21, 2018: 6.94, 2019: 6.84, 2020: 6.75, 2021: 6.30}


def series(values, first=2015, se=None):
    rows = values if isinstance(values, dict) else {first + i: value for i, value in enumerate(values)}
    frame = pl.DataFrame({"time": [year + 0.5 for year in rows], "value": list(rows.values())})
    return frame if se is None else frame.with_columns(pl.lit(se).alias("se"))


def test_the_world_is_too_slow_for_three_per_cent():
    one = assess(series(WORLD), Target(3.0, 2030, "lower"))
    assert one.state == "too slow"
    assert one.points == 7
    assert one.distance == pytest.approx(3.0 - 6.30)
    assert one.two_point_pace == pytest.approx((6.30 / 7.52) ** (1 / 6) - 1)
    assert one.two_point_required == pytest.approx((3.0 / 7.52) ** (1 / 15) - 1)
    assert one.two_point_ratio == pytest.approx(one.two_point_pace / one.two_point_required)
    assert one.projection_lower < one.projection < one.projection_upper
    assert one.pace_lower < one.observed_pace < one.pace_upper < 0
    assert one.required_pace < one.observed_pace


@pytest.mark.parametrize(
    ("values", "target", "state"),
    [
        ([4.0, 3.5, 3.0, 2.5, 2.4], Target(3.5), "met"),
        ([4.0, 4.5, 5.0, 5.5, 6.1, 6.4], Target(3.0), "wrong way"),
        ([60.0, 64.0, 69.0, 72.0, 77.0, 80.0, 84.0], Target(85.0, better="higher"), "on track"),
        ([5.0, 4.0, 5.0, 4.0, 5.0], Target(3.0), "cannot tell"),
        ([5.0, 4.9], Target(3.0), "no data"),
        ([], Target(3.0), "no data"),
        ([5.0, 4.0, 3.0], Target(None), "not measurable"),
        ([], Target(None), "not measurable"),
        ([5.0, 4.9, 4.8], Target(3.0, 2017), "missed"),
    ],
)
def test_each_state(values, target, state):
    frame = series(values) if values else pl.DataFrame(schema={"time": pl.Float64, "value": pl.Float64})
    assert assess(frame, target).state == state


def test_the_mirror_image_gives_the_same_state_and_chance():
    one = assess(series([5.0, 4.0, 3.5, -1.0]), Target(-4.0, better="lower"))
    other = assess(series([-5.0, -4.0, -3.5, 1.0]), Target(4.0, better="higher"))
    assert one.state == other.state
    assert one.probability == pytest.approx(other.probability, abs=1e-12)
    assert one.model == other.model == "straight"


def test_the_day_of_judgement_cuts_and_ages():
    frame = series(WORLD)
    assert assess(frame, Target(3.0), as_of=date(2018, 12, 31)).points == 4
    assert assess(frame, Target(3.0), as_of=date(2026, 12, 31)).state == "too slow"
    assert assess(frame, Target(3.0), as_of=date(2027, 1, 1)).state == "no data"
    # Once due, the age is judged on the due date: a target of 2021 was missed, however long ago.
    assert assess(frame, Target(3.0, 2021), as_of=date(2040, 1, 1)).state == "missed"
    assert assess(frame, Target(7.0, 2021), as_of=date(2040, 1, 1)).state == "met"


def test_only_observations_since_the_baseline_count():
    frame = series({2009: 10.0, 2012: 9.0} | WORLD)
    assert assess(frame, Target(3.0)).baseline == 7.52
    assert assess(frame, Target(3.0, baseline_year=None)).baseline == 10.0


def test_a_target_already_reached_needs_no_pace():
    one = assess(series([4.0, 3.5, 3.0, 2.5, 2.4]), Target(3.5))
    assert one.required_pace == 0


def test_a_missing_value_is_no_observation():
    unknown = pl.DataFrame({"time": [2022.5], "value": [None]}, schema_overrides={"value": pl.Float64})
    frame = pl.concat([series(WORLD), unknown])
    assert assess(frame, Target(3.0)) == assess(series(WORLD), Target(3.0))


def test_its_own_errors_decide():
    values = [10.0, 9.6, 9.9, 9.4]
    sure, unsure = (assess(series(values, se=se), Target(3.0)) for se in (0.01, 3.0))
    assert sure.known_errors == 4
    assert sure.right_way > 0.95
    assert unsure.right_way < sure.right_way
    assert unsure.state == "cannot tell"


def test_many_at_once_are_each_alone():
    a, b = series(WORLD), series([3.0, 4.0, 5.0, 4.0], first=2017)
    both = pl.concat([a.with_columns(pl.lit("A").alias("area")), b.with_columns(pl.lit("B").alias("area"))])
    targets = {("A",): Target(3.0), ("B",): Target(9.0, better="higher")}
    frame = assess_each(both, ["area"], targets, as_of=date(2022, 1, 1))
    assert frame["area"].to_list() == ["A", "B"]
    alone = assess(b, targets["B",], as_of=date(2022, 1, 1))
    assert frame["probability"][1] == pytest.approx(alone.probability, rel=1e-10)
    assert frame["state"][1] == alone.state
    assert frame.equals(assess_each(both.reverse(), ["area"], targets, as_of=date(2022, 1, 1)))


@given(*(st.floats(0, 1) for _ in range(3)), st.booleans())
def test_every_chance_has_a_state(now, then, improved, past):
    state = states(*(np.array([one]) for one in (now, then, improved)), np.array([past]))[0]
    assert state in STATES
    assert (state == "met") == (now >= 0.9)


@pytest.mark.parametrize(
    ("chances", "state"),
    [
        ((0.90, 0.0, 0.0, True), "met"),
        ((0.89, 1.0, 1.0, True), "missed"),
        ((0.5, 0.66, 0.05, False), "on track"),
        ((0.5, 0.65, 0.10, False), "wrong way"),
        ((0.5, 0.33, 0.90, False), "too slow"),
        ((0.5, 0.34, 0.90, False), "cannot tell"),
        ((0.5, 0.33, 0.89, False), "cannot tell"),
    ],
)
def test_the_limits_of_the_rule(chances, state):
    assert states(*(np.array([one]) for one in chances))[0] == state


def test_required_pace_by_hand():
    straight = pace.required(np.array([6.0]), np.array([0.0]), np.array([4.0]), np.array([False]))
    assert straight[0] == -1.5
    constant_rate = pace.required(np.array([8.0]), np.array([2.0]), np.array([2.0]), np.array([True]))
    assert constant_rate[0] == pytest.approx(-4.0)
    assert np.isnan(pace.required(np.array([8.0]), np.array([2.0]), np.array([0.0]), np.array([True]))[0])
    assert np.isnan(pace.compound(np.array([0.0]), np.array([2.0]), np.array([2.0]))[0])


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="share a time"):
        assess(pl.DataFrame({"time": [2015.5, 2015.5], "value": [1.0, 2.0]}), Target(3.0))
    with pytest.raises(ValueError, match="lack the columns"):
        assess(pl.DataFrame({"year": [2015.5], "value": [1.0]}), Target(3.0))
    with pytest.raises(ValueError, match="better"):
        Target(3.0, better="downwards")
    with pytest.raises(ValueError, match="level"):
        assess(series(WORLD), Target(3.0), level=95)
    with pytest.raises(ValueError, match="no target"):
        assess_each(series(WORLD).with_columns(pl.lit("A").alias("area")), ["area"], {})


UNSD = "ddf--datapoints--{}--by--geo_area--nature--units--year.csv"


def real_series(shared, name):
    if name == "si_rmt_cost":
        frame = pl.read_csv(shared / "data/rpw/wdi_SI.RMT.COST.IB.ZS.csv.gz", infer_schema=False)
        frame = frame.rename({"iso3": "area"})
    else:
        frame = pl.read_csv(shared / "data/unsdg" / UNSD.format(name), infer_schema=False)
        frame = frame.rename({"geo_area": "area", name: "value"})
    return frame.select(
        "area",
        (pl.col("year").cast(pl.Float64) + 0.5).alias("time"),
        pl.col("value").cast(pl.Float64, strict=False),
    ).drop_nulls().unique(["area", "time"], keep="first", maintain_order=True)  # fmt: skip


@pytest.mark.parametrize("name", ["si_rmt_cost", "bx_trf_pwkr", "sm_pop_refg_or"])
def test_calibration_on_held_out_years_of_real_series(shared, name):
    """Areas that had no say in the choice of the priors; prints what `bench/progress.py` prints."""
    cases = scoring.hold_out(real_series(shared, name), ["area"], logarithmic=True)
    cases = cases.only(cases.group % 2 == 1)
    position = scoring.chances(cases, cases.truth)
    # Two events, alike far away: the value falls by a tenth, or does not grow by a tenth.
    limits = [cases.last + np.log(change) for change in (0.9, 1.1)]
    chance = np.concatenate([scoring.chances(cases, limit) for limit in limits])
    came = np.concatenate([cases.truth <= limit for limit in limits])
    score = scoring.brier(chance, came)
    c80, c95 = scoring.coverage(position, 0.8), scoring.coverage(position, 0.95)
    print(f"{name}: {len(position)} cases, 80 %: {c80:.3f}, 95 %: {c95:.3f}, Brier {score:.3f}")
    print(scoring.reliability(chance, came))
    assert len(position) > 1000
    # Official series have jumps that no model of their past foresees: 95 % intervals cover a little less.
    assert 0.75 <= c80 <= 0.88
    assert 0.90 <= c95 <= 0.98
    # Better than a coin, and much better than two points and a line. It does not beat the one who knew
    # beforehand how often each event comes true (bench/progress.py): few points of one series say little.
    assert score < 0.245
    pace = (cases.last - cases.values[:, 0]) / (np.nanmax(cases.times, axis=1) - cases.times[:, 0])
    line = np.concatenate([cases.last + pace * cases.horizon <= limit for limit in limits])
    assert score < scoring.brier(line.astype(float), came) - 0.1
    # What was called likely came true more often than not, and what was called unlikely did not.
    assert came[chance >= 0.8].mean() > 0.65
    assert came[chance <= 0.2].mean() < 0.5


def _of(values, **columns):
    times = [2015.5 + year for year in range(len(values))]
    return pl.DataFrame({"time": times, "value": values} | columns)


def test_a_series_that_stands_on_its_target_meets_it():
    # No death is the target, and no death was recorded.
    for target in (Target(0.0), Target(0.0, better="higher")):
        assert assess(_of([0.0] * 6), target).state == "met"
    assert assess(_of([0.0] * 6), Target(10.0, better="higher")).state != "met"
    uncertain = _of([3.0] * 6, se=[1.0] * 6)
    assert assess(uncertain, Target(3.0)).meets_now == pytest.approx(0.5)


def test_a_value_that_is_no_number_is_not_known():
    with_gap = assess(_of([5.0, float("nan"), 4.0, 3.0, 2.9]), Target(2.0))
    assert with_gap.points == 4
    assert with_gap == assess(_of([5.0, None, 4.0, 3.0, 2.9]), Target(2.0))


@pytest.mark.parametrize(
    ("series", "message"),
    [
        (_of([5.0, float("inf"), 4.0]), "infinite"),
        (_of([5.0, 4.5, 4.0], se=[0.1, -0.1, 0.1]), "negative standard error"),
        (_of(["5", "4", "3"]), "no numbers"),
    ],
)
def test_what_no_observation_can_be_is_refused(series, message):
    with pytest.raises(ValueError, match=message):
        assess(series, Target(2.0))


def test_a_target_is_finite():
    with pytest.raises(ValueError, match="finite"):
        Target(float("nan"))


def test_an_extreme_pace_stays_a_number():
    found = assess(_of([1.0, 1e50, 1e200]), Target(3.0))
    assert found.state != "met"
    assert np.isfinite([found.projection_upper, found.pace_upper, found.observed_pace]).all()
