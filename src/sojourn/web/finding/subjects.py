"""What a question is about: names that hold its words, those that hold all of them first, then most of them.

Words are cut, stemmed and led to the rings of the thesaurus as the registry does it, so that both searches agree on
what a word means. A word weighs the more the fewer names hold it: that is how "death" decides, and not "migrant".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log1p

from rapidfuzz import fuzz, process

from sojourn.web.registry.thesaurus import thesaurus
from sojourn.web.registry.tokens import Group, question, tokens
from sojourn.web.registry.words_of import fold, forms, words

LITERAL, PLAIN = 0.1, 0.3
"""What it adds to a name that it holds the words themselves, not others of their ring; that it holds little else."""

_RING = "concept0"
_CLOSE = 80.0
_LONG_ENOUGH = 5


@dataclass(frozen=True, slots=True)
class Named:
    """One name of a thing, in one language.

    Attributes:
        code: what it names.
        length: words that it has.
    """

    code: str
    length: int


@dataclass(frozen=True)
class Shelf:
    """Names by the tokens that they hold.

    Attributes:
        names: all of them.
        holders: token -> numbers of the names that hold it.
    """

    names: tuple[Named, ...]
    holders: Mapping[str, frozenset[int]]

    def of(self, way: Sequence[str]) -> frozenset[int]:
        """Give the names that hold every token of one way to say a thing."""
        found = [self.holders.get(one, frozenset()) for one in way]
        return frozenset.intersection(*found) if found else frozenset()


@dataclass(frozen=True, slots=True)
class Match:
    """How well a thing fits what is asked.

    Attributes:
        code: the thing.
        held: part of the weight of the words that its best name holds, 0 to 1.
        lacks: numbers of the groups of the question that it does not hold.
        fit: what is compared: `held`, and what speaks for it beside.
    """

    code: str
    held: float
    lacks: tuple[int, ...]
    fit: float


def shelf(named: Iterable[tuple[str, str, str]]) -> Shelf:
    """Put names on a shelf.

    Args:
        named: language, name and code of each.
    """
    names: list[Named] = []
    holders: defaultdict[str, set[int]] = defaultdict(set)
    for number, (language, name, code) in enumerate(named):
        names.append(Named(code, max(1, len(question(name).groups))))
        for token in tokens([(language, name)]):
            holders[token].add(number)
    return Shelf(tuple(names), {token: frozenset(held) for token, held in holders.items()})


def matches(groups: Sequence[Group], names: Shelf, beside: Sequence[Group] = ()) -> list[Match]:
    """Rank what is named on a shelf by how much of a question it holds; what holds nothing is left out.

    Args:
        groups: the words of the question, each with the ways to say it.
        names: the shelf.
        beside: more words, which count where a name holds them, and are not missed where it does not.

    >>> names = shelf([("en", "Migrants", "A"), ("en", "Homes of migrants", "B"), ("en", "Cost", "C")])
    >>> [one.code for one in matches(question("migrants homes abroad").groups, names)]
    ['B', 'A']
    """
    literal = [_holders(names, group, literal=True) for group in groups]
    holders = [_holders(names, group) for group in groups]
    weights = [log1p(len(names.names) / len(held)) if held else 0.0 for held in holders]
    whole = sum(weights) or 1.0
    more = [_holders(names, group) for group in beside]
    best: dict[str, Match] = {}
    for number in frozenset[int]().union(*holders):
        own = names.names[number]
        lacks = tuple(place for place, held in enumerate(holders) if number not in held)
        held = 1 - sum(weights[place] for place in lacks) / whole
        extra = sum(number in one for one in more)
        plain = min(1.0, (len(groups) - len(lacks) + extra) / own.length)
        fit = held + PLAIN * plain + LITERAL * sum(number in one for one in literal) / len(groups)
        if own.code not in best or fit > best[own.code].fit:
            best[own.code] = Match(own.code, held, lacks, fit)
    return sorted(best.values(), key=lambda one: (-one.fit, one.code))


def _holders(names: Shelf, group: Group, *, literal: bool = False) -> frozenset[int]:
    ways = [way for way in group if not literal or not way[0].startswith(_RING)]
    return frozenset[int]().union(*(names.of(way) for way in ways))


@dataclass(frozen=True)
class Vocabulary:
    """The words that names and the thesaurus are made of, to know a misspelling by.

    Attributes:
        stems: forms of all of them.
        words: the words as they are written, folded.
    """

    stems: frozenset[str]
    words: tuple[str, ...]

    def knows(self, word: str) -> bool:
        """Tell whether a word is one of these, in whatever form."""
        return not self.stems.isdisjoint(forms(word.casefold()))

    def nearest(self, word: str) -> str:
        """Give the word that was probably meant; empty where none is close.

        >>> vocabulary([("en", "Remittances")]).nearest("remmitances")
        'remittances'
        """
        if len(word) < _LONG_ENOUGH:
            return ""
        hit = process.extractOne(fold(word.casefold()), self.words, scorer=fuzz.ratio, score_cutoff=_CLOSE)
        return hit[0] if hit else ""


def vocabulary(named: Iterable[tuple[str, str]]) -> Vocabulary:
    """Gather the words of names, and of the thesaurus.

    Args:
        named: language and name of each.
    """
    told = [
        (language, one)
        for ring in thesaurus().concepts.values()
        for language, own in ring.terms.items()
        for one in own
    ]
    stems: set[str] = set()
    written: dict[str, None] = {}
    for language, name in (*named, *told):
        for one in words(name):
            if one.kind == "word":
                stems.update(forms(one.text, language))
                written.setdefault(fold(one.text))
    return Vocabulary(frozenset(stems), tuple(written))
