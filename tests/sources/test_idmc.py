"""IDMC. Real: tidied stocks and flows, and UNHCR's copy of the stocks. Built: the database page's table."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl

from sojourn import discovery
from sojourn.sources.files import describe
from sojourn.sources.model import Reading
from sojourn.sources.problems import rejected_rows
from sojourn.sources.recognise import recognise


def read(path: Path) -> tuple[str, Reading]:
    (entry,) = recognise(describe(path), discovery.sources())
    reading = entry.read()
    kept = reading.table["row"].n_unique()
    assert kept + rejected_rows(reading.problems) + reading.empty_rows == reading.rows
    return entry.source.name, reading


def test_stocks_of_2024(shared: Path) -> None:
    # IDMC, Global Report on Internal Displacement 2025: 83.4 million, 73.5 by conflict (from memory)
    name, reading = read(shared / "data/idmc/idmc_stocks.parquet")
    sums = reading.table.group_by("cause").agg(pl.col("value").sum()).sort("cause").rows()
    assert (name, sums) == ("idmc", [("CONFLICT", 73_505_209), ("DISASTER", 9_847_217)])
    assert reading.problems.is_empty()
    assert set(reading.table["age"]) == {"Y0T4", "Y5T11", "Y12T17", "Y18T59", "Y_GE60", "_U"}


def test_flows_keep_their_hazards(shared: Path) -> None:
    _, reading = read(shared / "data/idmc/idmc_flows.parquet")
    assert reading.rows == 4071
    of_2023 = reading.table.filter(period="2023", measure="FLOW")
    floods = of_2023.filter(cause="DISASTER", hazard="FLOOD")["value"].sum()
    assert floods == 9_706_315
    assert set(of_2023.filter(cause="CONFLICT")["hazard"]) == {"_T"}
    assert "AB9" in set(reading.table["area"])


def test_stocks_through_unhcr(shared: Path) -> None:
    name, reading = read(shared / "data/unhcr/idmc.parquet")
    assert (name, reading.rows) == ("unhcr_idmc", 934)
    assert reading.table.filter(period="2024")["value"].sum() == 73_573_201
    assert set(reading.table.filter(period="1995")["area"]) == {"UNK"}


def test_people_displaced_to_another_country_are_no_internal_displacement(write) -> None:
    same = {"year": 2023, "coo_iso": "SDN", "coa_iso": "SDN", "total": 5}
    answer = {"items": [same, same | {"coa_iso": "TCD"}, same | {"year": 2022, "total": "-"}]}
    _, reading = read(write("idmc.json", json.dumps(answer)))
    assert reading.table.select("area", "period", "value").rows() == [("SDN", "2023", 5)]
    assert reading.problems.select("row", "value", "action").rows() == [(2, "TCD", "rejected")]
    assert reading.empty_rows == 1


HEADER = [
    "ISO3",
    "Name",
    "Year",
    "Conflict Stock Displacement",
    "Conflict Stock Displacement (Raw)",
    "Conflict Internal Displacements",
    "Conflict Internal Displacements (Raw)",
    "Disaster Internal Displacements",
    "Disaster Internal Displacements (Raw)",
    "Disaster Stock Displacement",
    "Disaster Stock Displacement (Raw)",
]


def test_the_table_of_the_page_prefers_raw_figures(workbook) -> None:
    rows = [
        HEADER,
        ["AFG", "Afghanistan", 2022, 4400000, 4394306, 32000, 32404, 220000, 220342, None, None],
        ["XYZ", "Nowhere", 2022, 1, 1, 1, 1, 1, 1, 1, 1],
        ["MEX", "Mexico", 2022, None, None, -3, -3, 11000, 10925, None, None],
    ]
    _, reading = read(workbook("idmc.xlsx", {"1_Displacement_data": rows}))
    found = reading.table.select("area", "measure", "cause", "value").sort("area", "measure", "cause").rows()
    assert found == [
        ("AFG", "FLOW", "CONFLICT", 32_404),
        ("AFG", "FLOW", "DISASTER", 220_342),
        ("AFG", "STOCK", "CONFLICT", 4_394_306),
        ("MEX", "FLOW", "DISASTER", 10_925),
    ]
    assert reading.problems.select("row", "column", "value", "action").rows() == [
        (3, "ISO3", "XYZ", "rejected"),
        (4, "Conflict Internal Displacements (Raw)", "-3", "emptied"),
    ]


def test_an_unknown_cause_is_rejected(write) -> None:
    _, reading = read(write("flows.csv", "geo,t,cause,n\nAFG,2022,flood,5\nAFG,2022,meteorite,5\n"))
    assert reading.table.select("cause", "hazard", "value").rows() == [("DISASTER", "FLOOD", 5)]
    assert reading.problems["value"].to_list() == ["meteorite"]
