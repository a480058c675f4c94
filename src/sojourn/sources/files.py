"""Opens the files that people really have: CSV, gzip, zip, XLSX, XLS, Parquet, JSON – by their bytes.

Nothing here knows what a file means; `recognise` decides that from the rows this module shows it.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from sojourn.errors import DamagedError, Place
from sojourn.sources import records, text_tables
from sojourn.sources.kinds import kind_of
from sojourn.sources.listing import InputFile
from sojourn.sources.listing import describe as describe  # noqa: PLC0414 – its callers find it here
from sojourn.sources.listing import input_files as input_files  # noqa: PLC0414
from sojourn.sources.model import Head, RawSheet
from sojourn.sources.workbooks import Workbook, below_header

HEAD_ROWS = 20


def heads(file: InputFile) -> Iterator[Head]:
    """Yield the first rows of every sheet of a file, as text; the tables of a zip archive are its sheets.

    Raises:
        DamagedError: the file is truncated, or a web page under another name.
    """
    kind = kind_of(file)
    if kind == "html":
        raise DamagedError(
            "This is a web page, not data; the publisher's site sent an error page in its place",
            where=Place(file.name),
            advice="Delete it, open the publisher's page in a browser and save the data file itself.",
        )
    if kind in ("xlsx", "xls"):
        workbook = Workbook(file)
        for sheet in workbook.sheets:
            whole = workbook.frame(sheet)
            yield Head(file, sheet, tuple(whole.head(HEAD_ROWS).iter_rows()), whole)
    elif kind == "parquet":
        yield Head(file, None, records.parquet_head(file))
    elif kind == "json":
        yield Head(file, None, records.json_head(file))
    elif kind != "xml":
        for table in text_tables.tables(file):
            yield Head(file, table, text_tables.head(file, table, HEAD_ROWS))


def load(file: InputFile, sheet: str | None, header_row: int, whole: pl.DataFrame | None = None) -> RawSheet:
    """Load one sheet below its header row (counted from 1), and the rows above it.

    `whole` is a workbook's sheet as its head holds it; without it the workbook is opened again.

    Text formats, JSON and workbooks give text columns; Parquet keeps its types. Unlabelled columns
    (helpers that publishers leave beside a table) are dropped.

    Raises:
        DamagedError: the file is truncated, or a line does not fit the header.
    """
    kind = kind_of(file)
    if kind in ("xlsx", "xls"):
        cells = Workbook(file).frame(sheet or "") if whole is None else whole
        return below_header(file, sheet or "", header_row, cells)
    if kind == "parquet":
        return records.load_parquet(file)
    if kind == "json":
        return records.load_json(file)
    return text_tables.load(file, sheet, header_row)
