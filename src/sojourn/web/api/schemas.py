"""What the API takes and gives, as it stands in its OpenAPI description."""

from __future__ import annotations

from typing import Any

from ninja import Field, Schema


class Fault(Schema):
    """The one shape of every error."""

    status: int
    error: str
    what: str
    where: str | None = None
    accepted: str | None = None
    advice: str | None = None


class Choice(Schema):
    """Which observations of a series are meant; each name may be given several times. Areas by code or name."""

    area: list[str] = Field(default_factory=list, description="Code, or name in any of six languages")
    counterpart: list[str] = Field(
        default_factory=list, description="The other end of a corridor; empty: none"
    )
    period: list[str] = Field(default_factory=list, description="2015, 2015-Q3, 2010/P5Y")
    sex: list[str] = Field(default_factory=list)
    age: list[str] = Field(default_factory=list)
    nativity: list[str] = Field(default_factory=list)
    citizenship: list[str] = Field(default_factory=list)
    legal_status: list[str] = Field(default_factory=list)
    breakdown: list[str] = Field(default_factory=list, description="DIM=CODE;DIM=CODE; empty: the total")
    status: list[str] = Field(default_factory=list, description="SDMX observation status")
    source: list[str] = Field(default_factory=list)
    method: list[str] = Field(default_factory=list)
    first: str = Field("", description="Earliest year")
    last: str = Field("", description="Latest year")
    every: str = Field("", description="1: all sources and methods, not only the headline")
    latest: str = Field("", description="1: only the newest of each area and breakdown")
    release: str = Field("", description="A release's name; by default the newest")


class Paged(Choice):
    """A page of the observations of a series."""

    columns: str = Field("", description="Columns, separated by commas; by default all")
    page: int = Field(1, ge=1, le=1_000_000)
    per_page: int = Field(100, ge=1, le=5000)


class Page(Paged):
    """A page of observations."""

    indicator: list[str] = Field(default_factory=list, description="Indicator, such as 10.c.1")
    series: list[str] = Field(default_factory=list, description="Series, such as SI_RMT_COST")


class Pairs(Paged):
    """A page of corridors of one series."""

    kind: str = Field("country", description="country: between countries; all: of regions and groups too")


class Key(Schema):
    """The whole key of one observation; areas by code."""

    series: str
    area: str
    period: str
    source: str = Field("", description="By default that of the headline")
    method: str = Field("", description="By default that of the headline")
    counterpart: str = ""
    sex: str = "_T"
    age: str = "_T"
    nativity: str = "_T"
    citizenship: str = "_T"
    legal_status: str = "_T"
    breakdown: str = ""
    release: str = ""


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
