"""Tables that fit the terminal: columns where there is room, one entry below another where there is not.

A table whose columns become too narrow to be read hides what it should show: a word cut to an ellipsis, a column
squeezed to nothing. So widths are computed here: no column falls below its longest word, and where that cannot be
had, each row becomes an entry of "header value" pairs under its first cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

_GAP = 2
"""Blank characters between two columns."""

_LEAST = 12
"""A column of running text is not made narrower than this, nor than its longest word up to `_MOST_WORD`."""

_MOST_WORD = 28
_MOST_LINES = 9
"""A cell that would need more lines than this makes its table a list of entries."""

Columns = Sequence[tuple[str, str]]


def draw(console: Console, title: str, columns: Columns, rows: Iterable[Sequence[str | Text]]) -> None:
    """Print a table as columns, or as entries where columns would be too narrow.

    A column is a header and its kind: "left"; "wide" (left, at least 20 characters); "right" and "code" (right
    and left, never broken).
    """
    cells = [[cell if isinstance(cell, Text) else Text(cell) for cell in row] for row in rows]
    if not cells:
        console.print(Text(f"{title}: none" if title else "none", style="italic"))
        console.print()
        return
    chosen = widths(columns, [[cell.plain for cell in row] for row in cells], console.width)
    if chosen is None:
        _print_entries(console, title, [header for header, _ in columns], cells)
    else:
        _print_columns(console, title, columns, cells, chosen)
    console.print()


def widths(columns: Columns, cells: Sequence[Sequence[str]], room: int) -> list[int] | None:
    """Share out the room among columns, or return None where it is too narrow for a table.

    Each column gets its least width, and what is left in proportion to what it would still need.

    >>> widths([("area", "code"), ("why", "left")], [["JOR", "no file was given for it"]], 24)
    [4, 18]
    >>> widths([("area", "code"), ("why", "left")], [["JOR", "no file was given for it"]], 12) is None
    True
    """
    natural, least = [], []
    for index, (header, kind) in enumerate(columns):
        texts = [header, *(row[index] for row in cells)]
        natural.append(max((cell_len(line) for text in texts for line in text.split("\n")), default=0))
        least.append(_least(texts, kind, natural[-1]))
    room -= _GAP * (len(columns) - 1)
    if sum(natural) <= room:
        return natural
    if sum(least) > room:
        return None
    short = [full - lowest for full, lowest in zip(natural, least, strict=True)]
    spare = room - sum(least)
    chosen = [lowest + spare * lacks // sum(short) for lowest, lacks in zip(least, short, strict=True)]
    lines = (
        cell_len(text) / width
        for row in cells
        for text, width in zip(row, chosen, strict=True)
        if width < cell_len(text)
    )
    return chosen if max(lines, default=1.0) <= _MOST_LINES else None


def _least(texts: Sequence[str], kind: str, natural: int) -> int:
    if kind in ("right", "code"):
        return natural
    longest = max((cell_len(word) for text in texts for word in text.split()), default=0)
    return min(natural, max(20 if kind == "wide" else _LEAST, min(longest, _MOST_WORD)))


def _print_columns(
    console: Console, title: str, columns: Columns, cells: list[list[Text]], chosen: list[int]
) -> None:
    drawn = Table(
        title=title or None,
        title_justify="left",
        box=box.SIMPLE_HEAD,
        padding=(0, 1),
        collapse_padding=True,
        pad_edge=False,
        show_edge=False,
    )
    for (header, kind), width in zip(columns, chosen, strict=True):
        right = kind == "right"
        drawn.add_column(
            header, justify="right" if right else "left", no_wrap=right or kind == "code", width=width,
            overflow="fold",
        )  # fmt: skip
    for row in cells:
        drawn.add_row(*row)
    console.print(drawn)


def _print_entries(console: Console, title: str, headers: list[str], cells: list[list[Text]]) -> None:
    """Print each row under its first cell: pairs of header and value, several on a line where they fit."""
    if title:
        console.print(Text(title, style="italic"))
    room = console.width - _GAP
    for first, *others in cells:
        console.print(Text.assemble(first, style="bold"))
        line = Text()
        for header, cell in zip(headers[1:], others, strict=True):
            if not cell.plain.strip():
                continue
            pair = Text.assemble((f"{header}: ", "dim"), cell)
            if line and line.cell_len + pair.cell_len + 3 > room:
                _print_indented(console, line, room)
                line = Text()
            line.append(" · " if line else "").append_text(pair)
        if line:
            _print_indented(console, line, room)


def _print_indented(console: Console, line: Text, room: int) -> None:
    """Print a line with a margin, and what does not fit below it with a deeper one."""
    top, *rest = line.wrap(console, room, overflow="fold")
    console.print(Text(" " * _GAP).append_text(top))
    for part in rest:
        part.rstrip()
    below = Text(" ").join(rest)
    for part in below.wrap(console, room - _GAP, overflow="fold") if rest else ():
        console.print(Text(" " * 2 * _GAP).append_text(part))
