"""Every country name and code in the official files maps to the area that the file itself says."""

import fastexcel
import polars as pl
import pytest

from sojourn import areas
from sojourn.areas.spelling import key

LEFT_OUT = {key(alias) for alias in areas.unmappable().filter(scheme="name")["alias"]}


def forgotten(names: pl.Series, scheme: str = "name") -> set[str]:
    """Return the names that map to no area without being listed as such."""
    return {name for name in areas.unmapped(names, scheme) if key(name) not in LEFT_OUT}


def check(names: pl.Series, codes: pl.Series, scheme: str = "name") -> None:
    """Names and codes agree, and what maps to nothing is left out on purpose."""
    pairs = pl.DataFrame({"name": names, "code": codes}).unique()
    pairs = pairs.with_columns(
        by_name=areas.to_area(pairs["name"], scheme),
        by_code=areas.to_area(pairs["code"], "worldbank" if scheme == "worldbank" else "alpha3"),
    )
    assert pairs.filter(pl.col("by_name") != pl.col("by_code")).is_empty()
    assert not forgotten(pairs["name"], scheme)
    assert set(pairs.filter(pl.col("by_name").is_not_null(), pl.col("by_code").is_null())["name"]) <= {
        "Gibralter"
    }


@pytest.mark.parametrize("year", [2010, 2011, 2017])
def test_bilateral_remittance_matrices(data, year):
    matrix = pl.read_csv(
        data / f"remittances/wb_bilateral_remittance_matrix_{year}.csv.gz", infer_schema=False
    )
    check(matrix["sending"], matrix["send_iso3"])
    check(matrix["receiving"], matrix["recv_iso3"])


@pytest.mark.parametrize("scheme", ["name", "worldbank"])
def test_knomad_workbooks(data, scheme):
    files = sorted(data.glob("remittances/knomad_*.xls*"))
    assert len(files) == 3
    for file in files:
        first = fastexcel.read_excel(file).load_sheet(0, header_row=None, dtypes="string").to_polars()
        # The header is on top; the notes below are sentences, after an empty row.
        names = first.to_series(0)[1:].to_list()
        names = names[: names.index(None)]
        assert len(names) > 200
        assert not forgotten(pl.Series(names), scheme)


def test_world_development_indicators(data):
    files = sorted(data.glob("wdi/*.csv.gz"))
    assert files
    for file in files:
        table = pl.read_csv(file, infer_schema=False)
        check(table["Country Name"], table["Country Code"], "worldbank")
        assert set(areas.unmapped(table["Country Code"], "worldbank")) <= {"CHI"}


@pytest.mark.parametrize(("name", "code"), [("coo_name", "coo_iso"), ("coa_name", "coa_iso")])
def test_unhcr_population(data, name, code):
    population = pl.read_parquet(data / "unhcr/population.parquet")
    check(population[name], population[code])


@pytest.mark.parametrize(("edition", "encoding"), [(2019, "latin1"), (2022, "utf8"), (2024, "latin1")])
def test_world_population_prospects(data, edition, encoding):
    file = data / f"wpp/wpp{edition}_UNlocations.txt"
    locations = pl.read_csv(file, separator="\t", encoding=encoding, infer_schema=False, quote_char=None)
    countries = locations.filter(location_type="4")
    by_name, by_number = (
        areas.to_area(countries["name"], "name"),
        areas.to_area(countries["country_code"], "m49"),
    )
    assert by_name.equals(by_number, check_names=False)
    assert not forgotten(countries["name"])


def test_sdg_regions_agree_with_the_population_division(data):
    file = data / "wpp/wpp2024_UNlocations.txt"
    locations = pl.read_csv(file, separator="\t", encoding="latin1", infer_schema=False, quote_char=None)
    theirs = {"1829": "513", "1830": "419", "1831": "062", "1832": "753"}
    theirs |= {"1833": "747", "1834": "202", "1835": "543", "1836": "053"}
    for location, region in theirs.items():
        inside = locations.filter(pl.col(f"agcode_{location}000") == location, location_type="4")
        listed = set(areas.to_area(inside["country_code"], "m49"))
        everywhere = set(areas.to_area(locations["country_code"], "m49").drop_nulls())
        assert listed == set(areas.members(region)) & everywhere


def test_remittance_prices(data):
    prices = pl.read_csv(data / "rpw/rpw_corridor_average_200usd_2011q1_2020q3.csv.gz", infer_schema=False)
    check(prices["sending_countries_name"], prices["sending_countries_code"])
    check(prices["receiving_countries_name"], prices["receiving_countries_code"])


def test_sdg_database_areas_are_mapped_or_listed(data):
    listed = set(areas.unmappable().filter(scheme="m49")["alias"])
    for file in sorted(data.glob("unsdg/ddf--datapoints--*.csv")):
        codes = pl.read_csv(file, infer_schema=False)["geo_area"]
        assert {code.zfill(3) for code in areas.unmapped(codes, "m49")} <= listed, file.name
