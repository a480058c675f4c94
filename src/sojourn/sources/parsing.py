"""Turns raw cells into typed columns, and lists every cell that could not be turned.

A reader states its columns as `Field`s. A cell that does not fit is either emptied (the row stays) or
rejects its row; both are listed with file, sheet, row, column, value, problem and what is accepted.
Whole columns are converted at once, so that half a million rows take a fraction of a second.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl
from rapidfuzz import process

from sojourn import areas
from sojourn.errors import LayoutError, Place
from sojourn.sources import problems
from sojourn.sources.model import RawSheet

MISSING_TEXT = ("", "..", "...", "-", "–", "n/a", "#n/a", "na.", "n.a.", "nan", "null")
"""Cells that publishers leave for "no value". "NA" is not among them: it is Namibia."""

ROW = "row"


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a publisher's table and how its cells become ours.

    Attributes:
        column: the publisher's header.
        name: our name.
        convert: raw text column -> typed column, null where a cell does not fit.
        accepted: what fits, in words.
        needed: a row without a usable cell here is rejected; else the cell is emptied.
        optional: the column itself may be absent from the sheet.
    """

    column: str
    name: str
    convert: Callable[[pl.Series], pl.Series]
    accepted: str
    needed: bool = False
    optional: bool = False


def text(values: pl.Series) -> pl.Series:
    """Trim, join inner white space, and empty the marks for "no value"."""
    cells = values.cast(pl.String)
    # Labels repeat: look at each distinct one once, and touch only the cells that change.
    distinct = cells.drop_nulls().unique(maintain_order=True)
    trimmed = distinct.str.strip_chars().str.replace_all(r"\s+", " ")
    clean = trimmed.set(trimmed.str.to_lowercase().is_in(MISSING_TEXT), None)
    changed = clean.ne_missing(distinct)
    return cells.replace(distinct.filter(changed), clean.filter(changed)) if changed.any() else cells


def number(values: pl.Series) -> pl.Series:
    """Read numbers, also those stored as text, with thousands commas or spaces; percent signs are no part.

    >>> number(pl.Series(["7.5", " 1,234.50 ", "7,5", "N/A"])).to_list()
    [7.5, 1234.5, None, None]
    """
    if values.dtype.is_numeric():
        return values.cast(pl.Float64).fill_nan(None)
    plain = values.cast(pl.Float64, strict=False)
    if plain.null_count() == values.null_count():
        return _finite(plain)
    trimmed = text(values)
    grouped = trimmed.str.contains(r"^-?\d{1,3}([, ]\d{3})+(\.\d+)?$").fill_null(False)
    joined = trimmed.str.replace_all(r"[, ]", "").cast(pl.Float64, strict=False)
    return _finite(trimmed.cast(pl.Float64, strict=False).zip_with(~grouped, joined))


def _finite(values: pl.Series) -> pl.Series:
    """Text such as "inf" casts to a number that no publisher means."""
    return values.set(~values.is_finite(), None)


def date(values: pl.Series) -> pl.Series:
    """Read dates as 22/Jan/2011, 2011-01-22 (with or without a time) or a spreadsheet's day number.

    >>> date(pl.Series(["22/Jan/2011", "2025-01-14 00:00:00", "45678", "soon"])).to_list()
    [datetime.date(2011, 1, 22), datetime.date(2025, 1, 14), datetime.date(2025, 1, 21), None]
    """
    if isinstance(values.dtype, (pl.Date, pl.Datetime)):
        return values.cast(pl.Date)
    cells = text(values)
    serial = cells.str.extract(r"^(\d{5})(\.\d+)?$").cast(pl.Int32, strict=False)
    # Day 60 of the 1900 system is a day that never was; every later day counts from 1899-12-30.
    from_serial = (serial - 25_569).cast(pl.Date)
    from_month_name = cells.str.to_date("%d/%b/%Y", strict=False)
    from_iso = cells.str.extract(r"^(\d{4}-\d{2}-\d{2})").str.to_date("%Y-%m-%d", strict=False)
    candidates = [from_month_name, from_iso, from_serial]
    return pl.select(pl.coalesce(candidates)).to_series()


