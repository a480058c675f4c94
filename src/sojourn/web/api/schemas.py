"""What the API takes and gives, as it stands in its OpenAPI description."""

from __future__ import annotations

from typing import Any

from ninja import Field, Schema
from pydantic import JsonValue

from sojourn import observations
from sojourn.web.question import MOST_LETTERS, MOST_VALUES, NO, PERIOD, YES

EDITION = "edition"
"""Part of `source` after the @: which edition of it."""

COLUMNS = (*observations.SCHEMA.names(), EDITION)

KINDS = ("country", "all")
"""Corridors between countries only, or also those of regions and groups."""


class Fault(Schema):
    """The one shape of every error."""

    status: int
    error: str
    what: str
    where: str | None = None
    accepted: str | None = None
    advice: str | None = None


def _several(description: str = "", pattern: str = "") -> Any:
    """Describe a name that may be given several times; what does not fit is told by `question`, in words."""
    item: dict[str, JsonValue] = {"type": "string", "maxLength": MOST_LETTERS}
    if pattern:
        item["pattern"] = pattern
    described: dict[str, JsonValue] = {"items": item, "maxItems": MOST_VALUES}
    return Field(default_factory=list, description=description, json_schema_extra=described)


def _one(description: str, **described: Any) -> Any:
    return Field("", description=description, json_schema_extra=described)


_RELEASE = "A release's name; by default the newest"
_YEAR = r"^([0-9]{4})?$"
_BREAKDOWN = r"^([A-Z][A-Z0-9_]*=[A-Z0-9_+<>.\-]+(;[A-Z][A-Z0-9_]*=[A-Z0-9_+<>.\-]+)*)?$"
_COLUMNS = f"^({'|'.join(COLUMNS)})?(,({'|'.join(COLUMNS)}))*$"


class Choice(Schema):
    """Which observations of a series are meant; each name may be given several times. Areas by code or name."""

    area: list[str] = _several("Code, or name in any of six languages")
    counterpart: list[str] = _several("The other end of a corridor; empty: none")
    period: list[str] = _several("2015, 2015-Q3, 2015-07, 2010/P5Y", PERIOD)
    sex: list[str] = _several("F, M, _T for all")
    age: list[str] = _several("Y15T24, Y_GE65, _T for all")
    nativity: list[str] = _several("NATIVE, FOREIGN, _T for all")
    citizenship: list[str] = _several("CITIZEN, FOREIGNER, STATELESS, _T for all")
    legal_status: list[str] = _several("REGULAR, IRREGULAR, _T for all")
    breakdown: list[str] = _several("DIM=CODE;DIM=CODE; empty: the total", _BREAKDOWN)
    status: list[str] = _several("SDMX observation status")
    source: list[str] = _several("name@edition")
    method: list[str] = _several("name/version [rules]")
    first: str = _one("Earliest year", pattern=_YEAR)
    last: str = _one("Latest year", pattern=_YEAR)
    every: str = _one("1: all sources and methods, not only the headline", enum=[*YES, *NO])
    latest: str = _one("1: only the newest of each area and breakdown", enum=[*YES, *NO])
    release: str = _one(_RELEASE)


class Ending(Schema):
    """The format of a file."""

    ending: str = Field(
        description="Format of the file",
        json_schema_extra={"enum": ["csv", "json", "parquet", "arrow", "xlsx", "zip"]},
    )


class Paged(Choice):
    """A page of the observations of a series."""

    columns: str = _one("Columns, separated by commas; by default all", pattern=_COLUMNS)
    page: int = Field(1, ge=1, le=1_000_000)
    per_page: int = Field(100, ge=1, le=5000)


class Page(Paged):
    """A page of observations."""

    indicator: list[str] = _several("Indicator, such as 10.c.1")
    series: list[str] = _several("Series, such as SI_RMT_COST")


class Pairs(Paged):
    """A page of corridors of one series."""

    kind: str = Field(
        KINDS[0],
        description="country: between countries; all: of regions and groups too",
        json_schema_extra={"enum": list(KINDS)},
    )


AREA_KINDS = ("country", "former", "simulated", "region", "group")


class Kind(Schema):
    """Which areas are meant."""

    kind: str = _one("Only areas of this kind", enum=["", *AREA_KINDS])
    release: str = _one(_RELEASE)


class Key(Schema):
    """The whole key of one observation; areas by code."""

    series: str = Field(description="Series, such as SI_RMT_COST")
    area: str = Field(description="Code, or name in any of six languages")
    period: str = Field(description="2015, 2015-Q3, 2015-07, 2010/P5Y", json_schema_extra={"pattern": PERIOD})
    source: str = _one("By default that of the headline")
    method: str = _one("By default that of the headline")
    counterpart: str = _one("The other end of a corridor; empty: none")
    sex: str = "_T"
    age: str = "_T"
    nativity: str = "_T"
    citizenship: str = "_T"
    legal_status: str = "_T"
    breakdown: str = _one("DIM=CODE;DIM=CODE; empty: the total", pattern=_BREAKDOWN)
    release: str = _one(_RELEASE)


class Observation(Schema):
    """One number, with everything that is known of it; null is not known, never zero."""

    indicator: str | None = None
    series: str | None = None
    area: str | None = None
    counterpart: str | None = None
    period: str | None = None
    sex: str | None = None
    age: str | None = None
    nativity: str | None = None
    citizenship: str | None = None
    legal_status: str | None = None
    breakdown: str | None = None
    value: float | None = None
    unit: str | None = None
    se: float | None = None
    lower: float | None = None
    upper: float | None = None
    level: float | None = None
    n: int | None = None
    status: str | None = None
    confidentiality: str | None = None
    nature: str | None = None
    source: str | None = None
    edition: str | None = None
    method: str | None = None
    note: str | None = None
    release: str | None = None


class Observations(Schema):
    """A page of observations."""

    release: str
    as_of: str
    citation: str
    total: int
    page: int
    pages: int
    per_page: int
    next: str | None
    observations: list[Observation]


class Listing(Schema):
    """A list of things of one kind."""

    release: str
    total: int
    items: list[dict[str, Any]]


class Thing(Schema):
    """One thing, with what is known of it."""

    release: str
    item: dict[str, Any]
