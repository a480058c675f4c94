"""Opening files: told by their bytes, read with the right line numbers, refused with a reason."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import zipfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sojourn.errors import DamagedError, SourceError
from sojourn.sources.files import describe, heads, input_files, load
from sojourn.sources.kinds import kind_of
from sojourn.sources.model import RawSheet
from sojourn.sources.text_tables import _Split
from sojourn.sources.workbooks import label

TABLE = "country,year,value\nMEX,2011,1\nUSA,2012,2\n"


def loaded(path: Path, header_row: int = 1, sheet: str | None = None) -> RawSheet:
    return load(describe(path), sheet, header_row)


def first_rows(path: Path) -> tuple[tuple[str | None, ...], ...]:
    (head,) = heads(describe(path))
    return head.rows


# -- finding -----------------------------------------------------------------------------------------


def test_folder_lists_data_files_in_order_of_name(tmp_path: Path, write) -> None:
    for name in (
        "b.csv",
        "a/z.xlsx",
        "README",
        "notes.md",
        ".hidden",
        "~$b.xlsx",
        "c.csv.part",
        ".git/x.csv",
    ):
        write(name, "x")
    found = input_files(tmp_path)
    assert [file.name for file in found] == ["a/z.xlsx", "b.csv"]
    assert found[1].size == 1
    assert found[1].sha256 == "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("absent", "There is no such data folder"),
        ("file.csv", "This is not a folder"),
        ("empty", "The data folder holds no"),
    ],
)
def test_folder_that_is_none(tmp_path: Path, write, name: str, what: str) -> None:
    write("file.csv", "x")
    (tmp_path / "empty").mkdir()
    with pytest.raises(SourceError, match=what) as error:
        input_files(tmp_path / name)
    assert error.value.advice
    assert str(tmp_path / name) in str(error.value.where)


def test_linked_folder_is_read_once(tmp_path: Path, write) -> None:
    write("elsewhere/a.csv", "x")
    data = tmp_path / "data"
    data.mkdir()
    (data / "linked").symlink_to(tmp_path / "elsewhere")
    (data / "circle").symlink_to(data)
    assert [file.name for file in input_files(data)] == ["linked/a.csv"]


def test_link_in_a_circle_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    with pytest.raises(SourceError, match="cannot be opened") as error:
        input_files(tmp_path)
    assert str(error.value.where) == "loop.csv"


def test_broken_link_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "gone.csv").symlink_to(tmp_path / "nowhere")
    with pytest.raises(SourceError, match="No such file"):
        input_files(tmp_path)


def test_folder_instead_of_a_file(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="Is a directory"):
        describe(tmp_path)


def test_file_without_permission(tmp_path: Path, write, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write("secret.csv", TABLE)
    if os.geteuid() == 0:  # for whom permissions do not count

        def refuse(self: Path, *_: object, **__: object) -> io.BytesIO:
            raise PermissionError(13, "Permission denied", str(self))

        monkeypatch.setattr(Path, "open", refuse)
    else:
        path.chmod(0)
    with pytest.raises(SourceError, match=r"cannot be opened \(Permission denied\)") as error:
        input_files(tmp_path)
    assert str(error.value.where) == "secret.csv"


# -- kinds -------------------------------------------------------------------------------------------


def parquet() -> bytes:
    stream = io.BytesIO()
    pl.DataFrame({"year": [2011], "value": [1.5]}).write_parquet(stream)
    return stream.getvalue()


def zipped(**members: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_csv", ".csv"), content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (TABLE.encode(), "text"),
        (gzip.compress(TABLE.encode()), "gzip"),
        (zipped(a_csv=TABLE), "zip"),
        (parquet(), "parquet"),
        (b'\xef\xbb\xbf[{"a": 1}]', "json"),
        (b"  \n<!DOCTYPE html><html>", "html"),
        (b"<?xml version='1.0'?>", "xml"),
    ],
    # The bytes hold the time, and would name the test anew in each process.
    ids=("text", "gzip", "zip", "parquet", "json", "html", "xml"),
)
def test_kind_is_told_by_bytes_under_any_name(write, content: bytes, kind: str) -> None:
    assert kind_of(describe(write("data.xlsx", content))) == kind


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "The file is empty"),
        (b"\xef\xbb\xbf", "The file is empty"),
        (b" \r\n", "The file is empty"),
        (bytes(4096), "nothing but zero bytes"),
    ],
)
def test_empty_file(write, content: bytes, what: str) -> None:
    with pytest.raises(DamagedError, match=what) as error:
        list(heads(describe(write("a.csv", content))))
    assert error.value.advice == "Download it again."


def test_error_page_saved_as_workbook(write) -> None:
    page = b"<html><head><title>403 Forbidden</title></head></html>"
    with pytest.raises(DamagedError, match="a web page, not data") as error:
        list(heads(describe(write("rpw_dataset.xlsx", page))))
    assert str(error.value.where) == "rpw_dataset.xlsx"


def test_every_truncation_is_told_and_none_crashes(write, workbook) -> None:
    book = workbook("whole.xlsx", {"A": [["country", "year"], *[["MEX", year] for year in range(500)]]})
    wholes = {
        "xlsx": book.read_bytes(),
        "gz": gzip.compress(os.urandom(3000).hex().encode()),
        "zip": zipped(a_csv=TABLE * 50),
        "parquet": parquet(),
        "json": json.dumps([{"a": 1}] * 20).encode(),
    }
    for kind, whole in wholes.items():
        for share in (0.2, 0.5, 0.9, 0.999):
            file = describe(write(f"cut.{kind}", whole[: int(len(whole) * share)]))
            with pytest.raises(DamagedError, match="truncated or damaged") as error:
                [load(file, head.sheet, 1) for head in heads(file)]
            assert str(error.value.where).startswith(f"cut.{kind}")


def test_truncated_xls(shared: Path, write) -> None:
    whole = (shared / "data/wdi_remittances/sending-cost-from-country.xls").read_bytes()
    for share in (0.01, 0.3, 0.7):
        file = describe(write("cut.xls", whole[: int(len(whole) * share)]))
        with pytest.raises(DamagedError, match="truncated or damaged"):
            list(heads(file))


# -- text --------------------------------------------------------------------------------------------


def test_gzip_zip_and_plain_read_alike(write) -> None:
    plain = loaded(write("a.csv", TABLE)).frame
    assert plain.rows() == [("MEX", "2011", "1"), ("USA", "2012", "2")]
    assert loaded(write("a.gz", gzip.compress(TABLE.encode()))).frame.equals(plain)
    archive = write("a.zip", zipped(a_csv=TABLE, Metadata_b_csv="x,y\n1,2\n"))
    assert [head.sheet for head in heads(describe(archive))] == ["a.csv", "Metadata_b.csv"]
    assert loaded(archive, sheet="a.csv").frame.equals(plain)


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_line_ends_and_separators(write, end: str, mark: str) -> None:
    path = write("a.csv", TABLE.replace(",", mark).replace("\n", end))
    assert first_rows(path)[0] == ("country", "year", "value")
    sheet = loaded(path)
    assert sheet.frame.rows() == [("MEX", "2011", "1"), ("USA", "2012", "2")]
    assert sheet.row_numbers.to_list() == [2, 3]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(write, encoding: str) -> None:
    path = write("a.csv", "country,value\nCôte d’Ivoire,1\n".encode(encoding))
    assert first_rows(path)[0] == ("country", "value")
    assert loaded(path).frame.row(0) == ("Côte d’Ivoire", "1")


def test_one_latin_line_does_not_spoil_the_others(write) -> None:
    path = write("a.csv", "name,v\nTürkiye,1\n".encode() + "Curaçao,2\n".encode("latin-1"))
    assert loaded(path).frame["name"].to_list() == ["Türkiye", "Curaçao"]


def test_lines_above_the_header_and_trailing_commas(write) -> None:
    path = write(
        "a.csv", '\ufeff"Data Source","WDI",\n\n"Updated","2021",\n\n"country","year",\n"MEX","2011",\n'
    )
    sheet = loaded(path, header_row=5)
    assert sheet.preamble == (("Data Source", "WDI", None), (), ("Updated", "2021", None), ())
    assert sheet.frame.columns == ["country", "year"]
    assert sheet.row_numbers.to_list() == [6]


def test_blank_lines_and_cells_over_several_lines_keep_line_numbers(write) -> None:
    path = write("a.csv", 'a,"b\nb"\n1,2\n\n"three\nlines\nlong",4\n\n5,6\n')
    sheet = loaded(path)
    assert sheet.frame.columns == ["a", "b\nb"]
    assert sheet.frame.rows() == [("1", "2"), ("three\nlines\nlong", "4"), ("5", "6")]
    assert sheet.row_numbers.to_list() == [3, 5, 9]


def test_short_line_is_filled_and_foot_note_kept_apart(write) -> None:
    assert loaded(write("a.csv", "a,b,c\n1,2\n3,4,5\n")).frame.rows() == [("1", "2", None), ("3", "4", "5")]
    assert loaded(write("b.csv", "a,b,c\n1,2,3\nSource: WDI")).frame.rows()[-1] == ("Source: WDI", None, None)
    assert loaded(write("c.csv", "a,b\n1,2,,\n")).frame.rows() == [("1", "2")]


@pytest.mark.parametrize(
    ("content", "what", "row"),
    [
        ("a,b\n1,2\n3,4,5\n6,7\n", "The line has 3 cells", 3),
        ("a,b,c\n1,2,3\n4,5", "The last line is cut off after 2 cells", 3),
        ('a,b\n1,2\n3,"4\n5,6\n', "A quotation mark is not closed", 3),
        ('a,b\n"1\n1",2\n\n3,"4"x\n', "A quotation mark is not closed, or stands inside", 5),
        ("a,b\n1,2\n3,\x004\n", "The text holds a zero byte", 3),
    ],
)
def test_line_that_does_not_fit_is_named(write, content: str, what: str, row: int) -> None:
    path = write("a.csv", content)
    with pytest.raises(DamagedError, match=what) as error:
        loaded(path)
    assert str(error.value.where) == f"a.csv, row {row}"


CELL = st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)
@given(rows=st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=6))
def test_any_table_that_csv_writes_is_read_back(write, rows: list[list[str]]) -> None:
    def written(row: list[str]) -> str:
        stream = io.StringIO()
        csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(row)
        return stream.getvalue()

    records = [written(row) for row in [["first", "second", "third"], *rows]]
    sheet = loaded(write("a.csv", "".join(records)))
    got = {
        number: [(cell or "").strip() for cell in row]
        for number, row in zip(sheet.row_numbers, sheet.frame.rows(), strict=True)
        if any((cell or "").strip() for cell in row)
    }
    starts = [1 + "".join(records[: index + 1]).count("\n") for index in range(len(rows))]
    stripped = [[cell.strip() for cell in row] for row in rows]
    assert got == {start: row for start, row in zip(starts, stripped, strict=True) if any(row)}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100)
@given(rows=st.lists(st.lists(st.text("ab 1.-", max_size=4), min_size=2, max_size=2), min_size=1, max_size=6))
def test_quick_and_careful_splitting_agree(write, rows: list[list[str]]) -> None:
    file = describe(write("a.csv", "x"))
    split = _Split(file, None, ",", ["first", "second"], 2)
    body = "".join(",".join(row) + "\n" for row in rows if any(cell.strip() for cell in row))
    quick, (careful, numbers) = split.quickly(body), split.carefully(body)
    if quick is not None and body:
        stripped = quick[0].with_columns(pl.all().str.strip_chars().replace("", None))
        assert stripped.equals(careful)
        assert list(quick[1]) == numbers


# -- workbooks ---------------------------------------------------------------------------------------


def test_workbook_rows_keep_their_numbers(workbook) -> None:
    path = workbook(
        "a.xlsx",
        {
            "Notes": [],
            "Data": [[], [], ["title"], ["a", None, "b", "a"], [1, "junk", 0.1, 3], [], [2, None, "x", None]],
        },
    )
    notes, data = heads(describe(path))
    assert (notes.sheet, notes.rows) == ("Notes", ())
    assert data.rows[3] == ("a", None, "b", "a")
    sheet = loaded(path, 4, "Data")
    assert sheet.frame.rows() == [("1", "0.1", "3"), (None, None, None), ("2", "x", None)]
    assert sheet.frame.columns == ["a", "b", "a (2)"]
    assert sheet.row_numbers.to_list() == [5, 6, 7]


def test_label_never_gives_one_name_twice() -> None:
    frame = pl.DataFrame({"1": [1], "2": [2], "3": [3]})
    assert label(frame, ("a (2)", "a", "a")).columns == ["a (2)", "a", "a (3)"]


# -- records -----------------------------------------------------------------------------------------


def test_json_keeps_text_as_written_and_mixes_types(write) -> None:
    records = (
        '[{"page": 1, "pages": 3}, [{"id": {"key": "x"}, "v": 0.10, "ok": true}, {"v": "n/a", "list": [1]}]]'
    )
    sheet = loaded(write("a.json", records))
    assert sheet.preamble == (("page", "1"), ("pages", "3"))
    assert sheet.frame.to_dicts() == [
        {"id.key": "x", "v": "0.10", "ok": "true", "list": None},
        {"id.key": None, "v": "n/a", "ok": None, "list": '["1"]'},
    ]


@pytest.mark.parametrize("content", ["[]", "{}", '{"items": 3}', "[1, 2]", '[{"message": []}]'])
def test_json_of_nothing_is_read_as_nothing(write, content: str) -> None:
    assert loaded(write("a.json", content)).frame.height <= 1


def test_parquet_keeps_types(write) -> None:
    assert loaded(write("a.parquet", parquet())).frame.schema == {"year": pl.Int64, "value": pl.Float64}
