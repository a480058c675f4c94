"""How a question is meant: a breakdown, progress to a target, a code, a direction, or nothing but politeness.

The words stand in `wishes.toml`, in six languages, and count whatever the language of the page is.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise

from sojourn.web.finding.pieces import HAN, WORD, Book, Piece, book, form
from sojourn.web.registry.words_of import words

WISH, LINK = "wish", "link"
FROM, TO = "from", "to"
PROGRESS, TARGET, INDICATOR, GOAL, FILLER = "progress", "target", "indicator", "goal", "filler"

BREAKDOWNS: Mapping[str, tuple[str, str]] = {
    "by_sex": ("sex", ""),
    "by_age": ("age", ""),
    "by_nativity": ("nativity", ""),
    "by_citizenship": ("citizenship", ""),
    "by_legal_status": ("legal_status", ""),
    "women": ("sex", "F"),
    "men": ("sex", "M"),
}
"""Wish -> column of people, and its code where the wish names one."""

_LINKS = (FROM, TO, "between")


def mark(pieces: Iterable[Piece]) -> list[Piece]:
    """Mark the words that say how a question is meant.

    >>> from sojourn.web.finding.pieces import cut
    >>> [one.meaning for one in mark(cut("migrants by sex"))]
    ['', 'by_sex']
    """
    marked = _wishes().mark(pieces)
    return _with_ends(
        one for each in marked for one in (_links().mark([each]) if each.kind == WORD else [each])
    )


def _with_ends(pieces: Iterable[Piece]) -> list[Piece]:
    """Cut links off the ends of Chinese runs; within a run the same characters are parts of other words."""
    found: list[Piece] = []
    for piece in pieces:
        if piece.kind != HAN:
            found.append(piece)
            continue
        links = _links().chinese
        first = next((one for one in _by_length() if piece.text.startswith(one)), "")
        rest = piece.text.removeprefix(first)
        last = next((one for one in _by_length() if rest.endswith(one)), "")
        parts = ((first, LINK), (rest.removesuffix(last), HAN), (last, LINK))
        found += [Piece(text, kind, links.get(text, "")) for text, kind in parts if text]
    return found


@cache
def _by_length() -> tuple[str, ...]:
    return tuple(sorted(_links().chinese, key=len, reverse=True))


def asked(pieces: Sequence[Piece]) -> tuple[str, ...]:
    """List the wishes of a question, each once."""
    return tuple(dict.fromkeys(one.meaning for one in pieces if one.kind == WISH))


def breakdowns(wishes: Iterable[str]) -> dict[str, str]:
    """Give the columns that are asked for, with their code where one is named.

    >>> breakdowns(["women", "by_age", "progress"])
    {'sex': 'F', 'age': ''}
    """
    found: dict[str, str] = {}
    for one in wishes:
        if one in BREAKDOWNS:
            name, code = BREAKDOWNS[one]
            found[name] = found.get(name) or code
    return found


def mark_goal(pieces: Sequence[Piece]) -> list[Piece]:
    """Mark the number of a goal: goal 8, with its meaning.

    >>> from sojourn.web.finding.pieces import cut
    >>> mark_goal(mark(cut("SDG 08")))[-1].meaning
    '8'
    """
    marked = list(pieces)
    for place, (before, piece) in enumerate(pairwise(pieces), start=1):
        if before.meaning == GOAL and piece.kind == WORD and piece.text.isdecimal():
            marked[place] = Piece(piece.text, GOAL, str(int(piece.text)))
    return marked


@cache
def is_small(word: str) -> bool:
    """Tell whether a word says nothing by itself: the, les, في, de."""
    return not words(word) or (form(word),) in _links().phrases


def _read() -> Mapping[str, Mapping[str, Sequence[str]]]:
    text = files("sojourn.web.finding").joinpath("wishes.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def _wishes() -> Book:
    return _book(WISH, [name for name in _read() if name not in _LINKS])


@cache
def _links() -> Book:
    return _book(LINK, _LINKS)


def _book(kind: str, names: Sequence[str]) -> Book:
    read = _read()
    return book(kind, ((one, name) for name in names for listed in read[name].values() for one in listed))
