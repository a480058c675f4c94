"""World Development Indicators. Real: workbooks, CSV and tidied copies. Built: API records, zip archive."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import pytest

from sojourn.errors import LayoutError

RECEIVED, PAID = "BX.TRF.PWKR.CD.DT", "BM.TRF.PWKR.CD.DT"


@pytest.mark.parametrize(
    ("file", "edition", "world"),
    [
        (
            "wdi_remittances/personal-remittances-received.xls",
            "2023-05-10",
            (RECEIVED, "2022", 762_551_169_386.5067),
        ),
        (
            "wdi_remittances/personal-remittances-received.xls",
            "2023-05-10",
            (RECEIVED, "2021", 735_210_523_343.0366),
        ),
        ("wdi_remittances/personal-remittances-paid.xls", "2023-05-10", (PAID, "2021", 461_915_335_320.0348)),
        ("wdi_remittances/API_BM.TRF.PWKR.CD.DT.csv", "2021-09-15", (PAID, "2020", 384_748_760_796.524)),
        (
            "remittances/wdi_BX.TRF.PWKR.CD.DT.csv.gz",
            "undated-to-2022",
            (RECEIVED, "2022", 762_551_169_386.5067),
        ),
        ("wdi/bx.trf.pwkr.cd.dt.csv.gz", "undated-to-2024", (RECEIVED, "2024", 856_609_714_692.509)),
    ],
)
def test_world_as_published(shared: Path, read, file: str, edition: str, world: tuple[object, ...]) -> None:
    reading = read(shared / "data" / file)
    assert reading.edition == edition
    assert world in reading.table.filter(area="001").select("code", "period", "value").rows()
    assert reading.problems.is_empty()


@pytest.mark.parametrize(
    ("file", "areas"), [("sending-cost-to-country", 104), ("sending-cost-from-country", 48)]
)
def test_cost_workbooks(shared: Path, read, file: str, areas: int) -> None:
    reading = read(shared / f"data/wdi_remittances/{file}.xls")
    assert reading.table["area"].n_unique() == areas
    assert reading.rows == 266
    assert reading.notes == ("1 rows of 1 codes that are no area of ours left out: CHI",)


def test_workbook_and_tidied_copy_agree(shared: Path, read) -> None:
    book = read(shared / "data/wdi_remittances/personal-remittances-received.xls").table
    copy = read(shared / "data/remittances/wdi_BX.TRF.PWKR.CD.DT.csv.gz").table
    joined = book.join(copy, on=["code", "area", "period"], how="full", suffix="_copy")
    assert joined.height == book.height == copy.height
    # The workbook stores fifteen digits.
    assert ((joined["value"] - joined["value_copy"]).abs() <= 1e-12 * joined["value"]).all()


def test_row_numbers_are_those_of_the_workbook(shared: Path, read) -> None:
    table = read(shared / "data/wdi_remittances/personal-remittances-received.xls").table
    assert table.filter(area="ABW")["row"].unique().to_list() == [5]


CSV = (
    '\ufeff"Data Source","World Development Indicators",\r\n\r\n"Last Updated Date","2025-07-01",\r\n\r\n'
    '"Country Name","Country Code","Indicator Name","Indicator Code","2022","2023",\r\n'
)


def test_csv_with_bad_cells(write, read, problem_rows) -> None:
    rows = (
        '"Mexico","MEX","x","A.B.C","1.5","n/a?",',
        '"Namibia","NAM","x","A.B.C","..","2",',
        '"Nowhere","QQQ","x","A.B.C","1","2",',
        '"Channel Islands","CHI","x","A.B.C","1","2",',
        '"Kosovo","XKX","x","A.B.C","","",',
        '"Mexico","MEX","x","A.B.C","9","",',
    )
    reading = read(write("API_A.B.C.csv", CSV + "\r\n".join(rows) + "\r\n"))
    assert reading.table.rows() == [("A.B.C", "MEX", "2022", 1.5, 6), ("A.B.C", "NAM", "2023", 2.0, 7)]
    assert problem_rows(reading) == [
        (8, "Country Code", "QQQ", "cannot be read", "rejected"),
        (6, "2023", "n/a?", "cannot be read", "emptied"),
        (11, "Country Code", "MEX", "repeats a country and year", "rejected"),
    ]
    assert (reading.rows, reading.empty_rows, reading.edition) == (6, 2, "2025-07-01")


def test_zip_with_metadata(write, find) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr(
            "Metadata_Indicator_API_A.B.C.csv",
            '\ufeff"INDICATOR_CODE","INDICATOR_NAME","SOURCE_NOTE"\n"A","B","C"\n',
        )
        archive.writestr("API_A.B.C_DS2_en_csv_v2_1.csv", CSV + '"Mexico","MEX","x","A.B.C","1.5","",\r\n')
        archive.writestr(
            "Metadata_Country_API_A.B.C.csv",
            '"Country Code","Region","IncomeGroup","TableName"\n"MEX","LAC","UM","Mexico"\n',
        )
    (entry,) = find(write("A.B.C.zip", stream.getvalue()))
    assert entry.sheet == "API_A.B.C_DS2_en_csv_v2_1.csv"
    assert entry.read().table.rows() == [("A.B.C", "MEX", "2022", 1.5, 6)]


def record(code: str, name: str, value: float | None, date: str = "2022") -> dict[str, object]:
    return {
        "indicator": {"id": "A.B.C", "value": "x"},
        "country": {"id": code[:2], "value": name},
        "countryiso3code": code,
        "date": date,
        "value": value,
        "unit": "",
        "obs_status": "",
        "decimal": 0,
    }


@pytest.mark.parametrize(
    ("pages", "note"), [(1, ()), (35, ("this is page 1 of 35; ask with per_page=20000 to have all in one",))]
)
def test_api_records(write, read, problem_rows, pages: int, note: tuple[str, ...]) -> None:
    information = {
        "page": 1,
        "pages": pages,
        "per_page": 50,
        "total": 4,
        "sourceid": "2",
        "lastupdated": "2025-07-01",
    }
    records = [
        record("MEX", "Mexico", 2.5),
        record("", "High income", 7),
        record("USA", "United States", None),
        record("QQQ", "?", 1),
    ]
    reading = read(write("a.json", json.dumps([information, records])))
    assert reading.table.rows() == [("A.B.C", "MEX", "2022", 2.5, 1), ("A.B.C", "WB_HIC", "2022", 7.0, 2)]
    assert problem_rows(reading) == [(4, "countryiso3code", "QQQ", "cannot be read", "rejected")]
    assert (reading.edition, reading.notes) == ("2025-07-01", note)


def test_tidy_copy_takes_its_code_from_the_name(write, read) -> None:
    content = "Country Name,Country Code,Year,Value\nMexico,MEX,2011.0,5\n"
    assert read(write("ny.gdp.mktp.cd.csv", content)).table.row(0) == (
        "NY.GDP.MKTP.CD",
        "MEX",
        "2011",
        5.0,
        2,
    )
    with pytest.raises(LayoutError, match="does not say which indicator it holds") as error:
        read(write("gdp.csv", content))
    assert str(error.value.where) == "gdp.csv"
    assert error.value.accepted == "a file named by its World Bank code, such as ny.gdp.mktp.cd.csv"


def test_table_without_years(write, read) -> None:
    with pytest.raises(LayoutError, match="no column of a year") as error:
        read(
            write(
                "a.csv", "Country Name,Country Code,Indicator Name,Indicator Code,Topic\nMexico,MEX,x,A.B,y\n"
            )
        )
    assert str(error.value.where) == "a.csv, row 1"
