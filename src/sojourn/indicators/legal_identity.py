"""Legal identity: young children whose birth was registered (SDG 16.9.1).

    16.9.1 = 100 x children under 5 whose birth was registered with a civil authority / children under 5

Figures are the publisher's, from the Global SDG Indicators Database (SG_REG_BRTH) or World Development Indicators
(SP.REG.BRTH.ZS, and .FE, .MA, .RU, .UR before .ZS for girls, boys, rural and urban children). Children under 5 are the
whole of this indicator, so `age` is _T for them. Some countries ask of children of other ages: `age` says which, and
unlike ages must not be compared.

Limits: children are counted where they live, whatever their nationality; no country gives it by migratory status,
so it does not say whether children of migrants are registered, nor whether adults have papers. Sources are surveys
and civil registers; no error is known: none is published with the figure.

Without a file there is no number: fetch SP.REG.BRTH.ZS ('sojourn fetch wdi'), or download SG_REG_BRTH from the
database of the United Nations. Target value and year (all, by 2030) are target 16.9's own; the reading "100 per
cent" is from memory, unverified.

Source: SDG metadata 16.9.1 (UNICEF).
"""

from __future__ import annotations

import polars as pl

from sojourn.indicators.model import Dimension, Indicator, Parameters, Series, Tables
from sojourn.indicators.published import AS_PUBLISHED, published

CODE, SERIES = "16.9.1", "SG_REG_BRTH"
UNDER_5 = "Y0T4"
_NOTE = "no error is known: none is published with the figure"

_CODES = {
    # code of the World Bank: sex, breakdown
    "SP.REG.BRTH.ZS": ("_T", ""),
    "SP.REG.BRTH.FE.ZS": ("F", ""),
    "SP.REG.BRTH.MA.ZS": ("M", ""),
    "SP.REG.BRTH.RU.ZS": ("_T", "URBANISATION=R"),
    "SP.REG.BRTH.UR.ZS": ("_T", "URBANISATION=U"),
}


def compute(tables: Tables, _: Parameters) -> list[pl.DataFrame]:
    """Give the published shares of children whose birth was registered."""
    of_database = published(tables, CODE, [SERIES])
    if of_database.height:
        of_database = of_database.with_columns(
            pl.col("age").replace(UNDER_5, "_T"), pl.lit(_NOTE).alias("note")
        )
    return [frame for frame in (of_database, _of_bank(tables)) if frame.height]


def _of_bank(tables: Tables) -> pl.DataFrame:
    values = tables.get("development_indicators")
    if values is None:
        return pl.DataFrame()
    sex = {code: place[0] for code, place in _CODES.items()}
    breakdown = {code: place[1] for code, place in _CODES.items()}
    return values.filter(pl.col("code").is_in(list(_CODES))).select(
        pl.lit(CODE).alias("indicator"),
        pl.lit(SERIES).alias("series"),
        "area",
        "period",
        pl.col("code").replace_strict(sex, return_dtype=pl.String).alias("sex"),
        pl.col("code").replace_strict(breakdown, return_dtype=pl.String).alias("breakdown"),
        "value",
        pl.lit("PT").alias("unit"),
        "source",
        pl.lit(AS_PUBLISHED).alias("method"),
        pl.lit(_NOTE).alias("note"),
    )


INDICATOR = Indicator(
    code=CODE,
    name="Children under 5 whose birth was registered",
    series=(
        Series(
            code=SERIES,
            name="Legal identity: children whose birth was registered",
            definition="Children under 5 whose birth was registered with a civil authority, in per cent.",
            unit="PT",
            area_role="its residents",
            better="higher",
            target=100.0,
            target_year=2030,
            dimensions=(
                Dimension(
                    "URBANISATION",
                    "place of living",
                    {"R": "rural areas", "U": "urban areas"},
                    "rural and urban areas",
                ),
                Dimension(
                    "MIGRATORY_STATUS",
                    "migratory status",
                    {
                        "MS_MIGRANT": "migrants",
                        "MS_NOMIGRANT": "non-migrants",
                        "MS_EUMIGRANT": "migrants from the European Union",
                        "MS_NONEUMIGRANT": "migrants from elsewhere",
                    },
                    "everybody",
                ),
            ),
            words=("legal identity", "birth registration"),
            limits="Counts young children where they live; not known by migratory status, and says nothing of adults.",
            supply=(
                "wdi: SP.REG.BRTH.ZS (sojourn fetch wdi)",
                "unsdg: SG_REG_BRTH (download from the database)",
            ),
        ),
    ),
    needs=(("development_indicators", "published_values"),),
    compute=compute,
    explanation=__doc__,
)
