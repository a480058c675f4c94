"""Areas anywhere in a question: their names in six languages, what else people call them, and their codes.

The longest name stands. Codes of three letters count in capitals, and in small letters where every word of the
question is one, because "can" and "per" are words before they are Canada and Peru.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from rapidfuzz import fuzz, process

from sojourn import areas
from sojourn.areas.codes import name_candidates
from sojourn.areas.spelling import key
from sojourn.web.corridors import countries
from sojourn.web.finding.pieces import WORD, Book, Piece, book, cut, form
from sojourn.web.finding.wishes import FROM, LINK, TO, is_small

AREA = "area"
LONG_ENOUGH = 5
_CLOSE = 84.0
_CODE_LETTERS = (2, 3)
_GROWN_TO = ("بال", "لل", "لأ")
_BRACKETS = re.compile(r"\s*[(（].*")


@dataclass(frozen=True, slots=True)
class Place:
    """An area that a question names.

    Attributes:
        area: its code.
        text: how it is called there.
        side: "from", "to", or empty where the question does not say.
        guessed: whether the text is a misspelling of it.
    """

    area: str
    text: str
    side: str = ""
    guessed: bool = False


def mark(pieces: Sequence[Piece]) -> list[Piece]:
    """Mark the areas of a question, by names and codes.

    >>> [one.meaning for one in mark(cut("Refugees in the United States of America")) if one.kind == AREA]
    ['USA']
    """
    named = _names().mark(pieces)
    codes = [one.text for one in named if one.kind == WORD and not is_small(one.text)]
    only_codes = all(len(one) in _CODE_LETTERS and _code(one.upper()) for one in codes)
    return [_by_code(one, anyhow=only_codes) for one in named]


def mark_parts(pieces: Iterable[Piece], known: Callable[[str], bool]) -> list[Piece]:
    """Mark words that only the name of one country has: Herzegovina, Tobago.

    Args:
        pieces: of a question.
        known: tells whether a word is one that speaks of something else.
    """
    parts = _parts()
    return [
        Piece(one.text, AREA, parts[form(one.text)])
        if one.kind == WORD and form(one.text) in parts and not known(one.text)
        else one
        for one in pieces
    ]


def mark_misspelt(pieces: Sequence[Piece], known: Callable[[str], bool]) -> list[Piece]:
    """Mark words that are none, and nearly a name: two of them together, else one."""
    listed, marked, place = list(pieces), list[Piece](), 0
    while place < len(listed):
        for count in (2, 1):
            own = listed[place : place + count]
            if len(own) == count and (area := _misspelt(own, known)):
                marked.append(Piece(" ".join(one.text for one in own), AREA, area))
                place += count
                break
        else:
            marked.append(listed[place])
            place += 1
    return marked


def places(pieces: Sequence[Piece]) -> tuple[Place, ...]:
    """List the areas of a question, each once, with the side on which the words around put it.

    >>> from sojourn.web.finding import wishes
    >>> [(one.area, one.side) for one in places(wishes.mark(mark(cut("从美国到墨西哥"))))]
    [('USA', 'from'), ('MEX', 'to')]
    """
    found: dict[str, Place] = {}
    for place, piece in enumerate(pieces):
        if piece.kind == AREA:
            exact = any(one.kind == AREA for one in mark(cut(piece.text)))
            side = _side(pieces[:place], piece)
            found.setdefault(piece.meaning, Place(piece.meaning, piece.text, side, not exact))
    return tuple(found.values())


def _side(before: Sequence[Piece], piece: Piece) -> str:
    """Read the word before an area, past articles; what grew to the front of an Arabic name is "to" or "in"."""
    for one in reversed(before):
        if one.kind == LINK:
            return one.meaning if one.meaning in (FROM, TO) else ""
        if not (one.kind == WORD and is_small(one.text)):
            break
    return TO if piece.text.startswith(_GROWN_TO) else ""


def _misspelt(own: Sequence[Piece], known: Callable[[str], bool]) -> str:
    if any(one.kind != WORD or is_small(one.text) for one in own):
        return ""
    text = key(" ".join(one.text for one in own))
    if (
        len(text) < LONG_ENOUGH
        or all(known(one.text) for one in own)
        or (len(own) == 1 and known(own[0].text))
    ):
        return ""
    spelled, codes = _spelled()
    hit = process.extractOne(text, spelled, scorer=fuzz.ratio, score_cutoff=_CLOSE)
    return codes[hit[2]] if hit else ""


def _by_code(piece: Piece, *, anyhow: bool) -> Piece:
    text = piece.text
    if piece.kind != WORD or len(text) not in _CODE_LETTERS or not text.isascii():
        return piece
    # Two letters are a word in too many languages, unless nothing else is asked.
    meant = text.isupper() and (len(text) == max(_CODE_LETTERS) or not is_small(text))
    area = _code(text.upper()) if meant or (anyhow and not is_small(text)) else ""
    return Piece(text, AREA, area) if area else piece


def _code(text: str) -> str:
    """Give the country that has a code of two or three letters."""
    area = areas.recognise(text)
    return area if area in countries() and text in (area, _alpha2().get(area)) else ""


@cache
def _alpha2() -> dict[str, str]:
    return dict(areas.table().drop_nulls("alpha2").select("area", "alpha2").iter_rows())


@cache
def _names() -> Book:
    return book(AREA, ((called, _meant(called, area)) for area, called in all_names()))


@cache
def all_names() -> tuple[tuple[str, str], ...]:
    """Give every area with every name that it has: in six languages, in publishers' spellings and otherwise."""
    official = [(area, areas.name(area, one)) for area in areas.table()["area"] for one in areas.LANGUAGES]
    shorter = [(area, _BRACKETS.sub("", name)) for area, name in official if _BRACKETS.search(name)]
    spellings = [(min(own), spelled) for spelled, own in name_candidates().items() if len(own) == 1]
    return tuple(dict.fromkeys([*official, *_called(), *shorter, *spellings]))


def _called() -> Iterator[tuple[str, str]]:
    text = files("sojourn.web.finding").joinpath("called.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        for called in row["called"].split("|"):
            yield row["area"], called


def _meant(called: str, area: str) -> str:
    """Give the area that a name means where it is known to mean one; a region yields to what `resolve` says."""
    return areas.recognise(called) or area


@cache
def _parts() -> dict[str, str]:
    """Give the longer words that the names of one country alone have."""
    owners: dict[str, set[str]] = {}
    for area, called in all_names():
        for one in cut(called):
            if one.kind == WORD and len(one.text) > LONG_ENOUGH:
                owners.setdefault(form(one.text), set()).add(area)
    return {own: min(area) for own, area in owners.items() if len(area) == 1 and area <= countries()}


@cache
def _spelled() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give the keys of names and of their own words, and what each means."""
    pairs = dict(_parts())
    pairs |= {key(called): area for area, called in all_names() if len(key(called)) >= LONG_ENOUGH - 1}
    return tuple(pairs), tuple(pairs.values())
