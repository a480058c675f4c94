"""What a person means by what they type: codes, names in six languages, with accents and typing errors forgiven.

A name that holds the text at the beginning of a word comes first; then, where it is long enough to be a
misspelling rather than another word, what resembles it. Nothing is decided for the reader: all that is close
is listed, the closest first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz, process

from sojourn import areas, framework
from sojourn.areas.spelling import key
from sojourn.errors import NotFoundError
from sojourn.web import terms
from sojourn.web.holding import Holding
from sojourn.web.languages import ENGLISH, NAMES
from sojourn.web.pages.kept import Kept
from sojourn.web.stemmed import Stems, by_stems, stems

MOST = 30
_LONG_ENOUGH = 4
_CLOSE = 78.0
_CLOSE_WORDS = 84.0

_LINKS = frozenset(("from to and the de à a vers et y hacia из в и " + "من إلى الى و 从 到 和 至").split())
"""Words between two areas, in the six languages."""

_kept = Kept(6)


@dataclass(frozen=True, slots=True)
class Named:
    """Things by the keys of their names: `spelled[i]` is a name, or a word of one, of `codes[i]`."""

    spelled: tuple[str, ...]
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a text may mean, each the closest first.

    Attributes:
        areas, series, targets, indicators: codes.
        of: an area that is named beside something else: "refugees Jordan" means the series of Jordan.
        between: two areas that are named side by side: "Mexico United States" means the corridor.
    """

    areas: tuple[str, ...]
    series: tuple[str, ...]
    targets: tuple[str, ...]
    indicators: tuple[str, ...]
    of: str = ""
    between: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.areas or self.between or self.series or self.targets or self.indicators)


def find(text: str, holding: Holding) -> Found:
    """List what a text may mean in a release.

    Args:
        text: a code, a name in any of the six languages, or words; with an area before or behind them or not.
        holding: the release.
    """
    wanted = key(text)
    if not wanted:
        return Found((), (), (), ())
    found = _plainly(text, wanted, holding)
    if not _resolved(text) and (ends := _two_areas(text)):
        return Found(ends, found.series, found.targets, found.indicators, between=ends)
    of, rest = _area_beside(text) if not found.areas else ("", "")
    beside = _plainly(rest, key(rest), holding) if of else None
    if beside is not None and beside.series:
        return Found((of,), beside.series, beside.targets, beside.indicators, of)
    return found if beside is None else Found((of,), found.series, found.targets, found.indicators)


def _plainly(text: str, wanted: str, holding: Holding) -> Found:
    series = _kept.get((holding.name, "series"), lambda: _series(holding))
    stemmed = by_stems(text, _kept.get((holding.name, "stems"), lambda: stems(_series_named(holding))))
    facts = framework.load()
    return Found(
        # A word of what is measured is no misspelt area: migrantes are not the Emirates.
        areas=_areas(text, wanted, misspelt=not stemmed),
        series=_once(
            _coded(text, holding.series), _of_indicator(text, holding), stemmed, _words(wanted, series)
        ),
        targets=_once(
            _coded(text, (one.target for one in facts.targets)),
            by_stems(text, _targets_stemmed()),
            _words(wanted, _targets()),
        ),
        indicators=_once(
            _coded(text, (one.code for one in facts.indicators)),
            by_stems(text, _indicators_stemmed()),
            _words(wanted, _indicators()),
        ),
    )


def _once(*lists: Iterable[str]) -> tuple[str, ...]:
    """Put lists behind each other; what is in several stands where it comes first."""
    return tuple(dict.fromkeys(one for listed in lists for one in listed))[:MOST]


def _areas(text: str, wanted: str, *, misspelt: bool) -> tuple[str, ...]:
    names = _area_names()
    return _once(_resolved(text), _beginning(wanted, names), _alike(wanted, names) if misspelt else ())


def _resolved(text: str) -> tuple[str, ...]:
    """Give the area that a text names exactly, if it does."""
    with suppress(NotFoundError):
        return (areas.resolve(text),)
    return ()


def _two_areas(text: str) -> tuple[str, ...]:
    """Read two areas side by side, with or without a word between: "from Mexico to the United States"."""
    parts = [one for one in re.split(r"[\s→⇄←>–—,/-]+", text) if one]
    for cut in range(1, len(parts)):
        first, second = _without_link(parts[:cut]), _without_link(parts[cut:])
        with suppress(NotFoundError):
            ends = areas.resolve(first), areas.resolve(second)
            if ends[0] != ends[1]:
                return ends
    return ()


def _without_link(parts: Sequence[str]) -> str:
    """Take the words off that lead from one area to another."""
    own = list(parts)
    while len(own) > 1 and own[0].casefold() in _LINKS:
        own.pop(0)
    while len(own) > 1 and own[-1].casefold() in _LINKS:
        own.pop()
    return " ".join(own)


