"""Official aid for scholarships, by country of the students (SDG 4.b.1).

    4.b.1 = gross disbursements of official development assistance for scholarships and for the cost of
            students in donor countries, by recipient country

Given as published (DC_TOF_SCHIPSL), in millions of United States dollars at the prices of one year: the database of
October 2020 has those of 2018. Another edition has another year's prices, so editions must not be mixed in a series.

It is money, not mobility: most internationally mobile students hold no such scholarship, and where the money is
spent on students at home it moves nobody. Students themselves are counted in SJ_STUDENTS_INBOUND and
SJ_STUDENTS_OUTBOUND. Target 4.b asked for a substantial expansion by 2020 and named no value, so progress cannot be
measured against one. Donors report; no error is known: none is published.

Source: OECD through the UNSD Global SDG Indicators Database.
"""

from __future__ import annotations

import polars as pl

from sojourn.indicators.model import Indicator, Parameters, Series, Tables
from sojourn.indicators.published import published

CODE, SERIES = "4.b.1", "DC_TOF_SCHIPSL"


def compute(tables: Tables, _: Parameters) -> list[pl.DataFrame]:
    """Give the published amounts."""
    found = published(tables, CODE, [SERIES])
    return [found] if found.height else []


INDICATOR = Indicator(
    code=CODE,
    name="Official aid for scholarships",
    series=(
        Series(
            code=SERIES,
            name="Official aid for scholarships, by recipient country",
            definition="Official flows for scholarships and students in donor countries, in million constant US$.",
            unit="CON_USD_M",
            area_role="receives: country of the students",
            better="higher",
            words=("scholarships", "aid for scholarships"),
            limits="Money and not mobility; prices of one year, which differs between editions.",
        ),
    ),
    needs=(("published_values",),),
    compute=compute,
    explanation=__doc__,
)
