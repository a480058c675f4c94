"""A simulated file of the World Bank's Remittance Prices Worldwide, in the official layouts.

It enters by the same reader as the official workbook and says on its first sheet, and in `note2` of
every row, that it is simulated. The prices come from `market`; this module knows the layouts: sheet
names, columns, labels and dates. The irregularities of the official file are in `traps`. Not reproduced:
the sheets Methodology, Legend and Countries; shared strings (constant-memory writing puts text in the
cells).

Source of the layouts: World Bank Data Catalog, dataset 0037898, edition of 2025 Q3.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
import polars as pl
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from sojourn.errors import NotFoundError
from sojourn.sources.simulated.market import Market, quotes
from sojourn.sources.simulated.market_facts import COUNTRIES

Cell = str | int | float | dt.date | None
SheetCells = tuple[Sequence[str], Iterable[Sequence[Cell]]]
"""The header and the rows of one sheet."""

FILE_NAME = "rpw_dataset_simulated.xlsx"
OLD_SHEET = "Dataset (up to Q1 2016)"
NEW_SHEET = "Dataset (from Q2 2016)"
LABEL = "SIMULATED - not World Bank figures; the firm and its prices are invented"

_ENDS = tuple(
    f"{end}_{fact}"
    for end in ("source", "destination")
    for fact in ("code", "name", "region", "income", "lending", "G8G20")
)
PRICE_FACTS = (
    "lcu amount",
    "denomination amount",
    "lcu code",
    "lcu fee",
    "lcu fx rate",
    "fx margin",
    "total cost %",
)
_PRICES = tuple(f"{block} {fact}" for block in ("cc1", "cc2") for fact in PRICE_FACTS)

COLUMNS_TO_2016Q1: tuple[str, ...] = (
    "id", "period", *_ENDS, "firm", "firm_type", "product", "sending location", "speed actual", *_PRICES,
    "inter lcu bank fx", "transparent", "note1", "note2", "coverage", "pick-up method", "date", "corridor",
)  # fmt: skip
COLUMNS_FROM_2016Q2: tuple[str, ...] = (
    "id", "period", *_ENDS, "firm", "firm_type", "payment instrument", "access point", "speed actual",
    *_PRICES, "inter lcu bank fx", "transparent", "Standard Note", "note2",
    "receiving network coverage", "pickup location", "pickup method", "date", "corridor",
)  # fmt: skip
COLUMNS = {OLD_SHEET: COLUMNS_TO_2016Q1, NEW_SHEET: COLUMNS_FROM_2016Q2}

NUMBERS = ("id", *(name for name in _PRICES if "code" not in name), "inter lcu bank fx")
_HIDDEN_RATE = "Exchange rate not disclosed: the margin of 0 is not a measured zero."
_OECD = ["AUS", "CAN", "CHE", "DEU", "ESP", "FRA", "GBR", "ITA", "JPN", "KOR", "NZL", "USA"]
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def services(market: Market, rng: np.random.Generator) -> dict[str, pl.DataFrame]:
    """Simulate the service rows of both sheets: sheet name to rows with the official columns.

    Dates are dates here; `write` spells them as the publisher does. `id` is the period and a running
    number. Source: `market.quotes` for the prices and their identities.

    >>> rows = services(Market(last_quarter="2016-Q2"), np.random.default_rng(1))
    >>> [len(table.columns) for table in rows.values()]
    [41, 42]
    """
    drawn = quotes(market, rng)
    old = pl.col("quarter") <= "2016-Q1"
    return {sheet: _laid_out(drawn.filter(old if sheet == OLD_SHEET else ~old), sheet) for sheet in COLUMNS}


def write(path: Path, rows: Mapping[str, pl.DataFrame], seed: object) -> Path:
    """Write sheets of official rows as a workbook labelled simulated; same rows, same bytes.

    Numbers are written as numbers; dates as text like 22/Jan/2016 up to 2024, as Excel dates from 2025.
    Returns the path; if `path` is a folder the file in it is called `FILE_NAME`.
    """
    return write_sheets(
        path, {name: (table.columns, table.iter_rows()) for name, table in rows.items()}, seed
    )


def workbook(path: Path, market: Market, rng: np.random.Generator) -> Path:
    """Simulate `market` and write it: the file that stands in for the official download."""
    # Generators made by numpy.random.default_rng(seed) remember their seed; others may not.
    seed = getattr(rng.bit_generator.seed_seq, "entropy", "unknown")
    return write(path, services(market, rng), seed)


def resampled(
    rows: Mapping[str, pl.DataFrame], quotes: Mapping[str, int], rng: np.random.Generator
) -> dict[str, pl.DataFrame]:
    """Draw rows with replacement up to `quotes` rows per sheet, keep their order, number them anew.

    For benchmarks at the official size: 49,491 rows in `OLD_SHEET` and 204,469 in `NEW_SHEET`.
    """
    drawn, last = {}, 0
    for sheet, size in quotes.items():
        if sheet not in rows or rows[sheet].is_empty():
            raise NotFoundError(f"No rows to draw from in sheet {sheet!r}", accepted=", ".join(rows))
        picked = rows[sheet][np.sort(rng.integers(0, rows[sheet].height, size))]
        drawn[sheet] = picked.with_columns(id=pl.int_range(last + 1, last + size + 1, dtype=pl.Int64))
        last += size
    return drawn


def _laid_out(drawn: pl.DataFrame, sheet: str) -> pl.DataFrame:
    """Rename and code the quotes as one of the two sheets does."""
    quarter, year = pl.col("quarter").str.slice(6, 1), pl.col("quarter").str.slice(0, 4)
    number = pl.int_range(pl.len()).over("quarter") + 1
    columns = {
        "id": (year + quarter).cast(pl.Int64) * 100_000 + number,
        "period": year + "_" + quarter + "Q",
        **_end_columns("source", sheet),
        **_end_columns("destination", sheet),
        **_price_columns("cc1", 200),
        **_price_columns("cc2", 500),
        "speed actual": pl.col("speed"),
        "inter lcu bank fx": pl.col("interbank"),
        "transparent": pl.when(~pl.col("transparent"))
        .then(pl.lit("no"))
        .when(year >= "2025")
        .then(pl.lit("Yes"))
        .otherwise(pl.lit("yes")),
        "note2": pl.lit(LABEL),
        "corridor": pl.col("source") + pl.col("destination"),
    }
    note = pl.when(~pl.col("transparent")).then(pl.lit(_HIDDEN_RATE))
    by_sheet = {
        OLD_SHEET: {
            "sending location": pl.col("access").replace({"Internet": "On-line", "Branch": "at Branch"}),
            "note1": note,
            "coverage": pl.col("coverage").replace(
                {"High": "Nationwide", "Medium": "Major cities", "Low": "Main city"}
            ),
            "pick-up method": pl.col("pickup").replace({"Bank account": "Bank Account"}),
        },
        NEW_SHEET: {
            "payment instrument": pl.col("payment"),
            "access point": pl.col("access"),
            "Standard Note": note,
            "receiving network coverage": pl.col("coverage"),
            "pickup location": pl.col("pickup_location"),
            "pickup method": pl.col("pickup"),
        },
    }
    return drawn.with_columns(**columns, **by_sheet[sheet]).select(COLUMNS[sheet])


def _end_columns(end: str, sheet: str) -> dict[str, pl.Expr]:
    """Describe the sending or receiving country as the publisher classes it."""

    def fact(name: str) -> pl.Expr:
        known = {country.code: country._asdict()[name] for country in COUNTRIES}
        return pl.col(end).replace_strict(known, return_dtype=pl.String)

    income = fact("income")
    if sheet == OLD_SHEET:  # which still told OECD members apart
        club = pl.when(pl.col(end).is_in(_OECD)).then(pl.lit(": OECD")).otherwise(pl.lit(": nonOECD"))
        income = pl.when(income == "High income").then(income + club).otherwise(income)
    return {
        f"{end}_code": pl.col(end),
        f"{end}_name": fact("name"),
        f"{end}_region": fact("region"),
        f"{end}_income": income,
        f"{end}_lending": fact("lending"),
        f"{end}_G8G20": fact("club"),
    }


def _price_columns(block: str, usd: int) -> dict[str, pl.Expr]:
    """Lay out the price of sending `usd` dollars: block cc1 for 200, cc2 for 500."""
    values = (
        pl.col(f"amount_{usd}"), pl.lit(usd, pl.Int64), pl.col("source_currency"), pl.col(f"fee_{usd}"),
        pl.col("rate"), pl.col("margin"), pl.col(f"cost_{usd}"),
    )  # fmt: skip
    return {f"{block} {fact}": value for fact, value in zip(PRICE_FACTS, values, strict=True)}


def write_sheets(path: Path, sheets: Mapping[str, SheetCells], seed: object) -> Path:
    """Write headers and rows after a first sheet that says what this is; return the path of the file."""
    path = path / FILE_NAME if path.is_dir() else path
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        # A fixed date, or the bytes would change with the clock.
        book.set_properties({"title": "Simulated remittance prices", "created": dt.datetime(2025, 1, 1)})
        day = book.add_format({"num_format": "dd/mmm/yyyy"})
        terms = book.add_worksheet("Terms of Use")
        label = f"SIMULATED DATA - not World Bank figures - generated by sojourn, seed {seed}"
        advice = "All firms, fees and margins are invented. Not for citation as observed prices."
        for number, line in enumerate((label, advice)):
            terms.write_string(number, 0, line)
        for name, (header, rows) in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(chain((header,), rows)):
                for column, cell in enumerate(row):
                    if cell is not None:
                        _write_cell(sheet, number, column, cell, day)
    return path


def _write_cell(sheet: Worksheet, row: int, column: int, cell: str | float | dt.date, day: Format) -> None:
    """Write one cell by its type; `day` is the format of dates."""
    if isinstance(cell, str):
        sheet.write_string(row, column, cell)
    elif isinstance(cell, int | float):
        sheet.write_number(row, column, cell)
    elif cell.year >= 2025:
        sheet.write_datetime(row, column, cell, day)
    else:
        sheet.write_string(row, column, _day_text(cell))


def _day_text(day: dt.date) -> str:
    """Spell a date as the publisher did up to 2024; strftime would follow the machine's language.

    >>> _day_text(dt.date(2016, 1, 2))
    '02/Jan/2016'
    """
    return f"{day.day:02}/{_MONTHS[day.month - 1]}/{day.year}"
