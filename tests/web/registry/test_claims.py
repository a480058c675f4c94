"""Quotations beside what is measured: the verdict is the release's, and "cannot tell" is one of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from types import SimpleNamespace

import polars as pl
import pytest

from sojourn import demo, framework, observations
from sojourn.release import Options, build, open_release
from sojourn.simulate import Country
from sojourn.web.holding import load
from sojourn.web.registry import verdicts
from sojourn.web.registry.claims import Claim, Quantity, claims
from sojourn.web.registry.thesaurus import LANGUAGES
from sojourn.web.registry.verdicts import CANNOT_TELL, DOES_NOT, HOLDS, judge


@dataclass
class Held:
    frame: pl.DataFrame
    series: dict = field(default_factory=lambda: {"X_COST": {"unit": "PT"}, "X_OTHER": {"unit": "PT"}})
    name: str = "0001-test"
    release = SimpleNamespace(manifest=SimpleNamespace(as_of=date(2026, 12, 31)))

    def numbers(self, series, where):
        known = [pl.col(name).is_in(values) for name, values in where.items()]
        return self.frame.filter(pl.col("series") == series, *known)


def rows(*given, series="X_COST", source="here@1", area="001"):
    """Rows of (period, value, half of the interval; None: no error is known)."""
    return observations.complete(
        pl.DataFrame(
            [
                {
                    "indicator": "X",
                    "series": series,
                    "area": area,
                    "period": period,
                    "value": float(value),
                    "lower": None if reach is None else float(value - reach),
                    "upper": None if reach is None else float(value + reach),
                    "unit": "PT",
                    "source": source,
                    "method": "as_published/1",
                }
                for period, value, reach in given
            ],
            schema_overrides={"lower": pl.Float64, "upper": pl.Float64},
        )
    )


SAID = Claim(
    code="x",
    said_by="somebody",
    said_on=date(2015, 2, 13),
    statement="",
    words="as low as two per cent",
    quoted=True,
    sources="S1",
    certainty="verified",
    relation="at_most",
    quantity=Quantity("X_COST", "001"),
    unit="PT",
    label={"en": "x"},
    value=2.0,
    rounding=0.5,
)


def verdict(claim, *frames, **more):
    (found,) = judge([claim], Held(pl.concat(frames) if frames else rows(), **more))
    return found


@pytest.mark.parametrize(
    ("value", "reach", "said"),
    [(1.9, 0.3, HOLDS), (2.4, 0.3, CANNOT_TELL), (3.0, 0.3, DOES_NOT), (1.0, None, CANNOT_TELL)],
)
def test_a_round_figure_is_judged_by_the_whole_interval(value, reach, said):
    assert verdict(SAID, rows(("2014-Q2", value, reach))).verdict == said


@pytest.mark.parametrize(("value", "said"), [(1.8, HOLDS), (4.9, CANNOT_TELL), (6.0, DOES_NOT)])
def test_not_yet_is_the_other_side_of_reached(value, said):
    claim = replace(SAID, relation="not_yet", value=5.0, rounding=0.0)
    assert verdict(claim, rows(("2014-Q2", value, 0.5))).verdict == said


def test_at_least_is_judged_from_below():
    claim = replace(SAID, relation="at_least", value=5.0, rounding=0.0)
    assert [verdict(claim, rows(("2014", value, 0.5))).verdict for value in (7, 5.2, 3)] == [
        HOLDS,
        CANNOT_TELL,
        DOES_NOT,
    ]


def test_only_what_was_measured_before_it_was_said_counts():
    later = rows(("2014-Q2", 1.9, 0.1), ("2015", 9.0, 0.1), ("2020", 9.0, 0.1))
    found = verdict(SAID, later)
    assert (found.verdict, found.number.period) == (HOLDS, "2014-Q2")
    assert verdict(SAID, rows(("2015", 1.0, 0.1))).reason == verdicts.NO_NUMBER
    assert verdict(SAID, rows(("2008", 1.0, 0.1))).reason == verdicts.NO_NUMBER


def test_a_number_with_an_error_goes_before_a_newer_one_without():
    found = verdict(SAID, rows(("2014-Q2", 1.9, 0.1), ("2014-Q4", 1.5, None)))
    assert (found.number.period, found.verdict) == ("2014-Q2", HOLDS)


def test_simulated_numbers_give_no_verdict_on_what_real_people_said():
    found = verdict(SAID, rows(("2014-Q2", 1.9, 0.1), source="here@simulated-1"))
    assert (found.verdict, found.reason, found.number) == (CANNOT_TELL, verdicts.SIMULATED, None)


def test_what_has_another_unit_is_not_compared():
    claim = replace(SAID, relation="larger_than", other=Quantity("X_OTHER", "001"))
    both = (rows(("2014", 9.0, 1)), rows(("2014", 3.0, 1), series="X_OTHER"))
    assert verdict(claim, *both).verdict == HOLDS
    assert verdict(claim, both[0], rows(("2014", 30.0, 1), series="X_OTHER")).verdict == DOES_NOT
    assert verdict(claim, both[0], rows(("2014", 9.5, 1), series="X_OTHER")).verdict == CANNOT_TELL
    found = verdict(claim, *both, series={"X_COST": {"unit": "MO"}, "X_OTHER": {"unit": "PT"}})
    assert (found.verdict, found.reason) == (CANNOT_TELL, verdicts.OTHER_UNIT)


COUNTRIES = ["NOR", "SWE", "DNK", "FIN", "ISL", "DEU", "FRA", "ITA", "ESP", "PRT", "POL", "CZE"]
RISING = replace(SAID, relation="rising", quantity=Quantity("X_COST"), since=2004)


def counts(growth, countries=COUNTRIES, first="2004"):
    return [
        rows((first, 100 + 10 * place, None), ("2014", (100 + 10 * place) * growth(place), None), area=area)
        for place, area in enumerate(countries)
    ]


def test_rising_is_judged_by_the_countries_that_counted_in_both_years():
    assert verdict(RISING, *counts(lambda place: 1.5 + place % 3 / 10)).verdict == HOLDS
    assert verdict(RISING, *counts(lambda place: 0.5 + place % 3 / 10)).verdict == DOES_NOT
    assert verdict(RISING, *counts(lambda place: 0.2 if place % 2 else 1.9)).verdict == CANNOT_TELL


def test_a_country_that_began_to_report_does_not_make_a_rise():
    new = [rows(("2014", 50_000, None), area=area) for area in ("USA", "IND", "BRA")]
    found = verdict(RISING, *counts(lambda place: 0.5 + place % 3 / 10), *new)
    assert (found.verdict, found.number.countries) == (DOES_NOT, 12)


def test_a_rise_of_few_countries_is_not_told():
    found = verdict(RISING, *counts(lambda _: 2.0, COUNTRIES[:9]))
    assert (found.verdict, found.reason) == (CANNOT_TELL, verdicts.TOO_FEW_COUNTRIES)


def test_the_ratio_and_its_error_are_those_of_the_handbook():
    x, y = [100.0 + 10 * place for place in range(12)], []
    y = [value * (1.5 + place % 3 / 10) for place, value in enumerate(x)]
    ratio = sum(y) / sum(x)
    se = (12 / 11 * sum((b - ratio * a) ** 2 for a, b in zip(x, y, strict=True))) ** 0.5 / sum(x)
    number = verdict(RISING, *counts(lambda place: 1.5 + place % 3 / 10)).number
    assert number.value == pytest.approx(ratio)
    # t(0.975; 11 degrees of freedom), from a printed table.
    assert number.upper - number.value == pytest.approx(2.20099 * se, rel=1e-5)


def test_years_that_are_not_measured_are_told():
    assert verdict(RISING, *counts(lambda _: 2.0, first="2007")).starts_late == 2007
    assert verdict(RISING, *counts(lambda _: 2.0, first="2004")).starts_late is None


def test_the_shipped_claims_are_whole_and_cite_items_that_exist():
    items = {one.id for one in framework.load().meeting}
    assert len(claims()) == 4
    for one in claims():
        assert set(one.label) == set(LANGUAGES)
        assert one.sources
        assert one.certainty
        assert not one.statement or one.statement in items
    with pytest.raises(ValueError, match="relation"):
        replace(SAID, relation="nearly")


def test_on_real_data_two_claims_hold_and_two_cannot_be_told(shared, tmp_path):
    (tmp_path / "data").mkdir()
    for name in ("rpw", "unodc"):
        (tmp_path / "data" / name).symlink_to(shared / "data" / name)
    built = build(tmp_path / "data", tmp_path / "releases", Options(packaged=True))
    found = {one.claim.code: one for one in judge(claims(), load(open_release(built.path)))}
    assert {code: one.verdict for code, one in found.items()} == {
        "russia-two-per-cent": HOLDS,
        "five-by-five-not-yet": HOLDS,
        "child-victims-rising": CANNOT_TELL,
        "recruitment-saves-more": CANNOT_TELL,
    }
    russia, victims = found["russia-two-per-cent"].number, found["child-victims-rising"]
    assert (russia.period, round(russia.value, 2)) == ("2014-Q2", 1.92)
    assert (victims.number.countries, victims.starts_late) == (25, 2007)
    assert victims.number.lower < 1 < victims.number.value < victims.number.upper
    assert found["recruitment-saves-more"].reason == verdicts.OTHER_UNIT


def test_on_the_demonstration_nothing_can_be_told(tmp_path, monkeypatch):
    monkeypatch.setattr(demo, "COUNTRY", Country(households=3_000))
    holding = load(open_release(demo.build_demo(tmp_path).path))
    found = judge(claims(), holding)
    assert {one.verdict for one in found} == {CANNOT_TELL}
    assert {one.release for one in found} == {holding.name}


def test_a_speaker_whom_nobody_has_checked_is_marked(loaded, reader):
    page = reader.get("/en/registry/claims").content.decode()
    unchecked = [one for one in claims() if not one.speaker_is_checked]
    assert len(unchecked) == 2
    assert page.count("who said it is not checked</span>") == 2
