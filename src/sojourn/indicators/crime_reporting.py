"""Victims of violence who reported it to the police: access to justice (SDG 16.3.1).

    16.3.1 = 100 x victims in the last year who reported to the police or another competent authority /
             all victims in that year

for physical assault (VC_PRR_PHYV), robbery (VC_PRR_ROBB) and sexual assault (VC_PRR_SEXV), by sex, as published.

This is the best official number on access to justice that exists, and it tells nothing of migrants: no figure by
migratory status is published, and surveys of victims are taken of residents, in the languages of the country. Who
fears to be reported to the authorities does not report a crime either. Migration policies (10.7.2) hold an item on
access to justice: what the law gives, not what happens.

Few countries, in few years; questions differ between surveys, and the three crimes must not be added. No error is
known: none is published with these sample figures.

Source: UNODC through the UNSD Global SDG Indicators Database.
"""

from __future__ import annotations

import polars as pl

from sojourn.indicators.model import Indicator, Parameters, Series, Tables
from sojourn.indicators.published import published

CODE = "16.3.1"

_CRIMES = {
    # series: crime, in words
    "VC_PRR_PHYV": "physical assault",
    "VC_PRR_ROBB": "robbery",
    "VC_PRR_SEXV": "sexual assault",
}


def compute(tables: Tables, _: Parameters) -> list[pl.DataFrame]:
    """Give the published shares."""
    found = published(tables, CODE, _CRIMES)
    return [found] if found.height else []


INDICATOR = Indicator(
    code=CODE,
    name="Victims of violence who reported it",
    series=tuple(
        Series(
            code=code,
            name=f"Victims of {crime} who reported it",
            definition=f"Victims of {crime} in the last year who reported it to the police, in per cent of victims.",
            unit="PT",
            area_role="its residents",
            better="higher",
            words=("access to justice", f"reporting of {crime}"),
            limits="All residents: no figure by migratory status exists. Questions differ between surveys.",
        )
        for code, crime in _CRIMES.items()
    ),
    needs=(("published_values",),),
    compute=compute,
    explanation=__doc__,
)
