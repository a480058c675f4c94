"""Texts of errors, said in English where they happen and again in the language of who reads them.

An error carries one English text for logs, the command line and the API. The site keeps beside it the sentence
and what filled it, so that its page can say the same in six languages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from sojourn import areas
from sojourn.web.languages import area_name, in_english, translate

LONGEST = 60
"""Letters of a reader's own text that are said back."""


class Said(str):
    """An English text that knows the sentence it was made of, and its fields."""

    text: str
    fields: Mapping[str, object]


class Offered(str):
    """Codes that are possible, as a text; a page makes links of them.

    Attributes:
        codes: what is possible.
        path: where one leads, with {} for it, under the language unless it begins with a slash; empty: the address
            that was asked for, with it in place of what was wrong.
    """

    codes: tuple[str, ...]
    path: str


def offer(codes: Iterable[object], path: str = "", text: str | None = None) -> Offered:
    """Offer codes that are possible.

    >>> offer(["SI_RMT_COST", "SJ_REFUGEES"], "series/{}")
    'SI_RMT_COST, SJ_REFUGEES'
    """
    listed = tuple(str(one) for one in codes)
    offered = Offered(", ".join(listed) if text is None else text)
    offered.codes, offered.path = listed, path
    return offered


@dataclass(frozen=True, slots=True)
class Named:
    """Areas that are named in the language of who reads: codes after names, in English where no language is asked."""

    codes: tuple[str, ...]

    def __str__(self) -> str:
        return ", ".join(f"{areas.name(one)} ({one})" for one in self.codes)

    def shown(self, language: str) -> Markup:
        """Name them in a language."""
        return Markup(", ").join(
            Markup("{} ({})").format(area_name(one, language), one) for one in self.codes
        )


def say(text: str, /, **fields: object) -> Said:
    """Say a sentence of the site.

    Args:
        text: the sentence in English, a key of the catalogues, with {fields}.
        fields: what fills it; a reader's own text is cut and put in quotes by `quoted`.

    >>> say("There is no series {code}", code=quoted("X" * 100)) == f"There is no series '{'X' * 59}…'"
    True
    """
    said = Said(text.format(**fields))
    said.text, said.fields = text, fields
    return said


def quoted(text: str) -> str:
    """Quote what a reader wrote, as much of it as fits, with nothing that does not print.

    >>> quoted("a" * 70).endswith("a…'")
    True
    """
    return repr(text if len(text) <= LONGEST else text[: LONGEST - 1] + "…")


def again(language: str, text: str) -> Markup:
    """Say a text of an error in a language; one that only exists in English is marked so.

    >>> again("fr", say("There is no goal {code}", code="99"))
    Markup('Il n’y a pas d’objectif <bdi>99</bdi>')
    """
    if isinstance(text, Said):
        fields = {name: _shown(language, value) for name, value in text.fields.items()}
        return translate(language, text.text, **fields)
    return in_english(language, text)


def _shown(language: str, value: object) -> Markup:
    if isinstance(value, Named):
        return value.shown(language)
    return Markup("{}" if isinstance(value, int) else "<bdi>{}</bdi>").format(value)
