"""Converts files of SPSS, Stata, SAS and R to Parquet: codes stay codes, labels stand beside the columns."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from sojourn.errors import DamagedError, LayoutError, Place, SourceError
from sojourn.sources import problems
from sojourn.sources.microdata.conversion import Converted, problem
from sojourn.sources.microdata.variables import NUMBER, TEXT, Variable, Variables, code

READERS = {
    ".sav": "read_sav",
    ".zsav": "read_sav",
    ".por": "read_por",
    ".dta": "read_dta",
    ".sas7bdat": "read_sas7bdat",
    ".xpt": "read_xport",
}
R_FILES = (".rda", ".rdata", ".rds")

_ROWS = 50_000


def library(name: str) -> Any:
    """Import a reader that is needed for some files only.

    Raises:
        SourceError: it is not installed.
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise SourceError(
            f"Reading this file needs the package {name}", advice=f"Install it: pip install {name}"
        ) from error


def convert_statistical(source: Path, target: Path, *, encoding: str | None) -> Converted:
    """Convert a file of SPSS, Stata or SAS, in blocks of rows.

    Missing codes that the file declares stay in the data and are listed in `Variable.missing`. Stata's
    lettered missing values (.a to .z) stay as letters where the file labels them.

    Raises:
        DamagedError: the file is truncated or not what its name says.
        SourceError: it holds no rows.
    """
    readstat = library("pyreadstat")
    reader = getattr(readstat, READERS[source.suffix.lower()])
    found = problems.NO_PROBLEMS
    used = encoding
    while True:
        try:
            meta, rows = _copied(reader, source, target, used)
            break
        except (UnicodeDecodeError, readstat.ReadstatError, readstat.PyreadstatError) as error:
            # A name of an encoding that the file does not keep to: try the one that fits any bytes.
            if used is not None or not _is_encoding(error):
                raise _damaged(source, error) from error
            used = "WINDOWS-1252"
            found = problem(source.name, None, used, "labels are not in the encoding that the file names", "")
    if not rows:
        raise SourceError(
            "The file holds no rows", where=Place(str(source)), advice="Check that the export was complete."
        )
    return Converted(target, described(meta), found)


def _is_encoding(error: Exception) -> bool:
    words = str(error).lower()
    return isinstance(error, UnicodeDecodeError) or "convert" in words or "encoding" in words


def _damaged(source: Path, error: Exception) -> DamagedError:
    return DamagedError(
        f"The file cannot be read: {error}",
        where=Place(str(source)),
        accepted=f"a complete {source.suffix} file",
        advice="Download it again, or save it again from the program it comes from.",
    )


def _copied(reader: Callable[..., Any], source: Path, target: Path, encoding: str | None) -> tuple[Any, int]:
    """Copy the rows block by block; give the file's description and the number of rows."""
    choices: dict[str, Any] = {"disable_datetime_conversion": True, "output_format": "dict"}
    if reader.__name__ != "read_por":
        choices["encoding"] = encoding
    if reader.__name__ in ("read_sav", "read_dta", "read_sas7bdat"):
        choices["user_missing"] = True
    meta = reader(str(source), metadataonly=True, **choices)[1]
    kinds = _kinds(meta)
    parquet = library("pyarrow.parquet")
    rows = 0
    writer = None
    try:
        while True:
            block = reader(str(source), row_offset=rows, row_limit=_ROWS, **choices)[0]
            frame = pl.DataFrame([_series(name, block[name], kind) for name, kind in kinds.items()])
            if not frame.height and writer:
                break
            table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
            writer = writer or parquet.ParquetWriter(target, table.schema, compression="zstd")
            writer.write_table(table)
            rows += frame.height
            if frame.height < _ROWS:
                break
    finally:
        if writer:
            writer.close()
    return meta, rows


def _kinds(meta: Any) -> dict[str, Any]:
    """Tell the type of every column before its first row is read, so that all blocks agree."""
    kinds: dict[str, Any] = {}
    for name in meta.column_names:
        lettered = any(isinstance(key, str) for key in meta.variable_value_labels.get(name, {}))
        text = meta.readstat_variable_types.get(name) == "string" or lettered
        kinds[name] = pl.String if text else pl.Float64
    return kinds


def _series(name: str, cells: Any, kind: Any) -> pl.Series:
    if kind == pl.String:
        return pl.Series(name, [_text(cell) for cell in cells], dtype=pl.String)
    values = [None if isinstance(cell, str) or cell is None else float(cell) for cell in cells]
    return pl.Series(name, values, dtype=pl.Float64).fill_nan(None)


def _text(cell: object) -> str | None:
    if isinstance(cell, str):
        # The place 01 is not 1; what it is compared with is written as a code when it is looked up.
        return cell.rstrip() or None
    # A missing number is a float that does not equal itself.
    return None if cell is None or cell != cell else code(cell)  # noqa: PLR0124


def described(meta: Any) -> Variables:
    """Take the labels and missing codes from the description that the reader gives."""
    kinds = _kinds(meta)
    return Variables(
        tuple(
            Variable(
                name,
                label=(meta.column_names_to_labels.get(name) or "").strip(),
                codes={
                    code(value): str(label)
                    for value, label in meta.variable_value_labels.get(name, {}).items()
                },
                kind=TEXT if kind == pl.String else NUMBER,
                missing=tuple(_span(one) for one in meta.missing_ranges.get(name, [])),
            )
            for name, kind in kinds.items()
        )
    )


def _span(one: dict[str, Any]) -> str:
    low, high = code(one["lo"]), code(one["hi"])
    return low if low == high else f"{low}..{high}"


def convert_r(source: Path, target: Path, *, table: str | None) -> Converted:
    """Convert a data frame of an R file; such a file can only be read whole.

    Factors become their labels as text, as R shows them.

    Raises:
        DamagedError: the file is truncated or no R file.
        LayoutError: it holds no data frame, or several and none was named.
    """
    reader = library("rdata")
    try:
        content = (reader.read_rds if source.suffix.lower() == ".rds" else reader.read_rda)(source)
    except (ValueError, EOFError, OSError, NotImplementedError) as error:
        raise _damaged(source, error) from error
    tables = {source.stem: content} if source.suffix.lower() == ".rds" else dict(content)
    tables = {name: one for name, one in tables.items() if hasattr(one, "columns")}
    chosen = [name for name in tables if table in (None, name)]
    if len(chosen) != 1:
        raise LayoutError(
            f"The file has no data frame {table!r}" if table else f"The file holds {len(tables)} data frames",
            where=Place(str(source)),
            accepted=", ".join(sorted(tables)) or "one data frame",
            advice="Name one of them with --table.",
        )
    whole = tables[chosen[0]]
    # Factors arrive as categories whose codes mean nothing outside this file.
    frame = pl.from_pandas(whole, include_index=False).with_columns(
        pl.selectors.by_dtype(pl.Categorical, pl.Enum).cast(pl.String)
    )
    if not frame.height:
        raise SourceError("The data frame holds no rows", where=Place(str(source)))
    frame.write_parquet(target, compression="zstd")
    return Converted(target, Variables.from_schema(frame.schema), problems.NO_PROBLEMS)
