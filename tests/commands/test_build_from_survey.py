"""From one's own file to a release: a CSV and its mapping become published observations with their errors."""

from __future__ import annotations

import hashlib
import json
import math

import pytest

from sojourn.release import open_release

MAPPING = """
title = "Labour-force survey"
years = [2022, 2022]
[design]
kind = "brr"
weight = "w"
replicates = "r{1..4}"
[concepts.nativity]
column = "born"
codes = { native = [1], foreign = [2] }
unknown = [9]
[concepts.sex]
column = "sex"
codes = { female = ["f"], male = ["m"] }
[concepts.age]
column = "age"
[concepts.employment]
column = "activity"
codes = { employed = ["works"], unemployed = ["seeks"], outside = ["neither"] }
blank = "not_in_universe"
"""
HEADER = "born,sex,age,activity,w,r1,r2,r3,r4"


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def survey(tmp_path):
    """Sixty foreign-born in the labour force, of whom fifteen seek work; and children, who were not asked."""
    lines = [HEADER]
    lines += ["2,f,40,seeks,10,20,5,10,5"] * 15 + ["2,m,40,works,10,5,10,10,15"] * 45
    lines += ["1,f,30,seeks,10,12,8,10,10"] * 30 + ["1,m,50,works,10,10,10,8,12"] * 270
    lines += ["1,f,50,neither,10,10,10,10,10"] * 40 + ["2,f,7,,10,10,10,10,10"] * 50
    lines += ["9,m,50,seeks,10,10,10,10,10"] * 35
    (tmp_path / "people.csv").write_text("\n".join(lines) + "\n")
    (tmp_path / "people.toml").write_text(MAPPING)
    return "--microdata", "people.csv", "--mapping", "people.toml", "--area", "POL"


def test_one_file_and_its_mapping_become_a_published_observation(run, survey, tmp_path):
    answer = run("build", *survey, "--json")
    assert answer.code == 0, answer.err
    release = open_release(json.loads(answer.out)["release"])

    row = (
        release.observations(series="SL_TLF_UEM")
        .filter(nativity="FOREIGN", sex="_T", age="Y_GE15")
        .row(0, named=True)
    )
    # By hand: 15 of 60 of equal weight; in the replicates 300/525, 75/525, 150/600, 75/750.
    replicates = [100 * share for share in (300 / 525, 75 / 525, 150 / 600, 75 / 750)]
    error = math.sqrt(sum((one - 25) ** 2 for one in replicates) / 4)
    assert (row["area"], row["period"], row["value"], row["n"]) == ("POL", "2022", pytest.approx(25), 60)
    assert row["se"] == pytest.approx(error, rel=1e-12)
    assert row["lower"] < 25 < row["upper"]
    assert row["source"] == "people@2022"
    assert row["method"].startswith("survey_share/1 [BRR, 4 replicates; logit 95%")

    inputs = {one.file: one.sha256 for one in release.manifest.inputs}
    for name in ("people.csv", "people.toml"):
        found = [digest for file, digest in inputs.items() if file.endswith(name)]
        assert found == [hashlib.sha256((tmp_path / name).read_bytes()).hexdigest()]


def test_the_total_has_those_of_unknown_birth_and_the_groups_have_not(run, survey):
    release = open_release(json.loads(run("build", *survey, "--json").out)["release"])
    found = release.observations(series="SL_TLF_UEM").filter(sex="_T", age="Y_GE15")
    values = {row["nativity"]: row["value"] for row in found.iter_rows(named=True)}
    assert values == {
        "_T": pytest.approx(100 * 80 / 395),
        "NATIVE": pytest.approx(10),
        "FOREIGN": pytest.approx(25),
    }
    gap = release.observations(series="SJ_TLF_UEM_GAP").filter(sex="_T", age="Y_GE15").row(0, named=True)
    assert gap["value"] == pytest.approx(15)
    assert gap["breakdown"] == "COMPARED=FOREIGN_NATIVE"


def test_the_same_survey_again_changes_nothing(run, survey):
    first = json.loads(run("build", *survey, "--json").out)
    assert "Nothing changed" in run("build", *survey).out
    assert json.loads(run("build", *survey, "--json").out)["release"] == first["release"]


def test_a_file_without_rows_is_named(run, survey, tmp_path):
    (tmp_path / "people.csv").write_text(HEADER + "\n")
    answer = run("build", *survey)
    assert answer.code != 0
    assert "holds no rows" in answer.err and "people.csv" in answer.err  # noqa: PT018


def test_an_unknown_code_stops_the_build_with_its_count(run, survey, tmp_path):
    text = (tmp_path / "people.csv").read_text().replace("2,m,40,works", "2,m,40,strikes")
    (tmp_path / "people.csv").write_text(text)
    answer = run("build", *survey)
    assert answer.code != 0
    for word in ("strikes", "45", "activity"):
        assert word in answer.err


def test_a_country_page_says_of_whom_each_number_is(run, survey):
    assert run("build", *survey).code == 0
    said = " ".join(run("country", "Poland").out.split())
    for words in (
        "Unemployment rate: foreign-born",
        "Unemployment rate: native-born",
        "Unemployment rate 2022",
    ):
        assert words in said


def test_numbers_without_an_error_are_shown_with_the_reason(run, survey, tmp_path):
    plain = MAPPING.replace('kind = "brr"', 'kind = "weights"').replace('replicates = "r{1..4}"\n', "")
    (tmp_path / "people.toml").write_text(plain)
    assert run("build", *survey).code == 0
    said = " ".join(run("show", "SJ_SURVEY_MIGRANT_STOCK").out.split())
    assert "is not known: no design is declared, only a weight." in said
