"""UNHCR's copy of IDMC: people displaced within their country by conflict, at the end of a year, since 1990.

The typed table is of kind `internal_displacement` (see `idmc`). Figures before 2008 are of the world only
and stand under the category UNK. The records do not say what they count; so the file must be named after
the service (idmc), as it is everywhere.

Source: Internal Displacement Monitoring Centre, through UNHCR's Refugee Data Finder.
"""

from __future__ import annotations

import polars as pl

from sojourn.sources import problems
from sojourn.sources.idmc import COLUMNS
from sojourn.sources.model import Download, Head, Layout, RawSheet, Reading, Source
from sojourn.sources.parsing import ROW, Field, list_problem, read_fields
from sojourn.sources.unhcr import PAGE, count, place
from sojourn.sources.wdi import year

_HEADERS = ("year", "coo_iso", "coa_iso", "total")


def locate(head: Head) -> int | None:
    """Recognise the records by their few columns and the name of the file."""
    first = {cell for cell in head.rows[0] if cell} if head.rows else set()
    own = set(_HEADERS) <= first <= {*_HEADERS, "coo", "coa", "coo_name", "coa_name", "coo_id", "coa_id"}
    return 1 if own and "idmc" in head.file.name.rsplit("/", 1)[-1].lower() else None


def read(sheet: RawSheet) -> Reading:
    """Read the records; origin and place are the same country, as people are displaced within it."""
    accepted = "an ISO 3166-1 alpha-3 code, UNK or AB9"
    fields = (
        Field("year", "period", year, "a year", needed=True),
        Field("coo_iso", "area", place, accepted, needed=True),
        Field("coa_iso", "elsewhere", place, accepted, needed=True),
        Field("total", "value", count, "a whole number, not negative, at most 50,000,000"),
    )
    table, found = read_fields(sheet, fields)
    abroad = table.filter(pl.col("area") != pl.col("elsewhere"))
    listed = list_problem(
        sheet,
        abroad[ROW],
        "coa_iso",
        abroad["elsewhere"],
        problem="is another country than the origin",
        accepted="the country of origin: people are displaced within it",
        action="rejected",
    )
    table = table.filter(pl.col("area") == pl.col("elsewhere"))
    valued = table.filter(pl.col("value").is_not_null())
    whole = {"measure": "STOCK", "cause": "CONFLICT", "hazard": "_T", "sex": "_T", "age": "_T"}
    return Reading(
        table=valued.with_columns(pl.lit(code).alias(name) for name, code in whole.items()).select(COLUMNS),
        edition=f"to-{valued['period'].max() or 'empty'!s}",
        rows=sheet.frame.height,
        problems=problems.combine(found, listed),
        empty_rows=table.height - valued.height,
    )


SOURCE = Source(
    name="unhcr_idmc",
    title="Refugee Data Finder: IDMC's stocks of conflict displacement",
    publisher="Internal Displacement Monitoring Centre, through UNHCR",
    licence="cite; terms on IDMC's page",
    citation="Internal Displacement Monitoring Centre, through UNHCR, Refugee Data Finder",
    page=PAGE,
    table="internal_displacement",
    parts=("period", "area"),
    layouts=(Layout("API records", (), read, locate=locate),),
    downloads=(
        Download(
            "unhcr_idmc.json",
            "https://api.unhcr.org/population/v1/idmc/?limit=20000&coo_all=true&coa_all=true",
        ),
    ),
)
