"""Regressions and tests of independence from microdata with the error of the declared design, as frames.

The arrays beneath are those of `regression` and `contingency`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from sojourn.errors import UsageError
from sojourn.methods.survey import freedom
from sojourn.methods.survey.answers import people
from sojourn.methods.survey.checks import check_replicates
from sojourn.methods.survey.contingency import rao_scott
from sojourn.methods.survey.cube import cube
from sojourn.methods.survey.design import Design
from sojourn.methods.survey.engine import weight_columns
from sojourn.methods.survey.expressions import expression, named
from sojourn.methods.survey.intervals import wald_interval
from sojourn.methods.survey.linearization import Lonely, linearized_covariance
from sojourn.methods.survey.regression import Family, fit, fit_replicates, residual_degrees_of_freedom
from sojourn.methods.survey.tables import Engine, collected, ibis_module, opened
from sojourn.methods.survey.units import Units, unit_keys
from sojourn.methods.survey.variance import replicate_covariance, standard_errors

Floats = NDArray[np.float64]
INTERCEPT = "(intercept)"


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows read for a model: response, covariates by name, weights, and where the row was drawn."""

    design: Design
    response: Floats
    covariates: pl.DataFrame
    weights: Floats
    inside: NDArray[np.bool_]
    drawn: pl.DataFrame
    freedom: float | None


def regress(
    data: Any,
    design: Design,
    response: str,
    covariates: str | Sequence[str] | Mapping[str, Any],
    *,
    family: Family = "gaussian",
    where: Any = None,
    reference: Mapping[str, Any] | None = None,
    solution: Literal["exact", "scoring"] = "exact",
    level: float = 0.95,
    engine: Engine | None = None,
) -> pl.DataFrame:
    """Fit a weighted linear or logistic regression; errors come from the design.

    Rows in which the response or a covariate is missing are left out.

    Args:
        data: as for `cube`.
        design: how the sample was drawn.
        response: column or expression; for "binomial" true or false, 0 or 1.
        covariates: columns or expressions, or name and expression of each. Words, and true or false, become
            indicators of every category but one.
        family: "gaussian" or "binomial" (logit).
        where: which rows are in scope.
        reference: category without an indicator, by covariate; the first in sorted order where not given.
        solution: "scoring" stops a logistic fit of a linearised design where most programs do: see
            `regression.fit`.
        level: coverage of the intervals, with the degrees of freedom of the design less the covariates.
        engine: how DuckDB may use the machine.

    Returns:
        term, estimate, se, lower, upper, df, n, cv, flag; one row per coefficient.

    Raises:
        UsageError: the design declares nothing to compute errors from; as `regression.fit`.

    Source: D. A. Binder (1983), International Statistical Review 51, 279-292.

    >>> rows = pl.DataFrame({"y": [1, 2, 4, 5], "a": ["n", "n", "f", "f"], "w": [1, 1, 1, 1], "h": [1, 2, 3, 4]})
    >>> found = regress(rows, Design.taylor("w", clusters="h"), "y", "a")
    >>> found.select("term", pl.col("estimate").round(9), "n").rows()
    [('(intercept)', 4.5, 4), ('a=n', -3.0, 4)]
    """
    if not (design.replicated or design.kind == "taylor"):
        raise UsageError("A regression needs a design: only a weight is declared", accepted="sdr, taylor …")
    rows = _read(data, design, response, covariates, where, engine)
    terms, x = _indicators(rows.covariates, rows.inside, dict(reference or {}))
    weights = np.where(rows.inside[:, None], rows.weights, 0.0)
    if design.replicated:
        found = rows.design
        replicated = fit_replicates(
            rows.response, x, weights, scale=found.scale or 1.0, rscales=found.rscales,
            center=found.center, family=family,
        )  # fmt: skip
        coefficients, covariance = replicated.coefficients, replicated.covariance
        degrees = np.inf if rows.freedom is None else rows.freedom
    else:
        fitted = fit(rows.response, x, weights[:, 0], family=family, solution=solution)
        coefficients = fitted.coefficients
        covariance, degrees = _linearized(rows, fitted.scores)
    df = residual_degrees_of_freedom(degrees, len(terms))
    se = standard_errors(covariance)
    lower, upper = wald_interval(coefficients, se, df=df, level=level)
    n = int((rows.inside & (rows.weights[:, 0] > 0)).sum())
    frame = pl.DataFrame(
        {"term": terms, "estimate": coefficients, "se": se, "lower": lower, "upper": upper},
        schema_overrides=dict.fromkeys(("estimate", "se", "lower", "upper"), pl.Float64),
    )
    return frame.with_columns(
        df=pl.lit(float(df)),
        n=pl.lit(n, pl.Int64),
        cv=pl.when(pl.col("estimate") != 0).then(pl.col("se") / pl.col("estimate").abs()),
        flag=pl.when(pl.col("se") == 0).then(pl.lit("zero error")).otherwise(pl.lit("")),
    )


