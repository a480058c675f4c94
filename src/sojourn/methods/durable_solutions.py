"""Durable solutions for internally displaced persons: are they still worse off than those who were not displaced?

A solution is durable when displaced people have no longer any needs that are linked to their displacement. So
each criterion is measured for them and for a benchmark population (all residents, or the host community), and
the difference is judged with its design-based error:

    d_j = s_j (idp_j - benchmark_j),   s_j = 1 where higher is better, -1 where lower is
    V(d) = S (V_11 - V_12 - V_21 + V_22) S

    within margin   d_j - t se_j >= -margin_j   not worse by more than a margin that is stated beforehand
    gap             d_j + t se_j < 0            worse, and not within the margin
    cannot tell     neither: no difference *shown* is not no difference

A criterion is met when all its indicators are within their margins (an intersection–union test needs no
adjustment), has a gap when one of them has, by Holm's adjustment, and cannot be told otherwise. All criteria
together are judged by the same rule.

Source: IASC (2010), Framework on Durable Solutions for Internally Displaced Persons (eight criteria); EGRIS
(2020), International Recommendations on IDP Statistics (comparison; its five key criteria from memory). Berger
(1982), Technometrics 24, 295-300; Holm (1979). Margins and verdicts are our own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray
from scipy.stats import f as fisher
from scipy.stats import t as student

from sojourn.errors import UsageError

Floats = NDArray[np.float64]

IASC_CRITERIA: Mapping[str, str] = {
    "SAFETY": "long-term safety and security",
    "LIVING": "adequate standard of living",
    "LIVELIHOOD": "access to livelihood and employment",
    "PROPERTY": "effective mechanisms to restore housing, land and property",
    "DOCUMENTS": "access to personal and other documentation",
    "FAMILY": "family reunification",
    "PARTICIPATION": "participation in public affairs",
    "REMEDIES": "access to effective remedies and justice",
}
"""The eight criteria of the IASC Framework (2010)."""

IRIS_KEY_CRITERIA = ("SAFETY", "LIVING", "LIVELIHOOD", "PROPERTY", "DOCUMENTS")
"""Those of them that the IRIS (2020) call key to leaving the stock of IDPs (from memory)."""

WITHIN, GAP, CANNOT_TELL = "within margin", "gap", "cannot tell"


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Differences between displaced people and the benchmark; negative where the displaced are worse off.

    Attributes:
        difference, standard_error, lower, upper: one per indicator, in its unit.
        p_worse: one-sided probability value of being worse off, one per indicator.
        covariance: of the differences.
        verdict: within margin, gap or cannot tell, one per indicator.
        f, p: Wald test that no indicator differs, F(p, df - p + 1).
    """

    difference: Floats
    standard_error: Floats
    lower: Floats
    upper: Floats
    p_worse: Floats
    covariance: Floats
    verdict: tuple[str, ...]
    f: float
    p: float


