"""Progress to a target: distance, pace, projection, the chance of meeting it, and a state.

    trend.py     the model of trend and noise, for many short series at once
    pace.py      the pace that is required, and the two-point pace of the UN
    states.py    the probability rule: met, missed, on track, too slow, wrong way, cannot tell …
    records.py   what a target is, and what an assessment says
    estimates.py from cases to numbers: cut, fit, project
    tables.py    a target and a table of observations -> an assessment
    scoring.py   how well the probabilities were calibrated on years that were held out

>>> import polars as pl
>>> cost = pl.DataFrame({"time": [2015.5, 2017.5, 2019.5, 2021.5, 2023.5], "value": [7.5, 7.2, 6.8, 6.3, 6.2]})
>>> assess(cost, Target(3.0, 2030, "lower")).state
'too slow'
"""

from __future__ import annotations

from sojourn.methods.progress.records import Assessment, Target
from sojourn.methods.progress.states import STATES
from sojourn.methods.progress.tables import assess, assess_each

__all__ = ["STATES", "Assessment", "Target", "assess", "assess_each"]
