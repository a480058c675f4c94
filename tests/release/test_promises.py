"""A promise beside what is measured: states, deadlines, contexts, corridors, and changes between releases."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from types import SimpleNamespace

import polars as pl
import pytest

from sojourn import demo, observations
from sojourn.indicators.progress import STATE_CODES
from sojourn.methods.progress import STATES
from sojourn.release import Options, build, open_release
from sojourn.release.promises import (
    NO_NUMBERS,
    NO_SERIES,
    TOO_FEW,
    TOO_OLD,
    Change,
    Terms,
    changes,
    join,
)
from sojourn.simulate import Country
from sojourn.web.holding import load
from sojourn.web.registry.contradictions import contradictions

AVERAGE = Terms("T-1", "SI_RMT_COST", "lower", date(2030, 12, 31), 3.0, "001", baseline_year=2015)
FIVE_BY_FIVE = Terms("T-2", "SJ_RMT_5X5", "higher", date(2014, 12, 31), 5.0, "001")
CORRIDORS = Terms("T-3", "SJ_RMT_CORRIDORS_GT5", "lower", date(2030, 12, 31), 0.0, "001", baseline_year=2015)
EACH = Terms("T-4", "SI_RMT_COST_BC", "lower", date(2030, 12, 31), 5.0, baseline_year=2015, each=True)


@dataclass
class Held:
    """Numbers of a test, handed out as a holding hands them out."""

    frame: pl.DataFrame
    as_of: date = date(2022, 12, 31)
    name: str = "0001-test"
    series: dict = field(default_factory=lambda: {"X_COST": {}})

    @property
    def release(self):
        return SimpleNamespace(manifest=SimpleNamespace(as_of=self.as_of))

    def numbers(self, series, where):
        known = [pl.col(name).is_in(values) for name, values in where.items()]
        return self.frame.filter(pl.col("series") == series, *known)


def rows(values, area="001", **more):
    return observations.complete(
        pl.DataFrame(
            {
                "indicator": "X",
                "series": "X_COST",
                "area": area,
                "period": [str(one) for one in values],
                "value": [float(one) for one in values.values()],
                "unit": "PT",
                "source": "here@1",
                "method": "as_published/1",
                **more,
            }
        )
    )


FALLING = rows({2015: 7.5, 2016: 7.4, 2017: 7.2, 2018: 6.9, 2019: 6.8, 2020: 6.7, 2021: 6.3})
COST = Terms("T-1", "X_COST", "lower", date(2030, 12, 31), 3.0, "001", baseline_year=2015)


def one(terms, frame=FALLING, **more):
    return join([terms], Held(frame, **more))[terms.key]


def test_a_promise_of_all_gets_distance_pace_chance_and_state():
    found = one(COST)
    assert found.state == "too slow"
    assert found.assessment.distance == pytest.approx(3.0 - 6.3)
    assert found.assessment.required_pace < found.assessment.observed_pace < 0
    assert found.assessment.probability < 0.33
    assert (found.latest["value"], found.latest["period"]) == (6.3, "2021")
    assert (found.release, found.as_of, found.lack) == ("0001-test", date(2022, 12, 31), "")


def test_a_target_that_is_reached_is_met_and_one_nearly_reached_is_on_track():
    assert one(replace(COST, value=8.0)).state == "met"
    assert one(replace(COST, value=5.6)).state == "on track"
    assert one(replace(COST, better="higher", value=9.0)).state == "wrong way"


def test_no_target_value_is_not_measurable_and_not_a_failure():
    assert one(replace(COST, value=None)).state == "not measurable"


def test_a_deadline_is_a_day_and_not_the_end_of_its_year():
    within = replace(COST, due=date(2022, 6, 30))
    assert one(within).state == "missed"
    assert one(within).assessment.probability is None
    assert one(within, as_of=date(2022, 6, 30)).state != "missed"
    assert one(replace(within, value=8.0)).state == "met"


def test_a_leap_day_is_a_deadline_like_any_other():
    leap = replace(COST, due=date(2024, 2, 29))
    assert one(leap, as_of=date(2024, 2, 29)).state != "missed"
    assert one(leap, as_of=date(2024, 3, 1)).state == "missed"


def test_a_context_is_shown_and_never_gets_a_state():
    found = one(replace(COST, link="context"))
    assert found.state is None
    assert found.latest["value"] == 6.3


@pytest.mark.parametrize(
    ("area", "home", "state"), [("001", "NOR", None), ("NOR", "NOR", "too slow"), ("NOR", "", None)]
)
def test_the_deed_of_one_actor_gets_no_state_from_figures_of_others(area, home, state):
    frame = FALLING.with_columns(pl.lit(area).alias("area"))
    assert one(replace(COST, area=area, home=home, alone=True), frame).state == state


def test_a_proxy_gets_a_state_and_stays_a_proxy():
    found = one(replace(COST, link="proxy"))
    assert (found.state, found.terms.link) == ("too slow", "proxy")


def test_what_is_missing_is_told():
    told = {
        one(replace(COST, series="X_NONE")).lack,
        one(replace(COST, breakdown="AMOUNT=500")).lack,
        one(replace(COST, baseline_year=2020)).lack,
        one(COST, as_of=date(2031, 1, 1)).lack,
    }
    assert told == {NO_SERIES, NO_NUMBERS, TOO_FEW, TOO_OLD}
    assert one(replace(COST, series="X_NONE")).state == "no data"


def test_another_baseline_is_another_judgement():
    early = one(replace(COST, baseline_year=2015)).assessment
    late = one(replace(COST, baseline_year=2018)).assessment
    assert (early.points, late.points) == (7, 4)
    assert early.baseline != late.baseline


def test_later_numbers_than_the_day_of_judgement_are_not_seen():
    assert one(COST, as_of=date(2019, 12, 31)).latest["period"] == "2019"


def test_a_real_number_is_never_mixed_with_simulated_ones():
    both = pl.concat([FALLING, rows({2022: 1.0}, source="here@simulated-1")])
    assert one(COST, both).latest["period"] == "2021"
    invented = one(
        COST, rows({2015: 7.5, 2016: 7.0, 2017: 6.9}, source="here@simulated-1"), as_of=date(2018, 12, 31)
    )
    assert invented.invented
    assert not one(COST).invented


def corridors(**ends):
    return pl.concat(
        [
            rows({year: start + (end - start) * (year - 2015) / 6 for year in range(2015, 2022)}, area=area)
            for area, (start, end) in ends.items()
        ]
    )


@pytest.mark.parametrize(
    ("ends", "state"),
    [
        ({"NOR": (3, 2.9), "SWE": (4, 3.9)}, "met"),
        ({"NOR": (3, 2.9), "SWE": (9, 8.8)}, "too slow"),
        ({"NOR": (3, 2.9), "SWE": (9, 9.9)}, "wrong way"),
        ({"NOR": (9, 8.8), "SWE": (9, 9.9)}, "too slow"),
        ({"NOR": (3, 2.9), "SWE": (8, 5.5)}, "on track"),
    ],
)
def test_what_everybody_has_to_keep_is_judged_by_the_least_likely(ends, state):
    found = one(replace(COST, each=True, area="", value=5.0), corridors(**ends))
    assert found.state == state
    assert sum(found.spread.values()) == 2
    assert {point["area"] for point in found.course} <= {"NOR", "SWE"}


@pytest.mark.parametrize(("better", "count"), [("lower", 1), ("higher", 2)])
def test_how_many_lie_beyond_the_target_is_told_even_where_numbers_are_too_old(better, count):
    frame = corridors(NOR=(3, 2.9), SWE=(9, 8.8), DNK=(6, 4.9))
    terms = replace(COST, each=True, area="", value=5.0, better=better)
    now, later = one(terms, frame), one(terms, frame, as_of=date(2030, 1, 1))
    assert (now.beyond, now.newest) == (later.beyond, later.newest) == (count, ("2021", "2021"))
    assert later.state == "no data"
    assert one(replace(terms, value=None), frame).beyond is None
    assert one(COST).beyond is None


def test_on_track_for_all_asks_that_all_together_are_likely():
    # Each of many is likely enough alone, and all of them together are not.
    noisy = [{2015: 8, 2016: 7.2, 2017: 7.9, 2018: 6.6, 2019: 7.1, 2020: 6.2, 2021: 6.4}] * 12
    areas = ["NOR", "SWE", "DNK", "FIN", "ISL", "DEU", "FRA", "ITA", "ESP", "PRT", "POL", "CZE"]
    frame = pl.concat([rows(values, area=area) for values, area in zip(noisy, areas, strict=True)])
    alone = one(replace(COST, area="NOR", value=6.6), frame)
    together = one(replace(COST, area="", each=True, value=6.6), frame)
    assert alone.state == "on track"
    assert together.state == "cannot tell"


def test_the_same_release_gives_the_same_bytes():
    shuffled = FALLING.sample(fraction=1.0, shuffle=True, seed=1)
    assert one(COST).text() == one(COST, shuffled).text()
    assert one(COST).text() != one(COST, name="0002-test").text()


def test_two_targets_of_one_key_are_refused():
    with pytest.raises(ValueError, match="one key"):
        join([COST, COST], Held(FALLING))


def test_no_target_is_no_join():
    assert join([], Held(FALLING)) == {}


def test_a_release_that_changes_a_state_is_told_with_both_names():
    old = join([COST, replace(COST, key="T-2", value=None)], Held(FALLING))
    newer = Held(pl.concat([FALLING, rows({2022: 4.2, 2023: 2.1})]), date(2024, 12, 31), "0002-test")
    new = join([COST, replace(COST, key="T-2", value=None), replace(COST, key="T-3")], newer)
    assert changes(old, new) == (
        Change("T-1", "too slow", new["T-1"].state, "0001-test", "0002-test", 6.3, 2.1),
    )
    assert changes(old, old) == ()


@pytest.mark.parametrize(
    ("stated", "terms", "told"),
    [
        ("completed", COST, True),
        ("on_track", COST, True),
        ("in_progress", COST, False),
        ("unknown", COST, False),
        ("completed", replace(COST, value=8.0), False),
        ("not_started", replace(COST, value=8.0), True),
        ("completed", replace(COST, link="context"), False),
        ("completed", replace(COST, value=None), False),
    ],
)
def test_only_a_disagreement_is_listed_for_editors(stated, terms, told):
    found = contradictions({"T-1": one(terms)}, {"T-1": stated})
    assert bool(found) is told
    for each in found:
        assert (each.key, each.stated, each.release) == ("T-1", stated, "0001-test")
        assert each.measured in STATES


@pytest.fixture(scope="module")
def simulated(tmp_path_factory):
    """The demonstration's release, with a smaller survey."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo, "COUNTRY", Country(households=3_000))
        return load(open_release(demo.build_demo(tmp_path_factory.mktemp("demo")).path))


