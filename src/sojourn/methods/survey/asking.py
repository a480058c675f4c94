"""From a question to its frame: the estimates of a statistic, its error by the design, the presentation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from sojourn.errors import UsageError
from sojourn.methods.survey.answers import Holdings, means, people, ratios, shares, totals
from sojourn.methods.survey.design import Design
from sojourn.methods.survey.estimates import Estimates
from sojourn.methods.survey.places import quantiles, woodruff_ends
from sojourn.methods.survey.results import Presentation, presented
from sojourn.methods.survey.statistics import Statistic
from sojourn.methods.survey.variance import require_smooth

JACKKNIVES = ("JK1", "JKn")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to a cube: what it holds, its design, the statistic, and by which columns."""

    held: Holdings
    design: Design
    freedom: float | None
    statistic: Statistic
    by: tuple[str, ...]


def estimates(asked: Asked, by: tuple[str, ...]) -> Estimates:
    """Estimate the statistic of one group, by some columns."""
    held, s = asked.held, asked.statistic
    if s.kind == "count":
        return people(held, by)
    if s.kind == "total":
        return totals(held, s.measure, by)
    if s.kind == "mean":
        return means(held, s.measure, by)
    if s.kind == "share":
        return shares(held, s.measure, by, s.of)
    if s.kind == "ratio":
        return ratios(held, s.measure, s.denominator, by)
    if s.kind == "quantile" and s.q is not None:
        return quantiles(held, s.measure, by, s.q, s.rule)
    raise UsageError(f"There is no statistic {s.kind!r}")


def require_consistent(design: Design, statistic: Statistic, interval: str | None) -> None:
    """Refuse a quantile whose error would come from the replicates of a delete-one jackknife.

    Woodruff's interval of one quantile is allowed: it asks the replicates for the error of a share only.

    Raises:
        UsageError: with the reason (`variance.require_smooth`).
    """
    woodruff = interval == "woodruff" and statistic.between is None
    if design.delete_one and statistic.kind == "quantile" and not woodruff:
        require_smooth(design.kind, "median" if statistic.q == 0.5 else "quantile")


def answer(asked: Asked, how: Presentation) -> pl.DataFrame:
    """Answer a question: the frame of results.

    Raises:
        UsageError: the cube does not hold what is asked, or the design gives no consistent error of it.
    """
    require_consistent(asked.design, asked.statistic, how.interval)
    if asked.statistic.between is not None:
        return _gap(asked, how, asked.statistic.between)
    found = estimates(asked, asked.by)
    if asked.statistic.kind == "quantile":
        return _quantile(asked, how, found)
    return _presented(asked, how, found, asked.by)


def _presented(
    asked: Asked, how: Presentation, found: Estimates, by: tuple[str, ...], ends: Any = None
) -> pl.DataFrame:
    return presented(found, asked.design, asked.held.units, asked.freedom, how, by, ends)


def _quantile(asked: Asked, how: Presentation, found: Estimates) -> pl.DataFrame:
    design, s = asked.design, asked.statistic
    linear = design.kind == "taylor"
    # Under a jackknife replicates of a quantile vary too little: its error follows from that of the share below.
    method = how.interval or ("woodruff" if linear or design.kind in JACKKNIVES else "wald")
    if method not in ("wald", "woodruff") or (linear and method == "wald"):
        raise UsageError(
            f"There is no interval {method!r} of a quantile under this design",
            accepted="woodruff" if linear else "wald, woodruff",
        )
    if method == "wald" or not (linear or design.replicated):
        return _presented(asked, replace(how, interval="wald"), found, asked.by)
    if how.df is not None:
        freedom = np.full(len(found.values), float(how.df))
    elif asked.held.units is not None:
        freedom = asked.held.units.degrees_of_freedom(found.members)
    else:
        freedom = np.full(len(found.values), np.nan if asked.freedom is None else asked.freedom)
    assert s.q is not None
    ends = woodruff_ends(asked.held, design, s.measure, asked.by, s.q, s.rule, how.level, freedom)
    return _presented(asked, how, found, asked.by, ends)


def _gap(asked: Asked, how: Presentation, between: str) -> pl.DataFrame:
    """Compare two groups within every other domain; replicates and units stay paired."""
    jackknife = asked.design.kind in JACKKNIVES
    if asked.statistic.kind == "quantile" and (jackknife or asked.held.units is not None):
        raise UsageError(
            "A gap of quantiles needs replicate weights other than a jackknife's",
            advice="Compare the two intervals.",
        )
    rest = tuple(name for name in asked.by if name != between)
    found = estimates(asked, (*rest, between))
    first, second = _levels(asked, found, between)
    others = [name for name in found.keys.columns if name != between]
    left, right = (found.keys.filter(pl.col(between) == level) for level in (first, second))
    numbered = found.keys.with_row_index("_row")
    both = left.drop(between).join(right.drop(between), on=others, nulls_equal=True) if others else None
    places = [
        _rows(numbered.filter(pl.col(between) == level).drop(between), both) for level in (first, second)
    ]
    words = f"{first} - {second}" if asked.statistic.compare == "difference" else f"{first} / {second}"
    keys = pl.DataFrame({"gap": [words]}) if both is None else both.with_columns(gap=pl.lit(words))
    compared = found.take(places[0]).compared(found.take(places[1]), asked.statistic.compare, keys)
    return _presented(asked, replace(how, interval=None), compared, rest)


def _rows(numbered: pl.DataFrame, both: pl.DataFrame | None) -> np.ndarray[Any, np.dtype[np.intp]]:
    if both is None:
        return numbered["_row"].to_numpy().astype(np.intp)
    joined = both.join(numbered, on=both.columns, how="left", nulls_equal=True, maintain_order="left")
    return joined["_row"].to_numpy().astype(np.intp)


def _levels(asked: Asked, found: Estimates, between: str) -> tuple[Any, Any]:
    there = found.keys[between].drop_nulls().unique().sort().to_list()
    levels = asked.statistic.levels
    if levels is None:
        if len(there) != 2:
            raise UsageError(
                f"{between} has {len(there)} values; say which two are compared",
                accepted=f"levels=(first, second) of {', '.join(map(str, there[:10]))}",
            )
        return there[0], there[1]
    if missing := [level for level in levels if level not in there]:
        raise UsageError(f"{between} has no value {missing[0]!r}", accepted=", ".join(map(str, there[:10])))
    return levels
