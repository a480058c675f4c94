"""What a person means by what they type: codes, names in six languages, with accents and typing errors forgiven.

A name that holds the text at the beginning of a word comes first; then, where it is long enough to be a
misspelling rather than another word, what resembles it. Nothing is decided for the reader: all that is close
is listed, the closest first.
"""

from __future__ import annotations

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
from sojourn.web.languages import NAMES
from sojourn.web.pages.kept import Kept

MOST = 30
_LONG_ENOUGH = 4
_CLOSE = 78.0
_CLOSE_WORDS = 84.0

_kept = Kept(4)


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
    """

    areas: tuple[str, ...]
    series: tuple[str, ...]
    targets: tuple[str, ...]
    indicators: tuple[str, ...]
    of: str = ""

    def __bool__(self) -> bool:
        return bool(self.areas or self.series or self.targets or self.indicators)


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
    of, rest = _area_beside(text) if not found.areas else ("", "")
    beside = _plainly(rest, key(rest), holding) if of else None
    if beside is not None and beside.series:
        return Found((of,), beside.series, beside.targets, beside.indicators, of)
    return found if beside is None else Found((of,), found.series, found.targets, found.indicators)


def _plainly(text: str, wanted: str, holding: Holding) -> Found:
    series = _kept.get((holding.name, "series"), lambda: _series(holding))
    return Found(
        areas=_areas(text, wanted),
        series=_coded(text, holding.series) + _of_indicator(text, holding) + _words(wanted, series),
        targets=_coded(text, (one.target for one in framework.load().targets)) + _words(wanted, _targets()),
        indicators=_coded(text, (one.code for one in framework.load().indicators))
        + _words(wanted, _indicators()),
    )


def _areas(text: str, wanted: str) -> tuple[str, ...]:
    found = []
    with suppress(NotFoundError):
        found.append(areas.resolve(text))
    return tuple(dict.fromkeys([*found, *_beginning(wanted, _area_names()), *_alike(wanted, _area_names())]))[
        :MOST
    ]


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
    return holding.indicators.get(text.strip(), ())


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
    pairs = [
        (key(called), code)
        for code, meaning in holding.series.items()
        for called in (*_in_all(meaning["name"]), *meaning["words"])
    ]
    return _named(pairs)


@cache
def _targets() -> Named:
    listed = framework.load().targets
    return _named([(key(called), one.target) for one in listed for called in _in_all(one.label_own_words)])


@cache
def _indicators() -> Named:
    listed = framework.load().indicators
    return _named([(key(called), one.code) for one in listed for called in _in_all(one.label_own_words)])


def _in_all(name: str) -> list[str]:
    return list(dict.fromkeys(terms.plain_term(language, name) for language in NAMES))


def _named(pairs: Iterable[tuple[str, str]]) -> Named:
    listed = [pair for pair in pairs if pair[0]]
    return Named(tuple(name for name, _ in listed), tuple(code for _, code in listed))
