"""Lays a claim beside the numbers of a release, and says whether it holds; see `claims` for the rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from scipy.special import stdtrit

from sojourn import areas, observations
from sojourn.release.periods import end_of
from sojourn.web.holding import Holding
from sojourn.web.registry.claims import AT_MOST, LARGER_THAN, NOT_YET, RISING, Claim, Quantity

HOLDS, DOES_NOT, CANNOT_TELL = "holds", "does not", "cannot tell"
VERDICTS = (HOLDS, DOES_NOT, CANNOT_TELL)

BY_INTERVAL = "the whole interval lies on one side"
BOTH_SIDES = "the interval lies on both sides"
NO_NUMBER = "the release has no number of that time"
NO_ERROR = "no error of the number is known"
SIMULATED = "the release has simulated numbers only"
OTHER_UNIT = "what is measured and what is claimed have different units"
TOO_FEW_COUNTRIES = "too few countries counted in both years"
REASONS = (BY_INTERVAL, BOTH_SIDES, NO_NUMBER, NO_ERROR, SIMULATED, OTHER_UNIT, TOO_FEW_COUNTRIES)

OLDEST_YEARS = 3
LEAST_COUNTRIES = 10
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Number:
    """A measured number beside a claim; `countries` counts those that a ratio rests on."""

    series: str
    area: str
    period: str
    value: float
    lower: float | None
    upper: float | None
    level: float | None
    unit: str
    source: str
    countries: int = 0

    @property
    def interval(self) -> tuple[float, float] | None:
        """Its bounds, where an error is known."""
        return None if self.lower is None or self.upper is None else (self.lower, self.upper)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a release says of a claim.

    Attributes:
        claim, release, as_of: what was judged by what.
        verdict, reason: one of VERDICTS and of REASONS.
        number, other: what was laid beside it, where there is something.
        starts_late: first year that is measured, where the claim speaks of earlier ones.
    """

    claim: Claim
    release: str
    as_of: date
    verdict: str = CANNOT_TELL
    reason: str = NO_NUMBER
    number: Number | None = None
    other: Number | None = None
    starts_late: int | None = None


def judge(claims: Sequence[Claim], holding: Holding) -> tuple[Finding, ...]:
    """Give the verdict of a release on each claim, in their order."""
    return tuple(_judged(one, holding) for one in claims)


def _judged(claim: Claim, holding: Holding) -> Finding:
    bare = Finding(claim, holding.name, holding.release.manifest.as_of)
    if claim.relation == RISING:
        return _rising(claim, holding, bare)
    own, lacking = _number(claim.quantity, claim, holding)
    finding = replace(bare, number=own, reason=lacking)
    if claim.relation == LARGER_THAN and claim.other is not None:
        return _compared(claim.other, holding, finding)
    limit = (claim.value or 0.0) + (claim.rounding if claim.relation == AT_MOST else -claim.rounding)
    return _sided(finding, limit, below=claim.relation in (AT_MOST, NOT_YET))


def _sided(finding: Finding, limit: float, below: bool) -> Finding:
    """Tell on which side of a limit the interval of the number lies, where it has one."""
    interval = finding.number.interval if finding.number else None
    if interval is None:
        return finding
    under, over = interval[1] < limit, interval[0] > limit
    if not under and not over:
        return replace(finding, reason=BOTH_SIDES)
    return replace(finding, verdict=HOLDS if under == below else DOES_NOT, reason=BY_INTERVAL)


def _number(wanted: Quantity, claim: Claim, holding: Holding) -> tuple[Number | None, str]:
    """Give the newest number of the claim's time, one with an error if there is any; and what is lacking."""
    rows = _rows(wanted, claim, holding)
    real = rows.filter(~_is_simulated())
    if not real.height:
        return (None, SIMULATED) if rows.height else (None, NO_NUMBER)
    known = real.filter(pl.col("lower").is_not_null(), pl.col("upper").is_not_null())
    row = (known if known.height else real).row(-1, named=True)
    return _as_number(row), "" if known.height else NO_ERROR


