"""Human mobility: the fifth indicator proposed in 2015.

The proposal named a "human mobility index" without a formula, and none was found published. Shown here are
parts that can be measured: how open the world is to visitors, and net migration.

    openness = 1 x visa-free + 0.7 x on arrival + 0.5 x e-visa + 0 x visa required

over shares of the world's population. The weights follow the idea of UN Tourism's visa openness score and
are from memory; another choice gives another number. Visas concern short stays, not work or residence, and
net migration says nothing about how many moved. Neither carries an error.

Sources: UN Tourism, Tourism Visa Openness Report 2023; CIA, The World Factbook (net migration rate).
"""

from __future__ import annotations

from typing import ClassVar

import polars as pl
from pydantic import Field

from sojourn.indicators.model import Dimension, Indicator, Parameters, Series, Tables
from sojourn.indicators.published import published, published_indicators
from sojourn.sums import ordered_sum

CODE = "SJ.human_mobility"


class MobilityParameters(Parameters):
    """Weights of the ways to enter a country; the defaults are not confirmed."""

    section: ClassVar[str] = "mobility"

    visa_free: float = Field(1.0, ge=0, le=1, description="Weight of entry without a visa")
    on_arrival: float = Field(0.7, ge=0, le=1, description="Weight of a visa on arrival")
    e_visa: float = Field(0.5, ge=0, le=1, description="Weight of an electronic visa")
    visa_required: float = Field(0.0, ge=0, le=1, description="Weight of a traditional visa")


def compute(tables: Tables, weights: MobilityParameters) -> list[pl.DataFrame]:
    """Give the published shares and rates, and compute the openness of the world from the shares."""
    frames = [
        published(tables, CODE, ["SJ_ENTRY"]),
        published_indicators(tables, CODE, {"NET_MIGRATION_RATE": ("SJ_NET_MIGRATION", "")}, "PER_1000_POP"),
    ]
    shares = frames[0]
    if shares.height:
        by_code = {f"ENTRY={name.upper()}": weight for name, weight in weights.model_dump().items()}
        known = shares.filter(pl.col("breakdown").is_in(list(by_code)))
        weight = pl.col("breakdown").replace_strict(by_code, default=None, return_dtype=pl.Float64)
        stated = "; ".join(f"{name} {weight_:g}" for name, weight_ in weights.model_dump().items())
        openness = (
            known.with_columns(pl.col("value") * weight / 100)
            .group_by("area", "period", "source", maintain_order=True)
            .agg(ordered_sum("value"), pl.col("breakdown").n_unique().alias("kinds"))
            # Without all kinds of permission the shares do not add up to everybody.
            .filter(pl.col("kinds") == len(by_code))
            .drop("kinds")
        )
        frames.append(
            openness.with_columns(
                pl.lit(CODE).alias("indicator"),
                pl.lit("SJ_ENTRY_OPENNESS").alias("series"),
                pl.lit("IX").alias("unit"),
                pl.lit(f"entry_openness/1 [{stated}]").alias("method"),
                pl.lit("weights are not confirmed; no error is known").alias("note"),
            )
        )
    return [frame for frame in frames if frame.height]


INDICATOR = Indicator(
    code=CODE,
    name="Human mobility",
    series=(
        Series(
            code="SJ_ENTRY_OPENNESS",
            name="Openness of entry for visitors",
            definition="Weighted share of the world's population who may enter, 0 closed to 1 open.",
            unit="IX",
            area_role="admits",
            supplier="UN Tourism, Tourism Visa Openness Report",
            supply=(
                "UN Tourism, shares by country: no file of it is read yet; the inward part of SJ_MOBILITY is close",
            ),
            better="higher",
            words=("human mobility", "mobility index", "visa openness"),
            limits="Visas concern short stays; the weights are a choice.",
        ),
        Series(
            code="SJ_ENTRY",
            name="How the world's population may enter a country",
            definition="Share of the world's population by the kind of permission a visitor needs, in per cent.",
            unit="PT",
            area_role="admits",
            supplier="UN Tourism, Tourism Visa Openness Report",
            supply=(
                "UN Tourism, shares by country: no file of it is read yet; the inward part of SJ_MOBILITY is close",
            ),
            dimensions=(
                Dimension(
                    "ENTRY",
                    "permission",
                    {
                        "VISA_FREE": "no visa",
                        "ON_ARRIVAL": "visa on arrival",
                        "E_VISA": "electronic visa",
                        "VISA_REQUIRED": "traditional visa",
                    },
                    "not used",
                ),
            ),
            words=("visa", "entry permission"),
        ),
        Series(
            code="SJ_NET_MIGRATION",
            name="Net migration rate",
            definition="Immigrants minus emigrants in the year, per 1,000 population.",
            unit="PER_1000_POP",
            area_role="gains or loses",
            words=("net migration",),
            supply=("factbook: net migration rate, from a package (sojourn build --packaged)",),
        ),
    ),
    needs=(("published_values", "development_indicators"),),
    compute=compute,
    parameters=MobilityParameters,
    explanation=__doc__,
    proposal=5,
)
