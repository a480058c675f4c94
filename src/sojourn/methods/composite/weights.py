"""Weights: what stands on paper, what it amounts to, and what the data would say.

Array core. Weights are relative within a family (the children of one aggregate).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize

from sojourn.errors import UsageError
from sojourn.methods.composite.reliability import correlations, principal_components
from sojourn.methods.composite.tree import Tree

Floats = NDArray[np.float64]


def effective_weights(weights: ArrayLike, tree: Tree) -> Floats:
    """Compute the share of every node in the index.

        e_k = e_parent w_k / sum of w over the family ,    e_index = 1

    Args:
        weights: stated weights, shape (nodes,).

    Source: OECD and JRC (2008), Handbook on Constructing Composite Indicators, step 6.
    """
    w = np.asarray(weights, float)
    effective = np.zeros(len(w))
    effective[-1] = 1.0
    for parent, children in reversed(tree.families()):
        own = w[list(children)]
        effective[list(children)] = effective[parent] * own / own.sum()
    return effective


def noisy_weights(weights: ArrayLike, noise: float, uniform: ArrayLike) -> Floats:
    """Shake every weight by up to a share of itself.

        w (1 + noise (2 u - 1))

    Args:
        weights: shape (nodes,).
        noise: 0.25 for plus or minus a quarter.
        uniform: u, shape (draws, nodes), each in 0 to 1.

    >>> noisy_weights([1.0, 2.0], 0.25, [[0.0, 1.0]]).tolist()
    [[0.75, 2.5]]
    """
    return np.asarray(np.asarray(weights, float) * (1 + noise * (2 * np.asarray(uniform, float) - 1)))


def principal_component_weights(values: ArrayLike) -> Floats:
    """Weigh a family by what its members share: squared loadings on the first principal component.

        w_k = a_k1^2 ,    a_1 the first eigenvector of the correlation matrix, sum_k a_k1^2 = 1

    Args:
        values: shape (areas, children).

    Source: Nicoletti, Scarpetta and Boylaud (2000), OECD Economics Department Working Paper 226 (citation
    from memory); here for the first component alone, unrotated.

    >>> x = np.arange(5.0)
    >>> principal_component_weights(np.column_stack([x, 2 * x])).round(9).tolist()
    [0.5, 0.5]
    """
    x = np.asarray(values, float)
    if x.shape[1] == 1:
        return np.ones(1)
    return np.asarray(principal_components(x).vectors[:, 0] ** 2)


def equal_importance_weights(values: ArrayLike, importance: ArrayLike | None = None) -> Floats:
    """Find the weights under which the members of a family correlate with its arithmetic mean as wished.

    With R the correlations, s the standard deviations and v = w s, the correlation of member k with the mean
    is (R v)_k / sqrt(v' R v). It is proportional to the wished importance t if

        R v = c t ,    v >= 0

    which is solved exactly where it can be, else by non-negative least squares. A member that cannot be made
    important without a negative weight gets none.

    Args:
        values: shape (areas, children).
        importance: t > 0, shape (children,); equal if None.

    Returns:
        Weights that sum to 1.

    Raises:
        UsageError: a member does not vary or has fewer than three areas in common with another, an importance
            is not above zero, or the members oppose each other.

    Source: Becker, Saisana, Paruolo and Vandecasteele (2017), Ecological Indicators 80, 12-22 (citation from
    memory), in the linear case.

    >>> x = np.array([[1.0, 9.0], [2.0, 1.0], [3.0, 5.0], [4.0, 9.5]])
    >>> w = equal_importance_weights(x)
    >>> r = [np.corrcoef(x @ w, x[:, k])[0, 1] for k in (0, 1)]
    >>> bool(abs(r[0] - r[1]) < 1e-9)
    True
    """
    x = np.asarray(values, float)
    wished = np.ones(x.shape[1]) if importance is None else np.asarray(importance, float)
    if x.shape[1] == 1:
        return np.ones(1)
    if wished.shape != (x.shape[1],) or not (wished > 0).all():
        raise UsageError("Importances do not fit the members", accepted="one number above 0 per member")
    matrix = correlations(x)
    if np.isnan(matrix).any():
        raise UsageError("Equal importance needs members that vary, each pair known for three areas")
    standardised, _ = optimize.nnls(matrix, wished)
    if not standardised.any():
        raise UsageError("No weights above zero give the wished importance: the members oppose each other")
    found = standardised / np.nanstd(x, axis=0, ddof=1)
    return np.asarray(found / found.sum())
