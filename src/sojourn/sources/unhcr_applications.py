"""UNHCR, asylum applications: claims made in a year, by origin, country of asylum, procedure, type and level.

The typed table, kind `asylum_applications`:

    period, origin, asylum   see `unhcr`
    procedure                G government, U UNHCR, J joint
    type                     N new, R repeat, A appeal, V varied: new and appeal together …
    level                    FI first instance, AR administrative review …
    counted                  PERSONS or CASES, which are never added
    applied                  claims

One person may stand in several rows: a new claim, then an appeal.

Source: UNHCR, Refugee Data Finder (CC BY 4.0). From memory: what the codes of types and levels mean, and the
header "Authority" of the CSV download. From memory: what the codes of types and levels mean, and the
header "Authority" of the CSV download.
"""

from __future__ import annotations

from sojourn.sources.model import Download, Source
from sojourn.sources.unhcr import COUNTED, LICENCE, PAGE, PUBLISHER, Column, layouts

_COLUMNS = (
    Column("procedure", "procedure_type", "Authority", codes={}),
    Column("type", "app_type", "Application type", codes={}),
    Column("level", "dec_level", "Stage of procedure", codes={}),
    Column("counted", "app_pc", "Cases / Persons", codes=COUNTED),
    Column("applied", "applied", "applied"),
)

SOURCE = Source(
    name="unhcr_applications",
    title="Refugee Data Finder: asylum applications",
    publisher=PUBLISHER,
    licence=LICENCE,
    citation="UNHCR, Refugee Data Finder, asylum applications",
    page=PAGE,
    table="asylum_applications",
    parts=("period", "origin", "asylum", "procedure", "type", "level", "counted"),
    layouts=layouts(_COLUMNS),
    downloads=(
        Download(
            "unhcr_applications.zip",
            "https://api.unhcr.org/population/v1/asylum-applications/"
            "?yearFrom=2000&yearTo=2025&coo_all=true&coa_all=true&download=true",
        ),
    ),
)
