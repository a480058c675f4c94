"""How a column writes its numbers: a cell written otherwise than the others is no number of theirs.

Official tables hold cells such as "61,102,019" among plain counts: the number of a questionnaire's cell or a
date that a spreadsheet took for a figure. Read as sixty-one million it would be summed. A column that writes
all its large numbers with separators is read as it is.
"""

from __future__ import annotations

import polars as pl

from sojourn.sources.parsing import text

_GROUPED = r"^-?\d{1,3}([, ]\d{3})+(\.\d+)?$"
_PLAIN = r"^-?[1-9]\d{3,}(\.\d+)?$"


def in_one_notation(values: pl.Series) -> pl.Series:
    """Empty the cells with thousands separators where the column writes other large numbers without.

    Args:
        values: cells of one column, as text or as numbers (which have no notation).

    >>> in_one_notation(pl.Series(["40312", "61,102,019", "7"])).to_list()
    ['40312', None, '7']
    >>> in_one_notation(pl.Series(["40,312", "1,019", "7"])).to_list()
    ['40,312', '1,019', '7']
    """
    if values.dtype != pl.String:
        return values
    cells = text(values)
    grouped = cells.str.contains(_GROUPED).fill_null(False)
    if not grouped.any() or not cells.str.contains(_PLAIN).any():
        return values
    return values.set(grouped, None)