def _area_beside(text: str) -> tuple[str, str]:
    """Take an area off the beginning or the end of a text: the longest name that is one, else a misspelt word."""
    parts = text.split()
    for count in range(min(5, len(parts) - 1), 0, -1):
        for name, rest in ((parts[-count:], parts[:-count]), (parts[:count], parts[count:])):
            if len(" ".join(name)) < _LONG_ENOUGH - 1:
                continue
            with suppress(NotFoundError):
                return areas.resolve(" ".join(name)), " ".join(rest)
    for word, rest in ((parts[-1:], parts[:-1]), (parts[:1], parts[1:])):
        wanted = key(" ".join(word))
        if rest and len(wanted) > _LONG_ENOUGH and (alike := _alike(wanted, _area_names(), _CLOSE_WORDS)):
            return alike[0], " ".join(rest)
    return "", text


def _coded(text: str, codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(one for one in codes if one.casefold() == text.strip().casefold())


def _of_indicator(text: str, holding: Holding) -> tuple[str, ...]:
    wanted = text.strip().casefold()
    return next((own for code, own in holding.indicators.items() if code.casefold() == wanted), ())


def _beginning(wanted: str, named: Named) -> list[str]:
    """List what has a word that begins with the text, what is called just so first.

    A script without spaces may hold it anywhere.
    """
    anywhere = not wanted.isascii() and " " not in wanted and len(wanted) > 1
    held = [
        (spelled != wanted, not spelled.startswith(wanted), code)
        for spelled, code in zip(named.spelled, named.codes, strict=True)
        if f" {wanted}" in f" {spelled}" or (anywhere and wanted in spelled)
    ]
    return [code for *_, code in sorted(held)]


def _alike(wanted: str, named: Named, least: float = _CLOSE) -> list[str]:
    """List what resembles the text letter by letter."""
    if len(wanted) < _LONG_ENOUGH:
        return []
    hits = process.extract(wanted, named.spelled, scorer=fuzz.ratio, score_cutoff=least, limit=MOST)
    return [named.codes[position] for _, _, position in hits]


def _words(wanted: str, named: Named) -> tuple[str, ...]:
    """List what has the words of the text, in whatever order, or nearly."""
    hits: Sequence[tuple[str, float, int]] = (
        process.extract(
            wanted, named.spelled, scorer=fuzz.token_set_ratio, score_cutoff=_CLOSE_WORDS, limit=3 * MOST
        )
        if len(wanted) >= _LONG_ENOUGH
        else []
    )
    # Of equally good names the shorter is the plainer meaning.
    ranked = sorted(hits, key=lambda hit: (-hit[1], -fuzz.ratio(wanted, hit[0])))
    alike = [named.codes[position] for _, _, position in ranked]
    return tuple(dict.fromkeys([*alike, *_beginning(wanted, named)]))[:MOST]


@cache
def _area_names() -> Named:
    """Give the names of areas in all languages, whole and by their longer words."""
    pairs: dict[tuple[str, str], None] = {}
    for code in areas.table()["area"]:
        for language in areas.LANGUAGES:
            name = key(areas.name(code, language))
            pairs[name, code] = None
            for word in name.split():
                if len(word) >= _LONG_ENOUGH + 1:
                    pairs[word, code] = None
    return _named(pairs)


def _series(holding: Holding) -> Named:
    return _named((key(called), code) for _, called, code in _series_named(holding))


def _series_named(holding: Holding) -> list[tuple[str, str, str]]:
    """Give language, name and code of each series, in all languages; its other words are English."""
    return [
        (language, called, code)
        for code, meaning in holding.series.items()
        for language, called in (*_in_all(meaning["name"]), *((ENGLISH, one) for one in meaning["words"]))
    ]


@cache
def _targets() -> Named:
    return _named((key(called), code) for _, called, code in _targets_named())


@cache
def _targets_stemmed() -> tuple[Stems, ...]:
    return stems(_targets_named())


def _targets_named() -> list[tuple[str, str, str]]:
    return [(*told, one.target) for one in framework.load().targets for told in _in_all(one.label_own_words)]


@cache
def _indicators() -> Named:
    return _named((key(called), code) for _, called, code in _indicators_named())


@cache
def _indicators_stemmed() -> tuple[Stems, ...]:
    return stems(_indicators_named())


def _indicators_named() -> list[tuple[str, str, str]]:
    return [(*told, one.code) for one in framework.load().indicators for told in _in_all(one.label_own_words)]


def _in_all(name: str) -> list[tuple[str, str]]:
    """Give a name in each language that has one, with the language."""
    told = {terms.plain_term(language, name): language for language in reversed(NAMES)}
    return [(language, called) for called, language in told.items()]


def _named(pairs: Iterable[tuple[str, str]]) -> Named:
    listed = [pair for pair in pairs if pair[0]]
    return Named(tuple(name for name, _ in listed), tuple(code for _, code in listed))
