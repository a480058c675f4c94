"""What calibration leaves to chance in a linearised design, from sums per sampling unit and calibration cell.

After calibration only the residuals of the influence values u from the auxiliaries x vary:

    sum over a unit of w_k e_k  =  sum w_k u_k  -  sum_c W_c x_c' B ,     B = (sum_c Q_c x_c x_c')^- sum_c x_c U_c

where c are the calibration cells (rows with the same auxiliaries), W_c the calibrated weight of the unit in the
cell, U_c = sum of q_k u_k over the cell and Q_c = sum of q_k. The influence values enter through two sums alone,
by unit and by cell; both are linear in u, so they stand below each other in one matrix of scores, and differences
and quotients of estimates are taken of both at once. `influence.calibrated_scores` is the same on rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from sojourn.errors import UsageError
from sojourn.methods.survey.engine import Cells

Floats = NDArray[np.float64]
Regression = Literal["design", "equal"]
GROUP = "_group"
"""Column of ours among the keys of a calibrated cube: number of the calibration cell."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A calibration of linearised weights.

    Attributes:
        auxiliaries: x of each calibration cell, shape (C, a).
        ratio: calibrated over old weight, shape (C,).
        sizes: Q, sum of q over the sample in each cell, shape (C,).
        weights: calibrated weight by unit and cell, sparse (units, C).
        regression: q is the old weight ("design", Deville and Särndal) or one ("equal", R `survey` for raking).
    """

    auxiliaries: Floats
    ratio: Floats
    sizes: Floats
    weights: Any
    regression: Regression

    def __len__(self) -> int:
        return len(self.ratio)

    def sums(self, cells: Cells, values: Floats) -> Floats:
        """Turn sums of w y of cells of a cube into sums of q y, shape (cells,).

        Raises:
            UsageError: q is one, and the measure is kept by sums, from which the unweighted sum does not follow.
        """
        if self.regression == "design":
            ratio = self.ratio[cells.keys[GROUP].to_numpy()]
            return np.asarray(np.divide(values, ratio, out=np.zeros_like(values), where=ratio != 0))
        if cells.products and not np.array_equal(values, cells.weights[:, 0]) and cells.n.max(initial=0) > 1:
            raise UsageError(
                "The error after raking a linearised design needs the values of the measure",
                accepted='keep="values", or method="raking", the calibration with the same weights',
            )
        weight = cells.weights[:, 0].astype(float)
        each = np.divide(values, weight, out=np.zeros_like(values), where=weight != 0)
        return np.asarray(each * (cells.n - cells.zeros))

    def residuals(self, scores: Floats) -> Floats:
        """Take from the sums by unit what the auxiliaries explain.

        Args:
            scores: sums of w u by unit, and below them of q u by calibration cell, shape (units + C, p).

        Returns:
            Sums of w e by unit, shape (units, p).
        """
        by_unit, by_cell = scores[: -len(self)], scores[-len(self) :]
        root = np.sqrt(self.sizes)[:, None]
        target = np.divide(by_cell, root, out=np.zeros_like(by_cell), where=root > 0)
        # Influence values are of the order 1 / N: brought to one for the cut-off of the solver.
        scale = max(float(np.abs(target).max(initial=0.0)), np.finfo(float).tiny)
        slopes = np.linalg.lstsq(self.auxiliaries * root, target / scale, rcond=1e-10)[0]
        return np.asarray(by_unit - self.weights @ (scale * (self.auxiliaries @ slopes)))


def fit_of(
    cells: Cells, units: NDArray[Any], size: int, auxiliaries: Floats, ratio: Floats, regression: Regression
) -> Fit:
    """Describe a calibration from the calibrated cells of everyone in the sample.

    Args:
        cells: cells with calibrated weights and the number of their calibration cell.
        units: sampling unit of each cell; there are `size` of them.
        auxiliaries, ratio, regression: as in `Fit`.
    """
    group, count = cells.keys[GROUP].to_numpy(), len(ratio)
    weight = cells.weights[:, 0].astype(float)
    if regression == "design":
        old = np.divide(weight, ratio[group], out=np.zeros_like(weight), where=ratio[group] != 0)
    else:
        old = np.where(weight != 0, cells.n - cells.zeros, 0).astype(float)
    weights = sparse.coo_array((weight, (units, group)), shape=(size, count)).tocsr()
    return Fit(auxiliaries, ratio, np.bincount(group, old, count).astype(float), weights, regression)
