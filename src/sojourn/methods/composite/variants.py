"""The same index under many choices at once: prepared tables are made once per combination, weights per draw."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sojourn.errors import UsageError
from sojourn.methods.composite.aggregate import index_of
from sojourn.methods.composite.framework import Framework, Indicator
from sojourn.methods.composite.normalise import Normalisation, normalise
from sojourn.methods.composite.prepare import impute
from sojourn.methods.composite.ranks import rank_down
from sojourn.methods.composite.treat import Treated, treat
from sojourn.methods.composite.tree import Tree, by_level
from sojourn.methods.composite.weights import noisy_weights

Floats = NDArray[np.float64]
FACTORS = ("imputation", "treatment", "normalisation", "aggregation", "weights", "goalposts")
"""What the makers chose, in the order of the columns of a design."""


@dataclass(frozen=True, slots=True, eq=False)
class Base:
    """What no choice changes: the denominated and screened table, groups, tree, nominal weights.

    Attributes:
        values: shape (areas, indicators), NaN where not known.
        group: code of the group of each area.
        areas: their names, in the order of the rows.
        weights: of all nodes.
    """

    framework: Framework
    values: Floats
    group: NDArray[np.int64]
    areas: tuple[str, ...]
    tree: Tree
    weights: Floats


def treated(framework: Framework, values: Floats, method: str) -> list[Treated]:
    """Treat every indicator by a method within the limits of the framework."""
    limits = framework.choices
    return [
        treat(values[:, j], method, limits.points, limits.skewness, limits.kurtosis)
        for j in range(values.shape[1])
    ]


def normalised(
    framework: Framework, areas: tuple[str, ...], values: Floats, how: Normalisation, inwards: float = 0.0
) -> Floats:
    """Normalise every indicator.

    Args:
        framework: directions, targets and goalposts of the indicators.
        areas: names of the rows.
        values: shape (areas, indicators).
        how: the method.
        inwards: share of their range by which both goalposts are moved towards each other.

    Raises:
        UsageError: naming the indicator that cannot be.
    """
    if how.reference is not None and how.reference not in areas:
        raise UsageError(f"The reference area {how.reference!r} is not among the areas")
    row = None if how.reference is None else areas.index(how.reference)

    def one(j: int, indicator: Indicator) -> Floats:
        try:
            return normalise(
                values[:, j],
                how,
                indicator.direction,
                row,
                indicator.target,
                moved(indicator.goalposts, inwards),
            )
        except UsageError as error:
            raise UsageError(
                f"{indicator.code}: {error.what}", accepted=error.accepted, advice=error.advice
            ) from error

    return np.column_stack([one(j, indicator) for j, indicator in enumerate(framework.indicators)])


def moved(posts: tuple[float, float] | None, inwards: float) -> tuple[float, float] | None:
    """Move both goalposts inwards by a share of their range.

    >>> moved((0.0, 10.0), 0.1)
    (1.0, 9.0)
    """
    if posts is None or inwards == 0:
        return posts
    low, high = posts
    return low + inwards * (high - low), high - inwards * (high - low)


def ranks(base: Base, points: ArrayLike) -> Floats:
    """Rank the areas under the choices that points of the unit cube stand for.

    Args:
        base: the index under study.
        points: shape (draws, 6), columns as in `FACTORS`. All but the fifth pick an alternative each, the fifth
            stands for a set of shaken weights.

    Returns:
        Shape (draws, areas).
    """
    u = np.asarray(points, float)
    choices, others = base.framework.choices, base.framework.alternatives
    menus = (
        others.impute or (choices.impute,),
        others.treat or (choices.treat,),
        others.normalise or (choices.normalise,),
        others.aggregate or (choices.aggregate,),
    )
    posts = others.goalposts or (0.0,)
    sizes = dict(zip((0, 1, 2, 3, 5), (*map(len, menus), len(posts)), strict=True))
    picked = np.column_stack([(u[:, k] * size).astype(np.int64) for k, size in sizes.items()])
    weights = _weights(base, u[:, 4])
    result = np.empty((len(u), len(base.areas)))
    tables: dict[tuple[int, int, int, int], Floats] = {}
    for combination in np.unique(picked, axis=0):
        i, t, n, a, g = (int(place) for place in combination)
        if (i, t, n, g) not in tables:
            filled = impute(base.values, menus[0][i], base.group)
            shaped = np.column_stack([one.values for one in treated(base.framework, filled, menus[1][t])])
            tables[i, t, n, g] = normalised(base.framework, base.areas, shaped, menus[2][n], posts[g])
        own = (picked == combination).all(axis=1)
        index = index_of(tables[i, t, n, g], weights[own], base.tree, by_level(base.tree, menus[3][a]))
        result[own] = rank_down(index)
    return result


def _weights(base: Base, u: Floats) -> Floats:
    """Turn one number per draw into a set of weights: equal numbers give equal sets.

    Every node reads other digits of the number (a Weyl sequence with the square roots of primes), so that
    one factor of a design can shake sixty weights.
    """
    roots = np.sqrt(_primes(len(base.weights)))
    spread = (np.asarray(u)[:, None] * 2.0**20 * roots) % 1.0
    return noisy_weights(base.weights, base.framework.alternatives.weight_noise, spread)


def _primes(count: int) -> Floats:
    limit = max(20, int(count * (np.log(count + 2) + 3)))
    sieve = np.ones(limit, np.bool_)
    sieve[:2] = False
    for number in range(2, int(limit**0.5) + 1):
        if sieve[number]:
            sieve[number * number :: number] = False
    return np.flatnonzero(sieve)[:count].astype(np.float64)
