"""UNHCR, population figures: refugees, asylum-seekers, the internally displaced and others, at the end of a year.

The typed table, kind `displaced_population`:

    period, origin, asylum      see `unhcr`
    refugees                    under UNHCR's mandate, with people in refugee-like situations
    asylum_seekers              whose claims are pending
    oip                         other people in need of international protection, since 2018; null before
    idps                        internally displaced by conflict, protected or assisted by UNHCR (origin = asylum)
    returned_refugees, returned_idps, stateless, others_of_concern, host_community

Known breaks are listed and kept: refugees "from" the country that hosts them, and a country whose
refugees fall by more than 95 per cent within a year (China after 2021, Russia in 2024 …).

Source: UNHCR, Refugee Data Finder (CC BY 4.0).
"""

from __future__ import annotations

import polars as pl

from sojourn.sources import problems
from sojourn.sources.model import Download, RawSheet, Source
from sojourn.sources.parsing import ROW, list_problem
from sojourn.sources.unhcr import LICENCE, PAGE, PUBLISHER, Column, layouts

LARGE = 50_000
FALL = 0.05
"""A stock of at least `LARGE` refugees that falls below the share `FALL` of itself in a year is listed."""

_COLUMNS = (
    Column("refugees", "refugees", "Refugees under UNHCR's mandate"),
    Column("asylum_seekers", "asylum_seekers", "Asylum-seekers"),
    Column("idps", "idps", "IDPs of concern to UNHCR"),
    Column("returned_refugees", "returned_refugees", "Returned refugees", optional=True),
    Column("returned_idps", "returned_idps", "Returned IDPss", optional=True),
    Column("stateless", "stateless", "Stateless persons", optional=True),
    Column("others_of_concern", "ooc", "Others of concern", optional=True),
    Column("oip", "oip", "Other people in need of international protection", recent=True),
    Column("host_community", "hst", "Host Community", recent=True),
)


def odd_rows(sheet: RawSheet, table: pl.DataFrame) -> pl.DataFrame:
    """List rows of refugees in their own country, and the years in which a large stock all but vanishes."""
    own = table.filter(
        pl.col("origin") == pl.col("asylum"),
        ~pl.col("origin").is_in(["UNK", "XXA"]),
        pl.sum_horizontal("refugees", "oip", "asylum_seekers") > 0,
    )
    by_asylum = (
        table.filter(pl.col("asylum") != "UNK")
        .group_by("asylum", "period")
        .agg(pl.col("refugees").sum(), pl.col(ROW).first())
        .sort("asylum", "period")
    )
    before = pl.col("refugees").shift(1).over("asylum")
    follows = pl.col("period").cast(pl.Int32) - pl.col("period").cast(pl.Int32).shift(1).over("asylum") == 1
    fallen = by_asylum.with_columns(before.alias("before")).filter(
        follows & (pl.col("before") >= LARGE) & (pl.col("refugees") < FALL * pl.col("before"))
    )
    return problems.combine(
        list_problem(
            sheet,
            own[ROW],
            "origin, asylum",
            own["origin"],
            problem="origin and country of asylum are the same",
            accepted="another country; people displaced within theirs are idps",
            action="kept",
        ),
        list_problem(
            sheet,
            fallen[ROW],
            "refugees",
            fallen.select(
                pl.format("{} {}: {} after {}", "asylum", "period", "refugees", "before")
            ).to_series(),
            problem="the refugees of a country of asylum all but vanish within a year",
            accepted=f"a fall by less than {1 - FALL:.0%}, or a reason in UNHCR's footnotes",
            action="kept",
        ),
    )


SOURCE = Source(
    name="unhcr_population",
    title="Refugee Data Finder: population figures",
    publisher=PUBLISHER,
    licence=LICENCE,
    citation="UNHCR, Refugee Data Finder, population figures",
    page=PAGE,
    table="displaced_population",
    parts=("period", "origin", "asylum"),
    layouts=layouts(_COLUMNS, check=odd_rows),
    downloads=(
        Download(
            "unhcr_population.zip",
            "https://api.unhcr.org/population/v1/population/"
            "?yearFrom=1951&yearTo=2025&coo_all=true&coa_all=true&download=true",
            size=1_100_000,
        ),
    ),
)
