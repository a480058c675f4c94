"""World Bank, World Development Indicators: the download of one indicator, in every form it is offered.

The workbook and the CSV (bare or in its zip archive) have years as columns; the API answers JSON records.
The typed table, kind `development_indicators`:

    code     World Bank indicator code, such as BX.TRF.PWKR.CD.DT
    area     ISO 3166-1 alpha-3, 001 for the world, WB_… for the Bank's own groups
    period   year
    value    in the indicator's own unit

Source: World Bank, World Development Indicators (CC BY 4.0).
"""

from __future__ import annotations

import re
from dataclasses import replace

import polars as pl

from sojourn.errors import LayoutError, Place
from sojourn.sources import problems
from sojourn.sources.model import Download, Layout, RawSheet, Reading, Source
from sojourn.sources.parsing import (
    ROW,
    Field,
    area,
    list_problem,
    normal,
    number,
    read_fields,
    text,
    without_other_areas,
)

COLUMNS = ("code", "area", "period", "value", ROW)

_CODE_IN_NAME = r"(?i)(?<![a-z])([a-z]{2}\.[a-z0-9]{2,4}\.[a-z0-9]{2,4}(?:\.[a-z0-9]{2})*)(?=[._]|$)"

_AREA = area("worldbank")
_AREA_ACCEPTED = "a World Bank country or group code"


def year(values: pl.Series) -> pl.Series:
    """Read years from 1800 to 2199, also where a workbook made them 2011.0; 3015 is a slip of the hand."""
    return text(values).str.extract(r"^((?:1[89]|2[01])\d{2})(?:\.0)?$")


def read_years_across(sheet: RawSheet) -> Reading:
    """Read the workbook or CSV with one column per year."""
    sheet, groups, notes = without_other_areas(sheet, "Country Code", "worldbank")
    years = [column for column in sheet.frame.columns if re.fullmatch(r"\d{4}(\.0)?", column)]
    if not years:
        raise LayoutError(
            "The table has no column of a year",
            where=Place(sheet.file.name, sheet.sheet, sheet.header_row),
            accepted="years as headers, from the fifth column on",
            advice="Download the indicator again.",
        )
    fields = (
        Field("Country Code", "area", _AREA, _AREA_ACCEPTED, needed=True),
        Field("Indicator Code", "code", text, "an indicator code", needed=True),
        *(Field(column, column, number, "a number") for column in years),
    )
    wide, found = read_fields(sheet, fields)
    table = wide.unpivot(
        on=years, index=[ROW, "area", "code"], variable_name="period", value_name="value"
    ).with_columns(pl.col("period").str.slice(0, 4))
    return _reading(sheet, table, found, _above(sheet, "Last Updated Date"), notes=notes, set_aside=groups)


def read_records(sheet: RawSheet) -> Reading:
    """Read the answer of the World Bank's API (version 2, JSON).

    A long answer comes in pages, each a file of its own; which page this is goes into the notes. Some of
    the Bank's groups have a name and no code.
    """
    sheet, groups, notes = without_other_areas(_with_codes(sheet), "countryiso3code", "worldbank")
    fields = (
        Field("countryiso3code", "area", _AREA, _AREA_ACCEPTED, needed=True),
        Field("indicator.id", "code", text, "an indicator code", needed=True),
        Field("date", "period", year, "a year", needed=True),
        Field("value", "value", number, "a number"),
    )
    table, found = read_fields(sheet, fields)
    pages = _above(sheet, "pages") or "1"
    if pages != "1":
        page = _above(sheet, "page")
        notes += (f"this is page {page} of {pages}; ask with per_page=20000 to have all in one",)
    return _reading(sheet, table, found, _above(sheet, "lastupdated"), notes=notes, set_aside=groups)


def _with_codes(sheet: RawSheet) -> RawSheet:
    if not {"countryiso3code", "country.value"} <= set(sheet.frame.columns):
        return sheet
    code, name = text(sheet.frame["countryiso3code"]), text(sheet.frame["country.value"])
    return replace(sheet, frame=sheet.frame.with_columns(pl.coalesce(code, name).alias("countryiso3code")))


def read_tidy(sheet: RawSheet) -> Reading:
    """Read a tidied copy with one row per country and year.

    The copy "Country Name, Country Code, Year, Value" does not hold the indicator's code; it is then
    taken from the file's name, and a name without a code is an error.
    """
    own = "country code" not in {normal(header) for header in sheet.frame.columns}
    code = "iso3" if own else "Country Code"
    sheet, groups, notes = without_other_areas(sheet, code, "worldbank")
    fields = (
        Field(code, "area", _AREA, _AREA_ACCEPTED, needed=True),
        Field("year", "period", year, "a year", needed=True),
        Field("value", "value", number, "a number"),
        *((Field("indicator", "code", text, "an indicator code", needed=True),) if own else ()),
    )
    table, found = read_fields(sheet, fields)
    if not own:
        table = table.with_columns(pl.lit(_code_in_name(sheet)).alias("code"))
    return _reading(sheet, table, found, None, notes=notes, set_aside=groups)


