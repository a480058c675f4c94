"""Every format gives the same rows and labels; what is broken is named."""

from __future__ import annotations

import errno
import gzip
import zipfile

import polars as pl
import pyreadstat
import pytest
from polars.testing import assert_frame_equal

from sojourn.errors import DamagedError, LayoutError, SourceError
from sojourn.sources.microdata import conversion
from sojourn.sources.microdata.files import open_survey

ROWS = pl.DataFrame(
    {
        "nacio": [1.0, 2.0, 9.0, None],
        "peso": [10.5, 20.25, 3.0, 4.0],
        "pais": ["España", "Côte", "", "ż"],
    }
)
LABELS = {"nacio": "¿Dónde nació?", "peso": "Factor de expansión", "pais": "País"}
CODES = {"nacio": {1: "Aquí", 2: "En otro país", 9: "No sabe"}}


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


def test_spss_keeps_codes_labels_and_missing_codes(tmp_path, cache):
    path = tmp_path / "a.sav"
    pyreadstat.write_sav(
        ROWS, str(path), column_labels=LABELS, variable_value_labels=CODES, missing_ranges={"nacio": [9]}
    )
    survey = open_survey(path, cache)
    assert survey.frame.collect()["nacio"].to_list() == [1.0, 2.0, 9.0, None]
    assert survey.frame.collect()["pais"].to_list() == ["España", "Côte", None, "ż"]
    nacio = survey.variables.get("NACIO")
    assert (nacio.label, nacio.codes) == (
        "¿Dónde nació?",
        {"1": "Aquí", "2": "En otro país", "9": "No sabe"},
    )
    assert nacio.missing == ("9",)
    assert survey.rows == 4


def test_stata_keeps_lettered_missing_values_apart_where_they_are_labelled(tmp_path, cache):
    path = tmp_path / "a.dta"
    frame = pl.DataFrame({"citizen": pl.Series([1, 2, "a", "b"], dtype=pl.Object), "w": [1.0, 2.0, 3.0, 4.0]})
    pyreadstat.write_dta(
        frame,
        str(path),
        variable_value_labels={"citizen": {1: "Citizen", 2: "Foreign", "a": "Refused", "b": "Not asked"}},
        missing_user_values={"citizen": ["a", "b"]},
    )
    survey = open_survey(path, cache)
    assert survey.frame.collect()["citizen"].to_list() == ["1", "2", "a", "b"]
    assert survey.variables.get("citizen").codes["a"] == "Refused"


def test_a_file_of_more_than_one_block_is_whole(tmp_path, cache, monkeypatch):
    monkeypatch.setattr("sojourn.sources.microdata.statistical_files._ROWS", 3)
    frame = pl.DataFrame({"x": [float(i) for i in range(10)]})
    path = tmp_path / "b.sav"
    pyreadstat.write_sav(frame, str(path))
    assert_frame_equal(open_survey(path, cache).frame.collect(), frame)


def test_text_types_codes_and_blanks(tmp_path, cache):
    path = tmp_path / "a.csv"
    path.write_text("ST,w,nat,empty,id\n01,1.5,1,,12345678901234567890\n02,NA,2,,1\n", encoding="utf-8")
    frame = open_survey(path, cache).frame.collect()
    assert frame.schema == {
        "ST": pl.String,
        "w": pl.Float64,
        "nat": pl.Int64,
        "empty": pl.String,
        "id": pl.String,
    }
    assert frame["w"].to_list() == [1.5, None]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators(tmp_path, cache, separator):
    path = tmp_path / "a.txt"
    path.write_text(f"a{separator}b\n1{separator}2\n")
    assert open_survey(path, cache).frame.collect().rows() == [(1, 2)]


def test_text_of_other_encodings_is_read_and_said(tmp_path, cache):
    path = tmp_path / "a.csv"
    path.write_bytes("pais\nEspaña\n".encode("windows-1252"))
    survey = open_survey(path, cache)
    assert survey.frame.collect()["pais"].to_list() == ["España"]
    assert survey.problems["problem"].to_list() == ["is not UTF-8"]
    other = tmp_path / "b.csv"
    other.write_bytes("kraj\nŁódź\n".encode("windows-1250"))
    declared = open_survey(other, cache, encoding="windows-1250")
    assert declared.frame.collect()["kraj"].to_list() == ["Łódź"]
    assert declared.problems.height == 0
    wide = tmp_path / "c.csv"
    wide.write_bytes("kraj\nŁódź\n".encode("utf-16"))
    assert open_survey(wide, cache).frame.collect()["kraj"].to_list() == ["Łódź"]
    with pytest.raises(SourceError, match="not in the encoding"):
        open_survey(path, cache, encoding="utf-8")
    with pytest.raises(SourceError, match="No encoding"):
        open_survey(path, cache, encoding="klingon")


