"""What a source is: who publishes it, how its files look, where they lie, what typed table they give.

A source is one module in this folder that defines `SOURCE`. Nothing else has to be registered: the
command line, `fetch`, the builder and the docs find it by that name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import polars as pl

from sojourn.sources.listing import InputFile as InputFile  # noqa: PLC0414 – its readers find it here
from sojourn.sources.problems import NO_PROBLEMS

Row = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """The first rows of one sheet as text, enough to tell what it is.

    A workbook's sheet cannot be opened in part, so its `whole` is kept and need not be read again.
    """

    file: InputFile
    sheet: str | None
    rows: tuple[Row, ...]
    whole: pl.DataFrame | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class RawSheet:
    """One table of a file before typing: every column as its file gives it, text where it is text.

    `header_row` is the row number of the header as a person counts it (first line is 1), so that
    data row `i` of `frame` (from 0) stands in row `header_row + 1 + i` of the file.
    `preamble` holds the lines above the header, where some publishers print date or edition.
    """

    file: InputFile
    sheet: str | None
    header_row: int
    frame: pl.DataFrame
    preamble: tuple[Row, ...] = ()
    kept_rows: pl.Series | None = None

    @property
    def row_numbers(self) -> pl.Series:
        """Row number in the file of each row of `frame`."""
        if self.kept_rows is not None:
            return self.kept_rows
        first = self.header_row + 1
        return pl.int_range(first, first + self.frame.height, dtype=pl.UInt32, eager=True)

    def filter(self, keep: pl.Series) -> RawSheet:
        """Keep some rows, and remember which they were in the file."""
        return replace(self, frame=self.frame.filter(keep), kept_rows=self.row_numbers.filter(keep))


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of one sheet: the typed table, and everything it could not use.

    `edition` tells two vintages of one source apart; `rows` counts the rows that the file held, so
    that rows = rows kept + rows rejected + empty rows can be checked.
    """

    table: pl.DataFrame
    edition: str
    rows: int
    problems: pl.DataFrame = field(default_factory=lambda: NO_PROBLEMS)
    notes: tuple[str, ...] = ()
    empty_rows: int = 0


@dataclass(frozen=True, slots=True)
class Layout:
    """One way in which a publisher lays out the same content.

    A sheet has this layout when one of its first rows holds every column in `columns` (compared without
    regard to case and white space). A table without fixed headers, such as a matrix of countries, gives
    `locate` instead: it returns the header's row number, or None if this is not such a table. `original`
    is true for the layout that the publisher itself offers, false for a tidied copy.
    """

    name: str
    columns: tuple[str, ...]
    read: Callable[[RawSheet], Reading]
    locate: Callable[[Head], int | None] | None = None
    original: bool = True


@dataclass(frozen=True, slots=True)
class Download:
    """One official file: where it lies, and under which name it is stored below the data folder.

    `url` is None where a program must not or cannot fetch it; a person then opens the source's page.
    `size` is in bytes, as last seen, None where unknown; `sha256` only where the publisher freezes a file.
    """

    file: str
    url: str | None
    size: int | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """An official source: its identity, terms, files and layouts.

    `table` names the kind of typed table it gives; indicators ask for kinds, not for sources.
    `by_hand` says why a program cannot fetch it, None where it can. `packaged` reads a source that comes
    with an installed package. `parts` are columns whose values tell apart files of one edition that belong
    together (one indicator each, say); two files of one edition that share a part are two vintages. `series` are
    the series that it publishes, empty where its table has none of its own.
    """

    name: str
    title: str
    publisher: str
    licence: str
    citation: str
    page: str
    table: str
    layouts: tuple[Layout, ...] = ()
    downloads: tuple[Download, ...] = ()
    registration: bool = False
    by_hand: str | None = None
    packaged: Callable[[], list[tuple[InputFile, Reading]]] | None = None
    parts: tuple[str, ...] = ()
    series: tuple[str, ...] = ()
