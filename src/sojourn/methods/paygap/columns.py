"""Regressors from columns of a table: numbers, and categories with the omitted one stated.

In the detail, what one category contributes to the *unexplained* part – and the constant – depends on which
category was left out; sums over a variable in the explained part, and all totals, do not. Normalised effects
(deviations from the mean over the categories) do not depend on the choice either.

    b'_k = b_k - c,   b'_constant = b_constant + c,   c = sum_k b_k / K   (b_omitted = 0)

Source: Oaxaca and Ransom (1999); Gardeazabal and Ugidos (2004); Yun (2005); as summarised by Jann (2008), 3.2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from sojourn.errors import UsageError
from sojourn.methods.paygap.linearised import Floats

CONSTANT = "(constant)"


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """The regressors of a decomposition.

    Attributes:
        fitted: x, shape (n, k), with the constant first and without the omitted categories.
        names: (variable, category) of each column of the detail; the category of a number is "".
        detail: for normalised effects x' and T with x' T = x; None where the detail is of x itself.
        omitted: the category that was left out of each categorical variable.
        warnings: what a reader must be told.
    """

    fitted: Floats
    names: tuple[tuple[str, str], ...]
    detail: tuple[Floats, Floats] | None
    omitted: dict[str, str]
    warnings: tuple[str, ...]


def columns(
    table: pl.DataFrame, numbers: Sequence[str], categories: Mapping[str, object], normalise: bool = False
) -> Columns:
    """Build the regressors.

    Args:
        table: one row per person, without nulls in these columns.
        numbers: columns used as they are.
        categories: categorical columns and the category of each that is left out.
        normalise: give normalised effects of the categories in the detail.

    Raises:
        UsageError: an omitted category does not occur, or a variable has one category only.

    >>> found = columns(pl.DataFrame({"sex": ["F", "M", "F"]}), [], {"sex": "M"})
    >>> found.fitted.tolist(), found.omitted
    ([[1.0, 1.0], [1.0, 0.0], [1.0, 1.0]], {'sex': 'M'})
    """
    n = table.height
    parts, names, keep = [np.ones((n, 1))], [(CONSTANT, "")], [True]
    spans: list[tuple[int, int]] = []
    for name in numbers:
        parts.append(table[name].cast(pl.Float64).to_numpy().reshape(n, 1))
        names.append((name, ""))
        keep.append(True)
    for name, left_out in categories.items():
        values = table[name].cast(pl.String)
        found = values.unique().sort().to_list()
        if str(left_out) not in found or len(found) < 2:
            raise UsageError(
                f"{left_out!r} is to be left out of {name!r}", accepted=f"one of at least two of {found}"
            )
        spans.append((len(names), len(names) + len(found)))
        parts += [(values == category).cast(pl.Float64).to_numpy().reshape(n, 1) for category in found]
        names += [(name, category) for category in found]
        keep += [category != str(left_out) for category in found]
    everything, kept = np.hstack(parts), np.array(keep)
    omitted = {name: str(left_out) for name, left_out in categories.items()}
    if normalise and spans:
        return Columns(everything[:, kept], tuple(names), (everything, _transform(kept, spans)), omitted, ())
    shown = tuple(name for name, used in zip(names, keep, strict=True) if used)
    return Columns(everything[:, kept], shown, None, omitted, tuple(_warnings(omitted)))


def _transform(kept: np.ndarray, spans: list[tuple[int, int]]) -> Floats:
    """Write b' = T b: subtract the mean of the categories' coefficients and add it to the constant."""
    matrix = np.eye(kept.size)
    for start, end in spans:
        matrix[start:end, start:end] -= 1 / (end - start)
        matrix[0, start:end] += 1 / (end - start)
    return np.asarray(matrix[:, kept], np.float64)


def _warnings(omitted: dict[str, str]) -> list[str]:
    return [
        f"the unexplained part of single categories of {name}, and of the constant, depends on the omitted "
        f"category {left_out!r}; normalised effects do not"
        for name, left_out in omitted.items()
    ]
