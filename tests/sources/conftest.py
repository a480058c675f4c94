"""Writes small files as people have them, and reads files through the door that a build uses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from sojourn.sources import bilateral_remittances, rpw, rpw_databank, unsdg, wdi, wpp
from sojourn.sources.files import describe
from sojourn.sources.model import Reading, Source
from sojourn.sources.problems import rejected_rows
from sojourn.sources.recognise import Recognised, recognise

Cells = Sequence[object]
Write = Callable[[str, str | bytes], Path]
Workbook = Callable[[str, Mapping[str, Sequence[Cells]]], Path]
Read = Callable[[Path], Reading]


@pytest.fixture(scope="session")
def all_sources() -> tuple[Source, ...]:
    return tuple(module.SOURCE for module in (bilateral_remittances, rpw, rpw_databank, unsdg, wdi, wpp))


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write text (as UTF-8, line ends untouched) or bytes below the test's folder."""

    def _write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return _write


@pytest.fixture
def workbook(tmp_path: Path) -> Workbook:
    """Write a workbook: sheet names to rows of cells, None for an empty cell."""

    def _workbook(name: str, sheets: Mapping[str, Sequence[Cells]]) -> Path:
        path = tmp_path / name
        with xlsxwriter.Workbook(path) as book:
            for title, rows in sheets.items():
                sheet = book.add_worksheet(title)
                for number, row in enumerate(rows):
                    for column, cell in enumerate(row):
                        if cell is not None:
                            sheet.write(number, column, cell)
        return path

    return _workbook


@pytest.fixture(scope="session")
def find(all_sources: tuple[Source, ...]) -> Callable[[Path], list[Recognised]]:
    return lambda path: recognise(describe(path), all_sources)


@pytest.fixture(scope="session")
def read(find: Callable[[Path], list[Recognised]]) -> Read:
    """Read the one known sheet of a file, and check that every row of it is accounted for."""

    def _read(path: Path) -> Reading:
        (entry,) = find(path)
        reading = entry.read()
        assert accounted(reading), (reading.rows, reading.empty_rows, reading.notes)
        return reading

    return _read


def accounted(reading: Reading) -> bool:
    """Check rows = kept + rejected + empty, where `row` tells the rows that were kept.

    Where ages were added up, or two names of one area, one row stands for several: then no row may be
    counted twice.
    """
    kept = reading.table["row"].n_unique()
    counted = kept + rejected_rows(reading.problems) + reading.empty_rows
    added_up = reading.table.columns[:3] == ["area", "period", "sex"] or "sending" in reading.table.columns
    return counted == reading.rows or (added_up and counted <= reading.rows)


@pytest.fixture(scope="session")
def problem_rows() -> Callable[[Reading], list[tuple[object, ...]]]:
    """Give the problems of a reading as (row, column, value, problem, action)."""

    def _rows(reading: Reading) -> list[tuple[object, ...]]:
        table: pl.DataFrame = reading.problems
        return table.select("row", "column", "value", "problem", "action").rows()

    return _rows