def area(scheme: str) -> Callable[[pl.Series], pl.Series]:
    """Give the converter from a publisher's country codes or names to ours (`sojourn.areas`)."""

    def convert(values: pl.Series) -> pl.Series:
        return areas.to_area(values, scheme)

    return convert


def lookup(codes: dict[str, str]) -> Callable[[pl.Series], pl.Series]:
    """Give the converter that reads a fixed vocabulary without regard to case."""

    def convert(values: pl.Series) -> pl.Series:
        return text(values).str.to_lowercase().replace_strict(codes, default=None, return_dtype=pl.String)

    return convert


def read_fields(sheet: RawSheet, fields: tuple[Field, ...]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Convert a raw sheet to typed columns.

    Returns:
        The typed table (our column names, plus `row`: the row number in the file) without its rejected
        rows, and the list of problems.

    Raises:
        LayoutError: a column that is not optional is absent; close headers are named.
    """
    headers = find_columns(sheet, fields)
    raw = sheet.frame
    row_numbers = sheet.row_numbers
    typed = {ROW: row_numbers.alias(ROW)}
    found = [problems.NO_PROBLEMS]
    keep = pl.repeat(True, raw.height, eager=True)
    for field in fields:
        if (header := headers.get(field.name)) is None:
            typed[field.name] = field.convert(pl.Series([None] * raw.height, dtype=pl.String)).alias(
                field.name
            )
            continue
        converted = field.convert(raw[header]).alias(field.name)
        typed[field.name] = converted
        bad = converted.is_null() if field.needed else converted.is_null() & raw[header].is_not_null()
        if bad.any() and not field.needed:
            bad = bad & _filled(raw[header])
        if bad.any():
            found.append(_listed(sheet, field, raw[header].filter(bad), row_numbers.filter(bad)))
            keep = keep & ~bad if field.needed else keep
    return pl.DataFrame(typed).filter(keep), problems.combine(*found)


def without_blank_rows(sheet: RawSheet, columns: tuple[str, ...] | None = None) -> tuple[RawSheet, int]:
    """Drop the rows in which all columns, or all of the given ones, are blank, and count them."""
    wanted = None if columns is None else {normal(column) for column in columns}
    blank = pl.repeat(True, sheet.frame.height, eager=True)
    for header in sheet.frame.columns:
        if not blank.any():
            break
        if wanted is None or normal(header) in wanted:
            blank = blank & (sheet.frame[header].cast(pl.String).str.strip_chars().fill_null("") == "")
    if not blank.any():
        return sheet, 0
    return sheet.filter(~blank), int(blank.sum())


def without_other_areas(sheet: RawSheet, column: str, scheme: str) -> tuple[RawSheet, int, tuple[str, ...]]:
    """Set aside the rows of codes that are known to be no area of ours: totals, old groups, residuals.

    They are no fault of the file, and one group may stand in hundreds of rows; so they are not rejected
    one by one but counted, and their codes named once. A code that nobody knows stays, to be rejected.

    Returns:
        The sheet without them, how many they are, and a note that names them (none if there are none).
    """
    header = next((header for header in sheet.frame.columns if normal(header) == normal(column)), None)
    if header is None:
        return sheet, 0, ()
    cells = text(sheet.frame[header])
    set_aside = cells.is_in(_known_others(cells, scheme)).fill_null(False)
    if not set_aside.any():
        return sheet, 0, ()
    codes, count = sorted(set(cells.filter(set_aside))), int(set_aside.sum())
    note = f"{count} rows of {len(codes)} codes that are no area of ours left out: {', '.join(codes)}"
    return sheet.filter(~set_aside), count, (note,)


def _known_others(cells: pl.Series, scheme: str) -> list[str]:
    schemes = {"wpp": ("wpp", "m49"), "worldbank": ("worldbank", "alpha3")}.get(scheme, (scheme,))
    known = set(areas.unmappable().filter(pl.col("scheme").is_in(schemes))["alias"])
    # Every code from 900 of the World Population Prospects is an aggregate, and each revision has new ones.
    return [
        code
        for code in areas.unmapped(cells, scheme)
        if code in known or (scheme == "wpp" and code.isdecimal() and int(code) >= 900)
    ]


def find_columns(sheet: RawSheet, fields: tuple[Field, ...]) -> dict[str, str]:
    """Match our fields to the sheet's headers, without regard to case and white space."""
    # Of two headers that differ in case only, the first counts, as of two that are equal.
    present = {normal(header): header for header in reversed(sheet.frame.columns)}
    matched = {
        field.name: present[normal(field.column)] for field in fields if normal(field.column) in present
    }
    absent = [field.column for field in fields if field.name not in matched and not field.optional]
    if absent:
        others = [header for header in sheet.frame.columns if header not in matched.values()]
        raise missing_columns(sheet.file.name, sheet.sheet, absent, others)
    return matched


def missing_columns(file: str, sheet: str | None, absent: list[str], headers: list[str]) -> LayoutError:
    """Say which columns are absent, and which headers look like them."""
    hints = []
    for column in absent:
        close, _ = closest(column, headers)
        hints.append(f"{column!r}" + (f" (is {close!r} the same?)" if close else ""))
    return LayoutError(
        f"{'A column is' if len(absent) == 1 else 'Columns are'} missing or renamed: {', '.join(hints)}",
        where=Place(file, sheet=sheet, column=", ".join(absent)),
        accepted="the publisher's own headers, in any order and case",
        advice="Rename the column back, or download the file again.",
    )


def closest(column: str, headers: list[str]) -> tuple[str, float]:
    """Find the header that looks most like a column, and how much, 0 to 100; nothing below 60."""
    found = process.extractOne(column, headers, score_cutoff=60)
    return (str(found[0]), float(found[1])) if found else ("", 0.0)


def normal(header: str) -> str:
    """Fold a header for comparison: case, white space and the space before a parenthesis do not count.

    >>> normal("  CC1  total cost % ")
    'cc1 total cost %'
    """
    return " ".join(header.casefold().replace("_", " ").split())


def list_problem(
    sheet: RawSheet,
    rows: pl.Series,
    column: str,
    values: pl.Series,
    *,
    problem: str,
    accepted: str,
    action: str,
) -> pl.DataFrame:
    """Write the problem list for the given row numbers and values of one column."""
    return pl.DataFrame(
        {
            "file": pl.repeat(sheet.file.name, len(rows), dtype=pl.String, eager=True),
            "sheet": pl.repeat(sheet.sheet, len(rows), dtype=pl.String, eager=True),
            "row": rows.cast(pl.UInt32),
            "column": pl.repeat(column, len(rows), dtype=pl.String, eager=True),
            "value": values.cast(pl.String),
            "problem": pl.repeat(problem, len(rows), dtype=pl.String, eager=True),
            "accepted": pl.repeat(accepted, len(rows), dtype=pl.String, eager=True),
            "action": pl.repeat(action, len(rows), dtype=pl.String, eager=True),
        },
        schema=problems.SCHEMA,
    )


def _filled(values: pl.Series) -> pl.Series:
    """True where a cell holds something that is not a mark for "no value"."""
    return values.is_not_null() if values.dtype != pl.String else text(values).is_not_null()


def _listed(sheet: RawSheet, field: Field, values: pl.Series, rows: pl.Series) -> pl.DataFrame:
    empty = ~_filled(values)
    action = "rejected" if field.needed else "emptied"
    listed = list_problem(
        sheet, rows, field.column, values, problem="cannot be read", accepted=field.accepted, action=action
    )
    return listed.with_columns(
        pl.when(empty).then(pl.lit("is empty")).otherwise(pl.col("problem")).alias("problem")
    )
