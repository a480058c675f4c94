"""From estimates to the frame that people read: error, interval, degrees of freedom, reliability, flags."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import special

from sojourn.errors import UsageError
from sojourn.methods.survey.design import Design
from sojourn.methods.survey.estimates import Estimates, spread
from sojourn.methods.survey.intervals import PROPORTION_METHODS, proportion_interval, wald_interval
from sojourn.methods.survey.units import Units

Floats = NDArray[np.float64]
MOST_EMPTY = 10_000
"""Domains up to which combinations that no case falls into are listed as such."""
NUMBERS = ("estimate", "se", "lower", "upper", "df", "n", "cv")


@dataclass(frozen=True, slots=True)
class Presentation:
    """How results are given.

    Args:
        level: coverage of the intervals.
        interval: "wald", or for proportions one of "logit", "xlogit", "asin", "beta", "wilson", "likelihood";
            for quantiles "wald" (from replicates) or "woodruff".
        df: degrees of freedom of the intervals (inf for the normal); those of the design where not given.
        deff: whether a column of design effects is added.
        minimum_n: fewer cases are flagged.
        high_cv: coefficients of variation above it are flagged.
        suppress_below: fewer cases give no estimate at all.
    """

    level: float = 0.95
    interval: str | None = None
    df: float | None = None
    deff: bool = False
    minimum_n: int = 30
    high_cv: float = 0.30
    suppress_below: int = 0


def presented(
    found: Estimates,
    design: Design,
    units: Units | None,
    freedom: float | None,
    how: Presentation,
    by: tuple[str, ...],
    ends: tuple[Floats, Floats, Floats] | None = None,
) -> pl.DataFrame:
    """Make the frame of results.

    Args:
        found: the estimates.
        design, units: what errors are computed from.
        freedom: degrees of freedom of the replicates, None for other designs.
        how: interval, level, thresholds.
        by: domain columns, of which combinations without cases are added.
        ends: standard error, lower and upper end, where they were computed otherwise (Woodruff).

    Returns:
        The key columns, then estimate, se, lower, upper, df, n, cv, flag (and deff), sorted by key.
    """
    df = _freedom(found, units, freedom, how)
    if ends is None:
        se = np.sqrt(found.variances(design, units))
        lower, upper = _ends(found, se, df, design, units, how)
    else:
        se, lower, upper = ends
    with np.errstate(divide="ignore", invalid="ignore"):
        cv = np.where(found.point != 0, se / np.abs(found.point), np.nan)
    columns = {"estimate": found.point, "se": se, "lower": lower, "upper": upper, "df": df}
    frame = pl.DataFrame(
        [
            *found.keys.get_columns(),
            *(pl.Series(name, values, pl.Float64) for name, values in columns.items()),
            pl.Series("n", found.n, pl.Int64),
            pl.Series("cv", cv, pl.Float64),
            pl.Series("_zeros", found.zeros, pl.Int64),
        ]
    )
    if how.deff:
        if found.simple is None:
            raise UsageError("A design effect is defined here for means and shares kept by values")
        frame = frame.with_columns(pl.Series("deff", se**2 / found.simple))
    names = [name for name in (*NUMBERS, "deff") if name in frame.columns]
    frame = frame.with_columns(pl.col(pl.Float64).fill_nan(None))
    frame = _completed(frame, [name for name in found.keys.columns if name in by])
    return _flagged(frame, design, how).select(*found.keys.columns, *names[:7], "flag", *names[7:])


def _freedom(found: Estimates, units: Units | None, freedom: float | None, how: Presentation) -> Floats:
    size = len(found.values)
    if how.df is not None:
        return np.full(size, float(how.df))
    if units is not None and found.members is not None:
        return units.degrees_of_freedom(found.members)
    return np.full(size, np.nan if freedom is None else freedom)


def _ends(
    found: Estimates, se: Floats, df: Floats, design: Design, units: Units | None, how: Presentation
) -> tuple[Floats, Floats]:
    method = how.interval or "wald"
    if method == "wald":
        return wald_interval(found.point, se, df=df, level=how.level)
    if method not in PROPORTION_METHODS or not found.proportion:
        raise UsageError(
            f"There is no interval {method!r} for this statistic",
            accepted=", ".join(PROPORTION_METHODS) if found.proportion else "wald",
        )
    p = found.point
    good = np.isfinite(p) & np.isfinite(se)
    lower, upper = np.full(len(p), np.nan), np.full(len(p), np.nan)
    logit = _logit_error(found, design, units)[good] if method in ("logit", "likelihood") else None
    lower[good], upper[good] = proportion_interval(
        np.clip(p[good], 0.0, 1.0),
        se[good],
        method=method,
        df=df[good],
        n=found.n[good],
        level=how.level,
        logit_se=logit,
    )
    return lower, upper


def _logit_error(found: Estimates, design: Design, units: Units | None) -> Floats:
    """Compute the error of the logit of a proportion, from replicates of the logit or its differential."""
    p = found.point
    with np.errstate(divide="ignore", invalid="ignore"):
        if design.replicated:
            # A replicate may leave the unit interval (negative replicate weights): its logit is not known.
            inside = np.where((found.values > 0) & (found.values < 1), found.values, np.nan)
            return np.sqrt(spread(special.logit(inside), None, design, None))
        return np.sqrt(found.variances(design, units)) / (p * (1 - p))


def _completed(frame: pl.DataFrame, by: list[str]) -> pl.DataFrame:
    """Add the combinations of domains that no case falls into, and sort."""
    if not by:
        return frame
    others = [name for name in frame.columns if name not in by and name in ("category", "gap")]
    levels = [frame[name].unique().sort(nulls_last=True).to_list() for name in (*by, *others)]
    size = int(np.prod([len(level) for level in levels]))
    if frame.height < size <= MOST_EMPTY:
        names = [*by, *others]
        schema = {name: frame.schema[name] for name in names}
        grid = pl.DataFrame(list(product(*levels)), schema=schema, orient="row")
        frame = grid.join(frame, on=names, how="left", nulls_equal=True, maintain_order="left")
        frame = frame.with_columns(pl.col("n", "_zeros").fill_null(0))
    return frame.sort([*by, *others], nulls_last=True)


def _flagged(frame: pl.DataFrame, design: Design, how: Presentation) -> pl.DataFrame:
    empty = (pl.col("n") == 0) | pl.col("estimate").is_null()
    hidden = ~empty & (pl.col("n") < how.suppress_below)
    weights_only = design.kind == "weights only"
    words = [
        pl.when(empty).then(pl.lit("no cases")),
        pl.when(hidden).then(pl.lit(f"suppressed: n below {how.suppress_below}")),
        pl.when(~empty & ~hidden & (pl.col("n") < how.minimum_n)).then(pl.lit(f"n below {how.minimum_n}")),
        pl.when(~hidden & (pl.col("cv") > how.high_cv)).then(pl.lit(f"cv above {how.high_cv:g}")),
        pl.when(~empty & (pl.col("se") == 0)).then(pl.lit("zero error: values heap or all are alike")),
        pl.when(~empty & pl.col("se").is_null()).then(
            pl.lit(
                "no error is known: no design is declared, only a weight"
                if weights_only
                else "no error is known: some replicate or stratum gives none"
            )
        ),
        pl.when(pl.col("_zeros") > 0).then(pl.format("{} cases of zero weight", pl.col("_zeros"))),
    ]
    flags = frame.with_columns(pl.concat_str(words, separator="; ", ignore_nulls=True).alias("flag"))
    blank = [name for name in (*NUMBERS, "deff") if name in frame.columns and name not in ("n", "df")]
    return flags.with_columns(
        pl.when(hidden).then(None).otherwise(pl.col(name)).alias(name) for name in blank
    )
