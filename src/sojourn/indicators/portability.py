"""Portability of social security: the share of the world's migrants in four regimes.

    I    an agreement between origin and host is in force
    II   no agreement, but benefits can be taken abroad
    III  legal migrants without access to social security
    IV   undocumented migrants

Published estimates for the world, 2000 and 2013, rounded to a tenth, so that four shares may add up to 99.9 or
100.1. They are counts of people whom a regime could serve, not of people who draw a benefit. The table of 2000 is of
an older series than the estimate of 2013, and they must not be read as a trend: the revised series has 21.9 per
cent in regime I in 2000.

Any year is computed, by host and for the world, from three files: the stock of migrants by origin and destination
(`migrant_stock`), the agreements in force (`social_security_agreements`, header
`country,partner,benefit_branch,in_force_from,in_force_to`) and the rules of hosts (`social_security_hosts`, header
`host,access_without_agreement,undocumented_share`). Of the stock m of a corridor a share u is undocumented:

    I = sum (1 - u) m a,   II = sum (1 - u) m (1 - a) e,   III = sum (1 - u) m (1 - a)(1 - e),   IV = sum u m

with a = 1 where an agreement for the branch is in force, e = 1 where the host's own law gives access. With agreements
alone only the share of migrants in corridors with an agreement is given (SJ_PORTABILITY_AGREEMENT). Without a file
of agreements there is no computed number: no public one is known to this program, and `sojourn list sources` shows
the layouts. A year between two stocks takes the earlier stock (portability.years); rules of hosts hold for every
year. Migrants of unknown origin are left out; a pair that the file does not list counts as without agreement, so
that an incomplete file gives too little of regime I. No error is known: the share of undocumented migrants is itself a
rough estimate.

Source: Holzmann and Koettl (2015), as in the IZA article s40174-016-0067-0, table 2; Holzmann and Wels (2018).
"""

from __future__ import annotations

import polars as pl
from pydantic import Field

from sojourn.indicators.model import Dimension, Indicator, Parameters, Series, Tables
from sojourn.indicators.portability_regimes import METHOD, regimes
from sojourn.indicators.published import AS_PUBLISHED, published

CODE = "SJ.portability"
SERIES, AGREEMENT = "SJ_PORTABILITY", "SJ_PORTABILITY_AGREEMENT"
REGIMES = {
    "I": "agreement between origin and host",
    "II": "exportable without agreement",
    "III": "legal migrants without access",
    "IV": "undocumented migrants",
}


SUPPLY = (
    "social_security_agreements: a list of agreements in force, by pair of countries",
    "desa_migrant_stock: stock by origin and destination",
)
HOSTS = "social_security_hosts: access without an agreement and share of undocumented, by host"


class PortabilityParameters(Parameters):
    """For which years and which branch of benefits."""

    section = "portability"

    years: tuple[int, ...] = ()
    """Years to compute; empty: those of the migrant stock."""

    branch: str = Field(default="pension", min_length=1)
    """Branch of benefits that an agreement must cover."""


def compute(tables: Tables, parameters: PortabilityParameters) -> list[pl.DataFrame]:
    """Give the published shares, and those computed from a file of agreements."""
    frames = [published(tables, CODE, [SERIES])]
    found = regimes(tables, parameters.years, parameters.branch)
    if found.height:
        any_agreement = pl.col("regime") == ""
        frames.append(
            found.select(
                pl.lit(CODE).alias("indicator"),
                pl.when(any_agreement).then(pl.lit(AGREEMENT)).otherwise(pl.lit(SERIES)).alias("series"),
                "area",
                "period",
                pl.when(any_agreement)
                .then(pl.lit(""))
                .otherwise("REGIME=" + pl.col("regime"))
                .alias("breakdown"),
                "value",
                pl.lit("PT").alias("unit"),
                pl.lit("E").alias("status"),
                "source",
                "method",
                "note",
            )
        )
    return [frame for frame in frames if frame.height]


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
            headline=tuple(name.partition("/")[0] for name in (AS_PUBLISHED, METHOD)),
            supply=(*SUPPLY, HOSTS),
        ),
        Series(
            code=AGREEMENT,
            name="Migrants whose corridor has a social security agreement",
            definition="Share of migrants, documented or not, who come from a country with which the host has an "
            "agreement in force for the branch of benefits, in per cent.",
            unit="PT",
            area_role="hosts",
            words=("social security agreement",),
            limits="An agreement is a right; it does not serve undocumented migrants, who are counted all the same.",
            supply=SUPPLY,
        ),
    ),
    needs=(("published_values", "social_security_agreements"),),
    uses=("social_security_agreements", "social_security_hosts", "migrant_stock"),
    parameters=PortabilityParameters,
    compute=compute,
    explanation=__doc__,
)