def _rows(wanted: Quantity, claim: Claim, holding: Holding) -> pl.DataFrame:
    """Give the headlines whose period had ended when the claim was made, and not long before, oldest first."""
    if wanted.series not in holding.series:
        return observations.EMPTY
    rows = holding.numbers(wanted.series, wanted.where()).filter(pl.col("value").is_not_null())
    earliest = claim.said_on.replace(year=claim.said_on.year - OLDEST_YEARS, day=1)
    fitting = [one for one in rows["period"].unique() if earliest <= end_of(one) <= claim.said_on]
    rank = {one: place for place, one in enumerate(sorted(fitting, key=lambda one: (end_of(one), len(one))))}
    kept = rows.filter(pl.col("period").is_in(fitting))
    return kept.sort(pl.col("period").replace_strict(rank, return_dtype=pl.Int64)) if rank else kept


def _compared(wanted: Quantity, holding: Holding, finding: Finding) -> Finding:
    """Compare two totals; what is of another unit, or of no error, cannot be compared."""
    claim, own = finding.claim, finding.number
    other, lacking = _number(wanted, claim, holding)
    finding = replace(finding, other=other)
    if holding.series.get(claim.quantity.series, {}).get("unit", claim.unit) != claim.unit:
        return replace(finding, reason=OTHER_UNIT)
    if own is None or own.interval is None:
        return finding
    if other is None or other.interval is None:
        return replace(finding, reason=lacking)
    if own.interval[0] > other.interval[1]:
        return replace(finding, verdict=HOLDS, reason=BY_INTERVAL)
    if own.interval[1] < other.interval[0]:
        return replace(finding, verdict=DOES_NOT, reason=BY_INTERVAL)
    return replace(finding, reason=BOTH_SIDES)


def _rising(claim: Claim, holding: Holding, finding: Finding) -> Finding:
    """Judge the ratio of the last year to the first, over the countries that counted in both."""
    if claim.quantity.series not in holding.series:
        return finding
    kinds = dict(areas.table().select("area", "kind").iter_rows())
    rows = holding.numbers(claim.quantity.series, claim.quantity.where()).filter(
        pl.col("value").is_not_null(),
        pl.col("area").replace_strict(kinds, default="", return_dtype=pl.String) == "country",
        pl.col("period").str.contains(r"^\d{4}$"),
        pl.col("period").cast(pl.Int64, strict=False).is_between(claim.since or 0, claim.said_on.year - 1),
    )
    real = rows.filter(~_is_simulated())
    if not real.height:
        return replace(finding, reason=SIMULATED if rows.height else NO_NUMBER)
    first, last = str(real["period"].min()), str(real["period"].max())
    pairs = real.filter(period=first).join(real.filter(period=last), on="area", suffix="_last").sort("area")
    late = int(first) if claim.since is not None and int(first) > claim.since else None
    finding = replace(finding, starts_late=late)
    if first == last or pairs.height < LEAST_COUNTRIES:
        return replace(finding, reason=TOO_FEW_COUNTRIES)
    number = _ratio(claim, pairs, f"{first}/{last}")
    return _sided(replace(finding, number=number), 1.0, below=False)


def _ratio(claim: Claim, pairs: pl.DataFrame, period: str) -> Number:
    x, y = pairs["value"].to_numpy(), pairs["value_last"].to_numpy()
    n = len(x)
    ratio = float(y.sum() / x.sum())
    se = float(np.sqrt(n / (n - 1) * ((y - ratio * x) ** 2).sum()) / x.sum())
    reach = float(stdtrit(n - 1, (1 + LEVEL) / 2)) * se
    source = "+".join(sorted({*pairs["source"], *pairs["source_last"]}))
    return Number(
        claim.quantity.series, "", period, ratio, ratio - reach, ratio + reach, LEVEL, "RO", source, n
    )


def _as_number(row: dict[str, Any]) -> Number:
    names = ("series", "area", "period", "value", "lower", "upper", "level", "unit", "source")
    return Number(**{name: row[name] for name in names})


def _is_simulated() -> pl.Expr:
    return observations.basis() == observations.SIMULATED
