"""Pay gaps between natives and migrants: raw, factor-weighted, decomposed.

    linearised.py  estimates that carry their influence values; designs; errors
    gaps.py        raw gap of means and medians, factor-weighted gap
    rif.py         quantiles, densities, recentred influence functions
    oaxaca.py      Oaxaca–Blinder, two-fold and three-fold, and at quantiles
    columns.py     regressors from columns, normalised effects
    tables.py      the same from a table: categories with the omitted one stated, normalised effects

>>> import numpy as np
>>> round(raw_gap([10.0, 20.0, 9.0, 15.0], np.array([False, False, True, True]))["gap"][0], 6)
0.2
"""

from __future__ import annotations

from sojourn.methods.paygap.gaps import FactorWeighted, factor_weighted_gap, raw_gap
from sojourn.methods.paygap.linearised import Estimates, Sampling
from sojourn.methods.paygap.oaxaca import (
    REFERENCES,
    Reference,
    quantile_decomposition,
    three_fold,
    two_fold,
)
from sojourn.methods.paygap.tables import (
    Found,
    Survey,
    decomposition_table,
    factor_weighted_gap_table,
    raw_gap_table,
)

__all__ = [
    "REFERENCES",
    "Estimates",
    "FactorWeighted",
    "Found",
    "Reference",
    "Sampling",
    "Survey",
    "decomposition_table",
    "factor_weighted_gap",
    "factor_weighted_gap_table",
    "quantile_decomposition",
    "raw_gap",
    "raw_gap_table",
    "three_fold",
    "two_fold",
]
