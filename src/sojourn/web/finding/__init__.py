"""What a person means by what they type: names, codes and questions in six languages, with typing errors forgiven.

A question is read in this order: areas anywhere in it, codes, words that say how it is meant (a breakdown, progress
to a target), and what is left is its subject. Names with every word of the subject come first, those with most of them
after. Nothing is decided for the reader: all that is close is listed, the best first, each with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz, process

from sojourn import areas
from sojourn.areas.spelling import key
from sojourn.web.deadline import Check, endless
from sojourn.web.finding.answers import answers
from sojourn.web.finding.asked import Asked, understand
from sojourn.web.finding.hits import Hit, Reason
from sojourn.web.finding.known import known
from sojourn.web.finding.places import Place, all_names
from sojourn.web.finding.ranking import Ranking
from sojourn.web.holding import Holding

MOST = 30
_CLOSE = 78.0
_LONG_ENOUGH = 4


@dataclass(frozen=True, slots=True)
class Found:
    """What a text may mean.

    Attributes:
        hits: pages that answer it, the best first.
        areas: of which areas it speaks, or those whose names begin with it or resemble it.
        read_as: misspelt words, and what they were taken for.
    """

    hits: tuple[Hit, ...] = ()
    areas: tuple[str, ...] = ()
    read_as: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.hits or self.areas)

    @property
    def series(self) -> tuple[str, ...]:
        """Codes of the series, the best first."""
        return self._codes("series")

    @property
    def targets(self) -> tuple[str, ...]:
        """Codes of the targets."""
        return self._codes("target")

    @property
    def indicators(self) -> tuple[str, ...]:
        """Codes of the indicators."""
        return self._codes("indicator")

    @property
    def of(self) -> str:
        """The one area that the series are offered for; empty where there is none, or more than one."""
        return self.areas[0] if len(self.areas) == 1 and self.series else ""

    @property
    def between(self) -> tuple[str, ...]:
        """Origin and destination, where two areas are named."""
        return next((one.areas for one in self.hits if one.kind == "corridor"), ())

    def _codes(self, kind: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.code for one in self.hits if one.kind == kind))


def find(text: str, holding: Holding, check: Check = endless) -> Found:
    """List what a text may mean in a release.

    Args:
        text: a code, a name in any of the six languages, or a question.
        holding: the release.
        check: asked between its steps whether there is time.

    Raises:
        SlowError: there is none.
    """
    there = known(holding)
    check()
    asked = _whole(text) or understand(text, there.words)
    check()
    hits = answers(Ranking(asked, there, holding))
    check()
    alone = not (asked.groups or asked.codes or asked.wishes) and len(asked.areas) <= 1
    misspelt = bool(asked.groups) and not hits
    close = _close(key(text), alike=misspelt or alone) if alone or misspelt else ()
    return Found(hits, _once([*asked.areas, *close]), asked.read_as)


def _whole(text: str) -> Asked | None:
    """Read a text that names an area exactly, or is its code, as that area and nothing else."""
    area = areas.recognise(text)
    return Asked((Place(area, text),), (), (), "", (), (), ()) if area else None


def _close(wanted: str, *, alike: bool) -> tuple[str, ...]:
    """List the areas with a word that begins with a text, then those whose name resembles it."""
    if not wanted:
        return ()
    # A script without spaces may hold it anywhere.
    anywhere = not wanted.isascii() and " " not in wanted and len(wanted) > 1
    spelled = _spelled()
    held = [
        (name != wanted, not name.startswith(wanted), area)
        for name, area in spelled
        if f" {wanted}" in f" {name}" or (anywhere and wanted in name)
    ]
    found = [area for *_, area in sorted(held)]
    if alike and len(wanted) >= _LONG_ENOUGH:
        names = [name for name, _ in spelled]
        hits = process.extract(wanted, names, scorer=fuzz.ratio, score_cutoff=_CLOSE, limit=MOST)
        found += [spelled[place][1] for *_, place in hits]
    return _once(found)[:MOST]


@cache
def _spelled() -> tuple[tuple[str, str], ...]:
    return tuple((key(name), area) for area, name in all_names())


def _once(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(codes))


__all__ = ["Found", "Hit", "Reason", "find"]
