"""Estimates in one line: data, design, statistic."""

from __future__ import annotations

from typing import Any

import polars as pl

from sojourn.methods.survey.asking import require_consistent
from sojourn.methods.survey.blocks import Kept
from sojourn.methods.survey.cube import By, Cube, cube
from sojourn.methods.survey.design import Design
from sojourn.methods.survey.expressions import name_of
from sojourn.methods.survey.refined import LOCAL_RULES, Refined
from sojourn.methods.survey.statistics import INTERPOLATED, Statistic, statistic_of
from sojourn.methods.survey.tables import Engine

FEW_VALUES = 64
"""Distinct values up to which all of them are kept without asking where a quantile lies."""


def estimate(
    data: Any,
    design: Design,
    statistic: Statistic | str,
    *,
    by: By = None,
    where: Any = None,
    engine: Engine | None = None,
    **options: Any,
) -> pl.DataFrame:
    """Estimate one statistic by domain, with its error.

    Args:
        data: paths of Parquet or CSV files, a frame, a DuckDB relation, or a table of any Ibis backend.
        design: how the sample was drawn.
        statistic: such as mean("wage"), or words: "mean(wage)", "quantile(wage, 0.5)", "gap(mean(wage), nat)".
        by: domain columns, or name and expression of each.
        where: which rows are in scope, such as "AGEP >= 25 and WAGP > 0".
        engine: how DuckDB may use the machine.
        options: level, interval, df, deff, minimum_n, high_cv, suppress_below: see `results.Presentation`.

    Returns:
        The domain columns, then estimate, se, lower, upper, df, n, cv, flag.

    Raises:
        UsageError, SourceError: as `cube`; a quantile under a delete-one jackknife without Woodruff's interval.

    A quantile is looked for near where the full weight has it (`bracketed`), and among more than 20,000 distinct
    values by `refined` bins: with the same result as from all values, in less time and memory.

    >>> rows = pl.DataFrame({"y": [1, 3, 5], "w": [2, 1, 1], "w1": [1, 2, 1], "w2": [3, 0, 1]})
    >>> estimate(rows, Design.sdr("w", ["w1", "w2"]), "mean(y)").select("estimate", "se", "n").rows()
    [(2.5, 1.0, 3)]
    """
    asked = statistic_of(statistic)
    require_consistent(design, asked, options.get("interval"))  # before the file is read
    keep = _kept(asked, design, bool(options.get("deff")), options.get("interval"))
    made = cube_for(data, design, asked, by=by, where=where, engine=engine, keep=keep)
    base = [name for name in made.by if name != asked.between]
    return made.ask(_renamed(asked), by=(*base, asked.between) if asked.between else base, **options)


def cube_for(
    data: Any,
    design: Design,
    statistic: Statistic,
    *,
    by: By = None,
    where: Any = None,
    engine: Engine | None = None,
    keep: Kept | Refined | None = None,
) -> Cube:
    """Make the smallest cube that answers one statistic."""
    domains: dict[str, Any] = dict(by) if isinstance(by, dict) else {name_of(one): one for one in _listed(by)}
    if statistic.between is not None:
        domains.setdefault(statistic.between, statistic.between)
    measures = {str(m): m for m in statistic.measures}
    way = _kept(statistic, design) if keep is None else keep
    return cube(data, design, domains, measures, where=where, keep=way, engine=engine)


def _listed(by: Any) -> list[Any]:
    return [] if by is None else [by] if isinstance(by, str | pl.Expr) else list(by)


def _kept(
    statistic: Statistic, design: Design, deff: bool = False, interval: str | None = None
) -> Kept | Refined:
    if statistic.kind == "quantile" and statistic.q is not None:
        if statistic.rule in INTERPOLATED:
            return "rows"
        # Woodruff's interval asks for values elsewhere, which are not known before.
        local = statistic.rule in LOCAL_RULES and interval != "woodruff" and design.kind != "taylor"
        return Refined((statistic.q,), above=FEW_VALUES) if local else "values"
    return "values" if statistic.kind == "share" or deff else "sums"


def _renamed(statistic: Statistic) -> Statistic:
    """Call measures by the names that the cube has for them."""
    from dataclasses import replace

    names = [None if m is None else str(m) for m in (statistic.measure, statistic.denominator)]
    return replace(statistic, measure=names[0], denominator=names[1])
