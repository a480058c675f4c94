"""Claims: a quotation beside the measured value, its interval, and a verdict that a release gives.

    holds        the whole interval lies on the claim's side
    does not     the whole interval lies on the other side
    cannot tell  it lies on both, or something is lacking: a number, its error, a common unit – each told by name

The number is the newest headline that was true when the claim was made: its period had ended, at most three years
before, and its error is known. Simulated numbers give no verdict: a quotation is of the real world.

"Rising" is judged over the countries that counted in both years, because a sum over all grows with the number that
report. With x and y the counts of n such countries in the first and the last year, and R = sum(y) / sum(x),

    se(R) = sqrt(n / (n - 1) sum((y - R x)^2)) / sum(x),   R +- t(n - 1) se(R)

(Cochran 1977, Sampling Techniques, 6.4, without the correction for a finite population). It asks how much the
answer depends on which countries counted; it knows nothing of errors of counting.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

CLAIMS = "claims.toml"

AT_MOST, AT_LEAST, NOT_YET, RISING, LARGER_THAN = "at_most", "at_least", "not_yet", "rising", "larger_than"
RELATIONS = (AT_MOST, AT_LEAST, NOT_YET, RISING, LARGER_THAN)


@dataclass(frozen=True, slots=True)
class Quantity:
    """Which numbers are meant; `area` is empty where countries are summed."""

    series: str
    area: str = ""
    breakdown: str = ""
    people: Mapping[str, str] = field(default_factory=dict)

    def where(self) -> dict[str, list[str]]:
        """Columns and values that every number of it has."""
        people = ("sex", "age", "nativity", "citizenship", "legal_status")
        chosen = {name: [self.people.get(name, "_T")] for name in people}
        area = {"area": [self.area]} if self.area else {}
        return {**chosen, **area, "counterpart": [""], "breakdown": [self.breakdown]}


@dataclass(frozen=True, slots=True)
class Claim:
    """What was said.

    Attributes:
        code: its name in addresses.
        said_by, said_on, statement: who, when, and the shipped item that it belongs to.
        words, quoted: the source's own words, or ours for them.
        sources, certainty: where it is from, and how sure that is.
        relation: what is claimed of the quantity.
        quantity, other: what is measured, and what it is compared with.
        value, rounding, unit, since: the limit, what a round figure covers, its unit, the first year.
        label: language -> what is measured, in words.
    """

    code: str
    said_by: str
    said_on: date
    statement: str
    words: str
    quoted: bool
    sources: str
    certainty: str
    relation: str
    quantity: Quantity
    unit: str
    label: Mapping[str, str]
    value: float | None = None
    rounding: float = 0.0
    since: int | None = None
    other: Quantity | None = None

    @property
    def speaker_is_checked(self) -> bool:
        """Whether somebody has checked in the source who said it."""
        return "who said it is not checked" not in self.certainty

    def __post_init__(self) -> None:
        if self.relation not in RELATIONS:
            raise ValueError(f"a claim's relation is one of {RELATIONS}, not {self.relation!r}")


@cache
def claims() -> tuple[Claim, ...]:
    """Read the claims that come with the registry."""
    text = files("sojourn.web.registry").joinpath(CLAIMS).read_text(encoding="utf-8")
    return tuple(_read(one) for one in tomllib.loads(text)["claim"])


def _read(given: Mapping[str, Any]) -> Claim:
    own = dict(given)
    names = ("series", "area", "breakdown", "people")
    quantity = Quantity(**{name: own.pop(name) for name in names if name in own})
    other = Quantity(**own.pop("other")) if "other" in own else None
    return Claim(quantity=quantity, other=other, **own)
