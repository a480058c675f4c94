"""What host countries give migrants without an agreement: access to social security, and how many are undocumented.

Two judgements per host that no public file holds for all; an office or a research group writes them down. The
typed table, kind `social_security_hosts`:

    area          the host, ISO 3166-1 alpha-3
    access        whether its own law gives legal migrants benefits that they can take abroad
    undocumented  share of its migrants who are undocumented, 0 to 1; null: not known
    row           row number in the file

The header is `host,access_without_agreement,undocumented_share`; access is yes or no, and may be empty.
Source: whoever judged it; the layout is this program's.
"""

from __future__ import annotations

import polars as pl

from sojourn.sources import problems
from sojourn.sources.model import Download, Layout, RawSheet, Reading, Source
from sojourn.sources.parsing import ROW, Field, list_problem, lookup, number, read_fields
from sojourn.sources.social_security_agreements import country


def _access(values: pl.Series) -> pl.Series:
    said = lookup({"yes": "yes", "no": "no"})(values)
    return (said == "yes").set(said.is_null(), None)


def _share(values: pl.Series) -> pl.Series:
    numbers = number(values)
    return numbers.set(~numbers.is_between(0, 1), None)


_FIELDS = (
    Field("host", "area", country, "a country's ISO 3166-1 alpha-3 code", needed=True),
    Field("access_without_agreement", "access", _access, "yes or no"),
    Field("undocumented_share", "undocumented", _share, "a share from 0 to 1"),
)


def read_hosts(sheet: RawSheet) -> Reading:
    """Read the rules of hosts; a second row for a host is rejected."""
    table, found = read_fields(sheet, _FIELDS)
    again = ~pl.col("area").is_first_distinct()
    repeated = table.filter(again)
    listed = list_problem(
        sheet, repeated[ROW], "host", repeated["area"], problem="repeats a host",
        accepted="one row per host", action="rejected",
    )  # fmt: skip
    kept = table.filter(~again)
    return Reading(kept, f"{kept.height}-hosts", sheet.frame.height, problems.combine(found, listed))


SOURCE = Source(
    name="social_security_hosts",
    title="Access of migrants to social security, by host",
    publisher="the office that judged it",
    licence="as the office says",
    citation="as the office says",
    page="https://www.issa.int/",
    table="social_security_hosts",
    layouts=(
        Layout(
            "hosts",
            ("host", "access_without_agreement", "undocumented_share"),
            read_hosts,
            original=False,
        ),
    ),
    downloads=(Download("social_security_hosts.csv", None),),
    by_hand="No public file holds this for all hosts; write your own judgement into this layout.",
)
