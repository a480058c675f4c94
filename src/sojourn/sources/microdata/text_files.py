"""Converts delimited text – plain, gzip or zip – to Parquet in one stream, whatever its size.

A column is numeric where every filled cell is a number without leading zeros: the code 01 stays text.
"""

from __future__ import annotations

import codecs
import gzip
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import IO

import polars as pl

from sojourn.errors import DamagedError, LayoutError, Place, SourceError
from sojourn.sources import problems
from sojourn.sources.microdata.conversion import Converted, problem, refuse_full_disk
from sojourn.sources.microdata.variables import Variables

BLANKS = ("NA", "NaN", "nan", ".", "NULL", "null", "#NULL!")
"""Marks for "no value" in a column of numbers; in a column of text they stay what they are."""

YES_OR_NO = ("true", "false")
"""Words, in any case, that a column of nothing else holds as true and false."""

_BLOCK = 1 << 22
_FALLBACK = "windows-1252"


def convert_text(
    source: Path, target: Path, folder: Path, *, table: str | None, encoding: str | None
) -> Converted:
    """Convert a delimited text file.

    Args:
        source: CSV, gzip of it, or zip with one or several tables; several of one header are stacked.
        target: the Parquet file to write.
        folder: where unpacked text may lie meanwhile.
        table: the name of the one table wanted from a zip.
        encoding: the file's encoding; without it UTF-8, else Windows-1252, which is then a listed problem.

    Raises:
        DamagedError: it is truncated, no archive, or its lines do not fit the header.
        LayoutError: a zip holds tables of several layouts, or none.
        SourceError: it holds no rows.
    """
    found = [problems.NO_PROBLEMS]
    frames = []
    if encoding in (None, "utf-8") and _plain(source):
        # Such a file is read where it is: nothing of it is copied.
        frames.append((source.name, _lines(source, source)))
    for number, (name, pieces) in enumerate(_tables(source, table) if not frames else ()):
        plain = folder / f"{number}.csv"
        used = _unpack(pieces, plain, folder / "raw", encoding, source)
        if used not in ("utf-8", encoding):
            found.append(problem(name, None, used, "is not UTF-8", f"read as {used}; state --encoding"))
        frames.append((name, _lines(plain, source)))
    _same_header(frames, source)
    text = pl.concat([frame for _, frame in frames])
    try:
        typed = _typed(text)
        typed.sink_parquet(target, compression="zstd")
    except pl.exceptions.ComputeError as error:
        refuse_full_disk(error)
        raise DamagedError(
            f"A line does not fit the header: {str(error).splitlines()[0]}",
            where=Place(str(source)),
            advice="Save the file again from the program it comes from, or state its separator.",
        ) from error
    return Converted(target, Variables.from_schema(pl.read_parquet_schema(target)), problems.combine(*found))


def _plain(source: Path) -> bool:
    """Tell whether a file is UTF-8 text, neither packed nor marked."""
    if zipfile.is_zipfile(source):
        return False
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with source.open("rb") as file:
            if file.read(2) == b"\x1f\x8b":
                return False
            file.seek(0)
            if file.read(3) == codecs.BOM_UTF8:
                return False
            file.seek(0)
            while block := file.read(_BLOCK):
                decoder.decode(block)
            decoder.decode(b"", True)
    except UnicodeDecodeError:
        return False
    return True


