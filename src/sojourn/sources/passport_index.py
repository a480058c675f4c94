"""Passport Index: what the citizens of one country need to enter another, as a short visit.

The typed table, kind `visa_matrix`:

    passport, destination   ISO 3166-1 alpha-3; XKX for Kosovo
    period                  year of the snapshot
    requirement             VISA_FREE, ON_ARRIVAL, ETA (electronic travel authority), E_VISA, VISA_REQUIRED,
                            NO_ADMISSION
    days                    how long a stay without a visa may be, null where the file does not say

A cell of the file is one of: a number of days, `visa free` (both VISA_FREE), `visa on arrival`, `eta`,
`e-visa`, `visa required`, `no admission`, or -1, which stands for a country's own citizens and is no row here.

The file does not say of when it is. The snapshot of the repository's last state is known by its bytes; of any
other the name must say it, such as passport-index-tidy-iso3-2024-03.csv.

Source: Passport Index dataset (ilyankou/passport-index-dataset, MIT), taken from passportindex.org.
"""

from __future__ import annotations

import re

import polars as pl

from sojourn.errors import LayoutError, Place
from sojourn.sources import problems
from sojourn.sources.model import Download, Layout, RawSheet, Reading, Source
from sojourn.sources.parsing import ROW, Field, area, list_problem, read_fields, text

COLUMNS = ("passport", "destination", "period", "requirement", "days", ROW)
REQUIREMENTS = {
    "visa free": "VISA_FREE",
    "visa on arrival": "ON_ARRIVAL",
    "eta": "ETA",
    "e-visa": "E_VISA",
    "visa required": "VISA_REQUIRED",
    "no admission": "NO_ADMISSION",
}
"""Words of the file and our codes; a number of days is VISA_FREE."""
OWN = "-1"
"""What stands where passport and destination are the same."""

_SNAPSHOT = "8fda21d4075ea39cee1d76a50104fa4b0870cccdbc6fbdfbe98986e18d798b33"
_ACCEPTED = f"days, {', '.join(REQUIREMENTS)}, or {OWN} for the own country"
_AREA_ACCEPTED = "an ISO 3166-1 alpha-3 code"


def read(sheet: RawSheet) -> Reading:
    """Read the tidy file: one row per passport and destination."""
    edition = _edition(sheet)
    fields = (
        Field("Passport", "passport", area("alpha3"), _AREA_ACCEPTED, needed=True),
        Field("Destination", "destination", area("alpha3"), _AREA_ACCEPTED, needed=True),
        Field("Requirement", "cell", _requirement, _ACCEPTED, needed=True),
    )
    table, found = read_fields(sheet, fields)
    at_home = pl.col("passport") == pl.col("destination")
    own = table.filter(at_home, cell=OWN)
    crossed = table.filter(at_home != (pl.col("cell") == OWN))
    listed = list_problem(
        sheet,
        crossed[ROW],
        "Requirement",
        crossed["cell"],
        problem="does not fit passport and destination",
        accepted=f"{OWN} for the own country and only there",
        action="rejected",
    )
    kept = table.filter(~at_home, pl.col("cell") != OWN)
    repeated = kept.filter(~pl.struct("passport", "destination").is_first_distinct())
    again = list_problem(
        sheet,
        repeated[ROW],
        "Passport",
        repeated["passport"],
        problem="repeats a passport and destination",
        accepted="one row",
        action="rejected",
    )
    kept = kept.filter(pl.struct("passport", "destination").is_first_distinct())
    days = pl.col("cell").cast(pl.Int64, strict=False)
    return Reading(
        table=kept.with_columns(
            pl.lit(edition[:4]).alias("period"),
            days.alias("days"),
            pl.when(days.is_not_null())
            .then(pl.lit("VISA_FREE"))
            .otherwise(pl.col("cell").replace_strict(REQUIREMENTS, default=None, return_dtype=pl.String))
            .alias("requirement"),
        ).select(COLUMNS),
        edition=edition,
        rows=sheet.frame.height,
        problems=problems.combine(found, listed, again),
        notes=(f"{own.height} rows of a country with itself left out",) if own.height else (),
        empty_rows=own.height,
    )


def _requirement(values: pl.Series) -> pl.Series:
    """Keep the words and numbers that the file may hold; a stay has at least one day."""
    cells = text(values).str.to_lowercase()
    is_known = cells.is_in([*REQUIREMENTS, OWN]) | cells.str.contains(r"^[1-9]\d{0,2}$")
    return cells.set(~is_known, None)


def _edition(sheet: RawSheet) -> str:
    """Give the date of the snapshot, from its bytes or its name."""
    if sheet.file.sha256 == _SNAPSHOT:
        return "2025-01-12"
    name = sheet.file.name.rsplit("/", 1)[-1]
    if match := re.search(r"(?<!\d)(20\d\d(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?)(?!\d)", name):
        return match.group(1)
    raise LayoutError(
        "The table does not say of when it is, and neither does its name",
        where=Place(sheet.file.name),
        accepted="a file named by its date, such as passport-index-tidy-iso3-2024-03.csv",
        advice="Put the date of the snapshot into the file's name.",
    )


_COMMIT = "a46dbc872002e01f6465a69071a7ed5b6dc8fc7b"

SOURCE = Source(
    name="passport_index",
    title="Passport Index dataset",
    publisher="Ilya Ankou, from passportindex.org",
    licence="MIT",
    citation="Passport Index dataset (ilyankou/passport-index-dataset), January 2025",
    page="https://github.com/ilyankou/passport-index-dataset",
    table="visa_matrix",
    parts=("period",),
    layouts=(Layout("tidy", ("Passport", "Destination", "Requirement"), read),),
    downloads=(
        Download(
            "passport-index-tidy-iso3.csv",
            f"https://raw.githubusercontent.com/ilyankou/passport-index-dataset/{_COMMIT}/passport-index-tidy-iso3.csv",
            size=698_647,
            sha256=_SNAPSHOT,
        ),
    ),
)
