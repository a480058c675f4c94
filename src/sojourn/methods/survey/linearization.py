"""Covariance by linearisation: weighted influence values, summed per sampling unit, stage by stage.

A smooth statistic moves, to first order, by the sum of the influence values of its rows. So its covariance
is that of a total, and a total's covariance needs only the sums per sampling unit within strata. A domain
is no smaller survey: rows outside it keep their place with influence zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sojourn.errors import UsageError

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
Lonely = Literal["fail", "certainty", "adjust", "average", "remove"]
LONELY_RULES = ("fail", "certainty", "adjust", "average", "remove")


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of sampling as the rows see it: codes 0, 1, 2 ... and the size of each stratum.

    Attributes:
        stratum: code of the stratum of each row, shape (n,). From the second stage on, the units of the
            stage before are part of it.
        unit: code of the sampling unit of each row, distinct across strata, shape (n,).
        stratum_of_unit: shape (units,).
        sampled: units sampled in each stratum, shape (strata,).
        fraction: sampling fraction of each stratum, 0 where sampling is with replacement.
    """

    stratum: Codes
    unit: Codes
    stratum_of_unit: Codes
    sampled: Floats
    fraction: Floats


def linearized_covariance(
    scores: ArrayLike,
    strata: ArrayLike | Sequence[ArrayLike | None] | None = None,
    clusters: ArrayLike | Sequence[ArrayLike] | None = None,
    fpc: ArrayLike | Sequence[ArrayLike | None] | None = None,
    lonely: Lonely = "fail",
) -> Floats:
    """Compute the covariance of estimates from the weighted influence values of the rows.

        V = sum_s  sum_h  F_h (1 - f_h)  n_h / (n_h - 1)  sum_i (z_hi - zbar_h)(z_hi - zbar_h)'

    over stages s and the strata h of each. z_hi sums the scores of sampling unit i; F_h multiplies the
    sampling fractions of the stages before; later stages count only where every stage before has a finite
    population (without one, units are drawn as if with replacement and the first stage holds it all).

    Args:
        scores: w u, weighted influence values, shape (n, p) or (n,); zero outside the domain.
        strata: codes per row, or a list with one such array (or None) per stage; None: one stratum.
        clusters: sampling units per row, or a list of one array per stage; None: each row is a unit.
            Units of equal code in two strata are two units.
        fpc: per row the units in the population of its stratum (above 1), or the fraction sampled (0 to
            1, where all values are), or a list of one such array (or None) per stage.
        lonely: what a stratum with a single unit stands for: "fail" refuses; "certainty" and "remove" let
            it add nothing; "adjust" centres it on the mean of all units; "average" gives it the mean of
            the other strata's contributions. A stratum that is taken whole (f = 1) adds nothing under any rule.

    Returns:
        Shape (p, p).

    Raises:
        UsageError: lengths that do not fit, a lonely unit under "fail", more units sampled than exist, a
            finite population that differs within a stratum.

    Source: D. A. Binder (1983), International Statistical Review 51; T. Lumley, Complex Surveys (2010),
    section 2.2 and appendix C; C.-E. Särndal, B. Swensson and J. Wretman (1992), section 4.3.

    >>> linearized_covariance([1.0, 3.0, 2.0, 6.0], strata=[1, 1, 2, 2]).tolist()
    [[20.0]]
    >>> linearized_covariance([1.0, 3.0, 2.0, 6.0], [1, 1, 2, 2], fpc=[4, 4, 8, 8]).tolist()
    [[14.0]]
    """
    z = np.asarray(scores, float)
    z = z[:, None] if z.ndim == 1 else z
    if not np.isfinite(z).all():
        raise UsageError("An influence value is missing or infinite", accepted="0 outside the domain")
    covariance = np.zeros((z.shape[1], z.shape[1]))
    before = np.ones(len(z))
    for stage in sampling_stages(len(z), strata, clusters, fpc):
        reach = np.zeros(len(stage.sampled))
        reach[stage.stratum] = before
        totals = _sum_by(z, stage.unit, len(stage.stratum_of_unit))
        covariance += totals_covariance(
            totals,
            stage.stratum_of_unit,
            sampled=stage.sampled,
            fraction=stage.fraction,
            multiplier=reach,
            lonely=lonely,
        )
        before = before * stage.fraction[stage.stratum]
        if not before.any():
            break
    return covariance


