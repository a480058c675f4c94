"""Observations as files: CSV, JSON, Parquet, Arrow and Excel, each with what it is inside; a zip has it beside.

Everything but a workbook goes out in pieces, whatever its length, so that memory stays flat. What a
spreadsheet would run as a formula is written as text.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl
import xlsxwriter
from pyarrow.parquet import ParquetWriter

from sojourn.web.about import lines
from sojourn.web.deadline import Check, endless
from sojourn.web.holding import as_text

MEDIA = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "arrow": "application/vnd.apache.arrow.stream",
    "parquet": "application/vnd.apache.parquet",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
"""Media type of each format, by the ending of its files."""

PIECE = 5_000
"""Rows that go out at once: one or two megabytes, of which a reader who reads slowly holds several."""

MOST_XLSX = 100_000
"""Rows that a workbook may have here; more is better read from Parquet."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def pieces(frame: pl.DataFrame, columns: list[str]) -> Iterator[pl.DataFrame]:
    """Cut coded rows into pieces of text."""
    chosen = frame.select(columns)
    for start in range(0, max(chosen.height, 1), PIECE):
        yield as_text(chosen.slice(start, PIECE))


def csv(frame: pl.DataFrame, columns: list[str], about: Mapping[str, str]) -> Iterator[bytes]:
    """Write CSV; `about` becomes columns of their own, so that no row loses its release and citation."""
    told = [
        pl.lit(f"'{text}" if text.startswith(_FORMULA) else text).alias(name) for name, text in about.items()
    ]
    running = _running(frame.select(columns))
    for number, piece in enumerate(pieces(frame, columns)):
        yield _harmless(piece, running).with_columns(told).write_csv(include_header=number == 0).encode()


def _running(frame: pl.DataFrame) -> list[str]:
    """List the columns that hold a text which a spreadsheet would run; few texts are many rows."""
    texts = [name for name, dtype in frame.schema.items() if dtype in (pl.String, pl.Categorical)]
    return [name for name in texts if any(str(one).startswith(_FORMULA) for one in frame[name].unique())]


def _harmless(frame: pl.DataFrame, running: Sequence[str]) -> pl.DataFrame:
    """Put an apostrophe before a text that a spreadsheet would run."""
    runs = {name: pl.col(name).str.slice(0, 1).is_in(_FORMULA) for name in running}
    return frame.with_columns(
        pl.when(run).then(pl.lit("'") + pl.col(name)).otherwise(pl.col(name)).alias(name)
        for name, run in runs.items()
    )


def json_lines(frame: pl.DataFrame, columns: list[str], about: Mapping[str, Any]) -> Iterator[bytes]:
    """Write one JSON object: what it is, then `observations`, one a line."""
    yield json.dumps(dict(about), ensure_ascii=False, default=str)[:-1].encode() + b', "observations": [\n'
    first = True
    for piece in pieces(frame, columns):
        if piece.height:
            lines = piece.write_ndjson().rstrip("\n").replace("\n", ",\n")
            yield (("" if first else ",\n") + lines).encode()
            first = False
    yield b"\n]}\n"


def zipped(frame: pl.DataFrame, columns: list[str], about: Mapping[str, Any]) -> Iterator[bytes]:
    """Write a zip of two files: observations.csv, and metadata.json that says what they are."""
    out = _Outlet()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as packed:
        with packed.open(_member("metadata.json"), "w") as member:
            member.write(json.dumps(dict(about), ensure_ascii=False, indent=1, default=str).encode())
        with packed.open(_member("observations.csv"), "w", force_zip64=True) as member:
            running = _running(frame.select(columns))
            for number, piece in enumerate(pieces(frame, columns)):
                member.write(_harmless(piece, running).write_csv(include_header=number == 0).encode())
                yield out.taken()
    yield out.taken()


def _member(name: str) -> zipfile.ZipInfo:
    """Describe a file in a zip; its date is none, so that the same numbers are the same bytes."""
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


class _Outlet(io.RawIOBase):
    """Takes what is written, and gives it away: a file of any length in the memory of one piece."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        """Tell that this can be written to; it cannot be read or moved in."""
        return True

    def write(self, data: Any) -> int:
        """Take bytes."""
        self._parts.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """Give what was written since it was last asked for."""
        given = b"".join(self._parts)
        self._parts.clear()
        return given


def parquet(frame: pl.DataFrame, columns: list[str], about: Mapping[str, Any]) -> Iterator[bytes]:
    """Write Parquet, one group of rows after the other, with `about` in the metadata of the file."""
    out = _Outlet()
    writer: ParquetWriter | None = None
    for piece in pieces(frame, columns):
        rows = piece.to_arrow(compat_level=pl.CompatLevel.oldest())
        writer = writer or ParquetWriter(out, rows.schema, compression="zstd")
        writer.write_table(rows)
        yield out.taken()
    assert writer is not None  # a table without rows is one piece
    writer.add_key_value_metadata(
        {name: json.dumps(value, ensure_ascii=False, default=str) for name, value in about.items()}
    )
    writer.close()
    yield out.taken()


def arrow(frame: pl.DataFrame, columns: list[str]) -> Iterator[bytes]:
    """Write an Arrow stream: its schema once, then one batch after the other, then the mark of its end.

    Polars writes each piece as a stream of its own; what these have in common – a message of 8 bytes and as many
    as it says, and 8 bytes at the end – is written once.
    """
    head = 0
    for piece in pieces(frame, columns):
        stream = io.BytesIO()
        piece.rechunk().write_ipc_stream(stream, compat_level=pl.CompatLevel.oldest())
        written = stream.getvalue()
        yield written[head : -len(_END)]
        head = 8 + int.from_bytes(written[4:8], "little")
    yield _END


_END = b"\xff\xff\xff\xff\0\0\0\0"
"""The mark of the end of an Arrow stream."""


def xlsx(frame: pl.DataFrame, columns: list[str], about: Mapping[str, Any], check: Check = endless) -> bytes:
    """Write a workbook: the numbers, and a sheet that says what they are.

    Raises:
        SlowError: `check`, which is asked every thousand rows, says that the time is over.
    """
    stream = io.BytesIO()
    table = as_text(frame.select(columns))
    # Texts stay texts: no formula, no link, no number made of a code.
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": True,
    }
    with xlsxwriter.Workbook(stream, options) as book:
        sheet, bold = book.add_worksheet("observations"), book.add_format({"bold": True})
        sheet.write_row(0, 0, table.columns, bold)
        for number, row in enumerate(table.iter_rows(), start=1):
            if number % 1000 == 0:
                check()
            sheet.write_row(number, 0, row)
        sheet.freeze_panes(1, 0)
        notes = book.add_worksheet("about")
        for number, line in enumerate(lines(about)):
            notes.write_row(number, 0, line)
        notes.set_column(0, 0, 30, bold)
        notes.set_column(1, 1, 110)
    return stream.getvalue()
