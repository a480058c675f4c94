"""`sojourn survey`: describe and inventory, as a person and as a program get them."""

from __future__ import annotations

import csv
import gzip
import io
import json

import polars as pl
import pytest

from sojourn.sources.microdata.mapping import read_mapping


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text(
        "nativity,citizen,sex,age,weight,empstat\n1,Citizen,Female,30,1.5,Employed\n2,Foreigner,Male,40,2.5,Unemployed\n"
    )
    return path


def test_describe_for_a_person_and_the_mapping_it_writes(run, file, tmp_path):
    target = tmp_path / "map.toml"
    answer = run("survey", "describe", str(file), "--write", str(target), "--area", "POL", "--year", "2021")
    assert answer.code == 0
    for word in ("nativity", "citizen: Citizen", "foreigner: Foreigner", "2 rows, 6 columns", "correct it"):
        assert word in " ".join(answer.out.split()), word
    mapping = read_mapping(target)
    assert (mapping.area, mapping.years, mapping.design.weight) == ("POL", (2021, 2021), "weight")
    again = run("survey", "describe", str(file), "--write", str(target))
    assert again.code == 2
    assert "already there" in again.err


def test_describe_for_a_program(run, file):
    answer = json.loads(run("survey", "describe", str(file), "--json").out)
    by = {one["concept"]: one for one in answer["proposals"]}
    assert by["citizenship"]["reading"]["codes"] == {"citizen": ["Citizen"], "foreigner": ["Foreigner"]}
    assert 0 < by["nativity"]["confidence"] <= 1
    assert answer["rows"] == 2


def test_inventory_of_a_file_a_mapping_and_a_packaged_mapping(run, file, tmp_path):
    answer = run("survey", "inventory", str(file))
    assert answer.code == 0
    text = " ".join(answer.out.split())
    for word in ("Unemployment rate", "Missing questions", "everywhere: points only", "8.5.2"):
        assert word in text, word
    rows = json.loads(run("survey", "inventory", "acs_pums", "--json").out)
    by = {(one["indicator"], one["breakdown"]): one for one in rows}
    assert by["8.5.2", "nativity"]["status"] == "possible"
    assert by["8.5.2", "citizenship"] == by["8.5.2", "citizenship"] | {
        "status": "possible with less",
        "why": ["no code for stateless people"],
    }
    assert by["8.5.2", "legal_status"]["status"] == "possible with less"
    assert "imputation" in by["8.5.2", "legal_status"]["why"][0]
    assert by["10.7.1", "everybody"]["status"] == "impossible"
    assert "first job abroad" in " ".join(by["10.7.1", "everybody"]["question"])
    target = tmp_path / "map.toml"
    run("survey", "describe", str(file), "--write", str(target))
    table = list(csv.DictReader(io.StringIO(run("survey", "inventory", str(target), "--csv").out)))
    assert len(table) == len(rows)
    assert {row["status"] for row in table if row["indicator"] == "8.5.2"} == {
        "possible with less",
        "impossible",
    }


@pytest.mark.parametrize(
    ("name", "content", "code", "word"),
    [
        ("a.csv.gz", gzip.compress(b"a,b\n" * 999, mtime=0)[:-9], 1, "truncated"),
        ("a.csv", b"a,b\n", 1, "no rows"),
        ("a.toml", b"title = ", 1, "no TOML"),
    ],
)
def test_errors_say_what_to_do(run, tmp_path, name, content, code, word):
    path = tmp_path / name
    path.write_bytes(content)
    answer = run("survey", "inventory", str(path))
    assert answer.code == code
    assert word in answer.err
    assert "to do:" in answer.err


def test_no_such_file_or_country(run, tmp_path, file):
    assert run("survey", "describe", str(tmp_path / "none.csv")).code == 1
    assert run("survey", "describe", str(file), "--area", "XQX").code == 2


def test_hostile_names_do_not_drive_a_terminal(run, tmp_path):
    pl.DataFrame({"nativity": ["Native \x1b[2J", "Foreign"]}).write_parquet(tmp_path / "a.parquet")
    answer = run("survey", "describe", str(tmp_path / "a.parquet"))
    assert answer.code == 0
    assert "\x1b[2J" not in answer.out


def test_the_real_surveys_can_be_described(run, shared):
    folder = shared / "data/microdata"
    for path in ("geih_bogota/migration.parquet", "sd2011/SD2011.csv.gz", "acs_pums_2024/p_56.parquet"):
        assert run("survey", "describe", str(folder / path)).code == 0
        assert run("survey", "inventory", str(folder / path)).code == 0
