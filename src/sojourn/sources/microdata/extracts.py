"""Converts an IPUMS extract – fixed-width or CSV, with its DDI description – to Parquet in one stream."""

from __future__ import annotations

import gzip
import shutil
import warnings
import zlib
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import polars as pl

from sojourn.errors import DamagedError, LayoutError, Place, SourceError
from sojourn.sources import problems
from sojourn.sources.microdata.conversion import Converted, refuse_full_disk
from sojourn.sources.microdata.statistical_files import library
from sojourn.sources.microdata.variables import NUMBER, TEXT, Variable, Variables, code


def data_of(description: Path) -> Path:
    """Find the data file of an extract beside its description.

    Raises:
        SourceError: it is not there.
    """
    for suffix in (".dat.gz", ".dat", ".csv.gz", ".csv"):
        if (data := description.with_name(description.stem + suffix)).exists():
            return data
    raise SourceError(
        "The data of this extract are not beside its description",
        where=Place(str(description)),
        accepted=f"{description.stem}.dat.gz or {description.stem}.csv.gz",
        advice="Put both files of the extract, with the names they were downloaded under, into one folder.",
    )


def convert_extract(description: Path, target: Path, folder: Path) -> Converted:
    """Convert a rectangular IPUMS extract.

    Raises:
        DamagedError: the description or the data are truncated, or do not fit each other.
        LayoutError: the extract is hierarchical.
    """
    book = _described(description)
    if book.file_description.structure != "rectangular":
        raise LayoutError(
            "The extract is hierarchical: households and persons are mixed rows",
            where=Place(str(description)),
            accepted="a rectangular extract (person records with their household's columns)",
            advice="Ask for the extract again with the structure 'Rectangular (person)'.",
        )
    data = data_of(description)
    plain = _unpacked(data, folder)
    columns = book.data_description
    if ".csv" in data.suffixes:
        lines = pl.scan_csv(plain, infer_schema=False)
        cells = [pl.col(one.name) for one in columns]
        shifts = dict.fromkeys((one.name for one in columns), 0)
    else:
        # One column that no byte can part: each line as it is.
        lines = pl.scan_csv(
            plain,
            separator="\x01",
            quote_char=None,
            has_header=False,
            new_columns=["line"],
            infer_schema=False,
        )
        cells = [pl.col("line").str.slice(one.start, one.end - one.start).alias(one.name) for one in columns]
        shifts = {one.name: one.shift or 0 for one in columns}
    _check_width(lines, data, columns)
    numbers = {one.name for one in columns if one.vartype in ("numeric", "integer", "float")}
    typed = [
        _cell(cell, one.name, one.name in numbers, shifts[one.name])
        for cell, one in zip(cells, columns, strict=True)
    ]
    try:
        lines.select(typed).sink_parquet(target, compression="zstd")
    except (pl.exceptions.ComputeError, pl.exceptions.InvalidOperationError) as error:
        refuse_full_disk(error)
        raise DamagedError(
            f"The data do not fit their description: {str(error).splitlines()[0]}",
            where=Place(str(data)),
            advice="Download both files of the extract again.",
        ) from error
    described = Variables(tuple(_variable(one, one.name in numbers) for one in columns))
    return Converted(target, described, problems.NO_PROBLEMS)


def _described(description: Path) -> Any:
    ipums = library("ipumspy.readers")
    try:
        with warnings.catch_warnings():
            # It reminds of the terms of use; the documentation of this command does.
            warnings.simplefilter("ignore")
            return ipums.read_ipums_ddi(description)
    except (ParseError, AttributeError, KeyError, ValueError, IndexError) as error:
        raise DamagedError(
            f"The description is truncated, or no DDI description of an extract: {error}",
            where=Place(str(description)),
            advice="Download the extract's DDI again.",
        ) from error


def _unpacked(data: Path, folder: Path) -> Path:
    if data.suffix != ".gz":
        return data
    plain = folder / "extract"
    try:
        with gzip.open(data) as stream, plain.open("wb") as output:
            shutil.copyfileobj(stream, output, 1 << 22)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DamagedError(
            f"The file is truncated or damaged: {error}",
            where=Place(str(data)),
            advice="Download the extract again.",
        ) from error
    return plain


def _check_width(lines: pl.LazyFrame, data: Path, columns: Any) -> None:
    if not lines.head(1).collect().height:
        raise SourceError("The extract holds no rows", where=Place(str(data)))
    if lines.collect_schema().names() != ["line"]:
        return
    wanted = max(one.end for one in columns)
    shortest = lines.select(pl.col("line").str.len_chars().min()).collect(engine="streaming").item()
    if shortest < wanted:
        raise DamagedError(
            f"A line has {shortest} characters where the description asks for {wanted}",
            where=Place(str(data)),
            advice="Use the DDI of this very extract.",
        )


def _cell(cell: pl.Expr, name: str, number: bool, shift: int) -> pl.Expr:
    text = cell.str.strip_chars()
    filled = pl.when(text == "").then(None).otherwise(text)
    if not number:
        return filled.alias(name)
    # Implied decimals: 0012345 with two of them is 123.45.
    return (filled.cast(pl.Float64) / 10**shift if shift else filled.cast(pl.Float64)).alias(name)


def _variable(one: Any, number: bool) -> Variable:
    codes = {code(value): str(label) for label, value in one.codes.items()}
    return Variable(one.name, (one.label or "").strip(), codes, NUMBER if number else TEXT)
