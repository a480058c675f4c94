"""Quantiles of a measure with very many distinct values: sums by bin first, then by value where it matters.

One cell for every distinct value would take (values x domains x (1 + R)) numbers. A quantile needs a few of them:

1. the range of y is cut into bins, and weights are summed by (domain, bin);
2. for each domain and each column of weights the bins are found in which the quantile lies;
3. if more than MOST_CELLS cases lie in these, the stretches that they cover are cut into bins in their turn, and so
   on, where everything between two stretches is one bin;
4. weights are summed once more, by value in the bins that were found and by bin elsewhere.

What is found is, value for value, the quantile of all values: the sums below a value are the same whether they were
added by value or by bin. There are at most MOST_CELLS + max(MOST_CELLS, LEAST_BINS x domains) cells of 8 (1 + R)
bytes (260 MB for 80 replicates and up to 6,000 domains), besides one per domain for every value on which cases heap,
unless MOST_LEVELS cuts do not part the cases enough; then more values are kept, and the result is the same. Weights
below zero would let the sums fall from one bin to the next; where there are any, all values are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sojourn.errors import UsageError
from sojourn.methods.survey.design import Design
from sojourn.methods.survey.engine import Cells, grouped, grouped_pass, weight_columns
from sojourn.methods.survey.quantiles import weighted_quantile
from sojourn.methods.survey.tables import Table, collected, ibis_module

Floats = NDArray[np.float64]
MOST_VALUES = 20_000
"""Distinct values up to which `estimate` keeps a measure by value."""
MOST_CELLS = 200_000
LEAST_BINS, MOST_BINS = 32, 4096
MOST_STRETCHES = 32
MOST_LEVELS = 12
NEAR = 1e-9
"""Shares that lie this near to q count as equal to it when bins are chosen: rounding moves them by far less."""
LOCAL_RULES = ("math", "hf1", "school", "hf2")
"""Rules that look at the value where the distribution function passes q, and at the next."""
BIN, VALUE = "_bin", "_value"


@dataclass(frozen=True, slots=True)
class Refined:
    """A way of keeping a measure: by value near some quantiles, by bin elsewhere.

    Attributes:
        quantiles: the probabilities that can be asked for.
        above: number of distinct values up to which all values are kept.
    """

    quantiles: tuple[float, ...]
    above: int = MOST_VALUES


@dataclass(frozen=True, slots=True)
class Spread:
    """How y spreads: its least and largest value, and about how many distinct values it has."""

    low: float
    high: float
    values: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the range of y that is cut into bins of equal width.

    Attributes:
        low, high: its ends, both within.
        first: number of its first bin; the bin before it is all that lies below.
        bins: how many.
    """

    low: float
    high: float
    first: int
    bins: int


def spread_of(table: Table, design: Design, y: Any) -> Spread | None:
    """Give the range of y and about how many values it has; None where only all values will do.

    Args:
        table: Ibis table of the rows in scope.
        design: with replicates, or weights only.
        y: Ibis expression of the measure.
    """
    kind = y.type()
    if not kind.is_numeric() or kind.is_boolean() or design.kind == "taylor":
        return None
    number = y.cast("float64")
    # Sail counts the distinct values of words only.
    counted = y if table.get_backend().name == "duckdb" else y.cast("string")
    ends = collected(table.aggregate(low=number.min(), high=number.max(), values=counted.approx_nunique()))
    told = ends.to_pylist()[0]
    low, high = told["low"], told["high"]
    if low is None or not np.isfinite([low, high, high - low]).all():
        return None
    return Spread(float(low), float(high), int(told["values"] or 0))


def any_negative(table: Table, design: Design) -> bool:
    """Say whether any weight is below zero. DuckDB knows it of Parquet files from their footers.

    Args:
        table: Ibis table of the rows.
        design: the design, found in the table.
    """
    least = {f"l{r}": weight.min() for r, weight in enumerate(weight_columns(table, design))}
    lowest = [v for v in collected(table.aggregate(**least)).to_pylist()[0].values() if v is not None]
    return min(lowest, default=0) < 0


