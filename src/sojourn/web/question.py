"""What a reader asks of the observations, read from an address and checked against the release.

The names are those of the columns. Each may be given several times; areas by code or name. What does not
exist is an error that says what does; a combination that no number has is an empty answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from sojourn import areas, observations
from sojourn.errors import NotFoundError, UsageError
from sojourn.web.deadline import Check, endless
from sojourn.web.holding import Holding
from sojourn.web.said import Named, offer, quoted, say

AREAS = ("area", "counterpart")
PERSONS = ("sex", "age", "nativity", "citizenship", "legal_status")
PREFIX = "d."
"""Before the name of a dimension of the breakdown, in the address of a page."""

COLUMNS = ("indicator", "series", *AREAS, "period", *PERSONS, "breakdown", "status", "source", "method")
"""Columns by which observations can be chosen."""

NAMES = (*COLUMNS, "first", "last", "every", "latest")
MOST_VALUES = 300
MOST_LETTERS = 200
"""Of one value; no name or code is longer."""

PERIOD = r"^[0-9]{4}(-(Q[1-4]|S[12]|[0-9]{2}(-[0-9]{2})?)|/P[0-9]{1,3}[YM])?$"
YES, NO = ("1", "true", "yes", "on"), ("", "0", "false", "no", "off")

_YEAR = re.compile(r"[0-9]{4}")
_PERIOD = re.compile(PERIOD)

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

    def answer(self, holding: Holding, check: Check = endless) -> pl.DataFrame:
        """Give the rows, still coded.

        Args:
            holding: the release.
            check: asked between batches of rows whether there is time.

        Raises:
            SlowError: there is none.
        """
        where = dict(self.where)
        series = where.pop("series")[0] if len(where.get("series", ())) == 1 else None
        found = holding.found(series, where, every=self.every, only_latest=self.latest, check=check)
        if self.first is None and self.last is None:
            return found
        check()
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
            say("There is nothing to ask by the name {name}", name=quoted(unknown[0])),
            where=unknown[0][:60],
            accepted=", ".join((*NAMES, *also)),
        )
    where: dict[str, tuple[str, ...]] = {}
    for name in COLUMNS:
        values = _values(given, name)
        if values:
            where[name] = tuple(dict.fromkeys(_checked(name, one, holding) for one in values))
    first, last = _years(given)
    return Question(
        where,
        first=first,
        last=last,
        every=_flag(given, "every"),
        latest=_flag(given, "latest"),
    )


def codes_of_row(row: Mapping[str, Any]) -> dict[str, str]:
    """Give whom and what a number is of: name -> code of its people and of its breakdown, totals left out.

    >>> everybody = dict.fromkeys(PERSONS, "_T")
    >>> codes_of_row(everybody | {"sex": "F", "breakdown": "ROUTE=CENTRAL"})
    {'sex': 'F', 'ROUTE': 'CENTRAL'}
    """
    people = {name: row[name] for name in PERSONS if row[name] != "_T"}
    return people | observations.parse_breakdown(row["breakdown"])


def in_address(codes: Mapping[str, str]) -> dict[str, str]:
    """Name codes as the address of a page does, where a dimension of the breakdown begins with `PREFIX`.

    >>> in_address({"sex": "F", "ROUTE": "CENTRAL"})
    {'sex': 'F', 'd.ROUTE': 'CENTRAL'}
    """
    return {(name if name in PERSONS else PREFIX + name): code for name, code in codes.items()}


def _values(given: Given, name: str) -> list[str]:
    values = [str(one) for one in given.get(name, ())]
    if len(values) > MOST_VALUES or any(len(one) > MOST_LETTERS for one in values):
        raise UsageError(
            say("Too much is asked of {name}", name=name),
            where=name,
            accepted=say("at most {most}", most=MOST_VALUES),
        )
    return values


def _checked(name: str, value: str, holding: Holding) -> str:
    if name in AREAS:
        return area(value, name) if value else ""
    if name == "period" and not is_period(value):
        raise UsageError(
            say("{value} is no period", value=quoted(value)),
            where=name,
            accepted=say("2015, 2015-Q3, 2015-07, 2010/P5Y; or first and last"),
        )
    if name == "breakdown":
        value = _ordered(value)
    known = codes(holding, name)
    if value not in known:
        raise NotFoundError(
            say("The release has no {name} {code}", name=name, code=quoted(value)),
            where=name,
            accepted=offer(sorted(known)[:200], text=", ".join(repr(one) for one in sorted(known)[:200])),
        )
    return value


def is_period(text: str) -> bool:
    """Tell whether a text is written as a period is.

    >>> is_period("2015-Q3"), is_period("Q3")
    (True, False)
    """
    return _PERIOD.fullmatch(text) is not None


def area(text: str, name: str = "area") -> str:
    """Give the area that a text means.

    Raises:
        NotFoundError: there is none, with close names.
    """
    try:
        return areas.resolve(text[:MOST_LETTERS])
    except NotFoundError as error:
        meant = tuple(areas.close(text[:MOST_LETTERS]))
        raise NotFoundError(
            say("{name} may mean more than one area", name=quoted(text))
            if "more than one" in error.what
            else say("No area is called {name}", name=quoted(text)),
            where=name,
            accepted=say("an ISO 3166-1 or M49 code, or a name in one of the six languages"),
            advice=say("Did you mean {areas}?", areas=Named(meant)) if meant else None,
        ) from error


def _ordered(text: str) -> str:
    """Sort the parts of a breakdown: A=1;B=2 and B=2;A=1 are one."""
    parts = [one.strip() for one in text.split(";") if one.strip()]
    if not all("=" in one for one in parts):
        raise UsageError(
            say("{value} is no breakdown", value=quoted(text)),
            where="breakdown",
            accepted=say("DIM=CODE;DIM=CODE, or nothing"),
        )
    return observations.breakdown(**dict(one.split("=", 1) for one in parts))


def codes(holding: Holding, name: str) -> frozenset[str]:
    """Give the codes that a column has in a release."""
    if name == "series":
        return frozenset(holding.series)
    if name == "indicator":
        return frozenset(holding.indicators)
    return holding.codes_of(name)


def _years(given: Given) -> tuple[str | None, str | None]:
    first, last = _year(given, "first"), _year(given, "last")
    if first and last and first > last:
        raise UsageError(
            say("No year is from {first} to {last}", first=first, last=last),
            where="first",
            accepted=say("a first year that is not after the last"),
        )
    return first, last


def _year(given: Given, name: str) -> str | None:
    value = (list(given.get(name, ())) or [""])[-1]
    if not value:
        return None
    if not _YEAR.fullmatch(value):
        raise UsageError(
            say("{value} is no year", value=quoted(value)),
            where=name,
            accepted=say("four digits, such as 2015"),
        )
    return value


def _flag(given: Given, name: str) -> bool:
    value = (list(given.get(name, ())) or [""])[-1].lower()
    if value not in (*YES, *NO):
        raise UsageError(
            say("{value} is neither yes nor no", value=quoted(value)), where=name, accepted=say("1 or 0")
        )
    return value in YES
