"""UNHCR, solutions: refugees and internally displaced people who returned, were resettled or naturalised in a year.

The typed table, kind `refugee_solutions`:

    period, origin, asylum   see `unhcr`
    returned_refugees        who went back to `origin` from `asylum`
    resettlement             refugees from `origin` who arrived for resettlement in `asylum`
    naturalisation           refugees from `origin` who became citizens of `asylum`
    returned_idps            internally displaced people who went home (origin = asylum)

Source: UNHCR, Refugee Data Finder (CC BY 4.0). The header "Naturalisation" of the CSV download is from memory.
"""

from __future__ import annotations

from sojourn.sources.model import Download, Source
from sojourn.sources.unhcr import LICENCE, PAGE, PUBLISHER, Column, layouts

_COLUMNS = (
    Column("returned_refugees", "returned_refugees", "Returned refugees"),
    Column("resettlement", "resettlement", "Resettlement arrivals"),
    Column("naturalisation", "naturalisation", "Naturalisation"),
    Column("returned_idps", "returned_idps", "Returned IDPss", optional=True),
)

SOURCE = Source(
    name="unhcr_solutions",
    title="Refugee Data Finder: solutions",
    publisher=PUBLISHER,
    licence=LICENCE,
    citation="UNHCR, Refugee Data Finder, solutions",
    page=PAGE,
    table="refugee_solutions",
    parts=("period", "origin", "asylum"),
    layouts=layouts(_COLUMNS),
    downloads=(
        Download(
            "unhcr_solutions.zip",
            "https://api.unhcr.org/population/v1/solutions/"
            "?yearFrom=1959&yearTo=2025&coo_all=true&coa_all=true&download=true",
        ),
    ),
)
