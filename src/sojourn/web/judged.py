"""What a target's state says to a reader, and why nothing can be said where there are numbers.

A release calls it "no data" when progress cannot be judged: fewer than three numbers since the baseline, or the newest
older than five years. To a reader, who sees these numbers, that would be untrue. So it is told apart here, from the
same record: how many numbers it counted, and of when the newest is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sojourn.indicators.progress import LEAST, OLDEST, STATE_CODES, ProgressParameters
from sojourn.web.holding import Holding

TOO_FEW, TOO_OLD, NO_DATA = "too few", "too old", "no data"
_WITHOUT = (TOO_FEW, TOO_OLD, NO_DATA)
_STATES = {float(number): state for state, number in STATE_CODES.items()}
_SINCE = re.compile(r"observations since (\d{4})")


@dataclass(frozen=True, slots=True)
class Judged:
    """A state of progress in words, and what it rests on.

    Attributes:
        state: of `words.STATES`.
        count: numbers since the baseline.
        since: year of the baseline; empty where all numbers count.
        newest: period of the newest number.
    """

    state: str
    count: int = 0
    since: str = ""
    newest: str = ""

    least = LEAST
    oldest = OLDEST


def judged(holding: Holding, row: Mapping[str, Any] | None) -> Judged:
    """Read a state, with its reason, from a row of SJ_PROGRESS_STATE.

    Args:
        holding: the release that the row is of.
        row: the observation; None where the release judges nothing.
    """
    if row is None:
        return Judged(NO_DATA)
    series = row["breakdown"].removeprefix("SERIES=")
    return Judged(
        state_of(row["value"], row["n"]), row["n"] or 0, _since(holding, series, row), row["period"]
    )


def state_of(value: float, count: int | None) -> str:
    """Name a state by its number; too few numbers, or too old ones, are told apart from none.

    Args:
        value: of SJ_PROGRESS_STATE.
        count: numbers since the baseline.

    >>> state_of(3.0, 8), state_of(7.0, 2), state_of(7.0, 6)
    ('on track', 'too few', 'too old')
    """
    state = _STATES[value]
    if state != NO_DATA:
        return state
    return TOO_FEW if (count or 0) < LEAST else TOO_OLD


def has_state(state: str) -> bool:
    """Tell whether the numbers were enough to be judged at all."""
    return state not in _WITHOUT


def _since(holding: Holding, series: str, row: Mapping[str, Any]) -> str:
    """Give the year from which numbers count: the baseline, unless the target was due by then."""
    chosen = holding.release.manifest.parameters.get(ProgressParameters.section, {})
    baseline = int(chosen.get("baseline_year", ProgressParameters().baseline_year))
    if (holding.series[series]["target_year"] or baseline + 1) > baseline:
        return str(baseline)
    told = _SINCE.search(row["note"])
    return told[1] if told else ""
