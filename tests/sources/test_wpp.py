"""World Population Prospects. Real: tables of the R packages. Built: the publisher's CSV and workbook."""

from __future__ import annotations

import gzip
from pathlib import Path

import polars as pl
import pytest

from sojourn.errors import LayoutError


def test_2019_world_by_sex(shared: Path, read) -> None:
    men, women = (read(shared / f"data/wpp/wpp2019_pop{sex}.txt") for sex in "MF")
    world = [reading.table.filter(area="001", period="2015").row(0, named=True) for reading in (men, women)]
    assert round(sum(one["value"] for one in world)) == 7_379_796_967
    assert [one["sex"] for one in world] == ["M", "F"]
    assert (men.edition, set(men.table["variant"])) == ("2019", {"estimates"})
    assert men.problems.is_empty()
    assert men.notes == (
        "252 rows of 12 codes that are no area of ours left out: 1500, 1501, 1502, 1503, 1517, "
        "1518, 1830, 830, 901, 902, 934, 948",
    )
    assert (men.rows, men.empty_rows) == (5229, 252)


@pytest.mark.parametrize(
    ("revision", "world", "codes"),
    [("2022", 8_008_551_995, 12), ("2024", 8_196_980_849, 23)],
)
def test_projection(shared: Path, read, revision: str, world: int, codes: int) -> None:
    reading = read(shared / f"data/wpp/wpp{revision}_popproj1dt.parquet")
    assert round(reading.table.filter(area="001", period=revision, sex="_T").item(0, "value")) == world
    assert (reading.edition, set(reading.table["variant"])) == (revision, {"medium"})
    assert reading.problems.is_empty()
    assert f" of {codes} codes that are no area of ours" in reading.notes[0]


def test_accounts(shared: Path, read, problem_rows) -> None:
    reading = read(shared / "data/wpp/wpp_demographic_accounts_country_year.csv.gz")
    assert reading.table.filter(area="MEX", period="1950").select("value", "sex", "variant").row(0) == (
        27_587_939.0,
        "_T",
        "estimates",
    )
    # Four countries whose names the copy garbled have no code in it: 74 years each.
    assert reading.problems.height == 4 * 74
    assert {problem[1:] for problem in problem_rows(reading)} == {("iso3", None, "is empty", "rejected")}
    assert reading.table.height == reading.rows - 296


CSV = (
    "SortOrder,LocID,Notes,ISO3_code,LocTypeName,ParentID,Location,VarID,Variant,Time,MidPeriod,{age}PopMale,"
    "PopFemale,PopTotal\n"
)


def test_total_population_by_sex(write, read, problem_rows) -> None:
    lines = [
        "1,900,,,World,0,World,2,Medium,2023,2023.5,4000,4100,8100",
        "2,1503,,,Income group,0,High income,2,Medium,2023,2023.5,1,2,3",
        "3,484,,MEX,Country,1,Mexico,2,Medium,2023,2023.5,64.1,65.2,129.3",
        "4,484,,MEX,Country,1,Mexico,2,Medium,2024,2024.5,65,66,131",
        "5,484,,MEX,Country,1,Mexico,3,High,2024,2024.5,67,68,135",
        "6,777,,,Country,1,Nowhere,2,Medium,2024,2024.5,1,1,2",
        "7,4,,AFG,Country,1,Afghanistan,2,Medium,2024,2024.5,,,",
        "8,484,,MEX,Country,9,Mexico,2,Medium,2024,2024.5,65,66,131",
    ]
    content = CSV.format(age="") + "\n".join(lines) + "\n"
    reading = read(write("WPP2024_TotalPopulationBySex.csv.gz", gzip.compress(content.encode())))
    assert reading.table.filter(sex="_T").rows() == [
        ("001", "2023", "_T", 8_100_000.0, "estimates", 2),
        ("MEX", "2023", "_T", 129_300.0, "estimates", 4),
        ("MEX", "2024", "_T", 131_000.0, "medium", 5),
    ]
    assert problem_rows(reading) == [
        (7, "LocID", "777", "cannot be read", "rejected"),
        (9, "area", "MEX", "repeats an area and year", "rejected"),
    ]
    assert reading.notes == (
        "1 rows of 1 codes that are no area of ours left out: 1503",
        "1 rows of variants not used: High",
    )
    assert (reading.rows, reading.empty_rows, reading.edition) == (8, 3, "2024")


