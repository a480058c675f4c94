"""Every download says what it is: series, sources with licence and hashes, columns, citation – inside or beside."""

from __future__ import annotations

import io
import json
import zipfile

import openpyxl
import polars as pl
import pytest

from sojourn import observations
from sojourn.release import open_release
from sojourn.web import formats
from sojourn.web.about import COLUMNS, about, lines
from sojourn.web.api.answers import COLUMNS as OFFERED
from sojourn.web.holding import load

ASKED = "/api/v1/observations.{}?series=SI_RMT_COST&area=MEX"


@pytest.fixture(scope="module")
def holding(two_releases):
    return load(open_release(two_releases[1]))


def content(answer) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_every_column_that_can_be_had_is_explained():
    assert set(COLUMNS) == {*OFFERED, "release"}
    assert set(observations.SCHEMA.names()) <= set(COLUMNS)


def test_a_table_names_its_series_sources_and_files(holding):
    found = holding.found("SI_RMT_COST", {"area": ["MEX"]})
    told = about(holding, found, "/asked")
    assert told["rows"] == found.height
    assert [one["code"] for one in told["series"]] == ["SI_RMT_COST"]
    assert told["series"][0]["definition"]
    assert "SI_RMT_COST" in told["citation"]
    hashes = {file["sha256"] for one in told["sources"] for file in one["files"]}
    used = {part for name in found["source"].unique().cast(pl.String) for part in name.split("+")}
    assert {f"{one['source']}@{one['edition']}" for one in told["sources"]} == used
    assert hashes == {one.sha256 for one in holding.release.manifest.inputs if one.source in used}


def test_a_zip_has_the_table_and_beside_it_what_it_is(reader):
    with zipfile.ZipFile(io.BytesIO(content(reader.get(ASKED.format("zip"))))) as packed:
        assert packed.testzip() is None
        assert packed.namelist() == ["metadata.json", "observations.csv"]
        told = json.loads(packed.read("metadata.json"))
        rows = pl.read_csv(packed.read("observations.csv"), infer_schema=False)
    assert rows.height == told["rows"] > 3
    assert set(rows.columns) <= set(told["columns"])
    assert told["series"][0]["code"] == "SI_RMT_COST"


def test_a_zip_is_the_same_bytes_each_time(reader):
    assert content(reader.get(ASKED.format("zip"))) == content(reader.get(ASKED.format("zip")))


def test_a_zip_goes_out_in_pieces(holding, monkeypatch):
    monkeypatch.setattr(formats, "PIECE", 10)
    found = holding.found("SI_RMT_COST_BC")
    parts = list(formats.zipped(found, ["area", "value"], {"rows": found.height}))
    assert len(parts) > found.height // 10
    with zipfile.ZipFile(io.BytesIO(b"".join(parts))) as packed:
        assert len(packed.read("observations.csv").splitlines()) == found.height + 1


def test_a_workbook_has_a_sheet_that_says_what_it_is(reader):
    book = openpyxl.load_workbook(io.BytesIO(content(reader.get(ASKED.format("xlsx")))), read_only=True)
    told = dict(book["about"].iter_rows(values_only=True))
    book.close()
    assert told["series 1 code"] == "SI_RMT_COST"
    assert told["columns value"] == COLUMNS["value"]
    assert any(name.startswith("sources 1 files 1") for name in told)


def test_parquet_and_json_carry_it_inside(reader):
    stored = pl.read_parquet_metadata(io.BytesIO(content(reader.get(ASKED.format("parquet")))))
    assert json.loads(stored["series"])[0]["code"] == "SI_RMT_COST"
    told = json.loads(content(reader.get(ASKED.format("json"))))
    assert told["rows"] == len(told["observations"])
    assert told["sources"][0]["licence"]


def test_nested_facts_become_lines():
    assert lines({"a": {"b": [1, None]}}) == [("a b 1", "1"), ("a b 2", "")]


def test_a_workbook_that_is_too_long_is_not_offered(reader, monkeypatch):
    from django.template import engines

    environment = engines["jinja2"].env
    monkeypatch.setitem(environment.globals, "most_xlsx", 5)
    text = reader.get("/en/series/SI_RMT_COST?area=MEX&period=2012-Q3").content.decode()
    assert "Excel holds no" in text


@pytest.mark.parametrize("height", [0, 1, 7, 20])
def test_an_arrow_stream_in_pieces_is_the_whole_table(monkeypatch, height):
    from sojourn.web import formats

    monkeypatch.setattr(formats, "PIECE", 7)
    frame = pl.DataFrame(
        {"area": [f"A{one}" for one in range(height)], "value": [one / 3 for one in range(height)]},
        schema={"area": pl.Categorical, "value": pl.Float64},
    )
    told = b"".join(formats.arrow(frame, ["area", "value"]))
    assert pl.read_ipc_stream(io.BytesIO(told)).equals(frame.cast({"area": pl.String}))


def test_no_part_of_a_file_is_promised(reader, two_releases):
    """A table is made while it is sent: a program that goes on in the middle would get another's rows."""
    name = two_releases[1].name
    for address in (
        f"/api/v1/releases/{name}/files/observations.parquet",
        "/api/v1/observations.csv?series=SI_RMT_COST",
        "/api/v1/observations.parquet?series=SI_RMT_COST",
    ):
        answer = reader.get(address, headers={"range": "bytes=0-9"})
        assert answer.status_code == 200
        assert answer.headers["Accept-Ranges"] == "none"
        assert len(b"".join(answer) if answer.streaming else answer.content) > 10


def test_years_that_run_backwards_are_no_empty_answer(reader):
    answer = reader.get("/api/v1/observations.json?series=SI_RMT_COST&first=2030&last=2000")
    assert answer.status_code == 400
    assert answer.json()["what"] == "No year is from 2030 to 2000"
    assert answer.json()["accepted"]
    assert reader.get("/api/v1/observations.json?series=SI_RMT_COST&first=2011&last=2011").status_code == 200
