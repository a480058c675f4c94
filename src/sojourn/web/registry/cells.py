"""Cells of a table that spreadsheets open: no text may become a formula, and none may be changed by that.

A text that begins like a formula gets an apostrophe in front, which spreadsheets take for "this is text"; reading
takes it away again, so that writing and reading give back the same text. Numbers are left alone.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

_FORMULA = re.compile("'*[=+\\-@\t\r＝＋－＠]")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")


def defused(text: str) -> str:
    """Write a text so that no spreadsheet computes it.

    >>> defused("=1+1"), defused("-5.5"), defused("plain"), defused("'=x")
    ("'=1+1", '-5.5', 'plain', "''=x")
    """
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def restored(text: str) -> str:
    """Read a text that `defused` wrote.

    >>> restored("'=1+1"), restored("-5.5"), restored("it's")
    ('=1+1', '-5.5', "it's")
    """
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def table(header: Sequence[str], rows: Iterable[Sequence[object]], *, head: bool = True) -> bytes:
    """Write a CSV file that spreadsheets of every language open: UTF-8 with its mark, commas, formulas defused.

    Args:
        header: names of the columns.
        rows: their values.
        head: begin with the mark and the names; False: more rows of a table that was begun before.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    if head:
        writer.writerow([defused(one) for one in header])
    for row in rows:
        writer.writerow(["" if one is None else defused(str(one)) for one in row])
    return out.getvalue().encode("utf-8-sig" if head else "utf-8")
