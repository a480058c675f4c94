"""A question cut into pieces, and books of phrases that say what some of them mean.

A phrase is looked for as people write it: in another case, with an article or a preposition grown to its front
(Arabic), with another ending (Russian), and anywhere in a run of Chinese characters, which has no spaces.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sojourn.areas.spelling import key
from sojourn.web.registry.words_of import fold, forms

MOST_PIECES = 32
"""Pieces of a question that are read; nobody asks in more."""

HAN, WORD, CODE = "han", "word", "code"

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_SERIES = r"(?<![A-Za-z0-9_])[A-Za-z0-9]{2}_[A-Za-z0-9_]+"
_NUMBERED = r"(?<![A-Za-z0-9.])[0-9]{1,2}\.(?:[0-9]{1,2}|[A-Za-z])(?:\.[0-9]{1,2})?(?![A-Za-z0-9.])"
_PIECE = re.compile(rf"(?P<code>{_SERIES}|{_NUMBERED})|(?P<han>[{_HAN}]+)|(?P<word>[^\W_{_HAN}]+)")
_ARTICLE, _GROWN = "ال", "بلوفك"
_SHORTEST = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a question.

    Attributes:
        text: as it was typed.
        kind: "word", "han" (a run of Chinese characters), "code" (10.c, SI_RMT_COST), or the kind of a book.
        meaning: what the book says of it.
    """

    text: str
    kind: str
    meaning: str = ""


def cut(text: str) -> list[Piece]:
    """Cut a question into words, runs of Chinese characters and codes.

    >>> [(one.text, one.kind) for one in cut("l’objectif 10.c: 移民")]
    [('l', 'word'), ('objectif', 'word'), ('10.c', 'code'), ('移民', 'han')]
    """
    composed = unicodedata.normalize("NFKC", text)
    bare = "".join(letter for letter in composed if not unicodedata.combining(letter) and letter != "ـ")
    return [Piece(one.group(), str(one.lastgroup)) for one in _PIECE.finditer(bare)][:MOST_PIECES]


@dataclass(frozen=True)
class Book:
    """Phrases and what they mean.

    Attributes:
        kind: of the pieces that it marks.
        phrases: forms of the words of a phrase -> meaning.
        chinese: run of characters -> meaning.
        found: finds the longest of these runs.
        longest: words of the longest phrase.
    """

    kind: str
    phrases: Mapping[tuple[str, ...], str]
    chinese: Mapping[str, str]
    found: re.Pattern[str]
    longest: int

    def mark(self, pieces: Iterable[Piece]) -> list[Piece]:
        """Put each phrase of the book, the longest first, together into one piece that has its meaning."""
        listed, marked, place = list(pieces), list[Piece](), 0
        while place < len(listed):
            piece = listed[place]
            length = 1
            if piece.kind == HAN:
                marked += self._marked_within(piece.text)
            elif piece.kind == WORD and (hit := self._at(listed, place)):
                length, meaning = hit
                marked.append(Piece(_joined(listed[place : place + length]), self.kind, meaning))
            else:
                marked.append(piece)
            place += length
        return marked

    def _at(self, pieces: Sequence[Piece], place: int) -> tuple[int, str] | None:
        words = [one.text for one in pieces[place : place + self.longest] if one.kind in (WORD, HAN)]
        rest = tuple(form(one) for one in words[1:])
        for count in range(len(words), 0, -1):
            for first in readings(words[0]):
                if (meaning := self.phrases.get((first, *rest[: count - 1]))) is not None:
                    return count, meaning
        return None

    def _marked_within(self, run: str) -> list[Piece]:
        marked, last = [], 0
        for hit in self.found.finditer(run):
            marked += [Piece(run[last : hit.start()], HAN)] if hit.start() > last else []
            marked.append(Piece(hit.group(), self.kind, self.chinese[hit.group()]))
            last = hit.end()
        return marked + ([Piece(run[last:], HAN)] if last < len(run) else [])


def book(kind: str, pairs: Iterable[tuple[str, str]]) -> Book:
    """Make a book of phrases and their meanings; of two meanings of a phrase the first stands.

    >>> women = book("wish", [("les femmes", "F"), ("женщина", "F"), ("女性", "F")])
    >>> [women.mark(cut(text))[-1].kind for text in ("migrants: les femmes", "среди женщин", "德国女性", "filles")]
    ['wish', 'wish', 'wish', 'word']
    """
    phrases: dict[tuple[str, ...], str] = {}
    chinese: dict[str, str] = {}
    for phrase, meaning in pairs:
        pieces = cut(phrase)
        if all(one.kind == HAN for one in pieces):
            chinese.setdefault("".join(one.text for one in pieces), meaning)
            continue
        for words in (tuple(one.text for one in pieces), tuple(key(phrase).split())):
            phrases.setdefault(tuple(form(one) for one in words), meaning)
    chinese.pop("", None)
    longest_first = sorted(map(re.escape, chinese), key=len, reverse=True)
    found = re.compile("|".join(longest_first) or "(?!)")
    return Book(kind, phrases, chinese, found, max(map(len, phrases), default=0))


@lru_cache(maxsize=50_000)
def form(word: str) -> str:
    """Give the form under which a word is kept: without accents, Russian endings and the Arabic article.

    >>> form("México"), form("Турции"), form("الأردن")
    ('mexico', 'турц', 'اردن')
    """
    own = word.casefold()
    if _is(own, "CYRILLIC"):
        return forms(fold(own))[0]
    return _without_article(fold(own)) if _is(own, "ARABIC") else key(own)


@lru_cache(maxsize=50_000)
def readings(word: str) -> tuple[str, ...]:
    """Give the forms that a word may stand for: in Arabic "to", "in" and "and" grow to its front.

    >>> readings("بالكويت"), readings("للأردن"), readings("kuwait")
    (('بالكويت', 'كويت'), ('للاردن', 'لاردن', 'اردن'), ('kuwait',))
    """
    own = form(word)
    if not _is(own, "ARABIC"):
        return (own,)
    found = [own]
    if own[0] in _GROWN and len(own) > _SHORTEST:
        found.append(_without_article(own[1:]))
        # "To the": the article loses its first letter.
        found += [own[2:]] if own.startswith("لل") else []
    return tuple(dict.fromkeys(one for one in found if len(one) >= 2))


def _without_article(word: str) -> str:
    return word[len(_ARTICLE) :] if word.startswith(_ARTICLE) and len(word) > _SHORTEST + 1 else word


def _is(word: str, script: str) -> bool:
    return unicodedata.name(word[0], "").startswith(script) if word else False


def _joined(pieces: Sequence[Piece]) -> str:
    return " ".join(one.text for one in pieces)
