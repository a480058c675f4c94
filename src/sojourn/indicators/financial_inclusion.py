"""Financial inclusion: adults with an account, and adults who receive domestic remittances into one.

    share = 100 x adults of the group who say yes / adults of the group

Adults are 15 and over, asked at home in a survey of about 1,000 people per country (2011, 2014, 2017, 2021,
2024). An account is one at a bank or a similar institution, or with a mobile-money provider. Figures are the
publisher's, from the country file of Global Findex, from its series in the World Bank's interface (account.t.d.1),
or from World Development Indicators (FX.OWN.TOTL.FE.ZS). Our one computation is the gap

    gap = share of men - share of women,  in percentage points.

Groups: sex; age (15 to 24, 25 and over); place of living (rural, urban). No public table is by birthplace or
citizenship, so nothing here says whether migrants have accounts; remittances received are domestic ones, because
Findex asks of money sent within the country.

Limits: the publisher gives no standard error with the country figures, so none is known here. Where the variable
fin29 holds a zero, it may stand for a question that was not asked: such zeros are left out.

Without a file there is no number: fetch Global Findex ('sojourn fetch findex'), or download FX.OWN.TOTL.ZS,
FX.OWN.TOTL.FE.ZS, FX.OWN.TOTL.MA.ZS, FX.OWN.TOTL.YG.ZS and FX.OWN.TOTL.OL.ZS from the World Bank.

Sources: World Bank, Global Findex Database; World Development Indicators.
"""

from __future__ import annotations

import polars as pl

from sojourn.indicators.model import Dimension, Indicator, Parameters, Series, Tables
from sojourn.indicators.published import AS_PUBLISHED

CODE = "SJ.financial_inclusion"
_NOTE = "survey of about 1,000 adults; no error is known: none is published with the country figure"

_GROUPS = {
    # our group: sex, age, breakdown
    "all": ("_T", "_T", ""),
    "women": ("F", "_T", ""),
    "men": ("M", "_T", ""),
    "young": ("_T", "Y15T24", ""),
    "older": ("_T", "Y_GE25", ""),
    "rural": ("_T", "_T", "URBANISATION=R"),
    "urban": ("_T", "_T", "URBANISATION=U"),
}

_VARIABLES = {
    "account_t_d": "SJ_ACCOUNT",
    "fh2": "SJ_RMT_DOMESTIC_RECEIVED",
    "fin29": "SJ_RMT_INTO_ACCOUNT",
}

_SUFFIXES = {
    "": "all",
    ".1": "women",
    ".2": "men",
    ".3": "young",
    ".4": "older",
    ".9": "rural",
    ".10": "urban",
}
_WDI = {"": "all", ".FE": "women", ".MA": "men", ".YG": "young", ".OL": "older"}

_CODES = {
    name.upper() + suffix: (variable, group)
    for name, variable in (("account.t.d", "account_t_d"), ("fh2", "fh2"), ("fin29", "fin29"))
    for suffix, group in _SUFFIXES.items()
} | {f"FX.OWN.TOTL{part}.ZS": ("account_t_d", group) for part, group in _WDI.items()}
"""Codes of single series of the World Bank, in capitals -> variable and group."""


def compute(tables: Tables, _: Parameters) -> list[pl.DataFrame]:
    """Give the published shares, and the gap between men and women where both are there."""
    shares = pl.concat([_of_findex(tables), _of_series(tables)])
    # A printed zero of this variable may be a question that was not asked (Yemen 2022).
    shares = shares.filter((pl.col("variable") != "fin29") | (pl.col("value") > 0))
    return [frame for frame in (_published(shares), _gap(shares)) if frame.height]


_SHARES = pl.Schema(
    {
        "variable": pl.String,
        "group": pl.String,
        "area": pl.String,
        "period": pl.String,
        "value": pl.Float64,
        "source": pl.String,
    }
)


def _of_findex(tables: Tables) -> pl.DataFrame:
    table = tables.get("financial_inclusion")
    if table is None:
        return pl.DataFrame(schema=_SHARES)
    return table.rename({"code": "variable"}).select(_SHARES.names())


