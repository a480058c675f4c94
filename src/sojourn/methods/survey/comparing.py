"""Comparisons that need more than one domain column: contrasts over years, and whether two cubes are alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from sojourn.errors import UsageError
from sojourn.methods.survey.asking import Asked, estimates, require_consistent
from sojourn.methods.survey.estimates import Estimates
from sojourn.methods.survey.results import Presentation, presented

if TYPE_CHECKING:
    from sojourn.methods.survey.cube import Cube


def require_alike(first: Cube, second: Cube) -> None:
    """Refuse to add cubes that do not say the same.

    Raises:
        UsageError: the designs, domains, measures or the way these are kept differ.
    """
    pairs = {
        "designs": (first.design, second.design),
        "domain columns": (first.by, second.by),
        "measures": (first.measures, second.measures),
        "ways of keeping": tuple([b.kept for b in c.blocks] for c in (first, second)),
    }
    for what, (a, b) in pairs.items():
        if a != b:
            raise UsageError(f"Cubes with different {what} cannot be merged", where=f"{a} and {b}")
    if any(block.kept == "refined" for block in first.blocks):
        raise UsageError(
            "Refined quantiles are found for the rows of one cube, and cannot be merged",
            advice='They need the files again, all in one call; or keep="values" in the parts.',
        )
    if any(c.units is not None and c.units.fit is not None for c in (first, second)):
        raise UsageError(
            "Cubes of a linearised design that were calibrated cannot be merged",
            advice="Merge them as they were made, then calibrate the whole.",
        )


def contrast(
    asked: Asked, how: Presentation, over: str, coefficients: Mapping[Any, float], independent: bool
) -> pl.DataFrame:
    """Estimate Σ c_k t_k over the values k of a column, within every other domain."""
    require_consistent(asked.design, asked.statistic, None)
    rest = tuple(name for name in asked.by if name != over)
    found = estimates(asked, (*rest, over))
    there = found.keys[over].unique().to_list()
    if missing := [value for value in coefficients if value not in there]:
        raise UsageError(f"{over} has no value {missing[0]!r}", accepted=", ".join(map(str, there[:10])))
    words = " ".join(f"{c:+g}·{value}" for value, c in coefficients.items())
    numbered = found.keys.with_row_index("_row")
    groups = _in_all(numbered, over, list(coefficients), [n for n in found.keys.columns if n != over])
    total: Estimates | None = None
    variance = np.zeros(groups.height)
    for value, c in coefficients.items():
        part = found.take(groups[f"_row_{value}"].to_numpy().astype(np.intp))
        scaled = replace(
            part, values=part.values * c, scores=None if part.scores is None else part.scores * c
        )
        variance += scaled.variances(asked.design, asked.held.units)
        keys = groups.with_columns(contrast=pl.lit(words)).select(pl.exclude("^_row_.*$"))
        total = _plus(total, scaled, keys)
    assert total is not None
    ends = None
    if independent:
        ends = _wald(total, np.sqrt(variance), asked, how)
    return presented(total, asked.design, asked.held.units, asked.freedom, how, rest, ends)


def _in_all(numbered: pl.DataFrame, over: str, values: list[Any], others: list[str]) -> pl.DataFrame:
    """Find the domains that are there for every value, with the row of each."""
    found: pl.DataFrame | None = None
    for value in values:
        part = numbered.filter(pl.col(over) == value).select(*others, pl.col("_row").alias(f"_row_{value}"))
        if found is None:
            found = part
        elif others:
            found = found.join(part, on=others, nulls_equal=True, maintain_order="left")
        else:
            found = pl.concat([found, part], how="horizontal")
    assert found is not None
    return found


def _plus(total: Estimates | None, part: Estimates, keys: pl.DataFrame) -> Estimates:
    if total is None:
        return replace(part, keys=keys, simple=None, proportion=False)
    negative = replace(part, values=-part.values, scores=None if part.scores is None else -part.scores)
    return total.compared(negative, "difference", keys)


def _wald(total: Estimates, se: Any, asked: Asked, how: Presentation) -> tuple[Any, Any, Any]:
    from sojourn.methods.survey.intervals import wald_interval

    freedom = how.df if how.df is not None else (np.inf if asked.freedom is None else asked.freedom)
    return se, *wald_interval(total.point, se, df=freedom, level=how.level)
