"""`sojourn incidents`: what a file of deaths and disappearances lacks of the common record standard."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from rich.text import Text

from sojourn import console
from sojourn.errors import Place, SourceError
from sojourn.sources import incident_standard, missing_migrants
from sojourn.sources.files import describe, heads, load
from sojourn.sources.incident_standard import REQUIRED, standard
from sojourn.sources.model import RawSheet
from sojourn.sources.recognise import recognise

_NEEDED_HEADERS = 3
"""Headers of the standard, in any dialect, from which on a table counts as one of incidents."""


def check_incidents(path: Path, *, as_json: bool, as_csv: bool) -> bool:
    """Print what the file lacks; tell whether it lacks nothing that is required.

    Raises:
        SourceError: no table of the file has headers of incident records.
    """
    sheet = _incidents(path)
    found = incident_standard.lacks(sheet)
    missing = found.filter(level=REQUIRED, lack="there is no such column")
    if not console.print_frame(found, as_json=as_json, as_csv=as_csv):
        _print(sheet, found, missing)
    return missing.is_empty()


def _incidents(path: Path) -> RawSheet:
    """Load the first table of a file that holds incidents, of a known dialect or of none."""
    file = describe(path)
    for entry in recognise(file, [missing_migrants.SOURCE]):
        return load(file, entry.sheet, entry.header_row, entry.whole)
    for head in heads(file):
        for row_number, row in enumerate(head.rows, start=1):
            frame = pl.DataFrame(schema=dict.fromkeys((cell for cell in row if cell), pl.String))
            columns = RawSheet(file, head.sheet, row_number, frame)
            known = [asked for asked in standard() if incident_standard.header_of(columns, asked)]
            if len(known) >= _NEEDED_HEADERS:
                return load(file, head.sheet, row_number, head.whole)
    raise SourceError(
        "The file has no table of incidents",
        where=Place(path),
        accepted=", ".join(asked.header for asked in standard() if asked.level == REQUIRED),
        advice="Name the columns as the standard does, or as the Missing Migrants Project does.",
    )


def _print(sheet: RawSheet, found: pl.DataFrame, missing: pl.DataFrame) -> None:
    console.out.print(f"{sheet.file.name}: {sheet.frame.height:,} records against the common record standard")
    columns = [
        ("field", "code"),
        ("level", "code"),
        ("lack", "wide"),
        ("records", "right"),
        ("first row", "right"),
    ]
    rows = [
        [
            Text(row["field"], style="bold" if row["level"] == REQUIRED else ""),
            row["level"],
            row["lack"],
            f"{row['records']:,}",
            console.number(row["first_row"]),
        ]
        for row in found.iter_rows(named=True)
    ]
    if rows:
        console.table("", columns, rows)
    if missing.is_empty():
        console.out.print("No required column is missing." if rows else "Nothing is lacking.")
    else:
        console.out.print(f"Required columns are missing: {', '.join(missing['field'])}.", style="yellow")
