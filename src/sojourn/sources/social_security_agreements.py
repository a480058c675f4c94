"""Social security agreements in force between two countries: a file that an office writes from its treaty register.

No public file of all agreements is known to this program. The typed table, kind `social_security_agreements`:

    area, partner   the two countries, ISO 3166-1 alpha-3; an agreement holds in both directions
    branch          branch of benefits, in small letters: pension, health, unemployment …
    in_force        year of entry into force; null: signed only
    ended           last year in force; null: still in force
    row             row number in the file

The header is `country,partner,benefit_branch,in_force_from,in_force_to`; the years may be dates (1996-07-01). A
multilateral agreement is one row for each pair of its members, an agreement on two branches one row for each. An
agreement that was replaced has its own row with its last year.

Source: treaty registers of the countries; the layout is this program's.
"""

from __future__ import annotations

import polars as pl

from sojourn import areas
from sojourn.sources import problems
from sojourn.sources.model import Download, Layout, RawSheet, Reading, Source
from sojourn.sources.parsing import ROW, Field, area, list_problem, read_fields, text

_OPEN = 9999
"""Stands for an empty year while cells are checked, so that a year that cannot be read rejects its row."""

_YEAR = r"^((?:19|20)\d{2})(?:-\d{2}-\d{2})?$"


def country(values: pl.Series) -> pl.Series:
    """Read countries by ISO 3166-1 alpha-3; a region cannot sign."""
    codes = area("alpha3")(values)
    countries = areas.table().filter(pl.col("kind").is_in(["country", "former"]))["area"]
    return codes.set(~codes.is_in(countries.implode()).fill_null(False), None)


def year_or_open(values: pl.Series) -> pl.Series:
    """Read the year of a year or a date; an empty cell is 9999, a cell that is neither is null.

    >>> year_or_open(pl.Series(["1996-07-01", "2004", None, "soon"])).to_list()
    [1996, 2004, 9999, None]
    """
    cells = text(values)
    years = cells.str.extract(_YEAR).cast(pl.Int64, strict=False)
    return years.set(cells.is_null(), _OPEN)


_FIELDS = (
    Field("country", "area", country, "a country's ISO 3166-1 alpha-3 code", needed=True),
    Field("partner", "partner", country, "a country's ISO 3166-1 alpha-3 code", needed=True),
    Field(
        "benefit_branch",
        "branch",
        lambda values: text(values).str.to_lowercase(),
        "a branch, such as pension",
        needed=True,
    ),
    Field("in_force_from", "in_force", year_or_open, "a year or a date; empty: signed only", needed=True),
    Field("in_force_to", "ended", year_or_open, "a year or a date; empty: still in force", needed=True),
)


def read_agreements(sheet: RawSheet) -> Reading:
    """Read agreements; one with itself, one that ends before it begins and a repeated one are rejected."""
    table, found = read_fields(sheet, _FIELDS)
    pair = (
        pl.min_horizontal("area", "partner").alias("one"),
        pl.max_horizontal("area", "partner").alias("other"),
    )
    rules = (
        ("partner", "is the country itself", "another country", pl.col("area") == pl.col("partner")),
        (
            "in_force_to",
            "ends before it begins",
            "a year not before in_force_from",
            (pl.col("ended") < pl.col("in_force")),
        ),
        (
            "partner",
            "repeats an agreement",
            "one row per pair, branch and year",
            ~pl.struct(*pair, "branch", "in_force").is_first_distinct(),
        ),
    )
    listed = []
    for column, problem, accepted, broken in rules:
        name = "ended" if column == "in_force_to" else column
        bad = table.filter(broken)
        listed.append(
            list_problem(
                sheet, bad[ROW], column, bad[name], problem=problem, accepted=accepted, action="rejected"
            )
        )
        table = table.filter(~broken)
    last = table.filter(pl.col("in_force") != _OPEN)["in_force"].max()
    years = [pl.when(pl.col(name) != _OPEN).then(name).alias(name) for name in ("in_force", "ended")]
    return Reading(
        table.with_columns(years),
        f"to-{last or 'empty'!s}",
        sheet.frame.height,
        problems.combine(found, *listed),
    )


SOURCE = Source(
    name="social_security_agreements",
    title="Social security agreements between countries",
    publisher="the office that keeps the list",
    licence="as the office says",
    citation="as the office says",
    page="https://www.issa.int/",
    table="social_security_agreements",
    layouts=(
        Layout(
            "agreements",
            ("country", "partner", "benefit_branch", "in_force_from", "in_force_to"),
            read_agreements,
            original=False,
        ),
    ),
    downloads=(Download("social_security_agreements.csv", None),),
    by_hand="No public file of all agreements is known; write the agreements of the treaty registers into this layout.",
)
