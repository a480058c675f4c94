"""SAS transport files, labels of an older encoding, plain text that is read in place, yes and no."""

from __future__ import annotations

import json

import polars as pl
import pyreadstat
import pytest

from sojourn.sources.microdata import text_files
from sojourn.sources.microdata.files import open_survey


def test_a_sas_transport_file(tmp_path):
    path = tmp_path / "people.xpt"
    frame = pl.DataFrame({"NATIV": [1.0, 2.0, None], "WT": [10.5, 2.25, 3.0], "PLACE": ["01", "02", ""]})
    pyreadstat.write_xport(frame, str(path), column_labels=["Born here", "Weight", "Place"])
    survey = open_survey(path, tmp_path / "cache")
    assert survey.rows == 3
    assert survey.frame.collect().rows() == [(1.0, 10.5, "01"), (2.0, 2.25, "02"), (None, 3.0, None)]
    assert survey.variables.get("NATIV").label == "Born here"


@pytest.mark.parametrize("ending", ["sav", "dta"])
def test_labels_that_are_not_in_the_encoding_that_the_file_names(tmp_path, ending):
    path = tmp_path / f"people.{ending}"
    frame = pl.DataFrame({"place": [1.0, 2.0]})
    labels = {"place": {1: "Zuerich", 2: "Bern"}}
    if ending == "sav":
        pyreadstat.write_sav(frame, str(path), variable_value_labels=labels)
    else:
        pyreadstat.write_dta(frame, str(path), variable_value_labels=labels, version=15)
    content = path.read_bytes()
    assert content.count(b"Zuerich") == 1
    path.write_bytes(content.replace(b"Zuerich", b"Z\xfc\xfcrich"))
    survey = open_survey(path, tmp_path / "cache")
    assert survey.variables.get("place").codes == {"1": "Züürich", "2": "Bern"}
    assert "encoding" in survey.problems["problem"][0]


def test_plain_text_is_read_where_it_is(tmp_path, monkeypatch):
    path = tmp_path / "people.csv"
    path.write_text("ort,w\nKöln,1\n")

    def copied(*_):
        raise AssertionError("plain text was copied")

    monkeypatch.setattr(text_files, "_unpack", copied)
    assert open_survey(path, tmp_path / "cache").frame.collect().rows() == [("Köln", 1)]


def test_columns_of_true_and_false_are_such(tmp_path):
    path = tmp_path / "people.csv"
    path.write_text("woman,word,empty\ntrue,true,\nFALSE,maybe,\n,false,\n")
    frame = open_survey(path, tmp_path / "cache").frame.collect()
    assert frame["woman"].to_list() == [True, False, None]
    assert frame["word"].to_list() == ["true", "maybe", "false"]
    assert frame["empty"].to_list() == [None] * 3


def test_negative_codes_that_no_label_explains_are_pointed_out(tmp_path, monkeypatch, capsys):
    from sojourn import cli

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "people.csv").write_text(
        "age,weight,nativity\n" + "-8,1,1\n30,1,2\n41,2,1\n" * 5 + "-9,1,1\n"
    )
    with pytest.raises(SystemExit):
        cli.main(["survey", "describe", "people.csv", "--json"])
    told = json.loads(capsys.readouterr().out)["unlabelled"]
    assert told == [
        "age in age: -9 in 1 rows, -8 in 5 rows, which no label explains; if it is no amount, list it under unknown or "
        "not_in_universe"
    ]
