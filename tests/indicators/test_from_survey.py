"""Indicators on persons of surveys: R's numbers on the ACS, plain sums, the simulated truth, and hostile files."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from sojourn import observations
from sojourn.errors import UsageError
from sojourn.indicators import (
    earnings,
    education_attainment,
    health_insurance,
    income_quintiles,
    language_proficiency,
    overcrowding,
    overqualification,
    poverty,
    unemployment,
    youth_neet,
)
from sojourn.indicators.from_survey import cube_of, missing, observe
from sojourn.indicators.model import Parameters, Tables
from sojourn.indicators.survey_questions import Measure, Question, coded
from sojourn.methods.survey import Design
from sojourn.methods.survey.safety import Safety
from sojourn.release.contract import check_declared
from sojourn.simulate import Country, population, write
from sojourn.sources.microdata.build import Microdata, microdata
from sojourn.sources.microdata.mapping import Design as Declared
from sojourn.surveys.designs import of_mapping

SEX = {"M": "M", "F": "F"}
NATIVITY = {"native": "NATIVE", "foreign": "FOREIGN"}
SIMULATED = Country(households=40_000)


@pytest.fixture(scope="module")
def cache(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def acs(shared, cache) -> Microdata:
    file = shared / "data/microdata/acs2011_person_sample.csv.gz"
    return microdata([file], "acs_pums", year=2011, cache=cache)


@pytest.fixture(scope="module")
def reference(shared) -> dict[tuple[str, str], dict[str, str]]:
    with (shared / "reference/survey/reference_survey4.5.csv").open(newline="") as file:
        return {(row["table"], row["label"]): row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def simulated(tmp_path_factory, cache) -> Microdata:
    file = tmp_path_factory.mktemp("simulated") / "survey.parquet"
    write(file, SIMULATED, 7)
    return microdata([file], "simulated_country", cache=cache)


def computed(indicator, *surveys: Microdata) -> pl.DataFrame:
    """All observations of an indicator, through the contract that a release holds them to."""
    made = indicator.INDICATOR
    frames = [observations.complete(f) for f in made.compute(Tables({}, surveys), made.parameters())]
    for frame in frames:
        check_declared(frame, {series.code: series for series in made.series})
    return observations.validate(pl.concat([observations.EMPTY, *frames]))


def one(found: pl.DataFrame, **codes: str) -> dict[str, object]:
    totals = {"sex": "_T", "age": "_T", "nativity": "_T", "citizenship": "_T", "breakdown": ""}
    rows = found.filter(**{**totals, **codes})
    assert rows.height == 1, rows
    return rows.row(0, named=True)


def assert_is(row: dict[str, object], expected: dict[str, str], times: float = 1.0) -> None:
    assert row["value"] == pytest.approx(float(expected["estimate"]) * times, rel=1e-9)
    assert row["se"] == pytest.approx(float(expected["se"]) * times, rel=1e-8)


def test_unemployment_by_nativity_is_that_of_r(acs, reference):
    found = computed(unemployment, acs)
    for label, nativity in NATIVITY.items():
        row = one(found, series="SL_TLF_UEM", nativity=nativity, age="Y_GE15")
        assert_is(row, reference["SDR.unemp_ratio", label], 100)
        assert row["level"] == 0.95
        assert row["lower"] < row["value"] < row["upper"]


def test_bachelors_by_nativity_and_sex_are_those_of_r_with_the_logit_interval(acs, reference):
    found = computed(education_attainment, acs)
    place = {"series": "SJ_EDUCATION_ATTAINMENT", "breakdown": "EDUCATION_LEV=AGG_6T8", "age": "Y_GE25"}
    for label, nativity in NATIVITY.items():
        for sex in SEX:
            row = one(found, **place, nativity=nativity, sex=sex)
            assert_is(row, reference["SDR.share_by", f"{label}.{sex}"], 100)
        row, expected = one(found, **place, nativity=nativity), reference["SDR.ciprop.logit", label]
        assert row["lower"] == pytest.approx(100 * float(expected["ci_l"]), rel=1e-8)
        assert row["upper"] == pytest.approx(100 * float(expected["ci_u"]), rel=1e-8)


def test_yearly_wages_their_median_and_their_gap_are_those_of_r(acs, reference):
    found = computed(earnings, acs)
    for label, nativity in NATIVITY.items():
        for sex in SEX:
            row = one(found, series="SJ_EARN_YEAR", nativity=nativity, sex=sex, age="Y_GE15")
            assert_is(row, reference["SDR.mean_by", f"{label}.{sex}"])
    median = one(found, series="SJ_EARN_YEAR_MEDIAN", nativity="FOREIGN", age="Y_GE15")
    assert_is(median, reference["SDR.quantile_rep.math", "wage.0.5"])
    gap = one(found, series="SJ_EARN_YEAR_GAP", breakdown="COMPARED=FOREIGN_NATIVE", age="Y_GE15")
    assert_is(gap, reference["SDR.gap_mean", "foreign-native"])


LINEARISED = """
extends = "acs_pums"
title = "American Community Survey with a declared stand-in design"
[design]
kind = "taylor"
weight = "PWGTP"
strata = ["ST"]
clusters = ["SERIALNO"]
lonely = "adjust"
"""


def test_a_declared_linearised_design_gives_the_errors_of_r(shared, cache, tmp_path, reference):
    (tmp_path / "linearised.toml").write_text(LINEARISED)
    file = shared / "data/microdata/acs2011_person_sample.csv.gz"
    survey = microdata([file], str(tmp_path / "linearised.toml"), year=2011, cache=cache)
    rate, attainment = computed(unemployment, survey), computed(education_attainment, survey)
    bachelor = {"breakdown": "EDUCATION_LEV=AGG_6T8", "age": "Y_GE25", "series": "SJ_EDUCATION_ATTAINMENT"}
    for label, nativity in NATIVITY.items():
        row = one(rate, series="SL_TLF_UEM", nativity=nativity, age="Y_GE15")
        assert_is(row, reference["TAYLOR.unemp_ratio", label], 100)
        for sex in SEX:
            row = one(attainment, **bachelor, nativity=nativity, sex=sex)
            assert_is(row, reference["TAYLOR.share_by", f"{label}.{sex}"], 100)


def test_medians_of_a_linearised_design_have_woodruffs_error_and_no_gap(shared, cache, tmp_path, reference):
    (tmp_path / "linearised.toml").write_text(LINEARISED)
    file = shared / "data/microdata/acs2011_person_sample.csv.gz"
    survey = microdata([file], str(tmp_path / "linearised.toml"), year=2011, cache=cache)
    found = pl.concat([observations.complete(frame) for frame in observe([survey], earnings.yearly())])
    median = one(found, series="SJ_EARN_YEAR_MEDIAN", nativity="FOREIGN", age="Y_GE15")
    expected = float(reference["TAYLOR.quantile_woodruff.math", "wage.0.5"]["estimate"])
    assert median["value"] == pytest.approx(expected, rel=1e-9)
    assert median["lower"] <= median["value"] <= median["upper"]
    assert "Woodruff" in median["method"]
    assert not found["series"].str.contains("MEDIAN_GAP").any()
    assert found["series"].str.contains("SJ_EARN_YEAR_GAP").any()


def test_a_ratio_between_groups_is_the_quotient_and_has_an_error(acs):
    found = computed(unemployment, acs)
    values = [
        one(found, series="SL_TLF_UEM", nativity=nativity, age="Y_GE15")["value"]
        for nativity in ("FOREIGN", "NATIVE")
    ]
    row = one(found, series="SJ_TLF_UEM_RATIO", breakdown="COMPARED=FOREIGN_NATIVE", age="Y_GE15")
    assert row["value"] == pytest.approx(values[0] / values[1], rel=1e-12)
    assert row["se"] > 0
    assert row["unit"] == "RO"


def test_everyone_has_a_fifth_in_each_national_quintile_but_for_equal_incomes(acs):
    found = computed(income_quintiles, acs)
    shares = [
        one(found, series="SJ_INCOME_QUINTILE", breakdown=f"QUANTILE=Q{k}")["value"] for k in range(1, 6)
    ]
    assert sum(shares) == pytest.approx(100)
    assert shares == pytest.approx([20.0] * 5, abs=1.0)


def test_foreign_born_of_each_state_are_the_plain_sums(shared, cache):
    folder = shared / "data/microdata/acs_pums_2024"
    for file in sorted(folder.glob("p_*.parquet")):
        survey = microdata([file], "acs_pums_points", year=2024, cache=cache)
        asked = Question("-", ("nativity",), (Measure("-", pl.lit(1), "mean"),))
        made = cube_of(survey, asked)
        assert made is not None
        table = dict(made.count(by="nativity").select("nativity", "estimate").iter_rows())
        rows = pl.read_parquet(file, columns=["NATIVITY", "PWGTP"])
        for code, nativity in ((1, "NATIVE"), (2, "FOREIGN")):
            assert table[nativity] == rows.filter(NATIVITY=code)["PWGTP"].sum()


# US Census Bureau, American Community Survey 2024 (one year), foreign-born in per cent of the population, as tabulated
# by Visual Capitalist, "The Share of Foreign-Born Residents in Every U.S. State". The public file is a sub-sample of
# the survey: 589,721 foreign-born in Connecticut against 584,336 published, 2,372,909 in New Jersey against 2,375,213.
PUBLISHED_SHARES = {"09": 15.9, "11": 15.5, "12": 23.1, "15": 18.6, "17": 15.4, "34": 25.0}


def test_foreign_born_shares_of_states_are_near_the_published_ones(shared, cache):
    folder = shared / "data/microdata/acs_pums_2024"
    found = {}
    for state in PUBLISHED_SHARES:
        survey = microdata([folder / f"p_{state}.parquet"], "acs_pums_points", year=2024, cache=cache)
        made = cube_of(survey, Question("-", ("nativity",), (Measure("-", pl.lit(1), "mean"),)))
        assert made is not None
        people = dict(made.count(by="nativity").select("nativity", "estimate").iter_rows())
        found[state] = 100 * people["FOREIGN"] / sum(people.values())
    assert found == pytest.approx(PUBLISHED_SHARES, abs=0.25)


def test_a_file_with_only_a_weight_gives_points_and_says_why_no_error(shared, cache):
    folder = shared / "data/microdata/acs_pums_2024"
    survey = microdata(
        [folder / "p_02.parquet"],
        "acs_pums_points",
        year=2024,
        joined=[folder / "h_02.parquet"],
        cache=cache,
    )
    found = computed(overcrowding, survey).filter(status="A")
    assert found.height
    assert found["se"].null_count() == found.height == found["lower"].null_count()
    assert found["note"].str.contains("no error is known: no design is declared, only a weight").all()
    rows = pl.read_parquet(folder / "p_02.parquet").join(
        pl.read_parquet(folder / "h_02.parquet"), on="SERIALNO", how="left"
    )
    housed = rows.filter(pl.col("RMSP") > 0, NATIVITY=2).with_columns(x=pl.col("NP") > pl.col("RMSP"))
    expected = 100 * housed.filter("x")["PWGTP"].sum() / housed["PWGTP"].sum()
    row = one(found, series="SJ_OVERCROWDING", nativity="FOREIGN", age="_T")
    assert row["value"] == pytest.approx(expected, rel=1e-12)
    assert "more than 1 persons per room" in row["note"]


def test_occupations_without_isco_give_no_over_qualification(acs):
    assert overqualification.from_rows([acs], "-", "-") == []
    question = Question("-", ("occupation",), ())
    assert missing(acs, question) == ("occupation",)


def truth() -> pl.DataFrame:
    return pl.concat(population(SIMULATED, np.random.default_rng(7).spawn(2)[0]))


def test_estimates_of_the_simulated_country_lie_near_its_truth(simulated):
    people = truth()
    born = {"FOREIGN": pl.col("birthplace") != "XSJ", "NATIVE": pl.col("birthplace") == "XSJ"}
    adult, youth = pl.col("age") >= 15, pl.col("age").is_between(15, 24)
    idle = (pl.col("activity") != 1) & (pl.col("in_school") == 0)
    cases = [
        (
            unemployment,
            "SL_TLF_UEM",
            "Y_GE15",
            adult & pl.col("activity").is_in([1, 2]),
            pl.col("activity") == 2,
        ),
        (youth_neet, "SL_TLF_NEET", "Y15T24", youth & pl.col("in_school").is_not_null(), idle),
        (poverty, "SI_POV_NAHC", "_T", pl.lit(True), pl.col("income_ratio") < 100),
        (health_insurance, "SJ_HEALTH_INSURANCE", "_T", pl.lit(True), pl.col("insured") == 1),
    ]
    for indicator, series, age, scope, yes in cases:
        found = computed(indicator, simulated)
        for nativity, group in born.items():
            expected = 100 * people.filter(scope & group).select(yes.mean()).item()
            row = one(found, series=series, nativity=nativity, age=age)
            assert abs(row["value"] - expected) < 4 * row["se"], (series, nativity, expected, row["value"])
            assert row["nature"] == "M"
            assert "simulated" in row["source"]
            assert "simulated" in row["note"]


def test_pay_of_the_simulated_country_lies_near_its_truth(simulated):
    hourly = (
        truth()
        .filter(pl.col("monthly_pay") > 0, pl.col("age") >= 15)
        .select(
            (pl.col("monthly_pay") * 12 / (52 * pl.col("hours"))).alias("pay"), pl.col("birthplace") == "XSJ"
        )
    )
    found = computed(earnings, simulated)
    for nativity, native in (("NATIVE", True), ("FOREIGN", False)):
        group = hourly.filter(birthplace=native)["pay"]
        for series, expected in (("SL_EMP_EARN", group.mean()), ("SJ_EMP_EARN_MEDIAN", group.median())):
            row = one(found, series=series, nativity=nativity, age="Y_GE15")
            assert abs(row["value"] - expected) < 4 * row["se"]


def test_few_cases_are_withheld_and_nowhere_printed(simulated):
    found = computed(unemployment, simulated)
    withheld = found.filter(status="Q")
    assert withheld.height
    assert withheld["value"].null_count() == withheld.height
    assert set(withheld["confidentiality"]) == {"A"}
    assert withheld["note"].str.contains("withheld: fewer than 30 cases").all()
    assert found["n"].drop_nulls().min() >= 30


MAPPING = """
title = "A small survey"
area = "POL"
year_column = "year"
[design]
{design}
[concepts.nativity]
column = "born"
codes = {{ native = ["here"], foreign = ["abroad"] }}
unknown = ["?"]
[concepts.insurance]
column = "insured"
codes = {{ yes = [1], no = [0] }}
unknown = [9]
not_in_universe = [8]
"""
BRR = 'kind = "brr"\nweight = "w"\nreplicates = "r{1..4}"'
ONLY_A_WEIGHT = 'kind = "weights"\nweight = "w"'


def small(folder: Path, design: str, rows: list[tuple[object, ...]]) -> Microdata:
    header = ["year", "born", "insured", "w", "r1", "r2", "r3", "r4"]
    (folder / "small.toml").write_text(MAPPING.format(design=design))
    pl.DataFrame(rows, schema=header, orient="row").write_csv(folder / "small.csv")
    return microdata([folder / "small.csv"], str(folder / "small.toml"), cache=folder / "cache")


def rows_of(born: str, insured: int, count: int, shift: int = 0) -> list[tuple[object, ...]]:
    return [(2022, born, insured, 2, 1 + shift, 3, 2, 2 - shift) for _ in range(count)]


def test_unknown_and_not_asked_are_in_no_group_and_never_a_no(tmp_path):
    rows = rows_of("here", 1, 60) + rows_of("here", 0, 40, 1) + rows_of("abroad", 1, 40) + rows_of("?", 1, 35)
    noise = rows_of("here", 9, 50) + rows_of("abroad", 8, 50)
    found = computed(health_insurance, small(tmp_path, BRR, rows + noise))
    native = one(found, series="SJ_HEALTH_INSURANCE", nativity="NATIVE")
    assert (native["value"], native["n"]) == (60.0, 100)
    everyone = one(found, series="SJ_HEALTH_INSURANCE")
    assert everyone["value"] == pytest.approx(100 * 135 / 175)
    assert everyone["n"] == 175
    assert set(found["nativity"]) == {"_T", "NATIVE", "FOREIGN"}
    # By hand: the replicates' totals are 60 and 40 people times (1, 3, 2, 2) and (2, 3, 2, 1).
    shares = np.array([60 / 140, 180 / 300, 120 / 200, 120 / 160]) * 100
    assert native["se"] == pytest.approx(np.sqrt(np.mean((shares - 60) ** 2)), rel=1e-12)


def test_an_error_of_zero_is_no_error_and_says_why(tmp_path):
    found = computed(
        health_insurance, small(tmp_path, BRR, rows_of("here", 1, 50) + rows_of("abroad", 1, 50))
    )
    row = one(found, series="SJ_HEALTH_INSURANCE", nativity="NATIVE")
    assert row["value"] == 100
    assert row["se"] is None
    assert "no error is known" in row["note"]


def test_without_weights_there_are_cases_and_no_number_for_the_population(tmp_path):
    rows = rows_of("here", 1, 60) + rows_of("abroad", 0, 40)
    found = computed(health_insurance, small(tmp_path, 'kind = "none"', rows))
    assert found["value"].null_count() == found.height
    assert set(found["status"]) == {"M"}
    assert one(found, series="SJ_HEALTH_INSURANCE", nativity="FOREIGN")["n"] == 40
    assert found["note"].str.contains("declares no weights").all()
    assert not found["series"].str.contains("GAP|RATIO").any()


def test_groups_without_cases_are_not_there(tmp_path):
    found = computed(health_insurance, small(tmp_path, ONLY_A_WEIGHT, rows_of("here", 1, 60)))
    assert set(found["nativity"]) == {"_T", "NATIVE"}
    assert not found["series"].str.contains("GAP|RATIO").any()


def test_a_question_that_nobody_answered_gives_nothing(tmp_path):
    survey = small(tmp_path, BRR, rows_of("here", 1, 60))
    nobody = Measure("S", pl.when(pl.col("nativity") == "foreign").then(1))
    assert observe([survey], Question("X", ("insurance",), (nobody,))) == []


def test_rows_without_a_year_are_counted_in_the_note(tmp_path):
    rows = rows_of("here", 1, 60) + rows_of("abroad", 0, 60)
    survey = small(tmp_path, ONLY_A_WEIGHT, rows + [(None, *row[1:]) for row in rows_of("here", 1, 12)])
    found = computed(health_insurance, survey)
    assert set(found["period"]) == {"2022"}
    assert found["note"].str.contains("12 cases without a year").all()


def test_what_a_mapping_is_not_sure_of_stands_with_the_number(acs):
    found = computed(education_attainment, acs).filter(status="A")
    assert found["note"].str.contains("education: 21 is bachelor").all()
    assert not found["note"].str.contains("education: from memory").any()


def test_every_number_without_an_error_says_so(simulated, acs, shared, cache):
    folder = shared / "data/microdata/acs_pums_2024"
    points = microdata([folder / "p_56.parquet"], "acs_pums_points", year=2024, cache=cache)
    for indicator in (unemployment, health_insurance, language_proficiency, poverty):
        found = computed(indicator, simulated, acs, points)
        silent = found.filter(pl.col("se").is_null(), pl.col("status") != "Q")
        assert silent["note"].str.contains("no error").all()


def test_the_column_that_stands_in_is_read_where_one_of_the_expression_is_absent(acs, shared, cache):
    points = microdata(
        [shared / "data/microdata/acs_pums_2024/p_56.parquet"], "acs_pums_points", year=2024, cache=cache
    )
    assert any("annual_earnings: read from WAGP as it is" in note for note in points.standard.notes)
    assert not any("read from WAGP as it is" in note for note in acs.standard.notes)
    raw = pl.read_parquet(shared / "data/microdata/acs_pums_2024/p_56.parquet")["WAGP"].sum()
    assert points.standard.frame.select(pl.col("annual_earnings").sum()).collect().item() == raw


def test_years_stand_apart_and_a_break_is_said(tmp_path):
    rows = rows_of("here", 1, 60) + rows_of("here", 0, 40)
    later = [(2023, *row[1:]) for row in rows_of("here", 1, 50)]
    survey = small(tmp_path, ONLY_A_WEIGHT, rows + later)
    text = (
        (tmp_path / "small.toml")
        .read_text()
        .replace(
            "[design]", '[[breaks]]\nyear = 2023\nconcept = "insurance"\nwhat = "New question."\n[design]'
        )
    )
    (tmp_path / "small.toml").write_text(text)
    survey = microdata([tmp_path / "small.csv"], str(tmp_path / "small.toml"), cache=tmp_path / "cache")
    found = computed(health_insurance, survey)
    before, after = (one(found, nativity="NATIVE", period=year) for year in ("2022", "2023"))
    assert (before["value"], before["status"], after["value"], after["status"]) == (60, "A", 100, "B")
    assert "years before 2023 are not comparable: New question" in after["note"]
    assert "comparable" not in before["note"]


def test_a_delete_one_jackknife_gives_no_median_and_says_why(tmp_path):
    design = 'kind = "jk1"\nweight = "w"\nreplicates = "r{1..4}"'
    survey = small(tmp_path, design, rows_of("here", 1, 60) + rows_of("abroad", 0, 60, 1))
    asked = Question("X", ("insurance",), (Measure("S", coded("insurance", ["yes"]), "quantile", q=0.5),))
    (frame,) = observe([survey], asked)
    assert frame["status"].to_list() == ["M"]
    assert "inconsistent" in frame["note"][0]


@pytest.mark.parametrize(
    ("declared", "scale"),
    [
        ({"kind": "sdr"}, 1.0),
        ({"kind": "brr"}, 0.25),
        ({"kind": "fay", "fay": 0.5}, 1.0),
        ({"kind": "jk1"}, 0.75),
        ({"kind": "jkn", "rscales": (0.5, 0.5, 0.5, 0.5)}, 1.0),
        ({"kind": "bootstrap"}, 0.25),
        ({"kind": "bootstrap", "scale": 0.3}, 0.3),
    ],
)
def test_every_replicated_design_has_its_documented_scale(declared, scale):
    design = of_mapping(Declared(weight="w", replicates="r{1..4}", **declared))
    assert design.scale == pytest.approx(scale)
    assert len(design.replicates) == 4


def test_a_scale_that_contradicts_the_method_is_refused_wherever_the_mapping_is_used():
    with pytest.raises(UsageError, match="not that of sdr"):
        of_mapping(Declared(kind="sdr", weight="w", replicates="r{1..4}", scale=3.0))


def test_a_linearised_design_keeps_strata_and_clusters():
    found = of_mapping(Declared(kind="taylor", weight="w", strata=("s",), clusters=("c",)))
    assert found == Design.taylor("w", ("s",), ("c",))


def test_a_disclosure_protector_is_heard(tmp_path):
    survey = small(tmp_path, ONLY_A_WEIGHT, rows_of("here", 1, 60) + rows_of("abroad", 0, 60))
    protector = Safety(suppressor=lambda table: (table["nativity"] == "FOREIGN").fill_null(False))
    found = pl.concat(
        [observations.complete(f) for f in observe([survey], health_insurance.QUESTION, protector)]
    )
    assert set(found.filter(nativity="FOREIGN")["status"]) == {"Q"}


def test_a_parameter_of_overcrowding_is_written_with_the_number(simulated):
    made = overcrowding.INDICATOR
    limit = overcrowding.OvercrowdingParameters(persons_per_room=1.5)
    assert isinstance(limit, Parameters)
    frames = made.compute(Tables({}, (simulated,)), limit)
    assert all(frame["note"].str.contains("more than 1.5 persons per room").all() for frame in frames)
