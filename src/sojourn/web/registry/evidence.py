"""Evidence as one cell of a table: `title | link | licence | grade`, several of them separated by `;`.

What is left out at the end is empty. An address alone is its own title. A sign that separates and belongs to a text has
a backslash in front, so that writing and reading give back the same. Attached files are no part of it: they stay with
the record that they were attached to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

COLUMNS = ("title", "link", "licence", "grade")
"""Of evidence, in the order in which they stand in a cell."""

SHAPE = "title | link | licence | grade; several separated by ';'"
"""How a cell is written, for whoever has to mend one."""

NO_GRADE = "none"
"""Grade of what nobody has graded; it need not be written."""

_BETWEEN, _WITHIN = ";", "|"
_ADDRESS = re.compile(r"https?://\S+")


def written(rows: Iterable[Mapping[str, str]]) -> str:
    r"""Write evidence as a cell.

    Args:
        rows: column of evidence -> value.

    >>> written([{"title": "Survey | 2015", "link": "https://example.org/a", "licence": "", "grade": "none"}])
    'Survey \\| 2015 | https://example.org/a'
    """
    return "; ".join(_one(row) for row in rows)


def read(cell: str) -> list[dict[str, str]]:
    """Read a cell of evidence; nothing is checked but where one text ends and the next begins.

    Args:
        cell: as `written` writes it, or somebody by hand.

    Returns:
        For each evidence its columns that are not empty; what stands behind the last column is called `more`.

    >>> read("Survey | https://example.org/a | | self_report; https://example.org/b")[0]
    {'title': 'Survey', 'link': 'https://example.org/a', 'grade': 'self_report'}
    >>> read("https://example.org/b")
    [{'title': 'https://example.org/b', 'link': 'https://example.org/b'}]
    """
    found = []
    for each in _split(cell, _BETWEEN):
        texts = [_bare(one).strip() for one in _split(each, _WITHIN)]
        if not any(texts):
            continue
        if len(texts) == 1 and _ADDRESS.fullmatch(texts[0]):
            texts *= 2
        row = dict(zip(COLUMNS, texts, strict=False))
        row["more"] = " ".join(texts[len(COLUMNS) :]).strip()
        found.append({name: one for name, one in row.items() if one})
    return found


def _one(row: Mapping[str, str]) -> str:
    texts = [row[name] for name in COLUMNS]
    if texts[-1] == NO_GRADE:
        texts.pop()
    while texts and not texts[-1]:
        texts.pop()
    if len(texts) == 1 and _ADDRESS.fullmatch(texts[0]):
        texts.append("")  # a title that looks like an address is not to be read as a link
    return f" {_WITHIN} ".join(re.sub(r"([\\;|])", r"\\\1", one) for one in texts).strip(" ")


def _split(text: str, sign: str) -> list[str]:
    r"""Split a text at a sign that has no backslash in front, which itself is no text.

    >>> _split(r"a\;b;c", ";")
    ['a\\;b', 'c']
    """
    parts = [""]
    letters = iter(text)
    for one in letters:
        if one == sign:
            parts.append("")
        else:
            parts[-1] += one + next(letters, "") if one == "\\" else one
    return parts


def _bare(text: str) -> str:
    return re.sub(r"\\([\\;|])", r"\1", text)
