"""UN DESA, International Migrant Stock, revisions of 2015, 2019, 2020 and 2024: workbooks and tidied copies.

The typed table is of kind `migrant_stock` (`migrant_stock_table` says its columns). The publisher's own
workbooks give stock, population, share and women's share by destination; copies that circulate give the
stock by destination and origin, or by age. An edition is a revision: `desa_migrant_stock@2024`.

Marks for "no value" are "..", "-" and spaces. A zero is a figure. What the publisher calls "Others" – people
whose origin it does not tell – is an origin of its own (OTHERS; in 2019 OTHERS_NORTH and OTHERS_SOUTH), so
that the origins of a destination add up to its stock.

Source: United Nations, DESA, Population Division (CC BY 3.0 IGO; the revision of 2015: all rights reserved).
"""

from __future__ import annotations

import polars as pl

from sojourn.sources.desa_migrant_stock_workbook import locate_table, read_table
from sojourn.sources.migrant_stock_table import (
    by_alpha3,
    by_code,
    by_name,
    origin,
    persons,
    stock_reading,
    without_groups,
)
from sojourn.sources.model import Download, Layout, RawSheet, Reading, Source
from sojourn.sources.parsing import Field, lookup, number, read_fields, text
from sojourn.sources.wdi import year

_SEXES = {"total": "_T", "both": "_T", "mf": "_T", "male": "M", "m": "M", "female": "F", "f": "F"}
_sex = lookup(_SEXES)
_SEX = Field("sex", "sex", _sex, ", ".join(_SEXES), needed=True)
_STOCK = Field("stock", "value", persons, "a number of persons")
_YEAR = Field("year", "period", year, "a year", needed=True)
_NAME = "a name as DESA writes it"


def age(values: pl.Series) -> pl.Series:
    """Read age groups into SDMX codes.

    >>> age(pl.Series(["0-4", "75+", "Total"])).to_list()
    ['Y0T4', 'Y_GE75', '_T']
    """
    cells = text(values)
    band = cells.str.replace(r"^(\d+)-(\d+)$", "Y${1}T${2}").str.replace(r"^(\d+)\+$", "Y_GE${1}")
    codes = band.str.replace(r"(?i)^total$", "_T")
    return codes.set(~codes.str.contains(r"^(Y\d+T\d+|Y_GE\d+|_T)$").fill_null(False), None)


def read_totals(sheet: RawSheet) -> Reading:
    """Read a tidied copy of a workbook's table of stocks: one row per destination, year and sex."""
    sheet, groups, notes = without_groups(sheet, "m49", by_code)
    fields = (Field("m49", "destination", by_code, "a location code", needed=True), _YEAR, _SEX, _STOCK)
    table, found = read_fields(sheet, fields)
    return stock_reading(sheet, table, found, form="copy by destination", notes=notes, set_aside=groups)


def read_pairs(sheet: RawSheet) -> Reading:
    """Read a tidied copy by destination and origin, with or without sex; names decide, not their codes."""
    sheet, groups, notes = without_groups(sheet, "destination", by_name)
    fields = (
        Field("destination", "destination", by_name, _NAME, needed=True),
        Field("origin", "origin", origin(by_name), _NAME + ", or Total, or Other…", needed=True),
        _YEAR,
        _STOCK,
        *((_SEX,) if "sex" in sheet.frame.columns else ()),
    )
    table, found = read_fields(sheet, fields)
    return stock_reading(
        sheet, table, found, form="copy by destination and origin", notes=notes, set_aside=groups
    )


def read_pairs_with_data_type(sheet: RawSheet) -> Reading:
    """Read the copy of the R package gdidata: ISO codes, OOO for others, one 0/1 column per data type."""
    letters = {f"type_{letter}": letter.upper() for letter in "bcir"}
    fields = (
        Field("geo", "destination", by_alpha3, "an ISO 3166-1 alpha-3 code", needed=True),
        Field("from", "origin", origin(by_alpha3), "an ISO 3166-1 alpha-3 code or OOO", needed=True),
        Field("t", "period", year, "a year", needed=True),
        _SEX,
        Field("n", "value", persons, "a number of persons"),
        *(Field(column, column, number, "0 or 1") for column in letters),
    )
    table, found = read_fields(sheet, fields)
    flags = [pl.when(pl.col(column) == 1).then(pl.lit(letter)) for column, letter in letters.items()]
    told = pl.concat_str(flags, separator=" ", ignore_nulls=True)
    table = table.with_columns(pl.when(told != "").then(told).alias("data_type"))
    return stock_reading(sheet, table, found, form="copy by destination and origin")


def read_ages(sheet: RawSheet) -> Reading:
    """Read a tidied copy by destination, age and sex."""
    sheet, groups, notes = without_groups(sheet, "destination", by_name)
    fields = (
        Field("destination", "destination", by_name, _NAME, needed=True),
        _YEAR,
        _SEX,
        Field("age", "age", age, "an age group such as 0-4 or 75+", needed=True),
        _STOCK,
    )
    table, found = read_fields(sheet, fields)
    return stock_reading(sheet, table, found, form="copy by age", notes=notes, set_aside=groups)


_SITE = "https://www.un.org/development/desa/pd"
_FILES = f"{_SITE}/sites/www.un.org.development.desa.pd/files"

SOURCE = Source(
    name="desa_migrant_stock",
    title="International Migrant Stock",
    publisher="UN DESA, Population Division",
    licence="CC BY 3.0 IGO",
    citation="United Nations, DESA, Population Division, International Migrant Stock",
    page=f"{_SITE}/content/international-migrant-stock",
    table="migrant_stock",
    parts=("form",),
    layouts=(
        Layout("workbook", (), read_table, locate=locate_table),
        Layout("totals", ("name", "m49", "year", "sex", "stock"), read_totals, original=False),
        Layout(
            "pairs with data type",
            ("geo", "t", "from", "sex", "n", "type_b", "type_c", "type_r", "type_i"),
            read_pairs_with_data_type,
            original=False,
        ),
        Layout(
            "ages",
            ("year", "destination", "stock", "age", "sex", "dest_iso3"),
            read_ages,
            original=False,
        ),
        Layout(
            "pairs",
            ("year", "destination", "origin", "stock", "dest_iso3", "orig_iso3"),
            read_pairs,
            original=False,
        ),
    ),
    downloads=tuple(
        Download(f"undesa_pd_{name}.xlsx", f"{_FILES}/undesa_pd_{name}.xlsx")
        for name in (
            "2024_ims_stock_by_sex_and_destination",
            "2024_ims_stock_by_sex_destination_and_origin",
            "2020_ims_stock_by_sex_and_destination",
            "2020_ims_stock_by_sex_destination_and_origin",
        )
    ),
)