@pytest.fixture(scope="module")
def real(tmp_path_factory, shared):
    """A release of the real prices and detected victims."""
    place = tmp_path_factory.mktemp("real")
    (place / "data").mkdir()
    for name in ("rpw", "unodc"):
        (place / "data" / name).symlink_to(shared / "data" / name)
    return load(open_release(build(place / "data", place / "releases", Options(packaged=True)).path))


def test_the_three_joins_on_the_demonstration(simulated):
    found = join([AVERAGE, FIVE_BY_FIVE, CORRIDORS, EACH], simulated)
    assert [found[key].state for key in ("T-1", "T-2", "T-3", "T-4")] == [
        "too slow",
        "missed",
        "too slow",
        "too slow",
    ]
    assert found["T-3"].invented
    assert not found["T-1"].invented


def test_the_three_joins_on_real_prices(real):
    found = join([AVERAGE, FIVE_BY_FIVE, CORRIDORS], real)
    assert found["T-1"].state == "too slow"
    assert found["T-1"].latest["value"] == pytest.approx(6.36)
    assert found["T-2"].state == "missed"
    assert found["T-2"].latest["lower"] < found["T-2"].latest["value"] < found["T-2"].latest["upper"] < 5
    # The shares of corridors are computed to 2014 only: that is told, and no state is made up.
    assert (found["T-3"].state, found["T-3"].lack) == ("no data", TOO_FEW)


def test_a_join_says_what_the_release_itself_says_of_its_series(simulated):
    states = {code: name for name, code in STATE_CODES.items()}
    own = simulated.numbers(
        "SJ_PROGRESS_STATE", {"area": ["001"], "counterpart": [""], "breakdown": ["SERIES=SI_RMT_COST"]}
    )
    assert states[own["value"][0]] == join([AVERAGE], simulated)["T-1"].state