def _of_series(tables: Tables) -> pl.DataFrame:
    """Single series as the World Bank's page and interface give them."""
    values = tables.get("development_indicators")
    if values is None:
        return pl.DataFrame(schema=_SHARES)
    variable = {code: variable for code, (variable, _) in _CODES.items()}
    group = {code: group for code, (_, group) in _CODES.items()}
    code = pl.col("code").str.to_uppercase()
    return (
        values.filter(code.is_in(list(_CODES)))
        .with_columns(
            code.replace_strict(variable, return_dtype=pl.String).alias("variable"),
            code.replace_strict(group, return_dtype=pl.String).alias("group"),
            # The two publications of one account share are two sources, though one file may hold both.
            pl.when(code.str.starts_with("FX.")).then(0).otherwise(1).alias("order"),
        )
        .sort("order", maintain_order=True)
        .unique(["variable", "group", "area", "period", "source"], keep="first", maintain_order=True)
        .select(_SHARES.names())
    )


def _published(shares: pl.DataFrame) -> pl.DataFrame:
    places = {
        name: {group: place[i] for group, place in _GROUPS.items()}
        for i, name in enumerate(("sex", "age", "breakdown"))
    }
    return shares.select(
        pl.lit(CODE).alias("indicator"),
        pl.col("variable").replace_strict(_VARIABLES, return_dtype=pl.String).alias("series"),
        "area",
        "period",
        *(
            pl.col("group").replace_strict(codes, return_dtype=pl.String).alias(name)
            for name, codes in places.items()
        ),
        "value",
        pl.lit("PT").alias("unit"),
        "source",
        pl.lit(AS_PUBLISHED).alias("method"),
        pl.lit(_NOTE).alias("note"),
    )


def _gap(shares: pl.DataFrame) -> pl.DataFrame:
    key = ["area", "period", "source"]
    accounts = shares.filter(variable="account_t_d")
    men, women = (accounts.filter(group=group).select(*key, "value") for group in ("men", "women"))
    return (
        men.join(women, on=key, suffix="_women")
        .sort(key)
        .select(
            pl.lit(CODE).alias("indicator"),
            pl.lit("SJ_ACCOUNT_GAP").alias("series"),
            "area",
            "period",
            (pl.col("value") - pl.col("value_women")).alias("value"),
            pl.lit("PP").alias("unit"),
            "source",
            pl.lit("men_less_women/1").alias("method"),
            pl.lit(_NOTE).alias("note"),
        )
    )


_FINDEX = "findex: the country file (sojourn fetch findex)"
_SUPPLY = (_FINDEX, "wdi: FX.OWN.TOTL.ZS and its .FE, .MA, .YG, .OL (sojourn fetch wdi)")

_PLACE = Dimension(
    "URBANISATION", "place of living", {"R": "rural areas", "U": "urban areas"}, "rural and urban areas"
)

INDICATOR = Indicator(
    code=CODE,
    name="Financial inclusion",
    series=(
        Series(
            code="SJ_ACCOUNT",
            name="Adults with an account",
            definition="Adults (15 and over) with an account at a financial institution or a mobile-money provider, "
            "in per cent of the adults of the group.",
            unit="PT",
            area_role="its residents",
            better="higher",
            dimensions=(_PLACE,),
            words=("account ownership", "financial inclusion", "findex"),
            limits="Not by birthplace or citizenship.",
            supply=_SUPPLY,
        ),
        Series(
            code="SJ_ACCOUNT_GAP",
            name="Account ownership: men less women",
            definition="Share of men with an account less the share of women, in percentage points.",
            unit="PP",
            area_role="its residents",
            words=("gender gap in account ownership",),
            supply=_SUPPLY,
        ),
        Series(
            code="SJ_RMT_DOMESTIC_RECEIVED",
            name="Adults who received domestic remittances",
            definition="Adults who in the past year received money from someone elsewhere in the country, in per "
            "cent of the adults of the group.",
            unit="PT",
            area_role="its residents",
            dimensions=(_PLACE,),
            words=("domestic remittances received",),
            limits="Money from abroad is not asked about.",
            supply=(_FINDEX,),
        ),
        Series(
            code="SJ_RMT_INTO_ACCOUNT",
            name="Adults who received domestic remittances into an account",
            definition="Adults who in the past year received domestic remittances directly into an account, in per "
            "cent of the adults of the group.",
            unit="PT",
            area_role="its residents",
            dimensions=(_PLACE,),
            words=("remittances into an account",),
            limits="A printed zero is left out: it may be a question that was not asked.",
            supply=(_FINDEX,),
        ),
    ),
    needs=(("financial_inclusion", "development_indicators"),),
    uses=("financial_inclusion",),
    compute=compute,
    explanation=__doc__,
)
