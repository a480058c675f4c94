"""Assumptions and independent totals for estimates of irregular residents, which no survey asks: one file of an office.

The typed table, kind `legal_status_assumptions`, one row per number or assumption:

    item          "cell" for what is registered of a cell; the name of an assumption otherwise
    area, period  of which country and year
    cells         which cell, or the cells an assumption is for (empty: all), as "sex=female;year_of_arrival=2015..2024"
    parameter     of a cell: admitted (legal admissions), years (ago), mortality, emigration (a year), temporary
                  (legal temporary residents); of an assumption: admissions, mortality, emigration, temporary,
                  undercount_legal, undercount_irregular; or odds (of being irregular, of people with these answers)
    distribution  fixed, uniform, triangular, normal, lognormal, beta
    values        its numbers, as "low=0.8;high=1.2" or "value=12000"
    stated_by     who says so
    row           row number in the file

A condition names a concept of the survey's mapping: one code, several as "IND|MEX", or a span of whole numbers as
"18..64". Together with a survey it gives residents by legal status, always with an interval that contains all this.
The layout is this program's; docs/legal-status.md has an example.
"""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

from sojourn.sources.model import Download, Layout, RawSheet, Reading, Source
from sojourn.sources.parsing import Field, area, lookup, read_fields, text

CELL = "cell"
REGISTERED = ("admitted", "years", "mortality", "emigration", "temporary")
ASSUMED = (
    "admissions", "mortality", "emigration", "temporary", "undercount_legal", "undercount_irregular", "odds",
)  # fmt: skip
DISTRIBUTIONS = ("fixed", "uniform", "triangular", "normal", "lognormal", "beta")

_NAME = r"[a-z][a-z0-9_]*"
_CONDITIONS = rf"^({_NAME}=[^=;]+(;{_NAME}=[^=;]+)*)?$"
_NUMBER = r"[0-9]+(\.[0-9]+)?([eE]-?[0-9]+)?"
_VALUES = rf"^{_NAME}={_NUMBER}(;{_NAME}={_NUMBER})*$"


def _fits(pattern: str, *, empty: bool = False) -> Callable[[pl.Series], pl.Series]:
    def convert(values: pl.Series) -> pl.Series:
        cells = text(values).str.replace_all(" ", "")
        cells = cells.fill_null("") if empty else cells
        return cells.set(~cells.str.contains(pattern).fill_null(False), None)

    return convert


def _year(values: pl.Series) -> pl.Series:
    return text(values).str.extract(r"^((?:19|20)\d{2})(?:\.0)?$")


_FIELDS = (
    Field("assumption", "item", text, 'the name of an assumption, or "cell"', needed=True),
    Field("area", "area", area("alpha3"), "a country's ISO 3166-1 alpha-3 code", needed=True),
    Field("year", "period", _year, "a year of four digits", needed=True),
    Field(
        "cells", "cells", _fits(_CONDITIONS, empty=True), "empty, or concept=code;concept=code", needed=True
    ),
    Field(
        "parameter",
        "parameter",
        lookup({name: name for name in (*REGISTERED, *ASSUMED)}),
        ", ".join(dict.fromkeys((*REGISTERED, *ASSUMED))),
        needed=True,
    ),
    Field(
        "distribution",
        "distribution",
        lookup({name: name for name in DISTRIBUTIONS}),
        ", ".join(DISTRIBUTIONS),
        needed=True,
    ),
    Field("values", "values", _fits(_VALUES), "name=number;name=number, numbers from 0", needed=True),
    Field("stated_by", "stated_by", text, "who says so, or that it is an own guess", needed=True),
)


def read_assumptions(sheet: RawSheet) -> Reading:
    """Read the rows; one without a source, or that cannot be understood, is rejected and listed."""
    table, found = read_fields(sheet, _FIELDS)
    years = table["period"]
    edition = str(years.max()) if table.height else "none"
    return Reading(table, f"{edition}-{table.height}-rows", sheet.frame.height, found)


SOURCE = Source(
    name="legal_status_assumptions",
    title="Assumptions on legal status: registered residents, mortality, emigration, under-count",
    publisher="the office that states them",
    licence="as the office says",
    citation="as the office says, and as every row says who stated it",
    page="https://www.dhs.gov/ohss/topics/immigration",
    table="legal_status_assumptions",
    layouts=(
        Layout(
            "assumptions",
            ("assumption", "area", "year", "cells", "parameter", "distribution", "values", "stated_by"),
            read_assumptions,
            original=False,
        ),
    ),
    downloads=(Download("legal_status_assumptions.csv", None),),
    by_hand="No file of assumptions is right for every country; write your own into this layout.",
)
