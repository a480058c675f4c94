"""Progress to target: how far, how fast, how likely – for the total of every series that states a target.

Unlike the other indicators this one reads no file: a release computes it from its own headline numbers
(`release/progress.py`), judged on the release's `as_of`, and freezes it with them. For each series, area
and counterpart, from the baseline (2015) on, with one number a year (the annual one, else the latest within
the year):

    distance        target - latest value
    required pace   the yearly change that leads from today's level to the target in its year
    observed pace   (level at the latest observation - level at the first) / years, freed from noise
    projection      the level in the target's year, with its interval
    probability     P(projected level meets the target)
    state           by the probability rule below
    two-point pace  CAGR(baseline to latest) / CAGR(baseline to target), the UN's way: no noise, no interval

Trend and noise: the level follows a random walk with drift and is observed with its published standard
error, or an unknown one that is averaged over (`sojourn.methods.progress.trend`); of the logarithm where all
values and the target are positive. The rule, in this order: no data, with fewer than 3 observations since
the baseline or a latest one older than 5 years; met, if P(the latest level meets the target) >= 0.9; missed,
if the due date has passed; on track, if the probability >= 0.66; wrong way, if the chance that the level
improved since the baseline <= 0.1; too slow, if that chance >= 0.9 and the probability <= 0.33; else cannot
tell. Without a stated target: not measurable.

Limits: a projection goes on as before, and knows no policy; breaks between sources are taken for changes;
targets are judged one by one, and what areas have in common is not used. On held-out years of real series
the intervals cover nearly what they say, while chances below 0.2 came true too often (`bench/progress.py`).
Flat noise that is independent from year to year is called "wrong way" in at most 10 % of the cases; noise that
carries over from one year to the next is a change of level to this model, and is called so more often (a fifth
at a correlation of 0.5), as is noise larger than the published standard error.

Sources: the observations of the release; Harvey (1989) for the model; the UN's SDG Progress Chart for the
two-point pace, as Open SDG computes it.
"""

from __future__ import annotations

from typing import ClassVar

import polars as pl
from pydantic import Field

from sojourn.indicators.model import Dimension, Indicator, Parameters, Series, Tables
from sojourn.methods.progress.states import LEAST_POINTS, OLDEST_YEARS

CODE = "SJ.progress"

LEAST, OLDEST = LEAST_POINTS, OLDEST_YEARS
"""How many observations, and how many years the newest may be old, so that progress is judged."""

NO_DATA = f"fewer than {LEAST_POINTS} observations since the baseline, or the latest older than {OLDEST_YEARS} years"
"""What the state "no data" says."""

OF = Dimension("SERIES", "series whose target it is", {}, "none", open_codes=True)

STATE_CODES = {
    "met": 1,
    "missed": 2,
    "on track": 3,
    "too slow": 4,
    "wrong way": 5,
    "cannot tell": 6,
    "no data": 7,
    "not measurable": 8,
}


class ProgressParameters(Parameters):
    """Choices of the assessment.

    Attributes:
        baseline_year: year from which observations count; targets due by then count from their first one.
        level: probability of the intervals.
    """

    section: ClassVar[str] = "progress"

    baseline_year: int = 2015
    level: float = Field(default=0.95, gt=0, lt=1)


def compute(_: Tables, __: ProgressParameters) -> list[pl.DataFrame]:
    """Compute nothing from files: the release computes it from its own numbers."""
    return []


def _series(code: str, name: str, definition: str, unit: str, limits: str = "") -> Series:
    return Series(
        code=f"SJ_PROGRESS_{code}",
        name=f"Progress to target: {name}",
        definition=definition,
        unit=unit,
        area_role="as in the series whose target it is",
        counterpart_role="as in the series whose target it is",
        dimensions=(OF,),
        words=(f"progress {name}",),
        limits=limits,
    )


_OWN = "Its unit is that of the series whose target it is."

INDICATOR = Indicator(
    code=CODE,
    name="Progress to target",
    series=(
        _series("DISTANCE", "distance", "Target less the latest value.", "NUMBER", _OWN),
        _series("REQUIRED_PACE", "required pace", "Yearly change that leads to the target.", "NUMBER", _OWN),
        _series("OBSERVED_PACE", "observed pace", "Yearly change since the baseline.", "NUMBER", _OWN),
        _series("PROJECTION", "projection", "Level in the target's year if all goes on.", "NUMBER", _OWN),
        _series("PROBABILITY", "probability", "Probability of meeting the target, in per cent.", "PT"),
        _series(
            "TWO_POINT", "two-point pace", "Observed over required compound rate; 1 is on track.", "NUMBER"
        ),
        _series(
            "STATE",
            "state",
            "State as a number: " + ", ".join(f"{code} {name}" for name, code in STATE_CODES.items()) + ".",
            "NUMBER",
            "The number is a code, not a quantity; its word is in the note.",
        ),
    ),
    needs=(),
    compute=compute,
    parameters=ProgressParameters,
    explanation=__doc__,
)
