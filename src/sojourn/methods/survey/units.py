"""The sampling units of a linearised design: which there are, and the covariance of sums over them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from sojourn.errors import UsageError
from sojourn.methods.survey.design import Design
from sojourn.methods.survey.engine import Cells, grouped
from sojourn.methods.survey.linearization import Lonely, linearized_covariance, sampling_stages
from sojourn.methods.survey.residuals import GROUP, Fit
from sojourn.methods.survey.tables import Table

Floats = NDArray[np.float64]
UNIT = "_unit"
"""Column of ours among the keys of a linearised cube: number of the sampling unit."""
TOGETHER = 16
"""Domains whose errors are computed together: enough to share the coding of the units, few in memory."""


def unit_keys(table: Table, design: Design) -> dict[str, Any]:
    """Name what the grouped pass must keep apart: strata, clusters and population sizes, stage by stage."""
    kinds = {"_stratum": design.strata, "_cluster": design.clusters, "_fpc": design.fpc}
    return {
        f"{kind}{stage}": table[name]
        for kind, names in kinds.items()
        for stage, name in enumerate(names, start=1)
    }


@dataclass(frozen=True, slots=True)
class Units:
    """Every sampling unit of the last stage, with the units and strata above it.

    Attributes:
        frame: one row per unit: _stratum1 …, _cluster1 …, _fpc1 …; without clusters one row per case.
        fit: the calibration of the weights, or None.
    """

    frame: pl.DataFrame
    fit: Fit | None = None

    @classmethod
    def found(cls, keys: pl.DataFrame, design: Design) -> tuple[Units, NDArray[np.intp]]:
        """Number the units among the keys of cells.

        Raises:
            UsageError: a stratum or cluster is missing; a cluster lies in two strata though `nest` is False.
        """
        names = [name for name in keys.columns if name.startswith(("_stratum", "_cluster", "_fpc"))]
        frame = keys.select(names) if names else pl.DataFrame({"_row": np.arange(keys.height)})
        for name in names:
            if missing := frame[name].null_count():
                raise UsageError(
                    f"The {name.strip('_0123456789')} is missing in {missing:,} cells of the file"
                )
        if not design.clusters:
            return cls(frame.with_columns(pl.Series("_row", np.arange(keys.height)))), np.arange(keys.height)
        if not design.nest and design.strata:
            strata = frame.group_by("_cluster1").agg(pl.struct(pl.col("^_stratum.*$")).n_unique().alias("n"))
            if crossing := strata.filter(pl.col("n") > 1).height:
                raise UsageError(
                    f"{crossing:,} clusters lie in more than one stratum",
                    advice="Give nest=True if cluster numbers begin anew in each stratum.",
                )
        distinct, codes = grouped(frame)
        return cls(distinct), codes

    def __len__(self) -> int:
        return self.frame.height

    def stages(self, kind: str) -> list[NDArray[Any]] | None:
        """Give the columns of a kind ("_stratum", "_cluster", "_fpc"), one per stage, as codes or sizes."""
        found = [
            self.frame[name].to_numpy()
            if kind == "_fpc"
            else self.frame[name].rank("dense").to_numpy().astype(np.intp)
            for name in self.frame.columns
            if name.startswith(kind)
        ]
        return found or None

    def scored(self, cells: Cells, values: Floats, domains: NDArray[np.intp], size: int) -> Any:
        """Add up the parts w u of cells by unit (and, after calibration, q u by calibration cell).

        Args:
            cells: cells of a cube.
            values: w u of each, shape (cells,).
            domains: number of the domain of each; there are `size` of them.

        Returns:
            Sparse, shape (units, size), or (units + calibration cells, size).
        """
        rows = cells.keys[UNIT].to_numpy()
        found = sparse.coo_array((values, (rows, domains)), shape=(len(self), size)).tocsc()
        if self.fit is None:
            return found
        places = (cells.keys[GROUP].to_numpy(), domains)
        sums = sparse.coo_array((self.fit.sums(cells, values), places), shape=(len(self.fit), size))
        return sparse.vstack([found, sums]).tocsc()

    def variances(self, scores: Any, design: Design) -> Floats:
        """Compute the variance of each column of scores, a sparse matrix as `scored` gives it.

        Raises:
            UsageError: a stratum has one cluster and the design has no rule for it.
        """
        strata, clusters, fpc = (self.stages(kind) for kind in ("_stratum", "_cluster", "_fpc"))
        lonely: Lonely = design.lonely  # type: ignore[assignment]
        found = np.full(scores.shape[1], np.nan)
        for start in range(0, scores.shape[1], TOGETHER):
            block = scores[:, start : start + TOGETHER].toarray()
            known = np.isfinite(block).all(axis=0)
            finite = np.where(known, block, 0.0)
            left = finite if self.fit is None else self.fit.residuals(finite)
            covariance = linearized_covariance(left, strata, clusters, fpc, lonely)
            found[start : start + TOGETHER] = np.where(known, np.diagonal(covariance), np.nan)
        return found

    def degrees_of_freedom(self, members: Any) -> Floats:
        """Count clusters less strata among the units of each domain, (units, p) sparse. Source: R `degf`."""
        strata, clusters = self.stages("_stratum"), self.stages("_cluster")
        stage = sampling_stages(len(self), strata, clusters, None)[0]
        found = np.zeros(members.shape[1])
        for place in range(members.shape[1]):
            there = members.indices[members.indptr[place] : members.indptr[place + 1]]
            found[place] = len(np.unique(stage.unit[there])) - len(np.unique(stage.stratum[there]))
        return found


def together(first: Units, second: Units) -> tuple[Units, Mapping[str, NDArray[np.intp]]]:
    """Join the units of two parts of one sample; a unit found in both is one."""
    both = pl.concat([first.frame, second.frame], how="vertical_relaxed")
    if not any(name.startswith("_cluster") for name in both.columns):
        numbers = np.arange(both.height)
        return Units(both), {"first": numbers[: len(first)], "second": numbers[len(first) :]}
    distinct, codes = grouped(both)
    return Units(distinct), {"first": codes[: len(first)], "second": codes[len(first) :]}