def test_ages_are_added_up_and_not_taken_for_totals(write, read) -> None:
    lines = [
        f"1,484,,MEX,Country,1,Mexico,2,Medium,2024,2024.5,{age},1,2,3" for age in ("0-4", "5-9", "10-14")
    ]
    reading = read(
        write(
            "WPP2024_PopulationByAge5GroupSex_Medium.csv", CSV.format(age="AgeGrp,") + "\n".join(lines) + "\n"
        )
    )
    assert reading.table.select("sex", "value").rows() == [("_T", 9000.0), ("M", 3000.0), ("F", 6000.0)]
    assert reading.problems.is_empty()


COMPACT = (
    "Index",
    "Variant",
    "Region, subregion, country or area *",
    "Notes",
    "Location code",
    "ISO3 Alpha-code",
    "Type",
    "Parent code",
    "Year",
    "Total Population, as of 1 January (thousands)",
    "Total Population, as of 1 July (thousands)",
    "Male Population, as of 1 July (thousands)",
    "Female Population, as of 1 July (thousands)",
)


def test_compact_workbook(workbook, find) -> None:
    above = [["United Nations"], *[[]] * 3, ["World Population Prospects 2022"], *[[]] * 11]

    def lines(variant: str, year: int) -> list[tuple[object, ...]]:
        return [
            COMPACT,
            (1, variant, "WORLD", None, 900, None, "World", 0, year, 7000, 7100.5, 3600, 3500.5),
            (
                2,
                variant,
                "Sustainable Development Goal (SDG) regions",
                None,
                1828,
                None,
                "Label/Separator",
                900,
            ),
            (3, variant, "High income", None, 1503, None, "Income Group", 900, year, 1, 2, 1, 1),
            (4, variant, "Mexico", None, 484, "MEX", "Country/Area", 916, year, 120, 121, 60, "..."),
        ]

    sheets = {
        "Estimates": lines("Estimates", 2021),
        "Medium variant": lines("Medium", 2022),
        "High variant": lines("High", 2022),
    }
    path = workbook(
        "WPP2022_GEN_F01_DEMOGRAPHIC_INDICATORS_COMPACT_REV1.xlsx",
        {name: [*above, *rows] for name, rows in sheets.items()},
    )
    found = find(path)
    assert [entry.header_row for entry in found] == [17, 17, 17]
    estimates, medium, high = (entry.read() for entry in found)
    assert estimates.table.filter(sex="_T").rows() == [
        ("001", "2021", "_T", 7_100_500.0, "estimates", 18),
        ("MEX", "2021", "_T", 121_000.0, "estimates", 21),
    ]
    assert estimates.table.filter(area="MEX")["sex"].to_list() == ["_T", "M"]
    assert set(medium.table["variant"]) == {"medium"}
    assert high.table.is_empty()
    assert "2 rows of variants not used: High" in high.notes
    assert [(one.rows, one.empty_rows) for one in (estimates, medium, high)] == [(4, 2), (4, 2), (4, 4)]


def test_table_of_one_sex_says_which(write, read) -> None:
    content = "country_code\tname\tage\t1950\t1955\t2015\n900\tWorld\t0-4\t1\t2\t3\n"
    with pytest.raises(LayoutError, match="does not say its sex") as error:
        read(write("people.txt", content))
    assert str(error.value.where) == "people.txt"
    table: pl.DataFrame = read(write("wpp2019_popF.txt", content)).table
    assert table.row(0) == ("001", "1950", "F", 1000.0, "estimates", 2)
