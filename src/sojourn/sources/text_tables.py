"""Reads tables in text: CSV and its relatives, bare, gzipped or zipped, in the encodings people have.

Row numbers are line numbers as a text editor shows them, also where a quoted cell runs over several
lines. Polars splits the regular files; one that it cannot split, or in which it finds another number of
rows than there are lines, is split again record by record, which is slower and knows each line's number.
"""

from __future__ import annotations

import csv
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator

import polars as pl

from sojourn.errors import DamagedError, Place
from sojourn.sources.kinds import damaged, kind_of
from sojourn.sources.model import InputFile, RawSheet, Row
from sojourn.sources.workbooks import label

_HEAD_BYTES = 200_000
_SUFFIXES = (".csv", ".txt", ".tsv")

_Cells = list[str | None]


def tables(file: InputFile) -> list[str | None]:
    """List the tables of a file: one without a name, or those of a zip archive by their names."""
    if kind_of(file) != "zip":
        return [None]
    with zipfile.ZipFile(file.path) as archive:
        return [name for name in archive.namelist() if name.lower().endswith(_SUFFIXES)]


def head(file: InputFile, table: str | None, rows: int) -> tuple[Row, ...]:
    """First lines of a table; where a cell runs over several lines, the lines after its first are empty."""
    text = _text(file, table, _HEAD_BYTES)
    lines: list[Row] = []
    for start, cells in _records(text, _separator(text)):
        lines += [()] * (start - 1 - len(lines))
        lines.append(tuple(cells))
        if len(lines) >= rows:
            break
    return tuple(lines[:rows])


def load(file: InputFile, table: str | None, header_row: int) -> RawSheet:
    """Load a table below its header, which stands in line `header_row`, counted from 1.

    Raises:
        DamagedError: a line has more cells than the header, the last line is cut off, a quotation mark
            is not closed, or there is a zero byte.
    """
    text = _text(file, table, None)
    if "\x00" in text:
        row = text[: text.index("\x00")].count("\n") + 1
        raise DamagedError(
            "The text holds a zero byte", where=Place(file.name, table, row), advice="Download it again."
        )
    separator = _separator(text)
    above: list[Row] = []
    for start, cells in _records(text, separator):
        if start >= header_row:
            break
        above.append(tuple(cells))
    first = header_row + len(_logical_line(text, header_row, separator))
    body = text.split("\n", first - 1)[first - 1] if text.count("\n") >= first - 1 else ""
    split = _Split(file, table, separator, cells, first)
    frame, rows = split.quickly(body) or split.carefully(body)
    numbers = pl.Series("row", rows, dtype=pl.UInt32)
    return RawSheet(file, table, header_row, label(frame, tuple(cells)), tuple(above), numbers)


class _Split:
    """Splits the lines below a header into columns, and says in which line each row begins."""

    def __init__(
        self, file: InputFile, table: str | None, separator: str, header: _Cells, first: int
    ) -> None:
        self.file, self.table, self.separator, self.header, self.first = file, table, separator, header, first
        self.schema = {f"column_{index}": pl.String for index in range(len(header))}

    def quickly(self, body: str) -> tuple[pl.DataFrame, range] | None:
        """Split one line into one row; None if that does not come out even."""
        last = body.rpartition("\n")[2]
        cut_off = 0 < last.count(self.separator) < len(self.header) - 1
        if not body or cut_off or "\n\n" in body or body.startswith("\n"):
            return None
        lines = body.count("\n") + (last != "")
        try:
            frame = pl.read_csv(
                io.BytesIO(body.encode()), has_header=False, separator=self.separator, schema=self.schema
            )
        except pl.exceptions.PolarsError:
            return None
        return (frame, range(self.first, self.first + lines)) if frame.height == lines else None

    def carefully(self, body: str) -> tuple[pl.DataFrame, list[int]]:
        """Split record by record; blank lines are left out, and what cannot be split is named."""
        rows, numbers = [], []
        width, last = len(self.header), self.first + body.count("\n")
        try:
            for start, cells in _records(body, self.separator, strict=True):
                row = start + self.first - 1
                if not any(cells):
                    continue
                if any(cells[width:]):
                    raise self._damaged(f"The line has {len(cells)} cells", row)
                # A foot note is one cell; a line with some of its cells and no end was cut off.
                if 1 < len(cells) < width and row == last:
                    raise self._damaged(f"The last line is cut off after {len(cells)} cells", row)
                rows.append(cells[:width] + [None] * (width - len(cells)))
                numbers.append(row)
        except csv.Error as error:
            row, reason = error.args
            what = f"A quotation mark is not closed, or stands inside a cell ({reason})"
            raise self._damaged(what, self.first - 1 + row) from error
        return pl.DataFrame(rows, schema=self.schema, orient="row"), numbers

    def _damaged(self, what: str, row: int) -> DamagedError:
        return DamagedError(
            what,
            where=Place(self.file.name, self.table, row),
            accepted=f"{len(self.header)} cells separated by {self.separator!r}, as in the header",
            advice="Save it again as CSV without changing it, or download it again.",
        )


def _records(text: str, separator: str, *, strict: bool = False) -> Iterator[tuple[int, _Cells]]:
    """Yield each record with the number of the line in which it begins; blank lines are records too.

    Raises:
        csv.Error: with the line and the reason, if quotation marks do not match and `strict` is true.
    """
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=strict)
    start = 1
    try:
        for record in reader:
            yield start, [cell.strip() or None for cell in record]
            start = reader.line_num + 1
    except csv.Error as error:
        raise csv.Error(start, str(error)) from error


def _logical_line(text: str, row: int, separator: str) -> range:
    """Lines that the record beginning in line `row` takes up."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    start = 1
    for _ in reader:
        if start >= row:
            break
        start = reader.line_num + 1
    return range(row, reader.line_num + 1)


def _separator(text: str) -> str:
    """Tabs, semicolons or commas: whichever the first lines hold most of."""
    beginning = "\n".join(text[:_HEAD_BYTES].split("\n", 40)[:40])
    return max(",\t;", key=beginning.count)


def _text(file: InputFile, table: str | None, limit: int | None) -> str:
    """Give the text of a table with line ends made one; with a limit, only whole lines of its beginning."""
    data = _bytes(file, table, limit)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data[: len(data) // 2 * 2].decode("utf-16", errors="replace")
    else:
        text = _decoded(data.removeprefix(b"\xef\xbb\xbf"))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    whole = limit is None or len(data) < limit or "\n" not in text
    return text if whole else text[: text.rindex("\n") + 1]


def _decoded(data: bytes) -> str:
    """UTF-8 where it is valid, else Windows-1252, which older World Bank and UN files use, line by line."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return "\n".join(_decoded_line(line) for line in data.split(b"\n"))


def _decoded_line(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")


MOST_BYTES = 4_000_000_000
"""Longest text that is read. A few kilobytes of gzip can unpack to more than any machine holds."""


def _bytes(file: InputFile, table: str | None, limit: int | None) -> bytes:
    """Give the decompressed bytes of a table."""
    kind, size = kind_of(file), limit or MOST_BYTES
    try:
        if kind == "gzip":
            with gzip.open(file.path) as stream:
                return stream.read(size)
        if table is not None:
            with zipfile.ZipFile(file.path) as archive, archive.open(table) as member:
                return member.read(size)
        with file.path.open("rb") as plain:
            return plain.read(size)
    # RuntimeError: the archive asks for a password. NotImplementedError: an unknown compression.
    except (EOFError, OSError, zlib.error, zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise damaged(file, error, table) from error