def test_zip_stacks_equal_tables_and_asks_between_different_ones(tmp_path, cache):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("psam_pusa.csv", "a,b\n1,2\n")
        archive.writestr("psam_pusb.csv", "a,b\n3,4\n")
        archive.writestr("readme.pdf", "x")
    assert open_survey(path, cache).frame.collect().rows() == [(1, 2), (3, 4)]
    assert open_survey(path, cache, table="psam_pusb").frame.collect().rows() == [(3, 4)]
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("psam_husa.csv", "h\n1\n")
    with pytest.raises(LayoutError, match="several layouts") as raised:
        open_survey(path, cache)
    assert "psam_husa.csv" in raised.value.accepted
    with pytest.raises(LayoutError, match="no table 'x'"):
        open_survey(path, cache, table="x")


def test_truncated_gzip_is_named_and_leaves_nothing(tmp_path, cache):
    whole = gzip.compress(b"a,b\n" + b"".join(b"%d,%d\n" % (i, i * i) for i in range(9999)))
    path = tmp_path / "a.csv.gz"
    path.write_bytes(whole[:-300])
    with pytest.raises(DamagedError, match="truncated"):
        open_survey(path, cache)
    assert list(cache.iterdir()) == []
    path.write_bytes(whole)
    assert open_survey(path, cache).rows == 9999


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b"a,b\n"),
        ("a.csv", b""),
        ("a.csv.gz", gzip.compress(b"a,b\n", mtime=0)),
        ("a.sav", b"$FL2 x"),
    ],
)
def test_files_without_rows_or_sense_are_errors(tmp_path, cache, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SourceError):
        open_survey(path, cache)


def test_statistical_and_parquet_files_of_no_rows(tmp_path, cache):
    pyreadstat.write_sav(ROWS.clear(), str(tmp_path / "a.sav"))
    ROWS.clear().write_parquet(tmp_path / "a.parquet")
    for name in ("a.sav", "a.parquet"):
        with pytest.raises(SourceError, match="no rows"):
            open_survey(tmp_path / name, cache)
    with pytest.raises(SourceError, match="no such file"):
        open_survey(tmp_path / "b.csv", cache)
    (tmp_path / "c.parquet").write_bytes(b"PAR1xxxx")
    with pytest.raises(DamagedError):
        open_survey(tmp_path / "c.parquet", cache)


def test_ragged_lines_are_an_error(tmp_path, cache):
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n1,2,3\n")
    with pytest.raises(DamagedError, match="does not fit the header"):
        open_survey(path, cache)


