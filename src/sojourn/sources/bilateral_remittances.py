"""World Bank / KNOMAD, bilateral remittance matrix: modelled flows from each country to each other one.

The publisher's workbook is a matrix: sending countries down, receiving countries across, in millions of
US dollars, its year in the title. The typed table, kind `remittance_flows`:

    period               year
    sending, receiving   ISO 3166-1 alpha-3
    value                millions of US dollars; zero cells are left out
    row                  row number in the file

Rows of zeros only, and those of totals, count as empty.

The flows are estimates (Ratha and Shaw 2007): migrant stocks and incomes split the inflow that a country
reports over the countries where its migrants live. They are not counted transfers.
"""

from __future__ import annotations

import re

import polars as pl

from sojourn.errors import LayoutError, Place
from sojourn.sources import problems
from sojourn.sources.model import Download, Head, Layout, RawSheet, Reading, Source
from sojourn.sources.parsing import ROW, Field, area, list_problem, number, read_fields, text
from sojourn.sums import ordered_sum

COLUMNS = ("period", "sending", "receiving", "value", ROW)

_ENDS = ("sending", "receiving")
_TOTALS = ("world", "total")
_NAME = area("name")
_ACCEPTED = "a country name as the World Bank writes it"


def locate_matrix(head: Head) -> int | None:
    """Find the header of a matrix: its first cell says what runs across and what down."""
    for index, row in enumerate(head.rows, start=1):
        corner = (row[0] or "").lower() if row else ""
        if "(across)" in corner and "(down)" in corner and "remittance" in corner:
            return index
    return None


def read_matrix(sheet: RawSheet) -> Reading:
    """Read the publisher's matrix; its total row and column are left out, unknown names are listed."""
    corner, *receivers = sheet.frame.columns
    kept = [name for name in receivers if name.strip().lower() not in _TOTALS]
    is_total = text(sheet.frame[corner]).str.to_lowercase().is_in(_TOTALS).fill_null(False)
    body = sheet.filter(~is_total)
    fields = (
        Field(corner, "sending_name", text, _ACCEPTED, needed=True),
        *(Field(name, name, number, "a number, in millions of US dollars") for name in kept),
    )
    wide, found = read_fields(body, fields)
    table = wide.unpivot(
        on=kept, index=[ROW, "sending_name"], variable_name="receiving_name", value_name="value"
    )
    table = table.with_columns(_NAME(table[f"{end}_name"]).alias(end) for end in _ENDS)
    names_across = {"receiving": body.header_row}
    return _reading(body, table, found, names_across, totals=int(is_total.sum()))


def read_tidy(sheet: RawSheet) -> Reading:
    """Read a tidied copy, one row per pair of countries; names decide where a code is missing."""
    fields = (
        Field("send_iso3", "sending_code", area("alpha3"), "an ISO 3166-1 alpha-3 code"),
        Field("recv_iso3", "receiving_code", area("alpha3"), "an ISO 3166-1 alpha-3 code"),
        Field("sending", "sending_name", text, _ACCEPTED, needed=True),
        Field("receiving", "receiving_name", text, _ACCEPTED, needed=True),
        Field("usd_million", "value", number, "a number, in millions of US dollars"),
    )
    table, found = read_fields(sheet, fields)
    # A name stands beside each code; only one that is unknown too is a fault, and `_unknown_names` lists it.
    found = found.filter(~pl.col("column").is_in(["send_iso3", "recv_iso3"]))
    table = table.with_columns(
        table[f"{end}_code"]
        .zip_with(table[f"{end}_code"].is_not_null(), _NAME(table[f"{end}_name"]))
        .alias(end)
        for end in _ENDS
    )
    return _reading(sheet, table, found, {}, totals=0)


