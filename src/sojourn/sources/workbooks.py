"""Reads the sheets of XLSX and XLS workbooks, every cell as text, every row under its own number."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import fastexcel
import polars as pl

from sojourn.sources.kinds import damaged
from sojourn.sources.model import InputFile, RawSheet, Row


class Workbook:
    """An open workbook.

    Raises:
        DamagedError: when opened or read, if the file is truncated.
    """

    def __init__(self, file: InputFile) -> None:
        self.file = file
        with _telling(file):
            self._reader = fastexcel.read_excel(file.path)

    @property
    def sheets(self) -> list[str]:
        """Names of the sheets, in the workbook's order."""
        return self._reader.sheet_names

    def frame(self, sheet: str) -> pl.DataFrame:
        """Give all cells of a sheet; asking for its first rows only would take as long."""
        with _telling(self.file, sheet):
            # skip_rows=0 keeps empty rows at the top, so that rows keep their numbers.
            table = self._reader.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string")
            return table.to_polars()


def below_header(file: InputFile, sheet: str, header_row: int, frame: pl.DataFrame) -> RawSheet:
    """Take the table below the header row, which is counted from 1, out of a sheet's cells."""
    preamble = tuple(frame.head(header_row - 1).iter_rows())
    body = label(frame.slice(header_row), frame.row(header_row - 1))
    return RawSheet(file, sheet, header_row, body, preamble)


@contextmanager
def _telling(file: InputFile, sheet: str | None = None) -> Iterator[None]:
    """Say that the file is damaged, however the reader says so: on a cut-off XLS file it panics."""
    try:
        yield
    except BaseException as error:
        # The class of a panic cannot be imported, and it is no Exception.
        if isinstance(error, fastexcel.FastExcelError) or type(error).__name__ == "PanicException":
            raise damaged(file, str(error).partition("\n")[0], sheet) from error
        raise


def label(frame: pl.DataFrame, header: Row) -> pl.DataFrame:
    """Name the columns by the header; drop unlabelled ones, and number a label that comes twice.

    >>> label(pl.DataFrame({"a": [1], "b": [2], "c": [3]}), ("year", None, "year")).columns
    ['year', 'year (2)']
    """
    names: dict[str, str] = {}
    for column, cell in zip(frame.columns, header, strict=False):
        if not (text := (cell or "").strip()):
            continue
        unique, count = text, 1
        while unique in names.values():
            count += 1
            unique = f"{text} ({count})"
        names[column] = unique
    return frame.select(names.keys()).rename(names)
