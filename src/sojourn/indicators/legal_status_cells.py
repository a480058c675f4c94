"""Cells, assumptions and odds of the legal status from their typed table, matched to a survey's answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sojourn.errors import UsageError
from sojourn.indicators.survey_rows import Floats, Rows
from sojourn.methods.legal_status import Assumption, Cells
from sojourn.methods.survey.replication import bootstrap
from sojourn.methods.survey.variance import replicate_covariance

CELL, ODDS = "cell", "odds"
REGISTERED = ("admitted", "years", "mortality", "emigration", "temporary")
BOOTSTRAPS = 100


@dataclass(frozen=True, slots=True)
class Declared:
    """What an office states for one country and year.

    Attributes:
        cells: the conditions of each cell, as written.
        registered: admitted, years, mortality, emigration and temporary of each cell.
        assumptions: with distributions and sources.
        odds: conditions and the relative odds of people who meet them.
    """

    cells: tuple[str, ...]
    registered: dict[str, Floats]
    assumptions: tuple[Assumption, ...]
    odds: tuple[tuple[str, float], ...]

    def keys(self) -> dict[str, tuple[str, ...]]:
        """Give variable -> code of each cell."""
        parts = [conditions(one) for one in self.cells]
        names = dict.fromkeys(name for part in parts for name in part)
        return {name: tuple(part.get(name, "_T") for part in parts) for name in names}

    def concepts(self) -> list[str]:
        """List the concepts that conditions name."""
        texts = (*self.cells, *(text for text, _ in self.odds))
        return list(dict.fromkeys(name for text in texts for name in conditions(text)))


def conditions(text: str) -> dict[str, str]:
    """Read "sex=female;age=18..64".

    >>> conditions("sex=female;age=18..64")
    {'sex': 'female', 'age': '18..64'}
    """
    return dict(part.split("=", 1) for part in text.split(";")) if text else {}


def condition(text: str, numbers: Sequence[str]) -> pl.Expr:
    """Write conditions as an expression; null where an answer is not known.

    >>> pl.DataFrame({"age": [17.0, 18.0]}).select(x=condition("age=18..64", ["age"]))["x"].to_list()
    [False, True]
    """
    met = pl.lit(True)
    for name, value in conditions(text).items():
        first, _, last = value.partition("..")
        if name in numbers:
            if not (first.isdigit() and (last or first).isdigit()):
                raise UsageError(f"{name}={value} is no span of whole numbers", accepted=f"{name}=2015..2024")
            met &= pl.col(name).is_between(int(first), int(last or first))
        else:
            met &= pl.col(name).cast(pl.String).is_in(value.split("|"))
    return met


def declared(table: pl.DataFrame) -> Declared:
    """Read what one office states for one country and year.

    Raises:
        UsageError: a number of a cell is missing, twice there or not fixed; an assumption contradicts itself.
    """
    own = table.filter(item=CELL)
    cells = tuple(sorted(own["cells"].unique().to_list()))
    if not cells:
        raise UsageError("no cell is stated", accepted=f"rows {CELL!r} with {', '.join(REGISTERED)}")
    registered = {
        name: np.array([_registered(own.filter(cells=cell, parameter=name), cell, name) for cell in cells])
        for name in REGISTERED
    }
    rest = table.filter(pl.col("item") != CELL)
    assumptions = tuple(
        Assumption(
            name=row["item"],
            parameter=row["parameter"],
            distribution=row["distribution"],
            values=_numbers(row["values"]),
            source=row["stated_by"],
            where={name: (code,) for name, code in conditions(row["cells"]).items()},
        )
        for row in rest.filter(pl.col("parameter") != ODDS).iter_rows(named=True)
    )
    odds = tuple((row["cells"], _fixed(row)) for row in rest.filter(parameter=ODDS).iter_rows(named=True))
    return Declared(cells, registered, assumptions, odds)


def _registered(rows: pl.DataFrame, cell: str, name: str) -> float:
    if rows.height != 1:
        raise UsageError(f"{name} of the cell {cell!r} is stated {rows.height} times", accepted="once")
    return _fixed(rows.row(0, named=True))


def _fixed(row: dict[str, str]) -> float:
    values = _numbers(row["values"])
    if row["distribution"] != "fixed" or set(values) != {"value"}:
        raise UsageError(
            f"{row['parameter']} of {row['cells']!r} is {row['distribution']} {row['values']}",
            accepted="fixed, value=number; how sure it is, is an assumption of its own",
        )
    return values["value"]


def _numbers(text: str) -> dict[str, float]:
    return {name: float(value) for name, value in conditions(text).items()}


def placed(rows: Rows, count: int) -> NDArray[np.int64]:
    """Give the cell of each person, -1 for none.

    Raises:
        UsageError: somebody is in two cells.
    """
    inside = np.column_stack(
        [rows.frame[f"cell_{at}"].fill_null(False).to_numpy().astype(bool) for at in range(count)]
    )
    if np.any(inside.sum(axis=1) > 1):
        raise UsageError(
            f"{int(np.sum(inside.sum(axis=1) > 1))} persons are in two cells",
            accepted="cells that do not overlap",
        )
    return np.where(inside.any(axis=1), inside.argmax(axis=1), -1).astype(np.int64)


def replicated(rows: Rows, rng: np.random.Generator) -> tuple[Floats, Floats, str]:
    """Give replicate weights, their factors, and the word for them; a bootstrap of declared strata and clusters.

    Raises:
        UsageError: a stratum has one cluster.
    """
    if rows.replicates is not None:
        return rows.replicates, rows.factors, f"{rows.replicates.shape[1]} replicates"
    every = int(rows.everybody[3][0][0])
    codes = [np.unique(part[0], return_inverse=True)[1] if part else None for part in rows.everybody[:2]]
    strata = np.zeros(every, np.int64) if codes[0] is None else codes[0]
    units = np.arange(every) if codes[1] is None else codes[1]
    pairs, at = np.unique(np.stack([strata, units]), axis=1, return_inverse=True)
    made = bootstrap(
        np.ones(pairs.shape[1]), pairs[0], np.arange(pairs.shape[1]), replicates=BOOTSTRAPS, rng=rng
    )
    factors = made.weights[:, 1:][at.ravel()[rows.place]]
    word = f"{BOOTSTRAPS} bootstrap replicates of the declared strata and clusters"
    return rows.weights[:, None] * factors, np.full(BOOTSTRAPS, made.scale), word


def cells_of(
    stated: Declared,
    cell: NDArray[np.int64],
    weights: Floats,
    replicates: Floats,
    factors: Floats,
    center: str,
) -> Cells:
    """Count the foreign-born of each cell, with the covariance of the design."""
    k = len(stated.cells)
    counted = np.bincount(cell, weights=weights, minlength=k)
    under = np.array([np.bincount(cell, weights=column, minlength=k) for column in replicates.T])
    covariance = replicate_covariance(
        counted, under, scale=1.0, rscales=factors, center="mean" if center == "mean" else "estimate"
    )
    return Cells(stated.keys(), counted.astype(np.float64), covariance, **stated.registered)
