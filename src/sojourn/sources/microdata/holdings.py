"""What a country could compute from all the files that it has: the best file for each indicator and breakdown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sojourn.sources.microdata.inventory import IMPOSSIBLE, LESS, POSSIBLE, Use
from sojourn.sources.microdata.proposals import Proposal

_RANK = {POSSIBLE: 0, LESS: 1, IMPOSSIBLE: 2}


@dataclass(frozen=True, slots=True)
class Held:
    """One file and what it could be used for.

    Attributes:
        name: of the file or mapping.
        uses: every indicator by every breakdown.
        area: ISO 3166-1 alpha-3; empty: not stated.
        year: the last year of the data; None: not stated.
        rows: persons; None for a mapping, whose file was not opened.
        proposals: what the assistant recognised, with its certainty; empty for a mapping, which a person wrote.
    """

    name: str
    uses: tuple[Use, ...]
    area: str = ""
    year: int | None = None
    rows: int | None = None
    proposals: tuple[Proposal, ...] = ()


@dataclass(frozen=True, slots=True)
class Best:
    """The best that a country has for one indicator and breakdown: the use, and the file that gives it."""

    use: Use
    file: str


def best(files: Sequence[Held]) -> tuple[Best, ...]:
    """Choose for each indicator and breakdown the file that gives most.

    Possible before possible with less, with less reasons before more; of equal ones the newest, then by name.

    >>> use = Use("8.5.2", "Unemployment rate", "everybody", POSSIBLE)
    >>> best([Held("old.csv", (use,), year=2011), Held("new.csv", (use,), year=2021)])[0].file
    'new.csv'
    """
    found: dict[tuple[str, str], tuple[tuple[object, ...], Best]] = {}
    for one in files:
        for use in one.uses:
            key = (use.indicator, use.breakdown)
            rank = (_RANK[use.status], len(use.why), -(one.year or 0), one.name)
            if key not in found or rank < found[key][0]:
                found[key] = (rank, Best(use, "" if use.status == IMPOSSIBLE else one.name))
    return tuple(chosen for _, chosen in found.values())


def by_country(files: Sequence[Held]) -> dict[str, tuple[Held, ...]]:
    """Gather files by country, those of no stated country last."""
    areas = sorted({one.area for one in files}, key=lambda area: (not area, area))
    return {area: tuple(one for one in files if one.area == area) for area in areas}


def missing_questions(uses: Sequence[Use]) -> dict[tuple[str, str], tuple[str, ...]]:
    """Gather (what is not asked, the question to add) -> the indicators that it would serve."""
    found: dict[tuple[str, str], list[str]] = {}
    for one in uses:
        for why, question in zip(one.why, one.question, strict=False):
            found.setdefault((why.removeprefix("not asked: "), question), []).append(one.indicator)
    return {key: tuple(dict.fromkeys(codes)) for key, codes in found.items()}


def reasons(uses: Sequence[Use]) -> dict[str, tuple[str, ...]]:
    """Gather why something is possible with less only -> the indicators that it concerns."""
    found: dict[str, list[str]] = {}
    for one in uses:
        for why in one.why if one.status == LESS else ():
            found.setdefault(why, []).append(one.indicator)
    return {why: tuple(dict.fromkeys(codes)) for why, codes in found.items()}