def totals_covariance(
    totals: ArrayLike,
    stratum: ArrayLike,
    *,
    sampled: ArrayLike | None = None,
    fraction: ArrayLike | None = None,
    multiplier: ArrayLike | None = None,
    lonely: Lonely = "fail",
) -> Floats:
    """Compute one stage's covariance from the sums of the scores per sampling unit.

        V = sum_h  F_h (1 - f_h)  n_h / (n_h - 1)  sum_i (z_hi - zbar_h)(z_hi - zbar_h)'

    The form for sums that a database has made. Units that hold no row of the domain may be left out when
    `sampled` says how many there are: they count as zeros.

    Args:
        totals: z_hi, shape (units, p) or (units,).
        stratum: code 0 to H - 1 of the stratum of each unit.
        sampled: n_h, units sampled per stratum, shape (H,); None: the units given.
        fraction: f_h, shape (H,); None: sampled with replacement.
        multiplier: F_h, shape (H,); None: ones, a first stage.
        lonely: as for `linearized_covariance`.

    Raises:
        UsageError: as for `linearized_covariance`; also fewer units sampled than given.

    >>> totals_covariance([1.0, 3.0], [0, 0], sampled=[4]).round(9).tolist()
    [[8.0]]
    """
    z = np.asarray(totals, float)
    z = z[:, None] if z.ndim == 1 else z
    h = np.asarray(stratum, np.intp)
    strata = max(int(h.max(initial=-1)) + 1, np.size(sampled) if sampled is not None else 0)
    present = np.bincount(h, minlength=strata).astype(float)
    n = present if sampled is None else np.asarray(sampled, float)
    f = np.zeros(strata) if fraction is None else np.asarray(fraction, float)
    reach = np.ones(strata) if multiplier is None else np.asarray(multiplier, float)
    if not n.shape == f.shape == reach.shape or (n < present).any():
        raise UsageError("The strata's sizes do not fit the units given")
    open_strata = (f < 1) & (n > 0)
    alone = open_strata & (n == 1)
    _refuse_lonely(alone, lonely)
    several = open_strata & (n > 1)
    factor = np.where(several, reach * (1 - f) * n / np.where(several, n - 1, 1), 0.0)
    mean = _sum_by(z, h, strata) / np.where(n > 0, n, 1)[:, None]
    deviation = z - mean[h]
    absent = factor * (n - present)
    covariance = (deviation.T * factor[h]) @ deviation + (mean.T * absent) @ mean
    if lonely == "average" and alone.any():
        if not several.any():
            raise UsageError("Every stratum has a single sampling unit: there is no average to take")
        covariance = covariance * (1 + alone.sum() / several.sum())
    if lonely == "adjust" and alone.any():
        covariance = covariance + _about_the_mean(z, h, n, np.where(alone, reach * (1 - f), 0.0), present)
    return np.asarray(covariance)


def _about_the_mean(z: Floats, h: Codes, n: Floats, factor: Floats, present: Floats) -> Floats:
    """Sum the squares of lonely units about the mean of all units of the stage."""
    overall = z.sum(axis=0) / n.sum()
    deviation = z - overall
    absent = (factor * (n - present)).sum()
    return np.asarray((deviation.T * factor[h]) @ deviation + absent * np.outer(overall, overall))


def sampling_stages(
    rows: int,
    strata: ArrayLike | Sequence[ArrayLike | None] | None,
    clusters: ArrayLike | Sequence[ArrayLike] | None,
    fpc: ArrayLike | Sequence[ArrayLike | None] | None,
) -> list[Stage]:
    """Read a design's columns into stages with codes, sizes and sampling fractions.

    Arguments and errors as for `linearized_covariance`.

    >>> stage, = sampling_stages(3, None, [7, 7, 9], None)
    >>> stage.unit.tolist(), stage.sampled.tolist()
    ([0, 0, 1], [2.0])
    """
    units = [np.arange(rows)] if clusters is None else _per_stage(clusters)
    layers, sizes = _padded(strata, len(units), "strata"), _padded(fpc, len(units), "finite populations")
    stages: list[Stage] = []
    parent = np.zeros(rows, np.intp)
    for number, (unit, layer, size) in enumerate(zip(units, layers, sizes, strict=True), start=1):
        if unit is None:
            raise UsageError(f"Stage {number} has no sampling units")
        for column in (unit, layer, size):
            if column is not None and column.shape != (rows,):
                raise UsageError(f"Stage {number} has {column.size} codes for {rows} rows")
        stratum = parent if layer is None else _codes(parent, layer)
        code = _codes(stratum, unit)
        of_unit = np.zeros(int(code.max(initial=-1)) + 1, np.intp)
        of_unit[code] = stratum
        sampled = np.bincount(of_unit).astype(float)
        stages.append(Stage(stratum, code, of_unit, sampled, _fraction(size, stratum, sampled)))
        parent = code
    return stages


