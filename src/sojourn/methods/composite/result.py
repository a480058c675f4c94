"""A composite index that cannot be shown without its components and its rank interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sojourn.errors import UsageError
from sojourn.methods.composite import reliability, sobol, variants
from sojourn.methods.composite.ranks import rank_down
from sojourn.methods.composite.reliability import Components

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Uncertainty:
    """Ranks under other defensible choices.

    Attributes:
        ranks: one row per area: area, rank (nominal), rank_mean, rank_median, rank_lower, rank_upper,
            same_rank (share of draws with the nominal rank).
        drawn: ranks of every draw, shape (draws, areas).
        level: coverage of the interval.
    """

    ranks: pl.DataFrame
    drawn: Floats
    level: float


@dataclass(frozen=True, slots=True, eq=False)
class Composite:
    """An index with everything that it hides.

    Attributes:
        index: per area, best first: area, rank, rank_lower, rank_upper, index, then every component.
        effective_weights: code, level, parent, weight, effective_weight of every node.
        steps: the table after each step (denominated, screened, imputed, treated, normalised).
        left_out: areas that were screened out, with their availability.
        imputed: every cell that was filled (area, indicator, value).
        treatment: what was done to each indicator (indicator, action, points).
    """

    base: variants.Base
    index: pl.DataFrame
    effective_weights: pl.DataFrame
    steps: Mapping[str, pl.DataFrame]
    left_out: pl.DataFrame
    imputed: pl.DataFrame
    treatment: pl.DataFrame

    def uncertainty(self, draws: int, rng: np.random.Generator) -> Uncertainty:
        """Draw variants of the index and say how far ranks move.

        Args:
            draws: variants; each picks imputation, treatment, normalisation, aggregation, weights and goalposts.
            rng: source of randomness.
        """
        if draws < 1:
            raise UsageError(f"{draws} draws", accepted="at least 1")
        return rank_intervals(self.base, self._nominal(), draws, rng)

    def sensitivity(self, base_draws: int = 1024, rng: np.random.Generator | None = None) -> pl.DataFrame:
        """Say which choice moves the ranks: Sobol indices of the mean absolute shift from the nominal ranks.

            y = mean over areas |rank - nominal rank|

        Args:
            base_draws: N; the design has N (6 + 2) runs.
            rng: source of randomness; a new generator with the framework's seed if None.

        Returns:
            factor, first_order, first_lower, first_upper, total, total_lower, total_upper; null where
            nothing varies. A factor without alternatives has both indices at zero.

        Source: see `sobol.sobol_indices`.
        """
        generator = np.random.default_rng(self.base.framework.seed) if rng is None else rng
        plan = sobol.design(len(variants.FACTORS), base_draws, generator)
        shift = np.abs(variants.ranks(self.base, plan.points()) - self._nominal())
        found = sobol.sobol_indices(*plan.split(np.nanmean(shift, axis=1)), generator)
        columns = {
            "first_order": found.first,
            "first_lower": found.first_lower,
            "first_upper": found.first_upper,
            "total": found.total,
            "total_lower": found.total_lower,
            "total_upper": found.total_upper,
        }
        return pl.DataFrame({"factor": variants.FACTORS, **columns}).fill_nan(None)

    def reliability(self) -> pl.DataFrame:
        """Compute Cronbach's alpha of the members of every component, from the best-known scale of each."""
        rows = []
        for node, values in self._families():
            rows.append(
                {
                    "code": self.base.tree.codes[node],
                    "members": values.shape[1],
                    "alpha": reliability.cronbach_alpha(values),
                }
            )
        return pl.DataFrame(rows).fill_nan(None)

    def correlations(self, method: str = "pearson") -> pl.DataFrame:
        """Correlate the normalised indicators and components: one row per pair (left, right, correlation)."""
        codes = self.base.tree.codes
        matrix = reliability.correlations(self._nodes(), method)
        left, right = np.triu_indices(len(codes), 1)
        return pl.DataFrame(
            {
                "left": [codes[j] for j in left],
                "right": [codes[k] for k in right],
                "correlation": matrix[left, right],
            }
        ).fill_nan(None)

    def principal_components(self, code: str) -> Components:
        """Compute the principal components of the members of one component."""
        for node, values in self._families():
            if self.base.tree.codes[node] == code:
                return reliability.principal_components(values)
        raise UsageError(f"No component is called {code!r}")

    def _nominal(self) -> Floats:
        return rank_down(self._nodes()[:, -1])

    def _nodes(self) -> Floats:
        table = self.steps["normalised"].join(self.index, on="area", how="left", maintain_order="left")
        return table.select(self.base.tree.codes).cast(pl.Float64).fill_null(float("nan")).to_numpy()

    def _families(self) -> list[tuple[int, Floats]]:
        nodes = self._nodes()
        return [(node, nodes[:, list(children)]) for node, children in self.base.tree.families()]


def rank_intervals(base: variants.Base, nominal: Floats, draws: int, rng: np.random.Generator) -> Uncertainty:
    """Rank under drawn choices and take the quantiles of each area's ranks."""
    drawn = variants.ranks(base, rng.random((draws, len(variants.FACTORS))))
    level = base.framework.level
    ranked = ~np.isnan(nominal)
    ends = np.full((3, len(nominal)), np.nan)
    quantiles = [50 * (1 - level), 50, 50 * (1 + level)]
    ends[:, ranked] = np.nanpercentile(drawn[:, ranked], quantiles, axis=0)
    mean = np.full(len(nominal), np.nan)
    mean[ranked] = np.nanmean(drawn[:, ranked], axis=0)
    same = np.where(ranked, (drawn == nominal).mean(axis=0), np.nan)
    table = pl.DataFrame(
        {
            "area": base.areas,
            "rank": nominal,
            "rank_mean": mean,
            "rank_median": ends[1],
            "rank_lower": ends[0],
            "rank_upper": ends[2],
            "same_rank": same,
        }
    ).fill_nan(None)
    return Uncertainty(table, drawn, level)
