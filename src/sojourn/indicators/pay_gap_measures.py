"""The numbers of the pay gap from one year's rows of a survey."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sojourn.errors import UsageError
from sojourn.indicators.survey_lines import Number
from sojourn.indicators.survey_rows import Rows
from sojourn.methods.paygap import (
    Estimates,
    factor_weighted_gap,
    quantile_decomposition,
    raw_gap,
    three_fold,
    two_fold,
)
from sojourn.methods.paygap.columns import CONSTANT, Columns, columns
from sojourn.methods.survey.safety import Safety
from sojourn.observations import breakdown

if TYPE_CHECKING:
    from sojourn.indicators.pay_gap_from_rows import PayGapParameters

RAW, WEIGHTED, PARTS = "SJ_PAY_GAP_RAW", "SJ_PAY_GAP_WEIGHTED", "SJ_PAY_GAP_PARTS"
_THREE = ("endowments", "coefficients", "interaction")


def gaps_of(rows: Rows, between: str, parameters: PayGapParameters, notes: tuple[str, ...]) -> list[Number]:
    """Compute every measure of the gap.

    Args:
        rows: wage earners: pay (per hour), migrant (bool), regressors and factors; null: not known.
        between: code of who is compared.
        parameters: choices.
        notes: what must be said of every number.

    Returns:
        Numbers; none where one of the two groups has nobody. Of fewer cases than may be printed nothing is
        computed: the numbers are there, to be withheld.
    """
    migrants = int(rows.frame["migrant"].sum())
    n = min(migrants, rows.frame.height - migrants)
    if n == 0:
        return []
    if n < Safety().minimum_n:
        code = breakdown(COMPARED=between, STATISTIC="MEAN")
        return [Number(RAW, "PT", 0.0, n, "raw_pay_gap/1", breakdown=code, notes=notes)]
    # A group without weight under a replicate has no mean there: that makes the error unknown, not the number.
    with np.errstate(divide="ignore", invalid="ignore"):
        return [
            *_raw(rows, between, n, notes),
            *_weighted(rows, between, parameters, n, notes),
            *_parts(rows, between, parameters, notes),
        ]


def _raw(rows: Rows, between: str, n: int, notes: tuple[str, ...]) -> Iterator[Number]:
    pay, migrant = rows.frame["pay"].to_numpy(), rows.frame["migrant"].to_numpy()
    for statistic in ("mean", "median"):
        if statistic == "median" and rows.design.delete_one:
            continue
        found = raw_gap(pay, migrant, rows.sampling(), statistic)
        code = breakdown(COMPARED=between, STATISTIC=statistic.upper())
        yield _number(RAW, "PT", found, "gap", n, "raw_pay_gap/1", code, notes, 100.0)


def _weighted(
    rows: Rows, between: str, parameters: PayGapParameters, n: int, notes: tuple[str, ...]
) -> Iterator[Number]:
    factors = [name for name in parameters.factors if name in rows.frame.columns]
    if not factors:
        return
    keep = _known(rows.frame, factors)
    used = rows.frame.filter(keep)
    group = used.select(pl.struct(factors).rank("dense").alias("group"))["group"].to_numpy()
    try:
        found = factor_weighted_gap(used["pay"], used["migrant"].to_numpy(), group, rows.sampling(keep))
    except UsageError:
        return  # no group has both
    left = (
        f"{100 * found.dropped_share:.1f} per cent of the wage earners are in groups without one of the two"
    )
    more = (f"alike in {', '.join(factors)}", f"{left}, and left out", *_lost(keep))
    code = breakdown(COMPARED=between)
    yield _number(
        WEIGHTED, "PT", found.estimates, "gap", n, "factor_weighted_pay_gap/1", code, (*notes, *more), 100.0
    )


def _parts(
    rows: Rows, between: str, parameters: PayGapParameters, notes: tuple[str, ...]
) -> Iterator[Number]:
    numbers = [name for name in parameters.numbers if name in rows.frame.columns]
    asked = [name for name in parameters.categories if name in rows.frame.columns]
    keep = _known(rows.frame, [*numbers, *asked])
    used = rows.frame.filter(keep)
    migrants = int(used["migrant"].sum())
    n = min(migrants, used.height - migrants)
    varying = {name: sorted(used[name].unique().to_list()) for name in asked}
    left_out = {
        name: parameters.categories[name] if parameters.categories[name] in found else found[0]
        for name, found in varying.items()
        if len(found) > 1
    }
    if n < Safety().minimum_n or not (numbers or left_out):
        return
    x = columns(used, numbers, left_out)
    absent = [
        name for name in (*parameters.numbers, *parameters.categories) if name not in (*numbers, *left_out)
    ]
    more = (*notes, *(f"{name}: without {code!r}" for name, code in left_out.items()), *_lost(keep))
    more += (f"not asked, so that differences stay unexplained: {', '.join(absent)}",) if absent else ()
    y, migrant, how = np.log(used["pay"].to_numpy()), used["migrant"].to_numpy(), rows.sampling(keep)
    reference = f"reference {parameters.reference}"

    def write(found: Estimates, folds: str, at: str, method: str, words: tuple[str, ...]) -> Iterator[Number]:
        yield from _decomposed(found, x, n, between, folds, at, method, (*more, *words))

    try:
        found = two_fold(y, migrant, x.fitted, _names(x), parameters.reference, how)
        yield from write(found, "TWO", "MEAN", f"oaxaca_blinder/1 [{reference}]", ())
        yield from write(
            three_fold(y, migrant, x.fitted, _names(x), how), "THREE", "MEAN", "oaxaca_blinder/1", ()
        )
        for q in () if rows.design.delete_one else parameters.quantiles:
            width = None if parameters.bandwidth is None else (parameters.bandwidth, parameters.bandwidth)
            found, stated, own = quantile_decomposition(
                y, migrant, x.fitted, _names(x), q, parameters.reference, how, width
            )
            words = (
                f"bandwidths {stated[0]:.4g} and {stated[1]:.4g}; gap of the quantiles themselves {own:.4g}"
            )
            yield from write(found, "TWO", f"P{100 * q:g}", f"rif_oaxaca_blinder/1 [{reference}]", (words,))
    except UsageError:
        return  # regressors are collinear in one of the groups: there is no decomposition


def _names(x: Columns) -> list[str]:
    return [f"{variable}={category}" if category else variable for variable, category in x.names]


def _decomposed(
    found: Estimates,
    x: Columns,
    n: int,
    between: str,
    folds: str,
    at: str,
    method: str,
    notes: tuple[str, ...],
) -> Iterator[Number]:
    kinds = {"TWO": ("gap", "explained", "unexplained"), "THREE": ("gap", *_THREE)}[folds]
    for kind in kinds:
        code = breakdown(AT=at, COMPARED=between, FOLDS=folds, PART=kind.upper())
        yield _number(PARTS, "LOG_POINTS", found, kind, n, method, code, notes)
    explained = kinds[1]
    for variable in dict.fromkeys(name for name, _ in x.names if name != CONSTANT):
        names = [
            f"{explained}:{full}"
            for (own, _), full in zip(x.names, _names(x), strict=True)
            if own == variable
        ]
        summed = _sum(found, names)
        word = variable.upper()
        code = breakdown(AT=at, COMPARED=between, FOLDS=folds, PART=explained.upper(), VARIABLE=word)
        yield _number(PARTS, "LOG_POINTS", summed, "sum", n, method, code, notes)


def _sum(found: Estimates, names: Sequence[str]) -> Estimates:
    at = np.array([found.names.index(name) for name in names])
    covariance = found.covariance[np.ix_(at, at)].sum().reshape(1, 1)
    return Estimates(("sum",), found.value[at].sum().reshape(1), covariance, found.df)


def _number(
    series: str,
    unit: str,
    found: Estimates,
    name: str,
    n: int,
    method: str,
    code: str,
    notes: tuple[str, ...],
    factor: float = 1.0,
) -> Number:
    at = found.names.index(name)
    lower, upper = found.interval()
    return Number(
        series=series,
        unit=unit,
        value=factor * float(found.value[at]),
        se=factor * float(found.standard_error[at]),
        lower=factor * float(lower[at]),
        upper=factor * float(upper[at]),
        n=n,
        method=method,
        breakdown=code,
        notes=notes,
    )


def _known(frame: pl.DataFrame, names: Sequence[str]) -> NDArray[np.bool_]:
    return np.asarray(
        frame.select(pl.all_horizontal(pl.col(list(names)).is_not_null())).to_series().to_numpy(), bool
    )


def _lost(keep: NDArray[np.bool_]) -> tuple[str, ...]:
    lost = int((~keep).sum())
    return (f"{lost} wage earners with unknown answers are left out",) if lost else ()
