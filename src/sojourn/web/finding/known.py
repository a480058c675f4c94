"""What a search has to know of a release: of which areas and people each series speaks, and what is judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import log1p

import polars as pl

from sojourn import framework
from sojourn.web import terms
from sojourn.web.finding.subjects import Shelf, Vocabulary, shelf, vocabulary
from sojourn.web.holding import HEADLINE, Holding
from sojourn.web.languages import ENGLISH, NAMES
from sojourn.web.pages.kept import Kept
from sojourn.web.question import PERSONS

STATE = "SJ_PROGRESS_STATE"
PROGRESS = "SJ_PROGRESS_"

_kept = Kept(6)


@dataclass(frozen=True)
class Known:
    """A release as a search sees it.

    Attributes:
        shelf: its series by name.
        words: what these names are made of.
        alone: series -> areas with a number of their own, without another end.
        ends: series -> areas that are one of two ends.
        people: series -> column of people -> codes beside the total.
        judged: series with a target -> areas whose progress is judged.
    """

    shelf: Shelf
    words: Vocabulary
    alone: Mapping[str, frozenset[str]]
    ends: Mapping[str, frozenset[str]]
    people: Mapping[str, Mapping[str, frozenset[str]]]
    judged: Mapping[str, frozenset[str]]

    def breadth(self, series: str) -> float:
        """Tell of how many areas a series speaks: 0 for none, 1 for as many as any does."""
        most = max(map(len, (*self.alone.values(), *self.ends.values())), default=0)
        own = max(len(held.get(series, ())) for held in (self.alone, self.ends))
        return log1p(own) / log1p(most) if most else 0.0


def known(holding: Holding) -> Known:
    """Give what a search has to know of a release, gathered once."""
    return _kept.get(holding.name, lambda: _gathered(holding))


def _gathered(holding: Holding) -> Known:
    named = series_named(holding)
    coded = holding.coded.filter(pl.col(HEADLINE))
    return Known(
        shelf=shelf(named),
        words=vocabulary([(one, name) for one, name, _ in (*named, *targets_named(), *indicators_named())]),
        alone=_sets(coded.filter(pl.col("counterpart") == ""), "series", "area"),
        ends={
            series: codes | other
            for (series, codes), other in _both(coded.filter(pl.col("counterpart") != ""))
        },
        people=_people(coded),
        judged={
            part.removeprefix("SERIES="): codes
            for part, codes in _sets(coded.filter(pl.col("series") == STATE), "breakdown", "area").items()
        },
    )


def _both(pairs: pl.DataFrame) -> list[tuple[tuple[str, frozenset[str]], frozenset[str]]]:
    others = _sets(pairs, "series", "counterpart")
    return [(one, others[one[0]]) for one in _sets(pairs, "series", "area").items()]


def _sets(rows: pl.DataFrame, by: str, name: str) -> dict[str, frozenset[str]]:
    found = rows.select(by, name).unique().select(pl.all().cast(pl.String)).sort(by, name)
    return {
        one: frozenset(codes) for one, codes in found.group_by(by, maintain_order=True).agg(name).iter_rows()
    }


def _people(coded: pl.DataFrame) -> dict[str, dict[str, frozenset[str]]]:
    found: dict[str, dict[str, frozenset[str]]] = {}
    for name in PERSONS:
        for series, codes in _sets(coded.filter(pl.col(name) != "_T"), "series", name).items():
            found.setdefault(series, {})[name] = codes
    return found


def series_named(holding: Holding) -> list[tuple[str, str, str]]:
    """Give language, name and code of each series, in all languages; its other words are English."""
    return [
        (language, called, code)
        for code, meaning in holding.series.items()
        for language, called in (*_in_all(meaning["name"]), *((ENGLISH, one) for one in meaning["words"]))
    ]


@cache
def targets() -> Shelf:
    """Give the targets by name."""
    return shelf(targets_named())


@cache
def indicators() -> Shelf:
    """Give the indicators of the global list by name."""
    return shelf(indicators_named())


def targets_named() -> list[tuple[str, str, str]]:
    """Give language, name and code of each target."""
    return [(*told, one.target) for one in framework.load().targets for told in _in_all(one.label_own_words)]


def indicators_named() -> list[tuple[str, str, str]]:
    """Give language, name and code of each indicator."""
    return [(*told, one.code) for one in framework.load().indicators for told in _in_all(one.label_own_words)]


def _in_all(name: str) -> list[tuple[str, str]]:
    """Give a name in each language that has one, with the language."""
    told = {terms.plain_term(language, name): language for language in reversed(NAMES)}
    return [(language, called) for called, language in told.items()]
