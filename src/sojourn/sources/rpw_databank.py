"""World Bank DataBank, Remittance Prices Worldwide: averages as the publisher computed them.

Corridor averages (ATCR.CORR), receiving and sending countries by quarter (SI.RMT.COST.IB.ZS, .OB.ZS), and
the table of regional averages in the quarterly report. They are the official figures to hold ours against.
"""

from __future__ import annotations

import re

import polars as pl

from sojourn.sources.model import Download, Head, Layout, RawSheet, Reading, Source
from sojourn.sources.parsing import ROW, Field, area, normal, number, read_fields, text, without_blank_rows
from sojourn.sources.published import published_reading
from sojourn.sources.rpw import period

_AREA = area("worldbank")
_ACCEPTED = "a World Bank country or group code"
_QUARTER_HEADER = r"^(?:(\d{4})Q([1-4])(?: \[YR\d{4}Q[1-4]\])?|Q([1-4]) (\d{4}))$"

_SERIES = {
    # World Bank series: our series, breakdown
    "ATCR.CORR": ("SI_RMT_COST_BC", ""),
    "SI.RMT.COST.IB.ZS": ("SI_RMT_COST", ""),
    "SI.RMT.COST.OB.ZS": ("SI_RMT_COST", "DIRECTION=OUTBOUND"),
}


def _quarter(header: str) -> str | None:
    """Read a header such as "2017Q1 [YR2017Q1]" or "Q1 2013" as 2017-Q1."""
    match = re.fullmatch(_QUARTER_HEADER, header.strip())
    if not match:
        return None
    first, quarter, other_quarter, other_year = match.groups()
    return f"{first or other_year}-Q{quarter or other_quarter}"


def locate_databank(head: Head) -> int | None:
    """A DataBank table has series and country codes, and quarters across."""
    for index, row in enumerate(head.rows, start=1):
        names = {normal(cell) for cell in row if cell}
        areas = [name for name in names - {"series code"} if name.endswith("code")]
        has_codes = "series code" in names and len(areas) in (1, 2)
        if has_codes and any(_quarter(cell) for cell in row if cell):
            return index
    return None


def locate_regional(head: Head) -> int | None:
    """The report's table: World Bank region codes down, quarters across."""
    first = head.rows[0] if head.rows else ()
    fits = len(first) > 1 and first[0] == "iso3c" and all(cell and _quarter(cell) for cell in first[1:])
    return 1 if fits else None


def read_databank(sheet: RawSheet) -> Reading:
    """Read a DataBank download; its foot notes below the table are no rows."""
    codes = [header for header in sheet.frame.columns if normal(header).endswith("code")]
    countries = [header for header in codes if normal(header) != "series code"]
    series_header = next(header for header in codes if normal(header) == "series code")
    body, foot_notes = without_blank_rows(sheet, tuple(codes))
    ends = ("area", "counterpart")[: len(countries)]
    sending_first = sorted(countries, key=lambda header: "sending" not in header.lower())
    fields = (
        Field(series_header, "code", text, "a series code", needed=True),
        *(
            Field(header, end, _AREA, _ACCEPTED, needed=True)
            for header, end in zip(sending_first, ends, strict=True)
        ),
    )
    return _read_across(body, fields, foot_notes)


def read_regional(sheet: RawSheet) -> Reading:
    """Read the table of regional averages in the quarterly report."""
    fields = (Field("iso3c", "area", _AREA, "a World Bank region code", needed=True),)
    return _read_across(sheet, fields)


def read_tidy(sheet: RawSheet) -> Reading:
    """Read a tidied copy of the corridor averages."""
    fields = (
        Field("sending_countries_code", "area", _AREA, _ACCEPTED, needed=True),
        Field("receiving_countries_code", "counterpart", _AREA, _ACCEPTED, needed=True),
        Field("series_code", "code", text, "a series code", needed=True),
        Field("quarter", "period", period, "a quarter such as 2011Q1", needed=True),
        Field("cost", "value", number, "a number, in per cent"),
    )
    table, found = read_fields(sheet, fields)
    return _finish(sheet, table, found, 0)


def _read_across(sheet: RawSheet, fields: tuple[Field, ...], set_aside: int = 0) -> Reading:
    quarters = {header: quarter for header in sheet.frame.columns if (quarter := _quarter(header))}
    numbers = tuple(Field(header, header, number, "a number, in per cent") for header in quarters)
    wide, found = read_fields(sheet, (*fields, *numbers))
    table = wide.unpivot(
        on=list(quarters),
        index=[ROW, *(field.name for field in fields)],
        variable_name="period",
        value_name="value",
    ).with_columns(pl.col("period").replace_strict(quarters))
    return _finish(sheet, table, found, set_aside)


def _finish(sheet: RawSheet, table: pl.DataFrame, found: pl.DataFrame, set_aside: int) -> Reading:
    """Translate the Bank's series codes; a table without one holds averages of the cost of sending."""
    if "code" not in table.columns:
        table = table.with_columns(pl.lit("SI.RMT.COST.IB.ZS").alias("code"))
    known = table.filter(pl.col("code").is_in(list(_SERIES)))
    names = {code: series for code, (series, _) in _SERIES.items()}
    breakdowns = {code: breakdown for code, (_, breakdown) in _SERIES.items()}
    known = known.with_columns(
        pl.col("code").replace_strict(names).alias("series"),
        pl.col("code").replace_strict(breakdowns).alias("breakdown"),
        pl.lit("PT").alias("unit"),
    )
    other = table.filter(~pl.col("code").is_in(list(_SERIES)))
    notes = (f"series not used: {', '.join(sorted(set(other['code'])))}",) if other.height else ()
    sheet = sheet.filter(~sheet.row_numbers.is_in(other[ROW].unique().to_list()))
    set_aside += other[ROW].n_unique()
    edition = str(known["period"].max() or "empty")
    return published_reading(sheet, known, found, edition, notes, set_aside=set_aside)


SOURCE = Source(
    name="rpw_databank",
    title="Remittance Prices Worldwide, published averages",
    publisher="World Bank",
    licence="CC BY 4.0",
    citation="The World Bank, Remittance Prices Worldwide, DataBank and quarterly reports",
    page="https://databank.worldbank.org/source/remittance-prices-worldwide-(corridors)",
    table="published_values",
    series=("SI_RMT_COST", "SI_RMT_COST_BC"),
    parts=("series", "breakdown", "period"),
    layouts=(
        Layout("DataBank", (), read_databank, locate=locate_databank),
        Layout("regional averages of the report", (), read_regional, locate=locate_regional, original=False),
        Layout(
            "tidy corridors",
            ("sending_countries_code", "receiving_countries_code", "series_code", "quarter", "cost"),
            read_tidy,
            original=False,
        ),
    ),
    downloads=(Download("rpw_corridors.xlsx", None),),
    by_hand="DataBank builds each download on its page.",
)
