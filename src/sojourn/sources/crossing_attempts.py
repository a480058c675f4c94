"""Attempted crossings of a migration route in a year: the denominator that makes a risk of a number of deaths.

No body publishes attempts for all routes. Where an office, a coast guard or a research group has counted
them – arrivals plus interceptions plus deaths is usual – a small file brings them in, kind `crossing_attempts`:

    route     code of the route, made as in the incident files
    period    year
    value     people who attempted the crossing, whatever its outcome
    counted   what was counted, in words; it travels into the note of each rate

The header is `route,year,people_attempting_to_cross,what_is_counted`.
Source: whoever counted; the layout is this program's.
"""

from __future__ import annotations

import polars as pl

from sojourn.sources import incident_words, problems
from sojourn.sources.incident_standard import count, year
from sojourn.sources.model import Download, Layout, RawSheet, Reading, Source
from sojourn.sources.parsing import ROW, Field, list_problem, read_fields, text


def _attempts(values: pl.Series) -> pl.Series:
    """People, at least one: a risk cannot be taken of nobody."""
    numbers = count(values)
    return numbers.set(numbers < 1, None)


_FIELDS = (
    Field("route", "route", text, "the name of a route", needed=True),
    Field("year", "period", year, "a year", needed=True),
    Field("people_attempting_to_cross", "value", _attempts, "a whole number of 1 or more", needed=True),
    Field("what_is_counted", "counted", text, "words", needed=True),
)


def read_attempts(sheet: RawSheet) -> Reading:
    """Read attempts by route and year; a second figure for the same is rejected."""
    table, found = read_fields(sheet, _FIELDS)
    codes = [incident_words.route(name) for name in table["route"]]
    table = table.with_columns(pl.Series("route", codes, dtype=pl.String))
    again = ~pl.struct("route", "period").is_first_distinct()
    repeated = table.filter(again)
    listed = list_problem(
        sheet, repeated[ROW], "route", repeated["route"], problem="repeats a figure",
        accepted="one row per route and year", action="rejected",
    )  # fmt: skip
    kept = table.filter(~again)
    edition = f"to-{kept['period'].max() or 'empty'!s}"
    return Reading(kept, edition, sheet.frame.height, problems.combine(found, listed))


SOURCE = Source(
    name="crossing_attempts",
    title="Attempted crossings by route",
    publisher="the office that counted them",
    licence="as the office says",
    citation="as the office says",
    page="https://missingmigrants.iom.int/methodology",
    table="crossing_attempts",
    layouts=(
        Layout(
            "attempts by route",
            ("route", "year", "people_attempting_to_cross", "what_is_counted"),
            read_attempts,
            original=False,
        ),
    ),
    downloads=(Download("crossing_attempts.csv", None),),
    by_hand="No body publishes attempts for all routes; write your own counts into this layout.",
)
