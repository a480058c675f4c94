"""Names of what is measured, in six languages: indicators, series, dimensions, codes, goals, targets and regions.

They are written in English beside what they name, and looked up in `locale/terms/<language>.po`. Definitions,
limits and explanations are long, change with the code and stay English: a page marks them so, and
`sojourn messages --english` lists them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from markupsafe import Markup, escape

from sojourn import areas, framework
from sojourn.discovery import indicators
from sojourn.indicators.model import Indicator, Series
from sojourn.web.languages import ENGLISH, NAMES, in_english, names

COMPOSED = ("Gap by migratory status: {name}", "Ratio by migratory status: {name}")
"""Names that are made of another series' name; the catalogues hold the pattern and the name."""

_COMPOSED = tuple(one.partition("{")[0] for one in COMPOSED)


@cache
def terms() -> tuple[str, ...]:
    """List every name of indicators, series, dimensions, codes and roles, and of the framework's facts, sorted."""
    found: set[str] = set()
    for indicator in indicators():
        found.add(indicator.name)
        for one in indicator.series:
            found |= set(_names_of(one))
    found |= {*_framework(), *_areas()}
    plain = {one for one in found if one and not one.isdigit() and not one.startswith(_COMPOSED)}
    return tuple(sorted(plain | set(COMPOSED)))


def _names_of(series: Series) -> Iterator[str]:
    yield from (series.name, series.area_role, series.counterpart_role)
    for dimension in series.dimensions:
        yield from (dimension.label, dimension.default, *dimension.codes.values())


def _areas() -> Iterator[str]:
    """Give the regions and groups that have no name in some language."""
    for code in areas.table()["area"]:
        if not all(areas.has_name(code, language) for language in NAMES):
            yield areas.name(code)


def _framework() -> Iterator[str]:
    facts = framework.load()
    for goal in facts.goals:
        yield goal.label
    for target in facts.targets:
        yield from (target.label_own_words, target.measurable_value, target.deadline)
    for named in (facts.indicators, facts.proposals):
        yield from (one.label_own_words for one in named)


def translated(language: str, text: str) -> str | None:
    """Give a name in a language; None where the catalogue lacks it.

    >>> translated("fr", "Unemployment rate")
    'Taux de chômage'
    >>> translated("fr", "Gap by migratory status: unemployment rate")
    'Écart selon le statut migratoire\\xa0: taux de chômage'
    """
    if language == ENGLISH:
        return text
    known = names(language)
    if text in known:
        return known[text]
    for pattern, prefix in zip(COMPOSED, _COMPOSED, strict=True):
        rest = text.removeprefix(prefix)
        name = known.get(rest[:1].upper() + rest[1:])
        if rest != text and name is not None and pattern in known:
            return known[pattern].format(name=name[:1].lower() + name[1:])
    return None


@lru_cache(8192)
def term(language: str, text: str) -> Markup:
    """Give a name in a language, marked as English where it has no other."""
    own = translated(language, text)
    return in_english(language, text) if own is None else escape(own)


def plain_term(language: str, text: str) -> str:
    """Give a name in a language for places that hold no markup: titles, choices, pictures."""
    own = translated(language, text)
    return text if own is None else own


def missing(language: str) -> tuple[str, ...]:
    """List the names that a language lacks."""
    return tuple(one for one in terms() if translated(language, one) is None)


def english_only() -> dict[str, tuple[str, ...]]:
    """Give what the site shows in English whatever the language, by kind: texts too long to keep in catalogues."""
    known: tuple[Indicator, ...] = indicators()
    listed = [one for indicator in known for one in indicator.series]
    return {
        "definitions": _sorted(one.definition for one in listed),
        "limits": _sorted(one.limits for one in listed),
        "explanations": _sorted(one.explanation.strip().partition("\n")[0] for one in known),
    }


def _sorted(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({one for one in texts if one}))
