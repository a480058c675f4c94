"""International migrant stock, as the World Bank prints it.

The World Bank takes the stocks of the United Nations into its own tables and adds them up for its own groups.
The figures stand here under the Bank's code, so that `sojourn compare` can lay them beside the United Nations'
own: its copy of July 2026 equals the revision of 2024 in 214 of 214 countries in each of the eight years. The
Bank's world is 303,397,238 for 2024, that of the United Nations 304,021,813.

Source: World Bank, World Development Indicators, SM.POP.TOTL.
"""

from __future__ import annotations

import polars as pl

from sojourn.indicators.model import Indicator, Parameters, Series, Tables
from sojourn.indicators.published import published_indicators

CODE = "SJ.migrant_stock_world_bank"


def compute(tables: Tables, _: Parameters) -> list[pl.DataFrame]:
    """Give the World Bank's figures as published."""
    found = published_indicators(tables, CODE, {"SM.POP.TOTL": ("SM_POP_TOTL", "")}, "PS")
    return [found.with_columns(pl.lit("no error is published").alias("note"))] if found.height else []


INDICATOR = Indicator(
    code=CODE,
    name="International migrant stock, as the World Bank prints it",
    series=(
        Series(
            code="SM_POP_TOTL",
            name="International migrant stock in the World Bank's tables",
            definition="People born in, or citizens of, another country, as the World Bank prints them.",
            unit="PS",
            area_role="hosts",
            tolerance=0.5,
            words=("migrant stock world bank",),
            limits="A copy of the United Nations' figures; the groups are the Bank's own sums.",
        ),
    ),
    needs=(("development_indicators",),),
    compute=compute,
    explanation=__doc__,
)
