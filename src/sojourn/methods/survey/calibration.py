"""Calibration of weights to known totals, for all columns of weights at once.

Calibration depends on a row only through its auxiliary values, so it can be done on cells (rows with the
same auxiliary values, their weights added), for the full-sample weight and every replicate together. A cell
keeps the ratio of new to old weight, and every row in it takes that ratio.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sojourn.errors import UsageError

Floats = NDArray[np.float64]
Distance = Literal["linear", "raking", "logit"]
Ratio = Callable[[Floats], tuple[Floats, Floats]]

LARGEST_EXPONENT = 500.0
HALVINGS = 30


def post_stratify(weights: ArrayLike, stratum: ArrayLike, totals: ArrayLike) -> Floats:
    """Scale the weights within each post-stratum to its known total.

        w_k = d_k  T_h / sum_{k in h} d_k

    Args:
        weights: d, shape (cells,) or (cells, columns).
        stratum: code 0 to H - 1 of each cell.
        totals: T, shape (H,).

    Returns:
        The shape of the weights.

    Raises:
        UsageError: a post-stratum with a total and no weight in some column, or a cell without a total.

    Source: Särndal, Swensson and Wretman (1992), section 7.6.

    >>> post_stratify([1.0, 3.0, 2.0], [0, 0, 1], [8.0, 6.0]).tolist()
    [2.0, 6.0, 6.0]
    """
    d, one = _columns(weights)
    adjusted = _scaled(d, *_margin(stratum, totals, len(d)))
    return adjusted[:, 0] if one else adjusted


def rake(
    weights: ArrayLike,
    margins: Sequence[tuple[ArrayLike, ArrayLike]],
    *,
    tolerance: float = 1e-12,
    max_iterations: int = 1000,
) -> Floats:
    """Fit the weights to several margins by iterative proportional fitting.

    Each margin in turn is scaled to its totals, until after a full round no margin is further from its
    totals than `tolerance` times the population total.

    Args:
        weights: d, shape (cells,) or (cells, columns).
        margins: for each margin the codes of the cells, shape (cells,), and its totals, shape (H,).
        tolerance: relative to the population total.
        max_iterations: rounds.

    Raises:
        UsageError: margins whose totals add up to different populations, a margin cell with a total but no
            weight, no convergence.

    Source: W. E. Deming and F. F. Stephan (1940), Annals of Mathematical Statistics 11.

    >>> raked = rake([1.0, 1.0, 1.0, 1.0], [([0, 0, 1, 1], [6.0, 4.0]), ([0, 1, 0, 1], [5.0, 5.0])])
    >>> raked.tolist()
    [3.0, 3.0, 2.0, 2.0]
    """
    d, one = _columns(weights)
    sides = [_margin(codes, totals, len(d)) for codes, totals in margins]
    if not sides:
        raise UsageError("Raking needs at least one margin")
    population = sides[0][1].sum()
    for number, (_, totals) in enumerate(sides[1:], start=2):
        if abs(totals.sum() - population) > 1e-9 * abs(population):
            raise UsageError(
                f"Margin {number} adds up to {totals.sum():.15g}, the first to {population:.15g}",
                accepted="margins of one population",
            )
    w, gap = d, np.inf
    for _ in range(max_iterations):
        for codes, totals in sides:
            w = _scaled(w, codes, totals)
        gap = max(np.abs(_sums(w, codes, len(t)) - t[:, None]).max() for codes, t in sides)
        if gap <= tolerance * abs(population):
            return w[:, 0] if one else w
    raise _no_convergence(f"Raking is still {gap:.3g} from a margin after {max_iterations} rounds")


def calibrate(
    weights: ArrayLike,
    auxiliaries: ArrayLike,
    totals: ArrayLike,
    *,
    distance: Distance = "linear",
    bounds: tuple[float, float] | None = None,
    tolerance: float = 1e-11,
    max_iterations: int = 100,
) -> Floats:
    """Find the weights nearest to the old ones that reproduce known totals of auxiliary variables.

        w_k = d_k F(x_k' lambda),     lambda so that  sum_k w_k x_k = T

    with F(u) = 1 + u (linear: the generalised regression estimator; weights can become negative), exp(u)
    (raking) or the logit between bounds L < 1 < U,

        F(u) = (L (U-1) + U (1-L) e^{Au}) / (U - 1 + (1-L) e^{Au}),   A = (U-L) / ((1-L) (U-1)).

    Solved by Newton's method with halved steps. Auxiliaries may be linearly dependent if the totals agree.

    Args:
        weights: d, shape (cells,) or (cells, columns).
        auxiliaries: x, shape (cells, a): values or indicators; give a column of ones for the population.
        totals: T, shape (a,).
        distance: "linear", "raking" or "logit".
        bounds: (L, U) of w / d, for "logit" alone.
        tolerance: largest error of a total, relative to the population's scale of that auxiliary.
        max_iterations: Newton steps.

    Raises:
        UsageError: totals that no such weights reach (contradictory, or beyond the bounds), wrong bounds.

    Source: J.-C. Deville and C.-E. Särndal (1992), JASA 87, 376-382.

    >>> calibrate([1.0, 1.0, 2.0], [[1, 0], [1, 1], [1, 1]], [8.0, 6.0]).round(9).tolist()
    [2.0, 2.0, 4.0]
    """
    d, one = _columns(weights)
    x, target = np.asarray(auxiliaries, float), np.asarray(totals, float)
    if x.ndim != 2 or x.shape != (len(d), len(target)):
        raise UsageError(f"Auxiliaries of shape {x.shape} do not fit {len(d)} cells, {len(target)} totals")
    if not (np.isfinite(x).all() and np.isfinite(target).all()):
        raise UsageError("An auxiliary value or a total is missing or infinite")
    size = np.abs(x).max(axis=0)
    size = np.where(size > 0, size, 1.0)
    x, target = x / size, target / size
    # Totals are compared on the scale of the population: its size where a total is small or zero.
    population = max(np.abs(target).max(), float(np.abs(d).sum(axis=0).max()))
    ratio = _newton(d, x, target, _ratio(distance, bounds), tolerance * population, max_iterations)
    w = d * ratio
    return w[:, 0] if one else w


def _newton(d: Floats, x: Floats, target: Floats, ratio: Ratio, allowed: float, steps: int) -> Floats:
    """Solve for lambda in every column, halving the steps that do not come nearer."""
    multiplier = np.zeros((x.shape[1], d.shape[1]))
    value, slope = ratio(x @ multiplier)
    miss = target[:, None] - x.T @ (d * value)
    for _ in range(steps):
        if np.abs(miss).max() <= allowed:
            return value
        hessian = np.einsum("ca,cr,cb->rab", x, d * slope, x, optimize=True)
        step = np.einsum("rab,br->ar", np.linalg.pinv(hessian, rcond=1e-12, hermitian=True), miss)
        part, before = np.ones(d.shape[1]), np.abs(miss).max(axis=0)
        for _ in range(HALVINGS):
            value, slope = ratio(x @ (multiplier + part * step))
            miss = target[:, None] - x.T @ (d * value)
            worse = np.abs(miss).max(axis=0) > before
            if not worse.any():
                break
            part = np.where(worse, part / 2, part)
        multiplier = multiplier + part * step
    if np.abs(miss).max() <= allowed:
        return value
    raise _no_convergence(
        f"Calibration misses a total by {np.abs(miss).max():.3g} in {int((np.abs(miss) > allowed).any(axis=0).sum())}"
        f" of {d.shape[1]} columns of weights after {steps} steps"
    )


def _ratio(distance: str, bounds: tuple[float, float] | None) -> Ratio:
    """Return the function u -> (F(u), F'(u)) of a distance."""
    if (bounds is None) == (distance == "logit"):
        raise UsageError("Bounds of the weights belong to the logit distance, which needs them")
    if distance == "linear":
        return lambda u: (1 + u, np.ones_like(u))
    if distance == "raking":

        def exponential(u: Floats) -> tuple[Floats, Floats]:
            f = np.exp(np.clip(u, -LARGEST_EXPONENT, LARGEST_EXPONENT))
            return f, f

        return exponential
    if distance != "logit" or bounds is None:
        raise UsageError(f"There is no distance {distance!r}", accepted="linear, raking, logit")
    low, high = bounds
    if not low < 1 < high:
        raise UsageError(f"The bounds of the weights are {low} and {high}", accepted="lower < 1 < upper")
    steep = (high - low) / ((1 - low) * (high - 1))

    def bounded(u: Floats) -> tuple[Floats, Floats]:
        e = np.exp(np.clip(steep * u, -LARGEST_EXPONENT / 2, LARGEST_EXPONENT / 2))
        base = (high - 1) + (1 - low) * e
        f = (low * (high - 1) + high * (1 - low) * e) / base
        return f, steep * (1 - low) * (high - 1) * (high - low) * e / base**2

    return bounded


def indicators(*margins: ArrayLike) -> Floats:
    """Write codes as columns of zeros and ones, margin after margin, for `calibrate` and the scores.

    >>> indicators([0, 1, 1]).tolist()
    [[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]]
    """
    columns = []
    for margin in margins:
        codes = np.asarray(margin, np.intp)
        columns.append(np.eye(int(codes.max(initial=-1)) + 1)[codes])
    return np.hstack(columns)


def _columns(weights: ArrayLike) -> tuple[Floats, bool]:
    d = np.asarray(weights, float)
    if d.ndim not in {1, 2} or not np.isfinite(d).all():
        raise UsageError("A weight is missing or infinite, or the weights are no columns")
    return (d[:, None], True) if d.ndim == 1 else (d, False)


def _margin(codes: ArrayLike, totals: ArrayLike, cells: int) -> tuple[NDArray[np.intp], Floats]:
    code, total = np.asarray(codes, np.intp), np.asarray(totals, float)
    if code.shape != (cells,) or total.ndim != 1 or not (np.isfinite(total).all() and (total >= 0).all()):
        raise UsageError("A margin has codes for another number of cells, or a missing or negative total")
    if cells and (code.min() < 0 or code.max() >= len(total)):
        raise UsageError(f"A cell has the code {code.max()} and there are {len(total)} totals")
    return code, total


def _sums(w: Floats, codes: NDArray[np.intp], groups: int) -> Floats:
    return np.column_stack([np.bincount(codes, weights=column, minlength=groups) for column in w.T])


def _scaled(w: Floats, codes: NDArray[np.intp], totals: Floats) -> Floats:
    sums = _sums(w, codes, len(totals))
    empty = (sums <= 0) & (totals > 0)[:, None]
    if empty.any():
        group = int(np.flatnonzero(empty.any(axis=1))[0])
        raise UsageError(
            f"Group {group} has the known total {totals[group]:.15g} and no weight in "
            f"{int(empty[group].sum())} columns",
            advice="Merge it with another group.",
        )
    factor = np.divide(totals[:, None], sums, out=np.zeros_like(sums), where=sums > 0)
    return np.asarray(w * factor[codes])


def _no_convergence(what: str) -> UsageError:
    return UsageError(
        what,
        accepted="totals that the weights can reach",
        advice="Check the totals, merge groups, widen bounds.",
    )
