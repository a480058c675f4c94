"""The Oaxaca–Blinder decomposition of a gap between natives (N) and migrants (M): array core.

    gap = ybar_N - ybar_M
    three-fold: E = (x_N - x_M) b_M,   C = x_M (b_N - b_M),   I = (x_N - x_M)(b_N - b_M)
    two-fold:   explained = (x_N - x_M) b*,   unexplained = x_N (b_N - b*) + x_M (b* - b_M)

b* are the coefficients of a world without a gap; what they are is a choice, and is always stated:

    native   b_N              half     (b_N + b_M) / 2 (Reimers 1983)
    foreign  b_M              cotton   s b_N + (1 - s) b_M, s the natives' share (Cotton 1988)
    neumark  of both groups pooled (Neumark 1988)
    jann     of both pooled with a dummy for the group, which is then left out (Jann 2008; Fortin 2008)

Source: Blinder (1973); Oaxaca (1973); Jann (2008), Stata Journal 8, 453-479.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from sojourn.errors import UsageError
from sojourn.methods.paygap.gaps import Flags, rows_of
from sojourn.methods.paygap.linearised import (
    Estimates,
    Floats,
    Linearised,
    Sampling,
    estimate,
    joined,
    mean,
    regression,
)
from sojourn.methods.paygap.rif import recentred

Reference = Literal["native", "foreign", "half", "cotton", "neumark", "jann"]
REFERENCES: tuple[Reference, ...] = get_args(Reference)


Detail = tuple[Floats, Floats]
Outcome = Callable[[Floats], Floats]


def two_fold(
    wages: ArrayLike,
    migrant: ArrayLike,
    regressors: ArrayLike,
    names: Sequence[str],
    reference: Reference = "native",
    how: Sampling | None = None,
    detail: Detail | None = None,
) -> Estimates:
    """Split a gap of means into what differences of the regressors explain, and the rest.

        explained = (x_N - x_M) b*,   unexplained = x_N (b_N - b*) + x_M (b* - b_M)

    Args:
        wages: y, usually the logarithm of the hourly wage, shape (n,).
        migrant: bool, shape (n,).
        regressors: x, shape (n, k), with the constant, one category of each categorical variable left out.
        names: of the regressors, or of the detail where given.
        reference: b*, one of REFERENCES.
        how: the design.
        detail: for normalised effects of categories, regressors x' (n, k') and a matrix T (k', k) such that
            x' T = x; the detail is then of x' and T b.

    Returns:
        gap, explained, unexplained, unexplained_native, unexplained_migrant, and the first two for every
        regressor as explained:NAME and unexplained:NAME.

    Raises:
        UsageError: shapes that do not fit, values that are not known, collinear regressors, an unknown reference.

    Source: Oaxaca (1973); Blinder (1973); references by Reimers (1983), Cotton (1988), Neumark (1988), Jann (2008).

    >>> y, foreign = [2.0, 4.0, 1.0, 2.0], np.array([False, False, True, True])
    >>> found = two_fold(y, foreign, [[1, 1], [1, 2], [1, 1], [1, 2]], ["constant", "skill"])
    >>> [round(found[name][0], 9) for name in ("gap", "explained", "unexplained")]
    [1.5, 0.0, 1.5]
    """
    if reference not in REFERENCES:
        raise UsageError(f"reference coefficients {reference!r}", accepted=", ".join(REFERENCES))
    y, foreign = rows_of(wages, migrant)
    return _two_fold(lambda _: y, foreign, _matrix(regressors, y.size), names, reference, how, detail)


def three_fold(
    wages: ArrayLike,
    migrant: ArrayLike,
    regressors: ArrayLike,
    names: Sequence[str],
    how: Sampling | None = None,
    detail: Detail | None = None,
) -> Estimates:
    """Split a gap of means into endowments, coefficients and their interaction, from the migrants' side.

        E = (x_N - x_M) b_M,   C = x_M (b_N - b_M),   I = (x_N - x_M)(b_N - b_M)

    Args:
        wages, migrant, regressors, names, how, detail: as for `two_fold`.

    Returns:
        gap, endowments, coefficients, interaction, and the three for every regressor, as endowments:NAME …

    Raises:
        UsageError: as for `two_fold`.

    Source: Winsborough and Dickinson (1971); Jann (2008), Stata Journal 8, 453-479.

    >>> y, foreign = [2.0, 4.0, 1.0, 2.0], np.array([False, False, True, True])
    >>> found = three_fold(y, foreign, [[1, 1], [1, 2], [1, 1], [1, 2]], ["constant", "skill"])
    >>> [round(found[name][0], 9) for name in ("endowments", "coefficients", "interaction")]
    [0.0, 1.5, 0.0]
    """
    y, foreign = rows_of(wages, migrant)
    x = _matrix(regressors, y.size)

    def split(w: Floats) -> Linearised:
        native, migrants, fit_native, fit_migrants = _sides(y, foreign, x, w, detail)
        step, change = native - migrants, fit_native - fit_migrants
        parts = [step * fit_migrants, migrants * change, step * change]
        return joined([_gap(y, foreign, w), *(part.total() for part in parts), *parts])

    kinds = ("endowments", "coefficients", "interaction")
    return estimate(split, _names(kinds, (), names, x, detail), y.size, how or Sampling())


def quantile_decomposition(
    wages: ArrayLike,
    migrant: ArrayLike,
    regressors: ArrayLike,
    names: Sequence[str],
    probability: float,
    reference: Reference = "native",
    how: Sampling | None = None,
    bandwidth: tuple[float, float] | None = None,
) -> tuple[Estimates, tuple[float, float], float]:
    """Split a gap between quantiles by regressions on the recentred influence function of each group.

    Args:
        wages, migrant, regressors, names, reference, how: as for `two_fold`.
        probability: tau of the quantile.
        bandwidth: of natives and of migrants; Silverman's rule where not given.

    Returns:
        The parts of `two_fold`, whose gap is that of the means of the RIF; the bandwidths that were used, to be
        stated; and the gap of the quantiles themselves, from which heaped wages make the former differ. Without
        replicates the errors take quantile and density as known; with replicates both are estimated anew.

    Raises:
        UsageError: as for `two_fold`, or a probability outside 0 to 1.

    Source: Firpo, Fortin and Lemieux (2009; 2018, Econometrics 6, 28), without their reweighting.

    >>> rng = np.random.default_rng(1)
    >>> y, foreign, one = rng.normal(size=400), np.arange(400) % 2 == 0, np.ones((400, 1))
    >>> found, bandwidths, gap = quantile_decomposition(y + ~foreign, foreign, one, ["constant"], 0.5)
    >>> abs(found["gap"][0] - gap) < 0.02 and bandwidths[0] > 0
    True
    """
    y, foreign = rows_of(wages, migrant)
    if reference not in REFERENCES:
        raise UsageError(f"reference coefficients {reference!r}", accepted=", ".join(REFERENCES))
    full = np.ones(y.size) if how is None or how.weights is None else np.asarray(how.weights, float)
    sides = (~foreign, foreign)
    given = bandwidth or (None, None)
    own = [recentred(y, full * side, probability, h) for side, h in zip(sides, given, strict=True)]
    stated = own[0][2], own[1][2]

    def rif(w: Floats) -> Floats:
        native, migrants = (
            recentred(y, w * side, probability, h)[0] for side, h in zip(sides, stated, strict=True)
        )
        return np.where(foreign, migrants, native)

    found = _two_fold(rif, foreign, _matrix(regressors, y.size), names, reference, how, None)
    return found, stated, own[0][1] - own[1][1]


def _two_fold(
    outcome: Outcome,
    foreign: Flags,
    x: Floats,
    names: Sequence[str],
    reference: Reference,
    how: Sampling | None,
    detail: Detail | None,
) -> Estimates:
    def split(w: Floats) -> Linearised:
        y = outcome(w)
        native, migrants, fit_native, fit_migrants = _sides(y, foreign, x, w, detail)
        fit = _reference(reference, y, foreign, x, w)
        fit = fit if detail is None else fit.map(detail[1])
        explained = (native - migrants) * fit
        favoured, held_back = native * (fit_native - fit), migrants * (fit - fit_migrants)
        parts = [explained, favoured + held_back]
        sides = [favoured.total(), held_back.total()]
        return joined([_gap(y, foreign, w), *(part.total() for part in parts), *sides, *parts])

    more = ("unexplained_native", "unexplained_migrant")
    return estimate(
        split, _names(("explained", "unexplained"), more, names, x, detail), len(x), how or Sampling()
    )


def _sides(
    y: Floats, foreign: Flags, x: Floats, w: Floats, detail: Detail | None
) -> tuple[Linearised, Linearised, Linearised, Linearised]:
    """Give the means and the coefficients of natives and migrants."""
    shown, matrix = (x, None) if detail is None else detail
    fits = [regression(y, x, w * side) for side in (~foreign, foreign)]
    native, migrants = (fit if matrix is None else fit.map(matrix) for fit in fits)
    return mean(shown, w * ~foreign), mean(shown, w * foreign), native, migrants


def _reference(which: Reference, y: Floats, foreign: Flags, x: Floats, w: Floats) -> Linearised:
    if which == "neumark":
        return regression(y, x, w)
    if which == "jann":
        pooled = regression(y, np.column_stack([x, foreign]), w)
        return Linearised(pooled.value[:-1], pooled.influence[:, :-1])
    native, migrants = (regression(y, x, w * side) for side in (~foreign, foreign))
    if which == "native":
        return native
    if which == "foreign":
        return migrants
    natives = mean((~foreign[:, None]).astype(float), w)
    half = Linearised(np.array([0.5]), np.zeros((len(x), 1)))
    return migrants + (half if which == "half" else natives) * (native - migrants)


def _gap(y: Floats, foreign: Flags, w: Floats) -> Linearised:
    return mean(y[:, None], w * ~foreign) - mean(y[:, None], w * foreign)


def _matrix(regressors: ArrayLike, rows: int) -> Floats:
    x = np.asarray(regressors, float)
    if x.ndim != 2 or len(x) != rows or not np.isfinite(x).all():
        raise UsageError(f"regressors of shape {x.shape}, or not all known", accepted=f"({rows}, k), known")
    if not np.any(np.ptp(x, axis=0) == 0):
        raise UsageError("the regressors have no constant", accepted="a column of ones among them")
    return x


def _names(
    kinds: Sequence[str], more: Sequence[str], names: Sequence[str], x: Floats, detail: Detail | None
) -> list[str]:
    wide = x.shape[1] if detail is None else detail[0].shape[1]
    if len(names) != wide or len(set(names)) != wide:
        raise UsageError(f"{len(names)} names of {wide} regressors", accepted="one name each, all different")
    if detail is not None and not np.allclose(detail[0] @ detail[1], x):
        raise UsageError("the detail does not give the regressors back", accepted="x' T = x")
    return ["gap", *kinds, *more, *(f"{kind}:{name}" for kind in kinds for name in names)]