def compare(
    displaced: ArrayLike,
    benchmark: ArrayLike,
    covariance: ArrayLike,
    higher_is_better: ArrayLike,
    margin: ArrayLike,
    df: float = np.inf,
    level: float = 0.95,
) -> Comparison:
    """Compare displaced people with a benchmark population, indicator by indicator.

        d = s (idp - benchmark),   V(d) = S (V_11 - V_12 - V_21 + V_22) S

    Args:
        displaced, benchmark: estimates, shape (p,).
        covariance: design-based, of displaced and benchmark below each other, shape (2p, 2p); the benchmark
            may contain the displaced, which the covariance then says. A fixed benchmark has zeros.
        higher_is_better: bool, shape (p,).
        margin: how much worse counts as no worse, shape (p,), from 0.
        df: degrees of freedom of the design.
        level: of the two-sided intervals.

    Returns:
        Differences, intervals and verdicts.

    Raises:
        UsageError: shapes that do not fit, unknown values, a negative margin or variance.

    Source: see the module; Wald test as in Korn and Graubard (1990).

    >>> found = compare([0.60], [0.75], [[0.0004, 0], [0, 0.0001]], [True], [0.05])
    >>> found.verdict, found.difference.round(2).tolist()
    (('gap',), [-0.15])
    """
    idp, other = np.asarray(displaced, float), np.asarray(benchmark, float)
    v, allowed = np.asarray(covariance, float), np.asarray(margin, float)
    better = np.asarray(higher_is_better)
    p = idp.size
    if {idp.shape, other.shape, better.shape, allowed.shape} != {(p,)} or v.shape != (2 * p, 2 * p) or p == 0:
        raise UsageError(f"estimates {idp.shape}, covariance {v.shape}", accepted="(p,) and (2p, 2p)")
    if not all(np.isfinite(part).all() for part in (idp, other, v, allowed)) or better.dtype != np.bool_:
        raise UsageError("estimates, covariance or margins that are not known", accepted="numbers, and bools")
    if np.any(allowed < 0) or not 0 < level < 1 or not df > 0:
        raise UsageError("a negative margin, or a level or df out of range", accepted="margins from 0")
    sign = np.where(better, 1.0, -1.0)
    d = sign * (idp - other)
    cross = v[:p, p:]
    spread = np.outer(sign, sign) * (v[:p, :p] - cross - cross.T + v[p:, p:])
    if np.any(np.diagonal(spread) < 0):
        raise UsageError("a difference with a negative variance", accepted="a covariance matrix")
    error = np.sqrt(np.diagonal(spread))
    half = student.ppf((1 + level) / 2, df) * error
    certain = np.where(d == 0, 0.0, np.copysign(np.inf, d))
    ratio = np.divide(d, error, out=certain, where=error > 0)
    p_worse = student.cdf(ratio, df)
    verdict = tuple(
        WITHIN if low >= -most else GAP if high < 0 else CANNOT_TELL
        for low, high, most in zip(d - half, d + half, allowed, strict=True)
    )
    f, probability = _wald(d, spread, df)
    return Comparison(d, error, d - half, d + half, p_worse, spread, verdict, f, probability)


def _wald(d: Floats, spread: Floats, df: float) -> tuple[float, float]:
    p = d.size
    rest = df - p + 1
    if rest <= 0 or np.linalg.matrix_rank(spread, hermitian=True) < p:
        return float("nan"), float("nan")
    wald = float(d @ np.linalg.solve(spread, d)) / p
    f = wald if np.isinf(df) else wald * rest / df
    return f, float(fisher.sf(f, p, rest if np.isfinite(rest) else 1e12))


def judge(comparison: Comparison, members: Sequence[int], level: float = 0.95) -> str:
    """Judge several indicators together: a criterion, or all of them.

        within margin: all are;   gap: min_j over indicators that are not of Holm-adjusted p_worse_j < (1 - level) / 2

    Args:
        comparison: of `compare`.
        members: indexes of the indicators.
        level: as for `compare`.

    Returns:
        within margin, gap or cannot tell.

    Raises:
        UsageError: no indicators.

    >>> judge(compare([0.6], [0.75], [[0.0004, 0], [0, 0.0001]], [True], [0.05]), [0])
    'gap'
    """
    if not len(members):
        raise UsageError("a criterion without indicators", accepted="at least one")
    verdicts = [comparison.verdict[j] for j in members]
    if all(verdict == WITHIN for verdict in verdicts):
        return WITHIN
    # The smallest of Holm's adjusted values is the smallest one times their number.
    worst = min(
        (float(comparison.p_worse[j]) for j in members if comparison.verdict[j] != WITHIN),
        default=1.0,
    )
    return GAP if worst * len(members) < (1 - level) / 2 else CANNOT_TELL


