"""Tables of estimates for a terminal: digits that the error deserves, flags in words, no line too wide."""

from __future__ import annotations

import math
from statistics import median_low
from typing import Any

import polars as pl
from rich.text import Text

from sojourn import console

NUMBERS = ("estimate", "se", "lower", "upper", "df", "n", "cv", "flag", "deff")
_MARKS = "abcdefghijklmnopqrstuvwxyz"
_GAP = 3
_FLAG = 24
"""Room that flags need beside the numbers; with less they stand beneath the table, under letters."""


def draw(statistic: str, frame: pl.DataFrame, where: str, level: float) -> None:
    """Print the estimates of one statistic.

    Args:
        statistic: in words.
        frame: domain columns, estimate, se, lower, upper, df, n, cv, flag and perhaps deff.
        where: the rows in scope, in words.
        level: coverage of the intervals.
    """
    keys = [name for name in frame.columns if name not in NUMBERS]
    rows = frame.to_dicts()
    digits = digits_of([row["se"] for row in rows])
    interval = f"{level * 100:.10g} % interval"
    heads = [*keys, "estimate", "se", interval, "CV", "n"] + (["deff"] if "deff" in frame.columns else [])
    cells = [_cells(row, keys, digits) for row in rows]
    flags = [console.plain(row["flag"] or "") for row in rows]
    width = sum(max(map(len, column)) + _GAP for column in zip(heads, *cells, strict=True))
    beside = width + _FLAG <= console.out.width
    marks = {} if beside else {flag: _mark(n) for n, flag in enumerate(dict.fromkeys(filter(None, flags)))}
    # A name that no terminal has room for is folded; a number never is.
    tight = width + 2 > console.out.width
    columns = [
        *((name, "left" if tight else "code") for name in keys),
        *((name, "right") for name in heads[len(keys) :]),
    ]
    if any(flags):
        columns.append(("to be known", "left") if beside else ("", "right"))
        cells = [
            [*row, Text(marks.get(flag, flag), style="yellow")]
            for row, flag in zip(cells, flags, strict=True)
        ]
    console.table(f"{statistic}, where {where}" if where else statistic, columns, cells)
    for flag, mark in marks.items():
        console.out.print(f"{mark}  {flag}", style="yellow")
    if marks:
        console.out.print()


def _mark(number: int) -> str:
    return _MARKS[number] if number < len(_MARKS) else str(number)


def _cells(row: dict[str, Any], keys: list[str], digits: int | None) -> list[Any]:
    cells = ["" if row[key] is None else str(row[key]) for key in keys]
    cells += [told(row["estimate"], digits), told(row["se"], digits), _interval(row, digits)]
    cells += ["" if row["cv"] is None else f"{row['cv']:.1%}"]
    cells.append("" if row["n"] is None else f"{row['n']:,}")
    if "deff" in row:
        cells.append("" if row["deff"] is None else f"{row['deff']:.2f}")
    return cells


def _interval(row: dict[str, Any], digits: int | None) -> str:
    if row["lower"] is None or row["upper"] is None:
        return "" if row["estimate"] is None else "not known"
    return f"{told(row['lower'], digits)} to {told(row['upper'], digits)}"


def digits_of(errors: list[float | None]) -> int | None:
    """Give the decimals that show two figures of the middle one of some standard errors; None where none is known.

    >>> digits_of([0.0137, 0.02]), digits_of([1811.9]), digits_of([None])
    (3, 0, None)
    """
    known = [one for one in errors if one and math.isfinite(one)]
    return min(max(0, 1 - math.floor(math.log10(median_low(known)))), 9) if known else None


def told(value: float | None, digits: int | None) -> str:
    """Write a number with these decimals, or as it is where no error is known.

    >>> told(0.2747101, 3), told(48537.665, 0), told(0.5, None), told(None, 2)
    ('0.275', '48,538', '0.5', '')
    """
    if value is None or not math.isfinite(value):
        return ""
    return console.number(value) if digits is None else f"{value:,.{digits}f}"