def degrees_of_freedom(
    strata: ArrayLike | None, clusters: ArrayLike | None, counted: ArrayLike | None = None
) -> int:
    """Count the degrees of freedom of a linearised covariance: first-stage units less strata.

    Args:
        strata: first-stage strata per row; None: one stratum.
        clusters: first-stage units per row; None: each row is a unit.
        counted: truth per row, for a domain: only units and strata with a row in it count.

    Source: E. L. Korn and B. I. Graubard, Analysis of Health Surveys (1999), section 5.2.

    >>> degrees_of_freedom([1, 1, 2, 2, 2], None)
    3
    >>> degrees_of_freedom([1, 1, 2, 2, 2], None, [True, True, False, False, False])
    1
    """
    given = [np.asarray(a) for a in (strata, clusters, counted) if a is not None]
    if not given:
        raise UsageError("Degrees of freedom need strata, clusters or a domain to count")
    rows = len(given[0])
    stage = sampling_stages(rows, strata, clusters, None)[0]
    kept = np.ones(rows, bool) if counted is None else np.asarray(counted, bool)
    return len(np.unique(stage.unit[kept])) - len(np.unique(stage.stratum[kept]))


def _per_stage(given: object) -> list[NDArray[np.generic] | None]:
    """Part a list of columns, one per stage, from a single column."""
    if isinstance(given, (list, tuple)) and any(item is None or np.ndim(item) == 1 for item in given):
        return [None if item is None else np.asarray(item) for item in given]
    column: NDArray[np.generic] = np.asarray(given)
    return [column]


def _padded(given: object, stages: int, name: str) -> list[NDArray[np.generic] | None]:
    columns: list[NDArray[np.generic] | None] = [] if given is None else _per_stage(given)
    if len(columns) > stages:
        raise UsageError(f"There are {name} for {len(columns)} stages, and sampling units for {stages}")
    return columns + [None] * (stages - len(columns))


def _codes(outer: Codes, inner: NDArray[np.generic]) -> Codes:
    """Number the pairs of an outer and an inner code from 0, in their order."""
    inner_code = np.unique(inner, return_inverse=True)[1].astype(np.intp)
    pair = outer * (int(inner_code.max(initial=-1)) + 1) + inner_code
    return np.asarray(np.unique(pair, return_inverse=True)[1], np.intp)


def _fraction(size: NDArray[np.generic] | None, stratum: Codes, sampled: Floats) -> Floats:
    if size is None:
        return np.zeros(len(sampled))
    given = size.astype(float)
    if not (np.isfinite(given).all() and (given > 0).all()):
        raise UsageError("A finite population is missing, zero or negative")
    value = np.zeros(len(sampled))
    value[stratum] = given
    if (value[stratum] != given).any():
        raise UsageError("A finite population differs between the rows of one stratum")
    fraction = value if (given <= 1).all() else sampled / value
    if (fraction > 1).any():
        raise UsageError(
            f"A stratum has {sampled[fraction > 1][0]:.0f} sampling units of a population of "
            f"{value[fraction > 1][0]:g}"
        )
    return fraction


def _sum_by(z: Floats, code: Codes, groups: int) -> Floats:
    """Sum rows by group in the order of the rows, so that the same rows give the same bits."""
    return np.column_stack([np.bincount(code, weights=column, minlength=groups) for column in z.T])


def _refuse_lonely(alone: NDArray[np.bool_], lonely: str) -> None:
    if lonely not in LONELY_RULES:
        raise UsageError(f"There is no rule {lonely!r} for lonely units", accepted=", ".join(LONELY_RULES))
    if lonely == "fail" and alone.any():
        raise UsageError(
            f"{int(alone.sum())} strata have a single sampling unit, so that their variance is not known",
            accepted="two or more units per stratum, or a stated rule",
            advice="Merge strata, or choose certainty, adjust, average or remove.",
        )
