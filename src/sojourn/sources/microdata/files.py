"""Opens a survey file of any usual format as a lazy table with the meaning of its columns beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from sojourn.errors import DamagedError, LayoutError, Place, SourceError
from sojourn.sources import problems
from sojourn.sources.listing import unreadable
from sojourn.sources.microdata.conversion import Converted, disk_errors, once
from sojourn.sources.microdata.extracts import convert_extract, data_of
from sojourn.sources.microdata.statistical_files import R_FILES, READERS, convert_r, convert_statistical
from sojourn.sources.microdata.text_files import convert_text
from sojourn.sources.microdata.variables import Variable, Variables


@dataclass(frozen=True, slots=True)
class Survey:
    """An opened survey: Parquet that an engine can read, and what its columns mean.

    Attributes:
        name: the names of the files as given.
        paths: Parquet files of one layout, for any engine.
        variables: name, label, codes, type and missing codes of every column.
        rows: how many rows all files have.
        problems: what a person should know about the files (`sojourn.sources.problems`).
    """

    name: str
    paths: tuple[Path, ...]
    variables: Variables
    rows: int
    problems: pl.DataFrame

    @property
    def frame(self) -> pl.LazyFrame:
        """All rows, lazily, in the order of the files."""
        parts = [pl.scan_parquet(path) for path in self.paths]
        return parts[0] if len(parts) == 1 else pl.concat(parts, how="vertical_relaxed")


def open_survey(
    paths: Path | Sequence[Path], cache: Path, *, table: str | None = None, encoding: str | None = None
) -> Survey:
    """Open one survey file, or several of one layout such as the files of its states.

    Args:
        paths: CSV (plain, gzip, zip), Parquet, SPSS (.sav, .zsav, .por), Stata (.dta), SAS (.sas7bdat, .xpt),
            R (.rda, .rds), or the .xml description of an IPUMS extract.
        cache: the folder for the Parquet files that other formats are converted to, once for the same bytes.
        table: the wanted table of a zip archive or R file that holds several.
        encoding: the encoding of text, where the file does not say.

    Returns:
        The opened survey; nothing is read whole but R files.

    Raises:
        DamagedError: a file is truncated or not what its name says.
        LayoutError: files have different columns, or a table must be named.
        SourceError: a file is absent or holds no rows; the disk is full.
    """
    listed = [paths] if isinstance(paths, Path) else list(paths)
    if not listed:
        raise SourceError("No survey file was given", accepted="one file, or several of one layout")
    parts = [_opened(path, cache, table, encoding) for path in listed]
    first = parts[0].variables.names
    for path, part in zip(listed, parts, strict=True):
        if differing := sorted(set(first) ^ set(part.variables.names)):
            raise LayoutError(
                f"The files have different columns: {', '.join(differing[:8])}",
                where=Place(str(path)),
                accepted=f"the columns of {listed[0].name}",
                advice="Files of several years or of persons and households are mapped one by one.",
            )
    counted = [_rows(part.path, path) for path, part in zip(listed, parts, strict=True)]
    return Survey(
        ", ".join(path.name for path in listed),
        tuple(part.path for part in parts),
        parts[0].variables,
        sum(counted),
        problems.combine(*(part.problems for part in parts)),
    )


def _opened(path: Path, cache: Path, table: str | None, encoding: str | None) -> Converted:
    if not path.is_file():
        raise SourceError(
            "There is no such file" if not path.exists() else "This is a folder, not a survey file",
            where=Place(str(path)),
            accepted="a CSV, Parquet, SPSS, Stata, SAS or R file, or the .xml of an IPUMS extract",
        )
    suffix = path.suffix.lower()
    if not path.stat().st_size:
        raise SourceError("The file is empty", where=Place(str(path)), advice="Download it again.")
    if suffix in (".parquet", ".pq"):
        return _parquet(path)
    choices = f"{table} {encoding}"
    if suffix in READERS:
        return once(path, cache, choices, lambda to, _: convert_statistical(path, to, encoding=encoding))
    if suffix in R_FILES:
        return once(path, cache, choices, lambda to, _: convert_r(path, to, table=table))
    if suffix == ".xml":
        with disk_errors(cache):
            size = data_of(path).stat()
        choices = f"{choices} {size.st_size} {size.st_mtime_ns}"
        return once(path, cache, choices, lambda to, folder: convert_extract(path, to, folder))
    return once(
        path,
        cache,
        choices,
        lambda to, folder: convert_text(path, to, folder, table=table, encoding=encoding),
    )


def _parquet(path: Path) -> Converted:
    """Take a Parquet file as it is; labels that this program wrote before stand beside it."""
    try:
        schema = pl.read_parquet_schema(path)
    except (pl.exceptions.ComputeError, OSError) as error:
        raise DamagedError(
            f"The file is truncated or no Parquet file: {error}",
            where=Place(str(path)),
            advice="Download it again.",
        ) from error
    return Converted(path, Variables.from_schema(schema), problems.NO_PROBLEMS)


def _rows(parquet: Path, path: Path) -> int:
    try:
        rows = int(pl.scan_parquet(parquet).select(pl.len()).collect().item())
    except OSError as error:
        raise unreadable(str(path), error) from error
    if not rows:
        raise SourceError(
            "The file holds no rows", where=Place(str(path)), advice="Check that the export was complete."
        )
    return rows


def with_labels(survey: Survey, others: Variables) -> Survey:
    """Take labels and codes for columns that have none from another description, such as a codebook."""
    merged = []
    for one in survey.variables:
        known = others.get(one.name)
        if known is None or one.label or one.codes:
            merged.append(one)
        else:
            merged.append(
                Variable(one.name, known.label, known.codes, one.kind, one.missing or known.missing)
            )
    return Survey(survey.name, survey.paths, Variables(tuple(merged)), survey.rows, survey.problems)