def _code_in_name(sheet: RawSheet) -> str:
    name = sheet.file.name.rsplit("/", 1)[-1].removesuffix(".gz").removesuffix(".csv")
    match = re.search(_CODE_IN_NAME, name)
    if not match:
        raise LayoutError(
            "The table does not say which indicator it holds, and neither does its name",
            where=Place(sheet.file.name),
            accepted="a file named by its World Bank code, such as ny.gdp.mktp.cd.csv",
            advice="Rename the file, or download the indicator from the World Bank's page.",
        )
    return match.group(1).upper()


def _reading(
    sheet: RawSheet,
    table: pl.DataFrame,
    found: pl.DataFrame,
    updated: str | None,
    *,
    notes: tuple[str, ...],
    set_aside: int,
) -> Reading:
    """Drop cells without a value (a year without a figure is no row) and repeated country-years."""
    rows_with_area = table[ROW].n_unique()
    table = table.filter(pl.col("value").is_not_null()).select(COLUMNS)
    without_figure = rows_with_area - table[ROW].n_unique()
    key = ["code", "area", "period"]
    repeated = table.filter(~pl.struct(key).is_first_distinct())
    listed = list_problem(
        sheet,
        repeated[ROW],
        "Country Code",
        repeated["area"],
        problem="repeats a country and year",
        accepted="one row",
        action="rejected",
    )
    table = table.filter(pl.struct(key).is_first_distinct())
    last = str(table["period"].max() or "empty")
    return Reading(
        table=table,
        edition=updated or f"undated-to-{last}",
        rows=sheet.frame.height + set_aside,
        problems=problems.combine(found, listed),
        notes=notes,
        empty_rows=set_aside + without_figure,
    )


def _above(sheet: RawSheet, name: str) -> str | None:
    """What stands beside a name in the lines above the table; of a date, the day."""
    for line in sheet.preamble:
        if len(line) > 1 and line[0] == name and line[1]:
            return line[1][:10]
    return None


_WANTED = {
    "BX.TRF.PWKR.CD.DT": "personal remittances received, US$",
    "BX.TRF.PWKR.DT.GD.ZS": "personal remittances received, % of GDP",
    "BM.TRF.PWKR.CD.DT": "personal remittances paid, US$",
    "NY.GDP.MKTP.CD": "GDP, US$",
    "SI.RMT.COST.IB.ZS": "cost of sending to the country, %",
    "SI.RMT.COST.OB.ZS": "cost of sending from the country, %",
    "DT.ODA.ALLD.CD": "official development assistance and aid received, US$",
    "BX.KLT.DINV.CD.WD": "foreign direct investment, net inflows, US$",
    "SP.POP.TOTL": "population",
    "FX.OWN.TOTL.ZS": "adults with an account, %",
    "FX.OWN.TOTL.FE.ZS": "women with an account, %",
    "FX.OWN.TOTL.MA.ZS": "men with an account, %",
    "FX.OWN.TOTL.YG.ZS": "people of 15 to 24 with an account, %",
    "FX.OWN.TOTL.OL.ZS": "people of 25 and over with an account, %",
    "SP.REG.BRTH.ZS": "children under 5 whose birth was registered, %",
    "SP.REG.BRTH.FE.ZS": "girls under 5 whose birth was registered, %",
    "SP.REG.BRTH.MA.ZS": "boys under 5 whose birth was registered, %",
    "SP.REG.BRTH.RU.ZS": "rural children under 5 whose birth was registered, %",
    "SP.REG.BRTH.UR.ZS": "urban children under 5 whose birth was registered, %",
}

SOURCE = Source(
    name="wdi",
    title="World Development Indicators",
    publisher="World Bank",
    licence="CC BY 4.0",
    citation="World Bank, World Development Indicators",
    page="https://data.worldbank.org/",
    table="development_indicators",
    parts=("code", "area"),
    layouts=(
        Layout(
            "years across",
            ("Country Name", "Country Code", "Indicator Name", "Indicator Code"),
            read_years_across,
        ),
        Layout("API records", ("indicator.id", "countryiso3code", "date", "value"), read_records),
        Layout(
            "tidy with code", ("country", "iso3", "indicator", "year", "value"), read_tidy, original=False
        ),
        Layout("tidy", ("Country Name", "Country Code", "Year", "Value"), read_tidy, original=False),
    ),
    downloads=tuple(
        Download(
            f"{code}.zip",
            f"https://api.worldbank.org/v2/en/indicator/{code}?downloadformat=csv",
        )
        for code in _WANTED
    ),
)
