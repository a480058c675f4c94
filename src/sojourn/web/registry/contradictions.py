"""Where what an owner reports and what is measured disagree: a list for editors and the owner, and nobody else.

A page shows both side by side, in neutral words. That they disagree is no verdict: the report may know of
something that the numbers do not hold yet, or the link between promise and series may be a poor one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sojourn.release.promises import Join

_REPORTED_WELL = frozenset({"completed", "met", "on_track"})
_REPORTED_ILL = frozenset({"not_started", "discontinued"})
_MEASURED_ILL = frozenset({"missed", "too slow", "wrong way"})
_MEASURED_WELL = frozenset({"met"})

TAKES_A_STAND = _REPORTED_WELL | _REPORTED_ILL
"""Reported states that a measurement can disagree with; "in progress" is no stand."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A promise whose report and measurement disagree.

    Attributes:
        key: public id of the target.
        stated: the state that the owner reports.
        measured: the state by the release.
        release: its name.
        by_proxy: the series stands for the promise by an editor's choice only.
    """

    key: str
    stated: str
    measured: str
    release: str
    by_proxy: bool


def contradictions(joins: Mapping[str, Join], stated: Mapping[str, str]) -> tuple[Contradiction, ...]:
    """List what an editor should look at, by key.

    Args:
        joins: target -> what a release says.
        stated: target -> state by the newest published report, a code of the vocabulary `implementation_state`.

    Returns:
        The disagreements; what gives no state, and what cannot be told, disagrees with nothing.
    """
    listed = []
    for key in sorted(joins.keys() & stated.keys()):
        one, said = joins[key], stated[key]
        well = said in _REPORTED_WELL and one.state in _MEASURED_ILL
        ill = said in _REPORTED_ILL and one.state in _MEASURED_WELL
        if one.state is not None and (well or ill):
            listed.append(Contradiction(key, said, one.state, one.release, one.terms.link == "proxy"))
    return tuple(listed)
