"""How stable money is, by three plain measures, each in the currency that it was pledged in.

    pledged ahead   of what is pledged for each year, the share that was pledged more than a year before it began
    largest donor   its share of all that is pledged; money of a donor whom nobody named counts in the whole only
    paid            what was paid beside what was pledged

A pledge for several years is spread evenly over them. What was pledged on a day that nobody wrote down counts
neither as early nor as late, and how much that is, is told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sojourn.web.registry.dates import last_day

PLEDGED, PAID = "pledged", "paid"
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Entry:
    """Money pledged or paid, as plain data.

    Attributes:
        stage: `PLEDGED` or `PAID`.
        donor: number of the donor; None: nobody is named.
        pledged_on: as it was said; empty: not known.
        first_year, last_year: which it is for.
    """

    stage: str
    amount: Decimal
    currency: str
    donor: int | None
    pledged_on: str
    first_year: int
    last_year: int
    earmarked: bool = False


@dataclass(frozen=True, slots=True)
class Stability:
    """What is known of the money in one currency; a share is None where nothing can be divided.

    Attributes:
        undated: pledged on a day that is not known; it is in no share of `ahead`.
        donor, largest: the largest donor, and its share.
        earmarked: share that may be used for one purpose only.
        first_year, last_year: the years that the money is for.
    """

    currency: str
    pledged: Decimal
    paid: Decimal
    undated: Decimal
    ahead: float | None
    donor: int | None
    largest: float | None
    paid_share: float | None
    earmarked: float | None
    first_year: int
    last_year: int


def stability(entries: Iterable[Entry]) -> tuple[Stability, ...]:
    """Measure the money of one body, currency by currency.

    Args:
        entries: all that is recorded of it.

    Returns:
        Nothing where nothing is recorded.

    Example:
        >>> given = [Entry(PLEDGED, Decimal(300), "USD", 1, "2013-06", 2014, 2016),
        ...          Entry(PAID, Decimal(100), "USD", 1, "", 2014, 2014)]
        >>> [(round(one.ahead, 2), one.largest, round(one.paid_share, 2)) for one in stability(given)]
        [(0.67, 1.0, 0.33)]
    """
    by_currency: dict[str, list[Entry]] = defaultdict(list)
    for one in entries:
        by_currency[one.currency].append(one)
    return tuple(_of(currency, by_currency[currency]) for currency in sorted(by_currency))


def _of(currency: str, entries: list[Entry]) -> Stability:
    pledges = [one for one in entries if one.stage == PLEDGED]
    pledged = sum((one.amount for one in pledges), _NOTHING)
    paid = sum((one.amount for one in entries if one.stage == PAID), _NOTHING)
    dated = [one for one in pledges if one.pledged_on]
    undated = sum((one.amount for one in pledges if not one.pledged_on), _NOTHING)
    donor, most = _largest(pledges)
    return Stability(
        currency,
        pledged,
        paid,
        undated,
        _share(sum((_early(one) for one in dated), _NOTHING), pledged - undated),
        donor,
        _share(most, pledged) if donor is not None else None,
        _share(paid, pledged),
        _share(sum((one.amount for one in pledges if one.earmarked), _NOTHING), pledged),
        min(one.first_year for one in entries),
        max(one.last_year for one in entries),
    )


def _early(pledge: Entry) -> Decimal:
    """Give how much of a pledge is for years that began more than a year after it was made."""
    years = range(pledge.first_year, max(pledge.first_year, pledge.last_year) + 1)
    made = last_day(pledge.pledged_on)
    return pledge.amount * sum(made < date(year - 1, 1, 1) for year in years) / len(years)


def _largest(pledges: list[Entry]) -> tuple[int | None, Decimal]:
    by_donor: dict[int, Decimal] = defaultdict(Decimal)
    for one in pledges:
        if one.donor is not None:
            by_donor[one.donor] += one.amount
    if not by_donor:
        return None, _NOTHING
    donor = max(by_donor, key=lambda one: (by_donor[one], -one))
    return donor, by_donor[donor]


def _share(part: Decimal, whole: Decimal) -> float | None:
    return float(part / whole) if whole else None
