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

    def head(self, sheet: str, rows: int) -> tuple[Row, ...]:
        """First rows of a sheet."""
        return tuple(self._frame(sheet, rows).iter_rows())

    def load(self, sheet: str, header_row: int) -> RawSheet:
        """Load a sheet below its header row, which is counted from 1."""
        frame = self._frame(sheet, None)
        preamble = tuple(frame.head(header_row - 1).iter_rows())
        body = label(frame.slice(header_row), frame.row(header_row - 1))
        return RawSheet(self.file, sheet, header_row, body, preamble)

    def _frame(self, sheet: str, rows: int | None) -> pl.DataFrame:
        with _telling(self.file, sheet):
            # skip_rows=0 keeps empty rows at the top, so that rows keep their numbers.
            table = self._reader.load_sheet(sheet, header_row=None, skip_rows=0, n_rows=rows, dtypes="string")
            return table.to_polars()


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
