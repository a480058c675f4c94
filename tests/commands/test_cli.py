"""The command: what a person types, what comes back, and with which exit code."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from sojourn.commands import show
from sojourn.release import folder

COMMANDS = [
    "demo",
    "build",
    "fetch",
    "list",
    "show",
    "explain",
    "problems",
    "differences",
    "verify",
    "diff",
    "incidents",
    "version",
]


@pytest.fixture
def project(run, small_data):
    """A project folder with a release; `small_data` lies in its `data` folder."""
    assert run("build").code == 0
    return run


def test_without_arguments_the_command_helps(run):
    answer = run()
    assert answer.code == 0
    assert "Usage" in answer.out


def test_help_names_every_command(run):
    answer = run("--help")
    assert answer.code == 0
    for command in COMMANDS:
        assert command in answer.out


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(run, command):
    answer = run(command, "--help")
    assert answer.code == 0
    assert "Usage" in answer.out


def test_build_uses_the_current_project_and_says_what_it_made(run, small_data):
    answer = run("build")
    assert answer.code == 0
    assert "10.c.1" in answer.out
    assert "no file holds what it needs; missing: World Population Prospects (wpp)" in " ".join(
        answer.out.split()
    )
    assert len(folder.releases(Path("releases"))) == 1
    again = run("build")
    assert again.code == 0
    assert "Nothing changed" in again.out


def test_build_as_json_tells_where_the_release_is(run, small_data):
    answer = json.loads(run("build", "--json").out)
    assert Path(answer["release"]).is_dir()
    assert answer["unchanged"] is False
    assert {"inputs", "indicators", "parameters", "as_of", "not_before"} <= answer.keys()


def test_build_with_folders_as_options(run, small_data, tmp_path):
    assert run("build", "--data", str(small_data), "--out", str(tmp_path / "elsewhere")).code == 0
    assert folder.releases(tmp_path / "elsewhere")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("build", "--set", "prices.level"), "no assignment"),
        (("build", "--set", "prices.level=ninety"), "cannot be read"),
        (("build", "--set", "prices.levels=0.9"), "prices.levels"),
        (("build", "--set", "price.level=0.9"), "No parameters are called"),
        (("build", "--as-of", "yesterday"), "no day"),
        (("build", "--not-before", "soon"), "no moment"),
        (("list", "everything"), "no list of"),
        (("show", "remittance cost", "--release", "0099"), "No release"),
        (("fetch", "everything"), "No source"),
        (("nonsense",), "nonsense"),
        (("show",), "INDICATOR"),
    ],
)
def test_a_question_that_cannot_be_answered_ends_with_2_and_says_why(run, small_data, arguments, message):
    answer = run(*arguments)
    assert answer.code == 2
    assert message.lower() in answer.err.lower()
    assert "Traceback" not in answer.err


def test_a_damaged_file_ends_with_1_and_says_where(run, small_data):
    (small_data / "broken.xlsx").write_bytes(b"<html>sorry</html>")
    answer = run("build")
    assert answer.code == 1
    assert "web page" in answer.err
    assert "broken.xlsx" in answer.err
    assert run("build", "--skip-damaged").code == 0


def test_errors_as_json(run):
    answer = run("show", "remittance cost", "--json")
    error = json.loads(answer.out)
    assert answer.code == 2
    assert error["error"] == "NotFoundError"
    assert "sojourn build" in error["advice"]


def test_no_data_folder_says_what_to_do(run):
    answer = run("build")
    assert answer.code == 1
    assert "no such data folder" in answer.err


@pytest.mark.parametrize("text", ["remittance cost", "SI_RMT_COST", "si_rmt_cost", "price of remittances"])
def test_show_finds_what_a_person_means(project, text):
    answer = project("show", text)
    assert answer.code == 0
    assert "SI_RMT_COST " in answer.out
    assert "World" in answer.out


def test_show_a_corridor_by_names(project):
    answer = project("show", "corridor cost", "--area", "United States", "--counterpart", "Mexico")
    assert "United States → Mexico" in answer.out
    assert "5" in answer.out


def test_parts_are_left_out_only_where_the_total_is():
    rows = [("A", "_T", "_T"), ("A", "F", "_T"), ("A", "_T", "Y0T17"), ("B", "F", "Y0T17")]
    blank = dict.fromkeys(("nativity", "citizenship", "legal_status"), "_T")
    blank |= {"counterpart": "", "period": "2020", "breakdown": ""}
    frame = pl.DataFrame([dict(zip(("area", "sex", "age"), row, strict=True)) | blank for row in rows])
    assert show.of_everybody(frame)["area"].to_list() == ["A", "B"]
    women = frame.filter(sex="F")
    assert show.of_everybody(women)["age"].to_list() == ["_T", "Y0T17"]


def test_show_as_csv_and_json_give_all_columns(project):
    rows = list(csv.DictReader(io.StringIO(project("show", "SI_RMT_COST_BC", "--csv").out)))
    assert {"series", "area", "counterpart", "value", "se", "lower", "upper", "source", "basis"} <= rows[
        0
    ].keys()
    listed = json.loads(project("show", "SI_RMT_COST_BC", "--area", "USA", "--json").out)
    assert {row["area"] for row in listed} == {"USA"}


def test_show_what_the_release_does_not_hold_says_what_it_holds(project):
    answer = project("show", "SI_RMT_COST_BC", "--area", "FRA")
    assert answer.code == 2
    assert "areas; periods" in answer.err
    unknown = project("show", "SI_RMT_COST_BC", "--area", "Mexcio")
    assert unknown.code == 2
    assert "Mexico" in unknown.err


def test_show_an_indicator_by_number_finds_the_series_that_has_the_corridor(project):
    assert "United States → Mexico" in project("show", "10.c.1", "--area", "USA", "--counterpart", "MEX").out


def test_show_all_sources(project):
    rows = list(
        csv.DictReader(io.StringIO(project("show", "SI_RMT_COST", "--area", "World", "--all", "--csv").out))
    )
    assert len({row["source"] for row in rows if row["period"] == "2013-Q3"}) == 2


def test_show_prints_no_control_characters(run, small_data):
    prices = small_data / "prices.csv"
    prices.write_text(prices.read_text().replace("ZZZ", "Z\x1b[2JZ"))
    assert run("build").code == 0
    assert "\x1b[2J" not in run("problems").out


def test_show_nonsense_says_so(project):
    answer = project("show", "the price of fish")
    assert answer.code == 2


def test_explain_gives_formula_sources_and_limits(project):
    text = " ".join(project("explain", "amount spent on transfer").out.split())
    assert "sum R_ij c_ij / 100" in text
    assert "Ratha and Shaw" in text
    assert "five percentage *points*" in " ".join(project("explain", "5x5").out.split())


@pytest.mark.parametrize(
    ("series", "file"),
    [
        ("SJ_CPA_SCORE", "migration_policy_answers.csv"),
        ("SJ_PORTABILITY", "social_security_agreements.csv"),
        ("SJ_PORTABILITY", "social_security_hosts.csv"),
        ("SJ_DTH_MIGR_PER_ATTEMPT", "crossing_attempts.csv"),
    ],
)
def test_explain_gives_the_columns_of_a_file_of_ones_own(project, series, file):
    text = project("explain", series).out
    assert f"A file of your own: {file}" in text
    assert "header " in text
    assert "A file of your own" not in project("explain", "BX_TRF_PWKR").out


@pytest.mark.parametrize("what", ["sources", "indicators", "series", "areas", "releases", "inputs"])
def test_lists_for_people_and_programs(project, what):
    assert project("list", what).code == 0
    assert json.loads(project("list", what, "--json").out)
    assert project("list", what, "--csv").out.count("\n") > 1


def test_list_of_releases_in_an_empty_project(run):
    assert run("list", "releases").code == 2


def test_fetch_without_a_name_lists_size_licence_and_registration(run):
    answer = run("fetch")
    assert answer.code == 0
    for word in ("licence", "registration", "CC BY", "50.8 MB", "refuses", "Remittance Prices"):
        assert word in answer.out


def test_fetch_by_hand_prints_the_page_and_the_place(run):
    answer = run("fetch", "rpw")
    text = "".join(answer.out.split())
    assert answer.code == 0
    assert "https://remittanceprices.worldbank.org/data-download" in text
    assert "data/rpw/rpw_dataset.xlsx" in text


def test_verify_and_one_flipped_byte(project):
    assert project("verify").code == 0
    path = folder.releases(Path("releases"))[0] / folder.OBSERVATIONS
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.chmod(0o644)
    path.write_bytes(content)
    answer = project("verify", str(path.parent))
    assert answer.code == 1
    assert "observations.parquet differs" in answer.out
    assert json.loads(project("verify", "--json").out)["sound"] is False


def test_diff_names_changes_and_reasons(project, small_data):
    project("build", "--set", "prices.world_excludes_senders=[]")
    answer = project("diff", "1", "2")
    assert answer.code == 0
    assert "changed" in answer.out
    assert "prices.world_excludes_senders" in answer.out
    assert json.loads(project("diff", "1", "2", "--json").out)["changed"]


def test_problems_and_differences(project):
    assert "ZZZ" in project("problems", "--csv").out
    assert "destination_code" in project("problems").out
    assert project("differences").code == 0
    assert project("differences", "--open", "--json").code == 0
    assert "SI_RMT_COST" in project("differences", "remittance cost", "--by-year", "--csv").out


def test_the_project_file_sets_folders_and_parameters(run, small_data):
    Path("sojourn.toml").write_text(
        '[project]\nreleases = "out"\n[parameters.prices]\nworld_excludes_senders = []\n', encoding="utf-8"
    )
    manifest = json.loads(run("build", "--json").out)
    assert manifest["parameters"]["prices"]["world_excludes_senders"] == []
    assert folder.releases(Path("out"))


@pytest.mark.parametrize(
    "content", ["[project\n", '[project]\nreleses = "x"\n', "[parameters]\nprices = 3\n"]
)
def test_a_wrong_project_file_is_named(run, small_data, content):
    Path("sojourn.toml").write_text(content, encoding="utf-8")
    answer = run("build")
    assert answer.code == 2
    assert "sojourn.toml" in "".join(answer.err.split())


def test_an_embargo_hides_numbers_but_not_the_build(run, small_data):
    assert run("build", "--not-before", "2999-01-01").code == 0
    answer = run("show", "remittance cost")
    assert answer.code == 1
    assert "may not be read yet" in answer.err
    assert run("verify").code == 0


def test_the_entry_point_runs_as_a_program(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "sojourn", "show", "x"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "There is no release here yet" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_closed_pipe_is_no_fault(project):
    code = f"{sys.executable} -m sojourn list areas --csv | head -1"
    done = subprocess.run(code, shell=True, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("area,")
    assert "Traceback" not in done.stderr


def test_country_gives_numbers_corridors_and_gaps(project):
    content = json.loads(project("country", "Mexico", "--json").out)
    assert content["area"] == "MEX"
    assert {"SI_RMT_COST", "SJ_RMT_COST_SPENT"} <= {row["series"] for row in content["numbers"]}
    assert content["corridors"]["SI_RMT_COST_BC"] > 0
    missing = {gap["series"]: gap for gap in content["gaps"]}
    assert missing["SJ_POPULATION"]["why"] == "no source in this release"
    assert any("World Population Prospects" in source for source in missing["SJ_POPULATION"]["sources"])
    assert missing["VC_HTF_DETV"]["why"] == "the sources have no figure for this country"
    assert missing["VC_HTF_DETV"]["from_whom"] == ["UNODC"]
    assert "UN DESA, Population Division" in missing["SJ_POPULATION"]["from_whom"]
    assert "labour force survey" in missing["SJ_PAY_GAP"]["from_whom"][0]
    # Prices of remittances fill no gap but their own.
    assert not [
        code
        for code, gap in missing.items()
        if not code.startswith("SI_RMT") and any("rpw_databank" in source for source in gap["sources"])
    ]
    assert not set(missing) & {row["series"] for row in content["numbers"]}
    # What cannot be of one country is no gap of one; what is scored from answers is not filled by categories.
    assert not {"SJ_MOBILITY_SENSITIVITY", "SG_CPA_MIGRP", "SJ_RMT_5X5"} & set(missing)
    assert not any("unsdg" in source for source in missing["SJ_CPA_SCORE"]["sources"])
    assert not any("wdi" in source for source in missing["SJ_ENTRY"]["sources"])
    assert "What is missing" in project("country", "MEX").out
    assert project("country", "Atlantis").code == 2
