"""From a text to its words, and from a word to the forms under which it is found: the same for six languages.

A word is folded (case, accents, Arabic vowel signs and letter variants) and stemmed by Snowball. Accents may be
left out by whoever types, and stemmers need them: so the stem is taken of the bare word and of the word as
written, and both are kept. Chinese has no spaces: a run of characters is one word here, cut up by `tokens`.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import Stemmer  # type: ignore[import-not-found]  # it comes without types

LATIN = ("en", "fr", "es")
"""Languages that share the Latin alphabet: a word that is typed may be of any of them."""

_ALGORITHMS = {"en": "english", "fr": "french", "es": "spanish", "ru": "russian", "ar": "arabic"}
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_CODE = r"(?=[^\W_]*(?:[./-][^\W_]+)*\d)[^\W_]+(?:[./-][^\W_]+)+"
_WORD = re.compile(rf"[{_HAN}]+|{_CODE}|[^\W_{_HAN}]+")
_IS_HAN = re.compile(rf"[{_HAN}]+")
_ARABIC_SIGNS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640]")
_ARABIC_LETTERS = str.maketrans("أإآٱىةؤئ", "ااااي" + "هوي")

# English, French and Spanish together: the words of a question may be of any of them.
_SAY_NOTHING = """
an the of and or to in on for by with from at as is are be was were that this its it their which who into about
le la les de du des un une et ou en dans sur pour par avec au aux ce ces cette qui que est sont leur leurs se sa
el los las del una unos unas y o u por para con al se su sus que es son como entre sin
и в во на с со о об от до по при для за из к ко у что как не или а их его которые который
في من الى على عن مع هذا هذه التي الذي ان او و ما لا بين بشان
"""
_STOP = frozenset(_SAY_NOTHING.split())


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text.

    Attributes:
        text: as written, in lower case.
        kind: "han", "code" (such as 10.c.1 or A/RES/68/4) or "word".
    """

    text: str
    kind: str


def words(text: str) -> list[Word]:
    """Cut a text into words; those that say nothing (of, les, في) are left out.

    >>> [one.text for one in words("The cost of l’envoi, target 10.c: 移民汇款")]
    ['cost', 'envoi', 'target', '10.c', '移民汇款']
    """
    normal = _ARABIC_SIGNS.sub("", unicodedata.normalize("NFKC", text).casefold())
    found = []
    for match in _WORD.finditer(normal):
        own = match.group()
        if _IS_HAN.fullmatch(own):
            found.append(Word(own, "han"))
        elif re.search(r"[./-]", own):
            found.append(Word(own, "code"))
        elif not _says_nothing(own):
            found.append(Word(own, "word"))
    return found


def _says_nothing(word: str) -> bool:
    return fold(word) in _STOP or (len(word) == 1 and not word.isdigit())


@lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """Set accents, Arabic vowel signs and variants of letters aside; Cyrillic keeps its й.

    >>> fold("Énergie".casefold()), fold("ребёнок"), fold("الإحصاءات"), fold("мой")
    ('energie', 'ребенок', 'الاحصاءات', 'мой')
    """
    bare = []
    for letter in word.translate(_ARABIC_LETTERS).replace("ё", "е"):
        first = unicodedata.normalize("NFD", letter)[0]
        bare.append(first if "a" <= first <= "z" else letter)
    return "".join(bare).replace("œ", "oe").replace("æ", "ae").replace("ß", "ss")


@lru_cache(maxsize=100_000)
def forms(word: str, language: str | None = None) -> tuple[str, ...]:
    """Give the forms under which a word is kept and looked for, sorted.

    Args:
        word: a word as `words` gives it.
        language: whose word it is; None: any that is written so.

    >>> forms("remesas", "es"), forms("réfugiés", "fr")
    (('remes',), ('refug', 'refugi'))
    """
    languages = _languages(word, language)
    written = {word, fold(word)}
    if languages != ("ar",) and len(word) > 4 and word[-1] in "sx":
        # Snowball keeps the plural of French words such as envois.
        written.add(fold(word)[:-1])
    stemmed = {fold(_stem(own, one)) for one in languages for own in written}
    return tuple(sorted(stemmed or {fold(word)}))


def _languages(word: str, language: str | None) -> tuple[str, ...]:
    """Stem by the letters that a word is written in: a name of a treaty in English may stand in any text."""
    if word.isdigit():
        return ()
    first = unicodedata.name(word[0], "")
    if first.startswith("ARABIC"):
        return ("ar",)
    if first.startswith("CYRILLIC"):
        return ("ru",)
    return (language,) if language in LATIN else LATIN


_own = threading.local()
"""A stemmer of C code keeps its state in itself: each thread has its own."""


def _stem(word: str, language: str) -> str:
    kept: dict[str, Stemmer.Stemmer] = _own.__dict__
    if language not in kept:
        kept[language] = Stemmer.Stemmer(_ALGORITHMS[language], 0)
    return str(kept[language].stemWord(word))
