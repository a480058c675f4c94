"""Health worker density (SDG 3.c.1), beside which the recruitment of health workers abroad is discussed.

    density = 10,000 x health workers of an occupation / population

by occupation (ISCO-08): doctors, nurses and midwives, dentists, pharmacists. The figures are as published; the few
that come with this package are the newest of five Nordic countries. In Finland (2019) and Sweden (2020)
all four occupations jump at once: more likely a break of the series than hirings. Each such figure names its jump.

The density says nothing about migration. The share of foreign-trained workers (foreign-trained over active stock,
WHO National Health Workforce Accounts 1-09, Eurostat hlth_rs_wkmg, OECD health workforce migration) and the
emigration rate of an origin (abroad over abroad and at home) have no figure here: no data, because none of these
tables is read by this program yet.

Limits: countries count practising, active or licensed workers; no error is published.

Source: UN Statistics Division, Global SDG Indicators Database (custodian WHO), series SH_MED_DEN.
"""

from __future__ import annotations

import polars as pl

from sojourn.indicators.model import Dimension, Indicator, Parameters, Series, Tables
from sojourn.indicators.published import published

CODE = "3.c.1"


def compute(tables: Tables, _: Parameters) -> list[pl.DataFrame]:
    """Give the published densities."""
    found = published(tables, CODE, ["SH_MED_DEN"])
    return [found] if found.height else []


INDICATOR = Indicator(
    code=CODE,
    name="Health worker density and distribution",
    series=(
        Series(
            code="SH_MED_DEN",
            name="Health worker density, by occupation",
            definition="Health workers of an occupation per 10,000 people.",
            unit="PER_10000_POP",
            area_role="its residents",
            better="higher",
            dimensions=(
                Dimension(
                    "OCCUPATION",
                    "occupation (ISCO-08)",
                    {
                        "ISCO08_221": "medical doctors",
                        "ISCO08_222_322": "nursing and midwifery personnel",
                        "ISCO08_2261": "dentists",
                        "ISCO08_2262": "pharmacists",
                    },
                    "not used",
                ),
            ),
            words=("health workers", "doctors", "nurses"),
            limits="Says nothing about migration; countries count practising, active or licensed workers.",
            supply=("WHO, National Health Workforce Accounts: no file of it is read yet",),
        ),
    ),
    needs=(("published_values",),),
    compute=compute,
    explanation=__doc__,
)
