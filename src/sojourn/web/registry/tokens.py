"""The tokens of a text and of a question: made here, so that SQLite and PostgreSQL find the same records.

    a record    words -> forms -> tokens, and one token for each ring of the thesaurus that it touches
    a question  every word must be there, in any of its forms or by a word of its ring

Chinese is kept in pairs of characters (and single ones); a question is cut at the words of the thesaurus and
elsewhere into pairs. The databases get tokens only: FTS5 with its plain tokenizer, PostgreSQL a `tsvector` by
cast, so that no parser or dictionary of theirs has a say.

>>> fts5_query(question("costs in 2030"))
'("cost" OR "costs" OR "concept0cost") AND "2030"'
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from sojourn.web.registry.thesaurus import Concept, thesaurus
from sojourn.web.registry.words_of import LATIN, Word, forms, words

MOST_WORDS = 24
"""Words of a question that are looked for; a database is not asked for more."""

_MOST_POSITIONS = 16_000
_PARTICLES = re.compile("[的与及或]")

Group = tuple[tuple[str, ...], ...]
"""Alternatives, one of which a record must have; each is one or more tokens that it must have together."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for: groups of alternatives.

    Attributes:
        groups: one for each word or phrase that was typed.
        loose: a record with one of the groups is enough, instead of all.
    """

    groups: tuple[Group, ...]
    loose: bool = False

    def loosely(self) -> Question:
        """Give the same question, content with any of its words: for when nothing holds all."""
        return Question(self.groups, loose=True)


def tokens(texts: Iterable[tuple[str | None, str]]) -> list[str]:
    """Give the tokens of a record, in order.

    Args:
        texts: language (None: not known) and text of each part.

    >>> tokens([("en", "Remittances, 2030")])
    ['remitt', 'concept0remittance', '2030']
    """
    found: list[str] = []
    for language, text in texts:
        own = words(text)
        for place, word in enumerate(own):
            if word.kind == "han":
                found += _pairs(word.text) + list(word.text if len(word.text) > 1 else "")
                found += [one.token for _, _, ring in _chinese(word.text) for one in ring]
            elif word.kind == "code":
                found += [_joined(word.text), *(form for part in _parts(word.text) for form in forms(part))]
            else:
                found += forms(word.text, language)
                found += [one.token for _, one in thesaurus().at(own, place, language)]
    return found


def question(text: str) -> Question:
    """Read what somebody typed.

    Args:
        text: words in any of the six languages, whatever that of the page is.

    Returns:
        The question; without groups where the text holds no word.
    """
    own = words(text)[:MOST_WORDS]
    groups: list[Group] = []
    place = 0
    while place < len(own):
        word = own[place]
        if word.kind == "word":
            length, ring = _longest(own, place)
            alternatives = _alternatives(own[place : place + length])
            groups.append((*alternatives, *((one.token,) for one in ring)))
            place += length
            continue
        groups += _of_chinese(word.text) if word.kind == "han" else [_of_code(word.text)]
        place += 1
    return Question(tuple(dict.fromkeys(groups)))


def fts5_query(asked: Question) -> str:
    """Write a question for SQLite's MATCH."""
    between = " OR " if asked.loose else " AND "
    return between.join(_written(group, '"{}"', " OR ", " AND ") for group in asked.groups)


def tsquery(asked: Question) -> str:
    """Write a question for a cast to PostgreSQL's `tsquery`."""
    between = " | " if asked.loose else " & "
    return between.join(_written(group, "'{}'", " | ", " & ") for group in asked.groups)


def fts5_text(found: Sequence[str]) -> str:
    """Write tokens for a column of an FTS5 table whose tokenizer is `unicode61 remove_diacritics 0`."""
    return " ".join(found)


def tsvector(found: Sequence[str]) -> str:
    """Write tokens for a cast to PostgreSQL's `tsvector`, with their places, so that ranks know of counts."""
    places: dict[str, list[int]] = {}
    for place, token in enumerate(found[:_MOST_POSITIONS], start=1):
        places.setdefault(token, []).append(place)
    return " ".join(f"'{token}':{','.join(map(str, own[:200]))}" for token, own in places.items())


def _written(group: Group, token: str, either: str, both: str) -> str:
    parts = []
    for one in group:
        joined = both.join(token.format(each) for each in one)
        parts.append(f"({joined})" if len(one) > 1 and len(group) > 1 else joined)
    return f"({either.join(parts)})" if len(group) > 1 or len(group[0]) > 1 else parts[0]


def _longest(own: Sequence[Word], place: int) -> tuple[int, list[Concept]]:
    """Give the longest phrase of the thesaurus that begins here, and its rings; else the one word."""
    found = thesaurus().at(own, place, None)
    length = max((each for each, _ in found), default=1)
    return length, [one for each, one in found if each == length]


def _alternatives(own: Sequence[Word]) -> list[tuple[str, ...]]:
    """Give the ways to hold a phrase: one word in any of its forms, several words in those of one language."""
    if len(own) == 1:
        return [(form,) for form in forms(own[0].text)]
    each = [tuple(forms(one.text, language)[0] for one in own) for language in LATIN]
    return list(dict.fromkeys(each))


def _of_code(text: str) -> Group:
    return ((_joined(text),), tuple(forms(part)[0] for part in _parts(text)))


def _joined(text: str) -> str:
    return "code" + "0x".join(_parts(text))


def _parts(text: str) -> list[str]:
    return re.split(r"[./-]", text)


def _pairs(run: str) -> list[str]:
    return [run[place : place + 2] for place in range(len(run) - 1)] or [run]


def _of_chinese(run: str) -> list[Group]:
    """Cut a run at the words of the thesaurus, and what is between into pairs."""
    groups: list[Group] = []
    last = 0
    single: list[Group] = []
    for start, end, ring in [*_chinese(run), (len(run), len(run), ())]:
        for gap in _PARTICLES.split(run[last:start]):
            if len(gap) == 1:
                single.append(((gap,),))
            groups += [((pair,),) for pair in _even(gap)]
        if ring:
            groups.append((tuple(_pairs(run[start:end])), *((one.token,) for one in ring)))
        last = end
    return groups or single


def _even(gap: str) -> list[str]:
    """Cut into pairs that follow each other, since most Chinese words are two characters; an odd end overlaps."""
    if len(gap) < 2:
        return []
    starts = [*range(0, len(gap) - 1, 2), *([len(gap) - 2] if len(gap) % 2 else [])]
    return [gap[start : start + 2] for start in starts]


def _chinese(run: str) -> list[tuple[int, int, tuple[Concept, ...]]]:
    """Find the words of the thesaurus in a run, the longest first: start, end, rings."""
    known = thesaurus().chinese
    return [(one.start(), one.end(), known[one.group()]) for one in _chinese_words().finditer(run)]


@cache
def _chinese_words() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(thesaurus().chinese, key=len, reverse=True))))
