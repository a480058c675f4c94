"""Replicate weights made from a declared design: for simulated surveys, and to study coverage.

Published replicate weights are used as they come. These are for files that have a design and no replicates,
and for populations where the truth is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sojourn.errors import UsageError
from sojourn.methods.survey.linearization import sampling_stages
from sojourn.methods.survey.variance import Center

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ReplicateWeights:
    """Columns of weights with what `replicate_covariance` has to know of them.

    Attributes:
        weights: the full-sample weight first, then the replicates, shape (n, 1 + R).
        scale: overall factor.
        rscales: one factor per replicate, or None for ones.
        center: centre of the squares.
    """

    weights: Floats
    scale: float
    rscales: Floats | None
    center: Center


def successive_differences(weight: ArrayLike, units: ArrayLike, replicates: int = 80) -> ReplicateWeights:
    """Make replicate weights by successive differences, for units in the order of a systematic sample.

        f_ir = 1 + 2^(-3/2) (a_{k(i) r} - a_{k(i)+1 r}),     V = 4/R sum_r (t_r - t_0)^2

    with a Hadamard matrix a of order R whose rows are taken in turn, the row of ones left out.

    Args:
        weight: shape (n,).
        units: sampling unit (household) of each row, in the order of the sample, shape (n,).
        replicates: R, the order of a Hadamard matrix.

    Source: R. E. Fay and G. F. Train (1995), Proceedings of the Section on Government Statistics, ASA.

    >>> made = successive_differences([1.0, 1.0], [0, 1], replicates=4)
    >>> made.weights.round(3).tolist()
    [[1.0, 1.0, 0.293, 1.0, 1.707], [1.0, 1.0, 1.707, 0.293, 1.0]]
    """
    factor = successive_difference_factors(_in_order_of_appearance(units), replicates)
    return _made(weight, factor, 4 / replicates, None, "estimate")


def successive_difference_factors(position: ArrayLike, replicates: int = 80) -> Floats:
    """Give the replicate factors of units by their position in the sample, so that a sample can be streamed.

    Args:
        position: place of each unit in the order of the whole sample, from 0, shape (n,).
        replicates: R, the order of a Hadamard matrix.

    Returns:
        f_ir, each 1 or 1 +- 2^(-1/2), shape (n, R).

    Raises:
        UsageError: no Hadamard matrix of this order is made here.

    >>> factors = successive_difference_factors([0, 1, 79])
    >>> factors.shape, bool((factors[0] == factors[2]).all())
    ((3, 80), True)
    """
    matrix = hadamard(replicates)[1:]
    turn = replicates - 1
    first = np.asarray(position) % turn
    return np.asarray(1 + 2**-1.5 * (matrix[first] - matrix[(first + 1) % turn]))


def half_samples(
    weight: ArrayLike, strata: ArrayLike, units: ArrayLike, fay: float = 0.0
) -> ReplicateWeights:
    """Make balanced half-samples of strata with two units each, whole (0) or by Fay's method (0 to 1).

    One unit of each stratum takes the factor 2 - rho, the other rho, by the signs of a Hadamard matrix;
    V = 1 / (R (1 - rho)^2) sum (t_r - t_0)^2.

    Args:
        weight: shape (n,).
        strata: shape (n,).
        units: shape (n,); two in every stratum.
        fay: rho, from 0 to below 1.

    Source: P. J. McCarthy (1969), Review of the International Statistical Institute 37; D. Judkins (1990).

    >>> half_samples([1.0, 1.0], [0, 0], [0, 1]).weights[:, 1:].sum(axis=0).tolist()
    [2.0, 2.0, 2.0, 2.0]
    """
    stage = sampling_stages(np.size(weight), strata, [np.asarray(units)], None)[0]
    if (stage.sampled != 2).any():
        raise UsageError("A stratum has not two sampling units", accepted="two in every stratum")
    if not 0 <= fay < 1:
        raise UsageError(f"Fay's factor is {fay}", accepted="from 0 to below 1")
    matrix = hadamard(_next_order(len(stage.sampled) + 1))
    # Units are numbered by stratum, so that the first of the two is the even one.
    sign = np.where(stage.unit % 2 == 0, 1.0, -1.0)[:, None] * matrix[1 + stage.stratum]
    return _made(weight, 1 + (1 - fay) * sign, 1 / (len(matrix) * (1 - fay) ** 2), None, "estimate")


def jackknife(
    weight: ArrayLike, strata: ArrayLike | None, units: ArrayLike | None, fpc: ArrayLike | None = None
) -> ReplicateWeights:
    """Make delete-one jackknife weights: one replicate per sampling unit, the rest of its stratum scaled up.

    V = sum_r b_r (t_r - t_0)^2 with b_r = (1 - f_h) (n_h - 1) / n_h. Not for quantiles (`require_smooth`).

    Args:
        weight: shape (n,).
        strata: shape (n,), or None for one stratum.
        units: shape (n,), or None where each row is a unit.
        fpc: as for `linearized_covariance`, or None.

    Source: K. M. Wolter (2007), chapter 4.

    >>> jackknife([2.0, 2.0], None, None).weights.tolist()
    [[2.0, 0.0, 4.0], [2.0, 4.0, 0.0]]
    """
    stage = sampling_stages(np.size(weight), strata, None if units is None else [np.asarray(units)], fpc)[0]
    n = stage.sampled
    if (n < 2).any():
        raise UsageError("A stratum has a single sampling unit: the jackknife cannot leave it out")
    of = stage.stratum_of_unit
    same = stage.stratum[:, None] == of[None, :]
    factor = np.where(same, (n / (n - 1))[of], 1.0)
    factor[stage.unit[:, None] == np.arange(len(of))] = 0.0
    return _made(weight, factor, 1.0, ((1 - stage.fraction) * (n - 1) / n)[of], "estimate")


def bootstrap(
    weight: ArrayLike,
    strata: ArrayLike | None,
    units: ArrayLike | None,
    *,
    replicates: int,
    rng: np.random.Generator,
) -> ReplicateWeights:
    """Make bootstrap weights: in each stratum n_h - 1 units drawn with replacement, scaled to unbiasedness.

        f_i = n_h / (n_h - 1)  times drawn,     V = 1/R sum (t_r - t_0)^2

    Args:
        weight: shape (n,).
        strata: shape (n,), or None for one stratum.
        units: shape (n,), or None where each row is a unit.
        replicates: R.
        rng: where the draws come from.

    Source: J. N. K. Rao and C. F. J. Wu (1988), JASA 83; Rao, Wu and Yue (1992), Survey Methodology 18.

    >>> made = bootstrap([1.0] * 4, None, None, replicates=50, rng=np.random.default_rng(0))
    >>> made.weights.sum(axis=0).round(9).tolist() == [4.0] * 51
    True
    """
    stage = sampling_stages(np.size(weight), strata, None if units is None else [np.asarray(units)], None)[0]
    if (stage.sampled < 2).any():
        raise UsageError("A stratum has a single sampling unit: the bootstrap cannot vary it")
    factor = np.empty((len(stage.stratum_of_unit), replicates))
    for stratum, n in enumerate(stage.sampled.astype(int)):
        drawn = rng.multinomial(n - 1, np.full(n, 1 / n), size=replicates).T
        factor[stage.stratum_of_unit == stratum] = n / (n - 1) * drawn
    return _made(weight, factor[stage.unit], 1 / replicates, None, "estimate")


def hadamard(order: int) -> Floats:
    """Make a Hadamard matrix with a first row of ones: orthogonal rows of plus and minus one.

    By Sylvester's doubling and Paley's first construction, hence for 1, 2 and every order q + 1 with q a
    prime of the form 4 k + 3 (4, 8, 12, 20, 24, 32, 44, 48, 60, 68, 72, 80 ...), doubled at will.

    Source: R. E. A. C. Paley (1933), Journal of Mathematics and Physics 12.

    >>> h = hadamard(80)
    >>> bool((h @ h.T == 80 * np.eye(80)).all()), bool((h[0] == 1).all())
    (True, True)
    """
    if order == 1:
        return np.ones((1, 1))
    if order % 4 == 0 and _is_prime(order - 1):
        return _paley(order - 1)
    if _has_hadamard(order):
        half = hadamard(order // 2)
        return np.block([[half, half], [half, -half]])
    raise UsageError(
        f"No Hadamard matrix of the order {order} is made here", accepted="4, 8, 12, 16, 20, 24 ..."
    )


def _paley(q: int) -> Floats:
    """Build Paley's matrix of order q + 1 from the squares modulo q, with signs that make row 0 ones."""
    squares = np.unique(np.arange(1, q) ** 2 % q)
    difference = (np.arange(q)[:, None] - np.arange(q)[None, :]) % q
    character = np.where(np.isin(difference, squares), 1.0, -1.0)
    np.fill_diagonal(character, -1.0)
    matrix = np.ones((q + 1, q + 1))
    matrix[1:, 1:] = character
    return matrix


def _next_order(least: int) -> int:
    order = max(4, -(-least // 4) * 4)
    while not _has_hadamard(order):
        order += 4
    return order


def _has_hadamard(order: int) -> bool:
    return order in {1, 2} or (order % 4 == 0 and (_is_prime(order - 1) or _has_hadamard(order // 2)))


def _is_prime(number: int) -> bool:
    return number > 1 and all(number % divisor for divisor in range(2, isqrt(number) + 1))


def _in_order_of_appearance(units: ArrayLike) -> NDArray[np.intp]:
    _, first, code = np.unique(np.asarray(units), return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.intp)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[code]


def _made(
    weight: ArrayLike, factor: Floats, scale: float, rscales: Floats | None, center: Center
) -> ReplicateWeights:
    w = np.asarray(weight, float)
    if w.shape != (len(factor),):
        raise UsageError(f"Weights of shape {w.shape} do not fit {len(factor)} rows")
    return ReplicateWeights(np.column_stack([w, w[:, None] * factor]), scale, rscales, center)
