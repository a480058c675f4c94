"""Reads a table that somebody wants to bring in, and says everything that is wrong with it before a row is written.

The dry run loses nothing: each cell of the file is either in a row that can be taken, or in a problem that names row,
column and value as a spreadsheet shows them. Rows without a problem are given too, so that the caller may show them;
nothing is written unless all is well.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sojourn.errors import UsageError
from sojourn.web.registry.cells import restored
from sojourn.web.registry.dates import last_day

MOST_ROWS = 100_000
LARGEST = 25 * 1024 * 1024
_EVERY = 500

Report = Callable[[int, int], None]
"""Is told how many of how many rows were looked at."""


@dataclass(frozen=True, slots=True)
class Column:
    """What a column may hold.

    Attributes:
        name: its header.
        required: no row may leave it empty.
        kind: "text", "date" (2015, 2015-07 or 2015-07-13), "number", "code" or "codes" (several, by spaces).
        codes: what a code may be.
        longest: letters of a text.
        unique: no two rows may have the same.
    """

    name: str
    required: bool = False
    kind: str = "text"
    codes: frozenset[str] = frozenset()
    longest: int = 10_000
    unique: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong: in which row and column as a spreadsheet counts them, with which value, and what would do."""

    row: int
    column: str
    value: str
    what: str
    accepted: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it was read: its number in the file, and a value for each known column."""

    number: int
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do.

    Attributes:
        rows: every row of the file that is not empty, in order, with or without problems.
        problems: sorted by row and column; any of them stops the import.
        empty: number of rows without any value.
        columns: the header of the file.
        existing: ids of records that the file names and that are there already: their rows are left out.
        ignored: columns that hold values which nobody can write this way.
    """

    rows: tuple[Row, ...] = ()
    problems: tuple[Problem, ...] = ()
    empty: int = 0
    columns: tuple[str, ...] = field(default=())
    existing: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether all rows can be written."""
        return bool(self.rows or self.existing) and not self.problems


def dry_run(content: bytes, columns: Sequence[Column], report: Report | None = None) -> Plan:
    """Look at a CSV file without writing anything.

    Args:
        content: the file; UTF-8, with commas, semicolons or tabs between cells.
        columns: what is taken.
        report: told how far it is.

    Returns:
        The plan, with every problem of the file.
    """
    text, problem = _decoded(content)
    if problem is not None:
        return Plan(problems=(problem,))
    try:
        read = list(csv.reader(io.StringIO(text, newline=""), _dialect(text), strict=True))
    except csv.Error as error:
        return Plan(problems=(Problem(1, "", "", f"The file is no table: {error}"),))
    if not read:
        return Plan(problems=(Problem(1, "", "", "The file is empty"),))
    header = [restored(one).strip() for one in read[0]]
    known = {one.name: one for one in columns}
    problems = _of_header(header, known)
    rows, empty = [], 0
    seen: dict[str, dict[str, int]] = {one.name: {} for one in columns if one.unique}
    for number, cells in enumerate(read[1:], start=2):
        if report is not None and number % _EVERY == 0:
            report(number - 1, len(read) - 1)
        if not any(one.strip() for one in cells):
            empty += 1
            continue
        values, found = _row(number, header, cells, known)
        problems += found + _repeated(number, values, seen)
        rows.append(Row(number, values))
    if report is not None:
        report(len(read) - 1, len(read) - 1)
    if not rows:
        problems.append(Problem(1, "", "", "The file has no row below its header"))
    if len(rows) > MOST_ROWS:
        problems.append(
            Problem(1, "", str(len(rows)), "The file has too many rows", f"at most {MOST_ROWS:,}")
        )
    problems.sort(key=lambda one: (one.row, header.index(one.column) if one.column in header else -1))
    return Plan(tuple(rows), tuple(problems), empty, tuple(header))


def _decoded(content: bytes) -> tuple[str, Problem | None]:
    if len(content) > LARGEST:
        return "", Problem(1, "", "", "The file is too large", f"at most {LARGEST // 1024 // 1024} MB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        what = "The file is not written in UTF-8"
        return "", Problem(row, "", repr(content[error.start : error.end]), what, "save it as “CSV UTF-8”")
    return text, None


def _dialect(text: str) -> type[csv.Dialect]:
    """Choose the sign between cells by the header, which holds names and no such sign of its own."""
    first = text.partition("\n")[0]
    sign = max(",;\t", key=first.count)

    class Own(csv.excel):
        delimiter = sign

    return Own


def _of_header(header: Sequence[str], known: Mapping[str, Column]) -> list[Problem]:
    accepted = ", ".join(known)
    problems = []
    for place, name in enumerate(header):
        if not name:
            problems.append(Problem(1, "", f"column {place + 1}", "A column has no name", accepted))
        elif name not in known:
            problems.append(
                Problem(1, name, name, "There is no such column: its values would be lost", accepted)
            )
        elif name in header[:place]:
            problems.append(Problem(1, name, name, "The column stands there twice"))
    missing = [one.name for one in known.values() if one.required and one.name not in header]
    problems += [Problem(1, name, "", "A column is missing that every row needs") for name in missing]
    return problems


def _row(
    number: int, header: Sequence[str], cells: Sequence[str], known: Mapping[str, Column]
) -> tuple[dict[str, str], list[Problem]]:
    own = [restored(one) for one in cells]
    problems = [
        Problem(number, "", one, "A cell stands behind the last column")
        for one in own[len(header) :]
        if one.strip()
    ]
    if len(own) < len(header):
        what = f"The row has {len(own)} cells, and the header {len(header)}"
        problems.append(
            Problem(number, header[len(own)], "", what, "a cell for each column, even an empty one")
        )
    values = dict(zip(header, own, strict=False))
    for name in header:
        if name in known:
            value = values.setdefault(name, "").strip()
            values[name] = value
            what, accepted = _fault(value, known[name])
            if what:
                problems.append(Problem(number, name, value, what, accepted))
    return {name: value for name, value in values.items() if name in known}, problems


def _fault(value: str, column: Column) -> tuple[str, str]:
    """Tell what is wrong with a value, and what would do; two empty texts: nothing."""
    if "\0" in value:
        return "The cell holds a character that no text may hold", "the text without it"
    if not value:
        return ("A value is missing", "") if column.required else ("", "")
    if len(value) > column.longest:
        return "The text is too long", f"at most {column.longest:,} letters"
    return _CHECKS[column.kind](value, column)


def _is_text(_: str, __: Column) -> tuple[str, str]:
    return "", ""


def _is_date(value: str, _: Column) -> tuple[str, str]:
    try:
        last_day(value)
    except UsageError as error:
        return error.what, error.accepted or ""
    return "", ""


def _is_number(value: str, _: Column) -> tuple[str, str]:
    fits = re.fullmatch(r"[+-]?\d+(?:\.\d+)?", value)
    return ("", "") if fits else ("This is no number", "digits, with a point before decimals")


def _is_code(value: str, column: Column) -> tuple[str, str]:
    wrong = [one for one in (value.split() if column.kind == "codes" else [value]) if one not in column.codes]
    if not wrong:
        return "", ""
    return f"There is no code {wrong[0][:60]!r}", ", ".join(sorted(column.codes))


_CHECKS: Mapping[str, Callable[[str, Column], tuple[str, str]]] = {
    "text": _is_text,
    "date": _is_date,
    "number": _is_number,
    "code": _is_code,
    "codes": _is_code,
}


def _repeated(number: int, values: Mapping[str, str], seen: Mapping[str, dict[str, int]]) -> list[Problem]:
    problems = []
    for name, rows in seen.items():
        value = values.get(name, "")
        if value and rows.setdefault(value, number) != number:
            problems.append(Problem(number, name, value, f"Row {rows[value]} has the same"))
    return problems
