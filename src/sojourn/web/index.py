"""Where the rows of an area lie: found at once among all series, instead of by looking at every row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

Rows = NDArray[np.uint32]


@dataclass(frozen=True)
class Index:
    """Numbers of rows by the text of one column.

    Attributes:
        rows: numbers of all rows, those of one text together, in the order of the table.
        places: text -> (first, end) in `rows`.
    """

    rows: Rows
    places: Mapping[str, tuple[int, int]]

    def of(self, texts: Sequence[str]) -> Rows:
        """Give the numbers of the rows that have one of the texts, in the order of the table."""
        found = [self.rows[slice(*self.places[one])] for one in dict.fromkeys(texts) if one in self.places]
        if len(found) == 1:
            return found[0]
        return np.sort(np.concatenate(found)) if found else np.empty(0, dtype=np.uint32)

    def count(self, texts: Sequence[str]) -> int:
        """Count the rows that have one of the texts."""
        places = [self.places[one] for one in dict.fromkeys(texts) if one in self.places]
        return sum(end - first for first, end in places)


def index(column: pl.Series) -> Index:
    """Make the index of a column of texts kept as codes.

    >>> made = index(pl.Series(["MEX", "USA", "MEX"], dtype=pl.Categorical))
    >>> made.of(["MEX"]).tolist(), made.of(["USA", "MEX", "IND"]).tolist(), made.count(["MEX"])
    ([0, 2], [0, 1, 2], 2)
    """
    codes = column.to_physical().to_numpy()
    rows = np.argsort(codes, kind="stable").astype(np.uint32)
    ordered = column.gather(rows)
    runs = ordered.cast(pl.String).rle()
    ends = np.cumsum(runs.struct.field("len").to_numpy()).tolist()
    firsts = [0, *ends[:-1]]
    return Index(rows, dict(zip(runs.struct.field("value"), zip(firsts, ends, strict=True), strict=True)))
