"""From normalised indicators to the index: means of every kind, and outranking.

Array core. Every function takes many draws of weights at once, because the uncertainty of an index is the
spread over thousands of them. Sums run child by child in the order of the framework, never inside a matrix
product, so that the same rows give the same bits on any machine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sojourn.errors import UsageError
from sojourn.methods.composite.tree import Tree

Floats = NDArray[np.float64]
POWERS = {"quadratic": 2.0, "arithmetic": 1.0, "geometric": 0.0, "harmonic": -1.0}
"""The named means as members of one family."""
BLOCK = 256
"""Draws computed together: small enough for the cache of a core."""


def generalised_mean(values: Sequence[ArrayLike], weights: ArrayLike, power: float = 1.0) -> Floats:
    """Average children with weights: the family of the arithmetic, geometric and harmonic mean.

        M_p = (sum_k w_k x_k^p / sum_k w_k)^(1/p) ,    M_0 = exp(sum_k w_k log x_k / sum_k w_k)

    where both sums run over the children that are known: the others' weight is shared by those.

    Args:
        values: one array per child, shape (areas,) or (draws, areas), NaN where not known.
        weights: shape (draws, children).
        power: p; 1 arithmetic, 0 geometric, -1 harmonic, 2 quadratic.

    Returns:
        Shape (draws, areas); NaN where no child is known.

    Raises:
        UsageError: a value is not above zero and p is not 1. (Normalise to 1-100, say.)

    Source: Hardy, Littlewood and Pólya (1934), Inequalities, chapter 2 (citation from memory).

    >>> generalised_mean([[1.0], [4.0]], [[1.0, 1.0]], 0).round(9).tolist()
    [[2.0]]
    """
    w = np.asarray(weights, float)
    to, back = _transform(power)
    total: Floats | float = 0.0
    known: Floats | float = 0.0
    for k, child in enumerate(values):
        x = np.atleast_2d(np.asarray(child, float))
        if power != 1 and np.nanmin(x, initial=np.inf) <= 0:
            raise UsageError(
                f"The generalised mean of power {power:g} needs values above zero",
                advice="Normalise to a scale above zero, such as min_max from 1 to 100.",
            )
        gap = np.isnan(x)
        total = total + w[:, k, None] * np.where(gap, 0.0, to(np.where(gap, 1.0, x)))
        known = known + (w[:, k, None] * ~gap if gap.any() else w[:, k, None])
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(np.asarray(known) > 0, back(np.asarray(total / known)), np.nan))


def _transform(power: float) -> tuple[Callable[[Floats], Floats], Callable[[Floats], Floats]]:
    if power == 1:
        return (lambda x: x), (lambda x: x)
    if power == 0:
        return np.log, np.exp
    if power == -1:
        return np.reciprocal, np.reciprocal
    return (lambda x: x**power), (lambda x: x ** (1 / power))


def outranking(values: Sequence[ArrayLike], weights: ArrayLike) -> Floats:
    """Compute by how much weight one area outranks another.

        O_ij = sum_k w_k ([x_ik > x_jk] + [x_ik = x_jk] / 2) / sum_k w_k

    over the children k known for both; 1/2 where there are none and on the diagonal.

    Args:
        values: one array per child, shape (areas,) or (draws, areas).
        weights: shape (draws, children).

    Returns:
        Shape (draws, areas, areas); O_ij + O_ji = 1.

    Source: Munda and Nardo (2009), Applied Economics 41, 1513-1523.

    >>> outranking([[1.0, 2.0], [5.0, 3.0], [1.0, 4.0]], [[1.0, 1.0, 1.0]])[0].round(4).tolist()
    [[0.5, 0.3333], [0.6667, 0.5]]
    """
    w = np.asarray(weights, float)
    lead: Floats | float = 0.0
    both: Floats | float = 0.0
    for k, child in enumerate(values):
        x = np.atleast_2d(np.asarray(child, float))
        difference = x[:, :, None] - x[:, None, :]
        known = ~np.isnan(difference)
        lead = lead + w[:, k, None, None] * np.where(known, np.sign(difference), 0)
        both = both + w[:, k, None, None] * known
    lead, both = np.broadcast_arrays(np.asarray(lead), np.asarray(both))
    return np.asarray((1 + np.divide(lead, both, out=np.zeros(lead.shape), where=both > 0)) / 2)


def copeland(values: Sequence[ArrayLike], weights: ArrayLike) -> Floats:
    """Count the areas that an area outranks, less those that outrank it: no child compensates another.

        C_i = #{j: O_ij > 1/2} - #{j: O_ij < 1/2}

    Args:
        values, weights: as in `outranking`. An area without a known child has no score (NaN).

    Returns:
        Shape (draws, areas), whole numbers from -(areas - 1) to areas - 1.

    Source: Copeland (1951; citation from memory); Munda and Nardo (2009).

    >>> copeland([[1.0, 2.0, 0.0], [5.0, 3.0, 1.0], [1.0, 4.0, 2.0]], [[1.0, 1.0, 1.0]]).tolist()
    [[0.0, 2.0, -2.0]]
    """
    # A lead within rounding of one half is a tie.
    lead = np.round(outranking(values, weights) - 0.5, 12)
    unknown = np.logical_and.reduce([np.isnan(np.atleast_2d(np.asarray(child, float))) for child in values])
    return np.asarray(np.where(unknown, np.nan, np.sign(lead).sum(axis=2)))


def combine(values: Sequence[ArrayLike], weights: ArrayLike, how: str) -> Floats:
    """Aggregate children by the name of a method: `POWERS` or `copeland`."""
    if how == "copeland":
        return copeland(values, weights)
    return generalised_mean(values, weights, POWERS[how])


def aggregate(leaves: ArrayLike, weights: ArrayLike, tree: Tree, how: Sequence[str]) -> list[Floats]:
    """Aggregate from the indicators up to the index.

    Args:
        leaves: normalised indicators, shape (areas, indicators).
        weights: of all nodes, shape (draws, nodes).
        tree: families of nodes.
        how: method of every aggregate, see `tree.by_level`.

    Returns:
        One array of shape (draws, areas) per aggregate, the index last.
    """
    x, w = np.asarray(leaves, float), np.asarray(weights, float)
    known: list[Floats] = [x[:, j] for j in range(tree.leaves)]
    for (_, children), method in zip(tree.families(), how, strict=True):
        known.append(combine([known[child] for child in children], w[:, list(children)], method))
    return known[tree.leaves :]


def index_of(leaves: ArrayLike, weights: ArrayLike, tree: Tree, how: Sequence[str]) -> Floats:
    """Compute the index alone, for many draws of weights, block by block.

    Returns:
        Shape (draws, areas).
    """
    w = np.asarray(weights, float)
    block = BLOCK if "copeland" not in how else 16
    parts = [aggregate(leaves, w[at : at + block], tree, how)[-1] for at in range(0, len(w), block)]
    return np.concatenate(parts)