def overcome(passes: ArrayLike) -> Floats:
    """Say of each person whether all criteria are passed, with unknown answers kept apart.

    Args:
        passes: persons x criteria, 1, 0 or NaN (not known).

    Returns:
        1 where all are passed, 0 where one is failed, NaN where no failure is known but an answer is missing.

    Source: EGRIS (2020), composite measure of the IRIS (from memory).

    >>> overcome([[1, 1], [1, 0], [float("nan"), 0], [1, float("nan")]]).tolist()
    [1.0, 0.0, 0.0, nan]
    """
    given = np.asarray(passes, float)
    if given.ndim != 2 or not np.isin(given[~np.isnan(given)], (0, 1)).all():
        raise UsageError(f"answers of shape {given.shape}", accepted="persons x criteria: 1, 0 or not known")
    failed = (given == 0).any(axis=1)
    return np.where(failed, 0.0, np.where(np.isnan(given).any(axis=1), np.nan, 1.0))


def compare_table(
    indicators: pl.DataFrame,
    covariance: ArrayLike | None = None,
    criteria: Mapping[str, str] = IASC_CRITERIA,
    df: float = np.inf,
    level: float = 0.95,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Compare displaced people with a benchmark, from a table of indicators.

    Args:
        indicators: criterion (a code of criteria), indicator, better (higher, lower), margin, displaced,
            benchmark, and where no covariance is given displaced_se and benchmark_se (independent samples).
        covariance: of the displaced column above the benchmark column.
        criteria: code -> name; the eight of the IASC, or one's own.

    Returns:
        The indicators – criterion, indicator, difference, se, lower, upper, p_worse, verdict – and the
        criteria: criterion, name, indicators (how many), verdict, null where a criterion was not measured;
        the last row, ALL, judges all that were, and says in `name` how many of the criteria these are.

    Raises:
        UsageError: a column is missing, a criterion is unknown, or an indicator repeats.

    >>> table = pl.DataFrame({"criterion": ["LIVING"], "indicator": ["poor"], "better": ["lower"], "margin": [0.05],
    ...                       "displaced": [0.2], "benchmark": [0.19], "displaced_se": [0.01], "benchmark_se": [0.01]})
    >>> compare_table(table)[1].filter(criterion="ALL").row(0)
    ('ALL', '1 of 8 criteria', 1, 'within margin')
    """
    needed = ["criterion", "indicator", "better", "margin", "displaced", "benchmark"]
    needed += ["displaced_se", "benchmark_se"] if covariance is None else []
    if missing := [name for name in needed if name not in indicators.columns]:
        raise UsageError(f"the table of indicators lacks the columns {missing}", accepted=", ".join(needed))
    if unknown := sorted(set(indicators["criterion"].to_list()) - set(criteria), key=str):
        raise UsageError(f"criteria {unknown}", accepted=", ".join(criteria))
    if indicators.select("criterion", "indicator").is_duplicated().any():
        raise UsageError("an indicator is given twice", accepted="one row per indicator")
    if set(indicators["better"].to_list()) - {"higher", "lower"}:
        raise UsageError("better is neither higher nor lower", accepted="higher, lower")
    number = {
        name: indicators[name].cast(pl.Float64).fill_null(float("nan")).to_numpy() for name in needed[3:]
    }
    if covariance is None:
        covariance = np.diag(np.concatenate([number["displaced_se"], number["benchmark_se"]]) ** 2)
    better = (indicators["better"] == "higher").to_numpy()
    found = compare(number["displaced"], number["benchmark"], covariance, better, number["margin"], df, level)
    table = indicators.select("criterion", "indicator").with_columns(
        difference=pl.Series(found.difference),
        se=pl.Series(found.standard_error),
        lower=pl.Series(found.lower),
        upper=pl.Series(found.upper),
        p_worse=pl.Series(found.p_worse),
        verdict=pl.Series(found.verdict),
    )
    codes = indicators["criterion"].to_list()
    lines: list[tuple[str, str, int, str | None]] = []
    for code, name in criteria.items():
        members = [j for j, own in enumerate(codes) if own == code]
        lines.append((code, name, len(members), judge(found, members, level) if members else None))
    measured = f"{len(set(codes))} of {len(criteria)} criteria"
    lines.append(("ALL", measured, len(codes), judge(found, range(len(codes)), level)))
    schema = {"criterion": pl.String, "name": pl.String, "indicators": pl.Int64, "verdict": pl.String}
    return table, pl.DataFrame(lines, schema=schema, orient="row")
