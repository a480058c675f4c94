"""Reads everything a build can use: the data folder's files and the packaged sources, into typed tables.

What cannot be used is part of the answer: each file says whether it was read, as what, how many rows it
held and rejected, and why a file was left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from sojourn import discovery
from sojourn.errors import SourceError
from sojourn.indicators.model import Tables
from sojourn.release.request import Report, silent
from sojourn.sources import problems
from sojourn.sources.listing import InputFile
from sojourn.sources.microdata.build import Microdata
from sojourn.sources.model import Reading, Source
from sojourn.sources.recognise import recognise

PACKAGED = "packaged"
"""Layout, and mark of the edition, of figures that come with a package; official files go before them."""


@dataclass(frozen=True, slots=True)
class Input:
    """One file as the manifest lists it."""

    file: str
    sha256: str
    size: int
    source: str = ""
    layout: str = ""
    rows: int = 0
    empty_rows: int = 0
    rejected_rows: int = 0
    notes: tuple[str, ...] = ()
    left_out: str = ""


@dataclass(slots=True)
class Gathered:
    """Typed tables by kind, the list of inputs, and the list of problems."""

    tables: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    inputs: list[Input] = field(default_factory=list)
    problems: list[pl.DataFrame] = field(default_factory=list)
    parts_of: dict[str, pl.DataFrame] = field(default_factory=dict)
    surveys: list[Microdata] = field(default_factory=list)

    def as_tables(self) -> Tables:
        """Stack the tables of each kind."""
        return Tables({kind: pl.concat(tables) for kind, tables in self.tables.items()}, tuple(self.surveys))

    def all_problems(self) -> pl.DataFrame:
        """Stack the problems of all files."""
        return problems.combine(*self.problems)


def gather(
    files: Iterable[InputFile], *, packaged: bool, skip_damaged: bool = False, report: Report = silent
) -> Gathered:
    """Read the given files and, if wanted, the packaged sources.

    Args:
        files: files of the data folder, in order.
        packaged: also read the figures that other installed packages ship (cited figures of this package
            are always read).
        skip_damaged: leave damaged files out and list them, instead of stopping.
        report: called with (file, done, total) as work goes on.

    Raises:
        SourceError: a file is damaged, or a known source's columns are missing.
    """
    gathered = Gathered()
    listed = list(files)
    seen: dict[str, str] = {}
    for done, file in enumerate(listed):
        report(file.name, done, len(listed))
        if file.sha256 in seen:
            gathered.inputs.append(_left_out(file, f"the same bytes as {seen[file.sha256]}"))
            continue
        seen[file.sha256] = file.name
        try:
            _read_file(gathered, file)
        except SourceError as error:
            if not skip_damaged:
                raise
            gathered.inputs.append(_left_out(file, error.what))
    for source in discovery.packaged_sources():
        if source.packaged and (packaged or source.name == "published_figures"):
            for file, reading in source.packaged():
                _add(gathered, source, PACKAGED, file, [reading])
    report("", len(listed), len(listed))
    return gathered


def _left_out(file: InputFile, why: str) -> Input:
    return Input(file.name, file.sha256, file.size, left_out=why)


def _read_file(gathered: Gathered, file: InputFile) -> None:
    found = recognise(file, discovery.sources())
    if not found:
        gathered.inputs.append(_left_out(file, "of no known source"))
    for source in dict.fromkeys(entry.source for entry in found):
        entries = [entry for entry in found if entry.source == source]
        layouts = "; ".join(dict.fromkeys(entry.layout.name for entry in entries))
        _add(gathered, source, layouts, file, [entry.read() for entry in entries])


def _add(gathered: Gathered, source: Source, layout: str, file: InputFile, readings: list[Reading]) -> None:
    """Add the readings of one file's sheets under one label: the source and its newest edition."""
    table = pl.concat([reading.table for reading in readings])
    edition = max(reading.edition for reading in readings)
    edition = f"package-{edition}" if layout == PACKAGED else edition
    label = _label(gathered, source, edition, file, table)
    found = problems.combine(*(reading.problems for reading in readings))
    gathered.problems.append(found)
    gathered.tables.setdefault(source.table, []).append(table.with_columns(pl.lit(label).alias("source")))
    gathered.inputs.append(
        Input(
            file=file.name,
            sha256=file.sha256,
            size=file.size,
            source=label,
            layout=layout,
            rows=sum(reading.rows for reading in readings),
            empty_rows=sum(reading.empty_rows for reading in readings),
            rejected_rows=problems.rejected_rows(found),
            notes=tuple(note for reading in readings for note in reading.notes),
        )
    )


def _label(gathered: Gathered, source: Source, edition: str, file: InputFile, table: pl.DataFrame) -> str:
    """Name the vintage; two files of one edition that hold the same part get apart by their hash."""
    label = f"{source.name}@{edition}"
    parts = table.select(source.parts).unique() if source.parts else pl.DataFrame({"whole": [True]})
    before = gathered.parts_of.get(label)
    if before is not None and before.join(parts, on=parts.columns, how="semi").height:
        return f"{label}-{file.sha256[:8]}"
    gathered.parts_of[label] = parts if before is None else pl.concat([before, parts])
    return label
