"""Opens the files that people really have: CSV, gzip, zip, XLSX, XLS, Parquet, JSON – by their bytes.

Nothing here knows what a file means; `recognise` decides that from the rows this module shows it.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from sojourn.errors import DamagedError, Place, SourceError
from sojourn.sources import records, text_tables
from sojourn.sources.kinds import kind_of, unreadable
from sojourn.sources.model import Head, InputFile, RawSheet
from sojourn.sources.workbooks import Workbook, below_header

HEAD_ROWS = 20
_IGNORED_SUFFIXES = {".md", ".part", ".lock", ".rst", ".pdf", ".html", ".py", ".toml", ".log"}
_IGNORED_NAMES = {"fetched.json", "readme", "readme.txt"}


def input_files(folder: Path) -> list[InputFile]:
    """List the data files below a folder in the order of their names, with their hashes.

    Linked folders are followed. Notes, hidden files, half-finished downloads and the download ledger are
    not data.

    Raises:
        SourceError: the folder does not exist or holds no data file; a file in it cannot be opened, or a
            link leads nowhere or in a circle.
    """
    if not folder.is_dir():
        what = "This is not a folder" if folder.exists() else "There is no such data folder"
        raise SourceError(
            what,
            where=Place(folder),
            accepted="a folder",
            advice="Name the folder that holds the official files: sojourn build --data DIR",
        )
    paths = sorted(_paths(folder), key=lambda path: path.as_posix())
    if not paths:
        raise SourceError(
            "The data folder holds no data file",
            where=Place(folder),
            advice="Run 'sojourn fetch' to see which official files can be had and how.",
        )
    return [describe(path, folder) for path in paths]


def _paths(folder: Path) -> Iterator[Path]:
    """Walk the folder and the folders that it links to, each once."""

    def refuse(error: OSError) -> None:
        raise unreadable(str(error.filename), error) from error

    seen: set[str] = set()
    for parent, folders, names in os.walk(folder, onerror=refuse, followlinks=True):
        seen.add(os.path.realpath(parent))
        # A link to a folder above or beside would bring the same files twice, or for ever.
        folders[:] = [name for name in folders if not _skipped(parent, name, seen)]
        yield from (path for name in names if _is_data(name) and not (path := Path(parent, name)).is_fifo())


def _skipped(parent: str, name: str, seen: set[str]) -> bool:
    return name.startswith(".") or os.path.realpath(os.path.join(parent, name)) in seen  # noqa: PTH118


def _is_data(name: str) -> bool:
    path = Path(name)
    return (
        not name.startswith((".", "~$"))
        and path.suffix.lower() not in _IGNORED_SUFFIXES
        and name.lower() not in _IGNORED_NAMES
    )


def describe(path: Path, folder: Path | None = None) -> InputFile:
    """Hash one file; its name is its path below `folder`.

    Raises:
        SourceError: it cannot be opened, or is a folder.
    """
    name = path.relative_to(folder).as_posix() if folder else path.name
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return InputFile(path, name, path.stat().st_size, digest)
    except OSError as error:
        raise unreadable(name, error) from error


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