def _tables(source: Path, table: str | None) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Yield the name and the bytes of every table in a file."""
    if zipfile.is_zipfile(source):
        with zipfile.ZipFile(source) as archive:
            for name in _wanted(source, archive, table):
                with archive.open(name) as stream:
                    yield f"{source.name}/{name}", _blocks(stream, source)
        return
    with ExitStack() as stack:
        stream = stack.enter_context(source.open("rb"))
        packed = stream.read(2) == b"\x1f\x8b"
        stream.seek(0)
        yield (
            source.name,
            _blocks(stack.enter_context(gzip.open(stream)) if packed else stream, source),
        )


def _wanted(source: Path, archive: zipfile.ZipFile, table: str | None) -> list[str]:
    names = sorted(name for name in archive.namelist() if name.lower().endswith((".csv", ".txt", ".tsv")))
    chosen = [name for name in names if table in (None, name, Path(name).name, Path(name).stem)]
    if not chosen:
        raise LayoutError(
            f"The archive has no table {table!r}" if table else "The archive holds no table",
            where=Place(str(source)),
            accepted=", ".join(names) or "a CSV file in a zip archive",
            advice="Name one of its tables with --table.",
        )
    return chosen


def _blocks(stream: IO[bytes] | gzip.GzipFile, source: Path) -> Iterator[bytes]:
    try:
        while block := stream.read(_BLOCK):
            yield block
    except (EOFError, gzip.BadGzipFile, zlib.error, zipfile.BadZipFile) as error:
        raise DamagedError(
            f"The file is truncated or damaged: {error}",
            where=Place(str(source)),
            advice="Download it again and compare its size with the publisher's.",
        ) from error


def _unpack(pieces: Iterator[bytes], plain: Path, raw: Path, encoding: str | None, source: Path) -> str:
    """Write a table as UTF-8 text and give the encoding that it had."""
    with raw.open("wb") as file:
        for block in pieces:
            file.write(block)
    with raw.open("rb") as file:
        mark = file.read(4)
    marked = "utf-16" if mark.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8"
    for candidate in (encoding,) if encoding else (marked, _FALLBACK, "latin-1"):
        if _recoded(raw, plain, candidate, source):
            return candidate
    raise SourceError(
        f"The file is not in the encoding {encoding}",
        where=Place(str(source)),
        advice="Leave --encoding out to have it found, or state the right one.",
    )


def _recoded(raw: Path, plain: Path, encoding: str, source: Path) -> bool:
    try:
        decoder = codecs.getincrementaldecoder("utf-8-sig" if encoding == "utf-8" else encoding)()
    except LookupError as error:
        raise SourceError(
            f"No encoding is called {encoding!r}", where=Place(str(source)), accepted="utf-8, windows-1250, …"
        ) from error
    try:
        with raw.open("rb") as file, plain.open("wb") as output:
            while block := file.read(_BLOCK):
                output.write(decoder.decode(block).encode())
            output.write(decoder.decode(b"", True).encode())
    except UnicodeDecodeError:
        return False
    return True


def _lines(plain: Path, source: Path) -> pl.LazyFrame:
    with plain.open(encoding="utf-8") as file:
        header, second = file.readline(), file.readline()
    if not header.strip() or not second.strip():
        raise SourceError(
            "The file holds no rows" if header.strip() else "The file is empty",
            where=Place(str(source)),
            accepted="a line of column names and one line for each person or household",
            advice="Check that the download or the export was complete.",
        )
    separator = max(",;\t|", key=header.count)
    return pl.scan_csv(plain, separator=separator, infer_schema=False)


def _same_header(frames: list[tuple[str, pl.LazyFrame]], source: Path) -> None:
    headers = {name: tuple(frame.collect_schema().names()) for name, frame in frames}
    if len(set(headers.values())) > 1:
        raise LayoutError(
            "The archive holds tables of several layouts",
            where=Place(str(source)),
            accepted=", ".join(name.rpartition("/")[2] for name in headers),
            advice="Name one of them with --table; households are joined by the mapping.",
        )


def _typed(text: pl.LazyFrame) -> pl.LazyFrame:
    """Make numbers of the columns that hold nothing else, and true and false of those."""
    names = text.collect_schema().names()
    checks = []
    for name in names:
        cells = _filled(name)
        # A padded code, or an identifier with more digits than a number keeps.
        padded = cells.str.contains(r"^-?(0\d|\d{19})")
        number = cells.cast(pl.Float64, strict=False).is_finite().fill_null(False)  # "inf" is a word here
        checks.append((~number | padded).and_(cells.is_not_null()).any())
        checks.append(cells.str.contains(r"[.eE]").any().alias(f"{name} point"))
        checks.append(cells.is_not_null().any().alias(f"{name} filled"))
        checks.append((~cells.str.to_lowercase().is_in(YES_OR_NO)).any().alias(f"{name} other"))
    found = text.select(checks).collect(engine="streaming").row(0)
    typed = []
    for name, (words, point, filled, other) in zip(names, zip(*[iter(found)] * 4, strict=True), strict=True):
        if filled and not other:
            typed.append((_filled(name).str.to_lowercase() == "true").alias(name))
        elif words or not filled:
            typed.append(pl.col(name) if filled else _filled(name))
        else:
            typed.append(_filled(name).cast(pl.Float64 if point else pl.Int64))
    return text.select(typed)


def _filled(name: str) -> pl.Expr:
    cells = pl.col(name).str.strip_chars()
    return pl.when(cells.is_in(["", *BLANKS])).then(None).otherwise(cells).alias(name)