def independence(
    data: Any,
    design: Design,
    rows: str,
    columns: str,
    *,
    where: Any = None,
    engine: Engine | None = None,
) -> pl.DataFrame:
    """Test two classifications for independence: Rao and Scott's second-order test in its F form.

    Args:
        data: as for `cube`.
        design: how the sample was drawn; it must give errors.
        rows: a column of categories; rows in which it is missing do not count.
        columns: the other.
        where: which rows are in scope.
        engine: how DuckDB may use the machine.

    Returns:
        One row: f, numerator_df, denominator_df, p_value, chi_square (Pearson's, as of a simple random
        sample), n.

    Raises:
        UsageError: the design gives no errors; fewer than two categories.

    Source: J. N. K. Rao and A. J. Scott (1984), Annals of Statistics 12, 46-60.

    >>> people = pl.DataFrame({"a": [0, 0, 1, 1] * 5, "b": [0, 1, 1, 1] * 4 + [0, 1, 0, 1], "w": [1] * 20})
    >>> independence(people, Design.taylor("w"), "a", "b").select(pl.col("f").round(6), "n").rows()
    [(3.619048, 20)]
    """
    if not (design.replicated or design.kind == "taylor"):
        raise UsageError("A test needs a design: only a weight is declared", accepted="sdr, taylor …")
    made = cube(data, design, [rows, columns], where=where, engine=engine)
    held = made.held
    cells = people(held, (rows, columns))
    cells = cells.take(np.flatnonzero(cells.keys[rows].is_not_null() & cells.keys[columns].is_not_null()))
    shape, place = _grid(cells.keys)
    size = int(np.prod(shape))
    sums = np.zeros((size, cells.values.shape[1]))
    sums[place] = cells.values
    shares = sums / sums.sum(axis=0)
    if held.units is None:
        found = made.design
        covariance = replicate_covariance(
            shares[:, 0],
            shares[:, 1:].T,
            scale=found.scale or 1.0,
            rscales=found.rscales,
            center=found.center,
        )
        df = np.inf if made.freedom is None else made.freedom
    else:
        scores = np.zeros((len(held.units), size))
        scores[:, place] = cells.scores.toarray()
        scores = (scores - scores.sum(axis=1, keepdims=True) * shares[:, 0]) / sums[:, 0].sum()
        covariance = _covariance(held.units, scores, design)
        df = _freedom(held.units, np.asarray(cells.members.sum(axis=1)).ravel() > 0, design)
    n = int(cells.n.sum())
    test = rao_scott(shares[:, 0].reshape(shape), covariance, n, df)
    return pl.DataFrame(
        {
            "f": [test.f],
            "numerator_df": [test.numerator_df],
            "denominator_df": [test.denominator_df],
            "p_value": [test.p_value],
            "chi_square": [test.chi_square],
            "n": [n],
        }
    )


