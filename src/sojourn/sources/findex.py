"""World Bank, Global Findex: accounts and domestic remittances of adults, by sex, age and place of living.

The typed table, kind `financial_inclusion`:

    code      publisher's variable: account_t_d, fh2, fin29 …
    area      ISO 3166-1 alpha-3, 001 for the world, WB_… for the Bank's own groups
    period    year of the survey (some countries of the 2021 wave were asked in 2022)
    group     all, women, men, young (15 to 24), older (25 and over), rural, urban
    value     per cent of the adults (15 and over) of the group; the file itself holds shares of 1
    row       row number in the file

Layout: the country-level file of the 2025 edition, one row per country, year and group (codewb, year, group,
group2, one column per variable). It is known here from programs that read it, not from the file: the headers
and group names are theirs. Groups by income, education and labour force are counted and left.

Source: World Bank, Global Findex Database 2025 (CC BY 4.0); Demirgüç-Kunt et al.
"""

from __future__ import annotations

import polars as pl

from sojourn.sources import problems
from sojourn.sources.model import Download, Layout, RawSheet, Reading, Source
from sojourn.sources.parsing import (
    ROW,
    Field,
    area,
    list_problem,
    lookup,
    number,
    read_fields,
    text,
    without_other_areas,
)
from sojourn.sources.wdi import year

VARIABLES = ("account_t_d", "fh2", "fin29")
"""Account; received domestic remittances; received domestic remittances into an account."""

GROUPS = {
    "all": "all",
    "women": "women",
    "men": "men",
    "ages 15-24": "young",
    "age 25+": "older",
    "rural": "rural",
    "urban": "urban",
}

_LEFT = ("income", "education", "laborforce")
_GROUP = lookup(GROUPS)


def share(values: pl.Series) -> pl.Series:
    """Read a share of 1 as per cent; a share below 0 or above 1 cannot be one."""
    numbers = number(values)
    return 100 * numbers.set(~numbers.is_between(0, 1), None)


def read_country_file(sheet: RawSheet) -> Reading:
    """Read the country-level file."""
    sheet, others, notes = without_other_areas(sheet, "codewb", "worldbank")
    left = text(sheet.frame["group"]).str.to_lowercase().is_in(_LEFT).fill_null(False)
    if left.any():
        sheet = sheet.filter(~left)
        notes += (f"{left.sum()} rows of groups by income, education or labour force not used",)
    fields = (
        Field("codewb", "area", area("worldbank"), "a World Bank country or group code", needed=True),
        Field("year", "period", year, "a year", needed=True),
        Field("group2", "group", _GROUP, ", ".join(GROUPS), needed=True),
        *(Field(name, name, share, "a share between 0 and 1", optional=True) for name in VARIABLES),
    )
    wide, found = read_fields(sheet, fields)
    key = ["area", "period", "group"]
    again = ~pl.struct(key).is_first_distinct()
    repeated = wide.filter(again)
    listed = list_problem(
        sheet, repeated[ROW], "group2", repeated["group"], problem="repeats a country, year and group",
        accepted="one row", action="rejected",
    )  # fmt: skip
    kept = wide.filter(~again)
    table = kept.unpivot(on=VARIABLES, index=[*key, ROW], variable_name="code").drop_nulls("value")
    empty = kept.height - table[ROW].n_unique()
    last = str(table["period"].max() or "empty")
    set_aside = others + int(left.sum())
    return Reading(
        table=table.select("code", *key, "value", ROW),
        edition=f"to-{last}",
        rows=sheet.frame.height + set_aside,
        problems=problems.combine(found, listed),
        notes=notes,
        empty_rows=set_aside + empty,
    )


SOURCE = Source(
    name="findex",
    title="Global Findex Database",
    publisher="World Bank",
    licence="CC BY 4.0",
    citation="World Bank, Global Findex Database 2025",
    page="https://www.worldbank.org/en/publication/globalfindex/download-data",
    table="financial_inclusion",
    layouts=(
        Layout("country level", ("codewb", "year", "group", "group2", "account_t_d"), read_country_file),
    ),
    downloads=(
        Download(
            "GlobalFindexDatabase2025.csv",
            "https://thedocs.worldbank.org/en/doc/be6615202d1f08a25855c8ac2d615122-0050012025/related/"
            "GlobalFindexDatabase2025.csv",
            size=17_643_094,
        ),
    ),
)
