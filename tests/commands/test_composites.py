"""A composite index is shown with its components and the range of its rank, whichever way it is asked for."""

from __future__ import annotations

import csv
import io
import json
import shutil

import pytest

FILES = (
    "policy/passport-index-tidy-iso3.csv",
    "wdi/sm.pop.totl.csv.gz",
    "wdi/sp.pop.totl.csv.gz",
    "unsdg/ddf--datapoints--sg_cpa_migrs--by--geo_area--nature--policy_domains--units--year.csv",
)
PARTS = {"OUTWARD": "0.825", "INWARD": "0.47", "PROTECTED": "0.75", "REALISED": "0.753"}


@pytest.fixture
def mobility(run, shared, tmp_path):
    (tmp_path / "data").mkdir()
    for name in FILES:
        shutil.copy(shared / "data" / name, tmp_path / "data")
    assert run("build", "--as-of", "2025-12-31").code == 0
    return run


def range_of_the_rank(mobility) -> str:
    rank = json.loads(mobility("show", "SJ_MOBILITY_RANK", "--area", "ESP", "--json").out)[0]
    return f"{rank['value']:.0f} ({rank['lower']:.0f} to {rank['upper']:.0f}"


def test_neither_index_nor_rank_nor_country_hides_the_components(mobility):
    for question in (
        ("show", "SJ_MOBILITY", "--area", "ESP"),
        ("show", "SJ_MOBILITY_RANK", "--area", "ESP"),
        ("country", "ESP"),
    ):
        answer = " ".join(mobility(*question).out.split())
        assert range_of_the_rank(mobility) in answer, question
        for name, value in PARTS.items():
            assert name in answer, question
            assert value in answer, question


def test_a_program_reads_the_components_beside_the_index(mobility):
    listed = json.loads(mobility("country", "ESP", "--json").out)["numbers"]
    csv_rows = list(
        csv.DictReader(io.StringIO(mobility("show", "SJ_MOBILITY", "--area", "ESP", "--csv").out))
    )
    index = [row for row in listed if row["series"] == "SJ_MOBILITY" and not row["breakdown"]]
    for row in (*index, *csv_rows):
        assert all(f"{name} {value}" in row["note"] for name, value in PARTS.items())
        assert "in 90 % of 1000 variants" in row["note"]
    assert len(index) == len(csv_rows) == 1
    assert {row["breakdown"] for row in listed if row["series"] == "SJ_MOBILITY"} == {
        "",
        *(f"COMPONENT={name}" for name in PARTS),
    }


def test_other_series_have_no_such_columns(mobility):
    assert "parts" not in mobility("show", "SG_CPA_MIGRS", "--area", "ESP").out