def refined_cells(
    table: Table, design: Design, keys: Mapping[str, Any], y: Any, wanted: Refined, whole: Spread
) -> Cells:
    """Run the passes that some quantiles need.

    Args:
        table: Ibis table of the rows in scope.
        design: the design, found in the table.
        keys: name and expression of what is to be kept apart.
        y: expression of the measure.
        wanted: the quantiles.
        whole: the range of y, from `spread_of`.

    Returns:
        Cells with the keys, the number of the bin, and the value of y (missing where only the bin is kept).
    """
    domains = collected(table.select(**keys).distinct().count()).as_py() if keys else 1
    bins = int(np.clip(MOST_CELLS // max(domains, 1), LEAST_BINS, MOST_BINS))
    stretches: tuple[Stretch, ...] = (Stretch(whole.low, whole.high, 1, bins),)
    for _ in range(MOST_LEVELS):
        place = _bin(y, stretches)
        cells = grouped_pass(table, design, {**keys, BIN: place})
        held = _held(cells, list(keys), wanted.quantiles)
        if not held:
            return cells.take(np.arange(len(cells)), cells.keys.with_columns(_none(y).alias(VALUE)))
        cases = int(cells.n[cells.keys[BIN].is_in(held).fill_null(False).to_numpy()].sum())
        if cases <= MOST_CELLS:
            break
        ends = _ends(table, place, y, held)
        parted = ends.filter(
            pl.col("low") < pl.col("high")
        )  # where cases heap on one value, no cut parts them
        finer = _stretches(parted, bins) if parted["n"].sum() > MOST_CELLS else stretches
        if finer == stretches:
            break
        stretches = finer
    value = ibis_module().ifelse(place.isin(held), y, ibis_module().null(y.type()))
    return grouped_pass(table, design, {**keys, BIN: place, VALUE: value})


def quantile_of_bins(values: Floats, weights: Floats, q: float, rule: str) -> Floats:
    """Compute a quantile of one domain from its cells, in the order of bin and value.

    Args:
        values: of each cell, shape (cells,), NaN where only the bin is kept.
        weights: shape (cells, 1 + R).
        q: probability.
        rule: one of LOCAL_RULES.

    Returns:
        Shape (1 + R,), NaN for a column that has no weight.

    Raises:
        UsageError: the quantile lies where only bins are kept.
    """
    if rule not in LOCAL_RULES:
        raise UsageError(
            f"The rule {rule!r} needs all values, and bins are kept",
            accepted=", ".join(LOCAL_RULES),
            advice='Make the cube with keep="values", or "rows".',
        )
    places = np.arange(len(values), dtype=float)
    lower = np.atleast_1d(weighted_quantile(places, weights, q, "math"))
    # Midway between two places where the rule takes the mean of two values: the other place follows.
    middle = (
        lower if rule in ("math", "hf1") else np.atleast_1d(weighted_quantile(places, weights, q, "school"))
    )
    found = np.full(len(lower), np.nan)
    there = np.isfinite(lower)
    first, second = lower[there].astype(np.intp), (2 * middle - lower)[there].astype(np.intp)
    found[there] = np.where(first == second, values[first], (values[first] + values[second]) / 2)
    if not np.isfinite(found[there]).all():
        raise UsageError(
            f"The quantile at {q:g} lies where this cube keeps bins, not values",
            accepted="the quantiles and the domain columns for which the cube was made",
            advice='It needs the files again: make the cube anew, or with keep="values".',
        )
    return found


def _bin(y: Any, stretches: tuple[Stretch, ...]) -> Any:
    """Number the bins in the order of y: below, first stretch, between, second stretch, …, above.

    Every step (less, times, floor) keeps the order of two numbers or makes them equal, so rounding cannot
    put a larger value into a lower bin.
    """
    ibis = ibis_module()
    number = y.cast("float64")
    branches: list[Any] = [(y.isnull(), ibis.null("int64"))]
    for one in stretches:
        branches.append((number < one.low, ibis.literal(one.first - 1, "int64")))
        width = one.high - one.low
        part = ((number - one.low) / width * float(one.bins)).floor().cast("int64") if width else number * 0
        inside = ibis.least(part.cast("int64"), ibis.literal(one.bins - 1, "int64")) + one.first
        branches.append((number <= one.high, inside.cast("int64")))
    above = stretches[-1].first + stretches[-1].bins
    return ibis.cases(*branches, else_=ibis.literal(above, "int64"))


def _held(cells: Cells, names: list[str], quantiles: tuple[float, ...]) -> list[int]:
    """Find the bins in which a quantile of any domain lies, under any column of weights."""
    known = cells.take(cells.keys[BIN].is_not_null().to_numpy())
    codes = grouped(known.keys.select(names))[1] if names else np.zeros(len(known), np.intp)
    bins = known.keys[BIN].to_numpy()
    order = np.lexsort((bins, codes))
    held: set[int] = set()
    for rows in np.split(order, np.flatnonzero(np.diff(codes[order])) + 1):
        if len(rows):
            held |= bins_of_domain(bins[rows], known.weights[rows].astype(float), quantiles)
    return sorted(held)


def bins_of_domain(bins: NDArray[Any], weights: Floats, quantiles: tuple[float, ...]) -> set[int]:
    """Find the bins of one domain in which quantiles lie, under any column of weights.

    Args:
        bins: numbers in ascending order, shape (b,).
        weights: on each of them, shape (b, 1 + R).
        quantiles: probabilities.
    """
    cumulated = np.cumsum(weights, axis=0)
    share = cumulated[:, cumulated[-1] > 0] / cumulated[-1][cumulated[-1] > 0]
    held: set[int] = set()
    for q in quantiles:
        first = (share >= q - NEAR).argmax(axis=0)
        beyond = share > q + NEAR
        last = np.where(beyond.any(axis=0), beyond.argmax(axis=0), len(bins) - 1)
        for low, high in {*zip(first.tolist(), last.tolist(), strict=True)}:
            held |= set(bins[low : high + 1].tolist())
    return held


def _ends(table: Table, place: Any, y: Any, held: list[int]) -> pl.DataFrame:
    """Find the least and the largest value, and the cases, of some bins."""
    chosen = table.select(_bin=place, _y=y.cast("float64"))
    chosen = chosen.filter(chosen["_bin"].isin(held))
    told = chosen.group_by("_bin").aggregate(
        low=chosen["_y"].min(), high=chosen["_y"].max(), n=chosen.count()
    )
    return pl.DataFrame(pl.from_arrow(collected(told))).sort("_bin")


def _stretches(ends: pl.DataFrame, bins: int) -> tuple[Stretch, ...]:
    """Join neighbouring bins into stretches, closing the smallest gaps until there are few, and cut these."""
    low, high = ends["low"].to_numpy(), ends["high"].to_numpy()
    gaps = low[1:] - high[:-1]
    most = min(MOST_STRETCHES, max(1, bins // LEAST_BINS))
    kept = np.sort(np.argsort(-gaps, kind="stable")[: most - 1])
    # Only bins that are no neighbours are parted.
    numbers = ends["_bin"].to_numpy()
    kept = kept[np.diff(numbers)[kept] > 1]
    starts, stops = np.r_[0, kept + 1], np.r_[kept, len(low) - 1]
    each = max(LEAST_BINS, bins // len(starts))
    return tuple(
        Stretch(float(low[a]), float(high[b]), 1 + place * (each + 1), each)
        for place, (a, b) in enumerate(zip(starts, stops, strict=True))
    )


def _none(y: Any) -> Any:
    return pl.lit(None, pl.Int64 if y.type().is_integer() else pl.Float64)
