"""Volume of remittances as a proportion of total GDP (SDG 17.3.2), and remittances beside ODA and FDI.

    17.3.2 = 100 x personal remittances received / GDP

in current US dollars of the same year; for the world and regions, summed over the countries that have both
(n says how many). Personal remittances are personal transfers plus compensation of
employees (balance of payments, BPM6). Computed values divide the newest vintage of one by the newest of the
other; published values of every vintage stand beside them, and differ as far as the publisher has revised.

Remittances, official development assistance and foreign direct investment stand side by side where the files
hold them; a ratio is given for the years in which a country has both. They are different things (private
transfers, donor-reported aid, investment), and their ratio says nothing about what one could replace.

Limits: compensation of border workers is included, informal transfers are not; inflows and outflows of the
world never balance. No error is published with any of the three.

Sources: SDG metadata 17.3.2; World Bank, World Development Indicators (BX.TRF.PWKR.CD.DT, BM.TRF.PWKR.CD.DT,
NY.GDP.MKTP.CD, DT.ODA.ALLD.CD, BX.KLT.DINV.CD.WD).
"""

from __future__ import annotations

import polars as pl

from sojourn import areas
from sojourn.indicators.model import Dimension, Indicator, Parameters, Series, Tables
from sojourn.indicators.published import published, published_indicators
from sojourn.indicators.vintages import newest
from sojourn.sums import ordered_sum

CODE = "17.3.2"
_MILLION = 1e6
_NO_ERROR = "no error is known: balance-of-payments figures carry none"

_FLOWS = {
    "BX.TRF.PWKR.CD.DT": "FLOW=REMITTANCES",
    "BM.TRF.PWKR.CD.DT": "FLOW=REMITTANCES_PAID",
    "DT.ODA.ALLD.CD": "FLOW=ODA",
    "BX.KLT.DINV.CD.WD": "FLOW=FDI",
}


def compute(tables: Tables, _: Parameters) -> list[pl.DataFrame]:
    """Compute remittances to GDP, to ODA and to FDI, and give the flows and the published ratios."""
    frames = [
        published(tables, CODE, ["BX_TRF_PWKR"]),
        published_indicators(tables, CODE, {"BX.TRF.PWKR.DT.GD.ZS": ("BX_TRF_PWKR", "")}, "PT"),
    ]
    values = tables.get("development_indicators")
    if values is not None:
        frames += [
            _ratio(values, "NY.GDP.MKTP.CD", "BX_TRF_PWKR", "remittances_to_gdp/1"),
            _ratio(values, "DT.ODA.ALLD.CD", "SJ_RMT_TO_ODA", "remittances_to_oda/1"),
            _ratio(values, "BX.KLT.DINV.CD.WD", "SJ_RMT_TO_FDI", "remittances_to_fdi/1"),
            _flows(values),
        ]
    return [frame for frame in frames if frame.height]


def _ratio(values: pl.DataFrame, denominator: str, series: str, method: str) -> pl.DataFrame:
    """Divide remittances received by another quantity, in per cent.

    For the world and for regions both are summed over the countries that have both, so that the ratio
    compares the same countries.
    """
    key = ["area", "period"]
    received = newest(values.filter(code="BX.TRF.PWKR.CD.DT"))
    other = newest(values.filter(code=denominator)).select(*key, "value", "source")
    pairs = received.join(other, on=key, how="inner", suffix="_other", maintain_order="left")
    pairs = pairs.join(areas.table().filter(kind="country"), on="area", how="semi", maintain_order="left")
    same = pl.col("source") == pl.col("source_other")
    both = pl.col("source") + "+" + pl.col("source_other")
    pairs = pairs.select(
        *key, "value", "value_other", pl.when(same).then(pl.col("source")).otherwise(both).alias("source")
    )
    members = pairs.join(_groups(), on="area", how="inner", maintain_order="left")
    sums = (
        members.group_by("group", "period", "source", maintain_order=True)
        .agg(ordered_sum("value"), ordered_sum("value_other"), pl.len().cast(pl.Int64).alias("n"))
        .rename({"group": "area"})
    )
    every = pl.concat(
        [pairs.with_columns(pl.lit(None, pl.Int64).alias("n")), sums.select(*pairs.columns, "n")]
    )
    # A ratio to zero aid, or to negative net investment, is no measure of anything.
    return every.filter(pl.col("value_other") > 0).select(
        pl.lit(CODE).alias("indicator"),
        pl.lit(series).alias("series"),
        "area",
        "period",
        (100 * pl.col("value") / pl.col("value_other")).alias("value"),
        "n",
        pl.lit("PT").alias("unit"),
        "source",
        pl.lit(method).alias("method"),
        pl.lit(_NO_ERROR).alias("note"),
    )


def _groups() -> pl.DataFrame:
    """The world and the regions whose totals are summed over countries that have both figures."""
    world = areas.memberships("m49").filter(group="001")
    return pl.concat([world, areas.memberships("sdg"), areas.memberships("worldbank_region")])


def _flows(values: pl.DataFrame) -> pl.DataFrame:
    return values.filter(pl.col("code").is_in(list(_FLOWS))).select(
        pl.lit(CODE).alias("indicator"),
        pl.lit("SJ_EXTERNAL_FINANCE").alias("series"),
        "area",
        "period",
        pl.col("code").replace_strict(_FLOWS, return_dtype=pl.String).alias("breakdown"),
        (pl.col("value") / _MILLION).alias("value"),
        pl.lit("CU_USD_M").alias("unit"),
        "source",
        pl.lit("as_published/1").alias("method"),
        pl.lit(_NO_ERROR).alias("note"),
    )


SERIES = (
    Series(
        code="BX_TRF_PWKR",
        name="Volume of remittances as a proportion of total GDP",
        definition="Personal remittances received, in per cent of GDP.",
        unit="PT",
        area_role="receives",
        tolerance=0.01,
        words=("remittances to gdp", "remittances share of gdp", "remittances received"),
    ),
    Series(
        code="SJ_EXTERNAL_FINANCE",
        name="Remittances, aid and direct investment side by side",
        definition="Flows in millions of current US dollars, as published.",
        unit="CU_USD_M",
        area_role="receives (pays, where FLOW=REMITTANCES_PAID)",
        dimensions=(
            Dimension(
                "FLOW",
                "flow",
                {
                    "REMITTANCES": "personal remittances received",
                    "REMITTANCES_PAID": "personal remittances paid",
                    "ODA": "official development assistance and aid received",
                    "FDI": "foreign direct investment, net inflows",
                },
                "not used",
            ),
        ),
        words=("remittances oda fdi", "external finance", "development finance"),
    ),
    Series(
        code="SJ_RMT_TO_ODA",
        name="Remittances received in per cent of official development assistance",
        definition="Personal remittances received over ODA and official aid received, in per cent.",
        unit="PT",
        area_role="receives",
        words=("remittances to aid",),
        supply=("wdi: DT.ODA.ALLD.CD (sojourn fetch wdi)",),
    ),
    Series(
        code="SJ_RMT_TO_FDI",
        name="Remittances received in per cent of foreign direct investment",
        definition="Personal remittances received over net inflows of foreign direct investment, in per cent.",
        unit="PT",
        area_role="receives",
        words=("remittances to investment",),
        supply=("wdi: BX.KLT.DINV.CD.WD (sojourn fetch wdi)",),
    ),
)

INDICATOR = Indicator(
    code=CODE,
    name="Volume of remittances as a proportion of total GDP",
    series=SERIES,
    needs=(("development_indicators", "published_values"),),
    compute=compute,
    explanation=__doc__,
)
