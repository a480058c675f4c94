"""What a reader asks of the observations, read from an address and checked against the release.

The names are those of the columns. Each may be given several times; areas by code or name. What does not
exist is an error that says what does; a combination that no number has is an empty answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from sojourn import areas, observations
from sojourn.errors import NotFoundError, UsageError
from sojourn.web.holding import Holding

AREAS = ("area", "counterpart")
PERSONS = ("sex", "age", "nativity", "citizenship", "legal_status")
COLUMNS = ("indicator", "series", *AREAS, "period", *PERSONS, "breakdown", "status", "source", "method")
"""Columns by which observations can be chosen."""

NAMES = (*COLUMNS, "first", "last", "every", "latest")
MOST_VALUES = 300

_YEAR = re.compile(r"^\d{4}")
_PERIOD = re.compile(r"^\d{4}(-(Q[1-4]|S[12]|\d{2}(-\d{2})?)|/P\d{1,3}[YM])?$")
_TRUE, _FALSE = ("1", "true", "yes", "on"), ("", "0", "false", "no", "off")

Given = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Question:
    """Which observations are meant.

    Attributes:
        where: column -> values, one of which a row must have.
        first, last: earliest and latest year.
        every: all sources and methods.
        latest: only the newest of each area and breakdown.
    """

    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    first: str | None = None
    last: str | None = None
    every: bool = False
    latest: bool = False

    def answer(self, holding: Holding) -> pl.DataFrame:
        """Give the rows, still coded."""
        where = dict(self.where)
        series = where.pop("series")[0] if len(where.get("series", ())) == 1 else None
        found = holding.found(series, where, every=self.every, only_latest=self.latest)
        if self.first is None and self.last is None:
            return found
        years = [one for one in found["period"].unique().cast(pl.String) if self._holds(one[:4])]
        return found.filter(pl.any_horizontal([pl.lit(False), *(pl.col("period") == one for one in years)]))

    def _holds(self, year: str) -> bool:
        return (self.first or "0000") <= year <= (self.last or "9999")


def read(given: Given, holding: Holding, *, also: Sequence[str] = ()) -> Question:
    """Read a question.

    Args:
        given: name -> values, as an address holds them; empty values mean the empty code.
        holding: the release that is asked.
        also: names that mean something else to the caller.

    Raises:
        NotFoundError: there is no such series, indicator, area or code in the release.
        UsageError: a name or a value is none that can be asked.
    """
    if unknown := sorted(set(given) - set(NAMES) - set(also)):
        raise UsageError(
            f"There is nothing to ask by the name {unknown[0][:60]!r}",
            where=unknown[0][:60],
            accepted=", ".join((*NAMES, *also)),
        )
    where: dict[str, tuple[str, ...]] = {}
    for name in COLUMNS:
        values = _values(given, name)
        if values:
            where[name] = tuple(dict.fromkeys(_checked(name, one, holding) for one in values))
    return Question(
        where,
        first=_year(given, "first"),
        last=_year(given, "last"),
        every=_flag(given, "every"),
        latest=_flag(given, "latest"),
    )


def _values(given: Given, name: str) -> list[str]:
    values = [str(one) for one in given.get(name, ())]
    if len(values) > MOST_VALUES or any(len(one) > 200 for one in values):
        raise UsageError(f"Too much is asked of {name}", where=name, accepted=f"at most {MOST_VALUES} values")
    return values


def _checked(name: str, value: str, holding: Holding) -> str:
    if name in AREAS:
        return area(value, name) if value else ""
    if name == "period" and not _PERIOD.match(value):
        raise UsageError(
            f"{value!r} is no period",
            where=name,
            accepted="2015, 2015-Q3, 2015-07, 2010/P5Y; or first and last",
        )
    if name == "breakdown":
        value = _ordered(value)
    known = codes(holding, name)
    if value not in known:
        raise NotFoundError(
            f"The release has no {name} {value!r}",
            where=name,
            accepted=", ".join(repr(one) for one in sorted(known)[:200]),
        )
    return value


def area(text: str, name: str = "area") -> str:
    """Give the area that a text means.

    Raises:
        NotFoundError: there is none, with close names.
    """
    try:
        return areas.resolve(text)
    except NotFoundError as error:
        advice = None if (error.advice or "").startswith("List the areas") else error.advice
        raise NotFoundError(error.what, where=name, accepted=error.accepted, advice=advice) from error


def _ordered(text: str) -> str:
    """Sort the parts of a breakdown: A=1;B=2 and B=2;A=1 are one."""
    parts = [one.strip() for one in text.split(";") if one.strip()]
    if not all("=" in one for one in parts):
        raise UsageError(
            f"{text!r} is no breakdown", where="breakdown", accepted="DIM=CODE;DIM=CODE, or nothing"
        )
    return observations.breakdown(**dict(one.split("=", 1) for one in parts))


def codes(holding: Holding, name: str) -> frozenset[str]:
    """Give the codes that a column has in a release."""
    if name == "series":
        return frozenset(holding.series)
    if name == "indicator":
        return frozenset(holding.indicators)
    return holding.codes_of(name)


def _year(given: Given, name: str) -> str | None:
    value = (list(given.get(name, ())) or [""])[-1]
    if not value:
        return None
    if not _YEAR.fullmatch(value):
        raise UsageError(f"{value[:60]!r} is no year", where=name, accepted="four digits, such as 2015")
    return value


def _flag(given: Given, name: str) -> bool:
    value = (list(given.get(name, ())) or [""])[-1].lower()
    if value not in (*_TRUE, *_FALSE):
        raise UsageError(f"{value[:60]!r} is neither yes nor no", where=name, accepted="1 or 0")
    return value in _TRUE
