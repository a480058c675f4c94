"""Portability of social security: the share of the world's migrants in four regimes.

    I    an agreement between origin and host is in force
    II   no agreement, but benefits can be taken abroad
    III  legal migrants without access to social security
    IV   undocumented migrants

Published estimates for the world, 2000 and 2013, rounded to a tenth, so that four shares may add up to 99.9 or
100.1. They are counts of people whom a regime could serve, not of people who draw a benefit. The table of 2000 is of
an older series than the estimate of 2013, and they must not be read as a trend: the revised series has 21.9 per
cent in regime I in 2000.

`sojourn.methods.portability` computes the shares from a matrix of stocks, a list of agreements and the rules of
hosts; no public file of agreements is known to this program. No error is known: the share of
undocumented migrants is itself a rough estimate.

Source: Holzmann and Koettl (2015), as in the IZA article s40174-016-0067-0, table 2; Holzmann and Wels (2018).
"""

from __future__ import annotations

import polars as pl

from sojourn.indicators.model import Dimension, Indicator, Parameters, Series, Tables
from sojourn.indicators.published import published

CODE = "SJ.portability"
SERIES = "SJ_PORTABILITY"
REGIMES = {
    "I": "agreement between origin and host",
    "II": "exportable without agreement",
    "III": "legal migrants without access",
    "IV": "undocumented migrants",
}


def compute(tables: Tables, _: Parameters) -> list[pl.DataFrame]:
    """Give the published shares."""
    found = published(tables, CODE, [SERIES])
    return [found] if found.height else []


INDICATOR = Indicator(
    code=CODE,
    name="Portability of social security",
    series=(
        Series(
            code=SERIES,
            name="Migrants by regime of social security portability",
            definition="Share of all migrants whose corridor and status fall into one of four regimes, in per cent.",
            unit="PT",
            area_role="hosts",
            dimensions=(Dimension("REGIME", "regime", REGIMES, "not used"),),
            words=("portability", "social security portability", "portability of social security"),
            supplier="social security institution of the country, with its list of agreements",
            limits="Estimates of 2000 and 2013 are of different series; a regime is a right, not a benefit paid.",
        ),
    ),
    needs=(("published_values",),),
    compute=compute,
    explanation=__doc__,
)