def _reading(
    sheet: RawSheet, table: pl.DataFrame, found: pl.DataFrame, names_across: dict[str, int], *, totals: int
) -> Reading:
    """Keep flows that are not zero; a country's cell with itself is kept if the publisher fills it.

    Args:
        sheet: the sheet without its rows of totals, which `totals` counts.
        table: one row per pair of countries, with their names as published.
        found: problems listed so far.
        names_across: which end, if any, has its names in the header, and in which row that stands.
        totals: how many rows of totals there were.
    """
    unknown, notes = _unknown_names(sheet, table, names_across)
    flows = table.drop_nulls(_ENDS).filter(pl.col("value") != 0)
    first = pl.struct("sending_name", "receiving_name").is_first_distinct()
    again = flows.filter(~first)
    repeated = list_problem(
        sheet,
        again[ROW],
        "sending",
        again["sending_name"],
        problem="repeats a pair",
        accepted="one row per pair",
        action="rejected",
    )
    flows = flows.filter(first)
    period = _year(sheet)
    # Two names of one area, a State and a part of it for instance, are two flows of that area.
    merged = (
        flows.group_by(_ENDS, maintain_order=True)
        .agg(ordered_sum("value"), pl.col(ROW).first())
        .with_columns(pl.lit(period).alias("period"))
    )
    if flows.height > merged.height:
        notes += (f"{flows.height - merged.height} flows of areas with two names were added to the others",)
    listed = problems.combine(found, unknown, repeated)
    return Reading(
        table=merged.select(COLUMNS),
        edition=period,
        rows=sheet.frame.height + totals,
        problems=listed,
        notes=notes,
        empty_rows=sheet.frame.height + totals - flows[ROW].n_unique() - problems.rejected_rows(listed),
    )


def _unknown_names(
    sheet: RawSheet, table: pl.DataFrame, names_across: dict[str, int]
) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """List each name that is no area once, where it first stands, and say how much flow goes with it.

    Its other rows count as empty: one name may stand in hundreds of them, most of them zeros.
    """
    listed, notes = [], []
    for end in _ENDS:
        names = (
            table.filter(pl.col(end).is_null())
            .with_columns(pl.col("value").fill_null(0.0))
            .group_by(f"{end}_name", maintain_order=True)
            .agg(ordered_sum("value"), pl.col(ROW).first())
        )
        if names.is_empty():
            continue
        rows = (
            pl.Series([names_across[end]] * names.height, dtype=pl.UInt32)
            if end in names_across
            else names[ROW]
        )
        listed.append(
            list_problem(
                sheet,
                rows,
                end,
                names[f"{end}_name"],
                problem=f"is not a known {end} country; its flows are left out",
                accepted=_ACCEPTED,
                action="emptied" if end in names_across else "rejected",
            )
        )
        sums = ", ".join(
            f"{name} {value:,.1f}" for name, value in names.select(f"{end}_name", "value").iter_rows()
        )
        notes.append(f"millions of US dollars left out with unknown {end} countries: {sums}")
    return problems.combine(*listed), tuple(notes)


def _year(sheet: RawSheet) -> str:
    """The title names the year; a tidied copy has only its file's name."""
    title = " ".join(cell for line in sheet.preamble for cell in line if cell)
    corner = sheet.frame.columns[0]
    for place in (title, corner, sheet.file.name.rsplit("/", 1)[-1]):
        if match := re.search(r"(?<!\d)(20[012]\d)(?!\d)", place):
            return match.group(1)
    raise LayoutError(
        "The matrix does not say its year",
        where=Place(sheet.file.name, sheet=sheet.sheet),
        accepted="a title such as 'Bilateral Remittance Estimates for 2017 …', or a year in the file's name",
        advice="Add the year to the file's name.",
    )


SOURCE = Source(
    name="bilateral_remittances",
    title="Bilateral Remittance Matrix",
    publisher="World Bank / KNOMAD",
    licence="CC BY 4.0",
    citation="World Bank / KNOMAD, Bilateral Remittance Matrices",
    page="https://www.knomad.org/data/remittances",
    table="remittance_flows",
    parts=("period",),
    layouts=(
        Layout("matrix", (), read_matrix, locate=locate_matrix),
        Layout(
            "tidy",
            ("sending", "receiving", "usd_million", "send_iso3", "recv_iso3"),
            read_tidy,
            original=False,
        ),
    ),
    downloads=(Download("bilateral_remittance_matrix_2021.xlsx", None),),
    by_hand="The address of each year's workbook changes; the page lists them.",
)
