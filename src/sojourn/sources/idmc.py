"""IDMC, Global Internal Displacement Database: people displaced within their country, and new displacements.

The typed table, kind `internal_displacement`:

    area      ISO 3166-1 alpha-3; AB9 (Abyei Area) is kept though it is no area of ours
    period    year
    measure   STOCK: people living in internal displacement at the end of the year
              FLOW: new internal displacements in the year; one person may be displaced several times
    cause     CONFLICT or DISASTER
    hazard    of a disaster's flow: FLOOD, STORM …; _T for all
    sex, age  M, F and ages as codes (Y0T4 …); _T for all. IDMC's ages are modelled, not counted
    value     people, or displacements

Layouts: the workbook or CSV of the database's own page (displacements by country and year, conflict and
disaster side by side), and tidied copies of its stocks and flows. The page's figures come rounded and raw;
the raw ones are read where they are.

Source: Internal Displacement Monitoring Centre (cite; terms on its page).
"""

from __future__ import annotations

import polars as pl

from sojourn.sources import problems
from sojourn.sources.model import Download, Layout, RawSheet, Reading, Source
from sojourn.sources.parsing import ROW, Field, list_problem, lookup, normal, read_fields
from sojourn.sources.unhcr import count, place
from sojourn.sources.wdi import year

COLUMNS = ("area", "period", "measure", "cause", "hazard", "sex", "age", "value", ROW)

_KEY = ["area", "period", "measure", "cause", "hazard", "sex", "age"]
_ACCEPTED = "an ISO 3166-1 alpha-3 code, or AB9"
_ACCEPTED_COUNT = "a whole number, not negative, at most 50,000,000"
_CAUSES = {"conflict": "CONFLICT", "disaster": "DISASTER"}
HAZARDS = (
    "drought",
    "earthquake",
    "erosion",
    "extreme temperature",
    "flood",
    "mass movement",
    "storm",
    "volcanic activity",
    "wave action",
    "wildfire",
)
_CAUSES_AND_HAZARDS = _CAUSES | {hazard: hazard.upper().replace(" ", "_") for hazard in HAZARDS}
_SEXES = {"female": "F", "male": "M", "unknown": "_U"}
_AGES = {
    "0-4": "Y0T4",
    "5-11": "Y5T11",
    "12-17": "Y12T17",
    "18-59": "Y18T59",
    "60+": "Y_GE60",
    "unknown": "_U",
}

_OWN = {
    # header of the database's page: measure, cause
    "Conflict Stock Displacement": ("STOCK", "CONFLICT"),
    "Conflict Internal Displacements": ("FLOW", "CONFLICT"),
    "Disaster Stock Displacement": ("STOCK", "DISASTER"),
    "Disaster Internal Displacements": ("FLOW", "DISASTER"),
}


def read_page(sheet: RawSheet) -> Reading:
    """Read the table of the database's page: one row per country and year, measures side by side."""
    present = {normal(header) for header in sheet.frame.columns}
    headers = {
        f"{header} (Raw)" if normal(f"{header} (Raw)") in present else header: codes
        for header, codes in _OWN.items()
        if normal(header) in present
    }
    fields = (
        Field("ISO3", "area", place, _ACCEPTED, needed=True),
        Field("Year", "period", year, "a year", needed=True),
        *(Field(header, header, count, _ACCEPTED_COUNT) for header in headers),
    )
    table, found = read_fields(sheet, fields)
    long = table.unpivot(on=list(headers), index=[ROW, "area", "period"], variable_name="header")
    measure = {header: codes[0] for header, codes in headers.items()}
    cause = {header: codes[1] for header, codes in headers.items()}
    return _reading(
        sheet,
        long.with_columns(
            pl.col("header").replace_strict(measure, return_dtype=pl.String).alias("measure"),
            pl.col("header").replace_strict(cause, return_dtype=pl.String).alias("cause"),
        ),
        found,
    )


def read_stocks(sheet: RawSheet) -> Reading:
    """Read the tidied copy of stocks, by cause, sex and age."""
    fields = (
        Field("geo", "area", place, _ACCEPTED, needed=True),
        Field("t", "period", year, "a year", needed=True),
        Field("cause", "cause", lookup(_CAUSES), ", ".join(_CAUSES), needed=True),
        Field("sex", "sex", lookup(_SEXES), ", ".join(_SEXES), needed=True),
        Field("age", "age", lookup(_AGES), ", ".join(_AGES), needed=True),
        Field("n", "value", count, _ACCEPTED_COUNT),
    )
    table, found = read_fields(sheet, fields)
    return _reading(sheet, table.with_columns(pl.lit("STOCK").alias("measure")), found)


def read_flows(sheet: RawSheet) -> Reading:
    """Read the tidied copy of flows; a disaster stands there under its hazard."""
    accepted = ", ".join(_CAUSES_AND_HAZARDS)
    fields = (
        Field("geo", "area", place, _ACCEPTED, needed=True),
        Field("t", "period", year, "a year", needed=True),
        Field("cause", "hazard", lookup(_CAUSES_AND_HAZARDS), accepted, needed=True),
        Field("n", "value", count, _ACCEPTED_COUNT),
    )
    table, found = read_fields(sheet, fields)
    whole = pl.col("hazard").is_in(list(_CAUSES.values()))
    return _reading(
        sheet,
        table.with_columns(
            pl.lit("FLOW").alias("measure"),
            pl.when(whole).then(pl.col("hazard")).otherwise(pl.lit("DISASTER")).alias("cause"),
            pl.when(whole).then(pl.lit("_T")).otherwise(pl.col("hazard")).alias("hazard"),
        ),
        found,
    )


def _reading(sheet: RawSheet, table: pl.DataFrame, found: pl.DataFrame) -> Reading:
    """Complete the columns, and keep each figure once; a cell without a figure is no row."""
    absent = [name for name in ("hazard", "sex", "age") if name not in table.columns]
    table = table.with_columns(pl.lit("_T").alias(name) for name in absent)
    valued = table.filter(pl.col("value").is_not_null())
    empty = table[ROW].n_unique() - valued[ROW].n_unique()
    repeated = valued.filter(~pl.struct(_KEY).is_first_distinct())
    listed = list_problem(
        sheet,
        repeated[ROW],
        "value",
        repeated["value"],
        problem="repeats a figure",
        accepted="one row",
        action="rejected",
    )
    valued = valued.filter(pl.struct(_KEY).is_first_distinct())
    return Reading(
        table=valued.select(COLUMNS),
        edition=f"to-{valued['period'].max() or 'empty'!s}",
        rows=sheet.frame.height,
        problems=problems.combine(found, listed),
        empty_rows=empty,
    )


SOURCE = Source(
    name="idmc",
    title="Global Internal Displacement Database",
    publisher="Internal Displacement Monitoring Centre",
    licence="cite; terms on the page",
    citation="Internal Displacement Monitoring Centre, Global Internal Displacement Database",
    page="https://www.internal-displacement.org/database/displacement-data/",
    table="internal_displacement",
    parts=("measure", "cause", "period"),
    layouts=(
        Layout(
            "database page", ("ISO3", "Year", *(header for header in _OWN if "Conflict" in header)), read_page
        ),
        Layout("stocks", ("geo", "t", "cause", "sex", "age", "n"), read_stocks, original=False),
        Layout("flows", ("geo", "t", "cause", "n"), read_flows, original=False),
    ),
    downloads=(Download("idmc_displacement.xlsx", None),),
    by_hand="The page asks for a click; choose 'Download' of displacement data.",
)
