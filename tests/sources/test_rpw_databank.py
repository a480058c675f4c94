"""Published averages of remittance prices. Real: tables of the reports. Built: DataBank's own workbook."""

from __future__ import annotations

from pathlib import Path

import polars as pl

BY_HAND = (
    "Sending Countries Name",
    "Sending Countries Code",
    "Receiving Countries Name",
    "Receiving Countries Code",
    "Series Name",
    "Series Code",
    "2017Q1 [YR2017Q1]",
    "2017Q2 [YR2017Q2]",
)
CORRIDOR = ("United States", "USA", "Mexico", "MEX", "Average Total Cost to remit in corridor", "ATCR.CORR")


def test_tidy_corridors(shared: Path, read) -> None:
    reading = read(shared / "data/rpw/rpw_corridor_average_200usd_2011q1_2020q3.csv.gz")
    table = reading.table
    assert (table.height, table.select("area", "counterpart").n_unique(), table["period"].n_unique()) == (
        10_417,
        377,
        35,
    )
    assert reading.edition == "2020-Q3"
    assert set(table["series"]) == {"SI_RMT_COST_BC"}
    assert table.row(0, named=True) | {
        "area": "AUS",
        "counterpart": "FJI",
        "period": "2011-Q1",
        "value": 15.8252944946289,
    } == table.row(0, named=True)
    assert reading.problems.is_empty()


def test_regional_table_with_bare_carriage_returns(shared: Path, read) -> None:
    path = shared / "data/rpw/sdgatlas2018/remittances_regional_time.csv"
    assert b"\n" not in path.read_bytes()
    table = read(path).table
    assert table.height == 7 * 20
    world = table.filter(area="001").sort("period")
    assert world.select("period", "value").row(0) == ("2013-Q1", 9.05)
    assert set(table["area"]) == {"001", "WB_EAS", "WB_ECS", "WB_LCN", "WB_MEA", "WB_SAS", "WB_SSF"}


def test_databank_workbooks_with_foot_notes(shared: Path, read) -> None:
    receiving = read(shared / "data/rpw/sdgatlas2018/remittances_receiving.xlsx")
    assert (receiving.table.height, receiving.rows, receiving.empty_rows) == (105, 117, 12)
    assert receiving.table.row(0, named=True) | {
        "area": "GEO",
        "period": "2017-Q1",
        "value": 1.328244,
        "breakdown": "",
    } == receiving.table.row(0, named=True)
    sending = read(shared / "data/rpw/sdgatlas2018/remittances_sending.xlsx")
    assert sending.table.height == 47
    assert set(sending.table["breakdown"]) == {"DIRECTION=OUTBOUND"}
    assert receiving.problems.is_empty()
    assert sending.problems.is_empty()


def test_databank_corridor_workbook(workbook, read, problem_rows) -> None:
    rows = [
        BY_HAND,
        (*CORRIDOR, 5.5, ".."),
        ("Nowhere", "QQQ", *CORRIDOR[2:], 4.0, 4.1),
        ("Germany", "DEU", "Kosovo", "KSV", *CORRIDOR[4:], "6.25", 7),
        ("Japan", "JPN", "Brazil", "BRA", *CORRIDOR[4:], "..", ".."),
        (*CORRIDOR[:4], "Something else", "ATCR.NEW", 1, 2),
        (*CORRIDOR[:4], "Forgotten", None, 1, 2),
        (),
        (),
        ("Data from database: Remittance Prices Worldwide (Corridors)",),
        ("Last Updated: 12/20/2023",),
    ]
    reading = read(
        workbook("databank.xlsx", {"Data": rows, "Series - Metadata": [["Code", "Long definition"]]})
    )
    assert reading.table.select("series", "area", "counterpart", "period", "value", "row").rows() == [
        ("SI_RMT_COST_BC", "USA", "MEX", "2017-Q1", 5.5, 2),
        ("SI_RMT_COST_BC", "DEU", "XKX", "2017-Q1", 6.25, 4),
        ("SI_RMT_COST_BC", "DEU", "XKX", "2017-Q2", 7.0, 4),
    ]
    assert problem_rows(reading) == [
        (7, "Series Code", None, "is empty", "rejected"),
        (3, "Sending Countries Code", "QQQ", "cannot be read", "rejected"),
    ]
    assert (reading.rows, reading.empty_rows) == (10, 6)
    assert reading.notes == ("series not used: ATCR.NEW",)


def test_repeated_figure_is_listed(workbook, read) -> None:
    reading = read(
        workbook("databank.xlsx", {"Data": [BY_HAND, (*CORRIDOR, 5.5, None), (*CORRIDOR, 9.9, None)]})
    )
    assert reading.table["value"].to_list() == [5.5]
    assert reading.problems.select("row", "value", "problem").rows() == [(3, "9.9", "repeats a figure")]


def test_table_with_three_codes_is_none_of_ours(workbook, find) -> None:
    rows = [(*BY_HAND, "Time Code"), (*CORRIDOR, 1, 2, "x")]
    assert find(workbook("databank.xlsx", {"Data": rows})) == []


def test_every_value_is_in_per_cent(shared: Path, read) -> None:
    table: pl.DataFrame = read(shared / "data/rpw/sdgatlas2018/remittances_regional_time.csv").table
    assert set(table["unit"]) == {"PT"}
