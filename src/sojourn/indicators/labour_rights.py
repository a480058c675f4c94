"""Level of national compliance with labour rights: SDG 8.8.2.

Freedom of association and collective bargaining, scored by the ILO from its own textual sources and national
laws: 0 is best, 10 worst. Given as published. The score is

    10 min(x, 95) / 95,     x = sum of the weights of the violated of 180 criteria,

and 10 where the law prohibits these rights altogether (`sojourn.methods.labour_rights`); the coding behind x is
not public here, so no published score is computed again.

Two vintages disagree: the database of October 2020 has 3.4 for the world in 2015, that of 2022 has 4.55. The
files say no reason; they stand side by side and the difference is open.

Limits: about all workers – the target names migrant workers, and the title a breakdown by migratory status, but
none exists. What sources write is counted, so a country that is looked at more shows more. No error is
published.

Source: ILO through the UNSD Global SDG Indicators Database (SL_LBR_NTLCPL).
"""

from __future__ import annotations

import polars as pl

from sojourn.indicators.model import Indicator, Parameters, Series, Tables
from sojourn.indicators.published import published

CODE = "8.8.2"
SERIES = "SL_LBR_NTLCPL"


def compute(tables: Tables, _: Parameters) -> list[pl.DataFrame]:
    """Give the published scores."""
    found = published(tables, CODE, [SERIES])
    return [found] if found.height else []


INDICATOR = Indicator(
    code=CODE,
    name="Level of national compliance with labour rights",
    series=(
        Series(
            code=SERIES,
            name="Level of national compliance with labour rights",
            definition="Freedom of association and collective bargaining in law and practice, 0 best to 10 worst.",
            unit="SCORE",
            area_role="whose law and practice",
            better="lower",
            words=("labour rights", "compliance with labour rights", "freedom of association"),
            limits="All workers: no figure by migratory status exists. Scores differ between vintages.",
        ),
    ),
    needs=(("published_values",),),
    compute=compute,
    explanation=__doc__,
)
