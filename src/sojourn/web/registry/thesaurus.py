"""The thesaurus: rings of words that mean nearly one thing, in six languages, and the themes they belong to."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product

from sojourn.web.registry.words_of import Word, forms, words

LANGUAGES = ("ar", "zh", "en", "fr", "ru", "es")
CHINESE = "zh"


@dataclass(frozen=True, slots=True, eq=False)
class Concept:
    """One ring of words.

    Attributes:
        code: its name.
        theme: code of its theme.
        terms: language -> words and phrases, the label first.
    """

    code: str
    theme: str
    terms: Mapping[str, tuple[str, ...]]

    @property
    def token(self) -> str:
        """The word that stands for the ring in an index; no text holds it."""
        return "concept0" + self.code.replace("_", "0")


@dataclass(frozen=True)
class Thesaurus:
    """All rings and themes.

    Attributes:
        themes: code -> language -> label.
        concepts: code -> ring.
        phrases: first form of a phrase -> the phrases that begin so, each as forms of its words, with its concept.
        chinese: Chinese word -> concepts.
    """

    themes: Mapping[str, Mapping[str, str]]
    concepts: Mapping[str, Concept]
    phrases: Mapping[str, tuple[tuple[tuple[str, ...], Concept], ...]]
    chinese: Mapping[str, tuple[Concept, ...]]

    def at(self, own: Sequence[Word], place: int, language: str | None) -> list[tuple[int, Concept]]:
        """Give the concepts whose words stand at a place of a text, each with how many words it takes."""
        found: dict[tuple[int, str], Concept] = {}
        for first in forms(own[place].text, language):
            for rest, concept in self.phrases.get(first, ()):
                behind = own[place + 1 : place + 1 + len(rest)]
                if len(behind) == len(rest) and all(
                    one.kind == "word" and form in forms(one.text, language)
                    for one, form in zip(behind, rest, strict=True)
                ):
                    found[1 + len(rest), concept.code] = concept
        return [(length, concept) for (length, _), concept in found.items()]


@cache
def thesaurus() -> Thesaurus:
    """Read the thesaurus that comes with the registry."""
    content = tomllib.loads(
        files("sojourn.web.registry").joinpath("thesaurus.toml").read_text(encoding="utf-8")
    )
    concepts = tuple(
        Concept(one["code"], one["theme"], {language: tuple(one[language]) for language in LANGUAGES})
        for one in content["concept"]
    )
    phrases: dict[str, list[tuple[tuple[str, ...], Concept]]] = {}
    chinese: dict[str, list[Concept]] = {}
    for concept in concepts:
        for term in concept.terms[CHINESE]:
            chinese.setdefault(term, []).append(concept)
        for first, *rest in _spelled(concept):
            phrases.setdefault(first, []).append((tuple(rest), concept))
    return Thesaurus(
        themes=content["themes"],
        concepts={one.code: one for one in concepts},
        phrases={first: tuple(dict.fromkeys(each)) for first, each in phrases.items()},
        chinese={term: tuple(each) for term, each in chinese.items()},
    )


def _spelled(concept: Concept) -> list[tuple[str, ...]]:
    """Give every way in which the forms of a ring's words can follow each other."""
    found = []
    for language, terms in concept.terms.items():
        if language != CHINESE:
            for term in terms:
                found += list(product(*(forms(one.text, language) for one in words(term))))
    return found
