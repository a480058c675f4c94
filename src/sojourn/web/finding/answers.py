"""The answers to a question, the best first: codes, then progress where that is asked, then series, areas and targets.

Nothing is decided for the reader: what leads is what the question names most fully, and the rest follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sojourn import framework
from sojourn.web.finding import known, wishes
from sojourn.web.finding.hits import (
    BOTH_NAMED,
    BROKEN_DOWN,
    BY_CODE,
    EVERY_WORD,
    GUESSED,
    JUDGED,
    NAMED,
    NOT_OF_AREA,
    NOT_OF_PAIR,
    OF_AREA,
    OF_PAIR,
    SOME_WORDS,
    Hit,
    Reason,
)
from sojourn.web.finding.ranking import Ranking
from sojourn.web.finding.subjects import Match, Shelf, matches

MOST = 8
"""Answers of one kind."""

CHOOSE, PROGRESS = "choose", "progress"
"""Places on the page of a series and on that of an area."""

NEARLY = 0.8
"""Part of the best weight of words from which a series may lead because it has numbers."""

_LEADING = 2
_STATED = "d.SERIES"


def answers(ranking: Ranking) -> tuple[Hit, ...]:
    """List the answers to a question, each page once, the best first."""
    asked, series, pages = ranking.asked, _series(ranking), [*_corridor(ranking), *_areas(ranking)]
    first = _coded(ranking)
    if wishes.PROGRESS in asked.wishes:
        first += _judged(ranking)
        pages = [*pages, *series] if not asked.groups else [*series[:_LEADING], *pages]
        return _once([*first, *pages, *series])
    there = _with_numbers(ranking, series) if asked.areas else series
    leading = _LEADING if asked.between is None else 1
    named = [*_named(ranking, "target", known.targets()), *_named(ranking, "indicator", known.indicators())]
    return _once(
        [*first, *there[:leading], *pages, *there[leading:MOST], *series[:_LEADING], *named, *series]
    )


def _once(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    found: dict[str, Hit] = {}
    for one in hits:
        found.setdefault(one.address, one)
    return tuple(found.values())


def _with_numbers(ranking: Ranking, hits: Sequence[Hit]) -> list[Hit]:
    """Keep the series that have numbers of what is asked for; not those that fit it much less than another."""
    held = {one.code: one.held for one in ranking.ranked}
    least = NEARLY * max(held.values(), default=0.0)
    return [one for one in hits if held[one.code] >= least and _has_numbers(ranking, one.code)]


def _has_numbers(ranking: Ranking, code: str) -> bool:
    if ranking.asked.between:
        return ranking.between(code) or (ranking.alone(code) and ranking.ends(code) is None)
    return ranking.alone(code) or (ranking.known.ends.get(code, frozenset()).issuperset(ranking.asked.areas))


def _series(ranking: Ranking) -> list[Hit]:
    return [series(ranking, one.code, _words(ranking, one)) for one in ranking.ranked[: 3 * MOST]]


def series(ranking: Ranking, code: str, why: Sequence[Reason]) -> Hit:
    """Lead to a series: of the areas that are asked for, by the breakdown that is asked for."""
    asked, own, columns = ranking.asked, ranking.ends(code), ranking.broken_down(code)
    if (
        own
        and ranking.known.ends[code].issuperset(asked.areas)
        and not ranking.alone(code)
        and len(asked.areas) == 1
    ):
        end = "origin" if asked.places[0].side == wishes.FROM else "destination"
        state = {"series": code, end: asked.areas[0]}
        why = (*why, Reason(OF_AREA, {"areas": asked.areas}))
        return Hit("series", code, "corridors", state, "", asked.areas, why)
    chosen = {name: ranking.columns[name] for name in columns if ranking.columns[name]}
    shown, there = _state_of(ranking, code)
    broken = (Reason(BROKEN_DOWN, {"columns": columns}),) if columns else ()
    anchor = CHOOSE if len(chosen) < len(columns) else ""
    areas = asked.between if asked.between and own else asked.areas
    return Hit("series", code, f"series/{code}", {**shown, **chosen}, anchor, areas, (*why, *there, *broken))


def _state_of(ranking: Ranking, code: str) -> tuple[dict[str, str | tuple[str, ...]], tuple[Reason, ...]]:
    """Give the areas of a series as its address holds them, and say whether it has numbers of them."""
    asked, own = ranking.asked, ranking.ends(code)
    if not asked.areas:
        return {}, ()
    if asked.between and own:
        pair = {own.origin: asked.between[0], own.destination: asked.between[1]}
        there = Reason(OF_PAIR if ranking.between(code) else NOT_OF_PAIR)
        return {name: pair[name] for name in ("area", "counterpart")}, (there,)
    there = Reason(OF_AREA if ranking.alone(code) else NOT_OF_AREA, {"areas": asked.areas})
    return {"area": asked.areas if len(asked.areas) > 1 else asked.areas[0]}, (there,)


def _words(ranking: Ranking, match: Match) -> tuple[Reason, ...]:
    count = len(ranking.asked.groups)
    if not match.lacks:
        return (Reason(EVERY_WORD),)
    return (Reason(SOME_WORDS, {"count": count - len(match.lacks), "all": count}),)


def _areas(ranking: Ranking) -> list[Hit]:
    progress = wishes.PROGRESS in ranking.asked.wishes
    found = []
    for one in ranking.asked.places:
        judged = any(one.area in held for held in ranking.known.judged.values())
        named = Reason(GUESSED, {"text": one.text}) if one.guessed else Reason(NAMED)
        why = (named, Reason(JUDGED)) if progress and judged else (named,)
        anchor = PROGRESS if progress and judged else ""
        found.append(Hit("area", one.area, f"areas/{one.area}", {}, anchor, (one.area,), why))
    return found


def _corridor(ranking: Ranking) -> list[Hit]:
    if (pair := ranking.asked.between) is None:
        return []
    return [Hit("corridor", "", f"corridors/{pair[0]}/{pair[1]}", {}, "", pair, (Reason(BOTH_NAMED),))]


def _coded(ranking: Ranking) -> list[Hit]:
    """Lead to what the question has the code of; the series of an indicator follow it."""
    facts, holding, why = framework.load(), ranking.holding, (Reason(BY_CODE),)
    codes = {one.casefold() for one in ranking.asked.codes}
    found = [
        Hit("series", one, f"series/{one}", why=why) for one in holding.series if one.casefold() in codes
    ]
    found = [series(ranking, one.code, why) for one in found]
    targets = [one.target for one in facts.targets if one.target.casefold() in codes]
    found += [Hit("target", one, f"targets/{one}", why=why) for one in targets]
    for code in dict.fromkeys([*(one.code for one in facts.indicators), *holding.indicators]):
        if code.casefold() in codes:
            found.append(Hit("indicator", code, f"indicators/{code}", why=why))
            found += [series(ranking, one, why) for one in holding.indicators.get(code, ())]
    goals = [str(one.number) for one in facts.goals if str(one.number) == ranking.asked.goal]
    return found + [Hit("goal", one, f"goals/{one}", why=why) for one in goals]


def _judged(ranking: Ranking) -> list[Hit]:
    """Lead to the states of progress: of the series of a code, or of those that the words mean."""
    codes = {one.casefold() for one in ranking.asked.codes}
    by_code = [
        one
        for one in ranking.known.judged
        if (indicator := ranking.holding.series[one]["indicator"].casefold()) in codes
        or indicator.rpartition(".")[0] in codes
        or one.casefold() in codes
    ]
    by_words = [one.code for one in ranking.ranked if one.code in ranking.known.judged]
    # Progress of the area that is asked for comes before that of others.
    listed = sorted(
        by_code or by_words, key=lambda one: not ranking.known.judged[one].issuperset(ranking.asked.areas)
    )
    return [_state(ranking, one) for one in listed[:MOST]]


def _state(ranking: Ranking, code: str) -> Hit:
    there = [one for one in ranking.asked.areas if one in ranking.known.judged[code]]
    area = {"area": tuple(there)} if there else {}
    path = f"series/{known.STATE}"
    return Hit("progress", code, path, {**area, _STATED: code}, "", tuple(there), (Reason(JUDGED),))


def _named(ranking: Ranking, kind: str, names: Shelf) -> list[Hit]:
    """Lead to the targets or indicators whose names have every word."""
    found = [one for one in matches(ranking.asked.groups, names, ranking.asked.beside) if not one.lacks]
    return [Hit(kind, one.code, f"{kind}s/{one.code}", why=_words(ranking, one)) for one in found[:MOST]]