def _read(
    data: Any, design: Design, response: str, covariates: Any, where: Any, engine: Engine | None
) -> _Rows:
    """Read the rows of a model: all rows of a linearised design, those in scope of another."""
    with opened(data, engine) as table:
        found = design.found_in(table.columns)
        scope = None if where is None else expression(where, table)
        check_replicates(table if scope is None else table.filter(scope), found)
        asked = named(covariates, table)
        weights = weight_columns(table, found)
        y = expression(response, table).cast("float64")
        columns = {f"_x_{place}": x for place, x in enumerate(asked.values())}
        columns |= {f"_w_{place}": w.cast("float64") for place, w in enumerate(weights)}
        drawn = unit_keys(table, found)
        everyone = ibis_module().literal(True)
        columns |= {"_y": y, "_inside": everyone if scope is None else scope.fill_null(False), **drawn}
        chosen = table.select(**columns)
        linear = found.kind == "taylor"
        answer = pl.DataFrame(
            pl.from_arrow(collected(chosen if linear else chosen.filter(chosen["_inside"])))
        )
        degrees = freedom.of_replicates(table, found)
    frame = answer.select(pl.col(f"_x_{place}").alias(name) for place, name in enumerate(asked))
    w = answer.select("^_w_.*$").to_numpy().astype(float)
    known = (
        answer["_y"].is_not_null()
        & answer.select(pl.all_horizontal(pl.col("^_x_.*$").is_not_null()).alias("_")).to_series()
    )
    inside = (answer["_inside"] & known).to_numpy()
    return _Rows(found, answer["_y"].to_numpy(), frame, w, inside, answer.select(list(drawn)), degrees)


def _indicators(
    covariates: pl.DataFrame, inside: NDArray[np.bool_], reference: dict[str, Any]
) -> tuple[list[str], Floats]:
    """Make the columns of a model: ones, numbers as they are, an indicator of every category but one."""
    terms, columns = [INTERCEPT], [np.ones(covariates.height)]
    for column in covariates.get_columns():
        if column.dtype.is_numeric():
            terms.append(column.name)
            columns.append(column.fill_null(0).cast(pl.Float64).to_numpy())
            continue
        levels = column.filter(pl.Series(inside)).drop_nulls().unique().sort().to_list()
        left_out = reference.pop(column.name, levels[0] if levels else None)
        if levels and left_out not in levels:
            raise UsageError(
                f"{column.name} has no category {left_out!r}", accepted=", ".join(map(str, levels))
            )
        for one in levels:
            if one != left_out:
                terms.append(f"{column.name}={one}")
                columns.append((column == one).fill_null(False).cast(pl.Float64).to_numpy())
    if reference:
        raise UsageError(
            f"{next(iter(reference))!r} is no covariate of categories", accepted=", ".join(covariates.columns)
        )
    return terms, np.column_stack(columns)


def _linearized(rows: _Rows, scores: Floats) -> tuple[Floats, float]:
    """Compute the covariance of coefficients from scores added up by sampling unit, and its freedom."""
    keys = rows.drawn if rows.drawn.width else pl.DataFrame({"_row": np.arange(len(scores))})
    units, codes = Units.found(keys, rows.design)
    sums = np.column_stack([np.bincount(codes, column, len(units)) for column in scores.T]).astype(float)
    there = np.bincount(codes[rows.inside & (rows.weights[:, 0] > 0)], minlength=len(units)) > 0
    return _covariance(units, sums, rows.design), _freedom(units, there, rows.design)


def _covariance(units: Units, sums: Floats, design: Design) -> Floats:
    strata, clusters, fpc = (units.stages(kind) for kind in ("_stratum", "_cluster", "_fpc"))
    lonely: Lonely = design.lonely  # type: ignore[assignment]
    return linearized_covariance(sums, strata, clusters, fpc, lonely)


def _freedom(units: Units, there: NDArray[np.bool_], design: Design) -> float:
    if design.df is not None:
        return design.df
    return float(units.degrees_of_freedom(sparse.csc_array(there[:, None].astype(float)))[0])


def _grid(keys: pl.DataFrame) -> tuple[tuple[int, int], NDArray[np.intp]]:
    """Lay the cells of two classifications out as a table: its shape, and the place of each cell."""
    first, second = (column.rank("dense").to_numpy().astype(np.intp) - 1 for column in keys.get_columns())
    shape = (int(first.max(initial=-1)) + 1, int(second.max(initial=-1)) + 1)
    return shape, first * shape[1] + second
