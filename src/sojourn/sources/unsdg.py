"""UN Statistics Division, Global SDG Indicators Database: official values of the SDG indicators.

The typed table is of kind `published_values`. Areas are M49 numbers there. Read are the series whose
indicators this program measures; other series of a download are counted and left.
"""

from __future__ import annotations

import polars as pl

from sojourn.sources.model import Download, Head, Layout, RawSheet, Reading, Source
from sojourn.sources.parsing import ROW, Field, area, lookup, number, read_fields, text, without_other_areas
from sojourn.sources.published import published_reading
from sojourn.sources.wdi import year

SERIES = {
    # series: SDMX unit
    "SI_RMT_COST": "PT",
    "BX_TRF_PWKR": "PT",
    "SM_POP_REFG_OR": "PER_100000_POP",
}

_AREA = area("m49")
_ACCEPTED = "an M49 number"
_NATURES = {"c": "C", "ca": "CA", "e": "E", "g": "G", "m": "M", "n": "N"}


_nature = lookup(_NATURES | {"na": "_X", "notspec": "_X"})


def read_download(sheet: RawSheet) -> Reading:
    """Read the CSV or workbook that the database's own page gives."""
    fields = (
        Field("SeriesCode", "series", text, "a series code", needed=True),
        Field("GeoAreaCode", "area", _AREA, _ACCEPTED, needed=True),
        Field("TimePeriod", "period", year, "a year", needed=True),
        Field("Value", "value", number, "a number"),
        Field("[Nature]", "nature", _nature, "a nature code", optional=True),
    )
    sheet, groups, notes = without_other_areas(sheet, "GeoAreaCode", "m49")
    table, found = read_fields(sheet, fields)
    used = pl.col("series").is_in(list(SERIES))
    other = table.filter(~used)
    if other.height:
        notes += (f"{other.height} rows of {other['series'].n_unique()} series not used",)
    sheet = sheet.filter(~sheet.row_numbers.is_in(other[ROW].to_list()))
    return _finish(sheet, table.filter(used), found, notes, groups + other.height)


def locate_entities(head: Head) -> int | None:
    """A tidied copy names the series in its last header: geo_area, nature, units, year, si_rmt_cost."""
    first = head.rows[0] if head.rows else ()
    fits = first[:4] == ("geo_area", "nature", "units", "year") and str(first[-1]).upper() in SERIES
    return 1 if fits and len(first) == 5 else None


def read_entities(sheet: RawSheet) -> Reading:
    """Read a tidied copy with one series per file."""
    header = sheet.frame.columns[-1]
    fields = (
        Field("geo_area", "area", _AREA, _ACCEPTED, needed=True),
        Field("year", "period", year, "a year", needed=True),
        Field("nature", "nature", _nature, "a nature code"),
        Field(header, "value", number, "a number"),
    )
    sheet, groups, notes = without_other_areas(sheet, "geo_area", "m49")
    table, found = read_fields(sheet, fields)
    return _finish(sheet, table.with_columns(pl.lit(header.upper()).alias("series")), found, notes, groups)


def _finish(
    sheet: RawSheet, table: pl.DataFrame, found: pl.DataFrame, notes: tuple[str, ...], set_aside: int
) -> Reading:
    table = table.with_columns(
        pl.col("series").replace_strict(SERIES, return_dtype=pl.String).alias("unit"),
        pl.col("nature").fill_null("_X"),
    )
    edition = f"to-{table['period'].cast(pl.String).max() or 'empty'!s}"
    return published_reading(sheet, table, found, edition, notes, set_aside=set_aside)


SOURCE = Source(
    name="unsdg",
    title="Global SDG Indicators Database",
    publisher="UN Statistics Division",
    licence="free use with attribution",
    citation="United Nations Statistics Division, Global SDG Indicators Database",
    page="https://unstats.un.org/sdgs/dataportal",
    table="published_values",
    parts=("series",),
    layouts=(
        Layout("download", ("SeriesCode", "GeoAreaCode", "TimePeriod", "Value"), read_download),
        Layout("one series per file", (), read_entities, locate=locate_entities, original=False),
    ),
    downloads=(Download("sdg_data.xlsx", None),),
    by_hand="The database builds each download on its page; choose series SI_RMT_COST, BX_TRF_PWKR and SM_POP_REFG_OR.",
)
