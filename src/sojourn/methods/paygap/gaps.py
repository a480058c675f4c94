"""Raw and factor-weighted pay gaps between natives and migrants, with errors: array core."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sojourn.errors import UsageError
from sojourn.methods.paygap.linearised import Estimates, Floats, Linearised, Sampling, estimate, joined, mean
from sojourn.methods.paygap.rif import quantile

Flags = NDArray[np.bool_]


def rows_of(wages: ArrayLike, migrant: ArrayLike) -> tuple[Floats, Flags]:
    """Check wages (positive where a ratio is taken is the caller's rule) and the flag of migrants.

    Raises:
        UsageError: shapes that do not fit, wages that are not known, or one of the two groups is empty.
    """
    y, foreign = np.asarray(wages, float), np.asarray(migrant)
    if y.ndim != 1 or foreign.shape != y.shape or foreign.dtype != np.bool_:
        raise UsageError(
            f"wages {y.shape}, migrant {foreign.shape} of {foreign.dtype}",
            accepted="one wage, one bool per row",
        )
    if not np.isfinite(y).all():
        raise UsageError(f"{int(np.sum(~np.isfinite(y)))} wages are not known", accepted="known wages")
    if foreign.all() or not foreign.any():
        raise UsageError("one of the groups has no rows", accepted="natives and migrants")
    return y, foreign


def raw_gap(
    wages: ArrayLike,
    migrant: ArrayLike,
    how: Sampling | None = None,
    statistic: Literal["mean", "median"] = "mean",
    bandwidth: float | None = None,
) -> Estimates:
    """Compute how much less migrants earn, as a share of what natives earn.

        gap = 1 - f(w_migrant) / f(w_native),   f the weighted mean or median

    Args:
        wages: hourly wages, shape (n,).
        migrant: bool, shape (n,).
        how: the design; equal weights and independent rows where not given.
        statistic: "mean" or "median".
        bandwidth: of the density that the linearised error of the median needs; Silverman's where not given.

    Returns:
        native, migrant (same unit as the wages) and gap (share; negative where migrants earn more).

    Raises:
        UsageError: broken rows, an empty group, or natives with a mean that is not positive.

    Source: ILO (2020), The Migrant Pay Gap (measure from memory).

    >>> found = raw_gap([10.0, 20.0, 9.0, 15.0], np.array([False, False, True, True]))
    >>> round(found["gap"][0], 6)
    0.2
    """
    y, foreign = rows_of(wages, migrant)

    def both(w: Floats) -> Linearised:
        sides = [w * ~foreign, w * foreign]
        if statistic == "mean":
            native, migrants = (mean(y[:, None], side) for side in sides)
        else:
            native, migrants = (quantile(y, side, 0.5, bandwidth) for side in sides)
        return joined([native, migrants, _gap(native, migrants)])

    return estimate(both, ["native", "migrant", "gap"], y.size, how or Sampling())


def _gap(native: Linearised, migrants: Linearised) -> Linearised:
    if not np.all(native.value > 0):
        raise UsageError(
            "natives' wages are not positive", accepted="wages on their own scale, not in logarithms"
        )
    return (native - migrants) / native


@dataclass(frozen=True, slots=True, eq=False)
class FactorWeighted:
    """The factor-weighted gap, with what it leaves out.

    Attributes:
        estimates: gap.
        groups: codes of the groups that have both natives and migrants.
        gaps, shares: gap of each of them, and its share among the wage earners of all of them.
        dropped: codes of the groups without both.
        dropped_share: share of all wage earners (by weight) who are in them.
    """

    estimates: Estimates
    groups: NDArray[np.generic]
    gaps: Floats
    shares: Floats
    dropped: NDArray[np.generic]
    dropped_share: float


def factor_weighted_gap(
    wages: ArrayLike, migrant: ArrayLike, groups: ArrayLike, how: Sampling | None = None
) -> FactorWeighted:
    """Compute the pay gap among people who are alike: the mean of the gaps of groups.

        gap = sum_g s_g (1 - mean w_migrant,g / mean w_native,g),   s_g = weight of group g / weight of all

    Groups that have no natives or no migrants are dropped, and s_g is of the wage earners who are left; the
    full weights decide which groups these are.

    Args:
        wages: hourly wages, shape (n,).
        migrant: bool, shape (n,).
        groups: codes of education x age x sex x …, shape (n,).
        how: the design.

    Returns:
        The gap and its parts.

    Raises:
        UsageError: broken rows, or no group with both.

    Source: ILO, Global Wage Report 2018/19 (idea; the rule of dropping is from memory).

    >>> found = factor_weighted_gap([10, 9, 20, 10, 7], np.array([0, 1, 0, 1, 1], bool), list("aabbc"))
    >>> round(found.estimates["gap"][0], 6), found.dropped.tolist(), found.dropped_share
    (0.3, ['c'], 0.2)
    """
    y, foreign = rows_of(wages, migrant)
    codes, group = np.unique(np.asarray(groups), return_inverse=True)
    if group.shape != y.shape:
        raise UsageError(f"groups of shape {group.shape}", accepted="one code per row")
    how = how or Sampling()
    full = np.ones(y.size) if how.weights is None else np.asarray(how.weights, float)
    held = [np.bincount(group, weights=full * side, minlength=codes.size) for side in (~foreign, foreign)]
    both = (held[0] > 0) & (held[1] > 0)
    if not both.any():
        raise UsageError("no group has natives and migrants", accepted="coarser groups")
    kept = np.flatnonzero(both)

    def parts(w: Floats) -> tuple[Linearised, Linearised]:
        inside = w * both[group]
        shares = mean((group[:, None] == kept).astype(float), inside)
        gaps = [
            _gap(mean(y[:, None], w * (group == g) * ~foreign), mean(y[:, None], w * (group == g) * foreign))
            for g in kept
        ]
        return shares, joined(gaps)

    def weighted(w: Floats) -> Linearised:
        shares, gaps = parts(w)
        return (shares * gaps).total()

    found = estimate(weighted, ["gap"], y.size, how)
    shares, gaps = parts(full)
    lost = float((full * ~both[group]).sum() / full.sum())
    return FactorWeighted(found, codes[kept], gaps.value, shares.value, codes[~both], lost)
