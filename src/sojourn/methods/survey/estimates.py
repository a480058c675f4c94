"""Estimates of many domains with what their errors are computed from, and the ways to combine them.

With replicates an estimate is 1 + R numbers, and every function of estimates is computed on each of them. A
linearised estimate is one number and one score per sampling unit, and a function of estimates takes the same
function of scores that its differential says. So gaps and contrasts keep the covariance of what they compare.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from sojourn.methods.survey.design import Design
from sojourn.methods.survey.units import Units
from sojourn.methods.survey.variance import replicate_factors

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimates:
    """Point estimates by domain, and the material of their errors.

    Attributes:
        keys: one row per domain.
        n: cases, shape (D,).
        zeros: cases of zero weight, shape (D,).
        values: estimates under the full weight and the replicates, shape (D, 1 + R).
        scores: linearised scores per sampling unit, sparse (units, D), or None.
        members: where the domain has cases, sparse (units, D), or None.
        simple: variance that a simple random sample of the same size would have, shape (D,), or None.
        proportion: whether the estimates are proportions.
    """

    keys: pl.DataFrame
    n: NDArray[np.int64]
    zeros: NDArray[np.int64]
    values: Floats
    scores: Any = None
    members: Any = None
    simple: Floats | None = None
    proportion: bool = False

    @property
    def point(self) -> Floats:
        """Estimates under the full weight, shape (D,)."""
        return np.asarray(self.values[:, 0])

    def take(self, places: NDArray[np.intp]) -> Estimates:
        """Keep some domains, in the order given."""
        return replace(
            self,
            keys=self.keys[places] if self.keys.width else self.keys,
            n=self.n[places],
            zeros=self.zeros[places],
            values=self.values[places],
            scores=None if self.scores is None else self.scores[:, places],
            members=None if self.members is None else self.members[:, places],
            simple=None if self.simple is None else self.simple[places],
        )

    def variances(self, design: Design, units: Units | None) -> Floats:
        """Compute the variance of each estimate, shape (D,); NaN where nothing is known of it."""
        return spread(self.values, self.scores, design, units)

    def compared(self, other: Estimates, how: str, keys: pl.DataFrame) -> Estimates:
        """Take the difference from, or the ratio to, other estimates of the same sample, domain by domain."""
        a, b = self.point, other.point
        with np.errstate(divide="ignore", invalid="ignore"):
            if how == "difference":
                values, left, right = self.values - other.values, np.ones_like(a), -np.ones_like(b)
            else:
                values, left, right = self.values / other.values, 1 / b, -a / b**2
        scores = members = None
        if self.scores is not None:
            scores = (self.scores @ sparse.diags(left) + other.scores @ sparse.diags(right)).tocsc()
            members = (self.members + other.members).tocsc()
        return Estimates(
            keys,
            np.minimum(self.n, other.n),
            self.zeros + other.zeros,
            values,
            scores,
            members,
        )

    def quotient(self, other: Estimates) -> Estimates:
        """Divide totals by other totals of the same domains: means, shares and ratios."""
        found = self.compared(other, "ratio", self.keys)
        return replace(found, n=self.n, zeros=self.zeros, members=other.members)


def spread(values: Floats, scores: Any, design: Design, units: Units | None) -> Floats:
    """Compute variances from replicates, values of shape (D, 1 + R), or from scores per sampling unit.

    The diagonal of `variance.replicate_covariance`, for many domains at once.
    """
    if design.replicated:
        factors = replicate_factors(design.rscales, values.shape[1] - 1)
        counted = factors > 0
        replicates = values[:, 1:][:, counted]
        center = values[:, :1] if design.center == "estimate" else replicates.mean(axis=1, keepdims=True)
        assert design.scale is not None
        # A ratio whose denominator is zero under a replicate is infinite there: no error is known then.
        with np.errstate(invalid="ignore", over="ignore"):
            found = design.scale * ((replicates - center) ** 2 * factors[counted]).sum(axis=1)
        return np.where(np.isfinite(found), found, np.nan)
    if scores is None or units is None:
        return np.full(len(values), np.nan)
    return units.variances(scores, design)
