"""Turns a survey file into Parquet once, in a folder that the caller gives, and finds it again by its bytes."""

from __future__ import annotations

import errno
import hashlib
import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from sojourn.errors import Place, SourceError
from sojourn.sources import problems
from sojourn.sources.listing import unreadable
from sojourn.sources.microdata.variables import Variables

LAYOUT = 2
"""Raised when a conversion of the same bytes would give something else."""


@dataclass(frozen=True, slots=True)
class Converted:
    """A converted file: where it is, what its columns mean, and what was wrong with it."""

    path: Path
    variables: Variables
    problems: pl.DataFrame


Convert = Callable[[Path, Path], Converted]
"""Writes a Parquet file to the first path, with the second as a folder for temporary files."""


def once(source: Path, cache: Path, choices: str, convert: Convert) -> Converted:
    """Convert a file, or find the conversion of the same bytes with the same choices.

    Args:
        source: the survey file; its bytes are hashed.
        cache: the folder that keeps conversions; made if it is absent.
        choices: what else decides the result, such as a table's name or an encoding.
        convert: does the work.

    Raises:
        SourceError: the file cannot be read, the folder not be written, or the disk is full.
    """
    target = cache / f"{source.name.split('.')[0]}-{_digest(source, choices)}.parquet"
    facts = target.with_suffix(".json")
    if target.exists() and facts.exists():
        return _read(target, facts)
    with disk_errors(cache):
        # As confidential as the survey itself.
        cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as folder:
            unfinished = Path(folder) / "table.parquet"
            done = convert(unfinished, Path(folder))
            written = json.dumps(
                {"variables": done.variables.as_rows(), "problems": done.problems.to_dicts()},
                ensure_ascii=False,
            )
            # Labels of damaged files may hold half characters, which no file can.
            facts.write_text(written.encode("utf-8", "replace").decode("utf-8"), encoding="utf-8")
            unfinished.replace(target)
    return _read(target, facts)


def _digest(source: Path, choices: str) -> str:
    try:
        with source.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256")
    except OSError as error:
        raise unreadable(str(source), error) from error
    digest.update(f"{LAYOUT} {choices}".encode())
    return digest.hexdigest()[:20]


def _read(target: Path, facts: Path) -> Converted:
    content = json.loads(facts.read_text(encoding="utf-8"))
    listed = pl.DataFrame(content["problems"], schema=problems.SCHEMA)
    return Converted(target, Variables.from_rows(content["variables"]), listed)


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """Name what the disk refuses: it is full, or the folder may not be written."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        what = "The disk is full: the survey file could not be converted" if full else f"{error.strerror}"
        raise SourceError(
            what,
            where=Place(str(folder)),
            advice="Name a folder with room for the file, unpacked, as --cache DIR; nothing half-written is left.",
        ) from error


def refuse_full_disk(error: Exception) -> None:
    """Say that the disk is full where an engine reports it in words only."""
    if "No space left" in str(error):
        raise OSError(errno.ENOSPC, "No space left on device") from error


def problem(file: str, column: str | None, value: str | None, what: str, accepted: str) -> pl.DataFrame:
    """Write one problem that concerns a file or a column as a whole."""
    row = [file, None, None, column, value, what, accepted, "kept"]
    return pl.DataFrame([row], schema=problems.SCHEMA, orient="row")
