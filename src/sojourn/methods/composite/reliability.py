"""Do the members of a component measure one thing? Correlations, Cronbach's alpha, principal components.

Array core. Rows are areas, columns are members; pairs and rows with gaps are left out as stated.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from sojourn.errors import UsageError

Floats = NDArray[np.float64]


def correlations(values: ArrayLike, method: str = "pearson") -> Floats:
    """Correlate every pair of columns over the areas known in both.

    Args:
        values: shape (areas, columns).
        method: `pearson`, or `spearman` (Pearson's of the ranks, ties averaged).

    Returns:
        Shape (columns, columns); NaN for a pair with fewer than three areas or without spread.

    >>> correlations([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]]).round(9).tolist()
    [[1.0, 1.0], [1.0, 1.0]]
    """
    x = np.asarray(values, float)
    if method not in {"pearson", "spearman"}:
        raise UsageError(f"Unknown correlation: {method!r}", accepted="pearson, spearman")
    result = np.full((x.shape[1], x.shape[1]), np.nan)
    for j in range(x.shape[1]):
        for k in range(j, x.shape[1]):
            both = x[~np.isnan(x[:, j] + x[:, k])][:, [j, k]]
            if len(both) < 3 or (np.ptp(both, axis=0) == 0).any():
                continue
            if method == "spearman":
                both = stats.rankdata(both, axis=0)
            a, b = (both - both.mean(axis=0)).T
            result[j, k] = result[k, j] = (a * b).sum() / np.sqrt((a * a).sum() * (b * b).sum())
    return result


def cronbach_alpha(values: ArrayLike) -> float:
    """Compute Cronbach's alpha over the areas known in all columns.

        alpha = k / (k - 1) (1 - sum_j var x_j / var sum_j x_j)

    Returns:
        NaN below two columns or two areas.

    Source: Cronbach (1951), Psychometrika 16, 297-334.

    >>> round(cronbach_alpha([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]]), 9)
    1.0
    """
    x = _complete(values)
    k = x.shape[1]
    if k < 2 or len(x) < 2:
        return float("nan")
    total = x.sum(axis=1).var(ddof=1)
    return float(k / (k - 1) * (1 - x.var(axis=0, ddof=1).sum() / total)) if total > 0 else float("nan")


@dataclass(frozen=True, slots=True, eq=False)
class Components:
    """Principal components of a correlation matrix.

    Attributes:
        variance: variance of each component, descending, shape (columns,); its mean is 1.
        vectors: eigenvectors as columns; in each the largest entry is positive.
    """

    variance: Floats
    vectors: Floats

    @property
    def share(self) -> Floats:
        """The share of the whole variance that each component explains."""
        return np.asarray(self.variance / self.variance.sum())

    @property
    def loadings(self) -> Floats:
        """Correlations of the columns with the components: vector times root of variance."""
        return np.asarray(self.vectors * np.sqrt(np.maximum(self.variance, 0)))


def principal_components(values: ArrayLike) -> Components:
    """Compute the principal components of standardised columns, over the areas known in all of them.

        R a_m = lambda_m a_m ,    R the correlation matrix

    Raises:
        UsageError: fewer than three complete areas, or a column without spread.

    Source: Jolliffe (2002), Principal Component Analysis, 2nd edition (citation from memory).

    >>> found = principal_components([[1.0, 2.0], [2.0, 4.0], [3.0, 6.5]])
    >>> bool(found.share[0] > 0.99)
    True
    """
    matrix = correlations(_complete(values))
    if np.isnan(matrix).any():
        raise UsageError("Principal components need three complete areas and columns with spread")
    variance, vectors = np.linalg.eigh(matrix)
    variance, vectors = variance[::-1], vectors[:, ::-1]
    largest = np.take_along_axis(vectors, np.abs(vectors).argmax(axis=0)[None, :], axis=0)
    return Components(variance, vectors * np.sign(largest))


def _complete(values: ArrayLike) -> Floats:
    x = np.asarray(values, float)
    return np.asarray(x[~np.isnan(x).any(axis=1)])
