"""Pay gaps from a table of persons, with the rows that cannot be used and what a reader must be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from sojourn.errors import UsageError
from sojourn.methods.paygap import gaps, oaxaca
from sojourn.methods.paygap.columns import columns
from sojourn.methods.paygap.linearised import Estimates, Sampling

NO_DESIGN = "no error is known: no sampling design was declared"


@dataclass(frozen=True, slots=True)
class Survey:
    """The columns of a table that say how its rows were sampled: declared, never guessed.

    Without strata, clusters or replicates, and unless rows are said to be independent, no error is computed.

    Attributes:
        weight, strata, cluster: columns.
        replicates, factors: columns of replicate weights, and f_r of V = sum f_r (t_r - t)(t_r - t)'.
        independent: every row was drawn on its own.
    """

    weight: str | None = None
    strata: str | None = None
    cluster: str | None = None
    replicates: tuple[str, ...] = ()
    factors: tuple[float, ...] = ()
    independent: bool = False

    def declared(self) -> bool:
        """Say whether errors may be computed."""
        return bool(self.strata or self.cluster or self.replicates or self.independent)

    def columns(self) -> list[str]:
        """Name the columns that are used."""
        return [name for name in (self.weight, self.strata, self.cluster, *self.replicates) if name]

    def sampling(self, table: pl.DataFrame) -> Sampling:
        """Take the design's columns out of the table."""
        return Sampling(
            weights=None if self.weight is None else table[self.weight].cast(pl.Float64).to_numpy(),
            strata=None if self.strata is None else table[self.strata].to_numpy(),
            clusters=None if self.cluster is None else table[self.cluster].to_numpy(),
            replicates=table.select(self.replicates).cast(pl.Float64).to_numpy() if self.replicates else None,
            factors=np.asarray(self.factors) if self.replicates else None,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A table of estimates and what belongs to it.

    Attributes:
        table: component, variable, category, value, se, lower, upper (95 per cent), df; null errors without a design.
        problems: row (from 1), column, accepted; rows with an unknown value, which are in no estimate.
        n_native, n_migrant: rows that were used.
        notes: choices and warnings, to be printed with the numbers.
    """

    table: pl.DataFrame
    problems: pl.DataFrame
    n_native: int
    n_migrant: int
    notes: tuple[str, ...]


def raw_gap_table(
    table: pl.DataFrame, wage: str, migrant: str, survey: Survey | None = None, statistic: str = "mean"
) -> Found:
    """Compute the raw gap; see `raw_gap`.

    Args:
        table: one row per wage earner: wage (hourly), migrant (bool), and the columns of the survey.
        statistic: mean or median.

    >>> people = pl.DataFrame({"wage": [10.0, 20.0, 9.0, 15.0], "migrant": [False, False, True, True]})
    >>> raw_gap_table(people, "wage", "migrant").table["value"].round(6).to_list()
    [15.0, 12.0, 0.2]
    """
    if statistic not in ("mean", "median"):
        raise UsageError(f"statistic {statistic!r}", accepted="mean, median")
    survey = survey or Survey()
    used, problems = _used(table, migrant, [wage], survey)
    kind = "mean" if statistic == "mean" else "median"
    found = gaps.raw_gap(used[wage], used[migrant].to_numpy(), survey.sampling(used), kind)  # type: ignore[arg-type]
    return _found(found, used, migrant, problems, (f"{statistic} of {wage}",), {}, survey)


def factor_weighted_gap_table(
    table: pl.DataFrame, wage: str, migrant: str, factors: Sequence[str], survey: Survey | None = None
) -> Found:
    """Compute the gap among people who are alike in every one of the factors; see `factor_weighted_gap`.

    >>> people = pl.DataFrame({"wage": [10, 9, 20, 10, 7], "migrant": [False, True, False, True, True],
    ...                        "job": list("aabbc")})
    >>> factor_weighted_gap_table(people, "wage", "migrant", ["job"]).notes[1]
    '1 of 3 groups has no natives or no migrants and is left out, with 20.0 per cent of the wage earners'
    """
    survey = survey or Survey()
    used, problems = _used(table, migrant, [wage, *factors], survey)
    group = used.select(pl.struct(list(factors)).rank("dense").alias("group"))["group"].to_numpy()
    found = gaps.factor_weighted_gap(used[wage], used[migrant].to_numpy(), group, survey.sampling(used))
    left, every = found.dropped.size, found.dropped.size + found.groups.size
    has = "has no natives or no migrants and is" if left == 1 else "have no natives or no migrants and are"
    notes = (
        f"groups by {' x '.join(factors)}, weighted by their share of the wage earners",
        f"{left} of {every} groups {has} left out, with {100 * found.dropped_share:.1f} per cent "
        "of the wage earners",
    )
    return _found(found.estimates, used, migrant, problems, notes, {}, survey)


def decomposition_table(
    table: pl.DataFrame,
    wage: str,
    migrant: str,
    numbers: Sequence[str],
    categories: Mapping[str, object],
    *,
    folds: int = 2,
    reference: oaxaca.Reference = "native",
    normalise: bool = False,
    probability: float | None = None,
    bandwidth: tuple[float, float] | None = None,
    survey: Survey | None = None,
) -> Found:
    """Decompose a gap of means, or of quantiles where a probability is given; see `two_fold`, `three_fold`.

    Args:
        table: wage (as it is to be decomposed: usually its logarithm), migrant (bool), regressors.
        numbers, categories, normalise: the regressors; see `columns`.
        folds: 2 or 3.
        reference: coefficients of the two-fold decomposition.
        probability, bandwidth: of the quantile; see `quantile_decomposition` (two-fold, not normalised).

    Returns:
        The parts and their detail; the notes state reference, omitted categories, bandwidths and warnings.

    >>> people = pl.DataFrame({"wage": [2.0, 4.0, 1.0, 2.0], "migrant": [False, False, True, True],
    ...                        "skill": ["low", "high", "low", "high"]})
    >>> decomposition_table(people, "wage", "migrant", [], {"skill": "low"}).notes[:2]
    ('reference coefficients: native', "omitted category of skill: 'low'")
    """
    if folds not in (2, 3) or (probability is not None and (folds == 3 or normalise)):
        raise UsageError(f"{folds} folds", accepted="2 or 3; at quantiles 2, and no normalised effects")
    survey = survey or Survey()
    used, problems = _used(table, migrant, [wage, *numbers, *categories], survey)
    parts = columns(used, numbers, categories, normalise)
    names = {
        f"{variable}={category}" if category else variable: (variable, category)
        for variable, category in parts.names
    }
    rows = used[wage].cast(pl.Float64), used[migrant].to_numpy(), parts.fitted, list(names)
    how = survey.sampling(used)
    notes = [f"reference coefficients: {reference}"] if folds == 2 else ["from the migrants' side"]
    notes += [f"omitted category of {name}: {one!r}" for name, one in parts.omitted.items()]
    if probability is not None:
        found, stated, gap = oaxaca.quantile_decomposition(*rows, probability, reference, how, bandwidth)
        notes.append(
            f"quantile {probability:g}, Gaussian kernel, bandwidths {stated[0]:.6g} (natives) and "
            f"{stated[1]:.6g} (migrants); gap of the quantiles themselves {gap:.6g}"
        )
    elif folds == 2:
        found = oaxaca.two_fold(*rows, reference, how, parts.detail)
    else:
        found = oaxaca.three_fold(*rows, how, parts.detail)
    return _found(found, used, migrant, problems, (*notes, *parts.warnings), names, survey)


def _used(
    table: pl.DataFrame, migrant: str, needed: Sequence[str], survey: Survey
) -> tuple[pl.DataFrame, pl.DataFrame]:
    every = list(dict.fromkeys([migrant, *needed, *survey.columns()]))
    if missing := [name for name in every if name not in table.columns]:
        raise UsageError(f"the table lacks the columns {missing}", accepted=", ".join(every))
    if table.schema[migrant] != pl.Boolean:
        raise UsageError(
            f"{migrant!r} is {table.schema[migrant]}", accepted="a Boolean column; null: not known"
        )
    rows = table.with_row_index("row", offset=1)
    unknown = [
        rows.filter(_unknown(name, table.schema[name])).select(
            "row", pl.lit(name).alias("column"), pl.lit("a known value").alias("accepted")
        )
        for name in every
    ]
    problems = pl.concat(unknown).sort("row", "column")
    return rows.filter(~pl.col("row").is_in(problems["row"].implode())), problems


def _unknown(name: str, kind: pl.DataType) -> pl.Expr:
    return pl.col(name).is_null() | (~pl.col(name).is_finite() if kind.is_float() else pl.lit(False))


def _found(
    found: Estimates,
    used: pl.DataFrame,
    migrant: str,
    problems: pl.DataFrame,
    notes: tuple[str, ...],
    names: Mapping[str, tuple[str, str]],
    survey: Survey,
) -> Found:
    lower, upper = found.interval()
    parts = [name.partition(":") for name in found.names]
    shown = [names.get(term, ("", "")) for _, _, term in parts]
    numbers: dict[str, ArrayLike] = {
        "value": found.value,
        "se": found.standard_error,
        "lower": lower,
        "upper": upper,
    }
    table = pl.DataFrame(
        {
            "component": [kind for kind, _, _ in parts],
            "variable": [variable for variable, _ in shown],
            "category": [category for _, category in shown],
            **numbers,
            "df": [found.df] * len(parts),
        }
    )
    if not survey.declared():
        table = table.with_columns(
            pl.lit(None, pl.Float64).alias(name) for name in ("se", "lower", "upper", "df")
        )
        notes = (*notes, NO_DESIGN)
    migrants = int(used[migrant].sum())
    return Found(table, problems, used.height - migrants, migrants, notes)
