"""Which series a question means: by its words first, then by what speaks for one beside them.

Of two series with the same words, the one that speaks of more areas is the plainer meaning; one that has numbers of
the areas that are asked for, between the two, or by the breakdown that is asked for, is the more useful.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from sojourn.web.corridors import Ends, ends
from sojourn.web.finding import wishes
from sojourn.web.finding.asked import Asked
from sojourn.web.finding.known import PROGRESS, Known
from sojourn.web.finding.subjects import Match, matches
from sojourn.web.holding import Holding

BROAD, THERE, BETWEEN, BROKEN_DOWN = 0.2, 0.3, 0.8, 0.8
"""What it adds to a series that it speaks of as many areas as any, of the area, of the two, by the breakdown: in part,
where its name has a part of the words."""

LEAST_HELD = 0.6
"""Part of the best weight of words below which a series is no answer."""


@dataclass(frozen=True)
class Ranking:
    """The series of a release as one question sees them."""

    asked: Asked
    known: Known
    holding: Holding

    @cached_property
    def ranked(self) -> tuple[Match, ...]:
        """The series that the question may mean, the best first."""
        found = matches(self.asked.groups, self.known.shelf, self.asked.beside)
        found = [one for one in found if not one.code.startswith(PROGRESS)]
        least = LEAST_HELD * max((one.held for one in found), default=0.0)
        kept = [one for one in found if one.held >= least]
        return tuple(sorted(kept, key=lambda one: (-self._fit(one), one.code)))

    def _fit(self, match: Match) -> float:
        code = match.code
        more = BROAD * self.known.breadth(code)
        if self.between(code):
            more += BETWEEN
        elif self.asked.areas and self.alone(code):
            more += THERE
        if self.columns:
            more += BROKEN_DOWN * len(self.broken_down(code)) / len(self.columns)
        return match.fit + match.held * more

    @cached_property
    def columns(self) -> dict[str, str]:
        """Columns of people that the question asks for, with their code where it names one."""
        return wishes.breakdowns(self.asked.wishes)

    def broken_down(self, code: str) -> tuple[str, ...]:
        """List the columns asked for by which a series has numbers."""
        there = self.known.people.get(code, {})
        return tuple(
            name for name, own in self.columns.items() if name in there and (not own or own in there[name])
        )

    def alone(self, code: str) -> bool:
        """Tell whether a series has numbers of every area asked for, each by itself."""
        return self.known.alone.get(code, frozenset()).issuperset(self.asked.areas)

    def ends(self, code: str) -> Ends | None:
        """Give the two ends of a series between areas; None where it is about areas alone."""
        return ends(self.holding.series[code]) if code in self.known.ends else None

    def between(self, code: str) -> bool:
        """Tell whether a series has a number from the one area asked for to the other."""
        return code in self._between

    @cached_property
    def _between(self) -> frozenset[str]:
        """Series with a number from the one area asked for to the other: two questions, whatever their count."""
        if self.asked.between is None:
            return frozenset()
        first, second = self.asked.between
        found: set[str] = set()
        for area, counterpart, origin in ((first, second, "area"), (second, first, "counterpart")):
            rows = self.holding.found(None, {"area": [area], "counterpart": [counterpart]})
            there = rows["series"].unique().cast(pl.String)
            found |= {one for one in there if (own := self.ends(one)) and own.origin == origin}
        return frozenset(found)
