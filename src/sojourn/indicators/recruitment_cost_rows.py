"""Recruitment cost from workers' rows: what each paid, what each earned, and the four statistics of their ratio.

A worker's cost is the sum of the items, less what was refunded, with what was deducted from wages later; an item
that was left empty was not met. Where the survey has no items, the worker's own total counts. Where both are there
the items count, and the note says for how many the two differ.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl
from scipy.special import stdtrit

from sojourn import areas
from sojourn.errors import NotFoundError
from sojourn.indicators.survey_lines import LEVEL, Number
from sojourn.indicators.survey_questions import SEXES
from sojourn.indicators.survey_rows import Flags, Floats, Rows, rows_of
from sojourn.methods.recruitment_cost import STATISTICS, Month, statistics
from sojourn.observations import breakdown
from sojourn.sources.microdata.build import Microdata

ITEM = "cost_"
SIGN = {"cost_refunded": -1.0}
"""Every item adds to the cost but what was given back."""

MONTHS = {"first": ("reference_earnings", "earnings_first_month"), "last": ("earnings_last_month",)}
"""Concepts that hold the earnings of a reference month, best first."""


def workers_of(survey: Microdata, year: int, month: Month) -> tuple[Rows, tuple[str, ...]] | None:
    """Read cost and earnings of each worker.

    Args:
        survey: in standard columns.
        year: of the data.
        month: the reference month of the first job abroad.

    Returns:
        Rows with cost, earned (recovered cost added back), sex and destination, null where not known; and what
        must be said of them. None where the survey does not ask the cost, or the earnings of that month.
    """
    asked = set(survey.standard.frame.collect_schema().names())
    earned = next((name for name in MONTHS[month] if name in asked), None)
    items = sorted(name for name in asked if name.startswith(ITEM))
    if earned is None or not (items or "recruitment_cost" in asked):
        return None
    total = pl.col("recruitment_cost") if "recruitment_cost" in asked else pl.lit(None, pl.Float64)
    summed = (
        pl.sum_horizontal([SIGN.get(name, 1.0) * pl.col(name) for name in items])
        if items
        else pl.lit(None, pl.Float64)
    )
    any_item = pl.any_horizontal(pl.col(items).is_not_null()) if items else pl.lit(False)
    recovered = f"recovered_{month}_month"
    back = pl.col(recovered).fill_null(0.0) if recovered in asked else pl.lit(0.0)
    columns = {
        "cost": pl.when(any_item).then(summed).otherwise(total).cast(pl.Float64),
        "differs": (any_item & ((total - summed).abs() > 0.005 * summed.abs())).fill_null(False),
        "earned": pl.col(earned) + back,
        "sex": pl.col("sex").replace_strict(SEXES, default=None, return_dtype=pl.String)
        if "sex" in asked
        else pl.lit(None, pl.String),
        "destination": pl.col("destination") if "destination" in asked else pl.lit(None, pl.String),
    }
    in_scope = columns["cost"].is_not_null() | pl.col(earned).is_not_null()
    rows = rows_of(survey, year, columns, in_scope)
    return None if rows is None else (rows, _notes(rows, items))


def _notes(rows: Rows, items: list[str]) -> tuple[str, ...]:
    unusable = int((~usable(rows)).sum())
    differs = int(rows.frame["differs"].sum())
    notes = [f"cost from {len(items)} items" if items else "cost is the total that workers say"]
    if unusable:
        notes.append(
            f"{unusable} workers without a known cost from 0 and known earnings above 0 are left out"
        )
    named = rows.frame["destination"].drop_nulls()
    if lost := int(named.replace_strict(_areas(named), return_dtype=pl.String).is_null().sum()):
        notes.append(f"{lost} workers name a country of destination that is no country known here")
    if differs:
        notes.append(f"the total that {differs} workers say differs from their items")
    return tuple(notes)


def usable(rows: Rows) -> Flags:
    """Tell which workers have a known cost from 0 and known earnings above 0."""
    known = rows.frame.select(
        (
            pl.col("cost").is_finite()
            & (pl.col("cost") >= 0)
            & pl.col("earned").is_finite()
            & (pl.col("earned") > 0)
        )
        .fill_null(False)
        .alias("known")
    )
    return np.asarray(known["known"].to_numpy(), bool)


def numbers_of(rows: Rows, month: Month, notes: tuple[str, ...]) -> Iterator[Number]:
    """Give the statistics of all workers, by sex, and by country of the first job, zero costs kept and left out."""
    good = usable(rows)
    sexes = rows.frame["sex"]
    groups: list[tuple[tuple[tuple[str, str], ...], Flags]] = [((), good)]
    groups += [((("sex", code),), good & _is(sexes, code)) for code in ("F", "M")]
    known = _areas(rows.frame["destination"].drop_nulls())
    there = rows.frame["destination"].replace_strict(known, default=None, return_dtype=pl.String)
    for code in sorted(there.drop_nulls().unique().to_list()):
        groups.append(((("counterpart", code),), good & _is(there, code)))
    for place, inside in groups:
        for zero_cost in ("KEPT", "LEFT_OUT"):
            paid = inside if zero_cost == "KEPT" else inside & (rows.frame["cost"].to_numpy() > 0)
            if paid.any():
                yield from _statistics(rows, paid, month, zero_cost, place, notes)


def _areas(names: pl.Series) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for name in sorted(names.unique().to_list()):
        try:
            found[name] = areas.resolve(name)
        except NotFoundError:
            found[name] = None
    return found


def _is(values: pl.Series, code: str) -> Flags:
    return np.asarray((values == code).fill_null(False).to_numpy(), bool)


def _statistics(
    rows: Rows,
    inside: Flags,
    month: Month,
    zero_cost: str,
    place: tuple[tuple[str, str], ...],
    notes: tuple[str, ...],
) -> Iterator[Number]:
    cost, earned = (rows.frame[name].to_numpy()[inside] for name in ("cost", "earned"))
    values = statistics(cost, earned, rows.weights[inside])
    errors, df = _errors(rows, inside, cost, earned, values)
    for name, value, error in zip(STATISTICS, values, errors, strict=True):
        half = float(error) * float(stdtrit(df, 0.5 + LEVEL / 2)) if np.isfinite(error) else np.nan
        yield Number(
            series="SJ_RECRUITMENT_COST",
            unit="MO",
            value=float(value),
            n=int(inside.sum()),
            method=f"recruitment_cost/1 [{month} month]",
            se=float(error),
            lower=float(value) - half,
            upper=float(value) + half,
            breakdown=breakdown(STATISTIC=name, ZERO_COST=zero_cost),
            notes=notes,
            place=place,
        )


def _errors(rows: Rows, inside: Flags, cost: Floats, earned: Floats, values: Floats) -> tuple[Floats, float]:
    """Give the standard errors: of replicates for all four; linearised for the mean and the ratio of means."""
    unknown = np.full(len(STATISTICS), np.nan)
    how = rows.sampling(inside)
    if how.replicates is not None and how.factors is not None:
        found = statistics(cost, earned, np.column_stack([rows.weights[inside], how.replicates]))[:, 1:]
        centre = values[:, None] if how.center == "estimate" else found.mean(axis=1, keepdims=True)
        errors = np.sqrt((found - centre) ** 2 @ how.factors)
        if rows.design.delete_one:  # inconsistent for quantiles
            errors[[STATISTICS.index("MEDIAN"), STATISTICS.index("FOURTH_QUINTILE")]] = np.nan
        return np.asarray(errors, np.float64), how.df or float(len(how.factors) - 1)
    if how.linearised is None:
        return unknown, np.inf
    w = rows.weights[inside]
    ratio = cost / earned
    scores = np.column_stack(
        [
            w * (ratio - values[STATISTICS.index("MEAN_OF_RATIOS")]) / w.sum(),
            w * (cost - values[STATISTICS.index("RATIO_OF_MEANS")] * earned) / (w @ earned),
        ]
    )
    covariance, df = how.linearised(scores)
    unknown[[STATISTICS.index("MEAN_OF_RATIOS"), STATISTICS.index("RATIO_OF_MEANS")]] = np.sqrt(
        np.diagonal(covariance)
    )
    return unknown, df
