"""The probability rule that turns chances into a state, in words that a report may print.

In this order:

    not measurable   no target is stated
    no data          fewer than 3 observations since the baseline, or the latest is older than 5 years
    met              P(latest level meets the target) >= 0.90
    missed           the due date has passed
    on track         P(projected level meets the target) >= 0.66
    wrong way        P(the level improved since the baseline) <= 0.10
    too slow         that chance >= 0.90, and that of meeting the target <= 0.33
    cannot tell      else

"Cannot tell" is a first-class answer. The limit of 0.10 keeps "wrong way" from being said of flat noise in
more than 10 of 100 cases; a rule of two points says it in 45 of 100. The age is judged on the day of the
assessment, or on the due date where that has passed.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

STATES = ("met", "missed", "on track", "too slow", "wrong way", "cannot tell", "no data", "not measurable")

MET = 0.90
ON_TRACK = 0.66
RIGHT_WAY, WRONG_WAY = 0.90, 0.10
UNLIKELY = 0.33
LEAST_POINTS = 3
OLDEST_YEARS = 5


def states(meets_now: Floats, meets_then: Floats, right_way: Floats, past_due: Flags) -> NDArray[np.str_]:
    """Give the state of each series that has a target and enough data.

    Args:
        meets_now: P(latest level meets the target), (series).
        meets_then: P(projected level meets the target), (series); ignored where the due date has passed.
        right_way: P(the level improved since the baseline), (series).
        past_due: whether the due date has passed, (series).

    >>> import numpy as np
    >>> one = lambda *p: str(states(*(np.array([each]) for each in p), np.array([False]))[0])
    >>> one(0.0, 0.1, 0.95), one(0.0, 0.1, 0.05), one(0.0, 0.5, 0.95)
    ('too slow', 'wrong way', 'cannot tell')
    """
    conditions = [
        meets_now >= MET,
        past_due,
        meets_then >= ON_TRACK,
        right_way <= WRONG_WAY,
        (right_way >= RIGHT_WAY) & (meets_then <= UNLIKELY),
    ]
    names = ["met", "missed", "on track", "wrong way", "too slow"]
    return np.asarray(np.select(conditions, names, default="cannot tell"))
