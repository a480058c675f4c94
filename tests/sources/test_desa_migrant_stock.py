"""International Migrant Stock. Real: workbooks of 2019, 2020, 2024 and copies. Built: a matrix by origin."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from sojourn.errors import LayoutError
from sojourn.sources.desa_migrant_stock import SOURCE
from sojourn.sources.files import describe
from sojourn.sources.model import Reading
from sojourn.sources.problems import rejected_rows
from sojourn.sources.recognise import recognise


def readings(path: Path) -> list[Reading]:
    found = [entry.read() for entry in recognise(describe(path), (SOURCE,))]
    for one in found:
        kept = one.table["row"].n_unique()
        assert kept + rejected_rows(one.problems) + one.empty_rows == one.rows
    return found


def value(table: pl.DataFrame, **key: str) -> float:
    key = {"measure": "stock", "origin": "", "sex": "_T", "age": "_T"} | key
    return float(table.filter(**key)["value"].item())


# World totals as published in the workbooks of each revision.
WORKBOOKS = {
    "UN_MigrantStockTotal_2019.xlsx": {"2019": 271_642_105, "2015": 248_861_296},
    "undesa_pd_2020_ims_stock_by_sex_and_destination.xlsx": {"2020": 280_598_105},
    "undesa_pd_2024_ims_stock_by_sex_and_destination.xlsx": {
        "1990": 153_916_063,
        "2020": 275_284_032,
        "2024": 304_021_813,
    },
}


@pytest.mark.parametrize("name", WORKBOOKS)
def test_workbooks_give_the_published_world_totals(shared: Path, name: str) -> None:
    found = readings(shared / "data/desa" / name)
    table = pl.concat([one.table for one in found])
    assert {one.edition for one in found} == {max(WORKBOOKS[name])}
    assert all(one.problems.is_empty() for one in found)
    for period, total in WORKBOOKS[name].items():
        assert value(table, destination="001", period=period) == total
    for measure in ("population", "share", "women_share"):
        assert table.filter(measure=measure, destination="001").height


def test_names_decide_where_the_column_of_codes_holds_something_else(shared: Path) -> None:
    # Table 2 of 2024; world population in 2024 as printed there, in thousands: 8,161,972.572.
    path = shared / "data/desa/undesa_pd_2024_ims_stock_by_sex_and_destination.xlsx"
    population = readings(path)[1]
    assert "names decide" in population.notes[0]
    world = value(population.table, measure="population", destination="001", period="2024")
    assert world == 8_161_972_572


def test_pairs_of_2024(shared: Path) -> None:
    (found,) = readings(shared / "data/desa/ims2024_origin_destination_sex_gdidata.parquet")
    by_year = found.table.group_by("period").agg(pl.col("value").cast(pl.Int64).sum())
    assert dict(by_year.iter_rows())["2024"] == 304_021_813
    assert found.table.filter(origin="OTHERS", period="2024")["value"].sum() == 22_065_614
    assert set(found.table["data_type"].drop_nulls()) <= {"B", "B R", "B C R", "C", "C R", "I", "I R", "R I"}


def test_names_of_regions_are_not_taken_for_countries(shared: Path) -> None:
    (found,) = readings(shared / "data/desa/ims2019_origin_destination_sex.parquet")
    assert value(found.table, destination="001", period="2019") == 271_642_105
    countries = found.table.filter(
        pl.col("destination").str.contains("^[A-Z]|^830$"), origin="", sex="_T", period="2019"
    )
    assert countries["value"].sum() == 271_642_105
    assert {"OTHERS_NORTH", "OTHERS_SOUTH"} <= set(found.table["origin"])


def test_the_matrix_of_2015(shared: Path) -> None:
    (found,) = readings(shared / "data/desa/ims2015_origin_destination_2015.csv.gz")
    assert found.edition == "2015"
    assert found.problems.is_empty()


TITLE = "International migrant stock at mid-year, {}"
LABELS = (
    "Index",
    "Region, development group, country or area of destination",
    "Notes of destination",
    "Location code of destination",
    "Type of data of destination",
    "Region, development group, country or area of origin",
    "Location code of origin",
)


def sheet(*rows: tuple[object, ...], title: str = TITLE) -> list[list[object]]:
    """Build a table as the workbooks by destination and origin have it; its labels as quoted by users."""
    empty: list[object] = [None] * 16
    titles = [*empty[:7], title.format("both sexes combined"), None, None, title.format("males"), None, None]
    heading = [None, None, None, None, "International Migrant Stock 2020"]
    years = ["2010", "2015", "2020"]
    above = [heading, [*titles, title.format("females"), None, None], [*LABELS, *years * 3]]
    return [*above, *map(list, rows)]


def test_a_workbook_by_destination_and_origin(workbook) -> None:
    numbers = (3, "..", 7, 1, "-", 3, 2, " ", 4)
    rows = [
        (1, "WORLD", None, 900, "", " Mexico", 484, *numbers),
        (2, "USA", None, 840, "B R ", "Others", 2003, *numbers),
        (3, "USA", None, 840, "BR", "WORLD", 900, *numbers),
        (4, "USA", None, 840, "BR", "Sub", 1830, *numbers),
        (5, "Nowhere", None, 899, "B", "Mexico", 484, *numbers),
        (6, "USA", None, 840, "B", "Canada", 124, -5, *numbers[1:]),
    ]
    (found,) = readings(workbook("od.xlsx", {"Table 1": sheet(*rows)}))
    assert found.edition == "2020"
    assert set(found.table["form"]) == {"origin workbook"}
    assert found.table.filter(sex="_T", period="2020").select(
        "destination", "origin", "data_type"
    ).rows() == [
        ("001", "MEX", None),
        ("USA", "OTHERS", "B R"),
        ("USA", "", "B R"),
        ("USA", "CAN", "B"),
    ]
    assert set(found.table["period"]) == {"2010", "2020"}
    assert found.problems.select("row", "action").rows() == [(8, "rejected"), (9, "emptied")]


def test_an_unknown_title_is_an_error(workbook) -> None:
    path = workbook(
        "od.xlsx", {"Table 1": sheet((1, "USA", None, 840, "B", "x", 484), title="Foreigners, {}")}
    )
    with pytest.raises(LayoutError, match="title over the years is not known"):
        readings(path)
