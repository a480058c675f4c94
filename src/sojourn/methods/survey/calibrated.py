"""Cubes whose weights agree with known totals: raking, post-stratification and GREG on cells.

Calibration depends on a row only through the categories whose totals are known. So it is done on the cells of the
cube, for the full weight and every replicate alike, as if each replicate had been calibrated on its rows. Under a
linearised design the cube keeps, besides, what the residuals of the scores need (`residuals`).

Calibrate a cube of all who count in the known totals, then ask of fewer: with `where`, or of one file of several,
the totals would be those of a part.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sojourn.errors import UsageError
from sojourn.methods.survey import calibration
from sojourn.methods.survey.engine import grouped, summed
from sojourn.methods.survey.residuals import GROUP, Regression, fit_of
from sojourn.methods.survey.units import UNIT

if TYPE_CHECKING:
    from sojourn.methods.survey.cube import Cube

Floats = NDArray[np.float64]
DISTANCES: dict[str, calibration.Distance] = {"linear": "linear", "raking": "raking", "logit": "logit"}


def fitted(
    cube: Cube,
    margins: Mapping[str, Mapping[Any, float]],
    method: str = "rake",
    bounds: tuple[float, float] | None = None,
) -> Cube:
    """Fit all columns of weights to known totals of several domain columns.

    Args:
        cube: a cube whose domain columns include the margins.
        margins: known totals by value of each column, {"sex": {"M": 49.2, "F": 50.8}}.
        method: "rake" (iterative proportional fitting), or the distance of a calibration: "linear" (GREG),
            "raking", "logit" (with `bounds` of the ratio of new to old weight).
        bounds: for "logit".

    Returns:
        A cube of calibrated weights; its estimates have the errors of calibrated estimates.

    Raises:
        UsageError: a category has no known total, or a total no cases; there is nothing but a weight; a
            linearised cube was calibrated before.

    After raking, linearised errors are those of R `survey`: residuals from a regression with equal weights, for
    which measures must be kept by values. The other methods regress with the weights before calibration.
    """
    if method != "rake" and method not in DISTANCES:
        raise UsageError(f"There is no calibration {method!r}", accepted="rake, linear, raking, logit")
    names = cube._columns(tuple(margins))
    groups, weights, places = _groups(cube, names)
    sides = [_side(groups[name], margins[name]) for name in names]
    x = calibration.indicators(*(codes for codes, _ in sides))
    if method == "rake":
        new = calibration.rake(weights, sides)
    else:
        totals = np.concatenate([total for _, total in sides])
        new = calibration.calibrate(weights, x, totals, distance=DISTANCES[method], bounds=bounds)
    return _scaled(cube, weights, new, places, x, "equal" if method == "rake" else "design")


def poststratified(cube: Cube, totals: Mapping[Any, float], by: tuple[str, ...]) -> Cube:
    """Scale all columns of weights to the known total of every cell of some domain columns.

    Args:
        cube: the cube.
        totals: known total by value, or by tuple of values where there are several columns.
        by: the columns.
    """
    groups, weights, places = _groups(cube, by)
    rows = [row[0] if len(by) == 1 else row for row in groups.rows()]
    codes, known = _side(pl.Series(by[0], rows, dtype=pl.Object), totals)
    new = calibration.post_stratify(weights, codes, known)
    return _scaled(cube, weights, new, places, calibration.indicators(codes), "design")


def _groups(cube: Cube, names: tuple[str, ...]) -> tuple[pl.DataFrame, Floats, list[NDArray[np.intp]]]:
    """Add up the weights of the cells that have the same auxiliary values; number the cells of each block."""
    if cube.units is not None and cube.units.fit is not None:
        raise UsageError(
            "A linearised cube is calibrated once; this one is calibrated",
            advice="Give all margins in one call, to the cube as it was made.",
        )
    if not cube.design.replicated and cube.units is None:
        raise UsageError(
            "Errors after calibration need a design; this one has nothing but a weight",
            accepted="replicate weights, or strata and clusters",
        )
    distinct, codes = grouped(cube.blocks[0].cells.keys.select(names))
    places = [codes]
    for block in cube.blocks[1:]:
        both = pl.concat([distinct, block.cells.keys.select(names)])
        places.append(grouped(both)[1][distinct.height :])
    weights = summed(cube.blocks[0].cells.weights, codes, distinct.height).astype(float)
    return distinct, weights, places


def _side(column: pl.Series, totals: Mapping[Any, float]) -> tuple[NDArray[np.intp], Floats]:
    """Number the categories of a margin in the order of its known totals.

    Raises:
        UsageError: a category without a known total, or a known total without cases.
    """
    numbers = {value: place for place, value in enumerate(totals)}
    values = column.to_list()
    if unknown := [value for value in values if value not in numbers]:
        raise UsageError(
            f"{column.name} has the value {unknown[0]!r}, which has no known total",
            accepted=", ".join(map(str, totals)),
        )
    if empty := [value for value in totals if value not in values]:
        raise UsageError(f"{column.name} {empty[0]!r} has a known total and no cases", advice="Merge it.")
    return np.array([numbers[value] for value in values], np.intp), np.array(list(totals.values()), float)


def _scaled(
    cube: Cube,
    old: Floats,
    new: Floats,
    places: list[NDArray[np.intp]],
    auxiliaries: Floats,
    regression: Regression,
) -> Cube:
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(old != 0, new / old, 0.0)
    blocks = []
    for block, codes in zip(cube.blocks, places, strict=True):
        cells, factor = block.cells, ratio[codes]
        products = {name: sums * factor for name, sums in cells.products.items()}
        keys = cells.keys
        if cube.units is not None:
            keys = keys.with_columns(pl.Series(GROUP, codes.astype(np.int64)))
        scaled = replace(cells, keys=keys, weights=cells.weights * factor, products=products)
        blocks.append(replace(block, cells=scaled))
    units = cube.units
    if units is not None:
        everyone = blocks[0].cells
        rows = everyone.keys[UNIT].to_numpy()
        fit = fit_of(everyone, rows, len(units), auxiliaries, ratio[:, 0], regression)
        units = replace(units, fit=fit)
    return replace(cube, blocks=tuple(blocks), units=units)
