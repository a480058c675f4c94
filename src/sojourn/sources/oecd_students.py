"""OECD: international students in tertiary education by country of study and country of origin.

The typed table is of kind `mobile_students`, measure PAIR_AND_LEVELS. The file in circulation is a tidied copy
with one row per pair and year, and its figures are not students: it adds the total of all levels (ISCED 5 to 8)
and the levels. Of 10,077 pairs of 2013 to 2019 that UIS has too, 89 in 100 are twice the figure of UIS, give or
take 2; where levels are not reported it is once. So nothing can be halved in general, and the figures are kept
apart. Zeros stand for figures that were not reported, too (Slovenia, Costa Rica): they are read as not known.

Source: OECD, Education database: enrolment of international students by origin (CC BY 4.0 since July 2024).
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from sojourn.sources.mobile_students import count, students_reading
from sojourn.sources.model import Download, Layout, RawSheet, Reading, Source
from sojourn.sources.parsing import Field, area, read_fields
from sojourn.sources.wdi import year

# The copy reverses one name and holds one that was read in the wrong encoding, twice.
_SPELLINGS = {
    "Congo (Democratic Republic of the)": "Democratic Republic of the Congo",
    "Cura\u00c3\u0083\u00c2\u00a7ao": "Curaçao",
}
_STUDY, _ORIGIN = "COUNTRY_OF_SCHOOL", "COUNTRY_OF_ORIGIN"


def read_by_origin(sheet: RawSheet) -> Reading:
    """Read students by country of study, origin and year."""
    spelled = replace(sheet, frame=sheet.frame.with_columns(pl.col(_STUDY, _ORIGIN).replace(_SPELLINGS)))
    fields = (
        Field(_STUDY, "area", area("name"), "the name of a country", needed=True),
        Field(_ORIGIN, "counterpart", area("name"), "the name of a country", needed=True),
        Field("YEAR", "period", year, "a year", needed=True),
        Field("TOTAL_INTL_STUDENTS", "value", count, "a number of students"),
    )
    table, found = read_fields(spelled, fields)
    zeros = int((table["value"] == 0).sum())
    table = table.with_columns(
        pl.lit("PAIR_AND_LEVELS").alias("measure"), pl.when(pl.col("value") > 0).then(pl.col("value"))
    )
    notes = (
        "the copy adds the total and its levels, so that most students count twice",
        f"{zeros} zeros are read as not known: the copy has them for figures not reported, too",
    )
    return students_reading(sheet, table, found, notes=notes)


SOURCE = Source(
    name="oecd_students",
    title="International students by origin",
    publisher="OECD",
    licence="CC BY 4.0",
    citation="OECD, Education database, enrolment of international students by origin",
    page="https://data-explorer.oecd.org",
    table="mobile_students",
    layouts=(
        Layout("by origin", (_STUDY, _ORIGIN, "YEAR", "TOTAL_INTL_STUDENTS"), read_by_origin, original=False),
    ),
    downloads=(Download("oecd_students.csv", None),),
    by_hand="The OECD's data explorer builds each download on its page.",
)
