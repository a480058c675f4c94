"""UNHCR, asylum decisions: what was decided on claims, by origin, country of asylum, procedure and level.

The typed table, kind `asylum_decisions`:

    period, origin, asylum   see `unhcr`
    procedure                G government, U UNHCR, J joint
    level                    FI first instance, AR administrative review, JR judicial review …
    counted                  PERSONS or CASES, which are never added
    recognised               refugee status granted
    complementary            other protection granted
    rejected, closed         on substance; otherwise, without a decision on substance
    total                    as printed; a row whose parts do not add up to it is listed and kept

Source: UNHCR, Refugee Data Finder (CC BY 4.0). The headers of the CSV download were read in programs that use
it, except "Authority" and "Otherwise closed", which are from memory.
"""

from __future__ import annotations

import polars as pl

from sojourn.sources.model import Download, RawSheet, Source
from sojourn.sources.parsing import ROW, list_problem
from sojourn.sources.unhcr import COUNTED, LICENCE, PAGE, PUBLISHER, Column, layouts

PARTS = ("recognised", "complementary", "rejected", "closed")

_COLUMNS = (
    Column("procedure", "procedure_type", "Authority", codes={}),
    Column("level", "dec_level", "Stage of procedure", codes={}),
    Column("counted", "dec_pc", "Cases / Persons", codes=COUNTED),
    Column("recognised", "dec_recognized", "Recognized decisions"),
    Column("complementary", "dec_other", "Complementary protection"),
    Column("rejected", "dec_rejected", "Rejected decisions"),
    Column("closed", "dec_closed", "Otherwise closed", optional=True),
    Column("total", "dec_total", "Total decisions", optional=True),
)


def unequal_totals(sheet: RawSheet, table: pl.DataFrame) -> pl.DataFrame:
    """List the rows whose parts do not add up to the printed total."""
    unequal = table.filter(pl.sum_horizontal(*PARTS, ignore_nulls=False) != pl.col("total"))
    return list_problem(
        sheet,
        unequal[ROW],
        "dec_total",
        unequal["total"],
        problem="the parts do not add up to the total",
        accepted="recognised + complementary + rejected + closed",
        action="kept",
    )


SOURCE = Source(
    name="unhcr_decisions",
    title="Refugee Data Finder: asylum decisions",
    publisher=PUBLISHER,
    licence=LICENCE,
    citation="UNHCR, Refugee Data Finder, asylum decisions",
    page=PAGE,
    table="asylum_decisions",
    parts=("period", "origin", "asylum", "procedure", "level", "counted"),
    layouts=layouts(_COLUMNS, check=unequal_totals),
    downloads=(
        Download(
            "unhcr_decisions.zip",
            "https://api.unhcr.org/population/v1/asylum-decisions/"
            "?yearFrom=2000&yearTo=2025&coo_all=true&coa_all=true&download=true",
        ),
    ),
)