def test_a_full_disk_is_named(tmp_path, cache, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_text("a\n1\n")

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(conversion.tempfile, "TemporaryDirectory", full)
    with pytest.raises(SourceError, match="disk is full"):
        open_survey(path, cache)
    with pytest.raises(OSError, match="No space"):
        conversion.refuse_full_disk(RuntimeError("sink: No space left on device (os error 28)"))


def test_the_same_bytes_are_converted_once(tmp_path, cache, monkeypatch):
    path = tmp_path / "a.sav"
    pyreadstat.write_sav(ROWS, str(path), column_labels=LABELS)
    first = open_survey(path, cache)
    monkeypatch.setattr(pyreadstat, "read_sav", None)
    again = open_survey(path, cache)
    assert again.variables == first.variables
    assert_frame_equal(again.frame.collect(), first.frame.collect())


def test_several_files_of_one_layout_are_one_survey(shared, cache):
    folder = shared / "data/microdata/acs_pums_2024"
    survey = open_survey(sorted(folder.glob("p_*.parquet")), cache)
    assert (len(survey.paths), survey.frame.select(pl.len()).collect().item()) == (8, survey.rows)
    with pytest.raises(LayoutError, match="different columns"):
        open_survey([folder / "p_02.parquet", folder / "h_02.parquet"], cache)


def test_the_acs_sample_has_its_rows_and_replicates(shared, cache):
    survey = open_survey(shared / "data/microdata/acs2011_person_sample.csv.gz", cache)
    assert (survey.rows, len(survey.variables)) == (6279, 123)
    assert survey.variables.get("PWGTP80").kind == "number"


DDI = """<?xml version="1.0" encoding="UTF-8"?>
<codeBook xmlns="ddi:codebook:2_5">
<stdyDscr><citation><serStmt><serName abbr="ipumsi">IPUMS-International</serName><serInfo>x</serInfo></serStmt>
</citation><dataAccs><useStmt><citReq>cite</citReq><conditions>terms</conditions></useStmt></dataAccs></stdyDscr>
<fileDscr><fileTxt><fileName>ipumsi_1.dat</fileName><fileCont>x</fileCont><fileStrc type="{structure}"/>
<fileType charset="ISO-8859-1"/><format>fixed</format><filePlac>x</filePlac></fileTxt></fileDscr>
<dataDscr>{variables}</dataDscr></codeBook>"""
VARIABLE = """<var ID="{name}" name="{name}" dcml="{shift}" intrvl="discrete"><location StartPos="{start}" EndPos="{end}"
 width="{width}"/><labl>{label}</labl><txt>x</txt>{codes}<concept>x</concept><varFormat type="numeric"/></var>"""


def ddi(structure="rectangular"):
    code = "<catgry><catValu>{}</catValu><labl>{}</labl></catgry>"
    codes = "".join(code.format(*one) for one in [(0, "NIU"), (1, "Native-born"), (2, "Foreign-born")])
    nativity = {
        "name": "NATIVITY",
        "shift": 0,
        "start": 1,
        "end": 1,
        "width": 1,
        "label": "Nativity status",
        "codes": codes,
    }
    weight = {
        "name": "PERWT",
        "shift": 2,
        "start": 2,
        "end": 9,
        "width": 8,
        "label": "Person weight",
        "codes": "",
    }
    variables = VARIABLE.format(**nativity) + VARIABLE.format(**weight)
    return DDI.format(structure=structure, variables=variables)


def test_ipums_extract(tmp_path, cache):
    (tmp_path / "ipumsi_1.xml").write_text(ddi())
    lines = b"100001050\n200002000\n0       1\n"
    (tmp_path / "ipumsi_1.dat.gz").write_bytes(gzip.compress(lines))
    survey = open_survey(tmp_path / "ipumsi_1.xml", cache)
    assert survey.frame.collect().to_dict(as_series=False) == {
        "NATIVITY": [1.0, 2.0, 0.0],
        "PERWT": [10.5, 20.0, 0.01],
    }
    assert survey.variables.get("NATIVITY").codes == {
        "0": "NIU",
        "1": "Native-born",
        "2": "Foreign-born",
    }
    assert survey.variables.get("PERWT").label == "Person weight"
    (tmp_path / "ipumsi_1.dat.gz").write_bytes(gzip.compress(b"1000\n2000\n"))
    with pytest.raises(DamagedError, match="A line has 4 characters where the description asks for 9"):
        open_survey(tmp_path / "ipumsi_1.xml", cache)
    (tmp_path / "ipumsi_1.dat.gz").write_bytes(gzip.compress(lines * 9999)[:-20])
    with pytest.raises(DamagedError, match="truncated"):
        open_survey(tmp_path / "ipumsi_1.xml", cache)
    (tmp_path / "ipumsi_1.dat.gz").unlink()
    with pytest.raises(SourceError, match="not beside its description"):
        open_survey(tmp_path / "ipumsi_1.xml", cache)


def test_hierarchical_or_truncated_descriptions_are_errors(tmp_path, cache):
    (tmp_path / "a.dat").write_bytes(b"100001050\n")
    (tmp_path / "a.xml").write_text(ddi("hierarchical"))
    with pytest.raises(LayoutError, match="hierarchical"):
        open_survey(tmp_path / "a.xml", cache)
    (tmp_path / "a.xml").write_text(ddi()[:400])
    with pytest.raises(DamagedError, match="DDI"):
        open_survey(tmp_path / "a.xml", cache)


def test_r_files(tmp_path, cache):
    rdata = pytest.importorskip("rdata")
    frame = pl.DataFrame({"x": [1.0, 2.0], "word": ["a", "b"]})
    pandas = frame.to_pandas().astype({"word": object})
    rdata.write_rds(tmp_path / "a.rds", pandas)
    assert_frame_equal(open_survey(tmp_path / "a.rds", cache).frame.collect(), frame)
    rdata.write_rda(tmp_path / "b.rda", {"one": pandas, "two": pandas.head(1)})
    with pytest.raises(LayoutError, match="2 data frames"):
        open_survey(tmp_path / "b.rda", cache)
    assert open_survey(tmp_path / "b.rda", cache, table="two").rows == 1
    (tmp_path / "c.rds").write_bytes((tmp_path / "a.rds").read_bytes()[:40])
    with pytest.raises(DamagedError):
        open_survey(tmp_path / "c.rds", cache)
