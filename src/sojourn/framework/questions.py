"""What the framework can be asked: what is missing for each target, and which indicators serve several."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sojourn.framework.reading import Framework
from sojourn.framework.records import OfficialIndicator, Subject

NO_INDICATOR = "no official indicator"
NO_OFFICIAL_SERIES = "no official series known here"
NOT_ABOUT_MIGRANTS = "no indicator that tells migrants apart"
NO_SERIES_HERE = "no series here"
NO_NUMBERS = "no numbers in this release"


@dataclass(frozen=True, slots=True)
class TargetCoverage:
    """What a target has, and what it lacks.

    Attributes:
        indicators: official indicators that serve it.
        about_migrants: those that are about migrants, or known by migratory status.
        series_here: series of this program for one of its indicators, or proposed for the target itself.
        proposals: keys of what was proposed for it.
        gaps: what is missing, the most basic first; empty where nothing is.
    """

    target: str
    label: str
    relation: str
    deadline: str
    indicators: tuple[str, ...]
    about_migrants: tuple[str, ...]
    series_here: tuple[str, ...]
    proposals: tuple[str, ...]
    gaps: tuple[str, ...]
    certainty: str


def gaps(
    framework: Framework, here: Mapping[str, Collection[str]], numbers: Collection[str] | None = None
) -> tuple[TargetCoverage, ...]:
    """Say of each target which indicators it has, and what is missing.

    Args:
        framework: the facts.
        here: indicator code -> codes of the series that this program measures.
        numbers: series of which a release holds numbers; None leaves the question open.

    Returns:
        One row per target, in their order.

    Example:
        >>> from sojourn.framework import load
        >>> rows = {row.target: row.gaps for row in gaps(load(), {"10.7.3": ("SM_DTH_MIGR",)})}
        >>> rows["10.7"], rows["17.18"]
        ((), ('no indicator that tells migrants apart', 'no series here'))
    """
    measured = {series for codes in here.values() for series in codes}
    rows = []
    for target in framework.targets:
        served = framework.indicators_of(target.target)
        proposed = framework.proposals_of(target.target)
        series = {code for one in served for code in here.get(one.code, ())}
        series |= {code for one in proposed for code in one.series_here if code in measured}
        series |= {code for one in served for code in one.series_here if code in measured}
        migrants = tuple(one.code for one in served if one.migrants != "none")
        rows.append(
            TargetCoverage(
                target=target.target,
                label=target.label_own_words,
                relation=target.relation,
                deadline=target.deadline,
                indicators=tuple(one.code for one in served),
                about_migrants=migrants,
                series_here=tuple(sorted(series)),
                proposals=tuple(one.key for one in proposed),
                gaps=_missing(served, series, numbers),
                certainty=target.grade,
            )
        )
    return tuple(rows)


def _missing(
    served: tuple[OfficialIndicator, ...], series: Collection[str], numbers: Collection[str] | None
) -> tuple[str, ...]:
    lacks = {
        NO_INDICATOR: not served,
        NO_OFFICIAL_SERIES: bool(served) and not any(one.series for one in served),
        NOT_ABOUT_MIGRANTS: bool(served) and all(one.migrants == "none" for one in served),
        NO_SERIES_HERE: not series,
        NO_NUMBERS: bool(series) and numbers is not None and not set(series) & set(numbers),
    }
    return tuple(words for words, missing in lacks.items() if missing)


@dataclass(frozen=True, slots=True)
class Shared:
    """An official indicator or a proposal that serves several targets."""

    code: str
    label: str
    kind: str
    targets: tuple[str, ...]


def shared(framework: Framework) -> tuple[Shared, ...]:
    """List what serves several targets: official indicators first, then proposals.

    >>> from sojourn.framework import load
    >>> [(one.code, one.targets) for one in shared(load())][:2]
    [('1.5.1', ('1.5', '11.5', '13.1')), ('10.3.1', ('10.3', '16.b'))]
    """
    official = [
        Shared(one.code, one.label_own_words, "official", one.targets) for one in framework.indicators
    ]
    proposed = [Shared(one.key, one.label_own_words, one.family, one.targets) for one in framework.proposals]
    return tuple(one for one in (*official, *proposed) if len(one.targets) > 1)


@dataclass(frozen=True, slots=True)
class SubjectAnswer:
    """What measures a subject of the 2015 meeting, here and elsewhere."""

    subject: Subject
    series_here: tuple[str, ...]


def subjects(framework: Framework, here: Mapping[str, Collection[str]]) -> tuple[SubjectAnswer, ...]:
    """Answer for each subject: an indicator, a part of one, or none; and the series of ours that serve it.

    >>> from sojourn.framework import load
    >>> [(one.subject.key, one.subject.answer) for one in subjects(load(), {})][0]
    ('detention', 'no indicator')
    """
    measured = {series for codes in here.values() for series in codes}
    return tuple(
        SubjectAnswer(
            one,
            tuple(
                sorted(
                    {code for official in one.official for code in here.get(official, ())}
                    | (set(one.series_here) & measured)
                )
            ),
        )
        for one in framework.subjects
    )
