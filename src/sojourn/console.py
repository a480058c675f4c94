"""How the command prints: tables, numbers with their errors, progress, errors that say what to do.

Everything a person reads goes through here; `--json` and `--csv` bypass it.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.text import Text

from sojourn import tables
from sojourn.errors import SojournError

if TYPE_CHECKING:
    import polars as pl

    from sojourn.release.request import Report

# A file or a pipe has no width: wide enough for every table. A terminal keeps its own.
_WIDTH = None if sys.stdout.isatty() or "COLUMNS" in os.environ else 120

# No markup: square brackets in file names and methods are text.
out = Console(highlight=False, markup=False, width=_WIDTH)
notes = Console(stderr=True, highlight=False, markup=False)

_BASIS_STYLE = {"published": "cyan", "computed from rows": "green", "simulated": "magenta"}
"""Colour of each basis that `observations.basis` tells; tables are loaded only where there is one to print."""

UNITS = {
    "PT": "%",
    "CU_USD_M": "million US$",
    "CON_USD_M": "million constant US$",
    "SCORE": "score",
    "NUMBER": "",
    "PS": "persons",
    "MO": "months of earnings",
    "IX": "index, 0 to 1",
    "PER_1000_POP": "per 1,000 people",
    "PER_10000_POP": "per 10,000 people",
    "PER_100000_POP": "per 100,000 people",
    "PER_100000_EMP": "per 100,000 workers",
    "PP": "percentage points",
    "PER_1000_ATTEMPTS": "per 1,000 attempts",
    "RO": "ratio",
}


def print_error(error: SojournError, *, as_json: bool = False) -> None:
    """Print an error: what, where, what is accepted, what to do."""
    if as_json:
        sys.stdout.write(json.dumps(error.as_dict(), ensure_ascii=False) + "\n")
        return
    text = Text("error: ", style="bold red")
    text.append(plain(error.what), style="bold")
    notes.print(text)
    for label, fact in (("where", error.where), ("accepted", error.accepted), ("to do", error.advice)):
        if fact is not None and str(fact):
            notes.print(Text(f"  {label + ':':<10}", style="dim").append(plain(str(fact)), style="default"))


def print_json(content: Any) -> None:
    """Print JSON for a program to read."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=1, default=str) + "\n")


def print_frame(frame: pl.DataFrame, *, as_json: bool, as_csv: bool) -> bool:
    """Print a frame for a program to read, if asked; tell whether it was printed."""
    if as_json:
        print_json(frame.to_dicts())
    elif as_csv:
        sys.stdout.write(frame.write_csv())
    return as_json or as_csv


def table(title: str, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[Any]]) -> None:
    """Print a table that fits the terminal; a column is a header and its kind (see `sojourn.tables.draw`)."""
    cells = ([cell if isinstance(cell, Text) else plain(str(cell)) for cell in row] for row in rows)
    tables.draw(out, title, columns, cells)


def plain(text: str) -> str:
    """Replace control characters, with which a file's cell could drive a terminal.

    >>> plain("a\\x1b[2Jb")
    'a\ufffd[2Jb'
    """
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", "\ufffd", text)


@contextmanager
def progress() -> Iterator[Report]:
    """Show the progress of work that takes a while, on the error stream, and only to a person."""
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=notes,
        transient=True,
    ) as bar:
        task = bar.add_task("starting", total=None)

        def report(stage: str, done: int, total: int) -> None:
            bar.update(task, description=stage[-60:] or "done", completed=done, total=total)

        yield report


def print_prose(text: str) -> None:
    """Print text that was wrapped for an editor, wrapped anew for this terminal; what is indented stays as it is."""
    for block in plain(text).strip().split("\n\n"):
        lines = block.split("\n")
        indented = any(line.startswith("    ") for line in lines)
        out.print(block if indented else " ".join(line.strip() for line in lines))
        out.print()


def number(value: float | None) -> str:
    """Write a number as people read it: thousands separated, as many digits as it deserves.

    >>> number(15251.356916), number(9.302920), number(0.398), number(None)
    ('15,251', '9.30', '0.398', '')
    """
    if value is None:
        return ""
    if abs(value) >= 1000 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) >= 1 else f"{value:.3g}"


def interval(row: dict[str, Any]) -> str:
    """Write an interval, or a range that is no probability interval, or that nothing is known.

    >>> interval({"lower": 8.9, "upper": 9.7, "level": 0.95}), interval({"lower": 1.0, "upper": 2.0, "level": None})
    ('8.90 to 9.70', '1 to 2 *')
    """
    if row["lower"] is None or row["upper"] is None:
        return "not known"
    text = f"{number(row['lower'])} to {number(row['upper'])}"
    return text if row["level"] is not None else f"{text} *"


def basis(text: str) -> Text:
    """Colour the basis of a number."""
    return Text(text, style=_BASIS_STYLE.get(text, ""))


def place(row: dict[str, Any]) -> str:
    """Name the area, or the corridor, of an observation."""
    from sojourn import areas

    name = areas.name(row["area"])
    return f"{name} → {areas.name(row['counterpart'])}" if row["counterpart"] else name


def unit(code: str) -> str:
    """Say a unit in words."""
    return UNITS.get(code, code)
