"""Tells what a file is by its content, reads it, and says what it could not recognise.

A sheet belongs to the layout whose columns its header holds. A header that holds most but not all of
them is not passed over: the publisher renamed something, and a person should know before a number
silently leaves the release.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import polars as pl

from sojourn.errors import LayoutError
from sojourn.sources.files import heads, load
from sojourn.sources.model import Head, InputFile, Layout, Reading, Source
from sojourn.sources.parsing import closest, missing_columns, normal, without_blank_rows

NEARLY = 0.6
"""Share of a layout's columns from which on a header counts as that layout with columns renamed."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """One sheet with the source and layout it belongs to; nothing has been read yet."""

    file: InputFile
    sheet: str | None
    header_row: int
    source: Source
    layout: Layout
    whole: pl.DataFrame | None = field(default=None, compare=False, repr=False)

    def read(self) -> Reading:
        """Read the sheet into its typed table; blank rows are counted and never seen by the reader."""
        sheet, blank = without_blank_rows(load(self.file, self.sheet, self.header_row, self.whole))
        reading = self.layout.read(sheet)
        return replace(reading, rows=reading.rows + blank, empty_rows=reading.empty_rows + blank)


def recognise(file: InputFile, sources: Iterable[Source]) -> list[Recognised]:
    """Find every sheet of a file that a source knows.

    Returns:
        One entry per known sheet; empty if the file is of no known source.

    Raises:
        DamagedError: the file is truncated, empty or a web page.
        LayoutError: a sheet is nearly that of a source, with columns missing or renamed.
    """
    known = tuple(sources)
    found = []
    for head in heads(file):
        if entry := _recognise_head(head, known):
            found.append(entry)
        elif miss := _near_miss(head, known):
            raise miss
    return found


def _recognise_head(head: Head, sources: tuple[Source, ...]) -> Recognised | None:
    for source in sources:
        for layout in source.layouts:
            if header_row := _header_row(head, layout):
                return Recognised(head.file, head.sheet, header_row, source, layout, head.whole)
    return None


def _header_row(head: Head, layout: Layout) -> int | None:
    """Give the row, counted from 1, that holds all columns of the layout, if its content fits too."""
    if layout.locate is not None:
        return layout.locate(head)
    wanted = {normal(column) for column in layout.columns}
    for index, row in enumerate(head.rows, start=1):
        if wanted <= {normal(cell) for cell in row if cell}:
            return index
    return None


def _near_miss(head: Head, sources: tuple[Source, ...]) -> LayoutError | None:
    """Two known columns may be chance ("Year", "Value"); three, and most of a layout, are not.

    Only the publisher's own layouts are judged: tidied copies have columns that any table may have.
    """
    misses = []
    for source in sources:
        for layout in (layout for layout in source.layouts if layout.original):
            wanted = {normal(column): column for column in layout.columns}
            for row in head.rows:
                headers = [cell for cell in row if cell]
                present = wanted.keys() & {normal(cell) for cell in headers}
                if len(present) >= 3 and len(present) >= NEARLY * len(wanted):
                    absent = [column for key, column in wanted.items() if key not in present]
                    others = [header for header in headers if normal(header) not in present]
                    # Of two layouts that lack as many columns, the one with the likelier spellings is meant.
                    likeness = sum(closest(column, others)[1] for column in absent)
                    misses.append(((len(absent), -likeness), source, layout, absent, others))
    if not misses:
        return None
    _, source, layout, absent, others = min(misses, key=lambda miss: miss[0])
    error = missing_columns(head.file.name, head.sheet, absent, others)
    error.what = f"This looks like {source.title} ({layout.name}). {error.what}"
    return error
