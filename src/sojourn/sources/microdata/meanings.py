"""The words by which labels are understood: of columns, of codes, in several languages."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sojourn.sources.microdata.concepts import NOT_IN_UNIVERSE, UNKNOWN

_LETTERS = str.maketrans({"ł": "l", "ø": "o", "ß": "s", "æ": "e", "œ": "e"})


@dataclass(frozen=True, slots=True)
class Words:
    """Patterns of one concept: whole column names, words of labels, words of each code's label."""

    names: tuple[re.Pattern[str], ...]
    labels: tuple[re.Pattern[str], ...]
    codes: dict[str, tuple[re.Pattern[str], ...]]


def fold(text: str) -> str:
    """Fold text for comparison: lower case, no accents, signs as single spaces.

    >>> fold("¿Dónde_nació?"), fold("Urodzony za granicą")
    ('donde nacio', 'urodzony za granica')
    """
    bare = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    bare = "".join(sign for sign in bare if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[^\w]|_", " ", bare).split())


@cache
def words() -> dict[str, Words]:
    """Give the patterns of all concepts, and of the design's columns."""
    content = tomllib.loads(files(__package__).joinpath("recognise.toml").read_text(encoding="utf-8"))
    always = {UNKNOWN: content.pop(UNKNOWN), NOT_IN_UNIVERSE: content.pop(NOT_IN_UNIVERSE)}
    found = {}
    for name, row in content.items():
        codes = content[row["codes_of"]]["codes"] if "codes_of" in row else row.get("codes", {})
        found[name] = Words(
            _compiled([one.replace("[ _]", " ").replace("_", " ") for one in row["names"]]),
            _compiled(row["labels"]),
            {meaning: _compiled(listed) for meaning, listed in {**codes, **always}.items()},
        )
    return found


def _compiled(patterns: list[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(rf"\b(?:{one})\b") for one in patterns)


def longest(patterns: tuple[re.Pattern[str], ...], text: str) -> int:
    """Give the length of the longest match of any pattern, 0 if none matches."""
    return max((len(found[0]) for one in patterns for found in one.finditer(text)), default=0)


def meaning_of_label(concept: str, label: str) -> str | None:
    """Say which code of a concept the label of a code means; None if the words do not tell.

    Args:
        concept: a concept with codes, such as "citizenship".
        label: the label of one code, in any of the languages known.

    >>> meaning_of_label("citizenship", "Not a U.S. citizen"), meaning_of_label("nativity", "En otro país")
    ('foreigner', 'foreign')
    >>> meaning_of_label("citizenship", "Don't know"), meaning_of_label("citizenship", "purple")
    ('unknown', None)
    """
    known = words().get(concept)
    text = fold(label)
    if known is None or not text:
        return None
    lengths = {meaning: longest(listed, text) for meaning, listed in known.codes.items()}
    most = max(lengths.values(), default=0)
    best = [meaning for meaning, length in lengths.items() if length == most]
    return best[0] if most and len(best) == 1 else None
