"""Names by the stems of their words: a plural, another case and the same word in another language find one name.

Words are cut, stemmed and led to the rings of the thesaurus as the registry does it, so that both searches agree on
what a word means. A name is found when it has every word of the text; one that has nothing else comes first, then one
that has them literally, then the shorter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sojourn.web.registry.tokens import Question, question, tokens

_RING = "concept0"


@dataclass(frozen=True, slots=True)
class Stems:
    """A name by its tokens.

    Attributes:
        tokens: stems of its words, and rings that these belong to.
        length: how many words it has.
        code: what it names.
    """

    tokens: frozenset[str]
    length: int
    code: str


def stems(named: Iterable[tuple[str, str, str]]) -> tuple[Stems, ...]:
    """Take names apart.

    Args:
        named: language, name and code of each.
    """
    found = []
    for language, name, code in named:
        own = tokens([(language, name)])
        length = len(question(name).groups)
        found.append(Stems(frozenset(own), length, code))
    return tuple(found)


def by_stems(text: str, named: Iterable[Stems]) -> tuple[str, ...]:
    """List the codes of the names that have every word of a text, the best first.

    >>> by_stems("migrantes", stems([("en", "Migrants", "A"), ("en", "Homes of migrants", "B"), ("en", "Cost", "C")]))
    ('A', 'B')
    """
    asked = question(text)
    if not asked.groups:
        return ()
    ranked = []
    for one in named:
        literal = _literal(asked, one)
        if literal is not None:
            ranked.append((one.length != len(asked.groups), -literal, one.length, one.code))
    return tuple(dict.fromkeys(code for *_, code in sorted(ranked)))


def _literal(asked: Question, one: Stems) -> int | None:
    """Count the words of a question that a name has literally; None where it lacks one even by its ring."""
    count = 0
    for group in asked.groups:
        held = [way for way in group if one.tokens.issuperset(way)]
        if not held:
            return None
        count += any(not part.startswith(_RING) for way in held for part in way)
    return count
