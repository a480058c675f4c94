"""What areas are called in the six languages of the United Nations, and what people mean by a name.

Names of countries and M49 regions are those of the Unicode CLDR, as Babel ships them. `names.csv`
puts right the few that would mislead: CLDR calls both the region and the State "Micronesia" in
several languages, and `419` "Latin America" without the Caribbean.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache

from babel import Locale
from rapidfuzz import fuzz, process

from sojourn.areas.codes import find, name_candidates
from sojourn.areas.facts import read, require, table
from sojourn.areas.spelling import key
from sojourn.errors import NotFoundError, UsageError

LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")

# The only World Bank groups that CLDR has names for.
_CLDR_CODES = {"WB_EUU": "EU", "WB_EMU": "EZ"}

_CLOSE = 70.0  # of 100: below this, a suggestion is more puzzling than none


def _checked(language: str) -> str:
    if language not in LANGUAGES:
        raise UsageError(
            f"Area names are not kept in the language {language!r}", accepted=", ".join(LANGUAGES)
        )
    return language


@cache
def _translations(language: str) -> dict[str, str]:
    """Return the names that exist in a language, by area."""
    territories = Locale.parse(language).territories
    named: dict[str, str] = {}
    for area, kind, english, alpha2 in table().select("area", "kind", "name", "alpha2").iter_rows():
        cldr = territories.get(alpha2 or _CLDR_CODES.get(area, area))
        # English regions keep the United Nations' name: CLDR writes "world" and "Australasia".
        if language == "en" and (kind != "country" or cldr is None):
            named[area] = english
        elif cldr is not None:
            named[area] = cldr
    return named | dict(read("names.csv").filter(language=language).select("area", "name").iter_rows())


def name(area: str, language: str = "en") -> str:
    """Return what an area is called, in English where it has no name in the language.

    Args:
        area: one of our codes.
        language: `ar`, `en`, `es`, `fr`, `ru` or `zh`.

    Raises:
        NotFoundError: no area has this code.
        UsageError: names are not kept in this language.

    >>> name("CIV"), name("MEX", "zh"), name("202", "fr"), name("WB_SSF", "fr")
    ('Côte d’Ivoire', '墨西哥', 'Afrique subsaharienne', 'Sub-Saharan Africa')
    """
    require(area)
    return _translations(_checked(language)).get(area) or _translations("en")[area]


def has_name(area: str, language: str) -> bool:
    """Tell whether an area has a name of its own in the language.

    Raises:
        NotFoundError: no area has this code.
        UsageError: names are not kept in this language.

    >>> has_name("202", "fr"), has_name("WB_SSF", "fr")
    (True, False)
    """
    return require(area) in _translations(_checked(language))


@cache
def _spellings(languages: tuple[str, ...]) -> dict[str, frozenset[str]]:
    """Return, for the key of each name in these languages, the areas that it may mean."""
    candidates: defaultdict[str, set[str]] = defaultdict(set)
    for language in languages:
        for area, called in _translations(language).items():
            # A World Bank group yields to a region of the same name, as in `name_candidates`.
            if not (area.startswith("WB_") and key(called) in name_candidates()):
                candidates[key(called)].add(area)
    return {spelling: frozenset(areas) for spelling, areas in candidates.items()}


def resolve(text: str, *, language: str | None = None) -> str:
    """Return the area that a person means by a code or a name.

    Codes come first (ours, alpha-2, M49, the World Bank's), then names in the given language, then
    English names and publishers' spellings, then names in every language. Spelling is forgiven in case,
    accents and punctuation only; close names are offered, never taken.

    Args:
        text: what was typed.
        language: the language in which it was typed, if known.

    Raises:
        NotFoundError: no area is called that, or more than one; the advice names up to five.
        UsageError: names are not kept in this language.

    >>> resolve("mx"), resolve("world"), resolve("Sub-Saharan Africa"), resolve("Cote d'Ivoire")
    ('MEX', '001', '202', 'CIV')
    """
    tried = () if language is None else (_checked(language),)
    meant = _meant(text, tried)
    if len(meant) == 1:
        return min(meant)
    if meant:
        raise _not_found(f"{text!r} may mean more than one area", sorted(meant), language)
    raise _not_found(f"No area is called {text!r}", close(text, tried or LANGUAGES), language)


def recognise(text: str) -> str | None:
    """Return the area that `resolve` would, or None: for many texts, most of which name none.

    >>> recognise("mx"), recognise("Korea"), recognise("Atlantis")
    ('MEX', None, None)
    """
    meant = _meant(text, ())
    return min(meant) if len(meant) == 1 else None


def _meant(text: str, tried: tuple[str, ...]) -> frozenset[str]:
    """Return the areas that a text may mean, by the first list that knows it."""
    if (area := _by_code(text)) is not None:
        return frozenset({area})
    wanted = key(text)
    lists = (_spellings(tried), name_candidates(), _spellings(LANGUAGES))
    return next((spellings[wanted] for spellings in lists if wanted in spellings), frozenset())


def _by_code(text: str) -> str | None:
    return _alpha2().get(text.strip().upper()) or find(text, "m49") or _by_letters(text)


def _by_letters(text: str) -> str | None:
    """Return the area of a three-letter code, of the World Bank's groups too."""
    return find(text, "alpha3") or (find(text, "worldbank") if len(text.strip()) == 3 else None)


@cache
def _alpha2() -> dict[str, str]:
    return dict(table().drop_nulls("alpha2").select("alpha2", "area").iter_rows())


def close(text: str, languages: tuple[str, ...] = LANGUAGES) -> list[str]:
    """Return up to five areas whose names resemble a text, the closest first.

    >>> close("Mexiko")[0]
    'MEX'
    """
    spellings = name_candidates() | _spellings(languages)
    ranked = process.extract(key(text), list(spellings), scorer=fuzz.WRatio, limit=25, score_cutoff=_CLOSE)
    closest = dict.fromkeys(area for spelling, _, _ in ranked for area in sorted(spellings[spelling]))
    return list(closest)[:5]


def _not_found(what: str, offered: list[str], language: str | None) -> NotFoundError:
    named = ", ".join(f"{name(area, language or 'en')} ({area})" for area in offered)
    return NotFoundError(
        what,
        accepted=f"an ISO 3166-1 or M49 code, or a name in {', '.join(LANGUAGES)}",
        advice=f"Did you mean {named}?"
        if named
        else "See them all: sojourn list areas, or sojourn.areas.table().",
    )
